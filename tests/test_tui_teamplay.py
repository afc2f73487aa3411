"""Seats of one team at one terminal: what each sees, how they decide, write and talk, and that nobody overhears."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from fake_client import CARDS, DILEMMA, FakeServices, FakeTable
from piloting import HOSTILE
from screens import at_both_sizes, picture, still, until
from seated import BELMARK, LAW, LEAD, POLICE, begun, sit, table_for, world
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from exercise.core.teamwork.commands import Say, TakePen
from exercise.core.teamwork.views import BallotView, DraftView, SeatView, TalkLine, VoteView
from exercise.errors import CommandRejected
from exercise.session.table import LocalTable
from exercise.tui.app import ExerciseApp
from exercise.tui.launch import RoleCard
from exercise.tui.screens.answer import AnswerScreen
from exercise.tui.screens.briefing import BriefingScreen
from exercise.tui.screens.decision import DecisionScreen
from exercise.tui.screens.handover import HandoverScreen
from exercise.tui.screens.home import HomeScreen
from exercise.tui.screens.journal import JournalScreen
from exercise.tui.screens.messages import MessagesScreen
from exercise.tui.screens.play import PlayScreen
from exercise.tui.screens.review import ReviewScreen
from exercise.tui.screens.setup import SetupScreen
from exercise.tui.screens.shared_draft import SharedDraftScreen
from exercise.tui.widgets.shared_draft import SharedDraft

pytestmark = pytest.mark.usefixtures("still")
__all__ = ["still"]


async def opened(pilot: Pilot[Any], screen: type[Any]) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, screen) and pilot.app.screen.is_mounted)
    await pilot.pause()


async def back(pilot: Pilot[Any]) -> None:
    """To the play screen."""
    while not isinstance(pilot.app.screen, PlayScreen):
        depth = len(pilot.app.screen_stack)
        await pilot.press("escape")
        await until(pilot, lambda depth=depth: len(pilot.app.screen_stack) < depth)
    await pilot.pause()


async def vote(pilot: Pilot[Any], down: int, reason: str = "") -> None:
    """From the play screen: take the option so far down the list, give a reason, cast the vote or send the answer."""
    await pilot.press("d")
    await opened(pilot, DecisionScreen)
    await pilot.press(*["down"] * down, "enter")
    await opened(pilot, AnswerScreen)
    await pilot.press(*reason, "ctrl+s")
    await opened(pilot, ReviewScreen)
    await pilot.press("ctrl+s")
    await until(pilot, lambda: not isinstance(pilot.app.screen, ReviewScreen | AnswerScreen))
    await pilot.pause()


def app_for(*seats: str, mode: str = "lead", **more: Any) -> tuple[ExerciseApp, LocalTable]:
    table = table_for(*seats, played=world(mode, **more))
    return ExerciseApp(table=table), table


# seats


@at_both_sizes
async def test_each_role_sits_behind_a_cover_and_sees_what_is_for_it(size: tuple[int, int]) -> None:
    """Protects roles from each other at one keyboard: names on the cover, own brief and messages behind it."""
    app, _ = app_for(LEAD, POLICE, BELMARK)
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await opened(pilot, HandoverScreen)
        assert "Averne: Head of delegation" in " ".join(picture(app).split())
        await begun(pilot, LEAD)
        assert "Averne: Head of delegation" in picture(app) and "source" not in picture(app)
        await pilot.press("t")
        await opened(pilot, HandoverScreen)
        assert "Averne: Police" in picture(app) and "call" not in picture(app)
        await pilot.press("enter")
        await opened(pilot, PlayScreen)
        assert "Averne: Police" in picture(app) and "source" in picture(app)
        await sit(pilot, BELMARK)
        assert "Kingdom of Belmark" in picture(app) and "Window" not in picture(app)


async def test_the_journal_is_the_teams_and_says_who_wrote() -> None:
    """Protects team notes: every seat of the team reads them, with the role that wrote each; other teams do not."""
    app, _ = app_for(LEAD, POLICE, BELMARK)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await begun(pilot, POLICE)
        await pilot.press("j")
        await opened(pilot, JournalScreen)
        await pilot.press(*"Ask them", "enter")
        await until(pilot, lambda: "Police: Ask them" in picture(app))
        await back(pilot)
        await sit(pilot, LEAD)
        await pilot.press("j")
        await until(pilot, lambda: "Police: Ask them" in picture(app))
        await back(pilot)
        await sit(pilot, BELMARK)
        await pilot.press("j")
        await until(pilot, lambda: "Nothing has been written" in picture(app))


# deciding


async def test_a_vote_that_disagrees_and_then_agrees() -> None:
    """Protects the vote at one keyboard: each is told who is missing, and a changed vote can make the answer."""
    app, table = app_for(POLICE, LAW, BELMARK, mode="vote")
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await begun(pilot, POLICE)
        await pilot.press("d")
        await opened(pilot, DecisionScreen)
        assert "more than half decide" in picture(app) and "still to vote: Police, Legal adviser" in picture(app)
        assert "own words" not in picture(app)
        await back(pilot)
        await vote(pilot, 1, "Hurry")
        await opened(pilot, DecisionScreen)
        assert "Your vote: A. Waiting for Legal adviser." in picture(app)
        await back(pilot)
        await sit(pilot, LAW)
        await vote(pilot, 2, "Not yet")
        await opened(pilot, DecisionScreen)
        assert "A: Police · B: you · all have voted, and do not agree" in picture(app)
        assert "You do not agree yet" in picture(app)
        await pilot.press("up", "up")
        await until(pilot, lambda: "A Police: Hurry" in picture(app) and "B You: Not yet" in picture(app))
        assert table.session.state.decisions["tell"].status == "open"
        await back(pilot)
        await sit(pilot, POLICE)
        await pilot.press("d")
        await opened(pilot, DecisionScreen)
        await pilot.press("down", "enter")
        await opened(pilot, AnswerScreen)
        assert app.screen.query_one("#reason", TextArea).text == "Hurry", "one's own words, and nobody else's"
        await back(pilot)
        await vote(pilot, 2)
        await opened(pilot, PlayScreen)
        assert "Your answer has been taken" in picture(app)

    choice = table.session.state.decisions["tell"].choice
    assert choice is not None and (choice.option, choice.reason) == ("wait", "Hurry\nNot yet")


async def test_consensus_waits_for_everybody() -> None:
    """Protects the one who disagrees, and that pressing on says for whom the team waits."""
    app, table = app_for(LEAD, POLICE, mode="consensus")
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await begun(pilot, LEAD)
        await vote(pilot, 1)
        await opened(pilot, DecisionScreen)
        assert "everybody has to be for the same option" in picture(app)
        await back(pilot)
        for _ in range(20):
            if not isinstance(app.screen, PlayScreen):
                break
            await pilot.press("n")
            await pilot.pause()
        assert "Waiting for Police" in " ".join(picture(app).replace("│", " ").split())
        assert "Pass the keyboard on with t" in " ".join(picture(app).replace("│", " ").split())
        await pilot.press("enter")
        await opened(pilot, PlayScreen)
        await sit(pilot, POLICE)
        await vote(pilot, 3)
        await back(pilot)
        assert table.session.state.decisions["tell"].status == "open"
        await vote(pilot, 1)
        await opened(pilot, PlayScreen)

    choice = table.session.state.decisions["tell"].choice
    assert choice is not None and choice.option == "now"


async def test_where_one_leads_the_others_are_told_and_write_along() -> None:
    """Protects the lead: others read and write the shared reason, are told who answers, and cannot answer."""
    app, table = app_for(LEAD, POLICE)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await begun(pilot, POLICE)
        await pilot.press("d")
        await opened(pilot, DecisionScreen)
        assert "Head of delegation answers this one for your team." in picture(app)
        await pilot.press("down", "enter")
        await until(pilot, lambda: "✕ Head of delegation answers" in picture(app))
        await pilot.press("w")
        await opened(pilot, SharedDraftScreen)
        await pilot.press(*"no", "ctrl+t")
        await until(pilot, lambda: "You hold the pen" in picture(app))
        await pilot.press(*"They asked us")
        await back(pilot)
        await until(pilot, lambda: table.session.state.drafts[("averne", "tell")].text == "They asked us")
        await sit(pilot, LEAD)
        await pilot.press("d")
        await opened(pilot, DecisionScreen)
        assert "You answer this one for your team." in picture(app)
        await pilot.press("down", "enter")
        await opened(pilot, AnswerScreen)
        assert "Nobody holds the pen" in picture(app) and "They asked us" in picture(app)
        assert not app.screen.query("#reason")
        await pilot.press("ctrl+s")
        await opened(pilot, ReviewScreen)
        assert "They asked us" in picture(app)
        await pilot.press("ctrl+s")
        await opened(pilot, PlayScreen)

    choice = table.session.state.decisions["tell"].choice
    assert choice is not None and (choice.option, choice.reason) == ("now", "They asked us")


async def test_the_pen_is_refused_while_it_is_held_and_the_lead_takes_it_over() -> None:
    """Protects the writer: one hand at a time; nothing typed without the pen is written, and the lead may take it."""
    app, table = app_for(LEAD, POLICE, LAW)

    def draft() -> tuple[str, str | None]:
        found = table.session.state.drafts[("averne", "tell")]
        return found.text, found.holder

    async def write(seat: str, *keys: str) -> None:
        await sit(pilot, seat)
        await pilot.press("d")
        await opened(pilot, DecisionScreen)
        await pilot.press("w")
        await opened(pilot, SharedDraftScreen)
        await pilot.press(*keys)
        await pilot.pause()

    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await begun(pilot, LAW)
        await write(POLICE, "ctrl+t", *"Mine")
        await back(pilot)
        assert draft() == ("Mine", None)
        await table.client(POLICE).submit(TakePen(seat=POLICE, subject="tell"))
        await write(LAW, *"Yours", "ctrl+t")
        await until(pilot, lambda: "✕ Police holds the pen" in picture(app))
        await back(pilot)
        assert draft() == ("Mine", POLICE)
        await write(LEAD)
        assert "ctrl+t takes it over" in picture(app)
        await pilot.press("ctrl+t")
        await until(pilot, lambda: "You hold the pen" in picture(app))
        await pilot.press(*" and ours", "ctrl+t")
        await until(pilot, lambda: "Nobody holds the pen" in picture(app))
        assert draft() == ("Mine and ours", None)


async def test_what_is_written_is_kept_on_leaving_the_field_and_after_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects what a team writes: it stands in the session without anybody pressing a key for it."""
    monkeypatch.setattr("exercise.tui.widgets.shared_draft.PAUSE", 0.01)
    app, table = app_for(LEAD, POLICE)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await begun(pilot, LEAD)
        await pilot.press("d")
        await opened(pilot, DecisionScreen)
        await pilot.press("down", "enter")
        await opened(pilot, AnswerScreen)
        await pilot.press("ctrl+t", *"So")
        await until(pilot, lambda: table.session.state.drafts[("averne", "tell")].text == "So")
        monkeypatch.setattr("exercise.tui.widgets.shared_draft.PAUSE", 600)
        await pilot.press(*" be it")
        app.screen.query_one("#shared-button").focus()
        await until(pilot, lambda: table.session.state.drafts[("averne", "tell")].text == "So be it")


