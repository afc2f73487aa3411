"""The player: any place of a log is the fold of what came before it, whichever way one got there."""

from __future__ import annotations

import random
from dataclasses import MISSING, fields
from enum import Enum
from typing import Literal, get_args, get_origin, get_type_hints

import pytest
from played import new_player, played_entries, played_reference, played_scenario

from exercise.core import events as ev
from exercise.core.acts import Act, ActKind
from exercise.core.assess import assess
from exercise.core.commands import StartExercise, WriteNote
from exercise.core.events import LogEntry
from exercise.core.evolve import replay
from exercise.core.observe import participant_view
from exercise.errors import LogError
from exercise.session.autoplay import Rehearsal
from exercise.session.client import Player
from exercise.session.player import SNAPSHOT_EVERY, LogPlayer
from exercise.session.retell import Retelling

EVENT_TYPES: tuple[type[ev.Happened], ...] = get_args(get_args(ev.Event)[0])


def view_by_fold(entries: tuple[LogEntry, ...], position: int, team: str) -> object:
    """What a team saw, folded from the start with nothing kept on the way."""
    return participant_view(played_scenario(), replay(entry.event for entry in entries[:position]), team)


def long_log() -> tuple[LogEntry, ...]:
    """A log of several snapshots' length."""
    rehearsal = Rehearsal(played_scenario())
    rehearsal.submit(StartExercise(facts={"source": "crew"}))
    while len(rehearsal.entries) < 3 * SNAPSHOT_EVERY + 50:
        rehearsal.submit(WriteNote(seat="averne", play=0, text=f"Line {len(rehearsal.entries)}"))
    return tuple(rehearsal.entries)


def entry(event: ev.Event) -> LogEntry:
    """An event in an envelope, for telling."""
    return LogEntry(1, 1, "averne", "", 60, 720, event)


def test_is_a_player() -> None:
    """Protects the screens: what they know as `Player` is what they get."""
    player: Player = new_player()

    assert (player.title, player.length, player.position) == ("Small Leak", len(played_entries()), 0)
    assert player.seats == (("averne", "Averne"), ("belmark", "Belmark"))


@pytest.mark.parametrize("team", ["averne", "belmark"])
def test_every_place_shows_what_the_team_saw_then(team: str) -> None:
    """Protects the replay's promise: at each entry a team's view is the one it had, no more and no less."""
    player = new_player()

    for position in range(player.length + 1):
        player.seek(position)
        assert player.view(team) == view_by_fold(played_entries(), position, team)


def test_going_back_and_forth_leads_to_the_same_place() -> None:
    """Protects scrubbing over a long log: snapshots on the way change nothing."""
    entries = long_log()
    player = LogPlayer(played_scenario(), played_reference(), entries)
    places = [SNAPSHOT_EVERY, SNAPSHOT_EVERY - 1, len(entries), 0, SNAPSHOT_EVERY + 1]
    places += random.Random(7).sample(range(len(entries)), 25)

    for position in places:
        player.seek(position)
        assert player.position == position
        assert player.view("averne") == view_by_fold(entries, position, "averne")


