"""The one door to a model's numbers: from the model in this process, or from a cluster's.

In this process unless DIKKAT_CLUSTER says otherwise; and always where only this machine has the
model (a visitor's folder, zip or model of the hub), or the function is none of the table's.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar, cast

from models.catalog import CATALOG
from models.core.environment import environment
from models.core.loaded import LoadedModel
from models.serving import cluster
from models.serving.errors import NoAnswer
from models.serving.table import FUNCTIONS, name

P = ParamSpec("P")
R = TypeVar("R")

log = logging.getLogger("dikkat.serving")


def asked(
    make: Callable[Concatenate[LoadedModel, P], R],
    loaded: LoadedModel,
    /,
    *given: P.args,
    **named: P.kwargs,
) -> R:
    """`make(loaded, …)`, wherever it is computed. Arguments: texts, numbers, flags, tuples.

    Raises what `make` raises; errors.NoAnswer: the cluster is gone, and DIKKAT_CLUSTER_LOST does
    not have it computed here instead.
    """
    card = loaded.card
    known = card.id in CATALOG and card.sha256 is not None
    if not environment().cluster or not known or name(make) not in FUNCTIONS:
        return make(loaded, *given, **named)
    try:
        return cast(R, cluster.asked(name(make), loaded, given, named))
    except NoAnswer:
        if environment().cluster_lost == "refuse":
            raise
        log.warning("%s of %s is computed here", name(make), card.id)
        return make(loaded, *given, **named)
