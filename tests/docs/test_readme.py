"""The README's Python runs as it stands there, and gives what it says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np

from models.core.attention import HeadSteps
from models.trace import AttentionTrace

README = Path(__file__).resolve().parents[2] / "README.md"


def test_the_snippet_records_a_sentence_and_opens_a_head() -> None:
    snippets = re.findall(r"^```python\n(.*?)^```", README.read_text(encoding="utf-8"), re.M | re.S)
    assert snippets
    names: dict[str, Any] = {}
    for snippet in snippets:
        exec(compile(snippet, README.name, "exec"), names)
    trace, steps = names["trace"], names["steps"]
    assert isinstance(trace, AttentionTrace)
    assert isinstance(steps, HeadSteps)
    assert trace.fidelity() < 1e-5
    assert np.allclose(steps.weights @ steps.v, steps.output, atol=1e-6)
    assert "cat" in trace.tokens
