"""`exercise host` and `exercise join` as they are typed: a real hub in a process of its own, and people who come in."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from exercise.hub.host import read_state

CODE = re.compile(r"\b[a-z0-9]{4}-[a-z0-9]{4}\b")
ROOT = Path(__file__).parent.parent


def free_ports(wanted: int) -> list[int]:
    """Ports that nobody listens at just now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(wanted)]
    ports = [int(each.getsockname()[1]) for each in sockets]
    for each in sockets:
        each.close()
    return ports


def command(*words: str) -> list[str]:
    """The program as it is typed."""
    return [sys.executable, "-m", "exercise", *words]


class Hosting:
    """A hub without a console, and what it printed on starting."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.folder = folder
        self.environment = {**os.environ, "EXERCISE_DATA_DIR": str(folder), "NO_COLOR": "1"}
        self.port, self.ssh_port, self.web_port = free_ports(3)
        ports = ["--port", str(self.port), "--ssh-port", str(self.ssh_port), "--web-port", str(self.web_port)]
        self.errors = folder / "stderr.txt"
        with self.errors.open("w") as errors:
            self.process = subprocess.Popen(
                command("host", *words, "--headless", *ports),
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                env=self.environment,
                cwd=ROOT,
            )
        assert self.process.stdout is not None
        self.said = ""
        for line in self.process.stdout:
            self.said += line
            if line.strip().startswith("Spectator"):
                break

    def code(self, label: str) -> str:
        line = next(line for line in self.said.splitlines() if label in line)
        found = CODE.search(line)
        assert found is not None
        return found.group()

    @property
    def session(self) -> str:
        found = re.search(r"hosted as (\S+?)\.\n", self.said)
        assert found is not None
        return found.group(1)

    def join(self, lines: str, code: str, *words: str) -> subprocess.CompletedProcess[str]:
        """Takes part by lines of text, as a script does."""
        return subprocess.run(
            command("join", f"127.0.0.1:{self.port}", "--plain", *words),
            input=lines,
            env={**self.environment, "EXERCISE_CODE": code},
            capture_output=True,
            text=True,
            timeout=60,
            cwd=ROOT,
        )

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosting]:
    """Hosts one exercise for all tests here."""
    hosting = Hosting(tmp_path_factory.mktemp("hub"), "first-light")
    yield hosting
    hosting.process.kill()
    hosting.process.wait()


def test_it_tells_the_doors_and_a_code_for_everybody(hub: Hosting) -> None:
    """Protects the first minute: whoever started it can read out how people come in, with three doors."""
    assert f"exercise join ws://127.0.0.1:{hub.port}" in hub.said
    assert f"ssh -p {hub.ssh_port} team@127.0.0.1" in hub.said
    assert f"http://127.0.0.1:{hub.web_port}" in hub.said
    assert len(set(CODE.findall(hub.said))) == 7  # Two teams, and five kinds beside them.


def test_no_secret_stands_where_others_can_read_it(hub: Hosting) -> None:
    """Codes stand in no process list, in no log of the hub, and in no file that others than the owner can read."""
    codes = {code.replace("-", "") for code in CODE.findall(hub.said)} | set(CODE.findall(hub.said))
    listed = subprocess.run(["ps", "-axww", "-o", "args="], capture_output=True, text=True, check=True).stdout
    assert not [code for code in codes if code in listed]
    assert not [code for code in codes if code in hub.errors.read_text()]
    assert (hub.folder / "hubs").is_dir()
    for path in hub.folder.rglob("*"):
        if path.is_file() and path != hub.errors:
            assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path


def test_the_doors_open_on_this_machine_alone_unless_told(hub: Hosting) -> None:
    """Nobody on the hotel's network reaches a hub that was not asked to listen there."""
    for port in (hub.port, hub.ssh_port, hub.web_port):
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
        with pytest.raises(OSError):
            socket.create_connection(("127.0.0.2", port), timeout=1).close()


def test_a_stranger_at_the_old_port_is_given_no_code(hub: Hosting, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a crash the file that leads the console to its hub is left; who listens there now must show who it is."""
    monkeypatch.setenv("EXERCISE_DATA_DIR", str(hub.folder))
    found = read_state(hub.session)
    assert found is not None and found["session"] == hub.session
    asked = []
    with socket.create_server(("127.0.0.1", 0)) as stranger:

        def answer() -> None:
            with suppress(OSError), stranger.accept()[0] as someone:
                asked.append(someone.recv(4096))
                someone.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 64\r\n\r\n" + b"0" * 64)

        thread = threading.Thread(target=answer)
        thread.start()
        left = {**found, "session": "gone-1", "url": f"ws://127.0.0.1:{stranger.getsockname()[1]}/join"}
        path = hub.folder / "hubs" / "gone-1.json"
        path.write_text(json.dumps(left))
        path.chmod(0o600)
        try:
            assert read_state("gone-1") is None
        finally:
            path.unlink()
        thread.join(10)
    assert asked and found["code"].encode() not in asked[0] and found["secret"].encode() not in asked[0]


def test_a_wrong_code_gets_one_line(hub: Hosting) -> None:
    """Protects against tracebacks at the door, and against a wrong exit code in scripts."""
    done = hub.join("", "nonsense", "--name", "Ines")
    assert done.returncode == 2
    assert "opens nothing here" in done.stderr and "Traceback" not in done.stderr + done.stdout
    assert len(done.stderr.strip().splitlines()) == 1


def test_nobody_there_gets_one_line(hub: Hosting) -> None:
    """An address where nothing is hosted is said so, in one line that names it."""
    (port,) = free_ports(1)
    done = subprocess.run(
        command("join", f"127.0.0.1:{port}", "--plain", "--name", "Ines"),
        env={**hub.environment, "EXERCISE_CODE": "abcdefgh"},
        capture_output=True,
        text=True,
        timeout=60,
        cwd=ROOT,
        input="",
    )
    assert done.returncode == 2 and f"127.0.0.1:{port}" in done.stderr and "Traceback" not in done.stderr


def test_a_wrong_address_gets_one_line() -> None:
    """What is no address is refused before anybody is asked for a code."""
    done = subprocess.run(command("join", "ftp://x y"), capture_output=True, text=True, timeout=60, cwd=ROOT, input="")
    assert done.returncode == 2 and "An address looks like" in done.stderr


def test_a_second_hub_on_the_same_ports_says_so(hub: Hosting, tmp_path: Path) -> None:
    """A taken port is told in one line that says which options choose another."""
    ports = ["--port", str(hub.port), "--ssh-port", "0", "--web-port", "0"]
    done = subprocess.run(
        command("host", "first-light", "--headless", *ports),
        env={**hub.environment, "EXERCISE_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        cwd=ROOT,
    )
    assert done.returncode == 2 and "--port" in done.stderr and "Traceback" not in done.stderr


def test_stopped_and_hosted_again_with_the_same_codes(tmp_path: Path) -> None:
    """A hub that is told to stop ends properly; hosted again the exercise has the codes it had, and is kept."""
    first = Hosting(tmp_path, "first-light", "--seed", "3")
    codes, session = CODE.findall(first.said), first.session
    assert first.stop() == 0
    assert not list((tmp_path / "hubs").glob("*.json"))
    again = Hosting(tmp_path, "--resume", session)
    try:
        assert again.session == session
        assert CODE.findall(again.said) == codes
    finally:
        assert again.stop() == 0
