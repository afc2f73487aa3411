"""What Claimed Name tells a team and marks it for agrees with what that team has done; played as it is shipped."""

from __future__ import annotations

import pytest
from test_four_stories import Evening, graded

from exercise.authoring.library import load_scenario
from exercise.core.commands import ChooseResponse, StartExercise
from exercise.core.requests.commands import AnswerRequest, FulfilRequest, TakeConditions
from exercise.core.requests.kinds import Handling, Step, Tlp
from exercise.session.autoplay import Rehearsal


class Days(Evening):
    """Claimed Name in play, by the same steps."""

    def __init__(self) -> None:
        self.scenario = load_scenario("claimed-name")
        self.game = Rehearsal(self.scenario)
        self.game.submit(StartExercise(facts={fact.id: fact.values[0].value for fact in self.scenario.facts}))

    def choose(self, decision: str, option: str) -> None:
        """The team that a decision is put to answers it."""
        now = self.game.state
        seat = next(d.team for d in self.scenario.decisions if d.id == decision)
        revision = now.decisions[decision].revision
        self.game.submit(
            ChooseResponse(seat=seat, play=now.clock.play, decision=decision, revision=revision, option=option)
        )

    def reasons(self, decision: str, clause: str) -> dict[str, str]:
        """Grades and reasons of Norvane's marks for the option it chose, under a clause, after ENDEX."""
        marks = self.assessed().marks_of("norvane")
        return {m.grade.value: str(m.reason) for m in marks if (m.occasion, m.commitment) == (decision, clause)}


@pytest.fixture
def days() -> Days:
    """STARTEX of Claimed Name."""
    return Days()


def test_the_court_of_ostvane_answers_what_is_asked_of_it_under_its_own_matter(days: Days) -> None:
    """Protects that the records of machine 208 can be had at all: only this order makes them ready to be given."""
    days.until("T+10:05")
    sent = days.send("norvane", "judicial-order", "District Court", "ostvane-order")
    days.until("T+11:40")
    assert days.status("norvane", sent) is Step.FULFILLED
    assert "ostvane-order" in days.game.state.flags


def test_nothing_says_that_nobody_asked_where_the_question_was_agreed_to_on_conditions(days: Days) -> None:
    """Protects that help on conditions counts as help: only `came: accepted` had been looked for."""
    days.until("T+11:05")
    asked = days.send("dunmere", "police-exchange", "Norvane, police", "hospital-letter")
    days.until("T+11:30")
    amber = Handling(tlp=Tlp.AMBER)
    days.do(AnswerRequest, "norvane", answer="conditional", conditions=amber, text="For the safety of the hospital.")
    days.do(TakeConditions, "dunmere", asked, accept=True)
    days.do(FulfilRequest, "norvane", text="A man of nineteen sat in the reading room.")
    days.until("T+28:05")
    assert "library" not in days.game.state.released


def test_a_port_that_asks_for_an_attack_to_stop_can_be_helped_without_a_breach(days: Days) -> None:
    """Protects a team that does what Cadria asks: its plea said no end, and doing it was marked as a breach."""
    days.until("T+31:35")
    days.do(AnswerRequest, "norvane", answer="accept", text="The corner is being closed.")
    days.do(FulfilRequest, "norvane", text="Closed; the forum was not touched.")
    assert graded(days.assessed(), "norvane", "os-pp2", "specified-only") == {"honoured"}


def test_only_word_to_the_port_at_risk_counts_as_having_told_it(days: Days) -> None:
    """Protects Cadria: any message to Belcora, such as a new telephone number, had passed for a warning."""
    days.until("T+1:00")
    days.send("norvane", "contact-notice", "by the OSCE Communications Network")
    days.until("T+28:00")
    days.choose("machine", "corner")
    assert set(days.reasons("machine", "un-h")) == {"neglected"}


def test_a_man_who_was_heard_is_not_said_not_to_have_been(days: Days) -> None:
    """Protects the reason of a mark: Verre had come with his advocate, and the card said that nobody had heard him."""
    days.until("T+1:05")
    days.choose("verre", "hear")
    days.until("T+4:20")
    days.send("norvane", "legal-advice", "District Court", "offence-law")
    days.until("T+9:15")
    days.choose("request", "narrow")
    told = days.reasons("request", "un-e")
    assert "had not been heard" not in told["partly"]
