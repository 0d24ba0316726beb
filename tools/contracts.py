"""A contract for `lint-imports`: topics know each other only through what they share.

A topic is a folder of one name in `pages`, `viz` and `models`, listed in the pages' registry: a new
one is held to this without a word in any configuration.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import cast

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class Topics(Contract):
    """No topic imports another, in whichever tree; no shared folder imports a topic of its tree.

    registry: the file whose ORDER lists the topics. trees: the packages that have a folder a topic.
    above: what stands above all topics, and may import them.
    """

    type_name = "topics"

    registry = fields.StringField()
    trees = fields.ListField(subfield=fields.StringField())
    above = fields.ListField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Each wrong import as "importer -> imported"."""
        topics = topics_of(Path(str(self.registry)))
        wrong = [
            f"{importer} -> {imported}"
            for importer in sorted(graph.modules)
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if self._is_wrong(importer, imported, topics)
        ]
        return ContractCheck(kept=not wrong, metadata={"wrong": wrong})

    def _is_wrong(self, importer: str, imported: str, topics: frozenset[str]) -> bool:
        (tree, mine), (other, its) = map(_place, (importer, imported))
        known = set(cast(list[str], self.trees))
        if not {tree, other} <= known or its not in topics or mine == its:
            return False
        above = cast(list[str], self.above or [])
        if any(f"{importer}.".startswith(f"{one}.") for one in above):
            return False
        return mine in topics or tree == other

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Say which imports are wrong."""
        for line in check.metadata["wrong"]:
            output.print_error(f"- {line}")


def _place(module: str) -> tuple[str, str]:
    """(tree, folder or module directly below it)."""
    tree, _, rest = module.partition(".")
    return tree, rest.partition(".")[0]


def topics_of(registry: Path) -> frozenset[str]:
    """The names in the registry's ORDER. ValueError: it has none."""
    for node in ast.parse(registry.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "ORDER":
            return frozenset(ast.literal_eval(node.value))
    raise ValueError(f"{registry} has no ORDER")
