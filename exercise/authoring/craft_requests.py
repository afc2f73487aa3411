"""Warnings about requests that nobody can send, that lead nowhere, or that nobody would ever answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from exercise.authoring.checking import own_kinds
from exercise.authoring.nearest import did_you_mean
from exercise.authoring.problems import Path
from exercise.catalogue import load_catalogue
from exercise.catalogue.requests import RequestBook, request_problems
from exercise.core.acts import Act
from exercise.core.cast import Team
from exercise.core.commitments import Model
from exercise.core.conditions import Did, Knows, Requested
from exercise.core.requests.matters import Desk, Matter, Reply
from exercise.core.scenario import Scenario
from exercise.core.script import IncomingRequest, Inject, Learn, Occasion

SENDS = 2
"""Every team of a scenario with matters can raise at least so many of them."""

Warnings = Iterator[tuple[Path, str]]
"""Places in the file, with what is said about them."""


def warnings(scenario: Scenario, records: Sequence[Model]) -> list[tuple[Path, str]]:
    """All warnings with their places, in no order; `records` is all there is in the scenario."""
    found = [*_contacts(scenario), *_teams(scenario), *_actors(scenario), *_evidence(scenario, records)]
    named = _named(records)
    for n, matter in enumerate(scenario.matters):
        found += [(("matters", n, *path), text) for path, text in _matter(scenario, matter, named)]
    for n, inject in enumerate(scenario.injects):
        if inject.request is not None:
            asked = inject.request
            found += [(("injects", n, "request", *path), text) for path, text in _incoming(scenario, inject, asked)]
    return found + list(_own_kinds(scenario))


# --- who reaches whom ---


def can_raise(scenario: Scenario, team: Team, matter: Matter, with_: str | None = None) -> bool:
    """Whether a team may raise a matter and has a line in its directory by which it can, to this party or to any."""
    wanted = matter.holder if with_ is None or matter.holder is not None else with_
    if (matter.teams and team.id not in matter.teams) or (with_ is not None and wanted != with_):
        return False
    fit = _fit_channels(scenario, matter.kinds)
    return any(entry.via in fit and wanted in (None, entry.party) for entry in team.directory)


def _fit_channels(scenario: Scenario, kinds: tuple[str, ...]) -> set[str]:
    return {channel for name in kinds or scenario.kinds_by_id for channel in scenario.kinds_by_id[name].channels}


def _asked_by_injects(scenario: Scenario) -> list[IncomingRequest]:
    return [inject.request for inject in scenario.injects if inject.request is not None]


def _teams(scenario: Scenario) -> Warnings:
    """Where there is anything to ask about, every team has something to ask and is asked something."""
    if not scenario.matters:
        return
    for n, team in enumerate(scenario.teams):
        if not any(entry.via for entry in team.directory):
            yield ("teams", n, "directory"), f"team '{team.id}' has no entry with `via`, so it can send no request"
        else:
            sends = sum(can_raise(scenario, team, matter) for matter in scenario.matters)
            if sends < SENDS:
                text = f"team '{team.id}' can raise {sends} of the matters with somebody; it should be {SENDS} at least"
                yield ("teams", n), text
        asked = any(request.to == team.id for request in _asked_by_injects(scenario)) or any(
            other is not team and can_raise(scenario, other, matter, team.id)
            for other in scenario.teams
            for matter in scenario.matters
        )
        if not asked:
            yield ("teams", n), f"nobody can ask team '{team.id}' for anything: no team about a matter, and no inject"


def _contacts(scenario: Scenario) -> Warnings:
    for n, team in enumerate(scenario.teams):
        for m, entry in enumerate(team.directory):
            here: Path = ("teams", n, "directory", m)
            if entry.instead and not entry.stale:
                yield (
                    (*here, "instead"),
                    "this is only shown once a stale entry is put right; this one is not stale",
                )
            if not entry.stale or entry.via is None:
                continue
            if not entry.instead:
                yield (*here, "stale"), "say by `instead` what works, or the entry shows its old address once put right"
            others = [one for one in team.directory if one.party == entry.party and one.via and not one.stale]
            if not others:
                text = f"team '{team.id}' has no other way to '{entry.party}', so it can never find the right one"
                yield (*here, "stale"), text


# --- matters and evidence ---


def _matter(scenario: Scenario, matter: Matter, named: Set[str]) -> Warnings:
    raised = any(can_raise(scenario, team, matter) for team in scenario.teams)
    if not raised and all(request.matter != matter.id for request in _asked_by_injects(scenario)):
        by = f" by {', '.join(sorted(_fit_channels(scenario, matter.kinds)))}" if matter.kinds else ""
        of = f"of '{matter.holder}'" if matter.holder else "of anybody"
        yield (), f"nobody can ever raise this: no team that may has an entry {of} with `via`{by}"
    if matter.holder is None:
        for key in ("gives", "part"):
            if getattr(matter, key):
                yield (key,), "nobody holds this, so it is never handed over; name the `holder`"
    kinds = [scenario.kinds_by_id[name] for name in matter.kinds]
    if matter.gives and kinds and not any(kind.hands_over for kind in kinds):
        yield ("gives",), f"nothing hands this over: '{kinds[0].id}' only has data kept"
    actor = scenario.actors_by_id.get(matter.holder or "")
    if actor is not None and actor.desk is not None:
        yield from _held_by_desk(scenario, matter, actor.id, actor.desk)
    if matter.about is not None and matter.about not in (known := _subjects(scenario, matter, named)):
        yield ("about",), f"nothing else is about '{matter.about}'{did_you_mean(matter.about, known)}"


def _held_by_desk(scenario: Scenario, matter: Matter, holder: str, desk: Desk) -> Warnings:
    asked = [name for name in matter.kinds or scenario.kinds_by_id if scenario.kinds_by_id[name].shape == "asks"]
    taken = [name for name in asked if not desk.mandate or name in desk.mandate]
    if not asked:
        return
    if not taken:
        yield ("holder",), f"the mandate of '{holder}' leaves out every kind by which this can be asked"
    elif not any(
        (not reply.about or matter.id in reply.about) and (not reply.kinds or set(reply.kinds) & set(taken))
        for reply in desk.replies
    ):
        yield ("holder",), f"no reply of '{holder}' is for this matter, so it always refuses"


def _named(records: Sequence[Model]) -> set[str]:
    """What acts, occasions and conditions are about."""
    return {record.about for record in records if isinstance(record, Act | Occasion | Did) and record.about}


def _subjects(scenario: Scenario, but: Matter, named: Set[str]) -> Set[str]:
    """What is named anywhere as being acted on, all evidence, and the other matters."""
    others = {name for matter in scenario.matters if matter is not but for name in (matter.id, matter.subject)}
    return named | others | set(scenario.evidence_by_id)


def _evidence(scenario: Scenario, records: Sequence[Model]) -> Warnings:
    """Evidence that nobody can come to hold, and evidence asked for that makes no difference to have."""
    given: set[str] = set()
    read: set[str] = set()
    asked: set[str] = set()
    for record in records:
        match record:
            case Learn():
                given.add(record.learn)
            case Matter():
                given |= {*record.gives, *record.part}
            case Reply():
                given |= set(record.gives)
            case IncomingRequest():
                given |= set(record.encloses)
            case Knows():
                read.add(record.knows)
            case Requested():
                asked.add(record.about or "")
            case Act() | Occasion() | Did():
                read.add(record.about or "")
    for n, piece in enumerate(scenario.evidence):
        if piece.id not in given:
            yield ("evidence", n), f"nothing ever gives evidence '{piece.id}'"
    for n, matter in enumerate(scenario.matters):
        if matter.outcomes or matter.id in asked or matter.subject in read:
            continue
        for m, name in enumerate(matter.gives):
            if name not in read and scenario.evidence_by_id[name].handling is None:
                text = f"having evidence '{name}' changes nothing: no condition, occasion or outcome reads it"
                yield ("matters", n, "gives", m), text


# --- controlled actors ---


def _actors(scenario: Scenario) -> Warnings:
    reached: dict[str, set[str]] = {}
    for team in scenario.teams:
        for entry in team.directory:
            if entry.via:
                reached.setdefault(entry.party, set()).add(entry.via)
    for n, actor in enumerate(scenario.actors):
        ways = reached.get(actor.id, set())
        if actor.desk is None:
            # What only gives, as a statement to the press, needs no answer.
            waits = [k for k in scenario.request_kinds if k.shape != "gives" and not k.automatic]
            if any(ways & set(kind.channels) for kind in waits):
                yield ("actors", n), f"teams can reach '{actor.id}', and without a `desk` it never answers a request"
            continue
        if not ways:
            yield ("actors", n, "desk"), f"no team has an entry of '{actor.id}' with `via`, so this desk is never asked"
        for m, reply in enumerate(actor.desk.replies):
            for path, text in _reply(scenario, actor.desk, reply, m):
                yield ("actors", n, "desk", "replies", m, *path), text


def _reply(scenario: Scenario, desk: Desk, reply: Reply, place: int) -> Warnings:
    kinds = _kinds_for(scenario, desk, reply)
    if not kinds:
        yield ("kinds",), "this reply never comes: the mandate leaves these kinds out, or the desk answers by itself"
        return
    for number, earlier in enumerate(desk.replies[:place], 1):
        if (
            set(kinds) <= set(_kinds_for(scenario, desk, earlier))
            and _covers(earlier.about, reply.about)
            and _covers(earlier.by, reply.by)
            and earlier.when in (None, reply.when)
        ):
            yield (), f"this reply never comes, since reply {number} fits whatever it fits; put the narrower one first"
            break
    nothing = reply.answer in ("refuse", "silent") or all(scenario.kinds_by_id[k].shape == "gives" for k in kinds)
    if reply.gives and nothing:
        yield ("gives",), "this is never given: the desk refuses, keeps silent, or is given something itself"
    if reply.conditions is not None and nothing:
        yield ("conditions",), "these bind nobody: the desk refuses, keeps silent, or is given something itself"
    if reply.ground and reply.answer != "refuse":
        yield ("ground",), "a ground is only said in a refusal"
    if reply.answer == "refuse" and not reply.ground and not reply.text:
        yield (), "this refuses without a word; give a `ground` or a `text`"


def _kinds_for(scenario: Scenario, desk: Desk, reply: Reply) -> list[str]:
    """The kinds that can come to a reply: in the mandate, and not answered by the desk itself, as a ping is."""
    return [
        kind.id
        for kind in scenario.request_kinds
        if not kind.automatic
        and (not desk.mandate or kind.id in desk.mandate)
        and (not reply.kinds or kind.id in reply.kinds)
    ]


def _covers(wide: tuple[str, ...], narrow: tuple[str, ...]) -> bool:
    return not wide or (bool(narrow) and set(narrow) <= set(wide))


# --- injects that ask, and kinds of the scenario's own ---


def _incoming(scenario: Scenario, inject: Inject, asked: IncomingRequest) -> Warnings:
    kind, channel = scenario.kinds_by_id[asked.kind], scenario.channels_by_id[asked.via]
    if asked.via not in kind.channels and channel.standing:
        yield ("via",), f"'{asked.via}' is not fit for '{kind.id}'; fit are: {', '.join(kind.channels)}"
    if all(address != "all" and address.partition("/")[0] != asked.to for address in inject.to):
        yield ("to",), f"team '{asked.to}' is asked, and does not get the inject"
    matter = scenario.matters_by_id.get(asked.matter or "")
    if matter is not None and matter.kinds and asked.kind not in matter.kinds:
        yield ("matter",), f"'{asked.kind}' is none of the kinds of matter '{matter.id}', so nothing comes of it"


def _own_kinds(scenario: Scenario) -> Warnings:
    """What the catalogue asks of its own kinds, asked of the author's."""
    catalogue = load_catalogue()
    for n, kind in enumerate(own_kinds(scenario)):
        for line in request_problems(RequestBook({kind.id: kind}, scenario.channels_by_id), catalogue):
            if line.startswith(f"{kind.id}: "):
                yield ("request_kinds", n), line.removeprefix(f"{kind.id}: ")
