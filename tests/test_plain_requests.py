"""Cooperation requests by typed lines: asking, answering, mending, handing on, and what board, pages and news say."""

from __future__ import annotations

from typing import Any

import pytest
from asking import world
from fake_requests import lively_table
from given import decision, inject
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st
from support import FakeClock
from test_plain import BOTH, NASTY, Room

from exercise.catalogue import load_reference
from exercise.core.acts import ActKind
from exercise.core.events import ActDone
from exercise.core.requests.kinds import Tlp
from exercise.core.text import HOSTILE
from exercise.language import speaking
from exercise.plain import request_pages
from exercise.plain.play import play
from exercise.plain.replay import playthrough, replay
from exercise.session.player import LogPlayer
from exercise.session.session import Session
from exercise.session.store import MemoryStore
from exercise.session.table import LocalTable

LEARNS = {"learn": "tip", "team": "averne"}
SIGNED = {"flag": "order"}
AT_ONCE = [inject("call", effects=[LEARNS, SIGNED])]
"""The judge has signed when the exercise begins."""
LATER = [inject("call", effects=[LEARNS]), inject("signed", at="T+1:00", effects=[SIGNED])]

ASK = ["ask", "1", "1", "1"]
"""Averne asks Belmark's desk to keep the host's logs; what follows are the elements."""
REST = ["", "", "", "", "", "", "yes"]
"""An element that is not demanded, no basis, no conditions, not urgent, no time, nothing enclosed; sent."""
WHO, WHAT = "National police desk", "Illegal access to a host"

PAGES = ["requests", "request 1", "contacts", "evidence", "past", "messages"]
"""Where a game says what to type next."""


def given(**more: Any) -> Session:
    """A session of the small world of requests, before STARTEX."""
    clock = FakeClock()
    return Session.start_new(
        world(**{"injects": AT_ONCE, **more}),
        load_reference(),
        MemoryStore(),
        seed=4,
        session_id="s-1",
        now=clock,
        wall=clock.wall,
        pace="stepped",
    )


def when(script: list[str], session: Session | None = None) -> Room:
    """Types a script at a terminal where both teams sit, from STARTEX on, and checks what holds for every game."""
    room = Room(["", "menu off", *script])
    table = LocalTable(session or given(), BOTH, {})
    assert play(table, room.read, room.write, piped=True) == 0
    assert all(prompt.endswith(": ") for prompt in room.prompts)
    assert "The game is kept as s-1." in room.text
    return room


def walk(session: Session, *script: str) -> Room:
    """Looks at a log by a script."""
    room = Room(script)
    assert replay(LogPlayer(session.scenario, session.reference, session.entries), room.read, room.write) == 0
    return room


def steps(session: Session) -> list[list[str]]:
    """What happened to each request, in the order in which they were sent."""
    return [[step.step.value for step in request.steps] for request in session.state.requests.values()]


# --- whole lives ---


def test_a_request_with_gaps_is_sent_back_mended_and_carried_out() -> None:
    """Protects the life of a request by lines: gaps may stay, are named, filled, and what was asked for is there."""
    profile = [{"instrument": "budapest-convention"}]
    session = given(teams=[{**team, "profile": profile} for team in world().model_dump(mode="json")["teams"]])
    asked = [*ASK, "", "", "", "1", "", "", "", "+4h", "", "yes"]

    room = when(
        [
            *["pass", "pass"],
            *asked,
            "pass",
            *["reply 1 ask", "1 2", "We need to know who asks, and for which offence.", "yes"],
            "pass",
            *["mend", WHO, WHAT],
            "pass",
            *["reply 1", "accept", "We keep them.", "60", "yes"],
            *["fulfil 1 The host was told.", "yes"],
            *["pass", "request 1", "evidence"],
        ],
        session,
    )

    assert steps(session) == [
        ["sent", "delivered", "acknowledged", "asked-back", "mended", "accepted", "fulfilled"],
    ]
    said = room.text
    assert "Authority: missing" in said
    assert "2 demanded elements are missing. You can send it so; the other side sees the gap." in said
    assert (
        "R1 from Averne waits for your answer, due T+4:00: Preservation of stored data, about Logs of the host" in said
    )
    assert "waits for you: they ask for what is missing: We need to know who asks" in said
    assert f"Authority: {WHO}" in said
    assert "R1 to Belmark (Preservation of stored data): fulfilled: The host was told." in said
    assert "Kept for: 60 days" in said
    assert "Handed over: The host's logs" in said
    assert "New evidence: The host's logs" in said
    assert "Given by: Belmark" in said
    request = next(iter(session.state.requests.values()))
    assert (request.basis, request.days, dict(request.content)) == (("bc-29",), 60, {"authority": WHO, "offence": WHAT})


