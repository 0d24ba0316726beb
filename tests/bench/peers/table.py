"""`python -m tests.bench.peers.table`: the stored comparison as the README's table."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tests.bench.harness import number
from tests.bench.readme import README, replaced

STORED = Path(__file__).parent / "measured.json"
SECTION = "peers"
OURS, WHOLE = "Dikkat", "Dikkat, the whole page"
SIZES = ("16", "64", "128", "512")
HEADS = {
    "record": "time to record ÷ plain forward",
    "memory": "memory kept",
    "bytes": "bytes to the browser",
    "painted": "opened to painted",
}
RECORDERS = (
    *(OURS, "output_attentions", "TransformerLens, whole cache"),
    *("TransformerLens, q, k, v, z only", "nnsight, q, k, v, output"),
)
VIEWERS = ("BertViz, model view", "BertViz, head view", "Inspectus")
ROWS = {
    "record": RECORDERS,
    "memory": RECORDERS,
    "bytes": (OURS, WHOLE, *VIEWERS),
    "painted": (OURS, *VIEWERS),
}
# What a limit asks of ours: part → (sizes, most, as a sentence has it).
LIMITS = {
    "record": (("128", "512"), 1.05, "≤ 1.05 at 128 and 512"),
    "memory": (("512",), 18.5, "≤ 18.5 MiB at 512"),
}
# And of ours ÷ BertViz's model view, at every size.
SHARES = {"bytes": (1 / 25, "≤ 1/25"), "painted": (1 / 20, "≤ 1/20")}
MODEL_VIEW = VIEWERS[0]
# Why ours is not ahead there.
WHY = {
    ("record", OURS): "the recording's memory is new to the process each time",
    ("record", "output_attentions"): "few tokens have small matrices; ours adds a fixed half "
    "millisecond of checks and spelling",
    ("record", "nnsight, q, k, v, output"): "it keeps tensors as they come; ours also spells "
    "every token and looks for broken numbers",
    ("memory", "output_attentions"): "weights grow with n², q, k, v and output with n: "
    "128 tokens is where they meet on this model",
    ("bytes", MODEL_VIEW): "what is sent at any length, the component's script, is half of ours",
    ("painted", MODEL_VIEW): "it has little to draw there; ours takes what opening any page takes",
}
UNITS = {"memory": ("mib", "MiB", 1.0), "bytes": ("bytes", "KB", 1e-3), "painted": ("ms", "ms", 1)}
FIELD = {"record": "ratio"} | {part: unit[0] for part, unit in UNITS.items()}


def shown(part: str, cell: dict[str, Any] | None) -> str:
    """One figure as text."""
    if cell is None:
        return "not measured"
    if "failed" in cell:
        said = str(cell["failed"])
        return "not painted: the page crashed" if "crashed" in said else said
    if part == "record":
        return f"{cell['ratio']:.2f} ({number(cell['ms'])} ms)"
    key, unit, scale = UNITS[part]
    few = f" (n = {cell['n']})" if cell.get("n", 15) < 15 else ""
    return f"{number(cell[key] * scale)} {unit}{few}"


def value(part: str, row: dict[str, Any], size: str) -> float | None:
    """The figure that counts; None: there is none."""
    found = row.get(size, {}).get(FIELD[part])
    return None if found is None else float(found)


def behind(part: str, ours: dict[str, Any], theirs: dict[str, Any]) -> list[str]:
    """The sizes at which ours is not ahead, or not level."""
    late = []
    for size in SIZES:
        own, other = value(part, ours, size), value(part, theirs, size)
        if other is None:
            continue
        if part == "record":
            own, other = float(theirs[size]["ours_to_this"]), 1.0
        if own is None or own > other:
            late.append(size)
    return late


def share(part: str, ours: dict[str, Any], theirs: dict[str, Any]) -> tuple[str, list[str]]:
    """Ours ÷ BertViz's model view as "1/32 …", and the sizes at which that is too much."""
    most, _ = SHARES[part]
    texts, over = [], []
    for size in SIZES:
        own, other = value(part, ours, size), value(part, theirs, size)
        if own is None or other is None:
            texts.append("–")
            continue
        texts.append(f"1/{number(other / own)}")
        if own / other > most:
            over.append(size)
    return ", ".join(texts), over


def judged(part: str, who: str, rows: dict[str, Any]) -> str:
    """The last cell of a row: is ours ahead, and if not, why."""
    ours, theirs = rows.get(OURS, {}), rows.get(who, {})
    if not (ours and theirs):
        return "not measured"
    why = WHY.get((part, who), "")
    if who == OURS:
        if part not in LIMITS:
            return ""
        sizes, most, said = LIMITS[part]
        over = [s for s in sizes if (value(part, ours, s) or 0.0) > most]
        return f"{said}: " + (f"over at {', '.join(over)}: {why}" if over else "ok")
    if who == WHOLE:
        return "for comparison: everything that opening `heads` sends"
    late = behind(part, ours, theirs)
    if who == MODEL_VIEW and part in SHARES:
        texts, over = share(part, ours, theirs)
        said = f"{'yes' if not late else 'no'}, ours is {texts} of it ({SHARES[part][1]}: "
        return said + (f"not at {', '.join(over)}: {why})" if over else "ok)")
    if late:
        return f"not at {', '.join(late)} tokens: {why}"
    same = [s for s in SIZES if value(part, ours, s) == value(part, theirs, s)]
    return "level: it keeps the same arrays" if part == "memory" and same == [*SIZES] else "yes"


def table(stored: dict[str, Any]) -> str:
    """Stored figures → the README's section, with what was measured and how."""
    lines = [
        "| | | " + " | ".join(f"{size} tokens" for size in SIZES) + " | Dikkat ahead? |",
        "|" + "---|" * (len(SIZES) + 3),
    ]
    for part, head in HEADS.items():
        rows = stored[part]
        for at, who in enumerate(ROWS[part]):
            cells = [shown(part, rows.get(who, {}).get(size)) for size in SIZES]
            first = head if at == 0 else ""
            lines.append(f"| {first} | {who} | {' | '.join(cells)} | {judged(part, who, rows)} |")
    for part, reasons in stored["failed"].items():
        for name, why in reasons.items():
            lines.append(f"| not {part} | {name} | | | | | {why} |")
    packages = ", ".join(f"{name} {which}" for name, which in stored["versions"].items())
    notes = (
        f"all-MiniLM-L6-v2, 6 layers × 12 heads, every library on the same weights (TransformerLens"
        f" knows BERT with a head only: an untrained one of two numbers was added). Recording: from"
        f" the text to what is kept, {stored['threads']} thread, processor time, by turns with a"
        f" plain SDPA"
        f" forward pass in one process, medians of each round's ratio; memory: buffers of the"
        f" tensors and arrays kept, a view counted whole. BertViz and Inspectus record nothing"
        f" themselves, they draw what output_attentions gives; the others draw nothing. Bytes:"
        f" ours as the websocket carries it, theirs the HTML. Painted: Chromium, from opening the"
        f" page to its last stroke, ours without Streamlit around it; n where fewer than 15."
    )
    end = f"Measured on {stored['date']}, {stored['machine']}, load {stored['load']}; {packages}."
    return "\n".join([*lines, "", notes, "", end]) + "\n"


def main() -> int:
    """Puts the table into the README; exit status 1 where nothing was measured yet."""
    if not STORED.exists():
        print("Nothing measured yet: make bench-peers", file=sys.stderr)
        return 1
    section = table(json.loads(STORED.read_text(encoding="utf-8")))
    README.write_text(replaced(README.read_text("utf-8"), section, SECTION), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
