"""The nearest right name to one that is not known, because most unknown names are slips of the hand."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

__all__ = ["did_you_mean", "key_meant", "nearest", "or_known"]

# Comparing is quadratic in the length, and nobody misspells a name of this length by a letter.
_LONGEST = 64
_MOST = 500


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", "", name).casefold()


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate most like `name`, or None where none is near.

    Capitals, spaces, hyphens and underscores are looked through first: they are what people mix up most.
    """
    known = sorted(set(candidates))[:_MOST]
    if not known or not name or len(name) > _LONGEST:
        return None
    plain: dict[str, str] = {}
    for candidate in known:
        plain.setdefault(_plain(candidate), candidate)
    wanted = _plain(name)
    if wanted in plain:
        return plain[wanted]
    close = get_close_matches(wanted, plain, n=1, cutoff=0.66)
    return plain[close[0]] if close else None


def did_you_mean(name: str, candidates: Iterable[str]) -> str:
    """Return "; did you mean 'x'?" to put behind a message about an unknown name, or '' where nothing is near."""
    found = nearest(name, candidates)
    return f"; did you mean '{found}'?" if found is not None else ""


_FEW = 8


def or_known(name: str, candidates: Iterable[str]) -> str:
    """Return what `did_you_mean` does, or where nothing is near all there is to choose from, if that is not much."""
    known = sorted(set(candidates))
    return did_you_mean(name, known) or (f"; known: {', '.join(known)}" if 0 < len(known) <= _FEW else "")


_USUAL = {
    **dict.fromkeys(("message", "body", "content", "description", "question"), "text"),
    **dict.fromkeys(("subject", "name", "headline", "heading"), "title"),
    **dict.fromkeys(("recipient", "recipients", "audience", "receiver", "teams", "team"), "to"),
    "time": "at",
    **dict.fromkeys(("begin", "begins", "start"), "starts"),
    **dict.fromkeys(("sender", "source"), "from"),
    **dict.fromkeys(("method", "means", "medium"), "channel"),
    **dict.fromkeys(("reason", "why"), "because"),
    **dict.fromkeys(("choices", "answers", "responses"), "options"),
    **dict.fromkeys(("duration", "length"), "minutes"),
    **dict.fromkeys(("above", "over", "more", "minimum", "min"), "at_least"),
    **dict.fromkeys(("under", "less", "maximum", "max"), "below"),
    **dict.fromkeys(("change", "amount", "add", "value"), "by"),
    **dict.fromkeys(("answer", "choice"), "chose"),
    **dict.fromkeys(("after", "since"), "from"),
    **dict.fromkeys(("before", "till"), "until"),
    "and": "all",
    "or": "any",
    "to": "team",
    "end": "ends",
}
"""What people call a key who know it from elsewhere."""


def key_meant(key: str, keys: Iterable[str]) -> str | None:
    """Return the key that was probably meant by an unknown one: by what it usually means, or by its letters."""
    known = tuple(keys)
    usual = _USUAL.get(key.casefold())
    return usual if usual in known else nearest(key, known)