def test_too_short_a_word_is_asked_for_again_before_it_is_confirmed() -> None:
    """Protects what was typed: an answer that the rules would refuse is put right in the form, and not thrown away
    after the yes."""
    session = given()
    room = when(
        [
            *["pass", "pass", *ASK, "", "", "", "", "", "", "", "+4h", "", "yes", "pass"],
            *["reply 1 ask", "", "Which?", "Which authority asks us?", "yes"],
            *["pass", "mend", WHO, WHAT, "pass"],
            *["reply 1 part", "", "Some", "Half of the logs, the rest is gone.", "", "60", "yes"],
        ],
        session,
    )
    assert steps(session)[0][-3:] == ["asked-back", "mended", "part"]
    assert room.text.count("Write at least 3 words that say what is missing.") == 1
    # Nothing else is asked before the words are enough.
    assert room.text.count("Say in a few words which part you can do.") == 2
    assert room.text.rindex("Say in a few words which part") < room.text.rindex("How far may what you hand over go?")


def test_conditions_that_bind_nobody_are_asked_for_again() -> None:
    """Protects an answer under conditions of which none was stated: the conditions are asked for, and nothing else.

    A blank line picks none of them in silence.
    """
    session = given()
    room = when(
        [
            *["pass", "pass", *ASK, "", "", "", "", "", "", "", "+4h", "", "yes", "pass"],
            *["reply 1 conditions We keep them.", "", "green", "", "", "60", "amber", "", "", "yes"],
        ],
        session,
    )
    assert steps(session)[0][-1] == "conditional"
    assert "How far (red, amber, green or clear): " in room.prompts
    assert room.text.count("Type one of red, amber, green, clear.") == 1
    assert room.text.count("Say under which conditions: how far it may go, or what it is for.") == 1
    assert "What you need from them" not in room.text


def test_yes_and_no_are_taken_in_the_language_spoken_too() -> None:
    """Protects whoever reads Latvian and answers in it, also without the marks on the letters; English words stay."""
    session = given()
    asked = ["", "menu off", *ASK, "", "", "", "", "", "jā", "", "nē", "ask", "ja", "Jā"]
    room = Room([*asked, "pass", "reply 1 accept", "", "", "yes"])
    with speaking("lv"):
        play(LocalTable(session, BOTH, {}), room.read, room.write, piped=True)

    (request,) = session.state.requests.values()
    assert request.urgent
    assert [step.step.value for step in request.steps][-1] == "accepted"
    assert "missing" not in room.text
    assert "Steidzami: jā" in room.text


def test_words_of_an_answer_that_was_left_are_offered_again() -> None:
    """Protects the words of an answer to a request: whoever leaves it, or says no to sending it, has them again."""
    session = given()
    why = "Our law does not allow it."
    room = when(
        [
            *["pass", "pass", *ASK, "", "", "", "", "", "", "", "+4h", "", "yes", "pass"],
            *["reply 1 refuse", "", why, "no"],
            *["reply 1 refuse", "", "", "."],
            *["reply 1 refuse", "", "", "yes"],
        ],
        session,
    )
    assert room.text.count(f"Written before: “{why}”. A blank line keeps it") == 2
    (request,) = session.state.requests.values()
    assert [step.step.value for step in request.steps][-1] == "refused"
    assert request.steps[-1].text == why


def test_what_fills_a_gap_is_offered_again_after_the_form_was_left() -> None:
    """Protects a half-filled mending: leaving at the second gap loses nothing of the first."""
    session = given()
    when(
        [
            *["pass", "pass", *ASK, "", "", "", "", "", "", "", "+4h", "", "yes", "pass"],
            *["reply 1 ask", "1 2", "", "yes", "pass"],
            *["mend", WHO, "back", "mend", "", WHAT],
        ],
        session,
    )
    (request,) = session.state.requests.values()
    assert list(request.content.values()) == [WHO, WHAT]


