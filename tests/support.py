"""A small exercise that tests share: two teams, two moves, one fact, one indicator, one dilemma, one quick decision.

Written in code, so that a test of the rules or of the log needs no file. Everything in it is fictional.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from exercise.catalogue import load_reference
from exercise.core.commands import (
    ChooseResponse,
    CloseMove,
    ClosePlenary,
    ExtendWindow,
    FollowUp,
    HoldInject,
    PauseClock,
    ReadMessage,
    ReleaseInject,
    ReopenDecision,
    ResumeClock,
    SetAside,
    SetIndicator,
    VoidMark,
    WithdrawInject,
    WriteNote,
)
from exercise.core.events import MarksProposed
from exercise.core.scenario import Scenario
from exercise.session.clock import Pace
from exercise.session.session import Session
from exercise.session.store import MemoryStore, Store

SMALL: dict[str, Any] = {
    "format": 1,
    "id": "small-leak",
    "title": "Small Leak",
    "summary": "A leak at a shared operator; two States have to tell each other what they know.",
    "threats": ["t1"],
    "date": "2019-03-12T06:00",
    "briefing": "You are on duty this morning.",
    "facilitator": "Let them talk before they choose.",
    "teams": [
        {
            "id": "averne",
            "name": "Republic of Averne",
            "short": "Averne",
            "about": "A coastal State with a young response team.",
            "brief": "You want to be seen as a reliable partner.",
            "roles": [{"id": "lead", "name": "Head of delegation", "leads": True}, {"id": "police", "name": "Police"}],
            "profile": [{"instrument": "seecp-chisinau-2008"}],
        },
        {
            "id": "belmark",
            "name": "Kingdom of Belmark",
            "short": "Belmark",
            "about": "An inland State where the operator has its seat.",
            "profile": [{"instrument": "seecp-chisinau-2008"}],
        },
    ],
    "facts": [
        {
            "id": "source",
            "title": "Who leaked",
            "values": [
                {"value": "insider", "weight": 1, "says": "Somebody inside the operator."},
                {"value": "crew", "weight": 3, "says": "A crew of criminals."},
            ],
        }
    ],
    "flags": {"told": "Averne told Belmark."},
    "indicators": [{"id": "trust", "name": "Trust between partners", "start": 50, "unit": "%"}],
    "evidence": [{"id": "sample", "title": "A sample", "text": "Forty records.", "source": "The operator"}],
    "moves": [
        {
            "id": "morning",
            "title": "The morning",
            "starts": "T+0:00",
            "ends": "T+4:00",
            "minutes": "20m",
            "plenary": {"minutes": "5m", "questions": ["What do you know?"]},
        },
        {"id": "evening", "title": "The evening", "starts": "T+10:00", "ends": "T+12:00", "minutes": "15m"},
    ],
    "injects": [
        {
            "id": "call",
            "at": "T+0:00",
            "to": ["all"],
            "channel": "phone",
            "from": "The operator",
            "title": "Records are for sale",
            "text": "Somebody offers records of customers – both yours and theirs.",
            "effects": [{"learn": "sample", "team": "averne"}],
        },
        {
            "id": "press",
            "at": "T+1:00",
            "to": ["averne", "belmark/lead"],
            "channel": "media",
            "from": "The Daily Lantern",
            "title": "Are our records safe?",
            "text": "A newspaper asks.",
            "effects": [{"indicator": "trust", "by": -10}],
        },
        {
            "id": "thanks",
            "when": {"flag": "told"},
            "to": ["averne"],
            "channel": "diplomatic-note",
            "from": "Belmark",
            "title": "Thank you",
            "text": "Belmark is grateful for the early word.",
            "effects": [{"indicator": "trust", "by": 15}],
        },
        {
            "id": "wrap-up",
            "at": "T+10:30",
            "to": ["all"],
            "channel": "sitrep",
            "from": "The operator",
            "title": "The hole is closed",
            "text": "No more records are leaving.",
        },
    ],
    "decisions": [
        {
            "id": "tell",
            "team": "averne",
            "follows": "call",
            "title": "Tell Belmark?",
            "text": "You know a little and are not sure of it.",
            "window": "10m",
            "options": [
                {
                    "id": "now",
                    "title": "Tell them now",
                    "conduct": [
                        {"commitment": "se-p7", "grade": "honoured", "because": "It told its partner at once."}
                    ],
                    "acts": [{"act": "warn", "toward": ["belmark"], "unasked": True}],
                    "effects": [{"flag": "told"}, {"indicator": "trust", "by": 5}],
                    "consequences": [
                        {
                            "when": {"fact": "source", "is": "crew"},
                            "after": "1h",
                            "text": "The crew moves its servers after a leak from Belmark.",
                        },
                        {"after": "2h", "to": ["belmark"], "text": "The operator thanks you both."},
                    ],
                },
                {
                    "id": "wait",
                    "title": "Wait until you are sure",
                    "conduct": [
                        {"commitment": "se-p7", "grade": "neglected", "because": "It kept its partner in the dark."}
                    ],
                    "effects": [{"indicator": "trust", "by": -5}],
                },
            ],
            "free": {},
            "lapse": {"text": "Nobody told anybody.", "effects": [{"indicator": "trust", "by": -10}]},
        },
        {
            "id": "statement",
            "team": "belmark",
            "kind": "quick",
            "move": "morning",
            "minute": "5m",
            "title": "Say something to the press?",
            "text": "The newspaper is waiting.",
            "window": "4m",
            "options": [
                {"id": "speak", "title": "A short statement", "acts": [{"act": "tell-public"}]},
                {"id": "silent", "title": "No comment", "effects": [{"indicator": "trust", "by": -2}]},
            ],
            "lapse": {"text": "The paper prints without you."},
        },
    ],
    "hot_wash": [{"text": "What would you do sooner next time?"}],
}


@cache
def small_scenario() -> Scenario:
    """The small exercise as a scenario."""
    return Scenario.model_validate(SMALL)


class FakeClock:
    """A clock that a test moves by hand; give `clock` as `now` and `clock.wall` as `wall`."""

    def __init__(self, seconds: float = 1000.0) -> None:
        self.seconds = seconds

    def __call__(self) -> float:
        return self.seconds

    def wall(self) -> str:
        whole = int(self.seconds)
        return f"2026-01-02T{whole // 3600 % 24:02}:{whole // 60 % 60:02}:{whole % 60:02}.000Z"

    def pass_(self, seconds: float) -> None:
        """Lets so many seconds pass."""
        self.seconds += seconds


def new_session(
    store: Store | None = None, *, pace: Pace = "live", seed: int = 4, clock: FakeClock | None = None, id: str = "s-1"
) -> Session:
    """A session of the small exercise in its briefing."""
    clock = clock or FakeClock()
    return Session.start_new(
        small_scenario(),
        load_reference(),
        store or MemoryStore(),
        seed=seed,
        session_id=id,
        now=clock,
        wall=clock.wall,
        pace=pace,
    )


def play_through(session: Session) -> None:
    """Plays the small exercise to ENDEX on a stepped clock, with one command of nearly every kind."""
    session.start()
    session.advance(60)
    session.submit(ReadMessage(seat="averne/police", number=1))
    session.submit(WriteNote(seat="belmark", text="We wait – “nothing” is known yet."))
    session.submit(
        ChooseResponse(
            seat="averne",
            decision="tell",
            revision=1,
            option="now",
            reason="A partner should hear it from us first.",
            set_aside=(SetAside(commitment="se-p7", why="haste", limits="for one hour"),),
        )
    )
    session.submit(HoldInject(inject="press"))
    session.step()
    session.submit(ReleaseInject(inject="press"))
    session.submit(ExtendWindow(decision="statement", seconds=60))
    session.submit(PauseClock())
    session.submit(SetIndicator(indicator="trust", value=70.5, why="The room agreed."))
    session.submit(ResumeClock())
    session.submit(FollowUp(seat="averne", decision="tell", kind="told", text="We told all whom this touches today."))
    for _ in range(8):
        session.step()
    session.submit(ReopenDecision(decision="statement", why="The line was down."))
    session.submit(ChooseResponse(seat="belmark", decision="statement", revision=2, option="speak"))
    session.submit(WithdrawInject(inject="press", why="It was sent by mistake."))
    session.submit(CloseMove(lapse_open=True))
    session.submit(ClosePlenary())
    for _ in range(3):
        session.step()
    session.submit(CloseMove(lapse_open=True))
    mark = next(iter(marks_of(session)), None)
    if mark is not None:
        session.submit(VoidMark(mark=mark, why="Two evaluators agree."))


def marks_of(session: Session) -> list[str]:
    """Ids of the marks proposed at ENDEX."""
    proposed = [entry.event for entry in session.entries if isinstance(entry.event, MarksProposed)]
    return [str(mark["id"]) for event in proposed for mark in event.marks]
