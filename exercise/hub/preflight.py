"""A look at machine and network before people come: what is well, what to look at, what must be mended.

It also shows, word for word, what people will be asked by ssh and by their browser, so that it can be read out.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from exercise.core.records import dataclass
from exercise.hub import machine

Grade = Literal["ok", "look", "mend", "say"]
WORDS: Mapping[str, str] = {"ok": "ok", "look": "look at this", "mend": "must be mended", "say": "read out"}

PORTS: Mapping[str, int] = {"program": 8765, "ssh": 8022, "browser": 8080}
_ENOUGH_DISK = 500 * 1024**2
_LITTLE_DISK = 50 * 1024**2
_SMALLEST, _BETTER = (80, 24), (120, 36)
_BUILT = 1_760_000_000
"""A moment before this program was written: a clock that shows an earlier one is wrong."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    grade: Grade
    about: str
    text: str
    lines: tuple[str, ...] = ()
    """More to read, as it stands."""


def preflight(
    folder: Path,
    *,
    listen: Sequence[str] = ("127.0.0.1",),
    ports: Mapping[str, int] = PORTS,
    fingerprint: str = "",
    host_key: str = "",
    own_certificate: bool = False,
    tls: bool = True,
    seal_key: str = "",
) -> tuple[Finding, ...]:
    """Looks at everything once; `folder` is where sessions are kept, `listen` the addresses doors would open on.

    `fingerprint` is that of the certificate, `host_key` that of ssh's key with its `SHA256:`, `seal_key` the digits of
    the key by which the log is sealed.
    """
    here = machine.addresses()
    return (
        *_network(here, listen),
        *_ports(listen, ports),
        *_firewall(ports),
        *_wifi(here, ports, tls),
        *_place(folder),
        *_clock(),
        *_power(),
        *_terminal(),
        *_asked_by_ssh(_shown_address(here, listen), ports.get("ssh", 0), host_key),
        *_asked_by_browser(_shown_address(here, listen), ports.get("browser", 0), fingerprint, own_certificate, tls),
        *_sealed(seal_key),
    )


def as_lines(findings: Sequence[Finding]) -> tuple[str, ...]:
    """The findings for a terminal."""
    lines = []
    for found in findings:
        lines.append(f"{WORDS[found.grade]:<15} {found.about}: {found.text}")
        lines += [f"{'':<15}   {line}".rstrip() for line in found.lines]
    wrong = sum(found.grade == "mend" for found in findings)
    looks = sum(found.grade == "look" for found in findings)
    lines += ["", f"{wrong} to be mended, {looks} to look at."]
    return tuple(lines)


