"""Which team reads which language, as a command line says it: `lv` for all of them, or `averne=lv`."""

from __future__ import annotations

from collections.abc import Iterable

from exercise.authoring.nearest import did_you_mean
from exercise.authoring.translations import LANGUAGE, with_forms
from exercise.core.scenario import Scenario
from exercise.core.text import clean_text
from exercise.core.tongues import speaking_to
from exercise.errors import UsageError
from exercise.language import languages


def reading(scenario: Scenario, given: Iterable[str], teams: Iterable[str] | None = None) -> Scenario:
    """The scenario as these words have its teams read it; a language alone is for `teams`, or for all.

    A language that only the interface has is taken too: what the scenario does not have in it is read untranslated.
    Raises UsageError for a team or a language that is nowhere.
    """
    everybody = tuple(scenario.teams_by_id if teams is None else teams)
    found: dict[str, str] = {}
    for word in given:
        team, equals, language = word.rpartition("=")
        if equals and team not in scenario.teams_by_id:
            near = did_you_mean(team, scenario.teams_by_id) or "."
            known = ", ".join(scenario.teams_by_id)
            raise UsageError(f"The scenario has no team '{_short(team)}'{near} It has: {known}.")
        _known(scenario, language)
        found |= dict.fromkeys((team,) if equals else everybody, language)
    return with_forms(speaking_to(scenario, found)) if found else scenario


def _known(scenario: Scenario, language: str) -> None:
    known = sorted({scenario.language, *scenario.translations, *languages()})
    if not LANGUAGE.fullmatch(language) or language not in known:
        near = did_you_mean(language, known) or "."
        raise UsageError(f"Neither scenario nor program speaks '{_short(language)}'{near} Known: {', '.join(known)}.")


def _short(word: str) -> str:
    return clean_text(word)[:40]