def test_what_was_shared_under_conditions_can_be_passed_on_against_them() -> None:
    """Protects the plain warning: conditions travel, breaking them takes a yes, and a no leaves the piece behind."""
    session = given()
    shared = [
        *[*ASK, WHO, WHAT, *REST, "pass"],
        *[
            "reply 1 conditions",
            "We hand them over.",
            "amber",
            "investigation",
            "Ask us before court.",
            "",
            "yes",
            "pass",
        ],
        *["conditions 1", "yes", "pass", "fulfil", "", "", "yes", "pass"],
    ]
    told = ["pass 2", "4", "5", "0", "The logs of the host", "", "", ""]

    room = when([*shared, "evidence", *told, "", "no", "7", "2", "yes", "yes"], session)

    acts = [entry.event.act for entry in session.entries if isinstance(entry.event, ActDone)]
    broken = [act for act in acts if act.against_conditions]
    assert [(act.act, act.toward, act.about) for act in broken] == [(ActKind.FORWARD, ("press",), "logs")]
    said = room.text
    assert "accepted under conditions that you take or decline" in said
    assert "Conditions: TLP amber: inside the receiving team, and to operators" in said
    assert "only for investigation: inside police and prosecution work; Ask us before court." in said
    assert room.count("Belmark gave it under conditions that this breaks") == 2
    assert "With it: 0 pieces of evidence." in said
    assert "Sent as R2 to Press." in said


def test_a_ping_finds_a_stale_entry_and_the_right_one_is_asked_for() -> None:
    """Protects the directory: what a call shows stands beside the entry, and what comes of asking for a new one too."""
    session = given()

    room = when(
        [
            *["ping 3", "ping 6", "ping 5", "ping 2", "next", "contacts"],
            *["ask 2", "1", "0", "Your police desk", "", "", "", "", "", "yes"],
            *["pass", "reply accept here it is", "yes", "fulfil", "", "yes", "pass", "contacts"],
        ],
        session,
    )

    said = room.text
    assert "R1 to Belmark (Ping): did not get through: nobody answers there: the entry of your directory" in said
    assert "“An old friend” cannot be tested by a ping: it takes no requests." in said
    assert "“Press room” cannot be tested by a ping." in said
    assert "Contact 2, Belmark CERT: it answered" in said
    assert "Requests: taken, by way of: Police network Tried: nobody answers; ask them for the right entry" in said
    assert "Contact 3, Belmark police, old: put right" in said
    assert "By: network, new" in said
    assert session.state.contacts["averne"] == {1: "works", 2: "works", 3: "renewed"}


def test_a_refusal_gives_its_ground_and_reasons_and_offers_a_part() -> None:
    """Protects the answers that are no plain yes: a ground from the list, reasons, and a part that is carried out
    under the conditions that were set on it."""
    session = given()
    second = [*["ask 1", "1", "1", WHO, WHAT], *REST]

    room = when(
        [
            *[*ASK, WHO, WHAT, *REST, "pass"],
            *["reply 1 refuse", "7", "1", "It was a protest; a part can be had if you ask for it.", "yes"],
            *["pass", *second, "pass"],
            *["reply 2 part", "The lines of one hour, no names.", "amber", "", "", "", "yes", "fulfil 2"],
            *["", "yes", "pass"],
            *["requests", "request 1", "request 2"],
        ],
        session,
    )

    assert [life[-1] for life in steps(session)] == ["refused", "fulfilled"]
    first, other = session.state.requests.values()
    assert (first.ground, other.part, other.gave) == ("political-offence", True, ("part-logs",))
    said = room.text
    assert "R1 to Belmark (Preservation of stored data): refused (Political offence): It was a protest;" in said
    assert "Ground of the refusal: Political offence" in said
    assert "Belmark accepts in part: The lines of one hour, no names." in said
    assert "Handed over: A part of the logs" in said
    bound = session.state.knowledge["averne"]["part-logs"].handling
    assert bound is not None and bound.tlp is Tlp.AMBER
    assert "Conditions on the answer: TLP amber" in said


