"""What `exercise preview` promises: an author sees what teams will see, and sees it anew however the file is saved."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import pytest
from piloting import HOSTILE
from screens import at_both_sizes, picture, still, until
from typer.testing import CliRunner

from exercise.authoring.beginning import plan_of
from exercise.authoring.everything import Everything
from exercise.authoring.folders import write_folder
from exercise.authoring.library import load_scenario
from exercise.authoring.problems import errors_in
from exercise.authoring.template import begin
from exercise.authoring.watched import Watched
from exercise.cli import commands as _commands  # noqa: F401, its commands are declared as it loads
from exercise.cli.arguments import app as commands
from exercise.errors import UsageError
from exercise.plain.preview import preview_lines
from exercise.tui.app import ExerciseApp
from exercise.tui.preview.finding import as_seat, spot_of
from exercise.tui.preview.pages import pages
from exercise.tui.preview.screen import PreviewScreen
from exercise.tui.screens.decision import DecisionScreen
from exercise.tui.widgets.prose import ProseView

pytestmark = pytest.mark.usefixtures("still")
__all__ = ["still"]


@pytest.fixture(scope="module")
def begun() -> tuple[str, dict[str, str]]:
    made = begin(plan_of("river", title="River mouth", moves=2, today=datetime(2026, 3, 10)))
    return made.yaml, made.texts


@pytest.fixture
def file(begun: tuple[str, dict[str, str]], tmp_path: Path) -> Path:
    return write_folder(tmp_path / "river", *begun)


def rewrite(file: Path, old: str, new: str) -> None:
    """Saves as many editors do: the new text beside the file, then put in its place."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    beside = file.with_name("scenario.yaml.tmp")
    beside.write_text(text.replace(old, new, 1), encoding="utf-8")
    os.replace(beside, file)


@pytest.fixture(autouse=True)
def _looks_when_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests say when the file is looked at, so that none waits for a clock."""
    monkeypatch.setattr("exercise.tui.preview.screen.LOOKS", 3600)


# --- watching the file ---


def test_a_save_is_seen_once_it_has_come_to_rest(file: Path) -> None:
    """A file is never read while an editor is still at it, and never read twice for one save."""
    watched = Watched(file)
    assert not watched.look()
    rewrite(file, "title: River mouth", "title: River bend")
    assert not watched.look()  # Seen to change; it may change again.
    assert watched.look() and watched.scenario is not None and watched.scenario.title == "River bend"
    assert not watched.look()


def test_a_text_beside_it_counts_as_well(file: Path) -> None:
    """The briefing lies in a file of its own, and saving that one shows it anew, also when it was gone."""
    watched = Watched(file)
    text = file.parent / "texts" / "briefing.md"
    text.write_text("Quite another story.\n", encoding="utf-8")
    assert [watched.look(), watched.look()] == [False, True]
    assert watched.scenario is not None and watched.scenario.briefing == "Quite another story."
    text.unlink()
    assert [watched.look(), watched.look()] == [False, True]
    assert errors_in(watched.problems) and watched.scenario.briefing == "Quite another story."
    text.write_text("Back again.\n", encoding="utf-8")
    assert [watched.look(), watched.look()] == [False, True]
    assert not watched.problems and watched.scenario.briefing == "Back again."


@pytest.mark.parametrize(
    "half",
    ["", "format: 1\nid: river\nteams:\n  - id: [", "\x00\x00\x00", "format: 1\nid: river\n"],
    ids=["empty", "cut", "not text", "too short"],
)
def test_a_half_written_file_keeps_the_last_good_version(half: str, file: Path) -> None:
    """What an author reads does not vanish because a save is incomplete or wrong."""
    watched = Watched(file)
    whole = file.read_bytes()
    file.write_bytes(half.encode())
    assert [watched.look(), watched.look()] == [False, True]
    assert not watched.sound and watched.scenario is not None and watched.scenario.title == "River mouth"
    file.write_bytes(whole)
    assert [watched.look(), watched.look()] == [False, True]
    assert watched.sound


def test_notepad_may_save_it(file: Path) -> None:
    """A byte order mark and Windows line ends are no fault of the author's."""
    watched = Watched(file)
    text = file.read_text(encoding="utf-8").replace("title: River mouth", "title: Upes grīva")
    file.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert [watched.look(), watched.look()] == [False, True]
    assert watched.sound and watched.scenario is not None and watched.scenario.title == "Upes grīva"


