"""The way from a residual path or a norm to what both do by depth."""

from __future__ import annotations

from pages.ui import frame
from pages.ui.text import t
from pages.ui.topic import topic


def to_depth() -> None:
    """A link line to the neuron page's view of signal and gradient by depth."""
    label = frame.plain(t("frame.to_depth"))
    frame.way_to(topic("neuron"), label, icon=":material/stacks:", view="depth")
