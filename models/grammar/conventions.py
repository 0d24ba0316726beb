"""What decides, wherever Turkish leaves open what English must say; for the model's card."""

from __future__ import annotations

from typing import NamedTuple


class Convention(NamedTuple):
    """One question that translation must answer, the rule, and an example of it."""

    question: str
    rule: str
    turkish: str
    english: str


CONVENTIONS: tuple[Convention, ...] = (
    Convention(
        "article of a subject",
        "a subject, a possessor and a noun after a case ending are 'the'",
        "Kedi bahçede uyudu.",
        "The cat slept in the garden.",
    ),
    Convention(
        "article of an object",
        "an accusative object is 'the', an object without an ending is 'a'",
        "Kadın elma yedi.",
        "The woman ate an apple.",
    ),
    Convention("bir", "bir is 'a', never 'one'", "Kadın bir kedi gördü.", "The woman saw a cat."),
    Convention(
        "mass nouns",
        "water, bread and the like have no article where they have no ending",
        "Kadın su içti.",
        "The woman drank water.",
    ),
    Convention(
        "numbers",
        "a number makes the English noun plural; with the accusative it is 'the two'",
        "Kadın iki elmayı yedi.",
        "The woman ate the two apples.",
    ),
    Convention(
        "o",
        "o, onu and a dropped third person are she and her where a person fits the verb, else it",
        "O kitabı okudu.",
        "She read the book.",
    ),
    Convention(
        "onun", "onun with a possessed noun is 'her'", "Onun kedisi uyudu.", "Her cat slept."
    ),
    Convention(
        "possession without a possessor",
        "the owner is the subject: his after a man, its after an animal, else her",
        "Adam kitabını okudu.",
        "The man read his book.",
    ),
    Convention(
        "genitive",
        "a person's is 's, a thing's is 'of the'",
        "Evin kapısı eski.",
        "The door of the house is old.",
    ),
    Convention(
        "sen and siz",
        "both are you; a dropped one shows in the verb",
        "Kitabı okudunuz.",
        "You read the book.",
    ),
    Convention(
        "plural verbs",
        "a noun subject leaves the Turkish verb singular; they, said or dropped, is -lAr",
        "Onlar geldiler.",
        "They came.",
    ),
    Convention(
        "present",
        "-Iyor is the progressive; verbs of wanting, loving, seeing, fearing, remembering: simple",
        "Çocuk elma istiyor.",
        "The child wants an apple.",
    ),
    Convention(
        "relative clauses",
        "participles are past; who for a person as the clause's subject, else that",
        "Balığı yiyen kedi uyuyor.",
        "The cat that ate the fish is sleeping.",
    ),
    Convention(
        "order",
        "English puts manner, place and time behind the object, in that order",
        "Dün çocuk parkta topu hızla buldu.",
        "The child found the ball quickly in the park yesterday.",
    ),
    Convention(
        "asking",
        "mI turns subject and auxiliary around; kimi is who, never whom",
        "Çocuk kimi gördü?",
        "Who did the child see?",
    ),
    Convention("şu", "bu is this, şu is that", "Şu kedi uyudu.", "That cat slept."),
)
