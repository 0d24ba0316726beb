"""A lecture's slides as a PPTX (ECMA-376) that a lecturer edits: text in boxes, pictures, notes.

Type and colours are the file's theme, so that what a lecturer adds looks the same: Arial, which
every machine with a program for slides has, or a twin of the same widths.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from pptx import Presentation
from pptx.dml.color import ColorFormat
from pptx.enum.dml import MSO_THEME_COLOR as COLOUR
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.util import Pt

from viz.board.box import Box
from viz.board.theme import Theme
from viz.export.slide_layout import HANG, HIGH, INSET, WIDE, Page, Part, Picture, Role
from viz.export.slide_text import GAP, Runs, clean, right_to_left

FONT, CODE = "Arial", "Courier New"
_LOCALES = {"en": "en-GB", "tr": "tr-TR"}
_TITLE_ONLY = 5  # of the layouts that python-pptx begins with
# The theme's slots → ours; slides name the slots.
_COLOURS = {
    **{"dk1": "ink", "lt1": "page", "dk2": "muted", "lt2": "grid"},
    **{"accent1": "q", "accent2": "k", "accent3": "v", "accent4": "weight", "accent5": "output"},
    **{"accent6": "good", "hlink": "minus", "folHlink": "muted"},
}
_INK: dict[Role, COLOUR] = {"quiet": COLOUR.TEXT_2, "wrong": COLOUR.TEXT_2}
_FRAME: dict[Role, tuple[COLOUR, float]] = {  # points
    "option": (COLOUR.TEXT_1, 1.0),
    "right": (COLOUR.ACCENT_6, 3.0),
    "wrong": (COLOUR.BACKGROUND_2, 1.0),
    "frame": (COLOUR.BACKGROUND_2, 1.0),
}
_FILL: dict[Role, COLOUR] = {"bar": COLOUR.BACKGROUND_2, "spent": COLOUR.TEXT_1}


def written(
    pages: Iterable[Page], *, title: str, language: str, theme: Theme, progress: str
) -> bytes:
    """The file's bytes. language: of its words, "tr"; progress: what the bar of each slide is."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Pt(WIDE), Pt(HIGH)
    _dressed(deck, theme)
    for page in pages:
        _slide(deck, page, _LOCALES.get(language, language), progress)
    about, now = deck.core_properties, datetime.now(UTC)
    about.title, about.author, about.language = clean(title)[:255], "Dikkat", language
    about.created, about.modified, about.last_modified_by = now, now, "Dikkat"
    held = BytesIO()
    deck.save(held)
    return held.getvalue()


def _dressed(deck: Any, theme: Theme) -> None:
    """One layout, 16:9, in our type and colours."""
    master, kept = deck.slide_master, deck.slide_layouts[_TITLE_ONLY]
    for layout in [one for one in deck.slide_layouts if one != kept]:
        deck.slide_layouts.remove(layout)
    for shape in (*master.placeholders, *kept.placeholders):
        if shape._element.xfrm is not None:  # made for 4:3
            shape.left, shape.width = (round(n * WIDE / 720) for n in (shape.left, shape.width))
    part = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    xml = part.blob.decode("utf-8")
    for slot, name in _COLOURS.items():
        colour = f'<a:srgbClr val="{getattr(theme, name)[1:]}"/>'
        xml = re.sub(f"(<a:{slot}>).*?(</a:{slot}>)", rf"\1{colour}\2", xml, flags=re.DOTALL)
    xml = re.sub(r'<a:latin typeface="[^"]*"', f'<a:latin typeface="{FONT}"', xml)
    part._blob = xml.encode("utf-8")


def _slide(deck: Any, page: Page, locale: str, progress: str) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[0])
    title, *others = page.parts
    shown = slide.shapes.title
    _put(shown, title.box)
    _worded(shown, title, locale)
    if page.picture is not None:
        _picture(slide, *page.picture)
    for part in others:
        if part.role in ("bar", "spent"):
            shape = _shape(slide, part, MSO_SHAPE.RECTANGLE)
            _described(shape, progress if part.role == "bar" else "")
        elif part.role in _FRAME:
            _worded(_shape(slide, part, MSO_SHAPE.ROUNDED_RECTANGLE), part, locale)
        else:
            _worded(slide.shapes.add_textbox(*_points(part.box)), part, locale)
    _notes(slide.notes_slide.notes_text_frame, page, locale)


