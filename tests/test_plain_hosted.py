"""The line mode in a hosted exercise: waiting for news, places, the link, the curtain, the hot wash."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import NamedTuple

import pytest
from hosted import PLACES, HostedTable
from seated import LAW, POLICE, world

from exercise.core.commands import EndExercise
from exercise.core.control.commands import DrawCurtain, LiftCurtain, TurnPage
from exercise.errors import UsageError
from exercise.plain.play import play
from exercise.session.closed import LAST_WORD


class Told(NamedTuple):
    """A step of a script: nothing is typed before these words stand on the terminal."""

    words: str


Step = str | Told | Callable[[], None]


class Hall:
    """A terminal where lines are typed, and a hall where things happen between two of them."""

    def __init__(self, table: HostedTable, script: Iterable[Step], *, piped: bool = True) -> None:
        self._script = iter(script)
        self.lines: list[str] = []
        play(table, self.read, self.lines.append, piped=piped)

    def read(self, prompt: str) -> str:
        for step in self._script:
            if isinstance(step, str):
                self.lines.append(f"{prompt}{step}")
                return step
            if isinstance(step, Told):
                patience = time.monotonic() + 30
                while step.words not in self.text and time.monotonic() < patience:
                    time.sleep(0.05)
                assert step.words in self.text
                continue
            step()
        raise EOFError

    @property
    def text(self) -> str:
        """All that was printed, as one line of words."""
        return " ".join(" ".join(self.lines).split())


def test_news_are_waited_for_where_control_paces() -> None:
    """Protects pacing by lines: no command steps, ends or pauses, and leaving says how to come back."""
    table = HostedTable(played=world())
    script: list[Step] = [
        "wait 0",
        table.startex,
        "wait 0",
        "endex yes",
        "lapse yes",
        "pause",
        "read 1",
        "help",
        "quit",
    ]
    told = Hall(table, script).text
    assert "Nothing new has come." in told
    assert "New message 1: call" in told and "Decision 1: Decide on tell" in told
    assert table.local.session.state.clock.phase == "move"
    assert "for wait" in told and "Exercise control paces this exercise" in told
    assert "join again with the same code and the same name" in told and "--resume" not in told
    assert table.left


def test_waiting_ends_as_soon_as_something_comes() -> None:
    """Protects whoever waits: news from the link's own thread end the wait at once."""
    table = HostedTable(played=world())
    subscribe = table.subscribe

    def subscribed(changed: Callable[[], None]) -> Callable[[], None]:
        stop = subscribe(changed)
        if table.local.session.state.clock.phase == "briefing":
            table.startex()
        return stop

    table.subscribe = subscribed  # type: ignore[method-assign]
    told = Hall(table, ["", "quit"]).text
    assert "New message 1: call" in told and "Nothing new has come" not in told


def test_what_presses_is_said_while_nothing_is_typed(capsys: pytest.CaptureFixture[str]) -> None:
    """Protects whoever sits at the prompt: STARTEX with its decision, the curtain and ENDEX come without Enter.

    The prompt is shown again each time, a command's as it reads now and a form's as it was.
    """
    table = HostedTable(played=world())
    script: list[Step] = [
        table.startex,
        Told("Decision 1: Decide on tell"),
        "choose 1 a",
        lambda: table.control(DrawCurtain(kind="no-duff", text="Leave by the stairs.")),
        Told("Leave by the stairs."),
        lambda: table.control(LiftCurtain()),
        Told("The screens are open again"),
        lambda: table.control(EndExercise()),
        Told("ENDEX. Nothing more is taken"),
        "cancel",
        "quit",
    ]
    told = Hall(table, script, piped=False).text
    assert told.count("Decision 1: Decide on tell") == 1
    asked = capsys.readouterr().out
    assert asked.count("Your reason: ") == 3
    assert "1 decision to answer: " in asked.partition("Your reason")[0]


def test_a_place_is_chosen_by_its_number_and_control_may_give_another() -> None:
    """Protects seating by lines: the places are listed with who sits there, and a change of seat is told."""
    table = HostedTable("", played=world())
    table.places = PLACES
    told = Hall(table, ["3", lambda: table.switch(seat=LAW), "wait 0", "quit"]).text
    assert "Head of delegation: Ana sits here; you would read along" in told
    assert table.seat == LAW
    assert "You sit at another place now: Averne: Legal adviser" in told
    table = HostedTable("", played=world())
    with pytest.raises(UsageError, match="ask exercise control"):
        Hall(table, [])


def test_the_link_the_curtain_and_reading_along_are_told() -> None:
    """Protects who cannot see a coloured line: each is said in words, once, and refusals are too."""
    table = HostedTable(POLICE, played=world())
    script: list[Step] = [
        table.startex,
        lambda: table.switch(trouble="The link is lost.\x1b[2J"),
        "wait 0",
        "talk hello",
        lambda: table.switch(trouble="", acting=False),
        "wait 0",
        "talk hello",
        lambda: table.switch(acting=True),
        lambda: table.control(DrawCurtain(kind="no-duff", text="Leave by the stairs.")),
        "wait 0",
        "read 1",
        lambda: table.control(LiftCurtain()),
        "wait 0",
        "quit",
    ]
    told = Hall(table, script).text
    for words in (
        "NOT CONNECTED: The link is lost.",
        "Not sent: The link is lost.",
        "Connected again",
        "You read along: somebody else acts",
        "You read along here;",
        "You act for this seat now.",
        "REAL WORLD – NO DUFF",
        "Leave by the stairs.",
        "The screens are open again",
    ):
        assert words in told, words


def test_the_hot_wash_comes_when_the_hub_has_sent_it_and_follows_control() -> None:
    """Protects the end by lines: fetched first, then the head, the card, and the page that control turns to."""
    table = HostedTable(played=world())
    table.fetching = True
    script: list[Step] = [
        table.startex,
        lambda: table.control(EndExercise()),
        "wait 0",
        lambda: table.switch(fetching=False, head="4f2a91bc07de33a1" + "0" * 48),
        "wait 0",
        lambda: table.control(TurnPage(page="facts")),
        "wait 0",
        "quit",
    ]
    told = Hall(table, script).text
    assert "The hot wash is being fetched" in told
    assert "4f2a 91bc 07de 33a1" in told and "scorecard" in told
    assert "Exercise control has turned to: facts." in told and "Who did it" in told


def test_who_looks_on_is_sent_to_the_screens() -> None:
    """Protects observers from a mode that has nothing for them: one clear line."""
    with pytest.raises(UsageError, match="without --plain"):
        Hall(HostedTable("observer", played=world(), kind="observer"), [])


def test_an_exercise_that_was_closed_after_endex_is_no_lost_link() -> None:
    """Protects the last impression of a workshop: nobody is told of a fault because the doors were closed."""
    table = HostedTable(POLICE, played=world())
    script: list[Step] = [
        table.startex,
        lambda: table.switch(trouble=LAST_WORD),
        "wait 0",
        lambda: table.switch(trouble=""),
        "wait 0",
        lambda: table.switch(head="0123456789abcdef"),
        lambda: table.switch(trouble=LAST_WORD),
        "wait 0",
        lambda: table.switch(trouble="The connection is lost; trying again."),
        "wait 0",
        "quit",
    ]
    told = Hall(table, script).text
    assert told.count("NOT CONNECTED") == 1  # In the middle of an exercise a hub may be on its way back.
    assert told.count("The exercise is closed and kept.") == 1
