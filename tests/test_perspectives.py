"""Looking back with anybody's eyes: the replay shows what each seat saw then, says what changed, and finds no more."""

from __future__ import annotations

import asyncio
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from played import new_player, played_entries
from seated import LEAD, POLICE, world
from strategies import Wish, commands_for, scenarios, to_the_end, wishes
from support import new_session, play_through

from exercise.authoring.library import load_scenario
from exercise.catalogue import load_reference
from exercise.cli.seating import bots_of, roster
from exercise.core.commands import ChooseResponse, StartExercise
from exercise.core.overview import facilitator_view, spectator_view
from exercise.core.scenario import Scenario
from exercise.core.teamwork.commands import LeaveSeat, Say, TakePen, TakeSeat, WriteDraft
from exercise.core.teamwork.seating import seats_of
from exercise.errors import CommandRejected
from exercise.plain.replay import replay as by_lines
from exercise.session.autoplay import Rehearsal
from exercise.session.comments import Comments
from exercise.session.fork import fork
from exercise.session.perspectives import CONTROL, PUBLIC, Perspective, View, parting
from exercise.session.player import LogPlayer
from exercise.session.session import Session
from exercise.session.store import MemoryStore
from exercise.session.table import LocalTable
from exercise.tui.replay.changes import changes


class Watched:
    """A live exercise with what every perspective's door showed after each batch."""

    def __init__(self) -> None:
        scenario = load_scenario("first-light")
        teams = [team.id for team in scenario.teams]
        reference = load_reference()
        self.session = Session.start_new(scenario, reference, MemoryStore(), seed=5, pace="stepped")
        first = seats_of(scenario.teams[0])
        self.here = first[:2] if len(first) > 1 else first
        seats = roster(scenario, (teams[0],), (), "cooperative")
        bots = bots_of(scenario, self.session.reference, seats, 5, {})
        self.table = LocalTable(self.session, tuple(self.here), bots)
        self.seen: dict[int, dict[str, View]] = {}
        self.session.subscribe(lambda batch: self.keep())
        asyncio.run(self._play())

    def keep(self) -> None:
        """What stands on the screens now: from the clients of the seats, and as the doors make the other views."""
        scenario, state = self.session.scenario, self.session.state
        views: dict[str, View] = {seat: self.table.client(seat).view() for seat in self.here}
        views |= {CONTROL: facilitator_view(scenario, state), PUBLIC: spectator_view(scenario, state)}
        self.seen[len(self.session.entries)] = views

    async def _play(self) -> None:
        await self.table.start()
        said = 0
        while self.session.state.clock.phase != "ended":
            for seat in self.here[:1]:
                client = self.table.client(seat)
                view = client.view()
                if said < 3 and view.clock.phase == "move":
                    said += 1
                    await client.submit(Say(to=view.team, text=f"Word {said} among ourselves"))
                for decision in view.open_decisions:
                    option = decision.options[0].id
                    await client.submit(
                        ChooseResponse(decision=decision.id, revision=decision.revision, option=option, reason="So.")
                    )
            await self.table.let_lapse()

    def player(self) -> LogPlayer:
        """The log, to look back at."""
        session = self.session
        return LogPlayer(session.scenario, session.reference, session.entries)


@cache
def watched() -> Watched:
    """One exercise for all tests that ask for it."""
    return Watched()


def test_every_perspective_sees_what_its_live_view_showed() -> None:
    """Protects the replay's promise against the live exercise itself: every batch, all kinds of eyes, both ways."""
    live = watched()
    player = live.player()

    assert len(live.seen) >= 40
    for position in (*live.seen, *reversed(live.seen)):
        player.seek(position)
        for whose, view in live.seen[position].items():
            assert player.sight(whose).view == view, (position, whose)


