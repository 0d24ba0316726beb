"""Names: the public face of models to the letter, no class twice, nouns of the field for things."""

from __future__ import annotations

import ast
import inspect
from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import models
from models import errors

ROOT = Path(__file__).resolve().parents[1]
# What says nothing of the thing itself: participles, places, and what one does to it.
NO_NAMES = {
    *("found", "said", "told", "made", "own", "near", "apart", "wide", "movers", "draws"),
    *("hiding", "hidings", "removing", "mixing", "reach", "watch", "watching", "gold"),
}
SURFACE = {
    "card": {"LICENCE", "SHIPPED", "SHOWS", "ModelCard", "Shipped", "Shows", "Source", "shipped"},
    "catalog": {"CATALOG", "LoadedModel", "ModelCard", "Source", "load"},
    "errors": {
        *(
            "InputError",
            "EmptyText",
            "OnlyUnknown",
            "TextTooLong",
            "TextTooShort",
            "TooManyCharacters",
        ),
        *("UnknownModel", "UnsafeWeights", "DamagedWeights", "BrokenNumbers", "NotCapturable"),
        *("NotRecurrent", "NoPair", "NotTranslating", "NoAttention", "NoHead", "NoEmbeddings"),
        *("NoEncoder", "WordNotFound", "NoPositions", "FixedPositions", "OutOfRange"),
        "NotSummed",
        *("NotComparable", "WeightsOnly", "OpenBuckets"),
        *("NotAPicture", "NoConfiguration", "NoTokenizer", "TokenWithoutEmbedding", "OtherTokens"),
        *("SizeOutOfRange", "WrongSetting", "NotBuildable", "NoWeights", "AdapterFound"),
        "BrokenFile",
        *("QuantizedWeights", "PrunedHeads", "HalfAModel", "MissingWeights", "UnexpectedWeights"),
        *("WrongShape", "WrongSize", "ChangedFiles", "LoadingFailed", "UnknownFamily"),
        *("ReadsPictures", "ReadsSounds", "ReadsBoth", "WithoutAttention"),
        *("CrossAttentionAlone", "ForwardFails", "NotInstalled", "SeesPictures", "ReadsText"),
        *("OtherSize", "PictureError", "TooManyBytes", "TooManyPixels", "TooNarrow", "ReadsVideos"),
        *("ProcessorNotInstalled", "ProcessorSetting"),
        *("NotAnImage", "BrokenImage", "NoProcessor", "UnknownLanguage"),
    },
    "record": {"MAX_WRITTEN", "record"},
    "recurrent": {"run"},
    "trace": {
        *("KINDS", "AttentionBlock", "AttentionTrace", "CellTerms", "CellWeights", "Floats"),
        *("HeadSteps", "Kind", "Projection", "RecurrentLayer", "RecurrentTrace", "Surroundings"),
        *("Scoring", "Sight", "Term", "UnitRow", "WeightsBlock", "read_only", "sides"),
    },
}


def definitions(*tops: str) -> Iterator[tuple[str, str, ast.AST]]:
    """(place, name, node) of every class and function below some of the project's folders."""
    for top in tops:
        for path in sorted((ROOT / top).rglob("*.py")):
            place = str(path.relative_to(ROOT))
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                    yield place, node.name, node


def test_the_public_face_is_these_modules_and_these_names() -> None:
    assert set(models.__all__) == SURFACE.keys()
    faces = {name: import_module(f"models.{name}") for name in models.__all__}
    found = {name: set(face.__all__) for name, face in faces.items() if name != "errors"}
    found["errors"] = {
        name
        for name, value in vars(errors).items()
        if inspect.isclass(value) and value.__module__ == errors.__name__
    }
    assert found == SURFACE
    for name, face in faces.items():
        assert SURFACE[name] <= vars(face).keys()


def test_no_class_of_models_has_anothers_name() -> None:
    places = defaultdict(list)
    for place, name, node in definitions("models", "viz", "pages"):
        if isinstance(node, ast.ClassDef):
            places[name].append(place)
    twice = {
        name: found
        for name, found in places.items()
        if len(found) > 1 and any(place.startswith("models/") for place in found)
    }
    assert not twice


def test_things_in_models_are_named_after_what_they_are() -> None:
    wrong = [
        f"{place}: {name}"
        for place, name, _ in definitions("models")
        if name.strip("_").casefold() in NO_NAMES
    ]
    wrong += [
        str(path.relative_to(ROOT))
        for path in (ROOT / "models").rglob("*.py")
        if path.stem.strip("_") in NO_NAMES
    ]
    assert not wrong


def test_no_import_in_models_renames_what_is_ours() -> None:
    """A module that has to rename what it imports tells of a name that is wrong."""
    wrong = [
        f"{path.relative_to(ROOT)}: {alias.name} as {alias.asname}"
        for path in sorted((ROOT / "models").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("models")
        for alias in node.names
        if alias.asname not in (None, alias.name)
    ]
    assert not wrong


ARRAYS = ("Floats", "Integers", "Bools", "Ids", "Tensor")
RECIPES = ("models/training/", "models/grammar/", "models/architectures/")


def test_public_functions_of_models_give_the_shapes_of_their_arrays() -> None:
    silent = []
    for place, name, node in definitions("models"):
        if not isinstance(node, ast.FunctionDef) or name.startswith("_"):
            continue
        arguments = [*node.args.args, *node.args.kwonlyargs]
        said = " ".join(
            ast.unparse(each) for each in (*(a.annotation for a in arguments), node.returns) if each
        )
        text = ast.get_docstring(node)  # None: a function inside another, which says it
        arrays = any(kind in said for kind in ARRAYS) and not place.startswith(RECIPES)
        if arrays and text is not None and "(" not in text:
            silent.append(f"{place}: {name}")
    assert not silent
