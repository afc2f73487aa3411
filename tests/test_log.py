"""The log: its lines, its files, what may be taken out of it, and what `verify` finds."""

from __future__ import annotations

import gzip
import json
import random
import stat
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import SMALL, marks_of, new_session, play_through, small_scenario

from exercise.catalogue import load_reference
from exercise.core import events as ev
from exercise.core.acts import Act, ActKind, Level
from exercise.core.commands import ResumeClock, WriteNote
from exercise.core.evolve import replay
from exercise.core.scenario import Scenario
from exercise.core.text import clean_text
from exercise.errors import ExerciseError, LogError, UsageError
from exercise.session.fork import fork
from exercise.session.log import (
    REDACTED,
    RULES,
    LoadedLog,
    decode_line,
    encode_entry,
    line_hash,
    make_header,
    read_header,
    read_log,
    used_by,
)
from exercise.session.logfile import open_log, write_log
from exercise.session.openings import conceal, places
from exercise.session.session import Session
from exercise.session.store import MemoryStore
from exercise.session.verify import Account, lines_of, verify

EVENT_TYPES: tuple[type[ev.Happened], ...] = get_args(get_args(ev.Event)[0])

words = st.text(max_size=30).map(clean_text).map(str.strip)
names = st.from_regex(r"[a-z0-9][a-z0-9.-]{0,8}", fullmatch=True)
acts = st.builds(
    Act,
    act=st.sampled_from(ActKind),
    toward=st.lists(names, max_size=3).map(tuple),
    level=st.none() | st.sampled_from(Level),
    about=st.none() | words,
    unasked=st.booleans(),
)


def values(annotation: Any) -> st.SearchStrategy[Any]:
    """Values for a field of an event, from its type alone: a new event is covered on the day it is written."""
    simple: dict[Any, st.SearchStrategy[Any]] = {
        str: words,
        int: st.integers(-(10**6), 10**9),
        float: st.floats(allow_nan=False, allow_infinity=False),
        bool: st.booleans(),
        type(None): st.none(),
        Any: words | st.integers(-5, 5) | st.lists(words, max_size=2),
        Act: acts,
    }
    if annotation in simple:
        return simple[annotation]
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return values(parts[0])
    if origin is Literal:
        return st.sampled_from(parts)
    if origin in (Union, UnionType):
        return st.one_of(*map(values, parts))
    if origin is tuple:
        return st.lists(values(parts[0]), max_size=3).map(tuple)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return st.dictionaries(values(parts[0]), values(parts[1]), max_size=3)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return st.sampled_from(annotation)
    return built(annotation)


def built(model: type[Any]) -> st.SearchStrategy[Any]:
    """Instances of a model, or of a kind of event."""
    hints = get_type_hints(model, include_extras=True)
    known = (field.name for field in fields(model)) if is_dataclass(model) else model.model_fields
    return st.builds(model, **{name: values(hints[name]) for name in known})


@cache
def played() -> LoadedLog:
    """The small exercise played to its end, as its store holds it."""
    session = new_session(pace="stepped")
    play_through(session)
    return session.log()


def rechained(log: LoadedLog, change: Callable[[int, dict[str, Any]], None]) -> list[str]:
    """A log in which somebody changed entries and then made the whole chain anew."""
    lines, head = [log.header_line], line_hash(log.header_line)
    for line in log.lines:
        data = json.loads(line)
        change(data["seq"], data)
        data["prev"] = head
        lines.append(json.dumps(data, ensure_ascii=False, separators=(",", ":")))
        head = line_hash(lines[-1])
    return [*lines, *(opening.line() for opening in log.openings.values())]


def failed(account: Account) -> tuple[str, str, int | None]:
    """The first check that failed, with what was found and of which entry."""
    check = next(check for check in account.checks if check.holds is False)
    return check.name, account.findings[0].kind, account.findings[0].seq


@pytest.mark.parametrize("model", EVENT_TYPES, ids=lambda model: model.__name__)
@settings(max_examples=30)
@given(data=st.data())
def test_every_event_comes_back_from_its_line(model: type[ev.Happened], data: st.DataObject) -> None:
    """Protects replay: what is read is what was written, for every event there is, texts by their openings."""
    event = data.draw(built(model))
    entry = ev.LogEntry(7, 6, "averne/lead", "2026-01-02T03:04:05.678Z", 30, -60, event)

    line, openings = encode_entry(entry, "0" * 64)
    kept = {opening.digest: opening for opening in openings}

    assert decode_line(line, kept) == entry
    assert list(json.loads(line)) == ["seq", "batch", "seat", "wall", "play", "exercise", "event", "prev"]
    assert "\n" not in line


