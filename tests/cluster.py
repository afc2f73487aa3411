"""A PostgreSQL server of one's own, made in a temporary folder and gone afterwards; nothing else can reach it."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PASSWORD = "Kestrel-4711-lantern"
"""Of the user `locked`, the only one who needs one."""


def binaries() -> Path | None:
    """Where the server's programs are; Debian keeps them out of the path."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    kept = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: int(file.parts[-3]))
    return kept[-1].parent if kept else None


class Cluster:
    """A server that listens on a socket in its own folder only."""

    def __init__(self, folder: Path, programs: Path, *settings: str) -> None:
        self.folder = folder
        self._programs = programs
        self._names = itertools.count(1)
        self._user = _unprivileged()
        if self._user:
            os.chown(folder, self._user["user"], self._user["group"])
        self._run("initdb", "-D", f"{folder}/data", "-U", "exercise", "-E", "UTF8", "--locale=C", "-A", "trust", "-N")
        access = folder / "data" / "pg_hba.conf"
        access.write_text(f"local all locked scram-sha-256\n{access.read_text()}")
        lines = ["listen_addresses = ''", f"unix_socket_directories = '{folder}'", "max_connections = 60", *settings]
        with (folder / "data" / "postgresql.conf").open("a") as file:
            file.write("\n".join([*lines, ""]))
        self.start()
        self.sql("postgres", f"CREATE ROLE locked LOGIN PASSWORD '{PASSWORD}'")

    def start(self) -> None:
        """Starts the server and waits until it answers."""
        self._run("pg_ctl", "-D", f"{self.folder}/data", "-l", f"{self.folder}/log", "-w", "start")

    def stop(self, mode: str = "fast") -> None:
        """Stops it; `immediate` is as if it had been killed."""
        self._run("pg_ctl", "-D", f"{self.folder}/data", "-m", mode, "-w", "stop")

    def restart(self, mode: str = "immediate") -> None:
        """Stops and starts it."""
        self.stop(mode)
        self.start()

    def database(self, encoding: str = "UTF8") -> str:
        """The address of a fresh database."""
        name = f"t{next(self._names)}"
        self.sql("postgres", f"CREATE DATABASE {name} TEMPLATE template0 ENCODING '{encoding}'")
        return self.address(name)

    def address(self, database: str, user: str = "exercise") -> str:
        """The address of a database."""
        return f"postgresql://{user}@/{database}?host={self.folder}"

    def sql(self, database: str, text: str) -> str:
        """What the server answers to a statement."""
        return self._run("psql", "-h", str(self.folder), "-U", "exercise", "-d", database, "-tAqc", text)

    def _run(self, program: str, *words: str) -> str:
        # Output goes to a file: a server that stays would hold a pipe open.
        with tempfile.TemporaryFile("w+") as said:
            done = subprocess.run(
                [self._programs / program, *words],
                cwd=self.folder, stdin=subprocess.DEVNULL, stdout=said, stderr=said, env={"LC_ALL": "C"}, **self._user,
            )  # type: ignore[call-overload]  # fmt: skip
            said.seek(0)
            text: str = said.read()
        if done.returncode:
            raise RuntimeError(f"{program}: {text}")
        return text.strip()


@contextmanager
def running(programs: Path, *settings: str) -> Iterator[Cluster]:
    """A server, for as long as it is needed."""
    folder = Path(tempfile.mkdtemp(prefix="exercise-pg-"))
    cluster = None
    try:
        cluster = Cluster(folder, programs, *settings)
        yield cluster
    finally:
        if (folder / "data" / "postmaster.pid").exists() and cluster is not None:
            cluster.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged() -> dict[str, Any]:
    """As whom the server runs where we are root, as tests in a container often are: it refuses to be that."""
    if os.name != "posix" or os.geteuid() != 0:
        return {}
    import pwd

    known = {user.pw_name: user for user in pwd.getpwall()}
    user = known.get("postgres") or known["nobody"]
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": ()}
