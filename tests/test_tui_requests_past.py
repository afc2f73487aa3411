"""Requests looked back at: board and timeline in the hot wash and in the replay, and from a mark to its request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import product
from typing import Any

import pytest
from asking import FULL, send, world
from fake_requests import asking_scenario, asking_table, came, every_step, lively_table, sit_down
from piloting import HOSTILE, SIZES, shown, still, text_of, until

from exercise.catalogue import load_reference
from exercise.core.commands import EndExercise
from exercise.core.events import LogEntry
from exercise.core.requests.events import RequestSent
from exercise.core.requests.handling import against
from exercise.core.requests.kinds import Handling, Purpose, Tlp
from exercise.core.requests.observe import kind_view
from exercise.core.requests.views import RequestStep, RequestView
from exercise.core.scenario import Scenario
from exercise.core.views import EvidenceView, HotWashView, ParticipantView
from exercise.plain.request_pages import request as request_page
from exercise.plain.request_words import broken_by
from exercise.session.player import LogPlayer
from exercise.tui.app import ExerciseApp
from exercise.tui.screens.answering import AnswerRequestScreen
from exercise.tui.screens.commitments import CommitmentsScreen
from exercise.tui.screens.hotwash import HotWashScreen
from exercise.tui.screens.mark import MarkScreen
from exercise.tui.screens.past_request import PastRequestScreen, request_of
from exercise.tui.screens.play import PlayScreen
from exercise.tui.screens.replay import ReplayScreen
from exercise.tui.screens.requests import RequestsScreen
from exercise.tui.screens.scorecard import ScorecardScreen
from exercise.tui.widgets.choices import Choices
from exercise.tui.widgets.request_list import RequestList
from exercise.tui.widgets.request_timeline import RequestTimeline, steps_in_time
from exercise.tui.widgets.request_words import request_text, strain
from exercise.tui.widgets.requests_pane import RequestsPane
from exercise.tui.widgets.scorecard_table import ScorecardTable


@pytest.fixture(autouse=True)
def _still(monkeypatch: pytest.MonkeyPatch) -> None:
    still(monkeypatch)


@lru_cache(maxsize=1)
def _entries() -> tuple[Scenario, Any, tuple[LogEntry, ...]]:
    table = lively_table()
    table.submit(EndExercise())
    return table.session.scenario, table.session.reference, tuple(table.session.entries)


def past(*, end: bool = True) -> LogPlayer:
    """A player of a game in which Averne and Belmark asked each other and others, from STARTEX to ENDEX."""
    player = LogPlayer(*_entries())
    player.seek(player.length if end else 0)
    return player


def wash() -> HotWashScreen:
    """Its hot wash, with a replay behind it."""
    return HotWashScreen(past(), player=past)


def replay() -> ReplayScreen:
    """Its replay, as Averne saw it at the end."""
    return ReplayScreen(past(), past().length, "averne")


def sent_at(number: int) -> int:
    """The entry with which the n-th request was sent."""
    return [entry.seq for entry in _entries()[2] if isinstance(entry.event, RequestSent)][number - 1]


# -- the hot wash ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_the_hot_wash_has_every_request_as_a_board(size: tuple[int, int]) -> None:
    """Protects the talk after the exercise: all requests of all, by what came of them, and each opens to be read."""
    async with shown(wash, size) as pilot:
        await pilot.press("r")
        await until(pilot, lambda: "Averne → Police centre" in text_of(pilot))
        assert "[6 Requests]" in text_of(pilot) and "[r Board]" in text_of(pilot)
        board = pilot.app.screen.query_one(RequestList)
        rows = [row.id for row in board.options if row.id and row.id.isdigit()]
        assert sorted(map(int, rows)) == [request.number for request in past().requests()]
        board.choose("1")
        await pilot.press("enter")
        await came(pilot, PastRequestScreen)
        assert "Request 1 · Averne → Belmark" in text_of(pilot) and "✕ 1 of 2 parts" in text_of(pilot)
        await pilot.press("l")
        await came(pilot, CommitmentsScreen)
        await pilot.press("escape", "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, HotWashScreen))


@pytest.mark.parametrize("size", SIZES)
async def test_the_timeline_tells_each_step_between_teams(size: tuple[int, int]) -> None:
    """Protects the course of cooperation: who asked whom and what was answered, by time; enter opens the request."""
    async with shown(wash, size) as pilot:
        await pilot.press("t")
        await until(pilot, lambda: "asked back" in text_of(pilot))
        lines = text_of(pilot).split("\n")
        if size[0] == 80:
            assert any("Averne → Belmark  sent · 1 Preservation of stored data" in line for line in lines)
            assert any("Belmark → Averne  asked back · 1" in line for line in lines)
        else:
            heads = next(line for line in lines if "Averne" in line and "Others" in line)
            sent = next(line for line in lines if "sent · 1 Preservation" in line)
            back = next(line for line in lines if "asked back · 1 Preservation" in line)
            averne, belmark = (heads.index(name) + 3 for name in ("Averne", "Belmark"))
            assert (sent[averne], sent[belmark]) == ("●", "▶") and sent[averne + 1 : belmark] == "─" * 8
            assert (back[averne], back[belmark]) == ("◀", "●")
        rows = pilot.app.screen.query_one(RequestTimeline).rows
        told = sum(step.step != "delivered" for request in past().requests() for step in request.steps)
        assert len(rows.options) == told
        rows.choose("3.0")
        await pilot.press("enter")
        await came(pilot, PastRequestScreen)
        assert "Request 3 · Averne → Police centre" in text_of(pilot)


async def test_what_is_marked_stays_marked_between_board_and_timeline() -> None:
    """Protects orientation: changing from board to timeline and back keeps to the same request; clicks do as keys."""
    async with shown(wash, (120, 40)) as pilot:
        await pilot.press("6")
        pane = pilot.app.screen.query_one(RequestsPane)
        pilot.app.screen.query_one(RequestList).choose("4")
        await pilot.press("t")
        assert pane.chosen == "4"
        await until(pilot, lambda: "Request 4" in text_of(pilot))
        await pilot.click(pane.query_one("ChoiceBar"), offset=(4, 0))
        await until(pilot, lambda: "[r Board]" in text_of(pilot))
        assert pane.chosen == "4" and pilot.app.focused is pilot.app.screen.query_one(RequestList)


async def test_a_hot_wash_without_requests_says_so() -> None:
    """Protects games without requests: both ways to look say that there was none, and nothing opens."""

    def quiet() -> HotWashScreen:
        table = asking_table()
        table.submit(EndExercise())
        player = LogPlayer(table.session.scenario, table.session.reference, table.session.entries)
        player.seek(player.length)
        return HotWashScreen(player)

    async with shown(quiet) as pilot:
        for key in ("r", "t"):
            await pilot.press(key, "enter")
            await until(pilot, lambda: "Nobody has sent a request." in text_of(pilot))
        assert isinstance(pilot.app.screen, HotWashScreen)


# -- the replay --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_the_replay_has_a_teams_own_board_of_the_moment(size: tuple[int, int]) -> None:
    """Protects secrecy between teams in a replay: a board has what that team knew then, and no more."""
    async with shown(replay, size) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, ReplayScreen)
        await pilot.press("r")
        screen.go(sent_at(1) - 1)
        await until(pilot, lambda: "Nobody has sent a request." in text_of(pilot))
        screen.go(sent_at(3))
        await until(pilot, lambda: "r Requests 3" in text_of(pilot) and "A name on a card" in text_of(pilot))
        await pilot.press("v")
        await until(pilot, lambda: "as seen by Belmark" in text_of(pilot))
        # The line on the last entry is the log's, and the same for all.
        rows = screen.query_one(RequestList).options
        assert "r Requests 1" in text_of(pilot) and [row.id for row in rows if row.id and row.id.isdigit()] == ["1"]
        await pilot.press("enter")
        await came(pilot, PastRequestScreen)
        assert "Averne → Belmark" in text_of(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen)
        await pilot.press("m")
        assert "[m Messages" in text_of(pilot) and not screen.query_one(RequestsPane).display


async def test_the_replays_timeline_goes_along() -> None:
    """Protects watching: as the replay goes on, the newest step is the marked one, whoever's eyes one sees with."""
    async with shown(replay) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, ReplayScreen)
        await pilot.press("t")
        rows = screen.query_one(RequestTimeline).rows
        for number in (1, 3, 5):
            screen.go(sent_at(number))
            await pilot.pause()
            assert rows.highlighted == rows.option_count - 1
        before = rows.option_count
        await pilot.press("end", "up")
        assert rows.option_count > before and rows.highlighted == rows.option_count - 2
        screen.go(past().length)
        assert rows.highlighted == rows.option_count - 2


