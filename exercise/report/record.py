"""The record of an exercise as delegations would lay it on a table: what was asked, answered and decided, and no marks.

It is made for an exercise that follows, in which the same States negotiate over what happened; so it names no person,
gives nobody's reasons, and says nothing of what was hidden or of how conduct was assessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import groupby, permutations
from statistics import median

from exercise.core.scenario import Scenario
from exercise.report import course, parts
from exercise.report.gather import refuse_without_scenario
from exercise.report.words import counted, day, listed, number, span, upper
from exercise.session.log import LoadedLog

NOTICE = (
    "A training record of an earlier exercise, and no finding about any State. It says who asked whom and what was "
    "answered; persons, reasons and marks are left out."
)
MOST_LINES = 60
"""Lines of one list: a table of people reads no more."""


def record_of(log: LoadedLog) -> str:
    """The record of a log, as Markdown; raises `LogError` where its scenario was taken out."""
    refuse_without_scenario(log)
    scenario = log.scenario
    every = course.requests(scenario, log.reference, log.entries, log.state)
    passed = [one for one in every if {one.source, one.target} <= scenario.teams_by_id.keys()]
    decisions = [one for one in course.decisions(scenario, log.reference, log.entries) if one.kind == "dilemma"]
    held = log.entries[0].wall[:10] if log.entries else ""
    blocks = [
        f"# {scenario.title}: the record",
        f"*{NOTICE}*",
        f"Session held: {held}." if held else "",
        _section("Between the teams", _pairs(scenario, passed)),
        _by_day(scenario, "Line by line", _lines(passed)),
        _by_day(scenario, "What was decided", _answers(scenario, (one for one in decisions if one.status != "open"))),
    ]
    return "\n\n".join(filter(None, blocks)) + "\n"


def _section(title: str, lines: Iterable[str]) -> str:
    found = list(lines)
    left = len(found) - MOST_LINES
    shown = [*found[:MOST_LINES], *([f"… and {number(left)} more."] if left > 0 else [])]
    return f"## {title}\n\n" + ("\n".join(f"- {line}" for line in shown) if shown else "Nothing.")


def _by_day(scenario: Scenario, title: str, lines: Iterable[tuple[int, str]]) -> str:
    """Lines with their times of the story, under a heading for each day."""
    timed = [(scenario.date + timedelta(seconds=at), text) for at, text in lines]
    days = groupby(timed, key=lambda line: line[0].date())
    parts_of = [
        _section(f"{title}: {day(date.isoformat())}", (f"{when:%H:%M} {text}" for when, text in of_day))
        for date, of_day in days
    ]
    return "\n\n".join(parts_of) or _section(title, ())


def _pairs(scenario: Scenario, passed: list[parts.Request]) -> Iterator[str]:
    for source, target in permutations(scenario.teams_by_id, 2):
        one_way = [one for one in passed if (one.source, one.target) == (source, target)]
        who, whom = scenario.names[source], scenario.names[target]
        informed = [one for one in one_way if not one.wants_answer]
        told = sum(map(_told, informed))
        lost = _lost([one for one in informed if not _told(one)], more=bool(told))
        if told:
            yield f"{who} told {whom} something unasked {_times(told)}{'; ' + lost if lost else ''}."
        elif lost:
            yield f"{who} tried to tell {whom} something unasked {_times(len(informed))}: {lost}."
        every = [one for one in one_way if one.wants_answer]
        asked = [one for one in every if _reached(one)]
        lost = _lost([one for one in every if not _reached(one)], more=bool(asked))
        if not asked:
            if lost:
                yield f"{who} tried to ask {whom} {_times(len(every))}: {lost}."
            continue
        came = [
            f"{number(count)} {words}"
            for outcome, words in _CAME.items()
            if (count := sum(one.outcome == outcome for one in asked))
        ]
        waits = [one.answered - one.sent for one in asked if one.answered is not None]
        last = _latest(waits) if waits else ""
        yield f"{who} asked {whom} {_times(len(asked))}: {', '.join(came)}{'; ' + lost if lost else ''}.{last}"


def _reached(one: parts.Request) -> bool:
    return any(step.step == "delivered" for step in one.steps)


def _told(one: parts.Request) -> bool:
    """Whether its addressee learnt what it carried: it came there, and was not turned away."""
    return _reached(one) and one.outcome != "refused"


_LOST: dict[str, tuple[str, str]] = {
    "failed": ("did not get through", "did not get through"),
    "refused": ("was refused", "were refused"),
    "withdrawn": ("was withdrawn", "were withdrawn"),
    "open": ("was still on its way where the record ends", "were still on their way where the record ends"),
}


def _lost(ones: list[parts.Request], *, more: bool) -> str:
    """What came to nothing, counted: `one more did not get through, two more were refused`."""
    counts = [(sum(one.outcome == outcome for one in ones), words) for outcome, words in _LOST.items()]
    word = " more" if more else ""
    return ", ".join(f"{number(count)}{word} {words[count > 1]}" for count, words in counts if count)


_CAME: dict[str, str] = {
    "met": "met",
    "partly": "met in part",
    "refused": "refused",
    "unanswered": "without an answer",
    "withdrawn": "withdrawn",
    "open": "still open where the record ends",
}


def _latest(waits: list[int]) -> str:
    rule, most = _after(round(median(waits))), _after(max(waits))
    return f" Answers came {rule}." if rule == most else f" Answers came {rule} as a rule, {most} at the latest."


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count) or counted(count, "time")


def _lines(passed: list[parts.Request]) -> Iterator[tuple[int, str]]:
    for (sent, wants_answer, _source, what), of_one in groupby(passed, key=_alike):
        same = list(of_one)
        if wants_answer:
            yield from ((sent, f"{one.source_name} to {one.target_name}: {what} {_came(one)}.") for one in same)
        else:
            # Who tells all the others does it in one breath.
            if told := [one.target_name for one in same if _told(one)]:
                yield sent, f"{same[0].source_name} to {listed(told)}: {what}"
            rest = [one for one in same if not _told(one)]
            yield from ((sent, f"{one.source_name} to {one.target_name}: {what} {_came(one)}.") for one in rest)


def _alike(one: parts.Request) -> tuple[int, bool, str, str]:
    kind = one.kind[:1].lower() + one.kind[1:] if one.kind[1:2].islower() else one.kind
    what = f"{kind}, about: {one.matter}" if one.matter else kind
    return one.sent, one.wants_answer, one.source, what if what.endswith(("?", "!", ".")) else f"{what}."


def _came(one: parts.Request) -> str:
    if not _reached(one):
        return upper(_LOST[one.outcome][0].removeprefix("was "))
    answered = f"Answered {_after(one.answered - one.sent)}" if one.answered is not None else "Not answered"
    came = "" if one.outcome in ("met", "unanswered") else f"; {_CAME[one.outcome]}"
    return answered + came + (f"; done {_after(one.done - one.sent)}" if one.done is not None else "")


def _after(seconds: int) -> str:
    return f"after {span(seconds)}" if seconds >= 60 else "at once"


def _answers(scenario: Scenario, decisions: Iterable[parts.Decision]) -> Iterator[tuple[int, str]]:
    for one in decisions:
        chosen = next((option.title for option in one.options if option.chosen), "")
        said = chosen or ("its own way" if one.status == "chosen" else "no answer in time")
        at = one.answered if one.answered is not None else one.opened
        yield at, f"{scenario.names[one.team]}, {one.title}: {said}."