def test_an_offer_under_conditions_waits_until_they_are_taken_or_declined() -> None:
    """Protects who is offered something: what binds is said before it is taken, and a no gives nothing away."""
    session = given()
    offer = ["ask 4", "2", "0", "A danger", "", "amber", "", "", "", "1", "yes", "yes"]

    room = when(
        ["pass", "pass", *offer, "pass", "requests", "conditions 1 no we cannot keep that", "evidence"], session
    )

    assert steps(session)[0][-1] == "conditions-declined"
    assert "R1 from Averne offers you something under conditions" in room.text
    assert "Evidence: 0 pieces." in room.text


def test_what_is_not_ready_says_why_and_waits() -> None:
    """Protects the busy judge: what was accepted cannot be carried out before, and the reason is at hand."""
    session = given(injects=LATER)

    room = when(
        [*ASK, WHO, WHAT, *REST, "pass", "reply 1 accept", "", "", "yes", "fulfil", "next", "fulfil", "", "yes"],
        session,
    )

    assert "R1 from Averne: The judge has not signed yet." in room.text
    assert steps(session)[0][-1] == "fulfilled"


def test_a_request_is_taken_back() -> None:
    """Protects second thoughts: what was not answered can be withdrawn, with a yes."""
    session = given()

    room = when([*ASK, WHO, WHAT, *REST, "withdraw", "no", "withdraw 1", "yes", "withdraw", "pass", "reply"], session)

    assert steps(session)[0][-1] == "withdrawn"
    assert "You have no request that can be taken back." in room.text
    assert "No request waits for your answer." in room.text


def test_what_became_of_a_request_is_marked_with_its_clause() -> None:
    """Protects the scorecard by lines: each side's part in a request stands there, with the clause and its reason."""
    profile = [{"instrument": "budapest-convention", "accepted": "2010-01-01"}]
    teams = [team | {"profile": profile} for team in world().model_dump(mode="json", by_alias=True)["teams"]]
    session = given(teams=teams)
    gone = [*ASK, WHO, "", "", *REST[1:], "pass", "reply 1 refuse", "1", "No.", "yes", "endex yes"]

    room = when([*gone, "marks averne", "mark averne 1", "request 1", "marks belmark bc-27"], session)

    said = room.text
    assert "'request 1' shows the request that it is about." in said
    assert (
        "bc-29: Quick preservation for another Party (Budapest Convention, Article 29); Preservation of stored" in said
    )
    assert "For: Preservation of stored data to Belmark Reason: " in said
    assert "Preservation of stored data from Averne" in said


def test_a_request_that_came_to_nothing_is_begun_anew_with_its_words() -> None:
    """Protects six answers written for the wrong desk: they go to another one without being typed again."""
    session = given()
    lost = ["pass", "pass", *ASK, WHO, WHAT, *REST, "pass", "reply 1 refuse", "", "No.", "yes", "pass"]

    room = when([*lost, "request 1", "ask R1", "1", "", "", "yes", "ask R7", "ask R2"], session)

    first, second = session.state.requests.values()
    assert dict(second.content) == dict(first.content) and second.matter == first.matter
    assert room.text.count("'ask R1' begins a new one with the same words, to whom you then choose.") == 1
    assert room.text.count("Only a request of yours that came to nothing can be begun anew.") == 2


# --- the form ---


def test_whoever_stops_with_something_half_written_is_asked_first() -> None:
    """Protects a long request: it is kept only for as long as the program runs, and leaving says so."""
    room = Room(["", "menu off", *ASK, WHO, ".", "quit", "no", "time", "quit", "yes"])
    assert play(LocalTable(given(), ("averne",), {}), room.read, room.write, piped=False) == 0

    assert room.text.count("What you have begun to write and not sent is not kept.") == 2
    assert room.prompts.count("Leave the exercise? (yes or no): ") == 2
    assert "You have stopped." in room.text


