"""A short exercise played to its end in code, for tests of the replay and of the hot wash: every kind of entry occurs.

It stands on the small exercise of `support`, with more texts in the profiles and with marks of every grade. Everything
in it is fictional.
"""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import Any

from support import SMALL

from exercise.catalogue import load_reference
from exercise.core.assess import Assessment, assess
from exercise.core.commands import (
    AdvanceClock,
    ChooseResponse,
    CloseMove,
    ClosePlenary,
    Command,
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
    StartExercise,
    WithdrawInject,
    WriteNote,
)
from exercise.core.events import LogEntry
from exercise.core.reference import Reference
from exercise.core.scenario import Scenario
from exercise.session.autoplay import Rehearsal
from exercise.session.player import LogPlayer

_TEXTS = ("seecp-chisinau-2008", "osce-mc-dec-5-17", "osce-cbm", "budapest-convention", "lv-unidir-resilience-2024")


def _data() -> dict[str, Any]:
    data = deepcopy(SMALL)
    for team in data["teams"]:
        team["profile"] = [{"instrument": text} for text in _TEXTS]
    data["date"] = "2025-03-12T06:00"
    data["indicators"].append(
        {"id": "leaked", "name": "Records on sale", "start": 40000, "highest": 100000, "better": "lower", "unit": ""}
    )
    data["injects"].append(
        {
            "id": "rumour",
            "at": "T+2:00",
            "to": ["all"],
            "channel": "media",
            "from": "A blog",
            "title": "Rumour: the leak was ordered from abroad",
            "text": "Nobody knows where this comes from.",
            "noise": True,
            "effects": [{"indicator": "leaked", "by": 12000}],
        }
    )
    tell, statement = data["decisions"]
    tell["deadline"] = "T+2:00"
    tell["timely"] = ["cbm-3"]
    tell["options"][0]["conduct"] += [
        {"commitment": "lv-4.1", "grade": "honoured", "because": "It gave a norm as its reason."},
        {"commitment": "cbm-1", "grade": "partly", "because": "It told what it knew, and not how it knew."},
        {"commitment": "os-pp3", "grade": "neglected", "because": "It named no legal basis for what it passed on."},
    ]
    seize = {
        "id": "seize",
        "title": "Seize the operator's servers first",
        "text": "Then there is something to tell.",
        "coercive": True,
        "conduct": [
            {
                "commitment": "bc-15",
                "grade": "breached",
                "because": "It used the power without the check that the law demands.",
                "knowing": True,
            },
            {
                "commitment": "bc-29",
                "grade": "neglected",
                "because": "Nobody was there who could ask for preservation.",
                "lacking": "people",
            },
        ],
        "acts": [{"act": "coerce", "about": "servers"}],
    }
    tell["options"].append(seize)
    statement["options"][1]["conduct"] = [
        {"commitment": "se-p7", "grade": "neglected", "because": "It left its own public in the dark."}
    ]
    later = deepcopy(statement)
    later |= {"id": "servers", "minute": "8m", "title": "What about the servers?"}
    later["options"] = [seize, tell["options"][1]]
    lapsing = deepcopy(statement)
    lapsing |= {"id": "call-back", "team": "averne", "minute": "9m", "title": "Call the operator back?"}
    lapsing["window"] = "2m"
    data["decisions"] += [later, lapsing]
    data["hot_wash"].append({"text": "Whom did you not tell, and why?", "team": "averne"})
    early = "Partners learn of it from you, and not from the press."
    data["objectives"] = [{"id": "early", "title": "Tell early", "text": early}]
    return data


@cache
def played_scenario(said: str = "") -> Scenario:
    """The exercise; with `said`, every text that anybody reads is that one."""
    return Scenario.model_validate(_saying(_data(), said) if said else _data())


_READ = {"title", "text", "name", "short", "about", "brief", "summary", "briefing", "from", "says", "because", "unit"}
_LONGEST = {"short": 16, "unit": 16, "from": 120, "about": 60}


def _saying(data: Any, said: str) -> Any:
    if isinstance(data, list):
        return [_saying(item, said) for item in data]
    if not isinstance(data, dict):
        return data
    told = {key: f"{said} said"[: _LONGEST.get(key, 190)] for key in _READ}
    told["because"] = f"{said[:150]} – so it was seen"
    return {key: told[key] if key in _READ else _saying(value, said) for key, value in data.items()}


@cache
def played_reference() -> Reference:
    """The whole catalogue."""
    return load_reference()


@cache
def played_entries(said: str = "") -> tuple[LogEntry, ...]:
    """The log, from STARTEX to ENDEX."""
    rehearsal = Rehearsal(played_scenario(said))
    for command in _commands():
        rehearsal.submit(command)
    return tuple(rehearsal.entries)


@cache
def played_assessment() -> Assessment:
    """The marks of the whole log."""
    return assess(played_scenario(), played_reference(), played_entries())


def new_player(said: str = "") -> LogPlayer:
    """A player of the log, at its start."""
    return LogPlayer(played_scenario(said), played_reference(), played_entries(said))


def ended_player(said: str = "") -> LogPlayer:
    """A player of the log, at its end."""
    player = new_player(said)
    player.seek(player.length)
    return player


def _commands() -> list[Command]:
    now = ChooseResponse(
        seat="averne",
        play=180,
        decision="tell",
        revision=1,
        option="now",
        reason="A partner should hear this from us first, and not from the press tomorrow.",
        basis=("se-p7",),
        set_aside=(
            SetAside(
                commitment="os-pp3",
                why="There was no time to clear the legal basis with the ministry",
                limits="Only what the operator allowed, and only to the duty officer",
            ),
        ),
    )
    cleared = "We cleared the legal basis with the ministry and wrote it down."
    told = "We told the ministry and the operator what we had passed on and why."
    return [
        StartExercise(facts={"source": "crew"}),
        ReadMessage(seat="averne", play=60, number=1),
        WriteNote(seat="averne", play=90, text="The duty officer of Belmark is called Ms Tarn."),
        HoldInject(play=100, inject="rumour"),
        now,
        PauseClock(play=200),
        ResumeClock(play=200),
        ChooseResponse(seat="belmark", play=360, decision="statement", revision=1, option="silent"),
        AdvanceClock(play=400),
        ReopenDecision(play=420, decision="statement", why="the room was not ready"),
        ExtendWindow(play=430, decision="statement", seconds=120),
        ChooseResponse(seat="belmark", play=460, decision="statement", revision=2, option="silent", reason="Too soon."),
        FollowUp(seat="averne", play=470, decision="tell", kind="told", text=told),
        ChooseResponse(seat="belmark", play=500, decision="servers", revision=1, option="seize", reason="Speed."),
        ReleaseInject(play=520, inject="rumour"),
        WithdrawInject(play=540, inject="rumour", why="it belongs to another exercise"),
        SetIndicator(play=560, indicator="trust", value=48, why="a slip of the pen"),
        AdvanceClock(play=1200),
        CloseMove(play=1200),
        ClosePlenary(play=1500),
        FollowUp(seat="averne", play=1600, decision="tell", kind="returned", text=cleared),
        AdvanceClock(play=2400),
        CloseMove(play=2400),
    ]
