"""What stands around every page: title with the language switch, notices, provenance, prose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from string import Formatter
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from models.core.arrays import ROUNDING, Difference
from pages.ui import (
    controls,
    journey,
    lines,
    links,
    presenter,
    state,
    stepping,
    symbols,
    tries,
    window,
)
from pages.ui.export import drawn
from pages.ui.own import fetching, recent
from pages.ui.parameters import written
from pages.ui.suffixes import suffix
from pages.ui.text import counted, language, notation, t
from pages.ui.topic import Topic
from viz.board.markup import Safe, escaped, joined, read, template
from viz.board.notation import shortened, visible
from viz.board.sentence import tinted as tinted
from viz.board.sentence import token as token
from viz.board.theme import Theme, theme

_CSS = Path(__file__).with_name("frame.css")
_PAPER = Path(__file__).parent / "export" / "print.css"
_PAGES = Path(__file__).resolve().parents[1]
LONGEST_QUOTE = 90
_ICON = ":material/"
NEW_LINE = "  \n"  # in Markdown
THEME = "_theme"  # of a session without a browser: the name of the theme that it shows
LONGEST_TOLD = 160  # characters of a value that a notice repeats

Gap = Literal["xxsmall", "xsmall", "small", "large"] | None
Gaps = tuple[Gap, Gap]  # inside the picture's place, and inside its sums'
TIGHT: Gaps = ("xxsmall", None)  # where the sums are long
CLOSE: Gaps = ("xsmall", "xsmall")

_STYLE = template("<style>:root{{ '{' }}{{ colours }}}{{ sizes }}{{ css }}</style>")
_SECTION = template(
    "<h3 class='section'>{{ heading }}"
    "{% if badge %}<span class='what-if'>{{ badge }}</span>{% endif %}"
    "{% if note %}<span class='note'>{{ note }}</span>{% endif %}</h3>"
)
_NOW = template(
    "<p class='now'>{{ said }} <span class='then'>{{ then }}</span>"
    "{% if why %} <span class='why'>{{ why }}</span>{% endif %}</p>"
)
_ARROW = template("{% if before %}{{ before }} {% endif %}{{ query }} → {{ key }}")
_QUOTE = template("“<bdi>{{ words }}</bdi>”")
_PROVENANCE = template(
    "<p class='provenance'><span class='dot {{ origin }}'></span><b>{{ name }}</b>"
    "<span>{{ parts }}</span>{{ check }}</p>"
)


def style(page: str) -> None:
    """The little CSS that configuration cannot say, with the theme's colours; then a page's own."""
    names = ("q", "k", "v", "weight", "output", "plus", "minus", "ink", "muted", "grid", "soft")
    parts = ("gate_f", "gate_i", "gate_g", "gate_o", "state_c", "state_h", "net_rnn", "net_lstm")
    light, dark = (theme(name, clear=presenter.on()) for name in ("light", "dark"))
    # Both themes at once: the browser takes the right one the moment somebody switches.
    variables = ";".join(
        f"--{name}:light-dark({getattr(light, name)},{getattr(dark, name)})"
        for name in (*names, *parts, "page", "hatch", "good", "bad", "gold")
    )
    own = _PAGES / page / "page.css"
    sheets = [_CSS, _PAPER, own, *([presenter.CSS] if window.current().hall else [])]
    css = "".join(path.read_text(encoding="utf-8") for path in sheets if path.is_file())
    st.html(_STYLE(colours=Safe(variables), sizes=Safe(window.css()), css=Safe(css)))


def current_theme() -> Theme:
    """The theme that the visitor's browser shows now."""
    return theme(st.session_state.get(THEME) or st.context.theme.type, clear=presenter.on())


def onward(name: str) -> None:
    """The page's foot: the question of the next chapter, a link; behind the last one, home."""
    following = journey.following(name)
    words = t("frame.home")
    if following.chapter:
        words = t("frame.next", question=t(f"{following.slug}.title"))
    with st.container(key="onward"):
        way_to(following, plain(words), icon=following.icon)


def way_to(page: Topic, label: str, *, icon: str | None = None, **parameters: object) -> None:
    """A link to another page, in this language and by today's defaults; parameters: its state.

    label: Markdown.
    """
    given = {"lang": language(), "v": links.VERSION, **presenter.along(), **parameters}
    shown = {name: written(value) for name, value in given.items()}
    st.page_link(page.file, label=label, icon=icon, query_params=shown)


def notices() -> int:
    """What this run has to say about the visitor's input, each sentence once.

    In a wide window it stands beside the title and takes no room, but for an offer to download:
    the pixels that figures below are to be lower.
    """
    said = {told(key, **values): None for key, values in state.take_notices()}
    unlinked = ["frame.unlinked"] if state.too_long_for_a_link() else []
    unlinked += ["chooser.unlinked"] * recent.from_zip(str(state.get("model")))
    cut = state.take_offer()
    if said or unlinked or cut:
        with st.container(key="notices", horizontal=True, vertical_alignment="top", gap="small"):
            with st.container(gap=None):
                if said:
                    st.warning(NEW_LINE.join(said), icon=":material/info:")
                for name in unlinked:
                    st.info(t(name), icon=":material/link_off:")
            if cut:
                words, take = t("frame.cut_offer"), partial(state.put, "cut", True)
                st.button(words, key="cut-offer", on_click=take)
    return fetching.HEIGHT if fetching.panel() else 0


def now(said: str, then: str, why: str = "") -> None:
    """What is on screen in a sentence, what to do next, why just this: above the picture."""
    place = st.container(key="now")
    drawn.now(read(said))

    def say(arrows: stepping.Arrows) -> None:
        with place:
            symbols.show(_NOW(said=said, then=stepping.named(escaped(then), arrows), why=why))

    stepping.told(say)