@pytest.mark.parametrize("model", EVENT_TYPES, ids=lambda model: model.__name__)
@settings(max_examples=15)
@given(data=st.data())
def test_without_openings_nothing_sensitive_is_in_a_line(model: type[ev.Happened], data: st.DataObject) -> None:
    """Protects redaction: with its openings gone a line reads, its chain holds, and its texts are nowhere in it."""
    event = data.draw(built(model))
    first = ev.LogEntry(1, 1, "averne", "", 0, 0, event)
    header, kept = small_header()
    line, openings = encode_entry(first, line_hash(header))

    shown = decode_line(line, {})
    account = verify([header, line, *(opening.line() for opening in kept)])

    # A seal made of nothing holds nothing, with openings or without.
    assert all(check.holds is not False for check in account.checks if check.name != "seal"), account.lines()
    names = ev.SENSITIVE.get(event.type, ())
    said = list(places(event.as_data(), names))
    assert len(openings) == sum(bool(holder[key]) for holder, key in said)
    for holder, key in places(json.loads(line)["event"], names):
        assert holder[key] == {} or not holder[key] or list(holder[key]) == ["#"]
    for holder, key in places(shown.event.as_data(), names):
        assert holder[key] in (REDACTED, "", [], {}, {REDACTED: REDACTED})


@cache
def small_header() -> tuple[str, tuple[Any, ...]]:
    """A header for the small exercise, with its openings."""
    known = used_by(small_scenario(), load_reference())
    return make_header(
        small_scenario(), known, session="s", created="2026", rules="1", seed=7, roster={"averne": "Ann Ör"}
    )


def test_header_gives_everything_back_and_shows_no_secret() -> None:
    """Protects a log that stands alone: scenario, catalogue entries, seed and names come from it, by openings only."""
    header, openings = small_header()

    log = read_log(header, (), openings)
    bare = read_log(header, (), ())

    assert log.scenario == small_scenario()
    assert (log.seed, log.roster) == (7, {"averne": "Ann Ör"})
    assert log.reference.commitments["se-p7"] == load_reference().commitments["se-p7"]
    assert "Ann" not in header and "insider" not in header and "Let them talk" not in header
    assert (bare.seed, bare.roster) == (None, {})
    with pytest.raises(LogError, match="scenario was taken out"):
        _ = bare.scenario


def test_the_copied_reference_holds_profiles_and_what_conduct_names() -> None:
    """Protects later assessments: no commitment that the scenario can be marked under is missing from the log."""
    named = {**SMALL, "occasions": []}
    conduct = {"commitment": "bc-29", "grade": "honoured", "because": "It kept the data at once."}
    named["decisions"] = [{**SMALL["decisions"][0], "options": [*SMALL["decisions"][0]["options"][:1]]}]
    named["decisions"][0]["options"].append({"id": "keep", "title": "Keep it", "conduct": [conduct]})
    scenario = Scenario.model_validate(named)

    used = used_by(scenario, load_reference())

    assert {c.id for c in load_reference().commitments.values() if c.instrument == "seecp-chisinau-2008"} <= set(
        used.commitments
    )
    assert "bc-29" in used.commitments and "bc-30" not in used.commitments
    assert set(used.instruments) == {c.instrument for c in used.commitments.values()}


def test_same_log_again_differs_only_in_wall_times_salts_and_hashes() -> None:
    """Protects determinism: the same seed and commands give the same entries, and no salt is used twice."""
    again = new_session(pace="stepped")
    play_through(again)

    assert list(again.entries) == list(played().entries)
    assert not set(again.log().openings) & set(played().openings)
    assert again.head != played().head


def test_hostile_text_in_a_line_is_cleaned_on_reading() -> None:
    """Protects screens: a log may come from anywhere, and no terminal escape in it reaches a widget."""
    event = ev.IndicatorChanged(indicator="trust", value=1.0)
    line, _ = encode_entry(ev.LogEntry(1, 1, "x", "", 0, 0, event), "0" * 64)

    for hostile in ("a\\u001b]0;x\\u0007b", "a\u202eb", "a\x9bb", "a\x7fb"):
        shown = decode_line(line.replace('"trust"', f'"{hostile}"'), {}).event
        assert isinstance(shown, ev.IndicatorChanged)
        assert shown.indicator in ("a]0;xb", "ab")


