"""``python -m models.training <id> …``: train models anew, then measure them."""

from __future__ import annotations

import sys

from models.training import evaluate, harness, registry


def main(default: tuple[str, ...] = ()) -> None:
    """Train and evaluate the models named on the command line. SystemExit: no such model."""
    known = ", ".join(registry.TRAINED)
    for model_id in sys.argv[1:] or default or sys.exit(f"one of: {known}"):
        try:
            plan = registry.plan(model_id)
        except KeyError as error:
            sys.exit(str(error.args[0]))
        folder = harness.folder_of(model_id)
        harness.train(plan, folder)
        evaluate.evaluate(plan, folder)


if __name__ == "__main__":
    main()
