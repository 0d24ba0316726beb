"""How often one visitor and one address may have something kept."""

from __future__ import annotations

from dataclasses import dataclass
from secrets import token_urlsafe

import streamlit as st

from pages.ui.storage.limits import Limit

_WHO = "_kept_by"


@dataclass(frozen=True, slots=True)
class Keeping:
    """Both limits: of a visit, and of an address, from which a whole class may come."""

    visits: Limit
    addresses: Limit

    def allowed(self) -> bool:
        """Whether this visitor may go on, which costs one of either."""
        visitor = st.session_state.setdefault(_WHO, token_urlsafe(16))
        return self.visits.allows(visitor) and self.addresses.allows(address())


def address() -> str:
    """Where this visitor comes from."""
    return st.context.ip_address or ""
