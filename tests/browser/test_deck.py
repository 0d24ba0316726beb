"""A deck as its process makes it, with the pictures of a real Chromium."""

from __future__ import annotations

from base64 import b64decode
from io import BytesIO

from PIL import Image
from pptx import Presentation

from models.core.child import Child
from tests.pages.lectures.test_deck import OWN, order


def test_the_process_tells_its_slides_and_hands_out_a_deck_with_pictures() -> None:
    process = Child("pages.deck.run", seconds=600, given=order(OWN).written())
    *steps, last = list(process.answers())
    assert [one["slide"] for one in steps] == [2, 3, 4, 5]
    deck = Presentation(BytesIO(b64decode(last["file"])))
    pictures = [s for one in deck.slides for s in one.shapes if s.shape_type == 13]
    assert len(pictures) == 2
    for shape in pictures:
        assert shape.image.size[0] == 1920
        with Image.open(BytesIO(shape.image.blob)) as drawn:
            assert len(drawn.convert("RGB").getcolors(1 << 22) or ()) > 20