def test_a_file_that_is_gone_for_a_moment_is_waited_for(file: Path) -> None:
    """Some editors move the old file away first; only one that stays away is said to be gone."""
    watched = Watched(file)
    away = file.with_suffix(".bak")
    file.rename(away)
    assert not watched.look()
    away.rename(file)
    assert not any(watched.look() for _ in range(3)) and watched.sound
    file.rename(away)
    assert [watched.look() for _ in range(5)] == [False, False, False, True, False]
    assert "gone" in watched.problems[0].text and watched.scenario is not None
    away.rename(file)
    assert [watched.look(), watched.look()] == [False, True] and watched.sound


# --- what is shown ---


@pytest.mark.parametrize("name", ["first-light", "card-storm"])
def test_every_seat_reads_what_it_will_read_and_no_more(name: str) -> None:
    """What only control or another role reads is nowhere in a team's preview, and control's preview has all of it."""
    everything = Everything(load_scenario(name))
    scenario = everything.scenario
    for seat in everything.seats:
        listed = pages(everything, seat, control=False)
        assert len({page.id for page in listed}) == len(listed)
        team, _, role = seat.partition("/")
        got = {page.id.partition(":")[2] for page in listed if page.id.startswith("inject:")}
        wanted = {
            inject.id
            for inject in scenario.injects
            for to in inject.to
            if to in ("all", team, seat) or (not role and to.startswith(f"{team}/"))
        }
        assert got == wanted
        put = {page.id.partition(":")[2] for page in listed if page.id.startswith("decision:")}
        assert put == {decision.id for decision in scenario.decisions if decision.team == team}
        text = "\n".join(page.text for page in listed)
        for inject in scenario.injects:
            assert not inject.notes or inject.notes not in text
        for fact in scenario.facts:
            assert all(value.says not in text for value in fact.values)
    whole = pages(everything, everything.seats[0], control=True)
    ids = {page.id.partition(":")[2] for page in whole}
    assert ids >= {*scenario.injects_by_id, *scenario.decisions_by_id}
    text = "\n".join(page.text for page in whole)
    assert all(inject.notes in text for inject in scenario.injects)


def test_pages_stand_in_the_order_of_the_story(file: Path) -> None:
    """An author reads from the briefing to the hot wash as a room will live through it."""
    scenario = Watched(file).scenario
    assert scenario is not None
    listed = [page.id for page in pages(Everything(scenario), "tamarne", control=False)]
    wanted = ("briefing", "directory", "#move-1", "inject:opening", "inject:tamarne-report", "decision:tamarne-account")
    later = ("plenary:move-1", "#move-2", "inject:article", "decision:tamarne-words", "hot-wash")
    places = [listed.index(id) for id in (*wanted, *later)]
    assert places == sorted(places)


def test_lines_tell_the_same(file: Path) -> None:
    """Whoever has no screen reads the same pages; `--at` prints one; what is not there is named with what is near."""
    scenario = Watched(file).scenario
    assert scenario is not None
    everything = Everything(scenario)
    text = "\n".join(preview_lines(everything))
    for words in ("as Republic of Tamarne reads it", "as Republic of Velsund reads it", "Slow counters", "Hot wash"):
        assert words in text
    assert "sold the password" not in text and max(map(len, text.splitlines())) <= 80
    one = "\n".join(preview_lines(everything, at="velsund-account", control=True))
    assert "Close it now" in one and "neglected un-d" in one and "Slow counters" not in one
    with pytest.raises(UsageError, match="did you mean 'velsund-account'"):
        spot_of(everything, "velsund-acount")
    with pytest.raises(UsageError, match="tamarne"):
        as_seat(everything, "tamarn")


