"""Which pages there are: one row a page, and the only place to add one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """One page: its address, its file beside this one, the section of the menu it stands in.

    state, texts: pages of one name hold their settings, and what was typed, together; without
    a name a page has its own. defaults: parameter → what holds on this page when the address
    does not say (pages.ui.state.PARAMETERS has what holds on all others).
    """

    slug: str
    file: str
    section: str
    icon: str
    state: str = ""
    texts: str = ""
    defaults: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


PAGES = (
    Row("home", "home/page.py", "start", ":material/home:"),
    Row(
        "lstm",
        "lstm/page.py",
        "recurrent",
        ":material/memory:",
        defaults=MappingProxyType(
            {
                "model": "lstm",
                "text": "The cats that the man near the dog saw are tired.",
                "layer": 0,
                "step": 8,
                "unit": 1,  # it follows the default property most closely: a test holds it
            }
        ),
    ),
    Row(
        "memory",
        "memory/page.py",
        "recurrent",
        ":material/history:",
        defaults=MappingProxyType(
            {
                "model": "memory-rnn",
                "text": "GFADBHDBEFFGGGHDECCAG?",
                "view": "gradients",
                "step": 21,
            }
        ),
    ),
    Row(
        "seq2seq",
        "seq2seq/page.py",
        "recurrent",
        ":material/translate:",
        defaults=MappingProxyType(
            {
                "model": "seq2seq",
                "text": "Oğlunuzun sevdiği büyük köye gittiniz.",
                "step": 8,
            }
        ),
    ),
    Row("heads", "heads/page.py", "attention", ":material/grid_on:", "heads", "heads"),
    Row("scores", "scores/page.py", "attention", ":material/calculate:", "heads", "heads"),
    Row(
        "positions",
        "positions/page.py",
        "attention",
        ":material/format_list_numbered:",
        defaults=MappingProxyType(
            {
                "text": "I am a Robot",
                "view": "table",
                "step": 6,  # the word "am", dimension 2
                "length": 64,
                "layer": 0,
                "head": 0,
            }
        ),
    ),
    Row(
        "translator",
        "translator/page.py",
        "transformers",
        ":material/account_tree:",
        defaults=MappingProxyType(
            {
                "model": "translator",
                "text": "Oğlunuzun sevdiği büyük köye gittiniz.",
                "layer": 1,  # this layer's head aligns best: a test holds it
                "head": 0,
                "step": 4,
                "dim": 0,
            }
        ),
    ),
    Row(
        "bert",
        "bert/page.py",
        "transformers",
        ":material/question_mark:",
        defaults=MappingProxyType(
            {
                "model": "bert-mini",
                "text": "There was a big lion in the garden.",
                "pair": "The big lion ran quickly.",
                "view": "input",
                "among": "forth",
                "step": 5,
                "layer": 0,
                "head": 0,
            }
        ),
    ),
    Row(
        "gpt",
        "gpt/page.py",
        "transformers",
        ":material/edit_note:",
        defaults=MappingProxyType(
            {
                "model": "gpt-mini",
                "text": "The old",
                "view": "write",
                "step": 3,
                "layer": 0,
                "head": 0,
                "length": 12,
            }
        ),
    ),
    Row(
        "vision",
        "vision/page.py",
        "transformers",
        ":material/image:",
        defaults=MappingProxyType(
            {
                "model": "vit-digits",
                "view": "attention",
                "layer": 2,
                "head": 0,
                "query": 0,
                "key": 6,
                "step": 4,
            }
        ),
    ),
)


def row(slug: str) -> Row:
    """The page of that address. KeyError: none such."""
    return next(page for page in PAGES if page.slug == slug)
