"""A scenario in several languages: which of its texts people read, under which ids, and whose language they read.

Only these texts are ever exchanged for others. Ids, conditions and conduct stay, and marks are made from the scenario
as its author wrote it, so that a translation cannot move a mark.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar, get_args, get_origin

from pydantic.fields import FieldInfo

from exercise.core import cast, script
from exercise.core.commitments import Actor, Commitment, Instrument, Model, Threat, ThreatScenario
from exercise.core.requests import kinds, matters
from exercise.core.requests.phrases import PHRASES, Said
from exercise.core.scenario import Scenario
from exercise.language import SOURCE, _, speaking

READ: Mapping[type[Model], tuple[str, ...]] = {
    Scenario: ("title", "summary", "briefing", "facilitator"),
    cast.Team: ("name", "short", "about", "brief"),
    cast.Role: ("name", "brief"),
    cast.Contact: ("name", "channel", "hours", "updated"),
    cast.Fact: ("title",),
    cast.FactValue: ("says",),
    cast.Indicator: ("name", "about", "unit"),
    cast.Evidence: ("title", "text", "source", "conditions"),
    cast.Attachment: ("title", "text"),
    cast.Objective: ("title", "text"),
    cast.CriticalTask: ("text",),
    cast.SurveyQuestion: ("text",),
    cast.HotWashQuestion: ("text",),
    kinds.Handling: ("words",),
    kinds.Channel: ("name", "about"),
    kinds.RequestKind: ("name", "about", "use", "accepts", "fulfils"),
    kinds.ContentElement: ("name", "ask", "why", "says"),
    kinds.Ground: ("name", "says"),
    matters.Actor: ("name", "about", "notes"),
    matters.Desk: ("outside", "otherwise"),
    matters.Reply: ("text",),
    matters.Matter: ("title", "text", "not_ready"),
    matters.Outcome: ("sender", "title", "text"),
    script.Move: ("title", "text"),
    script.Plenary: ("text", "questions"),
    script.Inject: ("sender", "title", "text", "notes", "expected"),
    script.IncomingRequest: ("subject", "content", "mends"),
    script.Decision: ("title", "text", "notes"),
    script.FreeOption: ("prompt",),
    script.ResponseOption: ("title", "text"),
    script.Conduct: ("because",),
    script.Consequence: ("sender", "title", "text"),
    script.Lapse: ("text",),
    Instrument: ("title", "short", "addressees", "body", "number", "adopted_note", "place", "structure", "notes"),
    Commitment: (
        *("title", "clause", "says", "honours", "neglects", "breaches"),
        *("addressees", "certainty_note", "facts", "notes"),
    ),
    Threat: ("clause", "says", "notes"),
    ThreatScenario: ("idea",),
    Actor: ("name", "what", "called_for", "speed", "notes"),
}
"""The texts of each record that somebody reads, participants or exercise control."""

_OWN = {"translations", "flags", "profile"}
"""Not looked into: what is in them is for nobody to read, or for authors alone."""


_TEXT = 40_000

Told = TypeVar("Told", bound=Model)


class Words(NamedTuple):
    """One text that can be translated."""

    id: str
    """Where it stands, told by ids as far as there are any: `decisions.freeze.options.wait.text`."""
    place: tuple[str | int, ...]
    """The same as the way through the author's file."""
    text: str
    usual: bool
    """True for what stands there where the author writes nothing."""
    longest: int
    """How many characters there is room for."""


def texts_of(scenario: Model) -> Iterator[Words]:
    """Every text of a scenario, or of a part of one, that can be translated, in the order of the models."""
    found: list[Words] = []

    def collect(words: Words) -> str:
        found.append(words)
        return words.text

    _changed(scenario, "", (), collect)
    return iter(found)


def with_texts(record: Told, id: str, known: Mapping[str, str]) -> Told:
    """A record that stands under an id, with those of its texts exchanged that are known by theirs."""
    changed: Any = _changed(record, id, (), lambda words: known.get(words.id) or words.text)
    told: Told = changed
    return told


def in_language(scenario: Scenario, language: str) -> Scenario:
    """The scenario with its texts as one language has them, and what it does not have as the author wrote it.

    Nothing else differs, so a state fits the one as it fits the other. It is made once and kept.
    """
    scenario = scenario.__dict__.get("_source", scenario)
    if not language or language == scenario.language:
        return scenario
    kept: dict[str, Scenario] = scenario.__dict__.setdefault("_in_language", {})
    found = kept.get(language)
    if found is None:
        found = kept[language] = _made(scenario, language)
    return found


