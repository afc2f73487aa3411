"""The catalogue as text and JSON for `exercise commitments`: pure functions, so that any door can show the same.

`run` does the whole command; `select`, `lines`, `detail` and `as_json` are its parts.
"""

from __future__ import annotations

import json as json_text
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from enum import StrEnum
from itertools import groupby
from typing import Any, TypeVar

from exercise.catalogue import Catalogue, Entry, load_catalogue
from exercise.catalogue.requests import load_requests
from exercise.catalogue.translated import told
from exercise.core.commitments import (
    CEILINGS,
    CERTAINTIES,
    FORCES,
    Actor,
    Area,
    Certainty,
    Commitment,
    Force,
    Instrument,
    Kind,
    Testable,
    Threat,
)
from exercise.core.requests.kinds import RequestKind
from exercise.errors import UsageError
from exercise.language import N_, Told, _, folded

__all__ = ["WIDTH", "as_json", "detail", "lines", "run", "select"]

WIDTH = 80
NOTHING = N_("Nothing in the catalogue matches.")
FOOTER = N_("A paraphrase for training, in this project's words. For legal work read the text itself.")

TESTS: Mapping[Testable, str] = Told(
    {
        Testable.TURN: "conduct visible in a turn",
        Testable.POSTURE: "posture before the crisis, or an undertaking after it",
        Testable.CONTEXT: "context: shown, never scored",
    }
)
PLAYED_BY: Mapping[str, str] = Told(
    {
        "control": "exercise control only, under a clear notice",
        "model": "a fictional counterpart",
        "team": "a team or a seat, or exercise control",
        "not-played": "no one",
    }
)

_Choice = TypeVar("_Choice", bound=StrEnum)


def run(
    entry_id: str | None = None,
    *,
    text: str = "",
    instrument: str = "",
    kind: str = "",
    area: str = "",
    force: str = "",
    test: str = "",
    threat: bool = False,
    actors: bool = False,
    kinds: bool = False,
    json: bool = False,
    texts: Mapping[str, str] | None = None,
) -> str:
    """Do `exercise commitments`: one entry in full, or the list that the filters leave, as text or JSON.

    `texts` are what another language has for the catalogue's own, by id; words are looked for in both.
    """
    from exercise.catalogue import show_requests  # Here, since it lays out with the functions below.

    written, catalogue = load_catalogue(), told(load_catalogue(), texts or {})
    book = told(load_requests(), texts or {})
    if entry_id:
        if any((text, instrument, kind, area, force, test, threat, actors, kinds)):
            raise UsageError("Give an id or filters, not both: an id shows one entry, filters a list.")
        if found := show_requests.find(catalogue, book, entry_id):
            return dumps(show_requests.record(found)) if json else show_requests.detail(catalogue, book, found)
        return as_json(catalogue, catalogue.find(entry_id)) if json else detail(catalogue, entry_id)
    if kinds:
        if any((instrument, kind, area, force, test, threat, actors)):
            raise UsageError("Kinds of request are chosen by --text alone; leave the other filters out.")
        words, before = folded(text).split(), load_requests().kinds
        chosen = [row for id, row in book.kinds.items() if has(row, words) or has(before[id], words)]
        if json:
            return dumps([show_requests.record(row) for row in chosen])
        return "\n".join(show_requests.lines(chosen)) or _(NOTHING)
    found_in = {
        entry.id
        for one in ((written, catalogue) if texts and text else (catalogue,))
        for entry in select(
            one,
            text=text,
            instrument=instrument,
            kind=kind,
            area=area,
            force=force,
            test=test,
            threat=threat,
            actors=actors,
        )
    }
    entries = [entry for entry in catalogue.entries() if entry.id in found_in and not isinstance(entry, Instrument)]
    return as_json(catalogue, entries) if json else "\n".join(lines(catalogue, entries))


