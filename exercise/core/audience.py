"""Who a message reaches: one rule for inboxes, receipts and views."""

from __future__ import annotations

from functools import lru_cache

from exercise.core.asked import FACILITATOR


@lru_cache(maxsize=4096)
def reaches(audience: tuple[str, ...], seat: str) -> bool:
    """Whether a message to this audience reaches a seat; a seat for a whole team gets what its roles get."""
    team, _, role = seat.partition("/")
    if seat == FACILITATOR:
        return True
    for address in audience:
        to_team, _, to_role = address.partition("/")
        if address == "all" or (to_team == team and (not to_role or not role or to_role == role)):
            return True
    return False