async def test_a_text_too_long_to_keep_is_said() -> None:
    """Protects the writer from a text that would be lost in silence."""
    app, _ = app_for(LEAD, POLICE)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await begun(pilot, LEAD)
        await pilot.press("d")
        await opened(pilot, DecisionScreen)
        await pilot.press("w")
        await opened(pilot, SharedDraftScreen)
        await pilot.press("ctrl+t")
        app.screen.query_one(TextArea).insert("x" * 4001)
        await pilot.pause()
        await app.screen.query_one(SharedDraft).keep()
        await until(pilot, lambda: "too long" in picture(app))


async def test_a_team_at_one_seat_needs_no_pen() -> None:
    """Protects games as they were: a whole team at one seat writes its reason with no step more."""
    app, table = app_for("averne", BELMARK)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await pilot.press("enter")
        await opened(pilot, BriefingScreen)
        await pilot.press("n")
        await opened(pilot, PlayScreen)
        await pilot.press("d")
        await opened(pilot, DecisionScreen)
        assert not app.screen.query_one("#standing").display and "Shared draft" not in picture(app)
        await back(pilot)
        await vote(pilot, 1, "Alone")

    choice = table.session.state.decisions["tell"].choice
    assert choice is not None and choice.reason == "Alone"
    assert table.session.state.seats == {} and table.session.state.drafts == {}


