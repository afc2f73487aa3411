"""The seal: made at ENDEX or by hand, checked by anybody, and broken by whatever is changed under it."""

from __future__ import annotations

import json
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hosting import hosted, until
from support import new_session, play_through
from test_log import rechained
from typer.testing import CliRunner

import exercise.cli.after_action  # noqa: F401  # Its commands put themselves into the app.
from exercise.cli.arguments import app
from exercise.core.commands import EndExercise
from exercise.core.teamwork.commands import Say
from exercise.errors import ExerciseError, UsageError
from exercise.hub.sealing import Sealing
from exercise.session.appending import open_writable
from exercise.session.control import Startex
from exercise.session.fork import fork
from exercise.session.log import LoadedLog, line_hash
from exercise.session.logfile import open_log, write_log
from exercise.session.paths import DATA_DIR
from exercise.session.redact import redact
from exercise.session.seal import KEY_FILE, SealKey, host_key, read_key, seal, seal_at_endex, shown
from exercise.session.store import MemoryStore, export_log
from exercise.session.verify import Account, Check, lines_of, verify


@dataclass(frozen=True)
class Sealed:
    """A game played to ENDEX and sealed by its host, with a word said afterwards."""

    log: LoadedLog
    key: SealKey
    upto: int


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sealed]:
    """One for all tests that only read it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(DATA_DIR, str(tmp_path_factory.mktemp("host")))
        session = new_session(pace="stepped")
        play_through(session)
        upto = seal(session, host_key(), "Office of Crisis Exercises")
        session.submit(Say(seat="averne", to="facilitator", text="Thank you all."))
        yield Sealed(session.log(), host_key(), upto)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test makes a key in the folder of whoever runs it."""
    monkeypatch.setenv(DATA_DIR, str(tmp_path / "data"))
    return tmp_path / "data"


def checked(account: Account, name: str = "seal") -> Check:
    """One check of an account."""
    return next(check for check in account.checks if check.name == name)


def other_key() -> SealKey:
    """Somebody else's key."""
    key = Ed25519PrivateKey.generate()
    return SealKey(key.public_key().public_bytes_raw().hex(), key.sign)


def with_seal_by(lines: list[str], key: SealKey, session: str, upto: int) -> list[str]:
    """The lines with their seal made anew by somebody who has changed them: chained, signed, all in order."""
    made, head = [lines[0]], line_hash(lines[0])
    for line in lines[1:]:
        if line.startswith('{"seq"'):
            data = json.loads(line)
            data["prev"] = head
            if data["event"]["type"] == "log-sealed":
                over = line_hash(made[upto])
                said = f"exercise log seal 1\n{session}\n{upto}\n{over}\n".encode()
                data["event"] |= {"head": over, "key": key.public, "signature": key.sign(said).hex()}
            line = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
            head = line_hash(line)
        made.append(line)
    return made


def lie(seq: int, data: dict[str, Any]) -> None:
    """Another option than the one that was chosen."""
    if data["event"].get("option") == "now":
        data["event"]["option"] = "wait"


def test_the_host_key_is_made_once_and_read_by_its_owner_only(own_folder: Path) -> None:
    """Protects the key: it is the same tomorrow, nobody else on the machine reads it, and it stands in no traceback."""
    key = host_key()

    assert host_key().public == key.public
    assert stat.S_IMODE((own_folder / KEY_FILE).stat().st_mode) == 0o600
    assert repr(key).count("=") == 1 and len(key.public) == 64


def test_a_sealed_log_holds_for_whoever_knows_the_key(sealed: Sealed, tmp_path: Path) -> None:
    """Protects the reader: by digits, grouped or whole, or by a file, the seal is found to be the host's."""
    file = tmp_path / "public.pem"
    own = Ed25519PrivateKey.generate()
    file.write_bytes(own.public_key().public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo))

    for key in (shown(sealed.key.public), sealed.key.public.upper(), sealed.key.public[:16], None):
        account = verify(lines_of(sealed.log), key=key, rules=True)
        assert account.ok, account.lines()
        assert f"entries 1 to {sealed.upto} are as they were sealed" in checked(account).text
        assert "came after, seals among them: 2" in checked(account).text
    wrong = verify(lines_of(sealed.log), key=str(file))

    assert not wrong.ok and "sealed by another key" in checked(wrong).text
    assert shown(sealed.key.public) in checked(wrong).text
    for text in ("abc", "no-such-file.pem", "g" * 64):
        with pytest.raises(UsageError, match="--key takes"):
            verify(lines_of(sealed.log), key=text)


