"""A figure that Plotly makes only when somebody asks for more than its parts."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go


class Composed(go.Figure):  # type: ignore[misc]
    """A figure whose parts stay as they were put together.

    Plotly copies all of them deeply, and makes objects of them, wherever a figure is made: that
    takes longer than composing it. What a page sends is read from the parts
    (`viz.board.scale.parts`); whoever asks for anything else, as tests and files to take along do,
    finds the figure as Plotly makes it, unchecked.
    """

    _made = False
    _content: bytes | None = None  # what tells it apart, where it is kept (viz.board.kept)

    def __init__(self, data: list[Any], layout: dict[str, Any]) -> None:
        self._data, self._layout = data, layout

    def _make(self) -> None:
        if not self._made:
            self._made = True
            super().__init__(data=self._data, layout=self._layout, _validate=False)

    def __getattr__(self, name: str) -> Any:
        # Only what is not there comes here: the first question about more than the parts.
        if name.startswith("__") or self._made:
            raise AttributeError(name)
        self._make()
        return getattr(self, name)

    def to_dict(self) -> dict[str, Any]:
        """Copies of its parts, as Plotly's own figures give them."""
        self._make()
        return super().to_dict()  # type: ignore[no-any-return]

    def __reduce__(self) -> tuple[Any, ...]:
        return go.Figure, (self.to_dict(),)
