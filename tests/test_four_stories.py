"""Four stories of asking and answering, played in Live Wire as it is shipped, each marked with its clause.

The same steps by keys are in `test_tui_requests`, by typed lines in `test_plain_requests`, both on a small world.
"""

from __future__ import annotations

from typing import Any

import pytest

from exercise.authoring.library import load_scenario
from exercise.catalogue import load_reference
from exercise.core.assess import Assessment, assess
from exercise.core.commands import AdvanceClock, EndExercise, StartExercise
from exercise.core.requests.commands import (
    AnswerRequest,
    FulfilRequest,
    MendRequest,
    SendRequest,
    TakeConditions,
)
from exercise.core.requests.kinds import Handling, Purpose, Step, Tlp
from exercise.core.requests.state import RequestState
from exercise.core.schedule import play_when
from exercise.core.times import parse_exercise_time
from exercise.session.autoplay import Rehearsal, play_on


class Evening:
    """Live Wire in play: teams send by the name of an entry, and answer what came in last."""

    def __init__(self) -> None:
        self.scenario = load_scenario("live-wire")
        self.game = Rehearsal(self.scenario)
        self.game.submit(StartExercise(facts={fact.id: fact.values[0].value for fact in self.scenario.facts}))

    def until(self, time: str) -> None:
        """Lets the story come to a time, whatever lapses on the way."""
        wanted = parse_exercise_time(time)
        while self.game.state.clock.phase != "ended":
            clock = self.game.state.clock
            if clock.phase == "move" and clock.exercise >= wanted:
                return
            play = play_when(clock, wanted)
            if play is not None and clock.phase == "move":
                self.game.submit(AdvanceClock(play=play))
                return
            play_on(self.scenario, lambda: self.game.state, self.game.submit)

    def send(self, team: str, kind: str, entry: str, matter: str | None = None, **more: Any) -> int:
        """Sends a request, whole but for what `without` names; returns its number on the team's board."""
        without: tuple[str, ...] = more.pop("without", ())
        form = self.scenario.kinds_by_id[kind]
        directory = self.scenario.teams_by_id[team].directory
        number = next(n for n, line in enumerate(directory, 1) if entry in line.name)
        content = {e.id: f"{e.name}, as our file has it." for e in form.elements if e.id not in without}
        data = {"seat": team, "play": self.game.state.clock.play, "kind": kind, "contact": number, "matter": matter}
        self.game.submit(SendRequest.model_validate(data | {"content": content, "basis": form.basis[:1]} | more))
        return len(self.game.state.boards[team])

    def at(self, team: str, number: int | None = None) -> tuple[int, RequestState]:
        """A request on a team's board, the last one if no number is given."""
        board = self.game.state.boards[team]
        number = number or len(board)
        return number, self.game.state.requests[board[number - 1]]

    def do(self, command: Any, team: str, number: int | None = None, **more: Any) -> None:
        """A team takes a step about a request on its board."""
        number, request = self.at(team, number)
        data = {"seat": team, "play": self.game.state.clock.play, "request": number, "revision": request.revision}
        self.game.submit(command.model_validate(data | more))

    def status(self, team: str, number: int | None = None) -> Step:
        """How a request stands."""
        return self.at(team, number)[1].status

    def assessed(self) -> Assessment:
        """The marks, after ENDEX."""
        self.game.submit(EndExercise(play=self.game.state.clock.play))
        return assess(self.scenario, load_reference(), self.game.entries)


@pytest.fixture
def evening() -> Evening:
    """STARTEX of Live Wire."""
    return Evening()


def graded(assessment: Assessment, team: str, clause: str, source: str) -> set[str]:
    """Grades of a team under a clause by a detector."""
    marks = (mark for mark in assessment.marks_of(team) if (mark.commitment, mark.source) == (clause, source))
    return {mark.grade.value for mark in marks}