def select(
    catalogue: Catalogue,
    *,
    text: str = "",
    instrument: str = "",
    kind: str = "",
    area: str = "",
    force: str = "",
    test: str = "",
    threat: bool = False,
    actors: bool = False,
) -> tuple[Commitment | Threat | Actor, ...]:
    """Choose commitments, or threats, or actors, by words in them and by what they are.

    `instrument` is an id, a prefix (`bc`) or a short title; the others take the catalogue's own words, capitals and
    kinds of dash aside. A word that is none of them is an error that names the nearest, not an empty list.
    """
    if threat and actors:
        raise UsageError("Ask for threats or for actors, not for both at once.")
    if (threat or actors) and any((kind, area, force, test)):
        raise UsageError("Kind, area, force and test choose commitments; threats and actors have none of them.")
    if actors and instrument:
        raise UsageError("Actors belong to no instrument; leave that filter out.")
    wanted = _instrument_id(catalogue, instrument) if instrument else None
    words = folded(text).split()
    if actors:
        return tuple(actor for actor in catalogue.actors.values() if has(actor, words))
    if threat:
        rows = (row for row in catalogue.threats.values() if wanted in (None, row.instrument))
        return tuple(row for row in rows if has(row, words))
    kinds = _choice("kind", kind, Kind)
    areas = _choice("area", area, Area)
    forces = _choice("force", force, Force)
    tests = _choice("test", test, Testable)
    return tuple(
        item
        for item in catalogue.commitments.values()
        if wanted in (None, item.instrument)
        and kinds in (None, item.kind)
        and areas in (None, catalogue.area_of(item))
        and forces in (None, catalogue.force_of(item))
        and tests in (None, item.test)
        and has(item, words)
    )


def _plain(word: str) -> str:
    return word.strip().lower().replace("–", "-").replace(" ", "-")


