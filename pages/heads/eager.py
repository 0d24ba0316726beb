"""The check of a whole pass that every checkpoint gets once, kept from run to run.

Not in page.py: every run executes that anew, and would forget what was found.
"""

from __future__ import annotations

from models.heads import eager
from pages.ui import caches

once = caches.in_background(eager.once, entries=64)
