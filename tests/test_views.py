"""What each seat sees, field by field."""

from __future__ import annotations

import pytest
from given import (
    EVENING,
    MORNING,
    PLENARY,
    Given,
    choose,
    close_move,
    decision,
    follow_up,
    given,
    inject,
    option,
    scenario,
    started,
    tick,
)

from exercise.core import commands as cmd
from exercise.core.audience import reaches
from exercise.core.observe import participant_view
from exercise.core.overview import facilitator_view, hot_wash_view, spectator_view
from exercise.core.views import DecisionView, InboxItem, ParticipantView


def after(play: Given, *commands: cmd.Command) -> Given:
    """Where the exercise stands after these commands too."""
    outcome = play.when(*commands)
    assert outcome.rejected is None, outcome.rejected
    return Given(play.scenario, outcome.state)


def seen(play: Given, seat: str = "averne") -> ParticipantView:
    """The view of a seat."""
    return participant_view(play.scenario, play.state, seat)


@pytest.mark.parametrize(
    ("audience", "seat", "expected"),
    [
        (("all",), "averne", True),
        (("all",), "belmark/lead", True),
        (("averne",), "averne", True),
        (("averne",), "averne/police", True),
        (("averne",), "belmark", False),
        (("averne/police",), "averne/police", True),
        (("averne/police",), "averne", True),
        (("averne/police",), "averne/lead", False),
        (("averne/police", "belmark"), "belmark/lead", True),
        (("belmark",), "facilitator", True),
        (("averne",), "aver", False),
    ],
)
def test_who_is_reached(audience: tuple[str, ...], seat: str, expected: bool) -> None:
    """Protects letters: a team's, a role's, everybody's; who sits for the whole team gets what its roles get."""
    assert reaches(audience, seat) is expected


def test_inbox_is_numbered_by_seat() -> None:
    """Protects against gaps that tell of messages to others."""
    rows = inject("a", to=["belmark"]), inject("b"), inject("c", to=["averne/police"]), inject("d", to=["averne"])
    play = given(scenario(*rows), started())

    def titles(seat: str) -> list[tuple[int, str]]:
        return [(item.number, item.title) for item in seen(play, seat).inbox]

    assert titles("averne") == [(1, "b"), (2, "c"), (3, "d")]
    assert titles("averne/lead") == [(1, "b"), (2, "d")]
    assert titles("belmark") == [(1, "a"), (2, "b")]


@pytest.mark.parametrize(
    ("to", "seat", "expected"),
    [
        (["all"], "averne", "All"),
        (["averne"], "averne/police", "Averne"),
        (["averne/police", "averne/lead"], "averne", "Averne: Police, Averne: Head of delegation"),
        (["averne/police", "averne/lead"], "averne/police", "Averne: Police"),
        (["averne/police", "belmark/lead"], "averne", "Averne: Police"),
        (["averne", "belmark"], "belmark", "Belmark"),
        (["all", "averne/police"], "belmark", "All"),
    ],
)
def test_message_shows_the_seats_own_address_only(to: list[str], seat: str, expected: str) -> None:
    """Protects the other team: who else got a message, and in which role, is not on the envelope."""
    play = given(scenario(inject("a", to=to)), started())

    assert [item.addressed for item in seen(play, seat).inbox] == [expected]


def test_message_is_shown_as_written_with_its_moment() -> None:
    """Protects what a participant reads: sender, channel, text, attachments, times, read, withdrawn."""
    row = inject("a", at="T+1:00", attachments=[{"title": "List", "text": "Forty names."}])
    play = given(scenario(row), started(), tick(300))
    item = InboxItem(1, "e-mail", "Desk", "a", "a.", (("List", "Forty names."),), 3600, 300, False, "All", False)

    assert seen(play).inbox == (item,)
    read = after(play, cmd.ReadMessage(seat="averne", number=1), cmd.WithdrawInject(inject="a"))
    assert (seen(read).inbox[0].read, seen(read).inbox[0].withdrawn, seen(read).unread) == (True, True, 0)
    assert (seen(read, "belmark").inbox[0].read, seen(read, "belmark").unread) == (False, 1)


def test_consequence_reaches_whom_it_is_for() -> None:
    """Protects consequences: they come into an inbox like any message, the deciding team's unless said otherwise."""
    options = (
        option("yes", consequences=[{"title": "Ours", "text": "x"}, {"title": "Its", "text": "y", "to": ["belmark"]}]),
        option("no"),
    )
    play = given(scenario(inject("a"), decision("d", *options)), started(), choose("d", "yes"))

    assert [item.title for item in seen(play).inbox] == ["a", "Ours"]
    assert [item.title for item in seen(play, "belmark").inbox] == ["a", "Its"]
    assert [item.title for item in spectator_view(play.scenario, play.state).inbox] == ["a"]


