"""Requests in the log: told in plain words, checked again by the rules, taken out, replayed, and stepped to."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from asking import FULL, answer, send, world
from given import FACTS, Row, inject

from exercise.catalogue import load_reference
from exercise.core import commands as cmd
from exercise.core.requests import commands as rq
from exercise.core.requests.kinds import Handling, Tlp
from exercise.core.scenario import Scenario
from exercise.errors import CommandRejected
from exercise.session.log import LoadedLog, line_hash
from exercise.session.logfile import open_log
from exercise.session.openings import conceal
from exercise.session.player import LogPlayer
from exercise.session.redact import redact
from exercise.session.session import Session
from exercise.session.store import MemoryStore
from exercise.session.table import LocalTable
from exercise.session.verify import verify

WORDS = "quetzal"
"""A word that only people wrote."""


def session_of(scenario: Scenario) -> Session:
    """A session on a stepped clock, started."""
    session = Session.start_new(scenario, load_reference(), MemoryStore(), seed=3, session_id="s", pace="stepped")
    session.submit(cmd.StartExercise(facts=FACTS))
    return session


def written_life() -> LoadedLog:
    """A log in which every kind of request event stands at least once, with words of people in all of them."""
    asked = {"by": "centre", "to": "belmark", "via": "police", "kind": "preservation", "deadline": "T+0:30"}
    session = session_of(
        world(
            injects=[
                inject("call", effects=[{"learn": "tip", "team": "averne"}]),
                inject("judge", at="T+1:00", effects=[{"flag": "order"}]),
                inject("ask", at="T+0:10", request=asked | {"content": {"authority": "Our duty desk"}}),
            ]
        )
    )
    said = {name: f"{text}, {WORDS}" for name, text in FULL.items()}
    told: Row = {"text": f"{WORDS} and so on"}
    bound = {"tlp": "amber", "words": f"{WORDS} only"}
    steps: list[cmd.Command] = [
        send("preservation", 1, matter="host", subject=WORDS, content={"authority": said["authority"]}, handling=bound),
        rq.AcknowledgeRequest(seat="belmark", request=1),
        answer(1, "ask-back", missing=["offence"], **told),
        rq.MendRequest(seat="averne", request=1, revision=2, content={"offence": said["offence"]}),
        answer(1, "conditional", revision=3, conditions=bound, **told),
        rq.TakeConditions(seat="averne", request=1, revision=4, accept=True, **told),
        cmd.AdvanceClock(play=400),
        rq.FulfilRequest(seat="belmark", request=1, revision=5, handling=Handling(tlp=Tlp.RED), **told),
        send("warning", 2, encloses=["tip"], handling=bound),
        # What had lapsed by then stands on Belmark's board before this.
        rq.TakeConditions(seat="belmark", request=3, revision=1, accept=False, **told),
        send("consent", 2, encloses=["tip"]),
        answer(4, "conditional", conditions={"tlp": "green", "words": f"{WORDS} first"}),
        rq.TakeConditions(seat="averne", request=3, revision=2, accept=True),
        rq.FulfilRequest(seat="belmark", request=4, revision=3),
        send("preservation", 4, content=said),
        send("contact-data", 1, urgent=True, deadline=7200),
        answer(5, "accept"),
        rq.FulfilRequest(seat="belmark", request=5, revision=2),
        send("ping", 2),
        rq.WithdrawRequest(seat="averne", request=4, **told),
        send("preservation", 4, content={}),
        cmd.AdvanceClock(play=900),
        send("statement", 5, encloses=["record", "logs"][1:], subject=WORDS),
        send("contact-data", 4),
        cmd.AdvanceClock(play=1100),
    ]
    for step in steps:
        session.submit(step)
    session.submit(cmd.EndExercise())
    return session.log()


@pytest.fixture(scope="module")
def log() -> LoadedLog:
    """The log of `written_life`."""
    return written_life()


def test_every_request_event_is_told_by_names(log: LoadedLog) -> None:
    """Protects the reader: no id of a request or a kind stands in a line; who, what, to whom and how do."""
    player = LogPlayer(log.scenario, log.reference, log.entries)
    lines = {entry.event.type: player.describe(entry.seq) for entry in reversed(log.entries)}

    assert lines["request-sent"] == (
        "Averne asks Belmark for “Preservation of stored data” (Logs of the host), by 24/7 contact point; "
        "1 element missing; conditions: TLP amber, with further words."
    )
    assert lines["request-answered"] == (
        "Belmark asks back about “Preservation of stored data” of Averne (missing: Offence): quetzal and so on."
    )
    assert lines["request-mended"] == "Averne adds 1 element to “Preservation of stored data” of Averne."
    assert lines["request-failed"].endswith("the desk has no mandate for it.")
    assert lines["request-lapsed"].startswith("“Preservation of stored data” of Police centre lapses")
    assert lines["contact-renewed"] == "The entry “Belmark police, old” in the directory of Averne is put right."
    every = " ".join(player.describe(position) for position in range(player.length + 1))
    assert "r1" not in every.split()
    told = {entry.event.type for entry in log.entries}
    wanted = {"conditions-lifted", "conditions-taken", "outcome-came", "reply-planned", "request-withdrawn"}
    assert wanted | {"contact-tried", "contact-renewed", "request-delivered", "request-acknowledged"} <= told


def test_a_replay_can_jump_to_requests(log: LoadedLog) -> None:
    """Protects the replay: what was sent, answered, failed, lapsed and done are places in it, with both names."""
    player = LogPlayer(log.scenario, log.reference, log.entries)
    labels = [marker.label for marker in player.markers if marker.kind == "request"]

    assert labels[0] == "Averne to Belmark: Preservation of stored data"
    assert "Lapsed: “Preservation of stored data” of Police centre" in labels
    assert "Done: “Preservation of stored data” of Averne" in labels
    assert any(label.startswith("Did not get through: ") for label in labels)
    assert any(label.startswith("Belmark accepts under conditions ") for label in labels)


def test_a_log_with_requests_is_vouched_for_by_the_rules(log: LoadedLog) -> None:
    """Protects verify: every step of every request is one that some command leads to."""
    lines = [log.header_line, *log.lines, *(opening.line() for opening in log.openings.values())]

    account = verify(lines, head=log.head, rules=True)

    assert account.ok, account.lines()
    assert account.checks[-1].holds is True


def test_a_redacted_log_has_no_word_of_anybody_and_still_checks(log: LoadedLog, tmp_path: Path) -> None:
    """Protects erasure: what people wrote goes, conditions' words included; what is left is still checked."""
    path = tmp_path / "redacted.jsonl"
    redact(log, path)
    text = path.read_text()
    kept = open_log(path)

    assert WORDS in "".join(opening.text for opening in log.openings.values())
    assert WORDS not in text
    account = verify(path, head=log.head, rules=True)
    assert account.ok, account.lines()
    assert account.checks[-1].holds is True
    # What is not words stays: the steps, the gaps that were seen, how narrow the conditions are.
    was, now = log.state.requests["r1"], kept.state.requests["r1"]
    assert [step.step for step in now.steps] == [step.step for step in was.steps]
    assert now.missing == was.missing
    assert kept.state.knowledge["averne"]["logs"].handling.tlp == log.state.knowledge["averne"]["logs"].handling.tlp  # type: ignore[union-attr]


