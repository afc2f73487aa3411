"""`exercise host` and `exercise join`: a hub in the background and its console, and the way in for everybody else."""

from __future__ import annotations

import asyncio
import getpass
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from json import dumps as as_json
from json import loads
from typing import TYPE_CHECKING, Any

import typer

from exercise.cli.speaking import choose_language
from exercise.cli.terminal import lines_only
from exercise.errors import DoorClosed, UsageError
from exercise.language import SOURCE, _, speak, spoken
from exercise.session.paths import data_dir

if TYPE_CHECKING:
    from exercise.hub.remote import RemoteTable

CODE = "EXERCISE_CODE"
"""Environment variable with the join code: what stands on a command line, everybody on the machine can read."""

STORE = "EXERCISE_STORE"
"""Environment variable with the address of the store, for one that holds a password."""

START_WITHIN = 60.0
DEFAULT_PORT = 8765


def needed(extra: str) -> None:
    """Says in one line which libraries are missing, where they are."""
    try:
        import aiohttp  # noqa: F401

        if extra == "host":
            import asyncssh  # noqa: F401
            import cryptography  # noqa: F401
    except ImportError:
        raise UsageError(
            f"This needs more libraries than playing at one terminal; install them: pip install 'exercise[{extra}]'"
        ) from None


def host(
    scenario: str | None,
    *,
    resume: str | None,
    addresses: tuple[str, ...],
    ports: tuple[int, int | None, int | None],
    store: str,
    seed: int | None,
    bots: tuple[str, ...],
    languages: tuple[str, ...] = (),
    tls: bool,
    certificate: str,
    key: str,
    workers: int,
    name: str,
    headless: bool,
) -> None:
    """Starts a hub, or finds the one that runs, and opens the console on it."""
    needed("host")
    from exercise.hub.host import HostConfig, read_state

    if "@" in store and ":" in store.partition("://")[2].partition("@")[0]:
        typer.echo(f"The password stands in the list of processes; leave it to ~/.pgpass, or to {STORE}.", err=True)
    store = store or os.environ.get(STORE, "")
    running = read_state(resume) if resume else None
    if running is None:
        config = HostConfig(
            scenario=scenario or ("" if resume else "card-storm"),
            session=_kept(resume, store) if resume else "",
            store=store,
            seed=seed,
            bots=_bots(bots),
            languages=languages,
            addresses=addresses or ("127.0.0.1",),
            port=ports[0],
            ssh_port=ports[1],
            web_port=ports[2],
            tls=tls,
            certificate=certificate,
            key=key,
            workers=workers,
            name=name,
        )
        if headless:
            _serve_here(config)
            return
        running = _start(config.model_dump_json())
    elif headless:
        raise UsageError(f"A hub already runs for this exercise; its console: exercise host --resume {resume}")
    choose_language()
    _tell_doors(running)
    if lines_only(False):
        typer.echo(_("The console needs a screen; the hub goes on without it."))
        return
    _console(running)


def host_from_home(which: str, *, again: bool, room: bool) -> None:
    """Hosts a scenario of the library, or a kept exercise, as the home screen asks."""
    host(
        None if again else which,
        resume=which if again else None,
        addresses=("0.0.0.0",) if room else (),
        ports=(8765, 8022, 8080),
        store="",
        seed=None,
        bots=(),
        tls=room,
        certificate="",
        key="",
        workers=2,
        name="",
        headless=False,
    )


def look_first(
    addresses: tuple[str, ...], ports: tuple[int, int | None, int | None], *, tls: bool, certificate: str, json: bool
) -> None:
    """What stands in the way on this machine and in this network, and what people will be asked at the doors."""
    needed("host")
    from exercise.hub import preflight
    from exercise.hub.host import HostConfig, certificate_for, host_key_fingerprint
    from exercise.session.seal import host_key
    from exercise.session.seal import shown as digits

    config = HostConfig(addresses=addresses or ("127.0.0.1",), tls=tls, certificate=certificate)
    shown = certificate_for(config)
    findings = preflight.preflight(
        data_dir(),
        listen=config.addresses,
        ports={name: port for name, port in zip(("program", "ssh", "browser"), ports, strict=True) if port},
        fingerprint=shown.fingerprint if shown else "",
        host_key=host_key_fingerprint(),
        own_certificate=bool(certificate),
        tls=shown is not None,
        seal_key=digits(host_key().public),
    )
    if json:
        typer.echo(as_json(preflight.as_data(findings), indent=2))
    else:
        for line in preflight.as_lines(findings):
            typer.echo(line)
    if not preflight.sound(findings):
        raise typer.Exit(1)