# messages


async def say(pilot: Pilot[Any], *before: str, text: str) -> None:
    """On the messages screen: keys at the list, then a line that is sent."""
    await pilot.press(*before, "enter", *text, "enter")
    await until(pilot, lambda: text in picture(pilot.app) and not pilot.app.screen.query_one(Input).value)


async def test_talk_stays_in_the_team_and_words_reach_the_other() -> None:
    """Protects who hears what: talk inside the team, an official word to another team, and what is new for each."""
    app, _ = app_for(LEAD, POLICE, BELMARK)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await begun(pilot, LEAD)
        await pilot.press("m")
        await opened(pilot, MessagesScreen)
        assert "Exercise control" not in picture(app), "nobody plays it here"
        await say(pilot, text="Between us")
        await pilot.press("shift+tab", "shift+tab")
        await say(pilot, "down", "ctrl+o", text="Good morning")
        assert "You · official" in picture(app)
        await back(pilot)
        assert "from people" not in picture(app), "one's own words are no news"
        await sit(pilot, POLICE)
        assert "m: 2 from people" in picture(app)
        await pilot.press("m")
        await until(pilot, lambda: "Between us" in picture(app) and "Head of delegation" in picture(app))
        await back(pilot)
        assert "m: 1 from people" in picture(app)
        await sit(pilot, BELMARK)
        assert "m: 1 from people" in picture(app)
        await pilot.press("m")
        await until(pilot, lambda: "Averne · official" in picture(app))
        await pilot.press("up")
        await until(pilot, lambda: "Only your own team hears this" in picture(app))
        assert "Between us" not in picture(app) and "Head of delegation" not in picture(app)
        await pilot.press("down")
        await say(pilot, text="And to you")
        assert "You · side talk" in picture(app)
        await back(pilot)
        await sit(pilot, LEAD)
        await pilot.press("m")
        await until(pilot, lambda: "Belmark · side talk" in picture(app))