def test_the_command_prints_what_is_wrong_too(file: Path) -> None:
    """Without a screen a faulty file is told line by line, as by `check`."""
    done = CliRunner().invoke(commands, ["preview", str(file), "--plain", "--at", "article"])
    assert done.exit_code == 0 and "Who has read my file?" in done.output
    rewrite(file, "    kind: quick", "    kind: quik")
    failed = CliRunner().invoke(commands, ["preview", str(file), "--plain"])
    assert failed.exit_code != 0 and "quik" in str(failed.exception)


# --- on a screen ---


@at_both_sizes
async def test_saving_shows_it_anew_in_the_same_place(file: Path, size: tuple[int, int]) -> None:
    """Save, look, still where one was; a fault stands below and in place, and leads to its item."""
    watched = Watched(file)
    screen = PreviewScreen(watched, at="velsund-queue")
    async with ExerciseApp(lambda: screen).run_test(size=size) as pilot:
        await until(pilot, lambda: "The man with the" in picture(pilot.app))
        assert "Republic of Velsund" in picture(pilot.app) and "✓ sound" in picture(pilot.app)
        rewrite(file, "He flies at six", "He sails at seven")
        rewrite(file, "He flies at six", "He sails at seven")
        await screen.look()
        await screen.look()
        await until(pilot, lambda: "sails at" in screen.query_one("#page", ProseView).text)
        rewrite(file, "to: [tamarne/response-team]", "to: [tamarne/respons-team]")
        await screen.look()
        await screen.look()
        await until(pilot, lambda: "✕ 1 error" in picture(pilot.app) and "respons-team" in picture(pilot.app))
        assert "sails at" in screen.query_one("#page", ProseView).text
        await pilot.press("e", "enter")
        await until(pilot, lambda: "What we saw" in screen.query_one("#page", ProseView).text)
        assert "✕" in screen.query_one("#page", ProseView).text
        rewrite(file, "to: [tamarne/respons-team]", "to: [tamarne/response-team]")
        await screen.look()
        await screen.look()
        await until(pilot, lambda: "✓ sound" in picture(pilot.app))


async def test_teams_roles_control_search_and_a_decision_as_in_play(file: Path) -> None:
    """One key each: the next team, its roles, what control reads, words, and the very screen that a team decides on."""
    screen = PreviewScreen(Watched(file))
    async with ExerciseApp(lambda: screen).run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "Republic of Tamarne" in picture(pilot.app))
        await pilot.press("t", "r")
        await until(pilot, lambda: "Velsund: Ministry" in picture(pilot.app))
        await pilot.press("c")
        await until(pilot, lambda: "Hidden facts" in picture(pilot.app))
        await pilot.press("slash", *"nobody", "enter")
        await until(pilot, lambda: "nobody" in screen.query_one("#page", ProseView).text.lower())
        screen._found("decision:velsund-account")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, DecisionScreen))
        await until(pilot, lambda: "T+0:36" in picture(pilot.app) and "Close it now" in picture(pilot.app))
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen)


async def test_a_file_that_was_never_sound_is_followed_until_it_is(file: Path) -> None:
    """Who begins with a fault sees the fault, and the scenario as soon as it is mended; hostile words do nothing."""
    rewrite(file, "format: 1", "format: 2")
    rewrite(file, "title: Who has read my file?", f"title: '{HOSTILE['markup']}'")
    screen = PreviewScreen(Watched(file))
    async with ExerciseApp(lambda: screen).run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "Nothing can be shown" in screen.query_one("#page", ProseView).text)
        await pilot.press("t", "r", "c", "c", "slash", "enter", "e", "enter")
        rewrite(file, "format: 2", "format: 1")
        await screen.look()
        await screen.look()
        await until(pilot, lambda: "Republic of Tamarne" in picture(pilot.app))
        screen._found("inject:article")
        await until(pilot, lambda: "[@click=app.quit]" in picture(pilot.app).replace("\n", ""))