def _shape(slide: Any, part: Part, kind: MSO_SHAPE) -> Any:
    """A rectangle with a frame, or filled."""
    shape = slide.shapes.add_shape(kind, *_points(part.box))
    if kind == MSO_SHAPE.ROUNDED_RECTANGLE:
        shape.adjustments[0] = min(0.5, 6 / max(min(part.box.width, part.box.height), 1))
    if part.role in _FILL:
        shape.fill.solid()
        shape.fill.fore_color.theme_color = _FILL[part.role]
        shape.line.fill.background()
    else:
        colour, wide = _FRAME[part.role]
        shape.fill.background()
        shape.line.color.theme_color, shape.line.width = colour, Pt(wide)
    shape.shadow.inherit = False
    for effect in shape._element.iter(qn("a:effectRef")):  # LibreOffice heeds nothing else
        effect.set("idx", "0")
    return shape


def _picture(slide: Any, picture: Picture, box: Box) -> None:
    shape = slide.shapes.add_picture(BytesIO(picture.png), *_points(box))
    _described(shape, picture.alt)


def _described(shape: Any, words: str) -> None:
    """What a screen reader says of it."""
    shape._element._nvXxPr.cNvPr.set("descr", clean(words))


def _worded(shape: Any, part: Part, locale: str) -> None:
    """Words in a shape: what they take was reckoned without the shape's usual margins."""
    frame = shape.text_frame
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.TEXT_TO_FIT_SHAPE
    inside = INSET if part.hang else 0
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Pt(inside)
    low = part.role in ("option", "right", "wrong", "frame")
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE if low else MSO_ANCHOR.TOP
    for number, runs in enumerate(part.words):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.line_spacing, paragraph.space_before = 1.0, Pt(0)
        if number:
            paragraph.space_before = Pt(part.size * GAP)
        _directed(paragraph, runs, part.hang)
        if part.hang and number == 0:
            _run(paragraph, f"{part.hang}\t", "bold", part, locale)
        for text, look in runs:
            _run(paragraph, text, look, part, locale)


def _directed(paragraph: Any, runs: Runs, hang: str) -> None:
    """Which way it is written, and how far its lines stand in behind its first letter."""
    leftwards = right_to_left(runs)
    properties = paragraph._p.get_or_add_pPr()
    properties.set("rtl", "1" if leftwards else "0")
    paragraph.alignment = PP_ALIGN.RIGHT if leftwards else PP_ALIGN.LEFT
    if hang:
        side = "marR" if leftwards else "marL"
        properties.set(side, str(Pt(HANG)))
        properties.set("indent", str(-Pt(HANG)))


def _run(paragraph: Any, text: str, look: str, part: Part, locale: str) -> None:
    run = paragraph.add_run()
    run.text = text
    run.font.size = Pt(part.size)
    run.font.bold = look == "bold" or part.role == "title"
    run.font.italic = look == "slanted"
    if look == "code":
        run.font.name = CODE
    colour: ColorFormat = run.font.color
    colour.theme_color = _INK.get(part.role, COLOUR.TEXT_1)
    run._r.get_or_add_rPr().set("lang", locale)


def _notes(frame: Any, page: Page, locale: str) -> None:
    """What to say, a paragraph each; the state's link leads there."""
    lines = [clean(line) for line in page.notes]
    for number, line in enumerate([*lines, page.link] if page.link else lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = line
        run._r.get_or_add_rPr().set("lang", locale)
        if page.link and number == len(lines):
            run.hyperlink.address = page.link


def _points(box: Box) -> Sequence[int]:
    return [Pt(n) for n in (box.x, box.y, box.width, box.height)]


def _put(shape: Any, box: Box) -> None:
    shape.left, shape.top, shape.width, shape.height = _points(box)
