"""From a log to the whole after-action report as data; which parts of it a reader gets, `editions` says.

A log may have been redacted, may not have come to ENDEX, and may not have been evaluated: the report is made all the
same, and its notices say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from statistics import median

from exercise.core.commitments import Area
from exercise.core.evaluation import events as after
from exercise.core.evaluation.outcome import Evaluated, evaluated
from exercise.core.evaluation.survey import SCALE, questions_of
from exercise.core.events import ExerciseEnded, ExerciseStarted, LogEntry, MarkVoided
from exercise.core.happened import Happened
from exercise.core.overview import hot_wash_view
from exercise.core.reference import Reference
from exercise.core.scenario import Scenario
from exercise.core.script import Grade
from exercise.core.teamwork.events import SeatTaken
from exercise.core.tongues import in_language
from exercise.core.wording import cited_in, cited_threats, worded_outcome
from exercise.errors import LogError
from exercise.language import N_, _, spoken
from exercise.report import conduct, course, parts
from exercise.report.desk import control_pages
from exercise.report.model import AfterAction, Seal, Trust
from exercise.report.summary import summary
from exercise.report.words import counted, listed, number, span
from exercise.session.collector import collector_paused
from exercise.session.log import DIGEST, RULES, LoadedLog, line_hash
from exercise.session.verify import lines_of, verify

STATEMENT = N_(
    "This is a training record. It is no finding about any State, organisation or "
    "person: the crisis and the States in it are invented, and marks describe what was "
    "done at a table, under texts whose paraphrase is the project's own."
)

_EVALUATORS: tuple[type[Happened], ...] = (
    after.EvaluatorEnrolled,
    after.MarkJudged,
    after.MarkAdded,
    after.Rated,
    after.EvaluationFinished,
    after.MarkSettled,
)


def gather(log: LoadedLog) -> AfterAction:
    """The report of a log with everything in it: the facilitator's edition."""
    with collector_paused():
        return _gather(log)


def refuse_without_scenario(log: LoadedLog) -> None:
    """Raises `LogError` where a log no longer holds its scenario, without which its entries mean nothing."""
    if log.header.content.digest not in log.openings:
        raise LogError(
            f"{log.name}: the scenario was taken out of this log, or cut off with its end, and nothing can be told "
            "without it; make the report from the whole log"
        )


def _refuse_not_begun(log: LoadedLog) -> None:
    """Raises `LogError` where STARTEX has not come: forty pages would say that nothing happened."""
    if not any(isinstance(entry.event, ExerciseStarted) for entry in log.entries):
        raise LogError(f"{log.name}: this exercise has not begun; there is nothing to report before STARTEX")


def _gather(log: LoadedLog) -> AfterAction:
    refuse_without_scenario(log)
    _refuse_not_begun(log)
    played, log = log, as_read(log)
    scenario, state = log.scenario, log.state
    at_work = bool(state.evaluation.evaluators) and not state.evaluation.all_finished
    # Evaluators are blind to each other until all have finished, and a report is a way to look.
    entries = tuple(e for e in log.entries if not isinstance(e.event, _EVALUATORS)) if at_work else log.entries
    outcome = evaluated(played.scenario, played.reference, entries)
    came = conduct.came_back(outcome)
    if scenario is not played.scenario:
        outcome = worded_outcome(outcome, scenario)
    marks = conduct.marks(outcome, came)
    line, behind = course.timeline(scenario, log.entries, state)
    survey = tuple(_survey(scenario, state.evaluation.survey))
    objectives = tuple(conduct.objectives(outcome, marks))
    teams = tuple(_teams(log, outcome, marks))
    hot_wash = hot_wash_view(scenario, state)
    report = AfterAction(
        statement=_(STATEMENT),
        edition="facilitator",
        notices=tuple(_notices(log, outcome, at_work)),
        overview=_overview(log, outcome),
        summary=(),
        truth=hot_wash.facts if hot_wash else (),
        moves=course.moves(scenario, log.entries),
        timeline=line,
        objectives=objectives,
        teams=teams,
        marks=marks,
        findings=conduct.findings(outcome),
        requests=tuple(course.requests(scenario, log.reference, log.entries, state)),
        indicators=tuple(course.indicators(scenario, state)),
        decisions=tuple(course.decisions(scenario, log.reference, log.entries)),
        names=dict(scenario.names),
        evaluated=outcome.is_evaluated,
        evaluators=len(outcome.evaluators),
        agreement=conduct.agreed(outcome, marks),
        survey=tuple(row for row in survey if not row.team),
        plan=tuple(_plan(outcome, objectives, teams)),
        trust=_trust(log),
        control=control_pages(
            log,
            outcome,
            log.entries,
            tuple(_naming_marks(behind, log.entries, marks)),
            tuple(row for row in survey if row.team),
        ),
    )
    return report.model_copy(update={"summary": summary(report)})