def test_a_form_that_is_left_is_gone_on_with() -> None:
    """Protects long work: a full stop leaves the form from any question, and the next time asks only what is left."""
    session = given()

    room = when([*ASK, WHO, ".", "situation", "ask", "yes", "back", "ask", "yes", WHAT, *REST], session)

    assert room.count("Number of the kind, or a word of it: ") == 1
    assert room.count("Authority (blank leaves it out): ") == 1
    assert "Not sent. What you wrote is kept; 'ask' goes on with it." in room.text
    assert dict(next(iter(session.state.requests.values())).content) == {"authority": WHO, "offence": WHAT}


def test_a_line_of_the_form_can_be_changed_before_it_goes() -> None:
    """Protects against slips: each answer has a number in the review, and a blank line keeps what was written."""
    session = given()
    words = [WHO, "Theft", "", "", "", "", "", ""]

    room = when([*ASK, *words, "5", WHAT, "4", "", "nonsense", "99", "9", "yes", "yes"], session)

    assert "Offence: Theft (too little to count)" in room.text
    request = next(iter(session.state.requests.values()))
    assert (dict(request.content), request.missing, request.urgent) == ({"authority": WHO, "offence": WHAT}, (), True)


@pytest.mark.parametrize(
    ("typed", "due"),
    [("+30m", 1800), ("+1h", 3600), ("+12", 12 * 3600), ("t+4:00", 4 * 3600), ("", None), ("none", None)],
)
def test_the_time_for_an_answer_is_read_forgivingly(typed: str, due: int | None) -> None:
    """Protects the deadline: so many hours from now, a time of the story, or none."""
    session = given()

    when([*ASK, WHO, WHAT, "", "", "", "", typed, "", "yes"], session)

    assert next(iter(session.state.requests.values())).deadline == due


def test_the_end_of_the_move_can_be_named_once_the_clocks_have_run() -> None:
    """Protects the most natural time for an answer: before this sitting is over, without doing sums."""
    session = given(injects=LATER)

    room = when(["next", *ASK, WHO, WHAT, "", "", "", "", "end", "", "yes"], session)

    assert "'end' for T+4:00, when this move ends" in room.text
    assert next(iter(session.state.requests.values())).deadline == 4 * 3600


def test_a_form_ends_with_the_input_and_sends_nothing() -> None:
    """Protects a broken pipe: half a request is no request."""
    session = given()

    when([*ASK, WHO], session)

    assert not session.state.requests


WRONG = [
    "request 1",
    "reply 1",
    "mend",
    "conditions",
    "fulfil 4",
    "withdraw",
    "requests",
    "ask 99",
    "0",
    "cancel",
    "ping",
    "cancel",
    "ping x",
    "99",
    "back",
    "pass 7",
    ".",
    "answer-request 2",
    "choose request 1",
    "say",
    "nobody",
    "say belmark",
    ".",
]


def test_wrong_words_about_requests_change_nothing() -> None:
    """Protects a game from slips: what names nothing is answered by a line, and no entry is written."""
    session = given()
    when([], session)
    entries = len(session.entries)

    room = Room(WRONG)
    play(LocalTable(session, BOTH, {}), room.read, room.write, piped=True)

    assert len(session.entries) == entries
    assert room.count("There are no requests yet.") == 5
    assert "No conditions wait for you." in room.text
    assert "Say to whom first: Kingdom of Belmark and control." in room.text


def test_requests_rest_outside_a_move() -> None:
    """Protects from a long form for nothing: before STARTEX and after ENDEX it is said at once."""
    room = Room(["ask", "ping 1", "forward 1"])

    play(LocalTable(given(), BOTH, {}), room.read, room.write, piped=True)

    assert room.count("Requests are sent and answered while a move is played.") == 2
    assert "Your team holds no evidence to send on." in room.text


# --- pages ---


def test_the_board_has_what_waits_first_and_what_is_over_last() -> None:
    """Protects the overview: number, direction, party, matter, standing and time of each, the urgent thing on top."""
    session = given()
    urgent = [*ASK, WHO, WHAT, "", "", "", "yes", "+4h", "", "yes"]
    back = ["ask 1", "1", "1", WHO, WHAT, "", "", "", "", "", "yes"]

    room = when([*urgent, "ping 2", "pass", *back, "pass", "requests"], session)

    page = " ".join(room.lines[room.lines.index("Requests: 3 requests, 1 waiting for you.") :])
    order = [page.index(words) for words in ("Waiting for you:", "Open:", "Over:")]
    assert order == sorted(order)
    assert "R3. in from Belmark: Preservation of stored data, about Logs of the host; new" in page
    assert "R1. out to Belmark: urgent, Preservation of stored data, about" in page
    assert "due T+4:00" in page
    assert "Averne, T+0:00, 1 unread, 1 request waiting: requests" in room.lines


