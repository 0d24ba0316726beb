"""How often one address and one device may ask: buckets that fill again, in this process."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock


class Limit:
    """burst: so much at once; rate: so much more a second. most: keys that are remembered."""

    def __init__(
        self,
        burst: float,
        rate: float,
        most: int = 20_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.burst, self.rate, self.most, self.clock = burst, rate, most, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._one_at_a_time = Lock()

    def allows(self, key: str, cost: float = 1.0) -> bool:
        """Whether that key may go on, which then costs so much of what it has left."""
        now = self.clock()
        with self._one_at_a_time:
            left, then = self._left.pop(key, (self.burst, now))
            left = min(self.burst, left + (now - then) * self.rate)
            allowed = left >= cost
            self._left[key] = (left - cost if allowed else left, now)
            while len(self._left) > self.most:
                self._left.popitem(last=False)  # whoever has been quiet for longest
        return allowed

    def wait(self, key: str, cost: float = 1.0) -> float:
        """Seconds until that key may go on; 0: now. inf: never at this rate."""
        with self._one_at_a_time:
            left, then = self._left.get(key, (self.burst, self.clock()))
        short = cost - left
        if short <= 0:
            return 0.0
        return max(0.0, then + short / self.rate - self.clock()) if self.rate else float("inf")