def test_a_jump_folds_few_events(monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects the feel of a long replay: once seen, no place costs more than the way from its snapshot."""
    entries = long_log()
    player = LogPlayer(played_scenario(), played_reference(), entries)
    player.seek(len(entries))
    folded = 0

    def counted(events: object, state: object) -> object:
        nonlocal folded
        row = list(events)  # type: ignore[call-overload]
        folded += len(row)
        return replay(row, state)  # type: ignore[arg-type]

    monkeypatch.setattr("exercise.session.player.replay", counted)
    for position in (1, len(entries) - 1, SNAPSHOT_EVERY * 2 - 1, 3):
        folded = 0
        player.seek(position)
        assert folded < SNAPSHOT_EVERY


def test_places_outside_the_log_are_its_ends() -> None:
    """Protects against keys held down: past the end is the end."""
    player = new_player()

    player.seek(10**9)
    assert player.position == player.length
    player.seek(-5)
    assert player.position == 0


def test_times_grow_with_the_entries() -> None:
    """Protects the line of time: play time and the story's time never run back, pauses left out."""
    player = new_player()
    plays = [player.play_time(position) for position in range(player.length + 1)]
    story = [player.exercise_time(position) for position in range(player.length + 1)]

    assert plays == sorted(plays) and story == sorted(story)
    assert (plays[0], plays[-1], story[-1]) == (0, 2400, 43200)


def test_markers_stand_where_things_happened() -> None:
    """Protects jumping: a marker for each move, inject, question, answer, lapse, plenary and the end, in order."""
    player = new_player()
    kinds = [marker.kind for marker in player.markers]

    assert [marker.position for marker in player.markers] == sorted(marker.position for marker in player.markers)
    assert set(kinds) == {"move", "inject", "decision", "answer", "lapse", "plenary", "end"}
    assert player.markers[0].label == "Move 1: The morning"
    answer = next(marker for marker in player.markers if marker.kind == "answer")
    assert answer.label == "Averne: Tell them now"
    assert isinstance(played_entries()[answer.position - 1].event, ev.ResponseChosen)


def test_hot_wash_opens_with_endex() -> None:
    """Protects the hidden facts: before ENDEX a replay gives no hot wash, at ENDEX it does."""
    player = new_player()

    player.seek(player.length - 1)
    assert player.hot_wash() is None
    player.seek(player.length)
    wash = player.hot_wash()
    assert wash is not None and ("Who leaked", "A crew of criminals.") in wash.facts


def test_scorecard_is_that_of_the_moment_and_worked_out_once() -> None:
    """Protects marks over time: a place's assessment knows nothing of later entries, and is kept."""
    player = new_player()
    player.seek(12)
    early = player.assessment()
    player.seek(player.length)
    late = player.assessment()
    player.seek(12)

    assert [mark.commitment for mark in early.marks if mark.commitment == "os-pp3"] == ["os-pp3"]
    assert {mark.team for mark in early.marks} == {"averne"}
    assert len(late.marks) > len(early.marks)
    assert late.marks == assess(played_scenario(), played_reference(), played_entries()).marks
    assert player.assessment() is early


def test_a_log_with_a_gap_is_refused() -> None:
    """Protects from showing half a story as a whole one."""
    with pytest.raises(LogError, match="gap"):
        LogPlayer(played_scenario(), played_reference(), played_entries()[3:])


def test_every_entry_is_told_in_one_plain_line() -> None:
    """Protects the reader: no entry is shown as a record's name, as nothing, or as several lines."""
    player = new_player()

    for position in range(player.length + 1):
        line = player.describe(position)
        assert line and "\n" not in line and "=" not in line
    assert player.describe(12) == "Averne answers “Tell Belmark?”: Tell them now."


@pytest.mark.parametrize("kind", EVENT_TYPES, ids=lambda kind: kind.__name__)
def test_every_kind_of_event_is_told_even_of_another_version(kind: type[ev.Happened]) -> None:
    """Protects old logs: an event whose names the scenario no longer knows is still told, with its ids."""
    filled = {
        "str": "gone",
        "int": 0,
        "float": 1.5,
        "bool": True,
        "Act": Act(act=ActKind.WARN, toward=("gone",)),
    }
    values: dict[str, object] = {}
    hints = get_type_hints(kind)
    for field in fields(kind):
        if field.default is not MISSING or field.default_factory is not MISSING:
            continue
        name, annotation = field.name, hints[field.name]
        text = str(annotation)
        known = next((value for word, value in filled.items() if text == f"<class '{word}'>"), None)
        known = filled["Act"] if annotation is Act else known
        if get_origin(annotation) is Literal:
            known = get_args(annotation)[0]
        if isinstance(annotation, type) and issubclass(annotation, Enum):
            known = next(iter(annotation))
        if known is None:
            known = {} if text.startswith("collections.abc.Mapping") else () if "tuple" in text else "told"
        if "None" in text or "Optional" in text:
            known = None
        values[name] = known
    event = kind(**values)

    line = Retelling(played_scenario()).line(entry(event))  # type: ignore[arg-type]

    assert line.strip() and "\n" not in line


def test_long_words_of_a_team_are_shortened() -> None:
    """Protects the one line: a page written into a journal does not push everything else off the screen."""
    event = ev.NoteWritten(seat="averne", text="word\n" * 900)

    line = Retelling(played_scenario()).line(entry(event))

    assert len(line) < 200 and "\n" not in line and line.endswith("…")


@pytest.mark.parametrize("kind", list(ActKind))
def test_every_act_is_told_with_and_without_a_partner(kind: ActKind) -> None:
    """Protects against a sentence that ends in the air: 'Averne warns.' and the like."""
    words = Retelling(played_scenario())

    alone = words.line(entry(ev.ActDone(team="averne", act=Act(act=kind))))
    toward = words.line(entry(ev.ActDone(team="averne", act=Act(act=kind, toward=("belmark",)))))

    assert alone.startswith("Averne ") and alone.endswith(".")
    assert alone.rstrip(".").split()[-1] not in {"with", "to", "from", "of", "on", "over", "toward"}
    assert toward.endswith(".")