@settings(max_examples=25, deadline=None)
@given(played=scenarios(), wanted=wishes)
def test_any_perspective_of_any_exercise_is_as_it_was(played: Scenario, wanted: list[Wish]) -> None:
    """Protects the same for exercises and doings at random: a view folded back is the view that was live."""
    rehearsal = Rehearsal(played)
    ids = [*(seat for team in played.teams for seat in seats_of(team)), CONTROL, PUBLIC]
    live: dict[int, dict[str, View]] = {}

    def submit(command: object) -> None:
        try:
            rehearsal.submit(command)  # type: ignore[arg-type]
        except CommandRejected:
            return
        now = LogPlayer(played, load_reference(), rehearsal.entries)
        now.seek(now.length)
        live[now.length] = {id: now.sight(id).view for id in ids}

    submit(StartExercise(facts={"source": "crew"}))
    for wish in wanted[:12]:
        submit(commands_for(wish, played, rehearsal.state))
    for command in to_the_end(rehearsal.state):
        submit(command)

    player = LogPlayer(played, load_reference(), rehearsal.entries)
    for position in sorted(live, reverse=True):
        for id in ids:
            assert player.sight(id, position).view == live[position][id]
    assert player.position == 0


def test_perspectives_are_teams_roles_control_and_the_public() -> None:
    """Protects the list to choose from: who sat where is known, and a role where nobody sat comes up only on asking."""
    rehearsal = Rehearsal(world())
    for command in (
        StartExercise(facts={"source": "crew"}),
        TakeSeat(seat=LEAD, name="Ann"),
        LeaveSeat(seat=LEAD),
        TakeSeat(seat=LEAD, name="Ben"),
    ):
        rehearsal.submit(command)
    player = LogPlayer(world(), load_reference(), rehearsal.entries)

    found = {whose.id: whose for whose in player.perspectives}
    assert list(found)[:3] == ["averne", LEAD, POLICE] and list(found)[-2:] == [CONTROL, PUBLIC]
    assert found[LEAD] == Perspective(LEAD, "Averne: Head of delegation", "role", ("Ann", "Ben"))
    assert found[LEAD].in_turn and not found[POLICE].in_turn
    assert (found[LEAD].team, found[CONTROL].team) == ("averne", "")
    assert [(sign[2], sign[3]) for sign in player.signs] == [
        ("left", "Averne: Head of delegation leaves the table"),
        ("back", "Averne: Head of delegation is back"),
    ]


def test_a_role_sees_its_own_messages_and_control_the_facts() -> None:
    """Protects secrecy between eyes: the police's message, the hidden fact and the wall each stay where they were."""
    rehearsal = Rehearsal(world())
    rehearsal.submit(StartExercise(facts={"source": "crew"}))
    player = LogPlayer(world(), load_reference(), rehearsal.entries)
    player.seek(player.length)

    titles = {id: [item.title for item in player.sight(id).inbox] for id in ("averne", LEAD, POLICE, PUBLIC)}
    assert len(titles[POLICE]) == len(titles[LEAD]) + 1 == len(titles[PUBLIC]) + 1
    control = player.sight(CONTROL)
    assert control.inbox == () and len(control.view.msel) == 2  # type: ignore[union-attr]


def test_a_look_elsewhere_does_not_move_the_player() -> None:
    """Protects the screen: asking for another moment, or finding words, leaves the replay where it stood."""
    player = new_player()
    player.seek(5)

    player.sight("belmark", 30)
    player.find("averne", "records")

    assert player.position == 5 and player.sight("averne").clock == player.view("averne").clock


def test_a_step_is_a_whole_batch() -> None:
    """Protects what counts as one step: everything that one command brought, up to the entry one stands at."""
    player = new_player()
    entries = played_entries()

    assert player.began(0) == 0
    for entry in entries:
        assert player.began(entry.seq) == min(other.seq for other in entries if other.batch == entry.batch) - 1


@pytest.mark.parametrize("whose", ["averne", "averne/lead", CONTROL, PUBLIC])
def test_what_changed_misses_nothing_and_makes_nothing_up(whose: str) -> None:
    """Protects the pane of changes: where a view is otherwise it says what in words, where it is not it is empty."""
    for player in (watched().player(), new_player()):
        known = {one.id for one in player.perspectives}
        for position in range(1, player.length + 1) if whose in known else ():
            before, after = player.sight(whose, position - 1), player.sight(whose, position)
            found = changes(before, after)
            assert bool(found) == (before.stated() != after.stated()), position
            assert all(change.title.strip() and change.kind != "other" for change in found), (position, found)