def test_the_board_has_the_newest_first_in_all_that_does_not_wait() -> None:
    """Protects who looks for what has just happened: the same order by lines as on the screen."""
    page = list(request_pages.board(lively_table().client("averne").view(), 80))
    under_way = page[page.index("Open:") : page.index("Over:")]
    rows = [int(line[1:].partition(".")[0]) for line in under_way if line[0] == "R"]

    assert rows == sorted(rows, reverse=True) and len(rows) > 1


def test_a_decision_points_to_the_request_that_came_with_it() -> None:
    """Protects a request from lapsing because its decision was taken: it waits for an answer of its own."""
    asked = {"by": "centre", "to": "averne", "via": "police", "subject": "A name.", "kind": "preservation"}
    session = given(injects=[inject("ask", to=["averne"], request=asked)], decisions=[decision("watch", follows="ask")])

    room = when(["choose A", "Because we must.", "", "", "yes"], session)

    assert "Your answer is sent. The request itself still waits for one: 'reply 1'." in room.text


def test_opening_a_request_tells_its_sender() -> None:
    """Protects the acknowledgement: looking is enough, and the sender hears of it once."""
    session = given()

    room = when([*ASK, WHO, WHAT, *REST, "pass", "request R1", "request 1", "pass", "requests"], session)

    assert steps(session) == [["sent", "delivered", "acknowledged"]]
    assert room.count("You can answer it: 'reply 1'.") == 2
    assert "R1 to Belmark (Preservation of stored data): they have seen it, no answer yet" in room.text


def test_a_lapse_is_warned_of_and_told() -> None:
    """Protects the deadline at the prompt: going on stops where an answer would be lost, and tells when it was."""
    session = given()
    urgent = [*ASK, WHO, WHAT, "", "", "", "", "+1h", "", "yes"]

    room = when([*urgent, "next", "next", "lapse yes", "requests"], session)

    assert steps(session)[0][-1] == "lapsed"
    assert "Kingdom of Belmark: a request waits. Type 'pass' to hand over, or 'lapse' to go on." in room.text
    assert "R1 to Belmark (Preservation of stored data): lapsed without an answer" in room.text


def test_the_hot_wash_and_a_replay_show_requests_between_all() -> None:
    """Protects the discussion: a board and a timeline for everyone at the end, each team's own board before it."""
    session = given()
    room = when([*ASK, WHO, WHAT, *REST, "endex yes", *[""] * 7, "request 1", "timeline"], session)
    looked = walk(session, "requests", "go T+1:00", "back", "back", "requests", "request 1", "go end", "requests")
    player = LogPlayer(session.scenario, session.reference, session.entries)
    told = " ".join(" ".join(playthrough(player)).split())

    assert room.count("Requests between all: 1 request.") == 1
    assert room.count("Requests over time.") == 2
    assert "T+0:00, request 1 (your R1), Averne → Belmark: Averne sends it (Preservation of stored data" in room.text
    assert (
        "1. Averne → Belmark (your R1): Preservation of stored data, about Logs of the host; delivered, never"
        in room.text
    )
    assert looked.count("Requests: 0 requests") == 1
    assert looked.count("Requests between all: 1 request.") == 1
    assert "Requests between all: 1 request." in told
    assert "Request to Belmark, Preservation of stored data, about Logs of the host: Averne sends it" in told


