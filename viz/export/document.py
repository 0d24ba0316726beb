r"""The sums on screen as a LaTeX document that compiles: with pdfLaTeX or XeLaTeX.

What pages write is KaTeX's LaTeX. Three things differ in a document: colours have to be defined by
name, signs beyond ASCII need a command, and a line wider than the paper has to shrink.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from viz.board.notation import for_tex
from viz.board.theme import DARK, LIGHT

# Signs that figures, sums and tokens write, each in words that amsmath knows in either mode.
SIGNS = {
    **{"·": r"\cdot ", "−": "-", "×": r"\times ", "∞": r"\infty ", "√": r"\surd ", "÷": r"\div "},
    **{"≈": r"\approx ", "≤": r"\le ", "≥": r"\ge ", "≠": r"\ne ", "±": r"\pm ", "∑": r"\sum "},
    **{"→": r"\to ", "←": r"\leftarrow ", "↑": r"\uparrow ", "↓": r"\downarrow ", "∈": r"\in "},
    **{"‖": r"\|", "α": r"\alpha ", "β": r"\beta ", "γ": r"\gamma ", "δ": r"\delta "},
    **{"ε": r"\varepsilon ", "λ": r"\lambda ", "μ": r"\mu ", "σ": r"\sigma ", "θ": r"\theta "},
    **{"π": r"\pi ", "φ": r"\varphi ", "ω": r"\omega ", "Σ": r"\Sigma ", "Δ": r"\Delta "},
    **{"ℓ": r"\ell ", "⊙": r"\odot ", "′": "'", "∂": r"\partial ", "⊤": r"\top ", "⁻": "{}^{-}"},
    **{"□": r"\square ", "✓": r"\checkmark "},
}
# The same of text: what T1 fonts have a command for.
TEXT = {
    **{"–": "--", "—": "---", "…": r"\dots{}", "’": "'", "‘": "`", "“": "``", "”": "''"},
    **{"«": r"\guillemotleft{}", "»": r"\guillemotright{}", "␣": r"\textvisiblespace{}"},
    **{"\u00a0": "~", "▁": r"\_", "⏎": r"$\hookleftarrow$", "⇥": r"$\mapsto$"},
    **{"\u2009": r"\,", "\u202f": r"\,", "\u2068": "", "\u2069": ""},
}
# Letters that stand as they are: those of Turkish and its neighbours, which T1 fonts have.
LETTERS = frozenset(
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿ"
    "ĂăĄąĆćČčĎďĐđĘęĚěĞğİıĹĺĽľŁłŃńŇňŐőŒœŔŕŘřŚśŞşŠšŤťŮůŰűŹźŻżŽž"
)

_COLOUR = re.compile(r"\\textcolor\{#([0-9A-Fa-f]{6})\}")
_TOKEN = re.compile(r"\\[a-zA-Z]+\s*|\\.|[{}]|.", re.DOTALL)
_TEXT_COMMANDS = (r"\text", r"\textrm", r"\mbox")
_HEAD = r"""% {title}
% Compiles with pdfLaTeX or XeLaTeX: latexmk -pdf {file}
% Needs amsmath, amssymb, xcolor, graphicx, geometry, iftex, and lmodern or fontspec.
\documentclass[11pt,a4paper]{article}
\usepackage[margin=20mm]{geometry}
\usepackage{iftex}
\ifpdftex
  \usepackage[T1]{fontenc}
  \usepackage{lmodern}
\else
  \usepackage{fontspec}
\fi
\usepackage{amsmath,amssymb,graphicx,xcolor}
\setlength{\parindent}{0pt}
\setlength{\parskip}{1.2em}
% A sum that is wider than the line, or higher than the page, shrinks to it.
\newsavebox{\sumbox}
\newcommand{\fitted}[1]{\sbox{\sumbox}{$\displaystyle #1$}%
  \ifdim\wd\sumbox>\linewidth\sbox{\sumbox}{\resizebox{\linewidth}{!}{\usebox{\sumbox}}}\fi
  \ifdim\dimexpr\ht\sumbox+\dp\sumbox\relax>.9\textheight
    \sbox{\sumbox}{\resizebox*{!}{.9\textheight}{\usebox{\sumbox}}}\fi
  \usebox{\sumbox}}
"""


def document(
    sums: Sequence[str], *, title: str, file: str, now: str = "", lines: Sequence[str] = ()
) -> str:
    """A whole .tex: the page's question, the sentence of what is on screen, the sums in order, and
    where their numbers come from (lines). sums: KaTeX's LaTeX. Colours are the light theme's."""
    bodies = [converted(one) for one in sums]
    head = _HEAD.replace("{title}", _comment(title)).replace("{file}", _comment(file))
    parts = [head, *map(_defined, colours(sums)), r"\begin{document}"]
    parts += ["", rf"\section*{{{words(title)}}}", ""]
    if now:
        parts += [words(now), ""]
    for body in bodies:
        parts += [rf"\fitted{{{body}}}", ""]
    parts += [rf"{{\small {words(line)}\par}}" for line in lines]
    return "\n".join([*parts, r"\end{document}", ""])


def colours(sums: Sequence[str]) -> list[str]:
    """RRGGBB of every colour, in capitals, each once, as it stands on white paper."""
    found = (_on_paper(code) for one in sums for code in _COLOUR.findall(one))
    return list(dict.fromkeys(found))


def converted(tex: str) -> str:
    """One sum: colours by their names, signs beyond ASCII by commands."""
    named = _COLOUR.sub(lambda m: rf"\textcolor{{c{_on_paper(m[1])}}}", tex)
    return "".join(_pieces(named))


def words(text: str) -> str:
    """A sentence as LaTeX's text: commands escaped."""
    return "".join(_sign(c, text=True) for c in for_tex(text))


def _pieces(tex: str) -> Iterator[str]:
    """The parts of a sum in order; modes: whether each open brace holds text."""
    modes, coming = [False], False
    for part in _TOKEN.findall(tex):
        if part == "{":
            modes.append(coming or modes[-1])
        elif part == "}" and len(modes) > 1:
            modes.pop()
        coming = part.strip() in _TEXT_COMMANDS
        yield part if part.isascii() else _sign(part, text=modes[-1])


def _sign(character: str, *, text: bool) -> str:
    """One character, in text or in mathematics; what no font of ours has: its number."""
    if character.isascii():
        return character
    if character in SIGNS:
        return rf"\ensuremath{{{SIGNS[character].strip()}}}" if text else SIGNS[character]
    if character in LETTERS:
        shown = character
    elif character in TEXT:
        shown = TEXT[character]
    elif unicodedata.category(character) == "Mn":
        return ""
    else:
        shown = rf"\texttt{{U+{ord(character):04X}}}"
    return shown if text else rf"\text{{{shown}}}"


_PAPER = {
    str(getattr(DARK, name)).upper(): str(getattr(LIGHT, name)).upper()
    for name in DARK.__dataclass_fields__
    if str(getattr(DARK, name)).startswith("#")
}


def _on_paper(code: str) -> str:
    """RRGGBB of the light theme for a colour of either."""
    return _PAPER.get(f"#{code}".upper(), f"#{code}".upper())[1:]


def _defined(code: str) -> str:
    return rf"\definecolor{{c{code}}}{{HTML}}{{{code}}}"


def _comment(text: str) -> str:
    """One line behind a %, in letters that every engine reads."""
    return "".join(c for c in " ".join(text.split()) if c.isascii() or c in LETTERS)