def test_a_changed_opening_is_never_shown() -> None:
    """Protects what people wrote: an opening with other words than the digest's is refused, not displayed."""
    note = ev.LogEntry(1, 1, "averne", "", 0, 0, ev.NoteWritten(seat="averne", text="We agree."))
    line, (opening,) = encode_entry(note, "0" * 64)

    with pytest.raises(LogError, match="changed"):
        decode_line(line, {opening.digest: opening._replace(text='"We refuse."')})


def test_a_number_that_json_lacks_is_refused_before_it_is_kept() -> None:
    """Protects the session from writing a line that nothing can read again."""
    event = ev.IndicatorChanged(indicator="trust", value=float("nan"))

    with pytest.raises(LogError, match="cannot be kept"):
        encode_entry(ev.LogEntry(1, 1, "x", "", 0, 0, event), "0" * 64)


def test_a_log_of_a_newer_program_says_so() -> None:
    """Protects people with an old program: they learn to update instead of reading a list of unknown keys."""
    header, _ = small_header()

    with pytest.raises(LogError, match="format 2"):
        read_header(header.replace('"exercise-log":1', '"exercise-log":2'))


def test_a_file_holds_the_whole_log_for_its_owner_only(tmp_path: Path) -> None:
    """Protects the portable form: written and read, it is the same log with the same final state, and private."""
    path, log = tmp_path / "game.jsonl", played()

    write_log(path, log.header_line, log.lines, log.openings.values())
    read = open_log(path)

    assert (read.entries, read.head, read.scenario) == (log.entries, log.head, log.scenario)
    assert replay(entry.event for entry in read.entries) == replay(entry.event for entry in log.entries)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["game.jsonl"]


def _truncate(text: bytes) -> bytes:
    return text[: text.rindex(b'"prev"')]


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda text: b"", "empty"),
        (lambda text: _truncate(text.split(b'{"open"')[0]), ":49: the file is cut off"),
        (lambda text: text.replace(b"\n", b"\r\n"), ":1: the line ends were changed"),
        (lambda text: b"\xef\xbb\xbf" + text, ":1: an editor put a byte-order mark"),
        (lambda text: text.decode().encode("utf-16"), ":1: an editor saved the log as UTF-16"),
        (lambda text: bytes(range(256)) * 40, ":1: this is no log"),
        (lambda text: b"\xef\xbb\xbfseq,batch,seat\r\n1,1,facilitator\r\n", ":1: this is no log"),
        (gzip.compress, ":1: this is a packed file"),
        (lambda text: text + text, ":61: another log begins here"),
        (lambda text: b'{"a":1}\n' + text, ":1: this is no log"),
        (lambda text: b"[" * 100_000, ":1: this is no log"),
        (lambda text: b'{"exercise-log":1,"x":' + b"[" * 100_000 + b"\n", ":1: the line is not JSON"),
        (lambda text: text.replace(b"averne/police", b"averne/\xff\xfelice"), ":7: not UTF-8"),
        (lambda text: text.replace(b'{"seq":5', b'{seq":5'), ":6: the line is not JSON"),
        (lambda text: text.replace(b'{"seq":5', b'\n{"seq":5'), ":6: an empty line"),
        (lambda text: text.replace(b'"message-read"', b'"message-rode"'), ":7: the entry cannot be read"),
        (lambda text: text.replace(b'"inject":"press"', b'"inject":"prest"', 1), ":19: the chain is broken"),
        (lambda text: text.replace(b'"exercise-log":1', b'"exercise-log":9'), ":1: the log has format 9"),
    ],
)
def test_a_harmed_file_gives_one_line_with_its_place(tmp_path: Path, harm: Callable[[bytes], bytes], said: str) -> None:
    """Protects whoever opens the wrong or a damaged file: one line that says where and what, and no traceback."""
    path, log = tmp_path / "game.jsonl", played()
    write_log(path, log.header_line, log.lines, log.openings.values())
    path.write_bytes(harm(path.read_bytes()))

    with pytest.raises(LogError, match=said) as caught:
        open_log(path)

    assert "\n" not in str(caught.value) and str(path) in str(caught.value)
    try:
        verify(path, rules=True)
    except LogError as error:
        assert "\n" not in str(error)


