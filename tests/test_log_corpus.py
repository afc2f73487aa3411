"""Logs of every version that was ever written, read for ever: see `tests/logs/README.md`."""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from exercise.core.assess import assess
from exercise.core.evaluation.outcome import evaluated
from exercise.core.events import EVENTS, MarksProposed
from exercise.core.evolve import replay
from exercise.session.log import FORMAT, RULES, LoadedLog
from exercise.session.logfile import open_log
from exercise.session.player import LogPlayer
from exercise.session.verify import verify

CORPUS = Path(__file__).parent / "logs"
SEALED_BY = "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
"""A key of the tests' own, with which no exercise was ever sealed."""

#           file                            rules  entries  proposed marks  head
LOGS = {
    "rules-1.jsonl": ("1", 48, 1, "218fa0a4462de61e9b89cea4a113c323aa4885a2036c3882fdf0e86de4afbb8d"),
    "rules-1-bots.jsonl.gz": ("1", 127, 37, "b706a4fbdeb1c0337da898b8a98026f6949142190e0f655b05ea0d56d6161420"),
    "rules-1-later.jsonl": ("1", 48, 1, "acdcb7546e0a2b586950509d4cb2537460e1c3a4d98fb0f90821dc45e6d3101e"),
    "rules-1-bots-requests.jsonl.gz": (
        "1",
        193,
        78,
        "8007392ade879ad55eaada8499f66bca80d675176243714081b72c21b2c28127",
    ),
    "rules-2.jsonl": ("2", 48, 1, "e99d0cd12d637bbc0c22a02dfe47111e49396b7db98ad3fdac25ca1378739f2b"),
    "rules-2-bots-requests.jsonl.gz": (
        "2",
        192,
        77,
        "b6371d08440e352aeeb829e5a6c14f2906bb6dd78ddc8c012aa7445172ec8391",
    ),
    "rules-2-hosted.jsonl": ("2", 59, 1, "4d58a31dce307da7d78fb87be5edf8041621c46f18166efc4f5b75f123386726"),
    "rules-2-redacted.jsonl": ("2", 59, 1, "4d58a31dce307da7d78fb87be5edf8041621c46f18166efc4f5b75f123386726"),
    "rules-2-fork.jsonl": ("2", 26, 1, "396311106c87a6473de90c4fa1cae7f94d781bb1dbc55295c611dcd584875cd4"),
    "rules-2-evaluated.jsonl": ("2", 63, 1, "4419d501b16fca61f0a3639ddba161d5aa68f7c35cd090882a699f09b83ab6fe"),
    "rules-3-bots-requests.jsonl.gz": (
        "3",
        192,
        77,
        "8635b7ccbcd592c7c0cc221b6ee80cce34206b39d534ee38b3db9491525f364d",
    ),
    "rules-3-hosted.jsonl.gz": ("3", 145, 54, "24abf239a6bff55809ab06a9390908a9722269119bcec297c765ed92ce66c9f6"),
    "rules-3-evaluated.jsonl.gz": ("3", 82, 8, "3859024494560c2da3f45f7c1c2db4be225cf5ff5f2a7b2a50f6a0d71d2f551e"),
}

each_log = pytest.mark.parametrize("name", LOGS)


def lines_of(name: str) -> list[str]:
    """The lines of a log as they were written."""
    data = (CORPUS / name).read_bytes()
    return (gzip.decompress(data) if name.endswith(".gz") else data).decode().removesuffix("\n").split("\n")


@cache
def opened(name: str) -> LoadedLog:
    """A log read from its file."""
    if not name.endswith(".gz"):
        return open_log(CORPUS / name)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "log.jsonl"
        path.write_bytes(gzip.decompress((CORPUS / name).read_bytes()))
        return open_log(path)


def marks_in(log: LoadedLog) -> list[str]:
    """Ids of the marks proposed at ENDEX."""
    proposed = [entry.event for entry in log.entries if isinstance(entry.event, MarksProposed)]
    return [str(mark["id"]) for event in proposed for mark in event.marks]


def test_nothing_of_the_corpus_is_missing() -> None:
    """Protects the promise: each file stands in the table, and what is written today is in the corpus too."""
    files = {path.name for path in CORPUS.iterdir()} - {"README.md"}

    assert files == set(LOGS)
    assert (FORMAT, RULES) in {(opened(name).header.format, opened(name).header.rules) for name in LOGS}
    for name in LOGS:
        assert f"| `{name}` | {opened(name).header.format} | {LOGS[name][0]} |" in (CORPUS / "README.md").read_text()


@each_log
def test_an_old_log_is_read_and_its_chain_holds(name: str) -> None:
    """Protects old logs from the reader: every line is understood, and no byte of them has changed since."""
    rules, entries, marks, head = LOGS[name]
    log = opened(name)

    account = verify(lines_of(name), head=head)

    assert account.ok, account.lines()
    assert (log.header.rules, len(log.entries), len(marks_in(log)), log.head) == (rules, entries, marks, head)


@pytest.mark.parametrize("name", [name for name in LOGS if LOGS[name][0] == RULES])
def test_a_log_is_legal_under_the_rules_it_names(name: str) -> None:
    """Protects `RULES` from being left as it is when the rules change: what they gave before they must give now."""
    account = verify(lines_of(name), rules=True)

    assert account.ok, account.lines()


@each_log
def test_an_old_log_replays_to_its_end_and_is_assessed(name: str) -> None:
    """Protects replay, hot wash and report of exercises long past: state, marks and every view can still be made."""
    log = opened(name)
    player = LogPlayer(log.scenario, log.reference, log.entries)
    player.seek(len(log.entries))

    assert log.state.clock.phase == "ended" and player.position == player.length
    assert player.hot_wash() is not None and all(player.view(team.id) for team in log.scenario.teams)
    assert all(player.describe(position) for position in range(1, player.length + 1))
    found = assess(log.scenario, log.reference, log.entries)
    assert set(marks_in(log)) == {mark.id for mark in found.marks} or log.header.rules != RULES
    outcome = evaluated(log.scenario, log.reference, log.entries)
    assert [mark.id for mark in outcome.proposed] == marks_in(log)


@each_log
def test_an_old_log_goes_through_json_unchanged(name: str) -> None:
    """Protects the events' written form: written by today's program and read again they give the same state."""
    log = opened(name)

    again = [EVENTS.validate_json(EVENTS.dump_json(entry.event)) for entry in log.entries]

    assert again == [entry.event for entry in log.entries]
    assert replay(again) == log.state


def test_what_was_taken_out_or_sealed_stays_so() -> None:
    """Protects the special ones: redacted has no words, the fork names its parent, the seals are the known key's."""
    redacted, fork = opened("rules-2-redacted.jsonl"), opened("rules-2-fork.jsonl")

    assert (
        redacted.head == opened("rules-2-hosted.jsonl").head
        and redacted.entries != opened("rules-2-hosted.jsonl").entries
    )
    assert fork.header.parent is not None and fork.header.parent.session == opened("rules-1.jsonl").header.session
    assert fork.lines[: fork.header.parent.seq] == opened("rules-1.jsonl").lines[: fork.header.parent.seq]
    sealed = verify(lines_of("rules-2-evaluated.jsonl"), key=SEALED_BY)
    assert sealed.ok and len(opened("rules-2-evaluated.jsonl").state.evaluation.seals) == 2
