"""A session played, evaluated and surveyed in code, with a bird in every place that some reader must not look into.

A bird's first syllable says who may read it: `kontrol` exercise control alone, `seat` and `person` the same, for they
are private words and names; `open` everybody who took part. Everything in it is fictional.
"""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import Any

from played import _data
from support import FakeClock

from exercise.catalogue import load_reference
from exercise.core.commands import (
    AdvanceClock,
    ChooseResponse,
    CloseMove,
    ClosePlenary,
    FollowUp,
    HoldInject,
    ReopenDecision,
    SetAside,
    SetIndicator,
    WriteNote,
)
from exercise.core.evaluation.commands import (
    AddMark,
    AnswerMark,
    CloseSurvey,
    EnrolEvaluator,
    FinishEvaluation,
    JudgeMark,
    Rate,
    SettleMark,
    WriteAction,
)
from exercise.core.events import MarksProposed
from exercise.core.scenario import Scenario
from exercise.core.script import Grade
from exercise.core.teamwork.commands import Say, TakePen, TakeSeat, WriteDraft
from exercise.session.log import LoadedLog
from exercise.session.session import Session
from exercise.session.store import MemoryStore

PLACE = "Port Ysel"
"""A place of Averne's: no team's name, and still it says whose words these are."""


def bird(reader: str, name: str) -> str:
    """A word that says who may read it."""
    return f"kanari{reader}{name}vogel"


def _scenario() -> Scenario:
    data: dict[str, Any] = deepcopy(_data())
    data["facilitator"] = f"Run it so: {bird('kontrol', 'guidance')}."
    for team in data["teams"]:
        team["brief"] = f"For this team: {bird('never', 'brief')}."
        for role in team.get("roles", ()):
            role["brief"] = f"For this role: {bird('never', 'rolebrief')}."
    data["flags"] = {"told": f"Averne told Belmark {bird('kontrol', 'flag')}."}
    call = data["injects"][0]
    call |= {"notes": bird("kontrol", "notes"), "expected": [bird("kontrol", "expected")]}
    call["text"] += f" It began at {PLACE}, and the Avernese police know of it; nothing in {PLACE} is open."
    about = {"channel": "phone", "from": "Desk"}
    data["injects"] += [
        {"id": "later", "at": "T+90:00", "to": ["all"], "title": bird("kontrol", "never"), "text": "Never comes."}
        | about,
        {"id": "role", "at": "T+0:10", "to": ["averne/police"], "title": bird("kontrol", "role"), "text": "Alone."}
        | about,
    ]
    for row in data["decisions"]:
        row["notes"] = bird("kontrol", "author")
        row["options"][0]["text"] = f"As one does it at {PLACE}."
    commitments = ["se-p7", "os-pp3", "cbm-1", "bc-15"]
    tasks = [{"id": "first", "text": f"Calls {PLACE} first", "team": "averne"}]
    data["objectives"] = [
        {
            "id": "early",
            "title": "Tell early",
            "text": "Not from the press.",
            "commitments": commitments,
            "tasks": tasks,
        }
    ]
    data["survey"] = [
        {"id": "fair", "text": "It was fair.", "kind": "scale"},
        {"id": "home", "text": "What would you change at home?", "kind": "text"},
        {"id": "ours", "text": "Averne only: were you heard?", "kind": "text", "team": "averne"},
    ]
    return Scenario.model_validate(data)


@cache
def reported() -> LoadedLog:
    """The log, evaluated by two, surveyed, with rows of the improvement plan."""
    session = _ended()
    _evaluated(session)
    return session.log()


@cache
def unevaluated() -> LoadedLog:
    """The same before anybody evaluated it."""
    return _ended().log()


@cache
def interrupted() -> LoadedLog:
    """The same before ENDEX."""
    session = _begun()
    _first_move(session)
    return session.log()


def _begun() -> Session:
    clock = FakeClock()
    session = Session.start_new(
        _scenario(),
        load_reference(),
        MemoryStore(),
        seed=4,
        session_id="reported-1",
        roster={"averne": "people", "belmark": "people"},
        now=clock,
        wall=clock.wall,
        pace="stepped",
    )
    for seat in ("averne/lead", "averne/police", "belmark"):
        session.submit(TakeSeat(seat=seat, name=f"Kanariperson{seat[-4:]}vogel"))
    session.start()
    return session


