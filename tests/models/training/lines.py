"""Lines that the sentence models are tried on."""

from __future__ import annotations

from itertools import islice

from models.grammar.agreement import Part
from models.training import mixture
from models.training.mixture import Language, Line


def draw(language: Language, part: Part, many: int) -> list[Line]:
    return list(islice(mixture.lines(11, language, part), many))
