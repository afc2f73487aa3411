"""The rules ask only what may have changed: that spares most of the work, and must never spare a row or a matter."""

from __future__ import annotations

from collections.abc import Iterator

from asking import FULL, answer, send, world
from given import Row, inject, started, tick

from exercise.core import commands as cmd
from exercise.core.conditions import holds
from exercise.core.course import follow
from exercise.core.decide import decide
from exercise.core.events import LogEntry
from exercise.core.evolve import replay
from exercise.core.requests import commands as rq
from exercise.core.requests.kinds import Step
from exercise.core.requests.known import matters_for, may_raise
from exercise.core.scenario import Scenario
from exercise.core.state import State

KINDS = ("any", "preservation", "ping")

LIFE: tuple[cmd.Command, ...] = (
    started(),
    send("preservation", 1, matter="host", content={"authority": "National police desk"}),
    rq.AcknowledgeRequest(seat="belmark", request=1),
    answer(1, "ask-back", missing=["offence"]),
    rq.MendRequest(seat="averne", request=1, revision=2, content={"offence": FULL["offence"]}),
    answer(1, "conditional", revision=3, conditions={"tlp": "amber"}),
    rq.TakeConditions(seat="averne", request=1, revision=4, accept=True),
    rq.FulfilRequest(seat="belmark", request=1, revision=5, text="Here they are."),
    send("ping", 1),
    send("preservation", 3, matter="host", content=FULL),
    tick(300),
)
"""A request that takes nearly every step there is, one of another kind, and one to a stale entry, which fails."""


def rows() -> list[Row]:
    """Injects that wait for each step, of a kind or of any, and for the matter that comes to be known."""
    asked = [{"asked": kind, "came": step.value} for kind in KINDS for step in Step]
    asked += [
        {"asked": "any", "came": "fulfilled", "by": "belmark"},
        {"asked": "preservation", "came": "conditional", "to": "belmark", "about": "host"},
        {"all": [{"asked": "preservation", "came": "failed"}, {"asked": "ping", "came": "fulfilled"}]},
        {"any": [{"flag": "told"}, {"not": {"asked": "any", "came": "sent"}}]},
    ]
    waiting = [inject(f"row-{number}", when=when) for number, when in enumerate(asked)]
    waiting.append(inject("known", when={"asked": "any", "came": "mended"}, effects=[{"flag": "told"}]))
    return [*waiting, inject("order", effects=[{"flag": "order"}])]


def moments(played: Scenario) -> Iterator[tuple[cmd.Command, State]]:
    """The state after each command of the life."""
    for command, before in pairs(played):
        yield command, replay(decide(played, before, command), before)


def pairs(played: Scenario) -> Iterator[tuple[cmd.Command, State]]:
    """Each command of the life with the state before it."""
    state = State()
    for command in LIFE:
        yield command, state
        state = replay(decide(played, state, command), state)


def test_a_row_that_waits_for_a_request_comes_with_the_step_and_not_before() -> None:
    """Protects the scenario's answers to requests: a row is looked at only when such a step of such a kind is taken."""
    played = world(injects=rows())
    came: set[str] = set()
    for command, state in moments(played):
        for row in played.injects:
            held = row.id in came or holds(row.when, state)
            assert (row.id in state.released) == held, f"{row.id} after {command!r}"
        came = {*state.released}
    reached = {step for request in state.requests.values() for step in Step if request.reached(step)}
    assert {Step.FAILED, Step.ASKED_BACK, Step.MENDED, Step.CONDITIONS_ACCEPTED, Step.FULFILLED} <= reached
    assert {f"row-{number}" for number in range(len(Step))} & came


def test_the_assessment_finds_the_entry_with_which_a_condition_first_held() -> None:
    """Protects marks: an occasion opens with the very entry, though the assessment looks at few of a log's entries."""
    played = world(injects=rows())
    events = [event for command, before in pairs(played) for event in decide(played, before, command)]
    entries = [LogEntry(seq, seq, "", "", 0, 0, event) for seq, event in enumerate(events, 1)]
    course = follow(entries)
    found = set()
    for row in played.injects:
        if row.when is not None:
            first = next((entry for n, entry in enumerate(entries) if holds(row.when, course.state(n + 1))), None)
            assert course.first_entry(row.when) is first, row.when
            found.add(first.event.__class__.__name__ if first else "")
    assert {"RequestAnswered", "ConditionsTaken", "RequestFailed", "RequestFulfilled", ""} <= found


def test_whether_one_matter_may_be_raised_agrees_with_all_that_may_be() -> None:
    """Protects the sending of requests: what the list offers is taken, and nothing that it does not offer."""
    played = world(injects=rows())
    known = set()
    for _, state in moments(played):
        for team in played.teams_by_id:
            offered = {matter.id for matter in matters_for(played, state, team)}
            assert offered == {matter.id for matter in played.matters if may_raise(played, state, team, matter.id)}
            known |= offered
        assert not may_raise(played, state, "averne", "no-such-matter")
    assert known == {"host", "secret"}