def as_data(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """The findings for a program."""
    return [
        {"grade": found.grade, "about": found.about, "text": found.text, "lines": list(found.lines)}
        for found in findings
    ]


def sound(findings: Sequence[Finding]) -> bool:
    """Whether nothing must be mended."""
    return not any(found.grade == "mend" for found in findings)


def _everywhere(address: str) -> bool:
    return address in ("", "0.0.0.0", "::", "*")


def _shown_address(here: Sequence[machine.Address], listen: Sequence[str]) -> str:
    """The address that people would type."""
    given = [address for address in listen if not _everywhere(address)]
    outside = [address for address in given if address not in ("127.0.0.1", "::1", "localhost")]
    return (outside or [one.address for one in here if one.likely] or [one.address for one in here] or ["127.0.0.1"])[0]


def _network(here: Sequence[machine.Address], listen: Sequence[str]) -> Iterator[Finding]:
    if not here:
        yield Finding("mend", "network", "this machine has no address that others could reach; join a network first")
        return
    likely = [one for one in here if one.likely]
    lines = tuple(
        f"{one.address}  on {one.interface}{' (Wi-Fi)' if one.wireless else ''}: {one.why}"
        f"{' ← likely the room’s network' if one.likely else ''}"
        for one in here
    )
    if likely:
        yield Finding("ok", "network", f"people reach this machine at {likely[0].address}", lines)
    else:
        yield Finding("look", "network", "none of these is plainly the room's network; try them from a phone", lines)
    if not any(map(_everywhere, listen)) and not {one.address for one in here} & set(listen):
        yield Finding(
            "look",
            "doors",
            f"they open on {', '.join(listen)} only, where nobody else comes; name the room's address when hosting",
        )


def _ports(listen: Sequence[str], ports: Mapping[str, int]) -> Iterator[Finding]:
    for door, port in ports.items():
        troubles = {address: machine.port_trouble(address, port) for address in listen}
        wrong = [f"{address or 'all addresses'}: {why}" for address, why in troubles.items() if why]
        if wrong:
            yield Finding(
                "mend", f"port {port}", f"the door for {door} cannot open ({'; '.join(wrong)}); choose another"
            )
        else:
            yield Finding("ok", f"port {port}", f"free for {door}")


def _firewall(ports: Mapping[str, int]) -> Iterator[Finding]:
    walls = machine.firewalls()
    numbers = [str(port) for port in ports.values()]
    open_it = {
        "ufw": tuple(f"sudo ufw allow {port}/tcp" for port in numbers),
        "firewalld": (f"sudo firewall-cmd {' '.join(f'--add-port={port}/tcp' for port in numbers)}",),
        "nftables": ("let TCP to these ports in: " + ", ".join(numbers),),
        "Windows Defender Firewall": (
            "when Windows asks at the first start, allow Python on this kind of network; or, as administrator:",
            "netsh advfirewall firewall add rule name=exercise dir=in action=allow protocol=TCP "
            f"localport={','.join(numbers)}",
        ),
        "macOS application firewall": ("when macOS asks whether Python may accept connections, allow it",),
    }
    for name, on in walls:
        if on:
            yield Finding(
                "look", "firewall", f"{name} is on; if phones cannot reach the doors, open them", open_it[name]
            )
        elif on is None:
            yield Finding("look", "firewall", f"{name} is there and does not say whether it is on", open_it[name])
        else:
            yield Finding("ok", "firewall", f"{name} is off")
    if not walls:
        yield Finding("ok", "firewall", "none was found")


def _wifi(here: Sequence[machine.Address], ports: Mapping[str, int], tls: bool) -> Iterator[Finding]:
    likely = [one.address for one in here if one.likely]
    if likely and "browser" in ports:
        link = f"{'https' if tls else 'http'}://{_in_link(likely[0])}:{ports['browser']}/"
        yield Finding(
            "look",
            "Wi-Fi",
            "many guest networks keep their users apart; no program can tell from here, a phone can",
            (
                f"with the doors open, join the room's Wi-Fi with a phone and open {link}",
                "if nothing comes: ask for client isolation to be switched off, or bring a small router of your own,",
                "or open a hotspot on this machine or a phone and let everyone join that",
            ),
        )


def _place(folder: Path) -> Iterator[Finding]:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"x" * 4096)
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as error:
        yield Finding("mend", "data folder", f"{folder} cannot be written ({error.strerror})")
        return
    yield Finding("ok", "data folder", f"{folder} can be written")
    if os.name != "nt" and folder.stat().st_mode & 0o077:
        yield Finding("look", "data folder", f"others on this machine may look into it; chmod 700 {folder}")
    free = shutil.disk_usage(folder).free
    grade: Grade = "ok" if free >= _ENOUGH_DISK else "look" if free >= _LITTLE_DISK else "mend"
    yield Finding(grade, "disk", f"{free // 1024**2:,} MB free; a day's exercise takes less than 50")


def _clock() -> Iterator[Finding]:
    now = time.time()
    said = time.strftime("%A %d %B %Y, %H:%M %Z", time.localtime(now))
    if now < _BUILT:
        yield Finding("mend", "clock", f"it shows {said}, which is past; certificates will not be believed")
    else:
        yield Finding("ok", "clock", f"{said}; compare it with the room's")