def test_after_endex_a_team_finds_its_own_numbers_again() -> None:
    """Protects who noted R1 down: in the list of all it stands with the number there, and opens by either."""
    elsewhere = ["ask", "1", "4", "1"]
    asked = [*elsewhere, WHO, WHAT, *REST, *ASK, WHO, WHAT, *REST]
    room = when([*asked, "pass", "endex yes", "requests", "request R1", "timeline", "pass", "requests"])

    assert "1. Averne → Police centre: Preservation" in room.text
    assert "2. Averne → Belmark (your R1): Preservation" in room.text
    assert "Request 2 (your R1): Averne → Belmark." in room.text
    assert "request 2 (your R1), Averne → Belmark: Averne sends it" in room.text
    assert "2. Averne → Belmark (your R2): Preservation" in room.text


def test_looking_at_requests_in_a_replay_changes_nothing() -> None:
    """Protects the log: opening a request in a replay is not opening it in the exercise."""
    session = given()
    when([*ASK, WHO, WHAT, *REST, "endex yes"], session)
    entries = len(session.entries)

    walk(session, "go end", "back", "back", "team belmark", "requests", "request 1", "timeline")

    assert len(session.entries) == entries


def test_a_replay_names_no_command_that_it_lacks() -> None:
    """Protects who walks through a log by lines from typing what only a game takes, be it to ask, answer or tell."""
    session = given(decisions=[decision("watch")])
    game = when([*ASK, WHO, WHAT, *REST, "choose A", "Because we must.", "", "", "yes", *PAGES, "endex yes"], session)

    looked = walk(session, "go end", "back", "back", *PAGES, "team belmark", "request 1")

    ways = ["'ask'", "'ping'", "'forward'", "'told N'", "'say'", "You can take it back: 'withdraw 1'."]
    assert [way for way in ways if way not in game.text] == []
    assert "Status: new, waits for your answer" in looked.text
    assert [way for way in (*ways, "'reply 1'", "You can") if way in looked.text] == []


def test_a_notice_is_not_asked_for_a_time() -> None:
    """Protects who warns or tells: nobody answers a notice, so that no time for an answer is asked for or sent."""
    session = given()

    room = when(["pass", "pass", "ask 5", "5", "0", "Stay calm", "", "", "", "", "yes"], session)

    assert steps(session) == [["sent", "delivered", "fulfilled"]]
    prompts = [prompt for prompt in room.prompts if "Answer wanted by" in prompt]
    assert not prompts and "Answer wanted by" not in room.text


def test_asking_says_which_matters_fit_the_kind() -> None:
    """Protects who asks for the first time: what fits the kind stands first, and the rest says by which kinds it is
    usually raised."""
    room = when(["pass", "pass", *ASK, ".", "ask 4", "no", "2", "."])

    said = room.text
    fits, others = said.index("Fits “Preservation of stored data”:"), said.index("Usually asked in other ways:")
    assert fits < said.index("1. Logs of the host") < others
    assert "1. Logs of the host; usually by Preservation of stored data" in said[others:]


def test_a_kind_and_an_entry_are_found_by_words() -> None:
    """Protects whoever has a long list before them: one hit is taken, several are listed, none says what to type."""
    room = when(["ask", "zzz", "stored data", "zzz", "belmark", "no such desk", "press", "."])
    assert room.text.count("Nothing in the list has 'zzz'. Type a number of the list, or a word of its name") == 2
    assert "Taken: Preservation of stored data." in room.text and "Taken: Press room." in room.text
    assert "1. Belmark 24/7 3. Belmark police, old 2. Belmark CERT Number of the entry" in room.text
    room = when(["ask to pass", "1", "."])
    assert "Taken: Consent to pass on." in room.text


def test_a_way_not_made_for_the_kind_is_named_before_it_goes() -> None:
    """Protects who picks the wrong desk: the last look at a request says so, as the screen does."""
    words = "“CERT to CERT” is not among the ways made for this kind of request."
    other, fit = ["ask", "1", "2", "1", WHO, WHAT], [*ASK, WHO, WHAT]

    assert words in when(["pass", "pass", *other, *REST[:-1], "."]).text
    assert "is not among the ways" not in when(["pass", "pass", *fit, *REST[:-1], "."]).text


def test_a_status_that_ends_in_a_sentence_ends_with_one_full_stop() -> None:
    """Protects the line on what cannot be carried out yet: the author's sentence has its full stop already."""
    session = given(injects=LATER)

    room = when([*ASK, WHO, WHAT, *REST, "pass", "reply 1 accept", "", "", "yes", "fulfil 1"], session)

    assert "not yet: The judge has not signed yet." in room.text
    assert "yet.." not in room.text