async def test_what_control_has_said_stands_in_a_conversation_of_its_own() -> None:
    """Protects a game that was begun with a facilitator: its words are there, and late joiners read them all."""
    app, table = app_for(LEAD, POLICE)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await begun(pilot, POLICE)
        table.submit(Say(to="all", text="Coffee is here."))
        await until(pilot, lambda: "✉ Exercise control: Coffee is here." in picture(app))
        await pilot.press("m")
        await until(pilot, lambda: "Exercise control to All" in picture(app) and "Coffee is here." in picture(app))


# onlookers


async def test_an_onlooker_sees_any_team_and_does_nothing() -> None:
    """Protects the game from the benches: no cover, no answer, no word; what was read is nobody's business."""
    table = table_for(looks_on=True, played=world())
    app = ExerciseApp(table=table)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await opened(pilot, BriefingScreen)
        assert "Looking on: Republic of Averne" in picture(app)
        await pilot.press("n")
        await opened(pilot, PlayScreen)
        assert "You look on" in picture(app)
        await pilot.press("i")
        await until(pilot, lambda: "Inbox · 1 unread" in picture(app))
        await pilot.press("d")
        await opened(pilot, DecisionScreen)
        await pilot.press("down", "enter")
        await until(pilot, lambda: "✕ You look on" in picture(app))
        await back(pilot)
        for key in "jm":
            await pilot.press(key)
            await until(pilot, lambda: not isinstance(app.screen, PlayScreen) and app.screen.is_mounted)
            await until(pilot, lambda: app.screen.query_one(Input).disabled)
            await back(pilot)
        await pilot.press("t")
        await until(pilot, lambda: "Looking on: Kingdom of Belmark" in picture(app))

    assert table.session.state.read == {} and table.session.state.seats.keys() == {"observer"}
    with pytest.raises(CommandRejected, match="look on"):
        await table.client("averne").submit(Say(to="averne", text="Psst."))