def _naming_marks(
    behind: tuple[parts.Happening, ...], entries: tuple[LogEntry, ...], marks: tuple[parts.Mark, ...]
) -> Iterator[parts.Happening]:
    """The lines with the number of each mark that control set aside: in the log it has an id that nobody reads."""
    numbers = {mark.id: mark.number for mark in marks}
    voided = {entry.seq: numbers.get(entry.event.mark) for entry in entries if isinstance(entry.event, MarkVoided)}
    for line in behind:
        number = voided.get(line.seq)
        more = _(" It is mark {number}.").format(number=number) if number else ""
        yield line.model_copy(update={"text": line.text + more})


def as_read(log: LoadedLog) -> LoadedLog:
    """The log with the texts of its scenario and of the catalogue in the language spoken; its entries are the same."""
    scenario = in_language(log.scenario, spoken())
    if scenario is log.scenario:
        return log
    return with_scenario(log, scenario, cited_in(log.reference, scenario))


def with_scenario(log: LoadedLog, scenario: Scenario, reference: Reference | None = None) -> LoadedLog:
    """The same log with other words for its scenario and its texts."""
    read = replace(log)
    # What is worked out of a log once is kept beside its fields.
    read.__dict__.update(scenario=scenario, reference=reference or log.reference, state=log.state)
    return read


def _overview(log: LoadedLog, outcome: Evaluated) -> parts.Overview:
    from exercise.catalogue import load_catalogue

    scenario, clock = log.scenario, log.state.clock
    days = [entry.wall[:10] for entry in log.entries if not isinstance(entry.event, after.AfterEndex)]
    ended = clock.phase == "ended"
    end = next((entry for entry in log.entries if isinstance(entry.event, ExerciseEnded)), None)
    last = end or (log.entries[-1] if log.entries else None)
    play, story = (last.play, last.exercise) if last else (0, 0)
    first = next((entry.exercise for entry in log.entries if isinstance(entry.event, ExerciseStarted)), 0)
    held = {row.instrument for team in scenario.teams for row in team.profile}
    tested = {row.title for card in outcome.scorecards.values() for row in card.areas if row.counts.tested}
    mission = {row.title for card in outcome.scorecards.values() for row in card.areas}
    threats = cited_threats(load_catalogue().threats, scenario)
    played = len({entry.event.move for entry in log.entries if entry.event.type == "move-opened"})
    until = end.wall[:10] if end else days[-1]
    return parts.Overview(
        exercise=scenario.title,
        session=log.header.session,
        held=days[0],
        held_until=until if until != days[0] else "",
        story_from=scenario.date.isoformat(timespec="minutes"),
        story_until=(scenario.date + timedelta(seconds=story)).isoformat(timespec="minutes"),
        play_seconds=play,
        story_seconds=story - first,
        planned_minutes=scenario.minutes,
        ended=ended,
        scope=_scope(scenario, played, play),
        areas=tuple(area.value for area in Area if area.value in mission),
        capabilities=tuple(area.value for area in Area if area.value in tested),
        instruments=tuple(text.title for id, text in log.reference.instruments.items() if id in held),
        objectives=tuple(row.title for row in scenario.objectives),
        threats=tuple((id, threats[id].says if id in threats else id) for id in scenario.threats),
        scenario=scenario.summary,
    )


def _scope(scenario: Scenario, played: int, play: int) -> str:
    moves = counted(len(scenario.moves), "move")
    if played < len(scenario.moves):
        moves += _(", of which {played} {more} played").format(
            played=number(played), more=_("was") if played == 1 else _("were")
        )
    return _(
        "A tabletop exercise for {teams} in {moves}, {play} of play. Discussion, decisions "
        "and requests between teams were played; nothing was done to any system."
    ).format(teams=counted(len(scenario.teams), "team"), moves=moves, play=span(play))


def _teams(log: LoadedLog, outcome: Evaluated, marks: tuple[parts.Mark, ...]) -> Iterator[parts.Delegation]:
    numbers = {mark.id: mark.number for mark in marks}
    seats = {entry.event.seat for entry in log.entries if isinstance(entry.event, SeatTaken)}
    for team in log.scenario.teams:
        card = outcome.scorecards[team.id]
        taken = sum(seat.partition("/")[0] == team.id for seat in seats)
        yield parts.Delegation(
            id=team.id,
            name=team.name,
            short=team.short,
            about=team.about,
            counts=conduct.counts(card.counts),
            areas=conduct.areas(card),
            instruments=conduct.instruments(card),
            clauses=conduct.clauses(outcome, card, numbers),
            beyond=len(card.beyond),
            roles=tuple(role.name for role in team.roles),
            seats_taken=taken,
            played_by=_player(log.state.bots.get(team.id) or log.roster.get(team.id, ""), taken),
        )


def _player(kept: str, taken: int) -> str:
    if taken or kept in ("people", "seats"):
        return "people"
    # Called as where it was chosen, which has each policy in the reader's language.
    return _(f"bot: {kept}") if kept else ""