def _power() -> Iterator[Finding]:
    left = machine.on_battery()
    if left is not None:
        yield Finding("look", "power", f"on battery, {left} % left; plug it in")
    else:
        yield Finding("ok", "power", "at the mains, or without a battery")
    yield Finding(
        "look",
        "sleep",
        "a closed lid pauses the exercise and loses nothing, but everybody waits; to stay awake:",
        (machine.keep_awake(),),
    )


def _terminal() -> Iterator[Finding]:
    if not sys.stdout.isatty():
        yield Finding("look", "terminal", "the output goes to no terminal; the console needs one")
        return
    width, height = shutil.get_terminal_size()
    size = f"{width} × {height}"
    if width < _SMALLEST[0] or height < _SMALLEST[1]:
        yield Finding("mend", "terminal", f"{size} is too small for the console; at least 80 × 24, better 120 × 36")
    elif width < _BETTER[0] or height < _BETTER[1]:
        yield Finding("look", "terminal", f"{size} will do for the console; 120 × 36 shows more")
    else:
        yield Finding("ok", "terminal", f"{size}")


def _in_link(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def _sealed(key: str) -> Iterator[Finding]:
    if key:
        yield Finding("say", "seal", "at ENDEX the log is sealed with this key; give it out as it stands here:", (key,))


def ssh_question(address: str, port: int, host_key: str) -> tuple[str, ...]:
    """What OpenSSH prints at the first connection, word for word but for small differences between versions."""
    place = f"[{address}]:{port}" if port != 22 else address
    numeric = address.replace(".", "").isdigit() or ":" in address
    named = f"'{place} ({place})'" if numeric else f"'{place} (…)'"
    return (
        f"The authenticity of host {named} can't be established.",
        f"ED25519 key fingerprint is {host_key}.",
        "This key is not known by any other names.",
        "Are you sure you want to continue connecting (yes/no/[fingerprint])?",
    )


def _asked_by_ssh(address: str, port: int, host_key: str) -> Iterator[Finding]:
    if not port:
        return
    yield Finding(
        "say",
        "ssh",
        f"whoever types ssh -p {port} team@{address} for the first time is asked, once:",
        (
            *ssh_question(address, port, host_key or "SHA256:… (made when the door first opens)"),
            "",
            "Compare the fingerprint with the one on the wall or on your sheet. If it is the same, type the word yes.",
            "Then type your code where it says Join code (some clients: password); nothing is shown while you type.",
            "Then it asks for a name or pseudonym; Enter alone will do.",
            "If it says REMOTE HOST IDENTIFICATION HAS CHANGED, stop and tell the facilitator.",
        ),
    )


def _asked_by_browser(address: str, port: int, fingerprint: str, own: bool, tls: bool) -> Iterator[Finding]:
    if not port:
        return
    link = f"{'https' if tls else 'http'}://{_in_link(address)}:{port}/"
    if not tls:
        yield Finding(
            "look",
            "browser",
            f"{link} is open without encryption: others on this network could read along, codes included",
        )
        return
    if own:
        yield Finding(
            "ok", "browser", f"{link} shows your own certificate; open it once with the name that stands in it"
        )
        return
    yield Finding(
        "say",
        "browser",
        f"whoever opens {link} is warned, since no authority vouches for this laptop:",
        (
            "Chrome, Edge: “Your connection is not private”. Choose Advanced, then “Continue to "
            + address
            + " (unsafe)”.",
            "Firefox: “Warning: Potential Security Risk Ahead”. Choose Advanced, then “Accept the Risk and Continue”.",
            "Safari: “This Connection Is Not Private”. Choose Show Details, then “visit this website”.",
            "It is as private as any other page, provided it is ours: look at the certificate's SHA-256 fingerprint.",
            f"It must be {fingerprint}" if fingerprint else "It is made when the door first opens, and shown then.",
            "Never do this on a page that asks for anything but the code on your slip.",
        ),
    )
