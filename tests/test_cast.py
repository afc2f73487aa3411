"""Recordings of a replay: valid by asciinema's description, true to the screen, and a page that needs nothing else."""

from __future__ import annotations

import asyncio
import json
import re
from functools import cache
from importlib.resources import files
from pathlib import Path

import pyte
import pytest
from played import new_player, played_entries
from test_player_long import written

from exercise.cli.casting import _stretch
from exercise.cli.casting import cast as write_cast
from exercise.errors import UsageError
from exercise.session.cast import HOLD, MOST_FRAMES, Cast, Frame, frames, marks
from exercise.tui.recording import record
from exercise.tui.screens.goto import place_of

SIZE = (90, 24)
FIRST, LAST = 2, 16


@cache
def recorded() -> Cast:
    """A stretch of the played exercise, recorded as its first team saw it."""
    return asyncio.run(record(new_player(), seat="averne", first=FIRST, last=LAST, speed=60, size=SIZE, idle=2))


def shown(until: float) -> str:
    """What a terminal shows that was written to up to a time of the recording."""
    screen = pyte.Screen(*SIZE)
    stream = pyte.Stream(screen)
    for at, kind, text in recorded().events:
        if kind == "o" and at <= until:
            stream.feed(text)
    return "\n".join(screen.display)


def test_a_cast_is_what_asciinema_describes() -> None:
    """Protects every player of such files: a header with version and size, then events in order of time."""
    header, *events = [json.loads(line) for line in recorded().text().splitlines()]

    assert (header["version"], header["width"], header["height"]) == (2, *SIZE)
    assert header["duration"] == events[-1][0] and header["title"] == "Replay of Small Leak"
    assert all(len(event) == 3 and event[1] in ("o", "m") and isinstance(event[2], str) for event in events)
    assert [event[0] for event in events] == sorted(event[0] for event in events)
    assert events[0][:2] == [0, "o"] or events[0][1] == "m"


def test_a_cast_shows_what_the_replay_showed() -> None:
    """Protects what a recording is for: its first and last pictures are those moments, as a team saw them."""
    player = new_player()
    player.seek(LAST)
    total = player.length

    assert f"entry {FIRST} of {total}" in shown(0) and "as seen by Averne" in shown(0)
    end = shown(recorded().seconds)
    assert f"entry {LAST} of {total}" in end
    assert "▸ Answered: Tell Belmark?" in end and "A consequence of the answer" not in end


def test_markers_of_the_replay_are_markers_of_the_cast() -> None:
    """Protects going from marker to marker: those of the stretch are there, in order, and no others."""
    wanted = [label for position, _, _, label in new_player().markers if FIRST < position <= LAST]

    assert [text for _, kind, text in recorded().events if kind == "m"] == wanted != []


def test_nothing_is_said_to_the_terminal_but_what_is_drawn() -> None:
    """Protects whoever plays a cast in a terminal: no title, pointer, clipboard, mouse or keyboard mode is set."""
    written_out = "".join(text for _, kind, text in recorded().events if kind == "o")

    assert "\x1b]" not in written_out
    assert set(re.findall(r"\x1b\[\?[\d;]+[hl]", written_out)) == {"\x1b[?25l"}


def test_a_page_needs_nothing_else_and_keeps_the_licence() -> None:
    """Protects a room without internet, and the player's authors: all is in the page, which may load nothing."""
    page = recorded().page()
    player = files("exercise").joinpath("report", "player")

    assert not re.findall(r"<(?:script|img|link|iframe)[^>]*\s(?:src|href)=", page)
    assert not re.findall(r"@import|url\(\s*['\"]?(?!data:|#)", page)
    assert "default-src 'none'" in page
    assert player.joinpath("asciinema-player.min.js").read_text(encoding="utf-8")[:4_000] in page
    assert "Apache License" in page and "Version 2.0, January 2004" in page
    assert "A training record; no finding about any State." in page


def test_no_text_ends_the_page_s_script() -> None:
    """Protects whoever opens a page: what a log holds is data there, whatever it looks like."""
    hostile = "</script><script>alert(1)</script><!--\u2028 </title>"
    page = Cast(80, 24, hostile, hostile, ((0.0, "o", hostile), (1.0, "m", hostile))).page()

    data = page.partition('id="recording">')[2].partition("</script>")[0]
    assert "<" not in data
    assert [json.loads(line) for line in json.loads(data).split("\n")[1:-1]] == [[0, "o", hostile], [1, "m", hostile]]
    assert "<script>alert" not in page


