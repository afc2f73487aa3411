"""The look before people come: each finding from the real machine, and the words that people will be asked."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import socket
from collections.abc import Sequence
from pathlib import Path

import asyncssh
import pytest

from exercise.hub import machine
from exercise.hub.preflight import Finding, as_data, as_lines, preflight, sound, ssh_question

KEY = "SHA256:0Q2n5c2h4lB9zAUpRkV8mY1Gd3vXo7JtK6sWbEfLiQM"


def about(findings: Sequence[Finding], what: str) -> list[Finding]:
    """The findings about one thing."""
    return [found for found in findings if found.about == what]


def free_ports() -> dict[str, int]:
    """Ports that were free a moment ago."""
    doors = [socket.create_server(("127.0.0.1", 0)) for _ in range(3)]
    numbers = [door.getsockname()[1] for door in doors]
    for door in doors:
        door.close()
    return dict(zip(("program", "ssh", "browser"), numbers, strict=True))


def test_a_machine_that_is_ready_has_nothing_to_mend_but_its_surroundings(tmp_path: Path) -> None:
    """Protects the facilitator's trust: ports, folder, disk and clock are looked at for real and said to be well."""
    findings = preflight(tmp_path, ports=free_ports(), fingerprint="AAAA-BBBB", host_key=KEY)

    assert [found.grade for found in findings if found.about.startswith(("port", "data", "clock"))] == ["ok"] * 5
    lines = as_lines(findings)
    assert any("AAAA-BBBB" in line for line in lines) and any(KEY in line for line in lines)
    assert re.fullmatch(r"\d+ to be mended, \d+ to look at\.", lines[-1])
    assert max(map(len, lines)) <= 140
    assert [row["about"] for row in as_data(findings)] == [found.about for found in findings]
    assert list(tmp_path.iterdir()) == []


def test_a_port_that_is_taken_must_be_mended(tmp_path: Path) -> None:
    """Protects the start: a door that cannot open is found before, and the port is named."""
    ports = free_ports()
    with socket.create_server(("127.0.0.1", ports["ssh"])):
        findings = preflight(tmp_path, ports=ports)

    (found,) = about(findings, f"port {ports['ssh']}")
    assert found.grade == "mend" and "ssh" in found.text and not sound(findings)
    assert about(findings, f"port {ports['browser']}")[0].grade == "ok"


def test_a_folder_that_cannot_be_written_must_be_mended(tmp_path: Path) -> None:
    """Protects what will be accepted: a data folder that takes nothing is found before anybody plays."""
    (tmp_path / "file").write_text("x")

    (found,) = about(preflight(tmp_path / "file", ports=free_ports()), "data folder")

    assert found.grade == "mend" and "cannot be written" in found.text


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps permissions in another way")
def test_a_folder_that_others_can_read_is_named(tmp_path: Path) -> None:
    """Protects sessions on a shared machine: loose permissions are said, with what to type."""
    tmp_path.chmod(0o755)

    findings = about(preflight(tmp_path, ports=free_ports()), "data folder")

    assert [found.grade for found in findings] == ["ok", "look"] and "chmod 700" in findings[1].text


def test_doors_on_loopback_are_named_where_the_room_is_elsewhere(tmp_path: Path) -> None:
    """Protects against forty people at a closed door: loopback only is said, all addresses are not."""
    ports = free_ports()
    if not machine.addresses():
        pytest.skip("this machine has no network at all")

    assert about(preflight(tmp_path, ports=ports), "doors")
    assert not about(preflight(tmp_path, listen=("0.0.0.0",), ports=ports), "doors")


def test_addresses_are_those_others_can_type() -> None:
    """Protects what is read out: no loopback, no link-local address that needs an interface's name."""
    for one in machine.addresses():
        assert not one.address.startswith(("127.", "fe80")) and one.address != "::1" and "%" not in one.address
        assert one.why


def test_without_encryption_it_is_said_and_no_warning_is_promised(tmp_path: Path) -> None:
    """Protects the codes: a door without TLS is named as one that others can read."""
    (found,) = about(preflight(tmp_path, ports=free_ports(), tls=False), "browser")

    assert found.grade == "look" and "http://" in found.text and "read along" in found.text


async def test_the_question_is_the_one_that_ssh_asks(tmp_path: Path) -> None:
    """Protects who reads it out: the words are those of the real client at a real door, its fingerprint included."""
    if shutil.which("ssh") is None:
        pytest.skip("there is no ssh client on this machine")
    key = asyncssh.generate_private_key("ssh-ed25519")
    heard = tmp_path / "heard"
    answer = tmp_path / "askpass"
    answer.write_text(f'#!/bin/sh\nprintf "%s\\n" "$1" >>"{heard}"\necho no\n')
    answer.chmod(0o700)
    async with await asyncssh.listen("127.0.0.1", 0, server_host_keys=[key]) as door:
        port = door.get_port()
        words = ("-F", "none", "-o", f"UserKnownHostsFile={tmp_path / 'known'}", "-o", "GlobalKnownHostsFile=none")
        environment = {**os.environ, "SSH_ASKPASS": str(answer), "SSH_ASKPASS_REQUIRE": "force", "DISPLAY": ":0"}
        client = await asyncio.create_subprocess_exec(
            *("ssh", *words, "-p", str(port), "team@127.0.0.1"),
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        await client.wait()

    # Versions of the client differ in a colon and a full stop.
    asked = " ".join(heard.read_text().replace(" is: ", " is ").replace(".", "").split())
    for line in ssh_question("127.0.0.1", port, key.get_fingerprint()):
        assert line.replace(".", "") in asked
