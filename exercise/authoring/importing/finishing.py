"""From a draft to the data of a scenario: ids, moves, the keys it must have, what its author decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from exercise.authoring.importing.covering import cover
from exercise.authoring.importing.draft import (
    Cause,
    Draft,
    DraftDecision,
    DraftInject,
    DraftObjective,
    DraftOption,
    DraftTeam,
    Ids,
)
from exercise.authoring.problems import Path
from exercise.core.asked import FACILITATOR
from exercise.core.text import clean_text
from exercise.core.times import format_duration, format_exercise_time

__all__ = ["BY_HAND", "MARK", "Finished", "finish"]

MARK = "TO DECIDE: "
"""How every note begins that asks the author for a decision."""

BY_HAND = "released-by-hand"
"""The flag that nothing raises: rows that wait for it are released by exercise control."""

_THREAT = "T-ba1"
_DATE = "2030-01-14T09:00"
_LINE, _SENDER, _SHORT, _TEXT = 200, 120, 16, 39_000
_MOST_OPTIONS = 6


@dataclass
class Finished:
    """A scenario's data with the comments that stand above its keys."""

    data: dict[str, Any]
    notes: dict[Path, str] = field(default_factory=dict)


def finish(draft: Draft, id: str) -> Finished:
    """The data of a scenario that passes `check`; what had to be shortened, moved or invented is in the report."""
    return _Finishing(draft, id).finished()


