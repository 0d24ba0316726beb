"""Terms as tables: a row each, formulas as mathematics, links with what they say."""

from __future__ import annotations

from viz.glossary.table import Entry, link, table


def test_a_row_has_a_term_in_each_language_its_formula_and_its_link() -> None:
    said = [("gate", "A factor."), ("kapı", "Bir çarpan.")]
    made = table(["English", "Türkçe", "Formula", "Seen"], [Entry(said, r"\sigma(z)", "there")])
    heads, rule, row = made.splitlines()
    assert heads == "| English | Türkçe | Formula | Seen |"
    assert rule == "| --- | --- | --- | --- |"
    assert row == r"| **gate** A factor. | **kapı** Bir çarpan. | $\sigma(z)$ | there |"


def test_what_has_no_formula_leaves_its_cell_empty() -> None:
    assert table(["a", "b", "c"], [Entry([("x", "y.")], "", "z")]).endswith("| **x** y. |  | z |")


def test_a_link_says_what_it_is_given() -> None:
    made = link("BERT · Mask", "bert", {"lang": "tr", "view": "mask", "word": "yüz"})
    assert made == "[BERT · Mask](bert?lang=tr&view=mask&word=y%C3%BCz)"
