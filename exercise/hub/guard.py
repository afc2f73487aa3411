"""Bounds on what anybody may ask: so often, so much, and so many wrong codes before one has to wait."""

from __future__ import annotations

import ipaddress
import logging
import time
from collections import OrderedDict
from collections.abc import Callable

MOST_ADDRESSES = 4_096
"""Addresses that are remembered; the one not heard of for longest is forgotten first."""


class Allowance:
    """A bucket that fills at `rate` a second up to `most`; what is taken when it is empty is refused."""

    def __init__(self, now: Callable[[], float], rate: float, most: float) -> None:
        self._now, self._rate, self._most = now, rate, most
        self._left, self._at = most, now()

    def take(self, amount: float = 1.0) -> bool:
        """Whether there was so much left, which is then taken."""
        self._fill()
        if self._left < amount:
            return False
        self._left -= amount
        return True

    def wait(self, amount: float = 1.0) -> float:
        """Seconds until there is so much again."""
        self._fill()
        return max(0.0, (amount - self._left) / self._rate)

    def _fill(self) -> None:
        now = self._now()
        self._left = min(self._most, self._left + max(0.0, now - self._at) * self._rate)
        self._at = now


class WrongCodes:
    """Counts wrong codes by address and in all, since a whole hotel may come from one address and a net from many.

    There are 29 ** 8 = 5.0e11 codes. At the sixty guesses a minute of one address, or the two hundred of all together,
    one of the forty codes of a workshop is found after sixty years on the average: half of 5.0e11 / 40 / 200 minutes.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._all = Allowance(now, rate=200 / 60, most=200)
        self._by: OrderedDict[str, Allowance] = OrderedDict()

    def wait(self, address: str) -> float:
        """Seconds for which this address has to wait before it may try a code; 0 where it may at once."""
        found = self._by.get(network_of(address))
        return max(self._all.wait(), found.wait() if found is not None else 0.0)

    def count(self, address: str) -> None:
        """Notes a wrong code."""
        address = network_of(address)
        found = self._by.pop(address, None) or Allowance(self._now, rate=1.0, most=20)
        self._by[address] = found
        while len(self._by) > MOST_ADDRESSES:
            self._by.popitem(last=False)
        # Both count, whatever the other says.
        found.take()
        self._all.take()


def network_of(address: str) -> str:
    """What counts as one address: of IPv6 the network, in which every machine takes as many addresses as it likes."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return address


class FewWords(logging.Filter):
    """Lets through so many messages and no more: knocking with garbage must not fill the disk with our own log."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._left = Allowance(now, rate=1.0, most=300)

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether there is room for this one."""
        return self._left.take()