def test_lines_beyond_measure_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects memory: a file with one endless line is refused before it is read whole."""
    monkeypatch.setattr("exercise.session.logfile.MOST_LINE", 1000)
    path = tmp_path / "x.jsonl"
    path.write_bytes(b'{"exercise-log":1' + b" " * 5000)

    with pytest.raises(LogError, match=":1: too large"):
        open_log(path)


def test_a_file_that_cannot_be_written_or_read_is_one_line(tmp_path: Path) -> None:
    """Protects the command line: folders and missing places are plain errors."""
    log = played()

    with pytest.raises(LogError, match="cannot be written"):
        write_log(tmp_path / "no" / "x.jsonl", log.header_line, log.lines, ())
    with pytest.raises(LogError, match="cannot be read"):
        open_log(tmp_path / "none.jsonl")
    with pytest.raises(LogError, match="folder"):
        open_log(tmp_path)


def test_a_whole_log_is_vouched_for_to_its_head_and_rules() -> None:
    """Protects an honest log from being doubted, at every level there is."""
    log = played()

    account = verify(lines_of(log), head=f"{log.head[:8]} {log.head[8:16].upper()}", rules=True)

    assert account.ok, account.lines()
    assert {check.name: check.holds for check in account.checks} == {
        "chain": True, "openings": True, "order": True, "head": True, "seal": None, "rules": True,
    }  # fmt: skip
    assert json.loads(json.dumps(account.as_data()))["ok"] is True


@pytest.mark.parametrize("seq", range(1, len(played().lines)))
def test_one_changed_byte_names_its_entry(seq: int) -> None:
    """Protects against a changed entry: whichever byte of a line it is, `verify` names that very entry."""
    chance = random.Random(seq)
    lines = lines_of(played())
    honest = lines[seq]

    for _ in range(12):
        place, letter = chance.randrange(len(honest)), chance.choice('x7"{,')
        if honest[place] == letter:
            continue
        lines[seq] = honest[:place] + letter + honest[place + 1 :]
        assert failed(verify(lines)) == ("chain", "changed", seq), lines[seq]


def test_the_last_entry_needs_a_head() -> None:
    """Protects from false comfort: what no later line names, the account leaves open, and a head decides."""
    log = played()
    lines = lines_of(log)
    lines[len(log.lines)] = log.lines[-1].replace(":se-p7:", ":se-p8:")

    assert verify(lines).ok
    assert failed(verify(lines, head=log.head)) == ("head", "mismatch", None)


@pytest.mark.parametrize("seq", range(1, len(played().lines)))
def test_a_dropped_entry_is_named(seq: int) -> None:
    """Protects against an entry taken out of the middle."""
    lines = lines_of(played())
    del lines[seq]

    assert failed(verify(lines)) == ("chain", "dropped", seq)


@pytest.mark.parametrize("seq", range(1, len(played().lines)))
def test_an_added_entry_is_named(seq: int) -> None:
    """Protects against an entry slipped in, be it a copy, a stray line or one with the right link."""
    log = played()
    forged = ev.LogEntry(seq, seq, "averne", "", 0, 0, ev.NoteWritten(seat="averne", text="I told you so."))
    before = line_hash(log.header_line) if seq == 1 else line_hash(log.lines[seq - 2])
    added = [encode_entry(forged, before)[0], encode_entry(forged, "f" * 64)[0], "{}", log.lines[seq - 1]]

    for place, line in enumerate(added):
        lines = lines_of(log)
        lines.insert(seq, line)
        check, kind, named = failed(verify(lines))
        assert (check, kind) == ("chain", "added")
        assert named == (seq + 1 if place == 3 else seq)


@pytest.mark.parametrize("seq", range(1, len(played().lines)))
def test_a_moved_entry_is_named(seq: int) -> None:
    """Protects against another order: the first place that holds a wrong entry is named."""
    log = played()
    for step in (1, 2, 5):
        if seq + step > len(log.lines):
            continue
        lines = lines_of(log)
        lines.insert(seq + step, lines.pop(seq))
        assert failed(verify(lines)) == ("chain", "reordered", seq)


def test_a_cut_log_is_told_by_its_head() -> None:
    """Protects against a lost end: a chain alone cannot know, which the account says, and a head tells."""
    log = played()
    cut = [log.header_line, *log.lines[:20], *(opening.line() for opening in log.openings.values())]
    owned = [line for line in cut if not line.startswith('{"open"')]

    without, with_head = verify(owned), verify(owned, head=log.head)

    assert without.ok and "only a head or a seal can tell" in without.lines()[0]
    assert failed(with_head) == ("head", "mismatch", None)
    assert not verify(cut).ok, "openings of entries that are gone"
    assert failed(verify(lines_of(log), head=line_hash(log.lines[19]))) == ("head", "added", 21)


def test_a_changed_header_is_named() -> None:
    """Protects what stands before the first entry."""
    lines = lines_of(played())
    rules = (f'"rules":"{RULES}"', '"rules":"other"')
    for old, new in (("Small Leak", "Small Peak"), rules, ('"created":', '"crated":')):
        assert old in lines[0]
        changed = [lines[0].replace(old, new), *lines[1:]]
        assert failed(verify(changed)) == ("chain", "changed", 0)


def test_a_changed_or_stray_opening_is_named() -> None:
    """Protects what was written: the chain holds without it, so openings are looked at on their own."""
    log = played()
    lines = lines_of(log)
    place = next(n for n, line in enumerate(lines) if line.startswith('{"open"') and "We wait" in line)

    changed = [*lines[:place], lines[place].replace("We wait", "We lied"), *lines[place + 1 :]]
    stray = [*lines, conceal("nobody's").line()]

    assert failed(verify(changed)) == ("openings", "changed", 8)
    assert failed(verify(stray)) == ("openings", "added", None)
    assert "cannot be read" in verify([*lines, '{"open":"x","salt":1,"value":2}']).lines()[1]


def test_a_redacted_log_still_checks() -> None:
    """Protects erasure: openings go, one by one or all, and the log stays one that can be vouched for."""
    log = played()
    openings = list(log.openings.values())

    for keep in range(len(openings)):
        lines = [log.header_line, *log.lines, *(opening.line() for opening in openings[:keep])]
        account = verify(lines, head=log.head, rules=True)
        assert account.ok, account.lines()
        assert "taken out" in account.lines()[1]


@pytest.mark.parametrize(
    ("seq", "change"),
    [
        (9, lambda event: event.update(option="wait")),
        (12, lambda event: event.update(value=99.0)),
        (15, lambda event: event.update(inject="wrap-up")),
        (20, lambda event: event.update(by_hand=False)),
        (30, lambda event: event.update(decision="tell")),
        (33, lambda event: event.update(play=1000)),
        (38, lambda event: event.update(index=7)),
        (4, lambda event: event.update(type="flag-raised", flag="x")),
    ],
)
def test_a_chain_made_anew_is_caught_by_the_rules(seq: int, change: Callable[[dict[str, Any]], None]) -> None:
    """Protects against a careful forger: the chain fits, but the rules would never have given that step."""

    def forge(number: int, data: dict[str, Any]) -> None:
        if number == seq:
            change(data["event"])
            for key in ("team", "evidence") if data["event"]["type"] == "flag-raised" else ():
                del data["event"][key]

    log = played()
    lines = rechained(log, forge)

    assert verify(lines).ok or seq == 9
    account = verify(lines, rules=True)
    named = account.findings[0].seq
    assert not account.ok
    assert named is None or log.entries[named - 1].batch <= log.entries[seq - 1].batch + 1
    assert failed(verify(lines, head=log.head))[0] == "head"


def test_marks_that_the_rules_do_not_propose_are_caught() -> None:
    """Protects the scorecard: a mark made better in the file is not what the log's conduct earns."""

    def forge(number: int, data: dict[str, Any]) -> None:
        if data["event"]["type"] == "marks-proposed":
            data["event"]["marks"] = []

    log = played()
    proposed = next(entry.seq for entry in log.entries if entry.event.type == "marks-proposed")

    assert failed(verify(rechained(log, forge), rules=True)) == ("rules", "illegal", proposed)