def _bots(given: tuple[str, ...]) -> dict[str, str]:
    """`TEAM=POLICY` each."""
    found = {}
    for word in given:
        team, divided, policy = word.partition("=")
        if not divided or policy not in ("cooperative", "self-interested", "random", "silent"):
            raise UsageError("A bot for a hosted team is given as TEAM=cooperative, self-interested, random or silent.")
        found[team] = policy
    return found


def join(address: str, name: str, plain: bool, fingerprint: str | None, language: str | None = None) -> None:
    """Takes part in a hosted exercise."""
    choose_language(language)
    needed("join")
    url, tls = _url(address, fingerprint)
    code = os.environ.get(CODE, "")
    from exercise.hub.protocol import PRIVACY

    if lines_only(plain):
        _join_by_lines(url, tls, code, name, PRIVACY)
        return
    asyncio.run(_join_on_screen(url, tls, code, name, PRIVACY))


async def _join_on_screen(url: str, tls: Any, code: str, name: str, notice: str) -> None:
    """The screen that asks for code and name; what the code opens decides which screens follow."""
    from exercise.hub.entry import app_for
    from exercise.hub.link import Link
    from exercise.hub.protocol import Hello
    from exercise.hub.remote import RemoteTable
    from exercise.hub.remote_control import come_in
    from exercise.tui.launch import join_app

    others: list[Any] = []
    links: list[Link] = []

    async def joined(typed: str, called: str) -> Any:
        link = Link(url, Hello(code=typed[:40], name=called[:200], language=spoken()), tls=tls)
        place = await come_in(link)
        links.append(link)
        if not isinstance(place, RemoteTable):
            others.append(place)
            app.exit()
            raise DoorClosed("opening", "Opening …")
        return place

    app = join_app(joined, notice, code=code, name=name, address=url)
    try:
        await app.run_async()
        for place in others:
            await app_for(place).run_async()
    finally:
        for link in links:
            await link.drop()


def _join_by_lines(url: str, tls: Any, code: str, name: str, notice: str) -> None:
    from exercise.hub.remote import RemoteTable
    from exercise.plain.play import play as by_lines

    typer.echo(_(notice))
    code = code or (getpass.getpass(_("Join code: ")) if sys.stdin.isatty() else input())
    name = name or input(_("Your name, or a made-up one: "))
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True, name="link")
    thread.start()
    try:
        place = asyncio.run_coroutine_threadsafe(_come_in(url, tls, code, name), loop).result()
        try:
            if not isinstance(place, RemoteTable):
                raise UsageError(_("This code is for a screen; come in without --plain."))
            welcome = place.link.welcome
            if welcome is not None and welcome.language != SOURCE:
                speak(welcome.language)
            _choose_place(place, loop)
            by_lines(place, _read, typer.echo)
        finally:
            asyncio.run_coroutine_threadsafe(place.link.close(), loop).result(10)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)


def _choose_place(table: RemoteTable, loop: asyncio.AbstractEventLoop) -> None:
    """Where the code leaves a choice, asks which seat of the team it is to be."""
    while not table.looks_on and not table.seat:
        places = table.places
        typer.echo(_("Which place do you take?"))
        for number, (_seat, called, who) in enumerate(places, 1):
            taken = _(" ({who} sits there; you would read along)").format(who=who) if who else ""
            typer.echo(f"  {number}. {called}{taken}")
        try:
            word = _read(_("Its number: ")).strip()
        except EOFError:
            raise UsageError(_("A place has to be chosen before anything else.")) from None
        if not word.isdecimal() or not 1 <= int(word) <= len(places):
            typer.echo(_("A number from 1 to {count}.").format(count=len(places)))
            continue
        asyncio.run_coroutine_threadsafe(table.take_place(places[int(word) - 1][0]), loop).result(30)


async def _come_in(url: str, tls: Any, code: str, name: str) -> Any:
    from exercise.hub.link import Link
    from exercise.hub.protocol import Hello
    from exercise.hub.remote_control import come_in

    return await come_in(Link(url, Hello(code=code[:40], name=name[:200], language=spoken()), tls=tls))


