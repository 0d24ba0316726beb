"""What stands around every page: title with the language switch, notices, provenance, prose."""

from __future__ import annotations

import logging
from collections.abc import Callable
from html import escape
from pathlib import Path

import streamlit as st

from models.core.arrays import ROUNDING, Difference
from pages.ui import state
from pages.ui.text import LANGUAGES, notation, prose, t, tries
from viz.board.notation import visible
from viz.board.theme import (
    DARK,
    LIGHT,
    Theme,
    theme,
)

log = logging.getLogger("dikkat")

_CSS = Path(__file__).with_name("frame.css")
_PAGES = Path(__file__).resolve().parents[1]
LONGEST_QUOTE = 90
NOTICE = 60  # pixels that a notice takes: a figure below it is drawn so much lower


def style(page: str) -> None:
    """The little CSS that configuration cannot say, with the theme's colours; then a page's own."""
    names = ("q", "k", "v", "weight", "output", "plus", "minus", "ink", "muted", "grid", "soft")
    parts = ("gate_f", "gate_i", "gate_g", "gate_o", "state_c", "state_h", "net_rnn", "net_lstm")
    # Both themes at once: the browser takes the right one the moment somebody switches.
    variables = ";".join(
        f"--{name}:light-dark({getattr(LIGHT, name)},{getattr(DARK, name)})"
        for name in (*names, *parts, "page", "hatch", "good", "bad", "gold")
    )
    own = _PAGES / page / "page.css"
    css = "".join(path.read_text(encoding="utf-8") for path in (_CSS, own) if path.is_file())
    st.html(f"<style>:root{{{variables}}}{css}</style>")


def current_theme() -> Theme:
    """The theme that the visitor's browser shows now."""
    return theme(st.context.theme.type)


def title(page: str) -> None:
    """The page's one question, and the language switch beside it."""
    left, right = st.columns([1550, 250], vertical_alignment="center")
    left.title(t(f"{page}.title"), anchor=False)
    with right, st.container(horizontal_alignment="right"):
        st.segmented_control(
            t("frame.language"),
            LANGUAGES,
            format_func=lambda code: t(f"language.{code}"),
            key="lang",
            required=True,
            label_visibility="collapsed",
            persist_state="session",
        )


def page(name: str, body: Callable[[], None]) -> None:
    """A page: what its controls can change lies in one fragment, so that a click redraws fast."""

    @st.fragment
    def fragment() -> None:
        try:
            body()
        except Exception:
            # The details are for whoever runs the app, not for whoever looks at it.
            log.exception("page %s", name)
            st.error(t("frame.failed"), icon=":material/error:")
        state.publish()

    title(name)
    fragment()


def notices() -> int:
    """What this run has to say about the visitor's input, each sentence once: how many."""
    said = {t(key, **values): None for key, values in state.take_notices()}
    if said:
        with st.container(key="notices", gap="xsmall"):
            for sentence in said:
                st.warning(plain(sentence), icon=":material/info:")
    if state.take_offer():
        st.button(t("frame.cut_offer"), key="cut-offer", on_click=state.put, args=("cut", True))
    if state.too_long_for_a_link():
        st.info(t("frame.unlinked"), icon=":material/link_off:")
    return len(said)


def plain(text: str) -> str:
    """Text for a Markdown widget that shows it letter by letter: every command escaped."""
    return "".join("\\" + c if c in "\\`*_{}[]()<>#+-.!|~$:&" else c for c in text)


def section(heading: str, note: str = "", *, badge: str = "") -> None:
    """A section's head with a quiet remark. heading: safe HTML, for coloured tokens in it."""
    remark = f"<span class='note'>{escape(note)}</span>" if note else ""
    mark = f"<span class='what-if'>{escape(badge)}</span>" if badge else ""
    st.html(f"<h3 class='section'>{heading}{mark}{remark}</h3>")


def token(word: str, role: str) -> str:
    """A token in its role's colour (q, k, v …), as safe HTML."""
    return f"<bdi class='tok' style='color:var(--{role})'>{escape(visible(word))}</bdi>"


def quote(text: str) -> str:
    """The visitor's text, shortened, for one line of HTML."""
    short = text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1] + "…"
    return f"<bdi>{escape(short)}</bdi>"


def provenance(
    origin: str, *parts: str, difference: Difference | None = None, against: str = "frame"
) -> None:
    """Where the figure's numbers come from. origin: live, example or whatif; parts: safe HTML.

    against: whose words say what the difference is to, <against>.matches and <against>.differs.
    """
    check = "" if difference is None else _check(difference, against)
    badge = f"<span class='dot {origin}'></span><b>{escape(t(f'origin.{origin}'))}</b>"
    with st.container(key="provenance"):
        st.html(f"<p class='provenance'>{badge}<span>{' · '.join(parts)}</span>{check}</p>")


def measured(difference: Difference) -> str:
    """The largest difference, and what share of the numbers' size it is: 2·10⁻⁶ (relative …)."""
    absolute, relative = map(notation().scientific, (difference.absolute, difference.relative))
    if difference.absolute == difference.relative:  # 0, or told as a share alone
        return relative
    return t("frame.measured", absolute=absolute, relative=relative)


def faithful(difference: Difference) -> bool:
    """Float32's own rounding explains it, by the numbers' size: what every ✓ and ✗ stands on."""
    return difference.rounding


def verdict(difference: Difference, sentence: str) -> str:
    """✓ or ✗ before a sentence that tells the difference, as safe HTML."""
    kind, sign = ("good", "✓") if faithful(difference) else ("bad", "✗")
    rule = t("frame.relative", limit=notation().scientific(ROUNDING))
    return f"<span class='{kind}' title='{escape(rule)}'>{sign} {escape(sentence)}</span>"


def _check(difference: Difference, against: str) -> str:
    name = "matches" if faithful(difference) else "differs"
    return verdict(difference, t(f"{against}.{name}", difference=measured(difference)))


def equal_to(label: str, value: str, difference: Difference) -> None:
    """A line under the sums: the model's own number, and how far ours is from it."""
    st.html(
        f"<p class='equal'><span>{escape(label)}</span><b>{escape(value)}</b>"
        f"{compared(difference)}</p>"
    )


def compared(difference: Difference) -> str:
    """`verdict` beside a sum: where nothing differs at all, it says so."""
    words = t("scores.identical")
    if difference.absolute:
        name = "same" if faithful(difference) else "apart"
        words = t(f"frame.{name}", difference=measured(difference))
    return verdict(difference, words)


def learn(page_name: str) -> None:
    """The page's last two parts: things to predict and then reveal; what the picture leaves out."""
    left, right = st.columns(2, gap="large")
    with left, st.container(key="try"):
        st.subheader(t("frame.try"), anchor=False)
        for question, answer in tries(page_name):
            st.markdown(question)
            with st.expander(t("frame.reveal")):
                st.markdown(answer)
    with right, st.container(key="careful"):
        st.subheader(t("frame.careful"), anchor=False)
        st.markdown(prose(page_name, "careful"))


def not_measured() -> None:
    """In the place of figures that nobody measured."""
    st.html(f"<p class='hint'>{escape(t('frame.not_measured'))}</p>")