def test_an_unsealed_log_is_no_fault_until_a_seal_is_asked_for(sealed: Sealed) -> None:
    """Protects against a log cut off before its seal: who asks for the seal is told that there is none."""
    cut = [sealed.log.header_line, *sealed.log.lines[: sealed.upto]]

    assert checked(verify(cut)) == Check("seal", None, "not sealed")
    asked = verify(cut, key=shown(sealed.key.public))
    assert not asked.ok and checked(asked).text == "there is no seal in it"


def test_a_changed_byte_under_the_seal_names_its_entry(sealed: Sealed) -> None:
    """Protects what was sealed: one byte changed, or a line dropped, and both chain and seal name the entry."""
    lines = lines_of(sealed.log)
    place = next(n for n, line in enumerate(lines) if '"option":"now"' in line)
    changed = [*lines[:place], lines[place].replace('"now"', '"not"'), *lines[place + 1 :]]

    for broken in (changed, [*lines[:place], *lines[place + 1 :]]):
        account = verify(broken)
        assert not checked(account, "chain").holds and not checked(account).holds
        assert {finding.seq for finding in account.findings if finding.seq} == {place}
        assert f"entry {place} was" in checked(account).text
        assert account.vouches == () and "something does not hold" in account.does_not_vouch[0]


def test_a_chain_made_anew_breaks_the_seal(sealed: Sealed) -> None:
    """Protects against whoever can write the file: the chain holds again, and the seal does not."""
    account = verify(rechained(sealed.log, lie))

    assert checked(account, "chain").holds
    assert not checked(account).holds
    assert f"one of the entries 1 to {sealed.upto} was changed and the chain made anew" in checked(account).text


def test_a_forged_seal_is_by_another_key(sealed: Sealed) -> None:
    """Protects the host's name: chained and sealed anew all holds in itself, and only the key tells; so it is told."""
    forger = other_key()
    session = sealed.log.header.session
    forged = with_seal_by(rechained(sealed.log, lie), forger, session, sealed.upto)

    alone = verify(forged)
    assert alone.ok and shown(forger.public) in checked(alone).text
    assert any("Whose key sealed it" in sentence for sentence in alone.does_not_vouch)
    asked = verify(forged, key=shown(sealed.key.public))
    assert not asked.ok and f"sealed by another key: the key {shown(forger.public)}" in checked(asked).text


def test_a_seal_moved_from_another_log_does_not_hold(sealed: Sealed) -> None:
    """Protects against a signature used twice: it is over the session's name too, and over no other statement."""
    for session in ("another-session", "s-1\n1"):
        moved = with_seal_by(lines_of(sealed.log), sealed.key, session, sealed.upto)
        account = verify(moved)
        assert not checked(account).holds and "not by the key it names" in checked(account).text


def test_this_machine_knows_its_own_seal(sealed: Sealed, own_folder: Path) -> None:
    """Protects the host at home: without typing digits it sees whether a seal is its own."""
    assert "machine" not in checked(verify(lines_of(sealed.log))).text
    host_key()
    assert "(not this machine's own)" in checked(verify(lines_of(sealed.log))).text
    session = new_session(pace="stepped")
    play_through(session)
    assert seal_at_endex(session) and not seal_at_endex(session)
    assert "(this machine's own)" in checked(verify(lines_of(session.log()))).text


def test_several_seals_hold_side_by_side(sealed: Sealed, tmp_path: Path) -> None:
    """Protects an evaluation sealed after ENDEX was: the furthest counts, and each signer's is found by their key."""
    path = tmp_path / "game.jsonl"
    log, second = sealed.log, other_key()
    write_log(path, log.header_line, log.lines, log.openings.values())

    upto = seal(open_writable(path), second, "Second host")

    account = verify(path)
    assert (
        account.ok and f"entries 1 to {upto} are" in checked(account).text and "2 seals hold" in checked(account).text
    )
    first = verify(path, key=shown(sealed.key.public))
    assert first.ok and f"entries 1 to {sealed.upto} are" in checked(first).text
    assert open_log(path).state.evaluation.seals[-1].host == "Second host"


def test_a_redacted_log_keeps_its_seal(sealed: Sealed, tmp_path: Path) -> None:
    """Protects those who hand on a log without names: what remains still holds under the seal, the host's name gone."""
    path = tmp_path / "clean.jsonl"
    redact(sealed.log, path, secrets=True)

    account = verify(path, key=shown(sealed.key.public))

    assert account.ok and checked(account).holds
    assert "Office of Crisis" not in path.read_text()
    assert any("taken out" in sentence for sentence in account.does_not_vouch)


def test_a_fork_shows_what_its_parent_had_sealed(sealed: Sealed) -> None:
    """Protects a fork made after ENDEX: its first entries stand under the parent's seal, in the parent's name."""
    store = MemoryStore()
    name = fork(sealed.log, len(sealed.log.entries), store)

    account = verify(store.load(name).file_lines(), key=shown(sealed.key.public))

    assert account.ok, account.lines()


