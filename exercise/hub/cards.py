"""What stands on inject cards and decision sheets, for whoever gets them.

The records are built field by field from what a team is shown on its screens, so that no template can let a secret
slip onto paper. What the facilitator needs beside them stands in the handbook.
"""

from __future__ import annotations

from collections.abc import Iterator

from exercise.authoring.in_words import InWords
from exercise.core.audience import reaches
from exercise.core.records import dataclass
from exercise.core.scenario import Scenario
from exercise.core.script import IncomingRequest, channel_name
from exercise.core.times import format_duration
from exercise.core.tongues import read_by
from exercise.language import _, speaking


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that comes with an inject, as the addressee reads it."""

    kind: str
    by: str
    via: str
    subject: str
    lines: tuple[tuple[str, str], ...]
    """What it says, by element of its kind."""
    conditions: str
    deadline: str
    urgent: bool
    encloses: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class InjectCard:
    """An inject as one team reads it."""

    language: str
    """What the team reads."""
    number: int
    """In the MSEL; it stands on the strip that stays with the facilitator, as do `team` and `due`."""
    team: str
    due: str
    to: str
    """Under which addresses the team gets it; who else does is not told."""
    at: str
    """Time of the story as the audience reads it; '' where it is filled in by hand."""
    sender: str
    channel: str
    title: str
    text: str
    attachments: tuple[tuple[str, str], ...]
    asked: Asked | None


@dataclass(frozen=True, slots=True)
class DecisionSheet:
    """A decision as the team reads it."""

    language: str
    """What the team reads."""
    number: int
    team: str
    role: str
    due: str
    kind: str
    title: str
    text: str
    window: str
    deadline: str
    options: tuple[tuple[str, str, str, bool, bool], ...]
    """Letter, title, text, whether it uses a power, whether it has effects abroad."""
    free: str
    """What is asked of an own proposal, or '' where none may be made."""


def inject_cards(scenario: Scenario, number: int) -> Iterator[InjectCard]:
    """The cards of an inject that are dealt, one for each team it reaches, in its language; texts as Markdown."""
    for team in scenario.teams:
        if reaches(scenario.injects[number - 1].to, team.id):
            yield _card(read_by(scenario, team.id), team.id, number)


def _card(read: Scenario, team: str, number: int) -> InjectCard:
    words, inject = InWords(read), read.injects[number - 1]
    with speaking(read.language):
        return InjectCard(
            language=read.language,
            number=number,
            team=read.names[team],
            due=words.due(inject),
            to=words.addressed(tuple(to for to in inject.to if reaches((to,), team))),
            at=words.time(inject.at) if inject.at is not None and inject.when is None else "",
            sender=inject.sender,
            channel=_(channel_name(inject.channel.value)),
            title=inject.title,
            text=inject.text,
            attachments=tuple((paper.title, paper.text) for paper in inject.attachments),
            asked=_asked(read, words, inject.request, team),
        )


def _asked(scenario: Scenario, words: InWords, request: IncomingRequest | None, team: str) -> Asked | None:
    # The message may go to several teams; the request goes to one.
    if request is None or request.to != team:
        return None
    kind, channel = scenario.kinds_by_id.get(request.kind), scenario.channels_by_id.get(request.via)
    names = {element.id: element.name for element in kind.elements} if kind else {}
    enclosed = [scenario.evidence_by_id[id] for id in request.encloses if id in scenario.evidence_by_id]
    return Asked(
        kind=kind.name if kind else request.kind,
        by=scenario.names.get(request.by, request.by),
        via=channel.name if channel else request.via,
        subject=request.subject,
        lines=tuple((names.get(id, id), text) for id, text in request.content.items()),
        conditions=words.handling(request.handling),
        deadline=words.time(request.deadline) if request.deadline is not None else "",
        urgent=request.urgent,
        encloses=tuple((piece.title, piece.text) for piece in enclosed),
    )


def decision_sheet(scenario: Scenario, number: int) -> DecisionSheet:
    """The sheet that is dealt, in its team's language; an option open only to some stands in the handbook alone."""
    read = read_by(scenario, scenario.decisions[number - 1].team)
    words, decision = InWords(read), read.decisions[number - 1]
    team = read.teams_by_id[decision.team]
    role = next((role.name for role in team.roles if role.id == decision.role), "")
    with speaking(read.language):
        return DecisionSheet(
            language=read.language,
            number=number,
            team=team.short,
            role=role,
            due=words.due(decision),
            kind=_("Dilemma") if decision.kind == "dilemma" else _("Quick decision"),
            title=decision.title,
            text=decision.text,
            window=format_duration(decision.window),
            deadline=words.time(decision.deadline) if decision.deadline is not None else "",
            options=tuple(
                (chr(65 + place), option.title, option.text, option.coercive, option.outward)
                for place, option in enumerate(decision.options)
                if option.available is None
            ),
            free=decision.free.prompt if decision.free else "",
        )
