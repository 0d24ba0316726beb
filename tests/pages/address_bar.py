"""A visitor's session with an address bar, without a server and without a page."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from pages.ui import state
from pages.ui.short import visit as short


class Browser(dict[str, str]):
    """An address bar, as Streamlit's query_params offers it: of a name said twice the last."""

    def __init__(self, values: dict[str, str]) -> None:
        super().__init__(values)
        self.before: dict[str, list[str]] = {}  # what a name says before its last value

    def get_all(self, name: str) -> list[str]:
        return [*self.before.get(name, []), self[name]]

    def to_dict(self) -> dict[str, str]:
        return dict(self)

    def from_dict(self, values: dict[str, str]) -> None:
        self.clear()
        self.before.clear()
        self.update(values)


class Visitor:
    """A session with an address bar, without a server."""

    def __init__(self, **link: str) -> None:
        self.session: dict[str, Any] = {}
        self.bar = Browser(link)

    def run(self, page: str = "heads", **choose: Any) -> None:
        """One run of the router, in which the visitor chooses something."""
        with pytest.MonkeyPatch.context() as patch:
            context = SimpleNamespace(ip_address=None)
            fake = SimpleNamespace(
                session_state=self.session, query_params=self.bar, context=context
            )
            patch.setattr(state, "st", fake)
            patch.setattr(short, "st", fake)
            state.adopt()
            state.enter(page)
            for name, value in choose.items():
                state.put(name, value)
            state.publish()

    def follow_menu(self, page: str) -> None:
        """The menu's links are bare."""
        self.bar.clear()
        self.run(page)

    def sees(self) -> dict[str, Any]:
        """The value of every parameter of the page."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(state, "st", SimpleNamespace(session_state=self.session))
            return {name: state.get(name) for name in state.parameters(self.session[state._PAGE])}

    def says(self) -> list[str]:
        """The keys of all that this visitor was told so far."""
        return [key for key, _ in self.notices()]

    def told(self) -> list[str]:
        """The names of the link's values that made no sense."""
        notices = self.session.get(state._NOTICES, [])
        return [values["name"] for key, values in notices if key == "error.address"]

    def notices(self) -> list[tuple[str, dict[str, object]]]:
        """All that this visitor was told so far."""
        return list(self.session.get(state._NOTICES, []))


def changed(bar: dict[str, str]) -> dict[str, str]:
    """What an address says beside the version and the model that every link names."""
    return {name: value for name, value in bar.items() if name not in ("v", "model")}