def test_the_account_says_in_words_what_it_vouches_for(sealed: Sealed) -> None:
    """Protects whoever relies on it: claims grow with what was compared, and what nobody can know is always said."""
    lines = lines_of(sealed.log)
    bare = verify(lines[: 1 + sealed.upto])
    full = verify(lines, key=sealed.key.public, head=sealed.log.head, rules=True)

    assert any("rewritten as a whole" in sentence for sentence in bare.does_not_vouch)
    assert not any("rewritten" in sentence for sentence in full.does_not_vouch)
    assert len(full.vouches) > len(bare.vouches)
    for account in (bare, full):
        limits = " ".join(account.does_not_vouch)
        assert "people did or meant" in limits and "wall times" in limits
        assert account.as_data()["does_not_vouch"] == account.does_not_vouch


def test_without_the_library_nothing_is_lost(sealed: Sealed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects a plain installation: a game ends as ever, a sealed log is read, and one line says what is missing."""
    for name in ["cryptography", *(name for name in sys.modules if name.startswith("cryptography."))]:
        monkeypatch.setitem(sys.modules, name, None)
    session = new_session(pace="stepped")
    play_through(session)

    assert not seal_at_endex(session) and session.state.clock.phase == "ended"
    account = verify(lines_of(sealed.log))
    assert account.ok and checked(account).holds is None and "pip install" in checked(account).text
    assert not verify(lines_of(sealed.log), key="0" * 16).ok
    with pytest.raises(UsageError, match=r"pip install 'exercise\[host\]'"):
        host_key()


def test_a_key_that_cannot_be_kept_or_read_harms_no_exercise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Protects ENDEX: where there is no key the exercise is over all the same, unsealed, and the host can read why."""
    session = new_session(pace="stepped")
    play_through(session)
    entries = len(session.entries)

    monkeypatch.setenv(DATA_DIR, "/dev/null/here")
    assert not seal_at_endex(session)
    monkeypatch.setenv(DATA_DIR, str(tmp_path))
    (tmp_path / KEY_FILE).write_text("no key")
    assert not seal_at_endex(session)

    assert len(session.entries) == entries and "is not sealed" in caplog.text
    with pytest.raises(ExerciseError, match="no Ed25519 key"):
        read_key(tmp_path / KEY_FILE)


async def test_a_hosted_exercise_is_sealed_at_endex() -> None:
    """Protects a workshop's log without anybody thinking of it; the head on all screens stays that of ENDEX."""
    async with hosted("first-light") as hosting:
        Sealing(hosting.room)
        control = await hosting.control()
        await control.ask(Startex())
        assert not hosting.room.session.state.evaluation.seals
        await control.submit(EndExercise())
        session = hosting.room.session
        await until(lambda: session.state.evaluation.seals)
        await until(lambda: control.head)

        (made,) = session.state.evaluation.seals
        account = verify(lines_of(session.log()), head=control.head, key=shown(host_key().public))
        assert account.ok, account.lines()
        assert made.head == control.head == hosting.room.head == session.head_at(made.upto)


def test_seal_and_verify_from_the_command_line(tmp_path: Path, sealed: Sealed) -> None:
    """Protects the way people take: a file is sealed in its place with a key of their own, and its digits check it."""
    store, path, key = MemoryStore(), tmp_path / "game.jsonl", tmp_path / "mine.pem"
    session = new_session(store, pace="stepped")
    early = tmp_path / "early.jsonl"
    export_log(store, session.id, early)
    play_through(session)
    export_log(store, session.id, path)
    key.write_bytes(
        Ed25519PrivateKey.generate().private_bytes(form.Encoding.PEM, form.PrivateFormat.OpenSSH, form.NoEncryption())
    )
    run = CliRunner().invoke

    said = run(app, ["log", "seal", str(path), "--key", str(key), "--by", "Office\x1b[31m"])
    digits = shown(read_key(key).public)

    assert said.exit_code == 0 and digits in said.output
    again = run(app, ["log", "seal", str(path), "--key", str(key)])
    assert "sealed already" in again.output and len(open_log(path).state.evaluation.seals) == 1
    assert run(app, ["verify", str(path), "--key", digits]).exit_code == 0
    assert run(app, ["verify", str(path), "--key", str(key), "--json"]).exit_code == 0
    assert run(app, ["verify", str(path), "--key", "0" * 32]).exit_code == 1
    assert "\x1b" not in open_log(path).state.evaluation.seals[0].host
    refused = run(app, ["log", "seal", str(early), "--key", str(key)])
    assert isinstance(refused.exception, UsageError) and "after ENDEX" in str(refused.exception)
