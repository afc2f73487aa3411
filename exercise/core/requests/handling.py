"""How conditions travel with what they cover, and when passing something on goes against them."""

from __future__ import annotations

from exercise.core.requests.kinds import Handling, Purpose, RequestKind, Tlp

_NARROWEST_FIRST = (Tlp.RED, Tlp.AMBER, Tlp.GREEN, Tlp.CLEAR)

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
    words = first.words if second.words in first.words else f"{first.words} {second.words}".strip()
    return Handling(tlp=tlp, purpose=purpose, words=words[:300])


def against(handling: Handling | None, giver: str | None, kind: RequestKind, to: str, channel: str) -> bool:
    """Whether sending something held under these conditions, by this kind to this party, goes against them."""
    if handling is None or to == giver:
        return False
    if handling.purpose is not Purpose.ANY and kind.purpose not in (Purpose.ANY, handling.purpose):
        return True
    match handling.tlp:
        case Tlp.RED:
            return True
        case Tlp.AMBER:
            return channel not in OPERATOR_CHANNELS
        case Tlp.GREEN:
            return channel in OPEN_CHANNELS or kind.purpose is Purpose.PUBLIC
        case Tlp.CLEAR:
            return False