def told(key: str, **values: object) -> str:
    """A sentence for a Markdown widget in which every value stands letter by letter."""
    parts = Formatter().parse(counted(key, values))
    return "".join(
        plain(words) + ("" if name is None else literal(values[name]) + suffix(values[name], case))
        for words, name, case, _ in parts
    )


def literal(value: object) -> str:
    """A visitor's words for a Markdown widget, as code: there no icon, link or formula is read.

    A whole number is written as its language does.
    """
    said = notation().grouped(value) if type(value) is int else str(value)
    words = shortened(visible(said), LONGEST_TOLD)
    # Streamlit looks for icons before it reads Markdown: their sign must not stand in one piece.
    return r"\/".join(map(_code, words.replace(_ICON, _ICON[:-1] + "\0").split("\0")))


def _code(words: str) -> str:
    fence = "`" * (1 + max(map(len, re.findall("`+", words)), default=0))
    # One space at either end belongs to the marks, where both have one.
    room = " " if words[:1] in " `" or words[-1:] in " `" else ""
    return f"{fence}{room}{words}{room}{fence}" if words else ""


def plain(text: str) -> str:
    """Words of ours for a Markdown widget: every command escaped."""
    return "".join("\\" + c if c in "\\`*_{}[]()<>#+-.!|~$:&" else c for c in text)


def picture_and_sums(
    widths: Sequence[int], *, gaps: Gaps = ("small", "xsmall")
) -> tuple[DeltaGenerator, DeltaGenerator]:
    """Where the picture stands, and its arithmetic beside it. widths: pixels."""
    left, right = st.columns(widths, gap="medium")
    picture = left.container(key="main-figure", gap=gaps[0])
    return picture, sums_place(right, gaps[1])


def sums_place(column: DeltaGenerator, gap: Gap = "small") -> DeltaGenerator:
    """Where a picture's sums stand, below the stepping in a narrow window."""
    place = column.container(key="steps", gap=gap)
    with place:
        stepping.sums_begin(place)
    return place


def side_by_side(
    widths: Sequence[int], keys: Sequence[str], *, space: Gap = "small", gap: Gap = "xsmall"
) -> list[DeltaGenerator]:
    """Places of these keys beside each other. space: between them; gap: inside each."""
    if window.current().hall:  # there each has the whole screen
        return [st.container(key=key, gap=gap) for key in keys]
    columns = st.columns(widths, gap=space)
    return [one.container(key=key, gap=gap) for one, key in zip(columns, keys, strict=True)]


def section(heading: str, note: str = "", *, badge: str = "") -> None:
    """A section's head with a quiet remark. heading: Safe where coloured tokens are in it."""
    symbols.show(_SECTION(heading=heading, note=note, badge=badge))


def arrow(query: Safe, key: Safe, before: str = "") -> Safe:
    """From one token to another; before: what stands before them."""
    return _ARROW(before=before, query=query, key=key)


def quote(text: str) -> Safe:
    """The visitor's text, shortened, in quotes, for one line of HTML."""
    return _QUOTE(words=shortened(text, LONGEST_QUOTE))


def provenance(
    origin: str, *parts: str, difference: Difference | None = None, against: str = "frame"
) -> None:
    """Where the figure's numbers come from. origin: live, example or whatif; "" is no part.

    against: whose words say what the difference is to, <against>.matches and <against>.differs.
    """
    check = ""
    if difference is not None:
        name = "matches" if difference.rounding else "differs"
        check = verdict(difference, t(f"{against}.{name}", difference=measured(difference)))
    said = read(joined([t(f"origin.{origin}"), *filter(None, parts)]))
    drawn.source(said, supposed=origin == "whatif")
    with st.container(key="provenance", gap="xxsmall"):
        source(origin, *parts, check=check)
        symbols.table()


def source(origin: str, *parts: str, check: str = "", dot: str = "") -> None:
    """The line itself, for a figure beside the page's main one. dot: the mark, where another's."""
    name, told = t(f"origin.{origin}"), joined(part for part in parts if part)
    symbols.show(_PROVENANCE(origin=dot or origin, name=name, parts=told, check=check))


def measured(difference: Difference) -> str:
    """The largest difference, and what share of the numbers' size it is: 2·10⁻⁶ (relative …)."""
    absolute, relative = map(notation().scientific, (difference.absolute, difference.relative))
    if difference.absolute == difference.relative:  # 0, or told as a share alone
        return relative
    return t("frame.measured", absolute=absolute, relative=relative)


def verdict(difference: Difference, sentence: str) -> Safe:
    """✓ or ✗ before a sentence that tells the difference."""
    rule = t("frame.relative", limit=notation().scientific(ROUNDING))
    return lines.sign(difference.rounding, sentence, rule)


def equal_to(label: str, value: str, difference: Difference) -> None:
    """A line under the sums: the model's own number, and how far ours is from it."""
    lines.equal(label, value, compared(difference))


def compared(difference: Difference) -> Safe:
    """`verdict` beside a sum: where nothing differs at all, it says so."""
    words = t("scores.identical")
    if difference.absolute:
        name = "same" if difference.rounding else "apart"
        words = t(f"frame.{name}", difference=measured(difference))
    return verdict(difference, words)


def learn(page_name: str) -> None:
    """The page's last two parts: things to predict and then reveal; what the picture leaves out."""
    with controls.folded(t("lecture.lesson")) if window.current().hall else nullcontext():
        _learn(page_name)


def _learn(page_name: str) -> None:
    left, right = st.columns(2, gap="large")
    with left, st.container(key="try"):
        st.subheader(t("frame.try"), anchor=False)
        tries.questions(page_name)
    with right, st.container(key="careful"):
        st.subheader(t("frame.careful"), anchor=False)
        tries.careful(page_name)
