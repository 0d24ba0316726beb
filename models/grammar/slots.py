"""One noun phrase: its noun in Turkish and in English, and how a rule is made around it."""

from __future__ import annotations

from dataclasses import dataclass

from models.grammar.building import joined
from models.grammar.english import genitive
from models.grammar.lexicon import Kinds, Noun
from models.grammar.morphology import Case, Person, noun
from models.grammar.scfg import Item, Link, Ref, Rule, Word

# How often each shape of a noun phrase is chosen; shapes that a noun cannot have fall out.
WEIGHTS: dict[str, float] = {
    "plain": 0.36,
    "adjective": 0.16,
    "demonstrative": 0.06,
    "every": 0.03,
    "many": 0.04,
    "indefinite": 0.06,
    "indefinite adjective": 0.06,
    "numeral": 0.09,
    "numeral adjective": 0.04,
    "my": 0.10,
    "possessor": 0.10,
    "subject clause": 0.14,
    "object clause": 0.09,
}
OWNED: Kinds = frozenset(
    {"kin", "pet", "thing", "clothes", "text", "dishes", "food", "drink", "home", "opening"}
)
# What may be "the X of the Y", and of which kinds its Y is.
PART_OF: dict[str, Kinds] = {
    "kapı": frozenset({"building", "boarded"}),
    "pencere": frozenset({"building", "boarded"}),
    "çiçek": frozenset({"outdoor"}),
    "ağaç": frozenset({"outdoor"}),
    "sokak": frozenset({"settlement"}),
    "okul": frozenset({"settlement"}),
    "hastane": frozenset({"settlement"}),
    "park": frozenset({"settlement"}),
}


@dataclass(frozen=True, slots=True)
class Slot:
    """What a phrase is wanted for: the symbol's other parts."""

    noun: Noun
    number: str
    case: str
    preposition: str
    depth: int

    @property
    def plural(self) -> bool:
        """Whether English says more than one."""
        return self.number == "plural"

    @property
    def ending(self) -> Case:
        """The morphological case."""
        cases: dict[str, Case] = {"bare": "nom", "indefinite": "nom"}
        return cases.get(self.case) or self.case  # type: ignore[return-value]

    def english(self) -> Word:
        """The English noun, with 's where it is a possessor."""
        text = self.noun.plural if self.plural else self.noun.english
        tag = "name" if self.noun.name else "noun"
        return Word(genitive(text) if self.preposition == "'s" else text, tag)

    def turkish(self, *, plural: bool | None = None, possessor: Person | None = None) -> Word:
        """The Turkish noun in its case."""
        many = self.plural if plural is None else plural
        form = noun(self.noun.stem, plural=many, possessor=possessor, case=self.ending)
        return Word(joined(form), "name" if self.noun.name else "noun")


Pairing = tuple[tuple[Item, ...], tuple[Item, ...]]


def phrase(
    slot: Slot,
    shape: str,
    weight: float,
    turkish: Word,
    before: tuple[Item, ...] = (),
    english_before: tuple[Item, ...] = (),
    *,
    after: tuple[Item, ...] = (),
    links: tuple[Link, ...] = (),
    the: bool = False,
    adjective: Ref | None = None,
) -> Rule:
    """before + Turkish noun; preposition + the + English words + noun + after."""
    english = slot.english()
    front: tuple[Word, ...] = ()
    if slot.preposition not in ("", "'s"):
        front = (Word(slot.preposition),)
    article = (Word("the"),) if the else ()
    return Rule(
        weight,
        (*before, turkish),
        (*front, *article, *english_before, english, *after),
        (
            Link(english, turkish),
            *(Link(word, turkish) for word in front),
            *(Link(word, turkish, False) for word in article),
            *links,
        ),
        (turkish, english),
        slot.noun.lemma,
        ((adjective, slot.noun.lemma),) if adjective else (),
        (("shape", shape),) if "clause" in shape or shape == "possessor" else (),
    )