def _survey(scenario: Scenario, given: Mapping[str, tuple[str, ...]] | None) -> Iterator[parts.Answers]:
    if given is None:
        return
    for question in questions_of(scenario):
        said = given.get(question.id, ())
        scale = [int(text) for text in said if text in SCALE] if question.kind == "scale" else []
        yield parts.Answers(
            id=question.id,
            text=question.text,
            kind=question.kind,
            team=question.team or "",
            given=len(scale) if question.kind == "scale" else len(said),
            counts=tuple(scale.count(step) for step in range(1, len(SCALE) + 1)) if question.kind == "scale" else (),
            median=float(median(scale)) if scale else None,
            words=said if question.kind == "text" else (),
        )


def _plan(
    outcome: Evaluated, objectives: tuple[parts.Objective, ...], teams: tuple[parts.Delegation, ...]
) -> Iterator[parts.Action]:
    """The rows kept in the log, then a row to fill in for each area for improvement that none of them takes up.

    A row takes a clause up where its area has the clause's title, or its id, in it: people type it as they read it.
    """
    written = [" ".join(row.area.casefold().split()) for row in outcome.plan]
    for row in outcome.plan:
        yield parts.Action(
            number=row.number,
            area=row.area,
            action=row.action,
            element=row.element,
            owner=row.owner,
            contact=row.contact,
            start=row.start,
            end=row.end,
        )
    low: dict[str, list[str]] = {}
    clauses: dict[str, parts.Reference] = {}
    for team in teams:
        for clause in team.clauses:
            if clause.status == "tested" and clause.grade is not Grade.HONOURED:
                low.setdefault(_area(clause.reference), []).append(team.id)
                clauses[_area(clause.reference)] = clause.reference
    shown = {_area(point.reference): point.reference for row in objectives for point in row.improvements}
    for area, about in (shown | clauses).items():
        if not any(_names(text, about) for text in written):
            yield parts.Action(number=0, area=area, teams=tuple(low.get(area, ())))


def _names(text: str, clause: parts.Reference) -> bool:
    """Whether a text in small letters names a clause."""
    return clause.title.casefold() in text or clause.commitment.casefold() in re.findall(r"[\w.-]*\w", text)


def _area(reference: parts.Reference) -> str:
    return f"{reference.title} ({reference.cited})"


def _trust(log: LoadedLog) -> Trust:
    account = verify(lines_of(log), name=log.name)
    ended = next((entry.batch for entry in log.entries if isinstance(entry.event, ExerciseEnded)), None)
    last = max((entry.seq for entry in log.entries if entry.batch == ended), default=None)
    signs = {True: N_("ok"), False: N_("failed"), None: N_("not looked at")}
    return Trust(
        entries=len(log.entries),
        head=log.head,
        endex_entries=last,
        endex_head=line_hash(log.lines[last - 1]) if last else "",
        checks=tuple((check.name, signs[check.holds], check.text) for check in account.checks),  # type: ignore[misc]
        verified=account.ok,
        vouches=account.vouches,
        does_not_vouch=account.does_not_vouch,
        seals=tuple(
            Seal(upto=seal.upto, head=seal.head, kind=seal.kind, key=seal.key, host=seal.host)
            for seal in log.state.evaluation.seals
        ),
        engine=log.header.engine,
        rules=log.header.rules,
        rules_now=RULES,
        form=log.header.format,
    )


def _notices(log: LoadedLog, outcome: Evaluated, at_work: bool) -> Iterator[str]:
    if not outcome.ended:
        yield _("Interim report: the exercise has not come to ENDEX. Figures are those of the last entry of the log.")
    elif at_work:
        yield (
            _(
                "Evaluators are still at work. Until all have finished nobody sees their judgments, "
                "so the marks below are those that the program proposed."
            )
        )
    elif not outcome.is_evaluated:
        yield _("No evaluator has looked at these marks yet: they are proposals of the program.")
    yield from _taken_out(log)
    if log.header.parent is not None:
        yield (
            _(
                "This session was forked from another, {session}, after its entry {seq}: what came "
                "before was played there."
            ).format(session=log.header.parent.session, seq=log.header.parent.seq)
        )
    if log.header.rules != RULES:
        yield _("The log was made under rules {value}; it was read under rules {RULES}.").format(
            value=log.header.rules[:20], RULES=RULES
        )


def _taken_out(log: LoadedLog) -> Iterator[str]:
    """What is missing from a redacted log; a report must not pass gaps over in silence."""
    gone = sum(digest not in log.openings for line in log.lines for digest in DIGEST.findall(line))
    names = log.header.roster is not None and log.header.roster.digest not in log.openings
    what = [counted(gone, "text") + _(" of participants")] if gone else []
    what += [_("the roster")] if names else []
    if what:
        yield (
            _(
                "{capitalize} {more} taken out of this log; [redacted] stands in their place. Marks "
                "are those proposed at ENDEX, which rested on the whole record."
            ).format(capitalize=listed(what).capitalize(), more=_("was") if gone == 1 and (not names) else _("were"))
        )
