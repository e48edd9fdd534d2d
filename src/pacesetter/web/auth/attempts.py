"""How often one may try to log in: by address and by name, in this process."""

from __future__ import annotations

import ipaddress
import math
from collections import OrderedDict, deque
from datetime import datetime, timedelta

from pacesetter.kernel.clock import Clock
from pacesetter.kernel.errors import TooManyAttempts

WINDOW = timedelta(minutes=1)
BY_ADDRESS, BY_NAME = 5, 20
MOST_KEPT = 20_000  # counted addresses and names; the ones that tried longest ago go first


class Attempts:
    """Counts attempts, whether they succeed or not. Refused ones do not count, so waiting helps."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._made: OrderedDict[str, deque[datetime]] = OrderedDict()

    def count(self, address: str, name: str) -> None:
        """Note an attempt; ``TooManyAttempts`` says after how many seconds the next one is free."""
        now = self.clock.now()
        limits = {f"address {network_of(address)}": BY_ADDRESS, f"name {name.strip().casefold()}": BY_NAME}
        free_at = max((self._free_at(key, most, now) for key, most in limits.items()), default=now)
        if free_at > now:
            wait_s = max(math.ceil((free_at - now).total_seconds()), 1)
            raise TooManyAttempts(retry_after_s=wait_s, mend=f"try again in {wait_s} seconds")
        for key, most in limits.items():
            self._made.setdefault(key, deque(maxlen=most)).append(now)
            self._made.move_to_end(key)
        while len(self._made) > MOST_KEPT:
            self._made.popitem(last=False)

    def _free_at(self, key: str, most: int, now: datetime) -> datetime:
        made = self._made.get(key)
        return now if made is None or len(made) < most else made[0] + WINDOW


def network_of(address: str) -> str:
    """Whom an address counts for: itself, or the /64 that one customer has of IPv6."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