# setting up


def with_roles() -> FakeServices:
    """A library whose first team has two roles."""
    team = replace(CARDS[0].teams[0], roles=(RoleCard("lead", "Head", True), RoleCard("police", "Police")))
    return FakeServices((replace(CARDS[0], teams=(team, *CARDS[0].teams[1:])),))


async def _roles_chosen(pilot: Pilot[Any]) -> None:
    await until(pilot, lambda: "SCENARIOS" in picture(pilot.app) and "Teams" in picture(pilot.app))
    await pilot.press("enter")
    await opened(pilot, SetupScreen)
    await pilot.press("enter")
    await until(pilot, lambda: "[x] Police" in picture(pilot.app) and "A team decides" in picture(pilot.app))


async def test_set_up_chooses_roles_and_how_they_decide() -> None:
    """Protects the set-up: the roles that are ticked get seats, and the mode is asked for where it matters."""
    services = with_roles()
    app = ExerciseApp(lambda: HomeScreen(services))
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await _roles_chosen(pilot)
        await pilot.press("down", "enter")
        await until(pilot, lambda: "[ ] Head" in picture(app))
        assert "A team decides" not in picture(app), "one seat has nobody to agree with"
        await pilot.press("down", "enter")
        await pilot.press("n")
        await until(pilot, lambda: "at least one role" in picture(app))
        await pilot.press("enter", "up", "enter")
        await until(pilot, lambda: "A team decides" in picture(app))
        await pilot.press(*["down"] * 4, "enter", "enter")
        await until(pilot, lambda: "by vote" in picture(app))
        await pilot.press("n")
        await until(pilot, lambda: services.started is not None)

    assert services.started is not None and services.mode == "vote"
    people = {"averne": "seats", "averne/lead": "people", "averne/police": "people"}
    assert services.started[1] == people | {"belcora": "cooperative", "cadria": "cooperative"}


async def test_set_up_lets_one_look_on() -> None:
    """Protects somebody who wants to watch first: bots get every team, and the table is told that nobody plays."""
    services = with_roles()
    app = ExerciseApp(lambda: HomeScreen(services))
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await _roles_chosen(pilot)
        await pilot.press("o")
        await until(pilot, lambda: services.started is not None)

    bots = dict.fromkeys(("averne", "belcora", "cadria"), "cooperative")
    assert services.started is not None and services.started[1] == {**bots, "observer": "people"}


# hostile words


def spoken_table(words: str, *, pen: str = "averne/police") -> FakeTable:
    """Three seats of a team in the middle of a vote, with a draft and with talk; everything says these words."""
    table = FakeTable()
    client = table.client("averne")
    roles = (("averne/lead", words), ("averne/police", words), ("averne/law", words))
    ballot = BallotView("averne/police", words, DILEMMA.options[1].id, words, words, 600)
    vote = VoteView("vote", True, (ballot,), (words, words), "", True)
    line = TalkLine("talk", "averne/police", words, words, words, False, True, 600, 60)
    client.change(
        seats=(SeatView("averne", words, "", True, False), *(SeatView(s, r, words, True, False) for s, r in roles)),
        decisions=(replace(DILEMMA, vote=vote),),
        drafts=(DraftView(DILEMMA.id, words, words, pen, words, pen == "averne", 600, 60),),
        talk=(
            line,
            replace(line, kind="message", seat="belcora", own=False, official=True),
            replace(line, kind="control", seat="facilitator", own=False),
            replace(line, kind="message"),
        ),
    )
    return table