def test_changes_name_the_thing_in_words() -> None:
    """Protects the words: an indicator from and to, a new message with its sender, an answer with its option."""
    player = new_player()
    said = {
        change.title
        for position in range(1, player.length + 1)
        for change in changes(player.sight("averne", position - 1), player.sight("averne", position))
    }

    assert "Trust between partners: 55 → 70 %, better" in said
    assert "New message: Thank you · from Belmark" in said
    assert any(title.startswith("Answered: Tell Belmark? · Tell them now") for title in said)
    assert "ENDEX: the exercise is over" in said


def test_search_finds_only_what_was_seen_and_where_it_first_was() -> None:
    """Protects secrecy of the search: each place found is the first at which those eyes had these words before them."""
    player = watched().player()
    for whose in ("the", "a "):
        for id in (watched().here[0], PUBLIC):
            found = player.find(id, whose)
            assert found
            for hit in found[:40]:
                place = player.place(id, hit)
                assert 0 <= place <= player.length
                assert player.exercise_time(place) >= hit.text.exercise
                if hit.text.kind == "message":
                    assert hit.text.title in [item.title for item in player.sight(id, place).inbox]
                    earlier = player.sight(id, place - 1).inbox if place else ()
                    assert int(hit.text.key) > len(earlier)


def test_search_keeps_one_team_s_words_from_the_other() -> None:
    """Protects teams from each other: a reason, a word aside and a draft are found by their own team and control."""
    rehearsal = Rehearsal(world())
    for command in (
        StartExercise(facts={"source": "crew"}),
        TakeSeat(seat=LEAD, name="Ann"),
        TakePen(seat=LEAD, subject="tell"),
        WriteDraft(seat=LEAD, subject="tell", text="A zebra in the draft"),
        Say(seat=LEAD, to="averne", text="A zebra among ourselves"),
        ChooseResponse(seat=LEAD, decision="tell", revision=1, option="now", reason="For the zebra"),
    ):
        rehearsal.submit(command)
    player = LogPlayer(world(), load_reference(), rehearsal.entries)

    assert {hit.text.kind for hit in player.find("averne", "ZEBRA")} >= {"answer", "talk", "note"}
    assert player.find(CONTROL, "zebra")
    assert not player.find("belmark", "zebra") and not player.find(PUBLIC, "zebra")
    assert player.find("belmark", "") == () and player.find("belmark", " \x1b ") == ()


def test_control_finds_what_only_the_log_says() -> None:
    """Protects exercise control's search: what happened is found by the words in which it is told, at its entry."""
    player = new_player()

    hit = player.find(CONTROL, "STARTEX")[0]

    assert player.place(CONTROL, hit) == 1
    assert not player.find("averne", "the hidden facts are fixed")


def test_where_two_logs_part() -> None:
    """Protects two logs side by side: a fork is the same up to its moment, and another session from the start."""
    store = MemoryStore()
    session = new_session(store, pace="stepped")
    play_through(session)
    log = store.load(session.id).log()
    branch = store.load(fork(log, 20, store)).log()

    assert parting(log.entries, branch.entries) == len(branch.entries) >= 20
    assert parting(log.entries, played_entries()) == 0


def told_by_lines(commands: list[str], comments: Comments | None = None) -> str:
    """What the line mode answers to these commands on the small exercise."""
    said: list[str] = []
    given = iter([*commands, "quit"])
    by_lines(
        new_player(), lambda prompt: next(given), said.append, comments=None if comments is None else lambda: comments
    )
    return "\n".join(said)


def test_lines_know_roles_search_and_comments(tmp_path: Path) -> None:
    """Protects those who work by lines: a role's eyes, words found in what they saw, and comments beside the log."""
    comments = Comments("s", "h", tmp_path)

    said = told_by_lines(["go 20", "team Averne: Police", "inbox", "comment Call first.", "comments"], comments)

    assert "You now see what Averne: Police saw." in said and "Thank you" in said
    assert "20. " in said and "Call first." in said and len(comments) == 1
    assert "18. " in told_by_lines(["find grateful"])
    assert "open" in told_by_lines(["comment Lost?"]) and "nowhere" in told_by_lines(["team Belmark", "find grateful"])