GAP = ", its gap"
SENT_GAP, MENDED_GAP = f"request-sent{GAP}", f"request-mended{GAP}"


def _forged(log: LoadedLog, kind: str, change: Callable[[Row], Any]) -> list[str]:
    """The log with its first event of a kind changed, and the chain made anew."""
    lines, head, done = [], line_hash(log.header_line), False
    for line in log.lines:
        data = json.loads(line)
        if data["event"]["type"] == kind and not done:
            change(data["event"])
            done = True
        data["prev"] = head
        lines.append(json.dumps(data, ensure_ascii=False, separators=(",", ":")))
        head = line_hash(lines[-1])
    assert done
    return lines


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        (SENT_GAP, lambda event: event.update(missing=[])),
        ("request-sent", lambda event: event.update(to="centre")),
        ("request-sent", lambda event: event.update(arrives=99)),
        ("request-answered", lambda event: event.update(revision=3)),
        ("request-answered", lambda event: event.update(by_control=True)),
        (MENDED_GAP, lambda event: event.update(missing=["offence"])),
        ("conditions-taken", lambda event: event.update(accepted=False)),
        ("request-fulfilled", lambda event: event.update(gives=["part-logs"])),
        ("request-fulfilled", lambda event: event["handling"].update(tlp="clear")),
        ("request-lapsed", lambda event: event.update(request="r1")),
        ("contact-tried", lambda event: event.update(works=False)),
        ("reply-planned", lambda event: event.update(due=0)),
        ("conditions-lifted", lambda event: event.update(evidence="logs")),
    ],
)
@pytest.mark.parametrize("words", [True, False], ids=["with-words", "redacted"])
def test_a_forged_step_of_a_request_is_found(
    log: LoadedLog, kind: str, change: Callable[[Row], Any], words: bool
) -> None:
    """Protects the rules' check: no field of a request can be changed unseen, in a redacted log neither.

    One thing cannot be seen without words, and verify does not claim it: whether an element was rightly called missing.
    """
    only_words_tell = kind in (SENT_GAP, MENDED_GAP)
    lines = _forged(log, kind.removesuffix(GAP), change)
    first = {log.header.content.digest, log.header.seed.digest if log.header.seed else ""}
    openings = [o.line() for o in log.openings.values() if words or o.digest in first or o.digest in log.lines[0]]

    rules = verify([log.header_line, *lines, *openings], rules=True).checks[-1]

    assert rules.name == "rules"
    assert rules.holds is (only_words_tell and not words), rules.text
    assert ("as far as can be seen" in rules.text) == bool(rules.holds)