def _one(play: Given, seat: str = "averne") -> DecisionView:
    (view,) = seen(play, seat).decisions
    return view


def test_decision_shows_what_is_offered_now() -> None:
    """Protects the answer sheet: letters without gaps, options only while open and only those that may be chosen."""
    row = decision(
        "d",
        option("a"),
        option("b", available={"flag": "told"}),
        option("c", coercive=True, outward=True),
        role="police",
        deadline="T+2:00",
        free={"prompt": "What else?"},
    )
    play = given(scenario(inject("call"), row), started())
    view = _one(play)

    assert [(o.letter, o.id, o.coercive, o.outward) for o in view.options] == [
        ("A", "a", False, False),
        ("B", "c", True, True),
    ]
    assert (view.role, view.deadline, view.free_prompt, view.status) == ("Police", 7200, "What else?", "open")
    assert (view.revision, view.opened, view.closes, view.answer, view.lapse_text) == (1, 0, 600, None, "")
    assert seen(play, "belmark").decisions == ()


def test_answered_decision_shows_the_answer_and_what_followed() -> None:
    """Protects the record that a team has of its own answers."""
    play = given(scenario(inject("call"), decision("d", free={})), started(), choose("d", "yes", reason="Why not."))
    play = after(play, follow_up("d", "We told their desk at noon.", play=60))
    view = _one(play)

    assert view.options == ()
    assert view.free_prompt is None
    assert view.answer is not None
    assert (view.answer.option, view.answer.own_words, view.answer.reason) == ("Option yes", False, "Why not.")
    assert view.answer.followed_up == (("told", 720, "We told their desk at noon."),)
    assert seen(play).journal == ()


def test_own_proposal_is_shown_in_the_teams_words() -> None:
    """Protects free options on the screen."""
    words = "We call their desk."
    play = given(scenario(inject("a"), decision("d", free={})), started(), choose("d", free_text=words, nearest="no"))
    answer = _one(play).answer

    assert answer is not None
    assert (answer.option, answer.own_words) == (words, True)


def test_follow_up_of_an_answer_taken_back_is_not_shown_under_the_new_one() -> None:
    """Protects a corrected decision: what was said to the old answer does not dress the new one."""
    play = given(scenario(inject("a"), decision("d")), started(), choose("d", "yes"))
    play = after(
        play, follow_up("d", "We told their desk at noon.", play=60), cmd.ReopenDecision(decision="d", play=60)
    )
    answer = _one(after(play, choose("d", "no", revision=2, play=60))).answer

    assert answer is not None
    assert answer.followed_up == ()


def test_lapse_is_told_to_its_team_when_it_comes() -> None:
    """Protects the lapse text: hidden while the window is open, and shown afterwards."""
    play = given(scenario(inject("a"), decision("d", window="5m")), started())

    assert _one(play).lapse_text == ""
    assert _one(after(play, tick(300))).lapse_text == "Nobody answered."


def test_open_decisions_stand_first() -> None:
    """Protects the order in which a team finds what waits for it."""
    rows = inject("a"), decision("first"), decision("second"), decision("third", at="T+1:00")
    play = given(scenario(*rows), started(), choose("first", "yes"), tick(300))

    assert [view.id for view in seen(play).decisions] == ["second", "third", "first"]
    assert [view.id for view in seen(play).open_decisions] == ["second", "third"]


def test_indicators_are_shared_ones_and_ones_own() -> None:
    """Protects a team's numbers from the other team, and hidden ones from all but the facilitator."""
    indicators = [
        {"id": "trust", "name": "Trust", "start": 50},
        {"id": "morale", "name": "Morale", "start": 5, "team": "averne"},
        {"id": "panic", "name": "Panic", "start": 5, "hidden": True},
    ]
    row = inject("a", at="T+1:00", effects=[{"indicator": name, "by": 1} for name in ("trust", "morale", "panic")])
    play = given(scenario(row, indicators=indicators), started(), tick(300))

    assert [i.name for i in seen(play).indicators] == ["Trust", "Morale"]
    assert [i.name for i in seen(play, "belmark").indicators] == ["Trust"]
    assert [i.name for i in spectator_view(play.scenario, play.state).indicators] == ["Trust"]
    assert [i.name for i in facilitator_view(play.scenario, play.state).indicators] == ["Trust", "Morale", "Panic"]
    assert seen(play).indicators[0].course == ((0, 0, 50.0), (300, 3600, 51.0))


