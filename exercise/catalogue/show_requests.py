"""Kinds of request as text and data for `exercise commitments`, beside what `show` does for the other entries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from exercise.catalogue import Catalogue
from exercise.catalogue.requests import RequestBook
from exercise.catalogue.show import FOOTER, filled, row, rows
from exercise.core.requests.kinds import RequestDetector, RequestKind
from exercise.core.times import format_duration
from exercise.errors import UsageError
from exercise.language import Told, _

__all__ = ["DETECTORS", "detail", "find", "lines", "record"]

DETECTORS: Mapping[RequestDetector, str] = Told(
    {
        "complete": "it said all that it has to say when it was first sent",
        "fit-channel": "it went by a fit, standing channel",
        "urgent-route": "it was marked urgent, with a deadline",
        "handling-stated": "whoever gave something said how it may be used",
        "conditions-kept": "whoever accepted conditions kept to them",
        "basis-named": "it named a legal basis",
        "answered-in-time": "the addressee answered before it lapsed",
        "gap-named": "the addressee named what was missing, or answered all the same",
        "reasons-given": "a refusal had a ground and reasons, with a part offered",
        "carried-out": "what was accepted was then done",
        "kept-long-enough": "data were kept long enough",
        "check-first": "the addressee went to a judge before it used a power",
        "specified-only": "the addressee did no more than was specified",
    }
)
"""What each detector finds where it finds conduct in order, as the page says it."""


def find(catalogue: Catalogue, book: RequestBook, typed: str) -> RequestKind | None:
    """The kind of this id, if it is one; a slip that comes nearest to a kind is told as one."""
    kinds = book.kinds
    name = typed.strip().lower()
    known = [*kinds, *(entry.id.lower() for entry in catalogue.entries())]
    near = get_close_matches(name, known, n=1)
    if name not in known and near and near[0] in kinds:
        raise UsageError(f"No entry {typed[:60]!r} in the catalogue; did you mean '{near[0]}'?")
    return kinds.get(name)


def lines(kinds: Sequence[RequestKind]) -> Iterator[str]:
    """Lay a list of kinds out: what each is called, by which channels it goes and on what it rests."""
    if not kinds:
        return
    for kind in kinds:
        yield f"{kind.id:<24}{kind.name}"
        for label, names in ((_("by"), kind.channels), (_("rests on"), kind.basis)):
            yield filled(f"{label} {', '.join(names)}", " " * 24, " " * 26)
    yield ""
    yield _("{number} kinds of request in all.").format(number=len(kinds))
    yield _("One in full: exercise commitments ID")


def detail(catalogue: Catalogue, book: RequestBook, kind: RequestKind) -> str:
    """Show one kind in full: what it demands and why, by which ways, and what it is marked under."""
    parts = _kind(catalogue, book, kind)
    return "\n".join(part for part in parts if part is not None)


def _kind(catalogue: Catalogue, book: RequestBook, kind: RequestKind) -> Iterator[str | None]:
    yield f"{kind.id}  {kind.name}"
    yield ""
    yield row(_("What"), kind.about)
    yield row(_("When"), kind.use)
    yield from rows(_("Rests on"), [_clause(catalogue, name) for name in kind.basis])
    yield from rows(_("By"), [_channel(book, name) for name in kind.channels])
    yield from rows(_("Notes"), list(_notes(kind)))
    if kind.elements:
        yield "\n" + _("What it has to say")
    for element in kind.elements:
        yield f"  {element.name}" + ("" if element.required else f" ({_('may be left out')})")
        yield filled(element.ask, " " * 4, " " * 4)
        yield filled(_("Why: {reason}").format(reason=element.why), " " * 4, " " * 9)
    if kind.grounds:
        yield "\n" + _("It may be refused because")
    for ground in kind.grounds:
        text = ground.name + (f" ({_clause(catalogue, ground.clause)})" if ground.clause else "")
        yield filled(text, "  - ", " " * 4)
    if kind.marks:
        yield "\n" + _("It is marked under")
    for detector, names in kind.marks.items():
        yield filled(f"{DETECTORS[detector]}: {', '.join(names)}", "  - ", " " * 4)
    yield ""
    yield row(
        _("Reading"), _("What it demands and what it is marked under is this project's reading.") + f" {_(FOOTER)}"
    )


def _clause(catalogue: Catalogue, name: str) -> str:
    item = catalogue.commitment(name)
    return f"{name}: {catalogue.instrument_of(item).short}, {item.clause}"


def _channel(book: RequestBook, name: str) -> str:
    channel = book.channels[name]
    return f"{channel.name} ({name}), {format_duration(channel.transit) if channel.transit else _('at once')}"


def _notes(kind: RequestKind) -> Iterator[str]:
    if kind.shape == "gives":
        yield _("It gives information; nobody has to do anything for it.")
    if kind.automatic:
        yield _("The desk answers by itself.")
    if kind.volatile:
        yield _("What it is about may be lost: mark it urgent and name a deadline.")
    if kind.coercive:
        yield _("Carrying it out uses a power over persons or data.")
    if kind.least_days:
        yield _("Data are to be kept for {days} days at least.").format(days=kind.least_days)
    if kind.lifts:
        yield _("Agreeing to it lifts the conditions on what it is about.")


def record(kind: RequestKind) -> dict[str, Any]:
    """A kind as data, for programs that read the list."""
    return {"type": "request-kind", **kind.model_dump(mode="json")}