def test_the_groups_of_kinds_are_named_in_the_readers_language() -> None:
    """Protects the list of kinds for readers of other languages: its headings are words like the rest."""
    room = Room(["", "menu off", "ask", "."])
    with speaking("lv"):
        play(LocalTable(given(), BOTH, {}), room.read, room.write, piped=True)

    again = Room(["", "menu off", "ping 1"])
    with speaking("lv"):
        play(LocalTable(given(), BOTH, {}), again.read, again.write, piped=True)
    assert "atbildēts" in again.text and "answered" not in again.text

    said = room.text
    assert "Sniegt vai brīdināt:" in said
    assert "Give or warn" not in said


def test_help_explains_requests() -> None:
    """Protects who has never asked a State for anything: every command is in the help, in plain words."""
    room = when(["help"])

    for words in ("ask [N]: send a request", "reply N [ANSWER]: answer a request", "ping N: test an entry"):
        assert words in room.text
    assert "'ask' leads through a request to an entry of your directory" in room.text


# --- talk ---


def test_words_reach_other_teams_control_and_the_own_team() -> None:
    """Protects talk by lines: aside and official are told apart, and the team's own talk stays at home."""
    session = given()
    script = [
        "say belmark We see it too.",
        "official Belmark: We stand by our word.",
        "talk Let us wait.",
        "say control Help",
    ]

    room = when([*script, "messages", "pass", "messages", "say averne", "Thank you."], session)

    assert [(said.to, said.official) for said in session.state.talk] == [
        ("belmark", False),
        ("belmark", True),
        ("averne", False),
        ("facilitator", False),
        ("averne", False),
    ]
    handed = next(n for n, line in enumerate(room.lines) if "terminal goes to Kingdom of Belmark" in line)
    theirs = " ".join(room.lines[handed:])
    assert "T+0:00, Averne to Belmark, aside: We see it too." in theirs
    assert "T+0:00, Averne to Belmark, official: We stand by our word." in theirs
    assert "Let us wait." not in theirs


# --- hostile words ---


def test_hostile_words_in_requests_are_printed_as_text() -> None:
    """Protects the terminal of the other side: whatever is typed into a request arrives without its controls."""
    session = given()

    room = when(
        [
            *["ask 1", "1", "0", NASTY, NASTY, NASTY, NASTY, NASTY, "", "red", "", NASTY, "", "", "", "yes"],
            *["pass", "request 1", f"reply 1 refuse {NASTY}", "", "yes"],
            *[f"say averne {NASTY}", f"talk {NASTY}", "messages", "pass", "request 1", "endex yes", "timeline"],
        ],
        session,
    )

    printed = [
        line for line in room.lines if not any(line == f"{p}{NASTY}" for p in room.prompts) and NASTY not in line
    ]
    assert [line for line in printed if HOSTILE.search(line)] == []
    assert "[@click=app.quit]x[/]" in room.text
    assert next(iter(session.state.requests.values())).status == "refused"


COMMANDS = (
    *("ask", "ask 1", "ask 4", "reply", "reply 1", "reply 1 ask", "reply 1 conditions", "mend", "fulfil", "withdraw 1"),
    *("conditions 1 yes", "conditions", "ping 1", "ping 3", "pass", "pass 1", "forward 1", "requests", "request 1"),
    *("next", "lapse yes", "evidence", "contacts", "say belmark hello", "talk hm", "messages", "red", "1", "2", "1 2"),
    *("", "", "yes", "no", ".", "back", "+1h", WHO, WHAT, "accept", "part", "refuse", "0", "amber", NASTY),
)


@settings(max_examples=40)
@drawn(st.lists(st.one_of(st.sampled_from(COMMANDS), st.text(max_size=20)), max_size=40))
def test_no_line_can_stop_the_game(script: list[str]) -> None:
    """Protects the session from any hand at the keyboard: whatever is typed, in whatever order, play ends cleanly."""
    room = Room(["", *script])

    assert play(LocalTable(given(), BOTH, {}), room.read, room.write, piped=True) == 0
    assert "s-1" in room.lines[-1]