# -- from a mark to its request ----------------------------------------------------------------------------------------


def about_a_request() -> Any:
    """A mark of Averne that is about a request."""
    return next(m for m in past().assessment().marks if m.team == "averne" and m.occasion.startswith("request:"))


def test_every_mark_about_a_request_finds_it() -> None:
    """Protects traceability: a mark's occasion leads to the request itself, whose sending its entries may show."""
    player = past()
    marks = [mark for mark in player.assessment().marks if mark.occasion.startswith("request:")]
    sent = {e.event.request: e.event for e in player._entries if isinstance(e.event, RequestSent)}
    assert marks
    for mark in marks:
        request = request_of(mark.occasion, player.requests())
        event = sent[mark.occasion.partition(":")[2]]
        assert request is not None and (request.kind, request.sent) == (event.kind, request.steps[0].exercise)
        assert request.kind_name in mark.title and dict((c[0], c[2]) for c in request.content if c[2]) == event.content


@pytest.mark.parametrize("occasion", ["request:r0", "request:r99", "request:rx", "request:r", "tell", "request:r²", ""])
def test_other_occasions_lead_to_no_request(occasion: str) -> None:
    """Protects marks of decisions and of broken logs: no request is opened that is not meant."""
    assert request_of(occasion, past().requests()) is None


