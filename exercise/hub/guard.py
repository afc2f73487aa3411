"""Bounds on what anybody may ask: so often, so much, and so many wrong codes before one has to wait."""

from __future__ import annotations

import ipaddress
import logging
import time
from collections import OrderedDict
from collections.abc import Callable

MOST_ADDRESSES = 4_096
"""Addresses whose wrong codes are counted one by one; those of any more count as one address's."""


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

    def has(self, amount: float = 1.0) -> bool:
        """Whether there is so much left."""
        self._fill()
        return self._left >= amount

    @property
    def full(self) -> bool:
        """Whether nothing was taken for as long as it takes to fill."""
        return self.has(self._most)

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

    An address may try sixty a minute. Three an hour of these are its own, so that whoever comes from elsewhere is heard
    while others guess; the rest comes out of two hundred a minute for all together.

    There are 29 ** 8 = 5.0e11 codes. At those two hundred, and two hundred more of a net that takes all its addresses'
    own, one of the forty codes of a workshop is found after thirty years on the average: half of 5.0e11 / 40 / 400
    minutes. From one address, or ten, it takes sixty or more.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._all = Allowance(now, rate=200 / 60, most=200)
        self._by: OrderedDict[str, _Tries] = OrderedDict()
        self._more = _Tries(now)

    def wait(self, address: str) -> float:
        """Seconds for which this address has to wait before it may try a code; 0 where it may at once."""
        address = network_of(address)
        found = self._by.get(address)
        if found is None:
            if len(self._by) < MOST_ADDRESSES:
                return 0.0
            found = self._more
        return max(found.any.wait(), 0.0 if found.own.has() else self._all.wait())

    def count(self, address: str) -> None:
        """Notes a wrong code."""
        address = network_of(address)
        found = self._by.pop(address, None)
        # Whoever has long been quiet is as good as new; the first in the row was heard of longest ago.
        while self._by and next(iter(self._by.values())).own.full:
            self._by.popitem(last=False)
        if found is None and len(self._by) >= MOST_ADDRESSES:
            found = self._more
        else:
            found = self._by[address] = found or _Tries(self._now)
        found.any.take()
        if not found.own.take():
            self._all.take()


class _Tries:
    """What one address may try."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.any = Allowance(now, rate=1.0, most=20)
        self.own = Allowance(now, rate=3 / 3_600, most=3)


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
        fault = record.exc_info[0] if record.exc_info else None
        if fault is not None and fault.__module__ == "aiohttp.http_exceptions":
            record.exc_info = None  # A stranger's bad request: a line of it will do.
        return self._left.take()


def use_few_words() -> None:
    """Bounds what this process writes to its own log, once it has been set up."""
    for handler in logging.getLogger().handlers:
        handler.addFilter(FewWords())