PLAYS = (0, 0, 10, 10, 11, 400, 400)
"""Play times of positions 0 to 6."""


def test_pictures_follow_play_time_and_pauses_are_cut() -> None:
    """Protects the pace: as fast as asked, one picture of what comes together, and no pause longer than asked."""
    found = frames(PLAYS, 0, 6, speed=10, idle=2)

    changes = [frame for place, frame in enumerate(found) if not place or found[place - 1].position != frame.position]
    assert changes == [Frame(0.0, 0, 0), Frame(0.1, 1, 0), Frame(1.0, 3, 10), Frame(1.1, 4, 11), Frame(3.1, 6, 400)]
    pulses = [frame for frame in found if frame not in changes]
    assert pulses == [Frame(2.1, 4, 21)]


def test_a_recording_too_long_to_watch_is_refused() -> None:
    """Protects a disk and an afternoon: what would make thousands upon thousands of pictures is said at once."""
    with pytest.raises(UsageError, match="shorter stretch"):
        frames(tuple(range(MOST_FRAMES + 2)), 0, MOST_FRAMES + 1, speed=1, idle=2)


def test_a_marker_stands_at_the_picture_that_first_shows_it() -> None:
    """Protects going to a marker: one of an entry within a picture leads to that picture."""
    found = frames(PLAYS, 0, 6, speed=10, idle=2)
    labels = marks([(n, 0, "move", f"at {n}") for n in range(7)], found)

    assert {found[place].position: label for place, label in labels.items()} == {
        1: ["at 1"],
        3: ["at 2", "at 3"],
        4: ["at 4"],
        6: ["at 5", "at 6"],
    }


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The played exercise as a log file."""
    return str(written(tmp_path_factory.mktemp("cast") / "log.jsonl", played_entries()))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"first": "999"}, "--from: there is no entry 999; the log has"),
        ({"last": "soon"}, "--to: 'soon' is neither an entry's number nor a time such as T+1:30"),
        ({"first": "9", "last": "9"}, "--to must be later"),
        ({"seat": "nobody"}, "--seat is one of: averne"),
        ({"size": "3x3"}, "--size is columns x rows, such as 100x30"),
        ({"speed": 0.0}, "--speed is a number above 0"),
        ({"idle": -1.0}, "--idle one above 0"),
    ],
)
def test_what_cannot_be_recorded_is_said_in_a_line(log: str, tmp_path: Path, wrong: dict[str, str], says: str) -> None:
    """Protects whoever asks for a stretch that is not there: one line says so, and no file is left."""
    with pytest.raises(UsageError) as error:
        write_cast(log, str(tmp_path / "out.cast"), None, **wrong)  # type: ignore[arg-type]

    assert says in str(error.value) and "\n" not in str(error.value)
    assert list(tmp_path.iterdir()) == []


def test_both_files_are_written_for_their_owner_and_never_over_another(
    log: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Protects a log's secrets and earlier recordings: files that only their owner can read, where none stood."""
    cast, page = tmp_path / "out.cast", tmp_path / "out.html"

    write_cast(log, str(cast), str(page), first="T+0:00", last="4", size="80x24", speed=100)

    assert {file.stat().st_mode & 0o777 for file in (cast, page)} == {0o600}
    assert json.loads(cast.read_text(encoding="utf-8").splitlines()[0])["width"] == 80
    assert "As seen by Averne" in capsys.readouterr().out
    with pytest.raises(UsageError, match="a file already"):
        write_cast(log, str(cast), None)
    with pytest.raises(UsageError, match="add --cast FILE"):
        write_cast(log, None, None, first="T+0:10")


def test_the_last_picture_stays() -> None:
    """Protects the end of a recording: what came last can be read before it is over."""
    assert recorded().seconds == pytest.approx(recorded().events[-2][0] + HOLD)


def test_a_stretch_to_a_time_takes_in_all_that_is_shown_as_of_that_minute() -> None:
    """Protects what one wants to show: an end of T+10:13 is not before what the screens show as of T+10:13."""
    player = new_player()
    assert [player.exercise_time(place) for place in (62, 63, 64)] == [36_000, 36_800, 36_800]

    assert _stretch(player, "T+0:36", "T+10:13") == (10, 64)
    assert _stretch(player, None, "T+10:13:19")[1] == 62
    assert place_of(player, "T+10:13", after=True) == 64
    assert place_of(player, "T+10:13:19", after=True) == 62
    assert (place_of(player, "T+0:36"), place_of(player, "T+0:36", after=True)) == (11, 19)