async def to_mark(pilot: Any) -> MarkScreen:
    """From a scorecard to the first mark about a request, through its clause where that has several."""
    mark = about_a_request()
    pilot.app.screen.query_one(ScorecardTable).query_one(Choices).choose(f"clause={mark.commitment}")
    await pilot.press("enter")
    await pilot.pause()
    for _ in range(12):
        if isinstance(pilot.app.screen, MarkScreen):
            break
        await pilot.press("down", "enter")
        await pilot.pause()
    await came(pilot, MarkScreen)
    screen = pilot.app.screen
    assert isinstance(screen, MarkScreen)
    return screen


@pytest.mark.parametrize("size", SIZES)
async def test_a_mark_opens_to_its_request_in_the_hot_wash(size: tuple[int, int]) -> None:
    """Protects the way from grade to deed: one key on a mark opens the request, and the replay is still one key off."""
    async with shown(wash, size) as pilot:
        screen = await to_mark(pilot)
        assert "o: the request" in text_of(pilot) and "o Request" in text_of(pilot)
        await pilot.press("o")
        await came(pilot, PastRequestScreen)
        request = request_of(screen._mark.occasion, past().requests())
        assert request is not None and f"Request {request.number} · {request.other}" in text_of(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReplayScreen))


async def test_a_mark_opens_to_its_request_in_the_replay() -> None:
    """Protects the same way in a replay: the request stands as it stood at that moment."""
    async with shown(replay) as pilot:
        await pilot.press("c")
        await came(pilot, ScorecardScreen)
        await to_mark(pilot)
        await pilot.press("o")
        await came(pilot, PastRequestScreen)
        await pilot.press("escape", "escape", "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReplayScreen))


# -- what is said and bound --------------------------------------------------------------------------------------------


def _pieces() -> Iterator[tuple[EvidenceView, str | None]]:
    for tlp, purpose, giver in product(Tlp, Purpose, ("", "Belmark", "Averne")):
        if purpose is not Purpose.PUBLIC:
            yield EvidenceView("A tip", "", "", "", "tip", 0, giver, Handling(tlp=tlp, purpose=purpose)), giver or None


def test_the_warning_says_exactly_what_the_rules_say() -> None:
    """Protects whoever passes something on: screen and line mode warn where, and only where, the rules see a breach."""
    scenario = asking_scenario()
    for (piece, giver), kind, party, channel in product(
        _pieces(), scenario.request_kinds, ("Belmark", "Police centre"), ("cert", "operator-hotline", "press")
    ):
        bound = piece.handling if giver != "Averne" else None
        breaks = not kind.lifts and against(bound, giver, kind.purpose, party, channel)
        view = kind_view(scenario, kind)
        assert (strain(piece, view, party, channel, "Averne") == "breaks") == breaks
        assert bool(broken_by(piece, view, party, channel, "Averne")) == breaks


def test_what_a_desk_says_when_it_returns_a_request_is_told() -> None:
    """Protects learning from a wrong address: screen and line mode tell the desk's own words, as words only."""
    failed = RequestStep("failed", 0, 0, "", "mandate")
    told = replace(every_step()[0], steps=(failed,), returned="Not ours [/]; try *them*.")

    assert "They say: Not ours" in request_text(told, load_reference(), None)
    assert "They say: Not ours [/]; try *them*." in list(request_page(told, load_reference(), 80))
    assert "They say" not in request_text(replace(told, returned=""), load_reference(), None)


def test_conditions_in_words_are_asked_about() -> None:
    """Protects conditions that no program can read: they are put before the team, who has to judge them."""
    kind = kind_view(asking_scenario(), asking_scenario().kinds_by_id["warning"])
    piece = EvidenceView("A tip", "", "", "", "tip", 0, "Belmark", Handling(tlp=Tlp.CLEAR, words="Not before noon."))

    assert strain(piece, kind, "Press", "press", "Averne") == "may break"
    assert "Not before noon" in broken_by(piece, kind, "Press", "press", "Averne")


async def test_a_kind_is_answered_in_full_where_the_team_cannot_send_it() -> None:
    """Protects addressees without such a channel of their own: grounds and days are asked for all the same."""
    data = world().model_dump(mode="json", by_alias=True)
    data["teams"][1]["directory"] = [entry for entry in data["teams"][1]["directory"] if entry["via"] == "press"]
    table = asking_table(Scenario.model_validate(data))
    table.submit(send("preservation", 1, content=FULL))
    client = table.client("belmark")
    request = client.view().requests[0]
    assert "preservation" not in {kind.id for kind in client.view().kinds}
    screen = lambda: AnswerRequestScreen(client, request, live=False, now=lambda: 0.0)  # noqa: E731
    async with shown(screen) as pilot:
        pilot.app.screen.draft.answer = "refuse"  # type: ignore[attr-defined]
        pilot.app.screen.fill()  # type: ignore[attr-defined]
        await until(pilot, lambda: "Political offence" in text_of(pilot))


async def test_what_was_said_stays_until_the_next_step_is_another() -> None:
    """Protects a line such as “Sent.”: a change elsewhere does not wipe it, a new next step does."""
    app = ExerciseApp(table=asking_table())
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await sit_down(pilot)
        await pilot.press("r")
        await came(pilot, RequestsScreen)
        screen = app.screen
        assert isinstance(screen, RequestsScreen)
        for wrong in (False, True):
            screen.say("Something was said", wrong=wrong)
            screen.show_board()
            await pilot.pause()
            assert "Something was said" in text_of(pilot)
        app.table.submit(send("preservation", 1, seat="belmark", content=FULL))  # type: ignore[union-attr]
        await until(pilot, lambda: "● waits for you" in text_of(pilot))
        assert "Something was said" not in text_of(pilot)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (150, 40)])