def _choice(name: str, word: str, choices: type[_Choice]) -> _Choice | None:
    if not word:
        return None
    known = {_plain(choice.value): choice for choice in choices}
    found = known.get(_plain(word))
    if found is None:
        near = get_close_matches(_plain(word), known, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"known are {', '.join(known)}."
        raise UsageError(f"No {name} {word[:60]!r}; {hint}")
    return found


def _instrument_id(catalogue: Catalogue, word: str) -> str:
    for item in catalogue.instruments.values():
        if _plain(word) in (item.id, item.prefix, _plain(item.short)):
            return item.id
    return catalogue.instrument(word).id


def has(entry: Entry | RequestKind, words: Sequence[str]) -> bool:
    """Whether all these words stand somewhere in an entry, for a search that needs no field."""
    if not words:
        return True
    text = folded(" ".join(_texts(entry.model_dump(mode="json"))))
    return all(word in text for word in words)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def lines(catalogue: Catalogue, entries: Iterable[Commitment | Threat | Actor]) -> list[str]:
    """Lay a list out in lines of at most 80 columns, under a heading for each instrument."""
    rows = list(entries)
    if not rows:
        return [_(NOTHING)]
    if isinstance(rows[0], Actor):
        return [line for row in rows if isinstance(row, Actor) for line in _actor_line(row)]
    listed: list[str] = []
    for name, group in groupby((row for row in rows if not isinstance(row, Actor)), key=lambda row: row.instrument):
        held = list(group)
        text = catalogue.instrument(name)
        listed += ["", _cut(f"{text.short} ({text.force or 'cited'}, {len(held)})", WIDTH)]
        for row in held:
            listed += [_commitment_line(row)] if isinstance(row, Commitment) else _threat_lines(row)
    total = _("{number} in all.").format(number=len(rows))
    tests = f" {_('T seen in a turn, P posture, X context.')}" if isinstance(rows[0], Commitment) else ""
    return [*listed[1:], "", f"{total}{tests}", _("One in full: exercise commitments ID")]


def _commitment_line(item: Commitment) -> str:
    return _cut(f"  {item.id:<7} {item.test.value} {_cut(item.title, 43):<43} {item.kind.value}", WIDTH)


def _threat_lines(item: Threat) -> list[str]:
    played = ", ".join(scenario.scenario for scenario in item.scenarios)
    text = item.says + (f" [{played}]" if played else "")
    return textwrap.wrap(text, WIDTH, initial_indent=f"  {item.id:<7} ", subsequent_indent=" " * 10)


def _actor_line(actor: Actor) -> list[str]:
    text = f"{actor.name}. {actor.speed}"
    return textwrap.wrap(text, WIDTH, initial_indent=f"{actor.id:<27} ", subsequent_indent=" " * 28)


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"


def detail(catalogue: Catalogue, entry_id: str) -> str:
    """Show one commitment, instrument, threat or actor in full, for reading in a terminal."""
    entry = catalogue.find(entry_id)
    match entry:
        case Commitment():
            parts = _commitment(catalogue, entry)
        case Instrument():
            parts = _instrument(catalogue, entry)
        case Threat():
            parts = _threat(catalogue, entry)
        case Actor():
            parts = _actor(entry)
    return "\n".join(part for part in parts if part is not None)


def row(label: str, text: str) -> str | None:
    """One labelled paragraph; nothing where there is no text, so that a page shows no empty heading."""
    if not text:
        return None
    return filled(text, f"{label:<12} ", " " * 13)


def filled(text: str, first: str = "", later: str = "") -> str:
    """A paragraph; ids stay whole, so that they can be found and copied."""
    return textwrap.fill(text, WIDTH, initial_indent=first, subsequent_indent=later, break_on_hyphens=False)


def rows(label: str, texts: Sequence[str]) -> Iterator[str | None]:
    """A labelled list, a dash before each, since the label stands only once."""
    for number, text in enumerate(texts):
        head = f"{label if number == 0 else '':<12} - "
        yield filled(text, head, " " * 15)


def _period(first: object, last: object) -> str:
    since = first or _("a day not established")
    return (
        _("from {since} until {last}").format(since=since, last=last) if last else _("from {since}").format(since=since)
    )


def _binds(force: Force) -> str:
    return f"{FORCES[force]}: {CEILINGS[force]}"


def _sure(certainty: Certainty, note: str = "") -> str:
    return f"{certainty.value}: {CERTAINTIES[certainty]}" + (f". {note}" if note else "")


def _commitment(catalogue: Catalogue, item: Commitment) -> Iterator[str | None]:
    text = catalogue.instrument_of(item)
    force = catalogue.force_of(item)
    yield f"{item.id}  {item.title}"
    yield _cut(f"{text.short}, {item.clause}", WIDTH)
    yield ""
    yield row(_("Says"), item.says)
    yield row(_("Honours"), item.honours)
    yield row(_("Neglects"), item.neglects)
    yield row(_("Acts against") if force is Force.PRINCIPLE else _("Breaches"), item.breaches)
    if item.reading == "project" and item.honours:
        yield row(_("Reading"), _("What honours, neglects and breaches it is this project's reading."))
    yield ""
    yield row(_("Text"), f"{text.title} ({text.id})")
    counted = _("{kind}; counted under {area}")
    yield row(_("Kind"), counted.format(kind=_(item.kind.value), area=_(catalogue.area_of(item).value)))
    yield row(_("Force"), _binds(force))
    yield row(_("Addressees"), item.addressees or text.addressees)
    yield row(_("In force"), _period(*catalogue.period_of(item)))
    yield row(_("Test"), f"{item.test.value}: {TESTS[item.test]}")
    yield row(_("Own verb"), item.verb)
    yield from rows(_("Facts"), item.facts)
    yield row(_("Related"), ", ".join(item.related))
    yield row(_("Certainty"), _sure(item.certainty, item.certainty_note))
    yield from rows(_("Notes"), item.notes)
    yield ""
    yield filled(_(FOOTER))


def _instrument(catalogue: Catalogue, text: Instrument) -> Iterator[str | None]:
    held = catalogue.commitments_of(text.id)
    yield _cut(f"{text.id}  {text.short}", WIDTH)
    yield ""
    yield row(_("Title"), text.title)
    yield row(_("Body"), text.body)
    yield row(_("Number"), text.number or _("none known"))
    yield row(_("Adopted"), ". ".join(part for part in (str(text.adopted or ""), text.adopted_note) if part))
    yield row(_("Place"), text.place)
    yield row(_("Force"), _binds(text.force) if text.force else _("cited only; conduct is scored where it is cited"))
    yield row(_("Addressees"), text.addressees)
    yield row(_("In force"), _period(text.in_force_from, text.in_force_until) if held else "")
    yield row(_("Structure"), text.structure)
    yield row(_("Cited by"), ", ".join(text.cited_by))
    yield row(_("Certainty"), _sure(text.certainty))
    yield from rows(_("Notes"), text.notes)
    if held:
        yield ""
        yield from (_commitment_line(item) for item in held)


def _threat(catalogue: Catalogue, item: Threat) -> Iterator[str | None]:
    text = catalogue.instrument(item.instrument)
    yield filled(f"{text.short}, {item.clause}", f"{item.id}  ", " " * (len(item.id) + 2))
    yield ""
    yield row(
        _("Threat"), item.says + (f" ({_('The text implies this; it does not say it.')})" if item.implied else "")
    )
    yield from rows(_("Scenarios"), [f"{s.scenario}: {s.idea}" if s.idea else s.scenario for s in item.scenarios])
    yield row(_("Play"), "" if item.playable else _("Never played as content."))
    yield from rows(_("Notes"), item.notes)


def _actor(actor: Actor) -> Iterator[str | None]:
    yield filled(actor.name, f"{actor.id}  ", " " * (len(actor.id) + 2))
    yield ""
    yield row(_("What"), actor.what)
    yield row(_("Called for"), actor.called_for)
    yield row(_("Speed"), actor.speed + (f" {_('A design value for an exercise.')}" if actor.answers_after else ""))
    if actor.answers_after:
        yield row(_("Clock"), _("{least} to {most}").format(least=actor.answers_after[0], most=actor.answers_after[1]))
    yield row(_("Crisis"), "" if actor.operational else _("no responder in a crisis"))
    yield row(_("History"), _("until {day}").format(day=actor.historical_until) if actor.historical_until else "")
    yield row(_("Played by"), PLAYED_BY[actor.play])
    yield row(_("Certainty"), _sure(actor.certainty))
    yield from rows(_("Notes"), actor.notes)


def as_json(catalogue: Catalogue, entries: Entry | Iterable[Entry]) -> str:
    """Write one entry as an object, or several as a list, with what a commitment takes over from its text filled in."""
    if isinstance(entries, Commitment | Instrument | Threat | Actor):
        record: Any = _record(catalogue, entries)
    else:
        record = [_record(catalogue, entry) for entry in entries]
    return dumps(record)


def dumps(record: Any) -> str:
    """Write records as JSON that people can read too."""
    return json_text.dumps(record, ensure_ascii=False, indent=2)


def _record(catalogue: Catalogue, entry: Entry) -> dict[str, Any]:
    record: dict[str, Any] = {"type": type(entry).__name__.lower(), **entry.model_dump(mode="json")}
    if isinstance(entry, Commitment):
        first, last = catalogue.period_of(entry)
        record["area"] = catalogue.area_of(entry).value
        record["force"] = catalogue.force_of(entry).value
        record["addressees"] = entry.addressees or catalogue.instrument_of(entry).addressees
        record["in_force_from"] = first.isoformat() if first else None
        record["in_force_until"] = last.isoformat() if last else None
    if isinstance(entry, Instrument):
        record["commitments"] = [item.id for item in catalogue.commitments_of(entry.id)]
    return record
