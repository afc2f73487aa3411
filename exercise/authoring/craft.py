"""Warnings about a scenario that is sound but would play badly: idle teams, empty dilemmas, rows that never come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from exercise.authoring import craft_words
from exercise.authoring.problems import Path
from exercise.core.commitments import Model, Profile
from exercise.core.conditions import Condition, FactIs, FlagIsSet, parts_of
from exercise.core.reference import Reference
from exercise.core.requests.matters import Outcome, Reply
from exercise.core.scenario import Scenario
from exercise.core.script import Consequence, Decision, Grade, Lapse, ResponseOption, SetFlag
from exercise.core.timetable import Slot, timetable

IDLE_MINUTES = 20
"""No team should wait longer than this for something that concerns it."""
QUICK_MINUTES = 5
"""A quick decision is one that can be taken in this time."""
DILEMMAS = 2
"""Every team has at least so many of its own."""


def warnings(scenario: Scenario, reference: Reference, records: Sequence[Model]) -> list[tuple[Path, str]]:
    """All warnings with their places, in no order; `records` is all there is in the scenario."""
    found = [*_dilemmas(scenario, reference), *_flags(scenario, records), *_idle(scenario), *_windows(scenario)]
    return [*found, *_subjects(scenario), *_luck(scenario), *craft_words.warnings(scenario, reference, records)]


def _dilemmas(scenario: Scenario, reference: Reference) -> Iterator[tuple[Path, str]]:
    on = scenario.date.date()
    for n, team in enumerate(scenario.teams):
        own = sum(d.team == team.id and d.kind == "dilemma" for d in scenario.decisions)
        if own < DILEMMAS:
            has = f"{own} dilemma" if own == 1 else f"{own} dilemmas"
            yield ("teams", n), f"team '{team.id}' has {has} of its own; it should have two or three"
    for n, decision in enumerate(scenario.decisions):
        if decision.kind == "quick" and decision.window > QUICK_MINUTES * 60:
            yield ("decisions", n, "window"), f"a quick decision should take {QUICK_MINUTES} minutes at most"
        profile = scenario.teams_by_id[decision.team].profile
        for m, option in enumerate(decision.options):
            standing = {tag.commitment: reference.standing(profile, tag.commitment, on) for tag in option.conduct}
            outside = [id for id, stands in standing.items() if stands not in ("applies", "observed")]
            grades = {tag.grade for tag in option.conduct if tag.commitment not in outside}
            here: Path = ("decisions", n, "options", m)
            if decision.kind != "dilemma":
                continue
            if outside and not grades:
                why = f": no text of the team's profile has {', '.join(outside)}"
                if any(standing[id] != "outside-profile" for id in outside):
                    why = _unmarked(reference, profile, outside, on)
                yield here, f"this option is never marked{why}"
                continue
            besides = _unmarked(reference, profile, outside, on) if outside else ""
            if Grade.HONOURED not in grades:
                yield here, f"this option serves nothing that the team has accepted, so nobody would choose it{besides}"
            if grades <= {Grade.HONOURED}:
                yield here, f"this option strains nothing that the team has accepted, so it is obviously right{besides}"


def _unmarked(reference: Reference, profile: tuple[Profile, ...], ids: Sequence[str], on: date) -> str:
    """Why nothing is marked under these commitments, which neither apply to a team on that day nor are observed."""
    whys: dict[str, list[str]] = {}
    for id in dict.fromkeys(ids):
        stands = reference.standing(profile, id, on)
        if stands == "outside-profile":
            why = "in no text of its profile"
        elif stands == "context":
            why = "in its profile, but shown as context only and never marked"
        else:
            why = f"in its profile, but {_not_yet(reference, profile, id, on)}"
        whys.setdefault(why, []).append(id)
    told = "; ".join(f"{', '.join(these)}: {why}" for why, these in whys.items())
    return f" ({told})"


def _not_yet(reference: Reference, profile: tuple[Profile, ...], id: str, on: date) -> str:
    """What keeps a text of the profile from holding on a day: from when on, or until when, it does."""
    commitment, instrument = reference.commitment(id), reference.instrument(id)
    said: list[str] = []
    for entry in profile:
        if entry.instrument != commitment.instrument:
            continue
        begins = commitment.in_force_from or (None if entry.accepted else instrument.in_force_from)
        ends = commitment.in_force_until or (None if entry.withdrawn else instrument.in_force_until)
        said += [f"accepted only from {entry.accepted}"] if entry.accepted and entry.accepted > on else []
        said += [f"withdrawn from it on {entry.withdrawn}"] if entry.withdrawn and entry.withdrawn < on else []
        said += [f"in force only from {begins}"] if begins and begins > on else []
        said += [f"in force only until {ends}"] if ends and ends < on else []
    return f"{', '.join(dict.fromkeys(said))}, and the story is of {on}"


def _flags(scenario: Scenario, records: Sequence[Model]) -> Iterator[tuple[Path, str]]:
    written = {record.flag for record in records if isinstance(record, SetFlag)}
    read = {record.flag for record in records if isinstance(record, FlagIsSet)}
    for flag in scenario.flags:
        if flag not in written:
            yield ("flags", flag), f"nothing ever sets flag '{flag}'"
        elif flag not in read:
            yield ("flags", flag), f"nothing ever reads flag '{flag}'"


def _subjects(scenario: Scenario) -> Iterator[tuple[Path, str]]:
    """An occasion that looks for a subject which no act of its team names can only ever be failed."""
    named: dict[str, set[str]] = {}
    for decision in scenario.decisions:
        outcomes: tuple[ResponseOption | Lapse, ...] = (*decision.options, decision.lapse)
        for outcome in outcomes:
            named.setdefault(decision.team, set()).update(act.about for act in outcome.acts if act.about)
    # A request about a matter is an act about its subject, and so is what its holder does about it.
    for matter in scenario.matters:
        for team in (*(matter.teams or scenario.teams_by_id), matter.holder or ""):
            named.setdefault(team, set()).add(matter.subject)
    for n, occasion in enumerate(scenario.occasions):
        looked_for = occasion.about is not None and occasion.detector != "kept-condition"
        if looked_for and occasion.about not in named.get(occasion.team, ()):
            text = f"no act of team '{occasion.team}' is about '{occasion.about}', so this can only be failed"
            yield ("occasions", n, "about"), text


def _luck(scenario: Scenario) -> Iterator[tuple[Path, str]]:
    """A mark that reads a flag which a hidden fact raised unseen would grade luck."""
    unseen: set[str] = set()
    for decision in scenario.decisions:
        outcomes: tuple[ResponseOption | Lapse, ...] = (*decision.options, decision.lapse)
        for outcome in outcomes:
            rows = [(outcome.effects, False)]
            rows += [(came.effects, _unseen(came)) for came in outcome.consequences]
            for effects, hidden in rows:
                unseen |= {e.flag for e in effects if isinstance(e, SetFlag) and (hidden or _reads_facts(e.when))}
    rows = [(inject.effects, False) for inject in scenario.injects]
    rows += [(came.effects, _unseen(came)) for matter in scenario.matters for came in matter.outcomes]
    rows += [(reply.effects, _unseen(reply)) for actor in scenario.actors if actor.desk for reply in actor.desk.replies]
    for effects, hidden in rows:
        unseen |= {e.flag for e in effects if isinstance(e, SetFlag) and (hidden or _reads_facts(e.when))}
    for n, decision in enumerate(scenario.decisions):
        for m, option in enumerate(decision.options):
            for t, tag in enumerate(option.conduct):
                for part in parts_of(tag.when):
                    if isinstance(part, FlagIsSet) and part.flag in unseen:
                        path: Path = ("decisions", n, "options", m, "conduct", t, "when")
                        yield path, f"flag '{part.flag}' is raised by a hidden fact unseen, so this would mark luck"


def _unseen(came: Consequence | Outcome | Reply) -> bool:
    return not came.text and _reads_facts(came.when)


def _reads_facts(condition: Condition | None) -> bool:
    return any(isinstance(part, FactIs) for part in parts_of(condition))


def _idle(scenario: Scenario) -> Iterator[tuple[Path, str]]:
    """Counts what comes by time alone, or together with what does: the rest may never come."""
    table = timetable(scenario)
    sure: dict[str, Slot] = {slot.row.id: slot for slots in table.timed for slot in slots}
    for item in table.pending:
        if item.row.when is None and item.row.follows in sure:
            sure[item.row.id] = sure[item.row.follows]
    for n, team in enumerate(scenario.teams):
        for index, move in enumerate(scenario.moves):
            busy = sorted(
                slot.offset for name, slot in sure.items() if slot.move == index and _concerns(scenario, name, team.id)
            )
            ends = [0, *busy, move.minutes]
            longest = max(b - a for a, b in pairwise(ends))
            if longest > IDLE_MINUTES * 60:
                text = f"team '{team.id}' may sit idle for {longest // 60} minutes in move '{move.id}'"
                yield ("teams", n), text


def _concerns(scenario: Scenario, name: str, team: str) -> bool:
    decision = scenario.decisions_by_id.get(name)
    if decision is not None:
        return decision.team == team
    inject = scenario.injects_by_id[name]
    asked = inject.request is not None and inject.request.to == team
    return asked or any(address == "all" or address.partition("/")[0] == team for address in inject.to)


def _windows(scenario: Scenario) -> Iterator[tuple[Path, str]]:
    for slots in timetable(scenario).timed:
        for slot in slots:
            if not isinstance(slot.row, Decision):
                continue
            over = slot.offset + slot.row.window - scenario.moves[slot.move].minutes
            if over > 5 * 60:
                n = scenario.decisions.index(slot.row)
                yield ("decisions", n, "window"), f"the window runs {over // 60} minutes past the end of its move"