def language_of(scenario: Scenario, seat: str) -> str:
    """The language that a seat reads: its team's, or else the scenario's own."""
    scenario = scenario.__dict__.get("_source", scenario)
    team = scenario.teams_by_id.get(seat.partition("/")[0])
    return (team.language if team is not None else "") or scenario.language


def common_language(scenario: Scenario) -> str:
    """The language that all teams read, or English where they read several: it is for those who have no seat yet."""
    read = {language_of(scenario, team.id) for team in scenario.teams}
    return read.pop() if len(read) == 1 else SOURCE


def read_by(scenario: Scenario, seat: str) -> Scenario:
    """The scenario as a seat reads it, or as its author wrote it: every view of a seat begins here."""
    return in_language(scenario, language_of(scenario, seat))


def speaking_to(scenario: Scenario, languages: Mapping[str, str]) -> Scenario:
    """The scenario with the languages that its teams are to read, by team; it is kept so in the log."""
    teams = tuple(
        team.model_copy(update={"language": languages[team.id]}) if team.id in languages else team
        for team in scenario.teams
    )
    return scenario.model_copy(update={"teams": teams})


def as_read(scenario: Scenario) -> Scenario:
    """The scenario without the languages that none of its teams reads, which a log would carry for nobody."""
    read = {team.language for team in scenario.teams}
    if scenario.translations.keys() <= read:
        return scenario
    kept: Scenario | None = scenario.__dict__.get("_as_read")
    if kept is None:
        texts = {language: scenario.translations[language] for language in scenario.translations if language in read}
        kept = scenario.__dict__["_as_read"] = scenario.model_copy(update={"translations": texts})
    return kept


def _made(scenario: Scenario, language: str) -> Scenario:
    known = scenario.translations.get(language, {})
    said = {text: known[id] for id, text in PHRASES.items() if id in known}
    same = set(PHRASES.values())

    def translate(words: Words) -> str:
        text = known.get(words.id) or (_(words.text) if words.usual else words.text)
        if text != words.text:
            said.setdefault(words.text, text)
        same.add(words.text)
        return text

    with speaking(language):
        made = _changed(scenario, "", (), translate)
    assert isinstance(made, Scenario)
    made = made.model_copy(update={"language": language, "translations": {}})
    made.__dict__["_source"] = scenario
    made.__dict__["_said"] = Said(said, same)
    return made


def _changed(record: Model, id: str, place: tuple[str | int, ...], change: Callable[[Words], str]) -> Model:
    """The record with its texts changed, here and below; the very same one where nothing is."""
    update: dict[str, Any] = {}
    read = READ.get(type(record), ())
    for name, field in type(record).model_fields.items():
        held = getattr(record, name)
        if not held or name in _OWN:
            continue
        key = field.alias or name
        here, way = f"{id}.{key}" if id else key, (*place, key)
        new: Any = held
        if name in read:
            usual = isinstance(held, str) and held == field.default
            new = _text(held, Words(here, way, "", usual, _longest(field)), change)
        elif isinstance(held, Model):
            new = _changed(held, here, way, change)
        elif isinstance(held, tuple) and isinstance(held[0], Model):
            new = tuple(
                _changed(item, f"{here}.{_name(item, n)}", (*way, n), change) if isinstance(item, Model) else item
                for n, item in enumerate(held)
            )
        if new is not held and new != held:
            update[name] = new
    return record.model_copy(update=update) if update else record


def _text(
    held: str | tuple[str, ...] | Mapping[str, str], at: Words, change: Callable[[Words], str]
) -> str | tuple[str, ...] | dict[str, str]:
    if isinstance(held, str):
        return change(at._replace(text=held))
    if isinstance(held, tuple):
        return tuple(
            change(at._replace(id=f"{at.id}.{n + 1}", place=(*at.place, n), text=text)) for n, text in enumerate(held)
        )
    return {
        key: change(at._replace(id=f"{at.id}.{key}", place=(*at.place, key), text=text)) for key, text in held.items()
    }


def _longest(field: FieldInfo) -> int:
    """What the model allows, so that whoever receives a translated record can read it."""
    limits = field.metadata
    if get_origin(field.annotation) is tuple:
        # What limits the field itself is how many texts it holds, not how long one is.
        (one, *_more) = get_args(field.annotation)
        limits = [limit for info in getattr(one, "__metadata__", ()) for limit in getattr(info, "metadata", ())]
    lengths = (getattr(limit, "max_length", None) for limit in limits)
    return next((length for length in lengths if length is not None), _TEXT)


def _name(item: Model, place: int) -> str:
    """By what an item of a list is known: its id, a fact's value, or its place counted from 1."""
    return str(getattr(item, "id", None) or getattr(item, "value", None) or place + 1)
