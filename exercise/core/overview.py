"""What exercise control, the public and the hot wash see: views over all teams."""

from __future__ import annotations

from dataclasses import replace

from exercise.core.asked import FACILITATOR
from exercise.core.control.msel import origin
from exercise.core.control.observe import coming_decisions, curtain_view, fact_choices, msel
from exercise.core.observe import clock_view, courses_of, decision_view, inbox_of, indicator_view, plenary_of
from exercise.core.requests.observe import requests_of
from exercise.core.scenario import Scenario
from exercise.core.state import State
from exercise.core.teamwork import observe as table
from exercise.core.tongues import read_by
from exercise.core.views import (
    DecisionView,
    FacilitatorView,
    HotWashView,
    JournalLine,
    SpectatorView,
)
from exercise.core.wording import answered
from exercise.language import _, speaking


def spectator_view(scenario: Scenario, state: State) -> SpectatorView:
    """What anyone in the room may see."""
    text, questions = plenary_of(scenario, state)
    courses = courses_of(state)
    return SpectatorView(
        clock=clock_view(scenario, state),
        title=scenario.title,
        summary=scenario.summary,
        inbox=inbox_of(scenario, state, ""),
        indicators=tuple(
            indicator_view(scenario, state, i, courses) for i in scenario.indicators if not i.hidden and i.team is None
        ),
        plenary_text=text,
        plenary_questions=questions,
        talk=table.public_talk(scenario, state),
        curtain=curtain_view(state),
        page=state.page,
    )


def facilitator_view(scenario: Scenario, state: State) -> FacilitatorView:
    """All there is; never sent to a participant."""
    says = {(fact.id, value.value): value.says for fact in scenario.facts for value in fact.values}
    courses = courses_of(state)
    return FacilitatorView(
        clock=clock_view(scenario, state),
        facts=tuple(
            (f.title, state.facts.get(f.id, "–"), says.get((f.id, state.facts.get(f.id, "")), _("not drawn yet")))
            for f in scenario.facts
        ),
        flags=tuple(sorted(state.flags)),
        indicators=tuple(replace(indicator_view(scenario, state, i, courses), id=i.id) for i in scenario.indicators),
        msel=msel(scenario, state),
        decisions=table.with_all_votes(scenario, state, _all_decisions(scenario, state)),
        notes=tuple(
            (note.seat, JournalLine(note.exercise, note.play, note.text, note.who, note.about)) for note in state.notes
        ),
        requests=requests_of(scenario, state, FACILITATOR),
        seats=table.all_seats(scenario, state),
        drafts=table.all_drafts(scenario, state),
        talk=table.talk(scenario, state, FACILITATOR),
        curtain=curtain_view(state),
        page=state.page,
        claims=tuple(state.claims.items()),
        bots=tuple(state.bots.items()),
        fact_choices=fact_choices(scenario, state),
        coming=coming_decisions(scenario, state),
    )


def hot_wash_view(scenario: Scenario, state: State, seat: str = "") -> HotWashView | None:
    """What the hot wash opens, or None before ENDEX; in the language of a seat, or in the scenario's own."""
    if state.clock.phase != "ended":
        return None
    scenario = read_by(origin(scenario), seat) if seat else origin(scenario)
    with speaking(scenario.language):
        return _hot_wash_view(scenario, state)


def _hot_wash_view(scenario: Scenario, state: State) -> HotWashView:
    courses = courses_of(state)
    says = {(fact.id, value.value): value.says for fact in scenario.facts for value in fact.values}
    return HotWashView(
        facts=tuple((f.title, says.get((f.id, state.facts.get(f.id, "")), "[taken out]")) for f in scenario.facts),
        questions=tuple((scenario.names[q.team] if q.team else "", q.text) for q in scenario.hot_wash),
        objectives=tuple((o.title, o.text) for o in scenario.objectives),
        indicators=tuple(indicator_view(scenario, state, i, courses) for i in scenario.indicators),
        decisions=_all_decisions(scenario, state),
        requests=requests_of(scenario, state, FACILITATOR),
        evaluated=state.evaluation.all_finished,
    )


def _all_decisions(scenario: Scenario, state: State) -> tuple[tuple[str, DecisionView], ...]:
    notes = list(state.notes)
    return tuple(
        (
            scenario.names[opened.team],
            answered(decision_view(state, decision, scenario.teams_by_id[opened.team].roles, notes), scenario),
        )
        for name, opened in state.decisions.items()
        for decision in (scenario.decisions_by_id[name],)
    )
