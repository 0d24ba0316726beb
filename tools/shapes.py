"""What a line of code looks like once its names, strings and numbers are left out."""

from __future__ import annotations

import ast
import keyword
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

JS = "const let var function return if else for of in while new class extends export default this"
# By a file's ending: what a comment is, and which words stay, being no names.
LANGUAGES = {
    ".py": (r"#[^\n]*", rf"(?:{'|'.join(keyword.kwlist)})\b"),
    ".js": (r"//[^\n]*|/\*.*?\*/", rf"(?:{'|'.join(JS.split())})\b"),
    ".css": (r"/\*.*?\*/", r"[\w-]+(?=\s*:)"),
}
TOKEN = r"""
    (?P<comment>{comment})
    | (?P<text>[rbfuRBFU]{{0,2}}(?:
        \"{{3}}.*?\"{{3}} | '{{3}}.*?'{{3}} | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*' | `[^`]*`))
    | (?P<kept>{kept})
    | (?P<number>\.?\d[\w.]*)
    | (?P<name>\w+)
    | (?P<sign>\S)
"""
DEFINED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
IDIOM = re.compile(r"@(?:property|dataclass)\b")


@dataclass(frozen=True, slots=True)
class Line:
    """number: from 1; place: its file and the definition it lies in; tokens: what it counts for."""

    number: int
    place: str
    text: str
    shape: str
    tokens: int


def _rows(node: ast.stmt) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def _places(node: ast.AST, name: str) -> Iterator[tuple[int, str]]:
    """Line number → the definition it lies in, outer ones first."""
    for child in ast.iter_child_nodes(node):
        inner = f"{name}::{child.name}" if isinstance(child, DEFINED) else name
        if isinstance(child, DEFINED):
            yield from ((row, inner) for row in _rows(child))
        yield from _places(child, inner)


def _passed_over(tree: ast.AST) -> set[int]:
    """The lines of imports and of strings that stand alone."""
    quiet = (
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
    )
    return {row for node in quiet for row in _rows(node)}


def _shapes(source: str, suffix: str) -> dict[int, list[str]]:
    """Line number → its tokens; one over several lines belongs to the first of them."""
    comment, kept = LANGUAGES[suffix]
    shapes: dict[int, list[str]] = defaultdict(list)
    row, read = 1, 0
    token = TOKEN.format(comment=comment.replace("#", r"\#"), kept=kept)
    for found in re.finditer(token, source, re.DOTALL | re.VERBOSE):
        row, read = row + source.count("\n", read, found.start()), found.start()
        kind = found.lastgroup or ""
        if kind != "comment":
            shapes[row].append(found[0] if kind in ("kept", "sign") else f"<{kind}>")
    return shapes


def lines(source: str, name: str) -> list[Line]:
    """A file's lines that say something; name is its path, whose ending names the language."""
    suffix = Path(name).suffix
    tree = ast.parse(source if suffix == ".py" else "")
    fields = (n for n in ast.walk(tree) if isinstance(n, ast.AnnAssign) and n.value is None)
    idle = {row for node in fields for row in _rows(node)}
    over, places = _passed_over(tree), dict(_places(tree, name))
    text = ["", *(" ".join(line.split()) for line in source.splitlines())]
    idle |= {row for row, line in enumerate(text) if IDIOM.match(line)}
    return [
        Line(n, places.get(n, name), text[n], " ".join(shape), 0 if n in idle else len(shape))
        for n, shape in _shapes(source, suffix).items()
        if n not in over and any(len(token) > 1 for token in shape)
    ]