def test_numbers_out_of_order_are_named_though_the_chain_fits() -> None:
    """Protects batches: a command's events cannot be cut apart or joined with another's unseen."""
    log = played()

    renumbered = rechained(log, lambda seq, entry: entry.update(seq=40) if seq == 12 else None)
    moved = rechained(log, lambda seq, entry: entry.update(batch=3) if seq == 12 else None)
    joined = rechained(log, lambda seq, entry: entry.update(batch=7) if seq >= 9 else None)

    assert failed(verify(renumbered)) == ("order", "mismatch", 12)
    assert failed(verify(moved)) == ("order", "mismatch", 12)
    assert failed(verify(joined, rules=True)) == ("rules", "illegal", 9)


def test_a_head_must_look_like_one() -> None:
    """Protects from comparing with a slip of the keyboard."""
    for slip in ("", "abc", "not-a-head-at-all", "0" * 65):
        with pytest.raises(UsageError):
            verify(lines_of(played()), head=slip)


def test_nonsense_is_never_a_traceback() -> None:
    """Protects the command line from whatever bytes a file holds."""
    chance = random.Random(1)
    honest = lines_of(played())
    for _ in range(150):
        lines = list(honest)
        for _ in range(chance.randrange(1, 4)):
            place = chance.randrange(len(lines))
            act = chance.randrange(4)
            if act == 0:
                lines[place] = lines[place][: chance.randrange(len(lines[place]) + 1)]
            elif act == 1 and len(lines) > 2:
                del lines[place]
            elif act == 2:
                lines.insert(place, chance.choice(lines))
            else:
                lines[place] = lines[place].replace(chance.choice('":,1e'), chance.choice('":,9x'), 2)
        try:
            account = verify(lines, rules=True)
        except ExerciseError:
            continue
        assert account.ok is not (sorted(lines) != sorted(honest)) or not account.findings


