"""How conditions travel with what they cover, and when passing something on goes against them."""

from __future__ import annotations

from exercise.core.requests.kinds import Handling, Purpose, Tlp
from exercise.core.requests.state import Holding

_NARROWEST_FIRST = (Tlp.RED, Tlp.AMBER, Tlp.GREEN, Tlp.CLEAR)

OTHER_PURPOSE = r" ?Only for [a-z]+ as well\."
"""How a second purpose stands in the words of conditions, as a pattern."""

OPEN_CHANNELS = ("press",)
"""Channels whose addressee is the public."""

OPERATOR_CHANNELS = ("operator-hotline",)
"""Channels to those who run systems, who may have amber information to protect themselves."""


def narrower(first: Handling | None, second: Handling | None) -> Handling | None:
    """Both conditions together: who passes on what it holds under conditions can add to them, never take away."""
    if first is None or second is None:
        return first or second
    tlp = min(first.tlp, second.tlp, key=_NARROWEST_FIRST.index)
    purpose = first.purpose if first.purpose is not Purpose.ANY else second.purpose
    # A second purpose has no place of its own beside the first, and must not be lost.
    other = f"Only for {second.purpose} as well." if second.purpose not in (Purpose.ANY, purpose) else ""
    return Handling(tlp=tlp, purpose=purpose, words=_joined(_joined(first.words, second.words), other)[:300])


def _joined(first: str, second: str) -> str:
    if first in second:
        return second
    return first if second in first else f"{first} {second}"


def binding(holding: Holding | None, holder: str) -> Handling | None:
    """The conditions that bind whoever holds something; nobody is bound by what it asks of others about its own."""
    return None if holding is None or holding.giver == holder else holding.handling


def against(handling: Handling | None, giver: str | None, purpose: Purpose, to: str, channel: str) -> bool:
    """Whether sending something held under these conditions, for this purpose to this party, goes against them."""
    if handling is None or to == giver:
        return False
    if handling.purpose is not Purpose.ANY and purpose not in (Purpose.ANY, handling.purpose):
        return True
    match handling.tlp:
        case Tlp.RED:
            return True
        case Tlp.AMBER:
            return channel not in OPERATOR_CHANNELS
        case Tlp.GREEN:
            return channel in OPEN_CHANNELS or purpose is Purpose.PUBLIC
        case Tlp.CLEAR:
            return False
