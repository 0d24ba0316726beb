"""A third language: a folder of `text/` is all that it takes, and every word comes from there."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from pages.registry import TOPICS
from pages.ui import text
from tests import pseudo
from tests.adding import run_in
from tests.pages.test_text import ENGLISH, placeholders

QUICK = ("home", "heads", "scores", "bert?view=next&text=Dogs", "lstm?view=shapes")
EVERY = tuple(
    f"{topic.slug}?view={view}" if view else topic.slug
    for topic in TOPICS
    for view in topic.views or ("",)
    if topic.slug != "glossary"  # its second column is English
)
# What may be English there: data (tokens, quoted and slanted words), code, and scripts.
DATA = re.compile(
    r"<(style|script|bdi|code)\b.*?</\1>|“[^”]*”|\u2068[^\u2069]*\u2069|`[^`]*`|"
    r"(?<!\*)\*[^*\s][^*]*\*(?!\*)",
    re.DOTALL,
)
# What models read and wrote where it stands unmarked: sentences, a token in a sum, a tensor's name.
MODELS = re.compile(
    r"A: There was a big lion in the garden\.|Ayşe [a-z ]*\.|\{The\}|\w+(?:\.\w+)+|\[[A-Z]+\]"
)
MARKS = re.compile(r"<[^>]*>|%\{[^}]*\}|\\[a-zA-Z]+|:material/\w+:")
GAPS = re.compile(r"\{[^}]*\}|<[^>]*>")
TOLD = re.compile(r"""(?:title|aria-label|aria-description|alt)=(?:'([^']*)'|"([^"]*)")""")

OPENED = """
import json, re, sys
from urllib.parse import parse_qsl
from tests.pages import visiting
from tests.pages.visiting import charts, healthy, html, visit

found = {}
for address in sys.argv[1:]:
    page, _, more = address.partition("?")
    at = visit(page, lang="eo", v="2", **dict(parse_qsl(more)))
    healthy(at)
    said = [at.title[0].value, html(at)]
    said += [one.value for kind in ("markdown", "subheader", "caption", "warning", "latex")
             for one in at.get(kind)]
    widgets = [one for kind in ("button", "text_input", "number_input", "selectbox", "toggle",
               "button_group", "text_area", "slider", "select_slider") for one in at.get(kind)]
    said += [str(getattr(one.proto, name, "")) for one in widgets
             for name in ("label", "help")]
    for chart in charts(at).values():
        layout = chart["layout"]
        said += [one.get("text", "") for one in layout.get("annotations", [])]
        said += [one["title"].get("text", "") for name, one in layout.items()
                 if "axis" in name and "title" in one]
        said += [one.get("hovertemplate") or "" for one in chart["data"]]
        said += [one.get("name") or "" for one in chart["data"]]
    found[address] = said
print("FOUND", json.dumps(found))
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pseudo.tree(tmp_path_factory.mktemp("pseudo"))


def catalogue(tree: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in (tree / "text" / pseudo.CODE).glob("*.po"):
        with path.open("rb") as file:
            for one in read_po(file):
                if one.id:
                    key = one.id if isinstance(one.id, str) else one.id[0]
                    forms = [one.string] if isinstance(one.string, str) else one.string or ()
                    found[key] = forms[-1]
    return found


def english(said: str) -> list[str]:
    """Words of our own that have no accent."""
    bare = MODELS.sub(" ", DATA.sub(" ", said))
    told = " ".join(a or b for a, b in TOLD.findall(bare))
    return [str(one) for one in ENGLISH.findall(unescape(MARKS.sub(" ", f"{bare} {told}")))]


def test_a_pseudo_sentence_is_accented_longer_and_marked() -> None:
    said = pseudo.sentence("Layer {n} of <b>q</b> &amp; `code`, “cat” and [CLS]")
    kept = ("{n}", "<b>q</b>", "&amp;", "`code`", "“cat”", "[CLS]")
    assert all(one in said for one in kept)
    assert said.startswith("«Ĺáýéř {n} óƒ")
    assert said.endswith("»")
    assert pseudo.sentence("{n} %") == "{n} %"
    assert not english(said)
    assert english("Layer 3") == ["Layer"]
    line = "# «Šéĺƒ-áťťéñťíóñ ĺóř» (15 min)"
    assert pseudo.prose("# Self-attention (15 min)\n/scores?v=2") == f"{line}\n/scores?v=2"


def test_its_catalogue_says_everything_two_fifths_longer(tree: Path) -> None:
    own, theirs = catalogue(tree), text.catalogue(pseudo.SOURCE)
    assert own.keys() == theirs.keys()
    assert all(placeholders(own[key]) == placeholders(theirs[key]) for key in own)
    words = [key for key in own if own[key] != theirs[key] and not key.startswith("word.")]
    assert len(words) > 1000
    ends = [key for key in words if not own[key].startswith("«") or not own[key].endswith("»")]
    assert not ends
    lengths = [sum(len(GAPS.sub("", said[key])) for key in words) for said in (own, theirs)]
    assert lengths[0] > 1.38 * lengths[1]


def test_what_is_not_translated_is_listed(tmp_path: Path) -> None:
    folder = tmp_path / "text"
    folder.mkdir()
    for code in ("en", "tr"):
        (folder / code).symlink_to(text.FOLDER / code)
    (folder / "de").mkdir()
    german = '#, fuzzy\nmsgid ""\nmsgstr ""\n"Language: de\\n"\n\n'
    (folder / "de" / "frame.po").write_text(f'{german}msgid "frame.try"\nmsgstr "Versuche"\n')
    listed = """
import sys
from pathlib import Path
from pages.ui import text
text.FOLDER = Path(sys.argv[1])
text.SPOKEN = tuple(text._folders())
text.LANGUAGES = tuple(filter(text._whole, text.SPOKEN))
from tools import untranslated
print(untranslated.main(), text.LANGUAGES)
"""
    told = run_in(text.FOLDER.parent, "-c", listed, str(folder))
    assert "Türkçe (tr): 0 sentences and 0 files" in told
    assert "Deutsch (de): " in told
    assert "\n  frame.careful\n" in told
    assert "\n  frame.try\n" not in told
    assert "\n  heads.md\n" in told
    assert told.endswith("0 ('en', 'tr')\n")


def opened(tree: Path, addresses: tuple[str, ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = json.loads(
        run_in(tree, "-c", OPENED, *addresses).split("FOUND ")[1]
    )
    return found


def check(found: dict[str, list[str]]) -> None:
    troubles = []
    for address, said in found.items():
        assert any("«" in one for one in said), address
        troubles += [f"{address}: {word} in {one}" for one in said for word in english(one)]
    assert not troubles, "\n".join(troubles)


def test_pages_speak_it_and_no_word_of_ours_is_english(tree: Path) -> None:
    check(opened(tree, QUICK))


@pytest.mark.tables
def test_every_view_speaks_it(tree: Path) -> None:
    check(opened(tree, EVERY))