def test_evidence_and_journal_are_the_teams_own() -> None:
    """Protects what a team knows and writes."""
    row = inject("a", effects=[{"learn": "sample", "team": "averne"}])
    play = given(scenario(row), started(), cmd.WriteNote(seat="averne/police", text="Suspicious."))
    play = after(play, cmd.WriteNote(seat="facilitator", text="They argue."))

    assert [piece.title for piece in seen(play, "averne/lead").evidence] == ["A sample"]
    assert [line.text for line in seen(play, "averne/lead").journal] == ["Suspicious."]
    assert not seen(play, "belmark").evidence
    assert not seen(play, "belmark").journal
    notes = facilitator_view(play.scenario, play.state).notes
    assert [(seat, line.text) for seat, line in notes] == [
        ("averne/police", "Suspicious."),
        ("facilitator", "They argue."),
    ]


def test_role_reads_its_own_brief_and_the_team_all_of_them() -> None:
    """Protects briefs that are for one role alone."""
    averne, belmark = (team.model_dump() for team in scenario().teams)
    averne |= {"brief": "For Averne.", "roles": [*averne["roles"][:1], averne["roles"][1] | {"brief": "For police."}]}
    play = given(scenario(teams=[averne, belmark]))

    assert seen(play).briefing.roles == (("Head of delegation", ""), ("Police", "For police."))
    assert seen(play, "averne/police").briefing.roles == (("Police", "For police."),)
    assert seen(play, "averne/lead").briefing.roles == (("Head of delegation", ""),)
    assert seen(play, "belmark").briefing.brief == ""
    assert seen(play, "belmark").briefing.others == (("Republic of Averne", "A coast."),)


def test_unknown_team_has_no_view() -> None:
    """Protects against a view that is made up for a seat that is not there."""
    with pytest.raises(KeyError):
        seen(given(scenario()), "ghost")
    with pytest.raises(KeyError):
        seen(given(scenario()), "facilitator")


def test_clock_and_plenary_are_for_all() -> None:
    """Protects the banner: move, its text, how long it takes, and the questions of the plenary while it is open."""
    play = given(scenario(moves=[MORNING | {"text": "Dawn.", "plenary": PLENARY}, EVENING]))

    assert (seen(play).clock.phase, seen(play).clock.move, seen(play).clock.moves) == ("briefing", 0, 2)
    play = after(play, started())
    clock = seen(play).clock
    assert (clock.phase, clock.move, clock.move_title, clock.move_text) == ("move", 1, "Morning", "Dawn.")
    assert (clock.phase_seconds, clock.running, seen(play).plenary_questions) == (1200, True, ())
    play = after(play, close_move(play=60))
    for view in (seen(play), seen(play, "belmark/lead"), spectator_view(play.scenario, play.state)):
        assert (view.clock.phase, view.clock.phase_seconds, view.clock.phase_opened) == ("plenary", 300, 60)
        assert (view.plenary_text, view.plenary_questions) == ("Come together.", ("What do you know?",))
    assert seen(after(play, cmd.ClosePlenary())).plenary_questions == ()


def test_facilitator_sees_all() -> None:
    """Protects exercise control: facts, flags, every row of the MSEL with its state and its readers."""
    rows = (
        inject("a", notes="Mind the tone.", expected=["They call."], effects=[{"flag": "told"}]),
        inject("b", at="T+1:00"),
        inject("c", at="T+2:00", noise=True),
        inject("d"),
    )
    play = given(scenario(*rows), started(), cmd.HoldInject(inject="b"), cmd.WithdrawInject(inject="d"))
    view = facilitator_view(play.scenario, after(play, cmd.ReadMessage(seat="averne", number=1)).state)

    assert view.facts == (("Who did it", "crew", "A crew."),)
    assert view.flags == ("told",)
    assert [(row.inject, row.number, row.status, row.exercise) for row in view.msel] == [
        ("a", 1, "released", 0),
        ("b", 2, "held", 3600),
        ("c", 3, "waiting", 7200),
        ("d", 4, "withdrawn", 0),
    ]
    assert (view.msel[0].notes, view.msel[0].expected, view.msel[0].read_by) == (
        "Mind the tone.",
        ("They call.",),
        ("averne",),
    )
    assert facilitator_view(play.scenario, given(play.scenario).state).facts[0][2] == "not drawn yet"


def test_hot_wash_opens_at_endex_and_not_before() -> None:
    """Protects the hidden facts until the exercise is over, then tells them."""
    more = {"hot_wash": [{"text": "What next?"}, {"text": "And you?", "team": "belmark"}]}
    play = given(scenario(inject("a"), decision("d"), **more))
    for command in (started(), choose("d", "yes"), close_move(), close_move()):
        assert hot_wash_view(play.scenario, play.state) is None
        play = after(play, command)
    view = hot_wash_view(play.scenario, play.state)

    assert view is not None
    assert view.facts == (("Who did it", "A crew."),)
    assert view.questions == (("", "What next?"), ("Belmark", "And you?"))
    assert [(team, d.id) for team, d in view.decisions] == [("Averne", "d")]
