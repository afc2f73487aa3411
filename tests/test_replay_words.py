"""Counts and letters of a replay in lines, and times of day in a translation."""

from __future__ import annotations

import re
from functools import cache

import pytest
from test_playthroughs import played as rehearsed

from exercise.authoring.library import load_scenario
from exercise.authoring.translations_check import kept
from exercise.catalogue import load_reference
from exercise.cli.rounds import observed
from exercise.plain import hot_wash
from exercise.plain.replay import replay
from exercise.report.conduct import areas, instruments
from exercise.session.bots import Policy
from exercise.session.player import LogPlayer


@cache
def player() -> LogPlayer:
    """Card Storm as one team of bots left it, with principles of which some were never seen."""
    scenario = load_scenario("card-storm")
    return LogPlayer(scenario, load_reference(), rehearsed(scenario, Policy.COOPERATIVE).entries)


def walked(*script: str) -> str:
    """What a replay prints for these lines."""
    lines, printed = iter(script), list[str]()
    walk = player()
    walk.seek(0)

    def read(prompt: str) -> str:
        try:
            return next(lines)
        except StopIteration:
            raise EOFError from None

    replay(walk, read, printed.append)
    return "\n".join(printed)


def test_observed_clauses_are_counted_as_everywhere() -> None:
    """Protects those who compare: a replay, a report and a simulation count only the principles that were seen."""
    walk = player()
    walk.seek(walk.length)
    cards = walk.assessment().scorecards
    unseen = 0
    for card in cards.values():
        told = "\n".join(hot_wash.scorecard(card, card.team, walk.reference, 400))
        counted = {line.strip().partition(":")[0]: line for line in told.splitlines()}
        for row in (*areas(card), *instruments(card)):
            found = re.search(r"(\d+) observed", counted[row.title])
            assert int(found[1] if found else 0) == row.observed, counted[row.title]
        assert sum(row.observed for row in instruments(card)) == len(observed(card))
        unseen += sum(row.observed for row in card.instruments) - len(observed(card))
    assert unseen, "some principle was never seen"


def test_f_finds_in_a_replay() -> None:
    """Protects one letter for one command: `f` looks for words, and the facts have a letter of their own."""
    said = walked("f Averne", "go end", "u", "help")

    before, _, after = said.partition("What was true")
    assert "'go' and a number leads there." in before and after
    letters = re.findall(r"^\S[^:\n]*\(([a-z])\):", said, re.MULTILINE)
    assert len(letters) > 10 and len(letters) == len(set(letters)), sorted(letters)


def test_why_a_scripted_actor_refuses_is_told_in_its_words_and_by_no_code() -> None:
    """Protects the reader: a ground that has an id and no name is not printed, as no screen of the play prints it."""
    scenario = load_scenario("card-storm")
    entries = rehearsed(scenario, Policy.RANDOM).entries
    refused = [entry for entry in entries if getattr(entry.event, "ground", "") == "nothing-held"]

    walk = LogPlayer(scenario, load_reference(), entries)

    assert refused
    for entry in refused:
        assert re.fullmatch(r".+ refuses “.+” of [^()]+: I would need a paper.+", walk.describe(entry.seq))


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("At 02:14 the line went dead.", "Plkst. 02.14 līnija apklusa."),
        ("From 9:05 to 10:30, at 02:14:05", "No 9.05 līdz 10.30, plkst. 02.14.05"),
        ("At 10:30 it costs 10.30 euro.", "Plkst. 10.30 tas maksā 10,30 eiro."),
    ],
)
def test_a_time_may_be_written_with_a_full_stop(source: str, said: str) -> None:
    """Protects translators from false alarm: many languages write the time of day so."""
    assert list(kept(source, said)) == []


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("At 02:14 the line went dead.", "Plkst. 02.41 līnija apklusa."),
        ("At 02:14 the line went dead.", "Plkst. 02,14 līnija apklusa."),
        ("At 10:30 it costs 10.30 euro.", "Plkst. 10.30 tas maksā."),
        ("It costs 10.30 euro.", "Tas maksā 10:30 eiro."),
        ("The score is 3:99.", "Rezultāts ir 3.99."),
    ],
)
def test_a_time_that_is_another_is_still_found(source: str, said: str) -> None:
    """Protects what people act on: only the same time of day may have another sign in it."""
    assert any("number or time" in text for text in kept(source, said))