@at_both_sizes
@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
async def test_hostile_words_of_people_do_nothing(size: tuple[int, int], words: str) -> None:
    """Protects the terminal from the other seats: names, votes, drafts and talk are shown as the words they are."""
    app = ExerciseApp(table=spoken_table(words))
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await opened(pilot, PlayScreen)
        seen = [picture(app)]
        for keys in (["m"], ["d"], ["d", "w"], ["d", "enter", "enter"]):
            for key in keys:
                await pilot.press(key)
                await pilot.pause()
            await until(pilot, lambda: not isinstance(app.screen, PlayScreen) and app.screen.is_mounted)
            await pilot.press("down")
            await pilot.pause()
            seen.append(picture(app))
            await back(pilot)
        told = "\n".join(seen)
        assert not any(sign in told for sign in "\x1b\x07\u202e\x9b")
        assert app._exit is False


# pictures


async def _messages(pilot: Pilot[Any]) -> None:
    await opened(pilot, PlayScreen)
    await pilot.press("m")
    await opened(pilot, MessagesScreen)


async def _voting(pilot: Pilot[Any]) -> None:
    await opened(pilot, PlayScreen)
    await pilot.press("d")
    await opened(pilot, DecisionScreen)


async def _answering(pilot: Pilot[Any]) -> None:
    await _voting(pilot)
    # In columns the first key goes from the question to the first option.
    await pilot.press("enter" if pilot.app.screen.has_class("-columns") else "down", "enter")
    await opened(pilot, AnswerScreen)
    app: Any = pilot.app
    app.screen.query_one("#shared-button").focus()
    await pilot.pause()


async def _drafting(pilot: Pilot[Any]) -> None:
    await _voting(pilot)
    await pilot.press("w")
    await opened(pilot, SharedDraftScreen)


async def _seat_named(pilot: Pilot[Any]) -> None:
    await opened(pilot, HandoverScreen)


def _in_words() -> FakeTable:
    """The same with words that people say."""
    table = spoken_table("-", pen="averne")
    client = table.client("averne")
    seats = (("averne", "Averne", ""), ("averne/lead", "Head of delegation", "Heron"), ("averne/police", "Police", ""))
    ballot = BallotView("averne/police", "Police", DILEMMA.options[1].id, "-", "The trail is warm.", 600)
    one = TalkLine("talk", "averne/police", "Police", "Averne", "The trail is still warm.", False, True, 600, 60)
    other = TalkLine("message", "belcora", "Belcora", "Averne", "Shall we speak first?", False, False, 900, 90)
    mine = replace(one, seat="averne", sender="Averne", text="How long will it stay so?", exercise=960)
    client.change(
        seats=tuple(SeatView(seat, role, name, True, seat.endswith("lead")) for seat, role, name in seats),
        decisions=(replace(DILEMMA, vote=VoteView("vote", True, (ballot,), ("Averne", "Head of delegation (Heron)"))),),
        drafts=(DraftView(DILEMMA.id, DILEMMA.title, "They asked us for one day.", "averne", "Averne", True, 0, 0),),
        talk=(one, mine, other),
    )
    return table


PICTURES: dict[str, tuple[Any, Any]] = {
    "messages": (lambda: ExerciseApp(table=_in_words()), _messages),
    "voting": (lambda: ExerciseApp(table=_in_words()), _voting),
    "answering": (lambda: ExerciseApp(table=_in_words()), _answering),
    "drafting": (lambda: ExerciseApp(table=_in_words()), _drafting),
    "seats": (lambda: app_for(LEAD, POLICE)[0], _seat_named),
    "set up": (lambda: ExerciseApp(lambda: HomeScreen(with_roles())), _roles_chosen),
}


@pytest.mark.parametrize("name", PICTURES)
@at_both_sizes
def test_picture_of_team_play(snap_compare: Any, size: tuple[int, int], name: str) -> None:
    """Protects how team play looks."""
    app, steps = PICTURES[name]
    assert snap_compare(app(), terminal_size=size, run_before=steps)