def test_the_header_holds_the_kinds_and_channels_that_were_played(log: LoadedLog) -> None:
    """Protects old logs: a later catalogue changes nothing in them, for what each kind demands stands in the header."""
    assert log.scenario.request_kinds == world().request_kinds
    assert log.scenario.request_channels == world().request_channels
    assert log.scenario.matters == world().matters


def test_a_single_pair_named_like_a_digest_is_no_digest(log: LoadedLog) -> None:
    """Protects the form: what stands in a request's content cannot be mistaken for a concealed value."""
    with pytest.raises(CommandRejected, match="no element"):
        session_of(world()).submit(send("preservation", 1, content={"#": conceal("x").digest}))


# --- a table ---


def table_of(**more: Any) -> LocalTable:
    """A table at which people play both teams, with these injects, started."""
    table = LocalTable(session_of(world(**more)), ("averne", "belmark"), {})
    return table


def _asking(**more: Any) -> Row:
    asked = {"by": "centre", "to": "belmark", "via": "police", "kind": "preservation", "subject": "A name."}
    return inject("ask", to=["averne"], at="T+0:10", request=asked | more)


def test_stepping_stops_where_a_request_arrives_or_is_answered() -> None:
    """Protects the turn of the team: the story does not run on over what was just put to it, and says whose it is."""
    table = table_of(injects=[inject("call", effects=[{"learn": "tip", "team": "averne"}]), _asking()])
    averne = table.client("averne")
    asyncio.run(averne.submit(send("preservation", 4, content=FULL)))

    assert asyncio.run(table.step()).endswith("Averne has 1 new message; Belmark has 1 new request.")
    asyncio.run(averne.submit(send("warning", 2)))
    # The centre's desk is reached without a word, and answers half an hour later.
    assert asyncio.run(table.step()) == "T+0:50: Averne has news of 1 request."
    assert averne.view().requests[0].status == "conditional"


def test_a_step_does_not_pass_a_deadline_of_a_team_here() -> None:
    """Protects the team that is asked: its time runs out only where somebody says so."""
    table = table_of(injects=[_asking(deadline="T+3:00")])
    asyncio.run(table.step())

    with pytest.raises(CommandRejected) as refused:
        asyncio.run(table.step())
    assert refused.value.code == "requests-open"
    assert refused.value.text == "Belmark still has to answer “Preservation of stored data” of Police centre."
    assert asyncio.run(table.let_lapse()) == "T+3:00: Belmark has news of 1 request."


def test_a_step_does_not_jump_over_a_deadline_between_two_moves() -> None:
    """Protects the same where the story's clock jumps: the move does not close over it unasked."""
    table = table_of(injects=[_asking(deadline="T+5:00")])
    asyncio.run(table.step())
    table.session.advance(table.session.state.clock.opened + table.session.state.clock.seconds)

    with pytest.raises(CommandRejected) as refused:
        asyncio.run(table.step())
    assert refused.value.code == "requests-open"
    asyncio.run(table.client("belmark").submit(answer(1, "refuse", text="We hold nothing here.")))
    assert asyncio.run(table.step()).startswith("Move 2 of 2")


def test_a_request_of_others_stops_nobody() -> None:
    """Protects pacing: what bots or actors are asked lapses without a question to the room."""
    session = session_of(world(injects=[_asking(deadline="T+3:00")]))
    table = LocalTable(session, ("averne",), {})

    asyncio.run(table.step())
    said = asyncio.run(table.step())

    assert "nothing new" not in said
    assert session.state.requests["r1"].over
