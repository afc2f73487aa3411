"""Connections that have not said who they are: how long they may stay, and how many there may be of one address.

A connection costs the hub a file handle before a single byte has come by it, and there are only so many of these.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable
from typing import Any

from exercise.hub.guard import network_of

MOST_KNOCKING, MOST_KNOCKING_FROM_ONE = 400, 100
"""Connections that are not in yet, in all and from one address: a whole room may share one behind a router."""


class Threshold:
    """Knows who is in, and cuts who stands outside for too long or in too great a crowd."""

    def __init__(self, within: float) -> None:
        self.inside_port = 0
        """The port of this machine's own workers, where the whole room comes from one address."""
        self.inside: set[object] = set()
        """Transports of those who are in."""
        self._within = within
        self._since: dict[object, float] = {}

    def cut(self, handlers: Iterable[Any]) -> None:
        """Looks at all connections of a server; to be called a few times a second."""
        now, before = asyncio.get_running_loop().time(), self._since
        outside = [
            transport
            for transport in (handler.transport for handler in handlers)
            if transport is not None and transport not in self.inside and not transport.is_closing()
        ]
        self._since = {transport: before.get(transport, now) for transport in outside}
        left, by = len(outside), Counter(self._counted(transport) for transport in outside)
        # In a crowd those go first who have stood there longest: a newcomer says at once who it is.
        for transport in sorted(outside, key=self._since.__getitem__):
            address = self._counted(transport)
            crowd = left > MOST_KNOCKING or (address and by[address] > MOST_KNOCKING_FROM_ONE)
            if crowd or now - self._since[transport] > self._within:
                left, by[address] = left - 1, by[address] - 1
                transport.abort()

    def _counted(self, transport: Any) -> str:
        """The address that a connection counts for; '' for this machine's own workers, who bring the whole room."""
        if (transport.get_extra_info("sockname") or ("", 0))[1] == self.inside_port:
            return ""
        return network_of(str((transport.get_extra_info("peername") or ("",))[0]))
