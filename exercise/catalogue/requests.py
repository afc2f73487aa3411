"""Kinds of cooperation request and their channels as data: what the instruments make of asking, giving and answering.

`load_requests` reads `requests.yaml` into one frozen `RequestBook`; the types live in `exercise.core.requests.kinds`,
so that the rules need no file. A scenario may add kinds and channels of its own.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar

from exercise.catalogue import Catalogue, _add, _read
from exercise.core.acts import ActKind
from exercise.core.commitments import Testable
from exercise.core.requests.kinds import Channel, RequestKind, Step

__all__ = ["FILE", "RequestBook", "load_requests", "request_problems"]

FILE = "requests.yaml"

_ASKING = frozenset(
    {
        ActKind.WARN,
        ActKind.SHARE,
        ActKind.CONTACT,
        ActKind.CONSULT,
        ActKind.PRESERVE,
        ActKind.TELL_PARLIAMENT,
        ActKind.TELL_PUBLIC,
        ActKind.ADVISE_USERS,
        ActKind.INVOLVE_OPERATOR,
        ActKind.SEEK_CHECK,
        ActKind.SEEK_HELP,
    }
)
_AGREEING = frozenset({ActKind.CONSULT, ActKind.CONTACT})
_DOING = _AGREEING | {ActKind.ANSWER, ActKind.SHARE, ActKind.PRESERVE, ActKind.COERCE, ActKind.CONDEMN}

ACTS_OF_STEP: Mapping[Step, frozenset[ActKind]] = MappingProxyType(
    {
        Step.SENT: _ASKING,
        Step.ACCEPTED: _AGREEING,
        Step.PART: _AGREEING,
        Step.FULFILLED: _DOING,
        Step.REFUSED: frozenset({ActKind.REFUSE, ActKind.REFUSE_CONTACT}),
    }
)
"""Which acts a step can be: whoever sends it, agrees to it, carries it out or turns it down does different things."""

_Item = TypeVar("_Item", RequestKind, Channel)


@dataclass(frozen=True)
class RequestBook:
    """All kinds of request and all channels by id, in the order of the file."""

    kinds: Mapping[str, RequestKind]
    channels: Mapping[str, Channel]


@functools.cache
def load_requests() -> RequestBook:
    """Read the kinds and channels that the package carries, once a process."""
    data = _read(FILE)
    return RequestBook(
        kinds=_items(RequestKind, data.get("kinds", [])), channels=_items(Channel, data.get("channels", []))
    )


def _items(model: type[_Item], rows: Any) -> Mapping[str, _Item]:
    found: dict[str, _Item] = {}
    _add(found, model, rows if isinstance(rows, list) else [rows], FILE)
    return MappingProxyType(found)


def request_problems(book: RequestBook, catalogue: Catalogue) -> list[str]:
    """List what does not fit together in a book of requests, one line each; empty where all references hold."""
    found = []
    for channel in book.channels.values():
        found += [f"{channel.id}: {line}" for line in _unknown(channel.clauses, catalogue, "clauses")]
    for kind in book.kinds.values():
        found += [f"{kind.id}: {line}" for line in _problems_of_kind(kind, book, catalogue)]
    return found


def _problems_of_kind(kind: RequestKind, book: RequestBook, catalogue: Catalogue) -> Iterator[str]:
    if any(entry.id.lower() == kind.id for entry in catalogue.entries()):
        yield "an entry of the catalogue has this id"
    yield from _unknown(kind.basis, catalogue, "basis")
    yield from _unknown([ground.clause for ground in kind.grounds if ground.clause], catalogue, "grounds")
    yield from _twice([element.id for element in kind.elements], "element")
    yield from _twice([ground.id for ground in kind.grounds], "ground")
    yield from _twice(kind.channels, "channel")
    for name in kind.channels:
        if name not in book.channels:
            yield f"no channel '{name}'"
        elif not book.channels[name].standing:
            yield f"channel '{name}' did not stand before the crisis, so it is fit for nothing"
    if kind.shape == "asks" and not kind.grounds:
        yield "asks for something and knows no ground to refuse it"
    yield from _problems_of_acts(kind)
    yield from _problems_of_marks(kind, catalogue)


def _problems_of_acts(kind: RequestKind) -> Iterator[str]:
    for step, acts in kind.acts.items():
        for act in acts:
            if act not in ACTS_OF_STEP.get(step, frozenset()):
                yield f"acts: '{act.value}' is nothing that '{step.value}' can be"
        if kind.shape == "gives" and step is not Step.SENT:
            yield f"acts: who is given something does nothing by '{step.value}'"
    for ground in kind.grounds:
        if not ACTS_OF_STEP[Step.REFUSED].issuperset(ground.acts or ()):
            yield f"ground '{ground.id}': a refusal is one of 'refuse' and 'refuse-contact'"
    if kind.shape == "asks" and not kind.acts.get(Step.REFUSED):
        yield "acts: asks for something, so that 'refused' must be an act"
    if kind.coercive and ActKind.COERCE not in kind.acts.get(Step.FULFILLED, ()):
        yield "acts: is coercive, so that 'fulfilled' must coerce"


def _problems_of_marks(kind: RequestKind, catalogue: Catalogue) -> Iterator[str]:
    needs = {
        "complete": (bool(kind.demanded), "demands nothing"),
        "gap-named": (bool(kind.demanded), "demands nothing"),
        "urgent-route": (kind.volatile, "is not volatile"),
        "reasons-given": (bool(kind.grounds), "knows no ground to refuse"),
        "carried-out": (kind.shape != "gives", "asks for nothing"),
        "kept-long-enough": (kind.least_days is not None, "keeps nothing for a least number of days"),
        "check-first": (kind.coercive, "is not coercive"),
    }
    for detector, names in kind.marks.items():
        if not names:
            yield f"marks: '{detector}' names no commitment"
        met, lack = needs.get(detector, (True, ""))
        if not met:
            yield f"marks: '{detector}' has nothing to look at, since the kind {lack}"
        yield from _unknown(names, catalogue, f"marks: {detector}")
        yield from _twice(names, f"commitment under '{detector}'")
        for name in names:
            commitment = catalogue.commitments.get(name)
            if commitment and commitment.test is Testable.CONTEXT:
                yield f"marks: {detector}: '{name}' is context and never scored"


def _unknown(names: Iterable[str], catalogue: Catalogue, where: str) -> Iterator[str]:
    return (f"{where}: no commitment '{name}'" for name in names if name not in catalogue.commitments)


def _twice(names: Iterable[str], what: str) -> Iterator[str]:
    return (f"{what} '{name}' stands twice" for name, count in Counter(names).items() if count > 1)