def _read(prompt: str) -> str:
    line = input(prompt)
    if not sys.stdin.isatty():
        typer.echo(line)
    return line


def _url(address: str, fingerprint: str | None) -> tuple[str, Any]:
    """The WebSocket's address and how its certificate is trusted; a bare host means the usual port."""
    scheme, divided, rest = address.strip().partition("://")
    if not divided:
        scheme, rest = ("wss" if fingerprint else "ws"), address.strip()
    scheme = {"http": "ws", "https": "wss"}.get(scheme, scheme)
    if scheme not in ("ws", "wss") or not rest or any(sign.isspace() for sign in rest):
        raise UsageError("An address looks like ws://192.168.1.20:8765, or 192.168.1.20 with the usual port.")
    place = rest.partition("/")[0]
    if ":" not in place.rpartition("]")[2]:
        place = f"{place}:{DEFAULT_PORT}"
    url = f"{scheme}://{place}/join"
    if scheme == "ws":
        if fingerprint:
            raise UsageError("A fingerprint belongs to an address that begins with wss://.")
        return url, True
    from exercise.hub.certificates import client_context

    return url, client_context(fingerprint)


def _kept(name: str, store: str) -> str:
    """The id of a kept session that was named by its beginning."""
    from exercise.cli.logs import session_named
    from exercise.session.database import open_store

    opened = open_store(store or None)
    try:
        return session_named(name, opened.list_sessions())
    finally:
        opened.close()


def _serve_here(config: Any) -> None:
    """The hub in this process, for services and containers; codes are printed once, to whoever started it."""
    import logging

    from exercise.hub.guard import use_few_words
    from exercise.hub.host import Running, keep_state, serve
    from exercise.session.tickets import shown

    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    use_few_words()

    def ready(running: Running) -> None:
        keep_state(running)
        _tell_doors(running.as_data())
        for card in running.room.ticket_cards(codes=True):
            if not card.revoked:
                typer.echo(f"  {card.label:<32} {shown(card.code)}")

    asyncio.run(serve(config, ready))


def _start(config: str) -> dict[str, Any]:
    """Starts the hub as a process that outlives this one, and waits until it is ready."""
    from exercise.hub.host import read_state

    folder = data_dir() / "hubs"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    log = folder / "hub.log"
    with open(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as errors:
        # On Windows, a group of its own and a console that nobody sees: a process without any would open a window,
        # since the Python of a virtual environment starts another one.
        options: dict[str, Any] = (
            {"creationflags": 0x08000000 | 0x00000200} if os.name == "nt" else {"start_new_session": True}
        )
        process = subprocess.Popen(
            [sys.executable, "-m", "exercise.hub.host"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            encoding="utf-8",
            **options,
        )
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(config + "\n")
    process.stdin.close()
    timer = threading.Timer(START_WITHIN, process.kill)
    timer.start()
    try:
        answer = process.stdout.readline()
    finally:
        timer.cancel()
        process.stdout.close()
    try:
        said = loads(answer)
    except ValueError:
        raise UsageError(f"The hub did not start; its last words are in {log}") from None
    if "error" in said:
        raise UsageError(str(said["error"]))
    found = read_state(said["session"])
    if found is None:
        raise UsageError(f"The hub did not start; its last words are in {log}")
    return found


def _tell_doors(running: Mapping[str, Any]) -> None:
    typer.echo(_("{title} is being hosted as {session}.").format(title=running["title"], session=running["session"]))
    for door in running["doors"]:
        for address in door["addresses"]:
            typer.echo(f"  {door['door']:<9} {address}")


def _console(running: Mapping[str, Any]) -> None:
    asyncio.run(_open_console(str(running["url"]), str(running["code"])))
    from exercise.hub.host import read_state

    found = read_state(str(running["session"]))
    if found is not None:
        said = _("The hub goes on without its console. Open it again with: {command}")
        typer.echo(said.format(command=f"exercise host --resume {found['session']}"))


async def _open_console(url: str, code: str) -> None:
    from exercise.hub.entry import app_for

    place = await _come_in(url, True, code, _("Facilitator"))
    try:
        await app_for(place).run_async()
    finally:
        await place.link.drop()
