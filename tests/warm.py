"""Commands in processes of their own that start at once: each is forked off a process that has read the program.

Reading the modules takes most of what a short command costs, and nothing of it is what those tests are about. Each
command still has its own process, folder, environment, standard streams and exit code. Where the start itself counts
(the environment, the hash seed, a signal), a fresh process is started instead.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import runpy
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

BODIES = ("authoring", "commands", "logs", "playing", "simulation", "comparing")
"""Modules of the command line whose commands are run again and again."""


class Warm:
    """The other end of the process that has read the program."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, __file__, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env={**os.environ, "LANG": "C.UTF-8", "LC_ALL": ""},
            )
        self._line = ours
        atexit.register(self.close)

    def close(self) -> None:
        """Let it end, and wait for that."""
        self._line.close()
        self._process.wait()

    def run(
        self, words: Sequence[str], *, typed: bytes, cwd: Path, env: Mapping[str, str], timeout: float
    ) -> subprocess.CompletedProcess[bytes]:
        """What `subprocess.run` gives for `python -m exercise WORDS`."""
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            read, write = os.pipe()
            try:
                message = json.dumps([list(words), str(cwd), dict(env)]).encode() + b"\n"
                self._line.settimeout(timeout)
                socket.send_fds(self._line, [message[:1]], [read, out.fileno(), err.fileno()])
                self._line.sendall(message[1:])
            finally:
                os.close(read)
            with open(write, "wb") as pipe:
                pipe.write(typed)
            try:
                answer = self._line.recv(32)
            except TimeoutError:
                self._process.kill()
                warm.cache_clear()
                raise
            out.seek(0)
            err.seek(0)
            return subprocess.CompletedProcess(list(words), int(answer), out.read(), err.read())


@cache
def warm() -> Warm:
    """The one of this process."""
    return Warm()


def wait_for_commands(line: socket.socket) -> None:
    """Fork one process after another; returns in those only, each with what it was told to be."""
    while True:
        message, streams, _, _ = socket.recv_fds(line, 1 << 16, 3)
        while message and not message.endswith(b"\n"):
            message += line.recv(1 << 16)
        if not message:
            sys.exit()
        command = os.fork()
        if not command:
            break
        for stream in streams:
            os.close(stream)
        _, status = os.waitpid(command, 0)
        line.sendall(str(os.waitstatus_to_exitcode(status)).encode())
    line.close()
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    words, cwd, env = json.loads(message)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = ["exercise", *words]


if __name__ == "__main__":
    # As with `python -m`, what lies in the folder of the tests is not on the path.
    sys.path.pop(0)
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
    for body in BODIES:
        importlib.import_module(f"exercise.cli.{body}")
    importlib.import_module("exercise.session.collector").keep()
    wait_for_commands(socket.socket(fileno=int(sys.argv[1])))
    runpy.run_module("exercise", run_name="__main__", alter_sys=True)
