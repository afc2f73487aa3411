"""A tiny crisis told line by line, for tests of the assessment: `given(...)` a scenario, then what happened in it.

Each call writes the entries that the rules would write, so that a test says only what matters to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from exercise.catalogue import load_reference
from exercise.core import events as ev
from exercise.core.acts import Act, Safeguard
from exercise.core.assess import Assessment, assess
from exercise.core.commands import SetAside
from exercise.core.marks import Mark
from exercise.core.scenario import Scenario

HOUR = 3600
END = "T+48:00"

PROFILE = (
    "seecp-chisinau-2008",
    "osce-mc-dec-5-17",
    "osce-cbm",
    "budapest-convention",
    "un-norms-2015",
    "baltic-assembly-res-cybercrime",
    "interpol-ag-2012-impact",
    "lv-unidir-resilience-2024",
)
"""Every force once: politically binding, voluntary, treaty, recommendation, internal act, principle."""

FIVE: Mapping[Safeguard, str] = {
    Safeguard.GROUND: "order under fraud law",
    Safeguard.AUTHORITY: "the duty judge",
    Safeguard.SCOPE: "forty named accounts",
    Safeguard.DURATION: "ends after twelve hours",
    Safeguard.THIRD_PARTIES: "salaries are left alone",
}


def tag(commitment: str, grade: str, **more: Any) -> dict[str, Any]:
    """A tag of an option."""
    return {"commitment": commitment, "grade": grade, "because": f"It leaves {commitment} {grade}.", **more}


def decision(id: str = "cards", *, team: str = "averne", **more: Any) -> dict[str, Any]:
    """A decision with options `a` and `b`; `a`, `b` and `lapse` take what each brings."""
    a, b, lapse = more.pop("a", {}), more.pop("b", {}), more.pop("lapse", {})
    return {
        "id": id,
        "team": team,
        "at": "T+1:00",
        "title": f"The {id} question",
        "text": "What now?",
        "window": "20m",
        "options": [{"id": "a", "title": "The first way", **a}, {"id": "b", "title": "The second way", **b}],
        "free": {},
        "lapse": {"text": "Nobody answered.", **lapse},
        **more,
    }


def occasion(detector: str, *commitments: str, **more: Any) -> dict[str, Any]:
    """An occasion that opens with the alarm and has to be met by T+10:00."""
    return {
        "id": "watched",
        "detector": detector,
        "team": "averne",
        "opens": {"released": "alarm"},
        "until": "T+10:00",
        "commitments": commitments,
        **more,
    }


def scenario(
    *decisions: dict[str, Any],
    occasions: tuple[dict[str, Any], ...] = (),
    profile: tuple[Any, ...] = PROFILE,
    date: str = "2025-01-14T06:00",
) -> Scenario:
    """A scenario with two teams, Averne and Belcora, that hold the same profile."""
    held = [{"instrument": entry} if isinstance(entry, str) else entry for entry in profile]
    return Scenario.model_validate(
        {
            "format": 1,
            "id": "tiny",
            "title": "Tiny",
            "summary": "A crisis for tests.",
            "threats": ["T-se2"],
            "date": date,
            "briefing": "Good morning.",
            "teams": [
                {"id": "averne", "name": "Averne", "short": "Averne", "about": "A State.", "profile": held},
                {"id": "belcora", "name": "Belcora", "short": "Belcora", "about": "A State.", "profile": held},
            ],
            "facts": [{"id": "who", "title": "Who", "values": [{"value": v, "says": v} for v in ("crew", "state")]}],
            "flags": {"line-down": "The line is down."},
            "evidence": [{"id": "list", "title": "A list", "text": "Names.", "source": "Belcora", "conditions": "Us."}],
            "moves": [{"id": "one", "title": "One", "starts": "T+0:00", "ends": END, "minutes": "60m"}],
            "injects": [
                {"id": "alarm", "at": "T+1:00", "to": ["all"], "channel": "phone"}
                | {"from": "X", "title": "A", "text": "A"}
            ],
            "decisions": decisions,
            "occasions": occasions,
        }
    )


class Story:
    """A log being written: one minute of play goes with each hour of the story."""

    def __init__(self, played: Scenario, *, fact: str = "crew") -> None:
        self.scenario = played
        self.entries: list[ev.LogEntry] = []
        self._exercise = self._play = 0
        self._write(ev.ExerciseStarted(facts={"who": fact}, indicators={}))
        self._write(ev.MoveOpened(move="one", index=0, starts=0, ends=48 * HOUR, seconds=3600))

    def _write(self, *events: ev.Event, seat: str = "facilitator") -> Story:
        batch = len(self.entries) + 1
        for event in events:
            seq = len(self.entries) + 1
            self.entries.append(ev.LogEntry(seq, batch, seat, "", self._play, self._exercise, event))
        return self

    @property
    def last(self) -> int:
        """Number of the newest entry."""
        return len(self.entries)

    def at(self, hours: float) -> Story:
        """The clock comes to this hour."""
        self._exercise, self._play = int(hours * HOUR), int(hours * 60)
        return self._write(ev.ClockAdvanced(play=self._play, exercise=self._exercise))

    def alarm(self, hours: float = 1) -> Story:
        """The inject that opens the occasions."""
        return self.at(hours)._write(ev.InjectReleased(inject="alarm", to=("all",)))

    def chose(
        self, option: str | None, hours: float = 2, *, decision: str = "cards", nearest: str | None = None, **more: Any
    ) -> Story:
        """A decision is put, if it was not, and answered; acts and no other effects follow."""
        script = self.scenario.decisions_by_id[decision]
        self.at(hours)
        self._put(decision)
        followed = next(o for o in script.options if o.id == (option or nearest))
        aside = tuple(SetAside(**item) for item in more.pop("set_aside", ()))
        return self._write(
            ev.ResponseChosen(
                decision=decision,
                team=script.team,
                revision=1,
                option=option,
                nearest=nearest,
                set_aside=aside,
                **more,
            ),
            *(ev.ActDone(team=script.team, act=act, decision=decision) for act in followed.acts),
            seat=script.team,
        )

    def lapsed(self, hours: float = 2, *, decision: str = "cards") -> Story:
        """A decision is put and its window closes."""
        script = self.scenario.decisions_by_id[decision]
        self.at(hours)
        self._put(decision)
        return self._write(
            ev.DecisionLapsed(decision=decision, team=script.team),
            *(ev.ActDone(team=script.team, act=act, decision=decision) for act in script.lapse.acts),
        )

    def _put(self, decision: str) -> None:
        if not any(isinstance(e.event, ev.DecisionOpened) and e.event.decision == decision for e in self.entries):
            team = self.scenario.decisions_by_id[decision].team
            self._write(ev.DecisionOpened(decision=decision, team=team, revision=1, closes=self._play + 1200))

    def reopened(self, hours: float, *, decision: str = "cards") -> Story:
        """Correction: the decision is put again."""
        return self.at(hours)._write(ev.DecisionReopened(decision=decision, revision=2, closes=self._play + 1200))

    def did(self, act: str, hours: float, *, team: str = "averne", **more: Any) -> Story:
        """A team takes a step of its own."""
        return self.at(hours)._write(ev.ActDone(team=team, act=Act(act=act, **more)), seat=team)  # type: ignore[arg-type]

    def followed_up(self, kind: Any, hours: float, text: str = "We told everyone who was touched.") -> Story:
        """A team tells those affected, or comes back to a decision."""
        return self.at(hours)._write(ev.FollowedUp(decision="cards", team="averne", kind=kind, text=text))

    def learned(self, hours: float, *, team: str = "averne") -> Story:
        """A team comes to hold the list."""
        return self.at(hours)._write(ev.EvidenceLearned(team=team, evidence="list"))

    def flag(self, hours: float) -> Story:
        """The line goes down."""
        return self.at(hours)._write(ev.FlagRaised(flag="line-down"))

    def cleared(self, hours: float) -> Story:
        """The line is up again."""
        return self.at(hours)._write(ev.FlagCleared(flag="line-down"))

    def indicator(self, hours: float, value: float) -> Story:
        """An indicator moves."""
        return self.at(hours)._write(ev.IndicatorChanged(indicator="trust", value=value))

    def voided(self, mark: str) -> Story:
        """Correction: a mark does not count."""
        return self._write(ev.MarkVoided(mark=mark))

    def ended(self, hours: float) -> Story:
        """ENDEX."""
        return self.at(hours)._write(ev.ExerciseEnded())

    def assessed(self) -> Assessment:
        """The assessment of all that was written."""
        return assess(self.scenario, load_reference(), self.entries)

    def marks(self, commitment: str, *, team: str = "averne", source: str | None = None) -> list[Mark]:
        """A team's marks under a commitment."""
        return [
            mark
            for mark in self.assessed().marks
            if (mark.commitment, mark.team) == (commitment, team) and source in (None, mark.source)
        ]

    def mark(self, commitment: str, *, team: str = "averne", source: str | None = None) -> Mark:
        """The only mark a team has under a commitment."""
        (only,) = self.marks(commitment, team=team, source=source)
        return only

    def grade(self, commitment: str, *, source: str | None = None) -> str | None:
        """Grade of Averne's only mark under a commitment; None where there is none."""
        found = self.marks(commitment, source=source)
        assert len(found) <= 1
        return found[0].grade.value if found else None


def given(*decisions: dict[str, Any], occasions: tuple[dict[str, Any], ...] = (), **more: Any) -> Story:
    """A story that has just started, in a scenario of these decisions and occasions."""
    fact = more.pop("fact", "crew")
    return Story(scenario(*decisions, occasions=occasions, **more), fact=fact)