def _first_move(session: Session) -> None:
    session.submit(WriteNote(seat="averne/police", text=bird("seat", "journal")))
    session.submit(WriteNote(text=bird("kontrol", "observation"), who=bird("kontrol", "observer"), about="early"))
    session.submit(Say(seat="averne/police", to="averne", text=bird("seat", "talk")))
    session.submit(Say(seat="averne/lead", to="belmark", text=bird("seat", "message")))
    session.submit(TakePen(seat="averne/lead", subject="tell"))
    session.submit(WriteDraft(seat="averne/lead", subject="tell", text=bird("seat", "draft")))
    session.submit(HoldInject(inject="rumour"))
    session.submit(
        ChooseResponse(
            seat="averne/lead",
            decision="tell",
            revision=1,
            option="now",
            reason=f"{bird('open', 'reason')}: we of Averne, says Kanaripersonleadvogel at {PLACE}, tell BELMARK.",
            basis=("se-p7",),
            set_aside=(SetAside(commitment="os-pp3", why="There was no time for it", limits="Only for this one hour"),),
        )
    )
    session.submit(AdvanceClock(play=400))
    session.submit(ChooseResponse(seat="belmark", decision="statement", revision=1, option="silent"))
    session.submit(ReopenDecision(decision="statement", why=bird("kontrol", "why")))
    session.submit(ChooseResponse(seat="belmark", decision="statement", revision=2, option="speak", reason="=1+1"))
    told = f"We told the ministry at {PLACE} and the operator what we had passed on."
    session.submit(FollowUp(seat="averne/lead", decision="tell", kind="told", text=told))


def _ended() -> Session:
    session = _begun()
    _first_move(session)
    session.submit(AdvanceClock(play=500))
    session.submit(ChooseResponse(seat="belmark", decision="servers", revision=1, option="seize", reason="Speed."))
    session.submit(SetIndicator(indicator="trust", value=48, why=bird("kontrol", "slip")))
    session.submit(CloseMove(lapse_open=True))
    session.submit(ClosePlenary())
    session.submit(CloseMove(lapse_open=True))
    return session


def _evaluated(session: Session) -> None:
    proposed = next(e.event for e in session.entries if isinstance(e.event, MarksProposed))
    marks = [(str(mark["id"]), Grade(str(mark["grade"]))) for mark in proposed.marks]
    one, two = "evaluator/one", "evaluator/two"
    session.submit(EnrolEvaluator(seat=one, name="Kanaripersononevogel", delegation="averne"))
    session.submit(EnrolEvaluator(seat=two, name="Kanaripersontwovogel", delegation="The Secretariat"))
    for id, grade in marks:
        session.submit(JudgeMark(seat=one, mark=id, grade=grade))
        session.submit(JudgeMark(seat=two, mark=id, grade=grade))
    worse = next(id for id, grade in marks if grade is Grade.PARTLY)
    away = next(id for id, grade in marks if grade is Grade.NEGLECTED)
    reason = f"The record of {PLACE} shows less, {bird('open', 'dissent')}."
    session.submit(JudgeMark(seat=two, mark=worse, grade=Grade.NEGLECTED, reason=reason))
    session.submit(JudgeMark(seat=two, mark=away, grade=None, reason="It does not apply here at all."))
    session.submit(
        AddMark(
            seat=one,
            team="averne",
            commitment="se-p7",
            grade=Grade.HONOURED,
            entries=(6, 7),
            decision="tell",
            reason="It was said aloud in the room, and early.",
        )
    )
    session.submit(Rate(seat=one, objective="early", rating="S", strengths=bird("open", "strong")))
    session.submit(Rate(seat=two, objective="early", rating="M", improvements=bird("open", "weak")))
    session.submit(Rate(seat=two, objective="early", task="first", rating="P"))
    session.submit(FinishEvaluation(seat=one))
    session.submit(FinishEvaluation(seat=two))
    session.submit(
        SettleMark(seat=one, mark=worse, grade=Grade.NEGLECTED, reason="We read the entries together again.")
    )
    session.submit(AnswerMark(seat="averne/lead", mark=_first_of(marks, "averne"), text=bird("open", "answer")))
    session.submit(
        CloseSurvey(
            answers={
                "fair": ("4", "5", "4"),
                "home": (f"The list at {PLACE}, {bird('open', 'free')}.", "@SUM(A1)"),
                "ours": (bird("kontrol", "teamsurvey"),),
            }
        )
    )
    session.submit(
        WriteAction(
            area=bird("open", "area"),
            action="Print the list anew.",
            element="planning",
            owner="Averne, home affairs",
            contact=bird("kontrol", "contact"),
            start="2026-02-01",
            end="2026-05-01",
        )
    )


def _first_of(marks: list[tuple[str, Grade]], team: str) -> str:
    return next(id for id, _ in marks if id.startswith(f"{team}:"))