async def test_the_situation_is_opened_only_where_it_does_not_stand_already(size: tuple[int, int]) -> None:
    """Protects wide windows: there the key goes to the pane that is in sight, and folds nothing."""
    app = ExerciseApp(table=asking_table())
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await sit_down(pilot)
        await pilot.press("s")
        await pilot.pause()
        assert isinstance(app.screen, PlayScreen)
        assert app.screen.has_class("-situation") == (size[0] < 100)


# -- hostile words and looks -------------------------------------------------------------------------------------------


class Hostile(LogPlayer):
    """A log whose every word about requests is one that breaks screens which parse what they show."""

    words = ""

    def requests(self) -> tuple[RequestView, ...]:
        """Requests at every step, for all."""
        words = self.words
        return tuple(
            replace(
                request,
                number=number,
                kind_name=words,
                matter=words,
                other=f"{words} → {words}",
                channel=words,
                content=(("authority", words, words, True),),
                encloses=(words,),
                steps=(RequestStep("sent", 60, 6, words, words), RequestStep("refused", 600, 60, "B", words)),
            )
            for number, request in enumerate(every_step(), 1)
        )

    def view(self, team: str) -> ParticipantView:
        """A board of the same."""
        return replace(super().view(team), requests=self.requests())

    def hot_wash(self) -> HotWashView | None:
        """All of the same."""
        found = super().hot_wash()
        return replace(found, requests=self.requests()) if found is not None else None


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("said", HOSTILE.values(), ids=HOSTILE)
async def test_hostile_words_do_nothing(said: str, size: tuple[int, int]) -> None:
    """Protects the terminal and the app: whatever a request says is shown, and nothing else happens."""
    player = Hostile(*_entries())
    player.words = said
    player.seek(player.length)
    for first in (lambda: HotWashScreen(player), lambda: ReplayScreen(player, player.length)):
        async with shown(first, size) as pilot:
            for key in ("r", "down", "enter", "escape", "t", "down", "enter", "escape"):
                await pilot.press(key)
                await pilot.pause()
                assert pilot.app.is_running
                assert not set(text_of(pilot)) & set("\x1b\x07\x9b\u202e\u202c")
                assert all(strip.cell_length <= size[0] for strip in pilot.app.screen._compositor.render_strips())


def test_steps_stand_in_the_order_in_which_they_were_taken() -> None:
    """Protects the story: time runs down the page, and no step of a request comes before its sending."""
    steps = list(steps_in_time(past().requests()))

    assert [step.play for _, _, step in steps] == sorted(step.play for _, _, step in steps)
    for number in {request.number for request, _, _ in steps}:
        places = [place for request, place, _ in steps if request.number == number]
        assert places == sorted(places) and places[0] == 0


PICTURES: dict[str, tuple[Any, list[str]]] = {
    "board": (wash, ["r"]),
    "timeline": (wash, ["t"]),
    "request": (wash, ["r", "enter"]),
    "replay-board": (replay, ["r"]),
    "replay-timeline": (replay, ["t"]),
}
"""What is pressed to come to each picture."""


@pytest.mark.parametrize("part", PICTURES)
@pytest.mark.parametrize("size", SIZES)
def test_picture_of_past_requests(snap_compare: Any, size: tuple[int, int], part: str) -> None:
    """Protects the looks: requests looked back at as they were looked at and found good."""
    first, keys = PICTURES[part]
    app = ExerciseApp(first)
    app.animation_level = "none"
    assert snap_compare(app, terminal_size=size, press=keys)
