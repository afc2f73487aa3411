"""What stands on inject cards and decision sheets: one record for whoever gets the card, one for the facilitator.

The records for participants are built field by field from what a team is shown on its screens, so that no template can
let a secret slip onto paper.
"""

from __future__ import annotations

from collections.abc import Iterator

from exercise.core.audience import reaches
from exercise.core.records import dataclass
from exercise.core.reference import Reference
from exercise.core.scenario import Scenario
from exercise.core.script import Conduct, Consequence, Decision, IncomingRequest, Inject, channel_name
from exercise.core.times import format_duration
from exercise.hub.in_words import InWords


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


@dataclass(frozen=True, slots=True)
class Comes:
    """What comes of an answer, for the facilitator."""

    after: str
    when: str
    to: str
    channel: str
    sender: str
    title: str
    text: str
    effects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """What an answer means for one commitment."""

    grade: str
    sign: str
    id: str
    title: str
    because: str
    when: str


def inject_cards(scenario: Scenario, words: InWords, number: int, inject: Inject) -> tuple[InjectCard, ...]:
    """The cards that are dealt, one for each team it reaches; texts as Markdown."""
    return tuple(
        InjectCard(
            number=number,
            team=team.short,
            due=words.due(inject),
            to=words.addressed(tuple(to for to in inject.to if reaches((to,), team.id))),
            at=words.time(inject.at) if inject.at is not None and inject.when is None else "",
            sender=inject.sender,
            channel=channel_name(inject.channel.value),
            title=inject.title,
            text=inject.text,
            attachments=tuple((paper.title, paper.text) for paper in inject.attachments),
            asked=_asked(scenario, words, inject.request, team.id),
        )
        for team in scenario.teams
        if reaches(inject.to, team.id)
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


def decision_sheet(scenario: Scenario, words: InWords, number: int, decision: Decision) -> DecisionSheet:
    """The sheet that is dealt. An option that is open only to some stands on none of it: see `offered_later`."""
    team = scenario.teams_by_id[decision.team]
    role = next((role.name for role in team.roles if role.id == decision.role), "")
    return DecisionSheet(
        number=number,
        team=team.short,
        role=role,
        due=words.due(decision),
        kind="Dilemma" if decision.kind == "dilemma" else "Quick decision",
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


def offered_later(words: InWords, decision: Decision) -> tuple[tuple[str, str, str, str], ...]:
    """Letter, title, text and condition of the options that only some teams are offered; for the facilitator to write
    onto the sheet where the condition holds."""
    return tuple(
        (chr(65 + place), option.title, option.text, words.condition(option.available))
        for place, option in enumerate(decision.options)
        if option.available is not None
    )


def answers(
    scenario: Scenario, reference: Reference, words: InWords, decision: Decision
) -> Iterator[tuple[str, str, tuple[Comes, ...], tuple[str, ...], tuple[Clause, ...]]]:
    """Letter and title of each answer, and of none, with what comes of it and what it means; for the facilitator."""
    for place, option in enumerate(decision.options):
        yield (
            chr(65 + place),
            option.title,
            tuple(_comes(scenario, words, decision, piece) for piece in option.consequences),
            words.effects(option.effects),
            clauses(reference, words, option.conduct),
        )
    lapse = decision.lapse
    told = Comes("at once", "", scenario.names[decision.team], "", "", "", lapse.text, ())
    yield (
        "–",
        "No answer in the window",
        (told, *(_comes(scenario, words, decision, piece) for piece in lapse.consequences)),
        words.effects(lapse.effects),
        clauses(reference, words, lapse.conduct),
    )


def _comes(scenario: Scenario, words: InWords, decision: Decision, piece: Consequence) -> Comes:
    return Comes(
        after=words.after(piece.after),
        when=words.condition(piece.when),
        to=words.addressed(piece.to) if piece.to else scenario.names[decision.team],
        channel=channel_name(piece.channel.value),
        sender=piece.sender,
        title=piece.title,
        text=piece.text,
        effects=words.effects(piece.effects),
    )


_SIGNS = {"honoured": "+", "partly": "±", "neglected": "−", "breached": "✗"}


def clauses(reference: Reference, words: InWords, conduct: tuple[Conduct, ...]) -> tuple[Clause, ...]:
    """What an answer means, clause by clause; for facilitator and evaluators."""
    return tuple(
        Clause(
            grade=part.grade.value,
            sign=_SIGNS[part.grade.value],
            id=part.commitment,
            title=reference.commitment(part.commitment).title,
            because=part.because,
            when=words.condition(part.when),
        )
        for part in conduct
    )
