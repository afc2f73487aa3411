"""Records that are quick to make are told apart and kept in sets as the library's frozen ones; bots miss nothing."""

from __future__ import annotations

import dataclasses

import pytest

from exercise.authoring.library import load_scenario
from exercise.catalogue import load_reference
from exercise.core.commands import Command, StartExercise
from exercise.core.conditions import holds
from exercise.core.observe import decisions_view, participant_view
from exercise.core.records import dataclass
from exercise.core.requests.known import matters_for
from exercise.core.requests.observe import Letters, letters_of
from exercise.session.autoplay import Rehearsal, drive, run
from exercise.session.bots import Policy, make_bot
from exercise.session.facts import draw_facts


@dataclass(frozen=True, slots=True)
class _Quick:
    name: str
    entries: tuple[int, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class _Frozen:
    name: str
    entries: tuple[int, ...] = ()


def test_a_quick_record_is_equal_and_hashed_as_a_frozen_one() -> None:
    """Protects sets, keys and comparisons of records, which must not depend on how a record was made."""
    one, same, other = _Quick("a", (1,)), _Quick("a", (1,)), _Quick("a", (2,))
    assert one == same and one != other
    assert hash(one) == hash(same) == hash(_Frozen("a", (1,)))
    assert repr(one) == repr(_Frozen("a", (1,))).replace("_Frozen", "_Quick")
    assert dataclasses.replace(one, entries=(2,)) == other
    assert not hasattr(one, "__dict__")


@pytest.mark.parametrize("name", ["card-storm", "cold-line"])
@pytest.mark.parametrize("policy", [Policy.COOPERATIVE, Policy.SELF_INTERESTED, Policy.RANDOM])
def test_bots_do_on_their_part_of_the_view_what_they_would_on_all_of_it(name: str, policy: Policy) -> None:
    """Protects what bots see: what is left out of their view must be nothing that they would have acted on."""
    scenario, reference = load_scenario(name), load_reference()
    bots = {team.id: make_bot(policy, scenario, reference, team.id, 1) for team in scenario.teams}
    rehearsal = Rehearsal(scenario)
    compared: list[int] = []

    def submit(command: Command) -> object:
        for team, bot in bots.items():
            short = bot.act(decisions_view(scenario, rehearsal.state, team))
            assert short == bot.act(participant_view(scenario, rehearsal.state, team))
            compared.append(len(short))
        return rehearsal.submit(command)

    rehearsal.submit(StartExercise(facts=draw_facts(scenario, 1)))
    drive(scenario, lambda: rehearsal.state, submit, bots)
    assert rehearsal.state.clock.phase == "ended" and any(compared)


@pytest.mark.parametrize("name", ["card-storm", "live-wire"])
def test_what_is_kept_from_step_to_step_is_what_would_be_worked_out_anew(name: str) -> None:
    """Protects what a team may raise, its board and the live requests, which are carried on from state to state."""
    scenario, reference = load_scenario(name), load_reference()
    bots = {team.id: make_bot(Policy.RANDOM, scenario, reference, team.id, 1) for team in scenario.teams}
    rehearsal = Rehearsal(scenario)
    letters: dict[str, Letters] = {}

    def submit(command: Command) -> object:
        done = rehearsal.submit(command)
        state = rehearsal.state
        assert dict(state.live) == {id: request for id, request in state.requests.items() if not request.over}
        assert list(state.live) == [id for id, request in state.requests.items() if not request.over]
        for team in scenario.teams_by_id if state.clock.phase == "move" else ():
            known = [m for m in scenario.matters if (not m.teams or team in m.teams) and holds(m.known, state)]
            assert list(matters_for(scenario, state, team)) == known
            letters[team] = letters_of(scenario, state, team, letters.get(team))
            assert letters[team] == letters_of(scenario, state, team)
        return done

    rehearsal.submit(StartExercise(facts=draw_facts(scenario, 1)))
    drive(scenario, lambda: rehearsal.state, submit, bots)
    assert rehearsal.state.requests and any(kept.shown for kept in letters.values())


@pytest.mark.parametrize("name", ["live-wire", "cold-line"])
def test_what_may_be_raised_is_told_for_any_state_whichever_was_asked_about_before(name: str) -> None:
    """Protects replay and what-if: what is kept is of another moment there, or of another run of the same scenario."""
    scenario, reference = load_scenario(name), load_reference()
    runs = []
    for policy in (Policy.COOPERATIVE, Policy.RANDOM):
        bots = {team.id: make_bot(policy, scenario, reference, team.id, 1) for team in scenario.teams}
        runs.append(run(scenario, draw_facts(scenario, 1), bots).states[::9])
    back_and_forth = [state for pair in zip(reversed(runs[0]), runs[1], strict=False) for state in pair]
    for state in [*back_and_forth, *runs[0], *runs[1]]:
        known = {matter.id for matter in scenario.matters if holds(matter.known, state)}
        for team in scenario.teams_by_id:
            raised = [m.id for m in scenario.matters if m.id in known and (not m.teams or team in m.teams)]
            assert [matter.id for matter in matters_for(scenario, state, team)] == raised


def test_a_bot_that_leaves_something_out_of_a_letter_does_not_take_it_out_of_the_next() -> None:
    """Protects what bots write: the words of a letter are kept for the next about the same, as they were."""
    scenario, reference = load_scenario("card-storm"), load_reference()
    bots = {team.id: make_bot(Policy.RANDOM, scenario, reference, team.id, 1) for team in scenario.teams}
    first, second = (run(scenario, draw_facts(scenario, 1), bots).state.requests for _ in range(2))
    assert any(request.missing for request in first.values())
    assert [request.content for request in first.values()] == [request.content for request in second.values()]