class _Finishing:
    def __init__(self, draft: Draft, id: str) -> None:
        self._draft = draft
        self._report = draft.report
        self._id = id
        self._notes: dict[Path, str] = {}
        self._teams, self._rows = Ids(("all", FACILITATOR)), Ids()
        self._objectives, self._moves = Ids(), Ids()
        self._roles: dict[str, Ids] = {}
        self._options: dict[str, Ids] = {}
        self._short: set[str] = set()
        self._by_hand = False
        self._taken_options: dict[str, set[str]] = {}

    def finished(self) -> Finished:
        draft = self._draft
        if not draft.teams:
            draft.teams.append(
                DraftTeam("participants", "Participants", decide=["who takes part; the source does not say."])
            )
            self._report.added("teams", "one team, 'Participants': the source names none")
        self._name_all()
        moves = cover(draft)
        data: dict[str, Any] = {
            "format": 1,
            "id": self._id,
            "title": self._line(draft.title or self._id, "title", draft.facilitator),
            "summary": self._text(draft.summary, "summary") or "Imported; a summary is still to be written.",
            "threats": [_THREAT],
            "date": draft.date or _DATE,
            "briefing": self._text(draft.briefing, "briefing") or "The briefing is still to be written.",
            "teams": [self._team(team, n) for n, team in enumerate(draft.teams)],
        }
        self._decide(("threats",), "which threats it draws on (exercise commitments --threats); this one stands in.")
        if not draft.date:
            self._decide(("date",), "when the story begins; commitments count from the day a team accepted them.")
        if not draft.summary:
            self._decide(("summary",), "what it is about, in two or three sentences that anyone may read.")
        if not draft.briefing:
            self._decide(("briefing",), "what everyone is told before the start.")
        injects = [self._inject(inject, n) for n, inject in enumerate(draft.injects)]
        decisions = [self._decision(decision, n) for n, decision in enumerate(draft.decisions)]
        objectives = [self._objective(objective, n) for n, objective in enumerate(draft.objectives)]
        if self._by_hand:
            draft.flags[BY_HAND] = "Nothing raises it: exercise control releases these rows by hand."
        if draft.flags:
            data["flags"] = {flag: self._text(said, "flags") for flag, said in draft.flags.items()}
        data["moves"] = [
            {
                "id": self._moves.give(move.key, move.key, "move"),
                "title": self._line(move.title, "moves", draft.facilitator),
                "starts": format_exercise_time(move.starts),
                "ends": format_exercise_time(max(move.ends, move.starts + 60)),
                "minutes": format_duration(max(1, move.minutes) * 60),
            }
            for move in moves
        ]
        if not draft.moves:
            self._decide(("moves",), "where moves begin and end, how long each is played, and where a plenary follows.")
            self._report.added(
                "moves", f"moves that cover the times: the source has none, so they are made: {len(moves)}"
            )
        data["injects"] = injects
        if decisions:
            data["decisions"] = decisions
        if objectives:
            data["objectives"] = objectives
        if draft.hot_wash:
            questions = [self._line(text, "hot_wash", draft.facilitator) for text in draft.hot_wash]
            data["hot_wash"] = [{"text": text} for text in questions]
        if draft.survey:
            questions = [self._line(text, "survey", draft.facilitator) for text in draft.survey]
            data["survey"] = [
                {"id": f"q{n}", "text": text, "kind": "text"} for n, text in enumerate(questions, start=1)
            ]
        # Last, since what was too long for its place has joined it by now.
        if draft.facilitator:
            data["facilitator"] = self._text("\n\n".join(draft.facilitator), "facilitator")
        return Finished(data, self._notes)

    # --- names ---

    def _name_all(self) -> None:
        named, by_key = self._report.names, self._draft.keys_are_names
        self._part_twins([*self._draft.teams], "team")
        self._part_twins([*self._draft.injects, *self._draft.decisions], "row")
        for decision in self._draft.decisions:
            self._part_twins(decision.options, "option")
        for n, team in enumerate(self._draft.teams, start=1):
            named.append(("team", team.key, self._teams.give(team.key, team.name, f"team-{n}", by_key)))
            roles = self._roles[team.key] = Ids()
            for m, (key, name) in enumerate(team.roles, start=1):
                named.append((f"role of {team.name}", key, roles.give(key, name, f"role-{m}", by_key)))
        for n, inject in enumerate(self._draft.injects, start=1):
            named.append(("inject", inject.key, self._rows.give(inject.key, inject.title, f"inject-{n}", by_key)))
        for n, decision in enumerate(self._draft.decisions, start=1):
            given = self._rows.give(decision.key, decision.title, f"decision-{n}", by_key)
            named.append(("decision", decision.key, given))
            options = self._options[decision.key] = Ids(("free",))
            self._fit_options(decision)
            for m, option in enumerate(decision.options, start=1):
                own = options.give(option.key, option.title, f"option-{m}", by_key)
                named.append((f"option of {given}", option.key, own))

    def _part_twins(self, rows: Sequence[Any], what: str) -> None:
        """Gives a second thing of the same key a key of its own: whatever names the key means the first."""
        seen: set[str] = set()
        for row in rows:
            key, number = row.key, 1
            while row.key in seen:
                number += 1
                row.key = f"{key} ({number})"
            if number > 1:
                self._report.changed(
                    getattr(row, "where", ""), key, f"a second {what} of this id; what names it means the first"
                )
            seen.add(row.key)

    def _fit_options(self, decision: DraftDecision) -> None:
        for option in decision.options[_MOST_OPTIONS:]:
            decision.notes.append(f"Further option: {option.title}\n{option.text}".strip())
            why = f"a decision has {_MOST_OPTIONS} options at most"
            self._report.kept(decision.where, option.title, why, "notes of the decision")
        del decision.options[_MOST_OPTIONS:]
        self._taken_options[decision.key] = {option.key for option in decision.options}
        while len(decision.options) < 2:
            number = len(decision.options) + 1
            decision.options.append(DraftOption(f"other-{number}", "Another way", "The team does something else."))
            decision.decide.append("a second way to answer, so that there is something to decide.")
            self._report.added(decision.where, "the option 'Another way': a decision needs two")

    # --- parts ---

    def _team(self, team: DraftTeam, n: int) -> dict[str, Any]:
        name = self._line(team.name, f"team {team.key}", self._draft.facilitator)
        made: dict[str, Any] = {
            "id": self._teams.of(team.key),
            "name": name,
            "short": self._shortened(name),
            "kind": "organisation",
            "about": self._text(team.about, f"team {team.key}") or f"{name}; who they are is still to be written.",
        }
        if team.brief:
            made["brief"] = self._text(team.brief, f"team {team.key}")
        if team.roles:
            made["roles"] = [
                {
                    "id": self._roles[team.key].of(key),
                    "name": self._line(role, f"team {team.key}", self._draft.facilitator),
                }
                for key, role in team.roles
            ]
        made["profile"] = []
        if not team.about:
            self._decide(("teams", n, "about"), "who they are, as all may read it.")
        asked = "which texts this team has accepted (exercise commitments); without any, nothing it does is marked."
        self._decide(("teams", n, "profile"), asked)
        for text in team.decide:
            self._decide(("teams", n), text)
        return made

    def _shortened(self, name: str) -> str:
        base = name if len(name) <= _SHORT else name[:_SHORT].rpartition(" ")[0] or name[:_SHORT]
        if base in self._short:
            initials = "".join(word[0] for word in name.split())[:_SHORT]
            base = initials if initials not in self._short else base
        found, number = base.strip(), 1
        while found in self._short:
            number += 1
            found = f"{base[: _SHORT - len(str(number)) - 1].strip()} {number}"
        self._short.add(found)
        return found

    def _inject(self, inject: DraftInject, n: int) -> dict[str, Any]:
        where, path = inject.where or f"inject {inject.key}", ("injects", n)
        title = self._line(inject.title or inject.key, where, inject.notes)
        sender = self._line(inject.sender or "Exercise control", where, inject.notes, _SENDER)
        text = self._text(inject.text, where)
        expected = [self._line(line, where, inject.notes) for line in inject.expected if line.strip()]
        made: dict[str, Any] = {"id": self._rows.of(inject.key), **self._when(inject, path)}
        made |= {
            "to": self._audience(inject),
            "channel": str(inject.channel),
            "from": sender,
            "title": title,
            "text": text,
        }
        if inject.attachments:
            made["attachments"] = [
                {"title": self._line(name, where, inject.notes), "text": self._text(body, where)}
                for name, body in inject.attachments
            ]
        if inject.notes:
            made["notes"] = self._text("\n\n".join(inject.notes), where)
        if expected:
            made["expected"] = expected
        made |= inject.extra
        for asked in inject.decide or ([] if text.strip() else ["what they read; the source has no text here."]):
            self._decide(path, asked)
        return made

    def _audience(self, inject: DraftInject) -> list[str]:
        found = []
        for key in inject.to:
            team, _, role = key.partition("/")
            id, own = self._teams.of(key) or self._teams.of(team), self._roles.get(team, Ids()).of(role)
            if id is not None:
                found.append(f"{id}/{own}" if role and own else id)
        return list(dict.fromkeys(found)) or ["all"]

    def _decision(self, decision: DraftDecision, n: int) -> dict[str, Any]:
        where, path = decision.where or f"decision {decision.key}", ("decisions", n)
        options = []
        for option in decision.options:
            made: dict[str, Any] = {
                "id": self._options[decision.key].of(option.key),
                "title": self._line(option.title or option.key, where, decision.notes),
            }
            if len(option.title) > _LINE or option.text:
                long = option.title if len(option.title) > _LINE else ""
                made["text"] = self._text("\n\n".join(filter(None, (long, option.text))), where)
            options.append(made)
        title = self._line(decision.title or decision.key, where, decision.notes)
        found: dict[str, Any] = {"id": self._rows.of(decision.key), **self._when(decision, path)}
        found |= {
            **({"kind": "quick"} if decision.quick else {}),
            "team": self._teams.of(decision.team) or self._teams.of(self._draft.teams[0].key),
            "title": title,
            "text": self._text(decision.text, where) or title,
            "window": format_duration(max(60, decision.window)),
            "options": options,
            "lapse": {"text": self._text(decision.lapse, where)},
        }
        if decision.notes:
            found["notes"] = self._text("\n\n".join(decision.notes), where)
        self._decide((*path, "window"), "how many minutes it stays open.")
        self._decide((*path, "options"), "the conduct of each: what it honours of the team's profile, what it strains.")
        self._decide((*path, "lapse"), "what silence means here.")
        for asked in decision.decide:
            self._decide(path, asked)
        return found

    def _objective(self, objective: DraftObjective, n: int) -> dict[str, Any]:
        where = f"objective {objective.key}"
        tasks = Ids()
        found: dict[str, Any] = {
            "id": self._objectives.give(objective.key, objective.title, f"objective-{n + 1}"),
            "title": self._line(objective.title, where, self._draft.facilitator),
        }
        if objective.text:
            found["text"] = self._text(objective.text, where)
        if objective.tasks:
            found["tasks"] = [
                {
                    "id": tasks.give(f"task-{m}", task.text, f"task-{m}"),
                    "text": self._line(task.text, where, self._draft.facilitator),
                    **({"team": team} if (team := self._teams.of(task.team)) else {}),
                }
                for m, task in enumerate(objective.tasks, start=1)
            ]
        return found

    # --- when ---

    def _when(self, row: DraftInject | DraftDecision, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if row.at is not None:
            found["at"] = format_exercise_time(row.at)
        elif row.follows and (first := self._rows.of(row.follows)):
            found["follows"] = first
        parts = [part for cause in row.causes if (part := self._cause(cause)) is not None]
        if len(parts) == 1:
            found["when"] = parts[0]
        elif parts:
            found["when"] = {"all" if row.every else "any": parts}
        if isinstance(row, DraftInject) and row.when is not None:
            found["when"] = row.when
        if not found:
            self._by_hand = True
            found["when"] = {"flag": BY_HAND}
            self._decide((*path, "when"), "when it comes; until then exercise control releases it by hand.")
        return found

    def _cause(self, cause: Cause) -> Mapping[str, Any] | None:
        name = self._rows.of(cause.chose or cause.lapsed or cause.released)
        if name is None:
            return None
        if cause.chose:
            if not cause.option:
                return {"chose": name}
            if cause.option not in self._taken_options.get(cause.chose, ()):
                return None
            return {"chose": name, "option": self._options[cause.chose].of(cause.option)}
        return {"lapsed": name} if cause.lapsed else {"released": name}

    # --- texts ---

    def _line(self, text: str, where: str, notes: list[str], longest: int = _LINE) -> str:
        """A text as one line; where it is too long, the whole of it joins these notes."""
        line = " ".join(clean_text(text).split()) or "–"
        if len(line) <= longest:
            return line
        notes.append(clean_text(text).strip())
        self._report.kept(where, text, f"a line has {longest} characters at most; the beginning stands there", "notes")
        return line[: longest - 1].rstrip() + "…"

    def _text(self, text: str, where: str) -> str:
        text = clean_text(text).strip("\n").rstrip()
        if len(text) <= _TEXT:
            return text
        self._report.lost(where, text[_TEXT:], f"a text has {_TEXT} characters at most; this is the rest")
        return text[:_TEXT] + "…"

    def _decide(self, path: Path, text: str) -> None:
        note = MARK + text
        self._notes[path] = f"{self._notes[path]}\n{note}" if path in self._notes else note