def test_a_preservation_with_two_gaps_is_sent_back_mended_and_fulfilled(evening: Evening) -> None:
    """Protects the six elements of Article 29 and its sixty days, on both sides of the request."""
    evening.until("T+0:10")
    gaps = ("necessity", "intent")
    sent = evening.send("cadria", "preservation", "Duty desk, Belcora", "logs", without=gaps, urgent=True)
    assert set(evening.at("belcora")[1].missing) == set(gaps)
    evening.do(AnswerRequest, "belcora", answer="ask-back", missing=gaps, text="Why can it not wait, and what follows?")
    evening.do(
        MendRequest,
        "cadria",
        sent,
        content={"necessity": "The line is written over at midnight.", "intent": "A request under Article 31."},
    )
    evening.do(AnswerRequest, "belcora", answer="accept", days=60, text="Kept for sixty days from today.")
    kept = evening.at("belcora")[0]
    evening.send("belcora", "preservation-order", "Network room", "hilltop-log")
    evening.until("T+0:40")
    evening.do(FulfilRequest, "belcora", kept, text="Three days are in a drawer.")
    assert evening.status("cadria", sent) is Step.FULFILLED
    card = evening.assessed()
    assert graded(card, "cadria", "bc-29", "complete") == {"partly"}
    assert graded(card, "belcora", "bc-29", "kept-long-enough") == {"honoured"}
    assert graded(card, "belcora", "bc-29", "carried-out") == {"honoured"}
    assert graded(card, "belcora", "bc-35", "gap-named") == {"honoured"}


def test_what_is_shared_under_conditions_is_passed_on_against_them(evening: Evening) -> None:
    """Protects conditions: accepted, they bind, and breaking them is a breach under Articles 26 and 28."""
    evening.until("T+0:45")
    wanted = evening.send("cadria", "help-wanted", "Response team of Averne", "locked-files")
    terms = Handling(tlp=Tlp.AMBER, purpose=Purpose.DEFENCE)
    evening.do(AnswerRequest, "averne", answer="conditional", text="For Amblet only, tonight.", conditions=terms)
    evening.do(TakeConditions, "cadria", wanted, accept=True)
    evening.do(FulfilRequest, "averne", text="It reads the key.")
    held = evening.game.state.knowledge["cadria"]["locker-cure"].handling
    assert held is not None and (held.tlp, held.purpose) == (Tlp.AMBER, Purpose.DEFENCE)
    passed = {"encloses": ("locker-cure",), "subject": "A tool that opens files"}
    evening.send("cadria", "counter-measure", "Response team of Belcora", **passed)
    received = evening.game.state.requests[evening.game.state.boards["cadria"][-1]]
    assert received.handling == held, "the conditions travel with what they cover, whatever the sender says"
    card = evening.assessed()
    assert graded(card, "cadria", "bc-28", "kept-condition") == {"breached"}
    assert graded(card, "cadria", "bc-26", "kept-condition") == {"breached"}


def test_a_dead_entry_is_found_by_a_ping_and_put_right(evening: Evening) -> None:
    """Protects contact points: nobody knows that an entry is out of date until it is tried."""
    evening.until("T+0:10")
    evening.send("belcora", "ping", "24/7 contact, Averne")
    assert evening.status("belcora") is Step.FAILED
    evening.send("belcora", "contact-data", "Bureau of Averne")
    evening.until("T+0:30")
    evening.do(AnswerRequest, "averne", answer="accept", text="It is +999 555 0141 since March.")
    evening.do(FulfilRequest, "averne")
    evening.send("belcora", "ping", "24/7 contact, Averne")
    assert evening.status("belcora") is Step.FULFILLED
    card = evening.assessed()
    assert "honoured" in graded(card, "averne", "cbm-8", "answered-in-time") | graded(
        card, "averne", "cbm-8", "carried-out"
    )


def test_a_refusal_has_its_ground_its_reasons_and_a_part_that_was_offered(evening: Evening) -> None:
    """Protects Article 27: before a no, a part is weighed; a no comes with a ground and reasons."""
    evening.until("T+10:25")
    evening.send("cadria", "preservation", "Duty desk, Belcora", "mail", without=("data", "necessity"))
    part = "Two mailboxes that stand on the ransom page; for the rest no fact points at anybody."
    evening.do(AnswerRequest, "belcora", answer="part", missing=("data", "necessity"), days=60, text=part)
    evening.do(FulfilRequest, "belcora", text="Two mailboxes are kept.")
    evening.send("cadria", "preservation", "Central authority of Belcora", "mail")
    evening.until("T+11:30")
    reasons = "Four hundred mailboxes without a fact that points at them; two are kept."
    evening.do(AnswerRequest, "belcora", answer="refuse", ground="essential-interests", text=reasons)
    card = evening.assessed()
    assert graded(card, "belcora", "bc-27", "reasons-given") == {"honoured"}
    assert any("a part or conditions had been offered" in mark.reason for mark in card.marks_of("belcora"))