def test_a_fork_keeps_its_parents_lines_and_checks() -> None:
    """Protects what-if play: the parent's lines stand as they were, forks of forks too, and each change is named."""
    store = MemoryStore()
    first = new_session(store, pace="stepped", id="first")
    play_through(first)
    parent = first.log()

    second = Session.resume(store, fork(parent, 11, store, session_id="second"), pace="stepped")
    second.submit(ResumeClock())
    second.step()
    third = Session.resume(store, fork(second.log(), 18, store, session_id="third"), pace="stepped")
    fourth = Session.resume(store, fork(third.log(), 7, store, session_id="fourth"), pace="stepped")

    assert second.log().lines[:16] == parent.lines[:16] and second.entries[16].event.type == "clock-paused"
    assert third.log().lines[:16] == parent.lines[:16]
    assert third.log().lines[16:18] == second.log().lines[16:18]
    link = fourth.log().header.parent
    assert link is not None and (link.session, link.seq, link.parent) == ("first", 8, None)
    for session in (second, third, fourth):
        lines = lines_of(session.log())
        account = verify(lines, head=session.head, rules=True)
        assert account.ok, account.lines()
        for seq in range(1, len(session.entries) + 1):
            dropped = [*lines[:seq], *lines[seq + 1 :]]
            if seq < len(session.entries):
                assert failed(verify(dropped))[1:] == ("dropped", seq)
            changed = [*lines[:seq], lines[seq].replace('"batch"', '"bench"'), *lines[seq + 1 :]]
            assert failed(verify(changed))[1:] == ("changed", seq)
    with pytest.raises(UsageError):
        fork(parent, 999, store)


def test_marks_have_ids_to_act_on() -> None:
    """Protects evaluators: the played log proposes marks and one of them was voided by its id."""
    session = new_session(pace="stepped")
    play_through(session)

    assert session.state.voided == {marks_of(session)[0]}


def test_the_head_shown_at_endex_holds_after_the_hot_wash_too() -> None:
    """Protects whoever wrote the head down at ENDEX: notes of the hot wash follow it and take nothing from it."""
    session = new_session(pace="stepped")
    play_through(session)
    ended = next(entry.batch for entry in session.entries if isinstance(entry.event, ev.ExerciseEnded))
    place = max(entry.seq for entry in session.entries if entry.batch == ended)
    head = session.head_at(place)
    session.submit(WriteNote(seat="belmark", text="We should have called them first."))
    log = session.log()

    account = verify(lines_of(log), head=head)

    (check,) = [check for check in account.checks if check.name == "head"]
    assert check.holds is True and f"came after it: {len(log.entries) - place}" in check.text
    assert failed(verify(lines_of(log), head=line_hash(log.lines[place - 2]))) == ("head", "added", place)
