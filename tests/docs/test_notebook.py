"""docs/notebook.ipynb runs from top to bottom, offline, without the app, and draws two figures."""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from tests.pages.export.test_takealong import content, handed

DOCS = Path(__file__).resolve().parents[2] / "docs"
FIGURE = "application/vnd.plotly.v1+json"
# Run behind the notebook's own cells: which Python that was, and whether the app was in it.
ASIDE = 'import sys\nprint(sys.executable, "streamlit" in sys.modules, sep="\\n")'


def notebook() -> nbformat.NotebookNode:
    return nbformat.read(DOCS / "notebook.ipynb", as_version=4)


def test_it_is_kept_without_what_it_printed() -> None:
    cells = [cell for cell in notebook().cells if cell.cell_type == "code"]
    assert cells
    assert not [cell for cell in cells if cell.outputs or cell.execution_count is not None]


def test_it_runs_offline_and_draws_two_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "1")  # this Python's kernel before a user's
    for place in ("JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(place, str(tmp_path / place))
    run = notebook()
    run.cells.append(nbformat.v4.new_code_cell(ASIDE))
    where = {"metadata": {"path": str(DOCS)}}
    NotebookClient(run, timeout=300, kernel_name="python3", resources=where).execute()
    outputs = [output for cell in run.cells for output in cell.get("outputs", [])]
    figures = [output.data[FIGURE] for output in outputs if FIGURE in output.get("data", {})]
    assert len(figures) == 2
    assert all(figure["data"] and figure["layout"]["height"] > 0 for figure in figures)
    python, app = outputs[-1].text.splitlines()
    assert Path(python).resolve() == Path(sys.executable).resolve()
    assert app == "False"


@pytest.mark.parametrize("changed", [False, True])
def test_a_pages_notebook_finds_the_pages_numbers_again(
    changed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the list of a page hands out runs by itself; with another head its checks fail."""
    link = {"lang": "tr", "text": "Oğlum ılık süt içti", "layer": "1", "head": "3"}
    told = handed(monkeypatch, "ipynb", page="heads", **link)
    book = nbformat.reads(content(told["ipynb"]).decode(), as_version=4)
    if changed:
        for cell in book.cells:
            cell.source = cell.source.replace(".head(3)", ".head(2)")
    for place in ("JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(place, str(tmp_path / place))
    where = {"metadata": {"path": str(DOCS)}}
    client = NotebookClient(book, timeout=300, kernel_name="python3", resources=where)
    if changed:
        with pytest.raises(CellExecutionError, match="Not equal to tolerance"):
            client.execute()
        return
    client.execute()
    printed = "".join(o.text for cell in book.cells for o in cell.get("outputs", []))
    assert "✓ weights" in printed
