"""What this machine is like, as far as it matters to a room full of people: addresses, ports, firewall, power.

Every look is quick, changes nothing and sends nothing into the network; what a system does not tell stays unsaid.
"""

from __future__ import annotations

import ipaddress
import os
import re
import shutil
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil

from exercise.core.records import dataclass

_VIRTUAL = re.compile(
    r"^(lo|docker|br-|veth|virbr|vbox|vmnet|tun|tap|wg|utun|zt|tailscale|vEthernet|awdl|llw|podman|cni)", re.I
)
"""Interfaces that lead to nobody in the room, by the names that systems give them."""
_WIRELESS = re.compile(r"^(wl|wi-?fi|ath|ra\d|wlan)", re.I)
_SECONDS = 3.0

_FILES = 4_096


@dataclass(frozen=True, slots=True)
class Address:
    """An address of this machine that others may reach it at."""

    address: str
    interface: str
    wireless: bool
    likely: bool
    """Whether it is likely the room's network."""
    why: str
    """What speaks for or against it, in a few words."""


def addresses() -> tuple[Address, ...]:
    """The addresses of all interfaces that are up, those likely the room's first; loopback is left out."""
    up = {name for name, stats in psutil.net_if_stats().items() if stats.isup}
    outward = _outward()
    found = []
    for name, entries in psutil.net_if_addrs().items():
        for entry in entries if name in up else ():
            if entry.family not in (socket.AF_INET, socket.AF_INET6):
                continue
            bare = ipaddress.ip_address(entry.address.partition("%")[0])
            # Link-local addresses of IPv6 need the name of the other side's interface: nobody can type that.
            if bare.is_loopback or (bare.version == 6 and bare.is_link_local):
                continue
            found.append(_address(name, bare, str(bare) in outward))
    return tuple(sorted(found, key=lambda one: (not one.likely, ":" in one.address, one.interface)))


def _address(name: str, bare: ipaddress.IPv4Address | ipaddress.IPv6Address, outward: bool) -> Address:
    wireless = bool(_WIRELESS.match(name))
    if bare.is_link_local:
        likely, why = False, "no router gave this one; the network may be down"
    elif _VIRTUAL.match(name):
        likely, why = False, "a virtual network of this machine"
    elif outward:
        likely, why = bare.version == 4, "the way out of this machine goes by it"
    else:
        likely, why = (
            False,
            "private" if bare.is_private else "public: reachable from the internet unless a firewall forbids it",
        )
    return Address(str(bare), name, wireless, likely, why)


def _outward() -> set[str]:
    """Own addresses from which packets would leave; nothing is sent, the system only says by which way it would."""
    found = set()
    for family, there in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as way:
                way.connect((there, 9))
                found.add(str(way.getsockname()[0]))
        except OSError:
            continue
    return found


def port_trouble(address: str, port: int) -> str:
    """Why a door cannot be opened there, in the system's words, or '' where it can."""
    try:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as door:
            if os.name != "nt":
                # As the door itself will: what an earlier hub left behind for a minute is no hindrance.
                door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            door.bind((address, port))
            door.listen(1)
    except OSError as error:
        return error.strerror or type(error).__name__
    return ""


def firewalls() -> tuple[tuple[str, bool | None], ...]:
    """The firewalls of this system, and whether each is on (None where it does not say without rights)."""
    if sys.platform == "win32":
        said = _said("netsh", "advfirewall", "show", "currentprofile", "state")
        # The word is translated in other languages of the system: only ON and OFF are safe to read.
        on = None if not re.search(r"\b(ON|OFF)\b", said) else " ON" in said
        return (("Windows Defender Firewall", on),)
    elif sys.platform == "darwin":
        said = _said("/usr/libexec/ApplicationFirewall/socketfilterfw", "--getglobalstate")
        return (("macOS application firewall", "enabled" in said if said else None),)
    else:
        return _linux_firewalls()


def _linux_firewalls() -> tuple[tuple[str, bool | None], ...]:
    found: list[tuple[str, bool | None]] = []
    try:
        on = re.search(r"^ENABLED=yes", Path("/etc/ufw/ufw.conf").read_text(encoding="utf-8"), re.MULTILINE | re.I)
        found.append(("ufw", on is not None))
    except OSError:
        pass
    if shutil.which("firewall-cmd"):
        found.append(("firewalld", _said("firewall-cmd", "--state").strip() == "running"))
    if shutil.which("nft"):
        rules = _said("nft", "list", "ruleset")
        found.append(("nftables", "hook input" in rules if rules or _is_root() else None))
    return tuple(found)


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _said(*words: str) -> str:
    try:
        done = subprocess.run(
            words,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout if done.returncode == 0 else ""


def on_battery() -> int | None:
    """Per cent that the battery holds while nothing charges it; None at the mains or without a battery."""
    look = getattr(psutil, "sensors_battery", None)
    try:
        battery = look() if look else None
    except OSError:
        battery = None
    return int(battery.percent) if battery is not None and battery.power_plugged is False else None


def allow_many_files() -> None:
    """Lets this program and those it starts open as many files as a full room takes, where the system has it ask.

    Each connection is one; macOS gives a program 256 unasked, which is fewer than a crowd at the doors may take.
    """
    if sys.platform != "win32":
        import resource

        allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = _FILES if most == resource.RLIM_INFINITY else min(_FILES, most)
        if allowed == resource.RLIM_INFINITY or allowed >= wanted:
            return
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def keep_awake() -> str:
    """What to type so that this system does not fall asleep."""
    if sys.platform == "win32":
        return "powercfg /change standby-timeout-ac 0 (and set 'When I close the lid' to 'Do nothing')"
    elif sys.platform == "darwin":
        return "caffeinate -dims exercise host …"
    else:
        return "systemd-inhibit --what=sleep:idle:handle-lid-switch exercise host …"
