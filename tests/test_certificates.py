"""The hub's certificate: whom it names, when it is renewed, who may read its key, and whom a client believes."""

from __future__ import annotations

import os
import ssl
import stat
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from exercise.errors import StoreError, UsageError
from exercise.hub import certificates
from exercise.hub.certificates import (
    Certificate,
    client_context,
    load_or_make_certificate,
    own_certificate,
    server_context,
)

HERE = "127.0.0.1"
SOON = timedelta(days=397)


def read(path: Path) -> x509.Certificate:
    """The certificate of a file."""
    return x509.load_pem_x509_certificate(path.read_bytes())


def names(path: Path) -> set[str]:
    """Whom a certificate names."""
    found = read(path).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return {*found.get_values_for_type(x509.DNSName), *map(str, found.get_values_for_type(x509.IPAddress))}


@asynccontextmanager
async def a_door(certificate: Certificate) -> AsyncIterator[tuple[str, list[str]]]:
    """A real door with this certificate; what was asked of it stands in a list."""
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(text="in")

    app = web.Application()
    app.router.add_get("/{way:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, HERE, 0, ssl_context=server_context(certificate))
    await site.start()
    port = runner.addresses[0][1]
    try:
        yield f"https://{HERE}:{port}/", asked
    finally:
        await runner.cleanup()


async def ask(url: str, trust: Any, **more: str) -> str:
    """What a client with this trust gets to read."""
    async with aiohttp.ClientSession() as session, session.get(url, ssl=trust, **more) as answer:  # type: ignore[arg-type]
        return await answer.text()


def test_a_certificate_names_this_machine_and_all_that_was_asked_for(tmp_path: Path) -> None:
    """Protects browsers' checks: each name and address it is reached by stands in it, in the form they compare."""
    made = load_or_make_certificate(tmp_path, ["Hub.Example.", "10.20.30.40", "[fe80::1%eth0]", "bücher.example"])

    assert names(made.path) == {
        "localhost",
        "127.0.0.1",
        "::1",
        "hub.example",
        "10.20.30.40",
        "fe80::1",
        "xn--bcher-kva.example",
    }
    found = read(made.path)
    key = found.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name == "secp256r1"
    assert found.not_valid_after_utc - found.not_valid_before_utc == timedelta(days=397)
    assert not found.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_it_is_kept_and_made_anew_only_for_a_reason(tmp_path: Path) -> None:
    """Protects people who compared a fingerprint: it stays the same until a name is missing or time is up."""
    now = datetime.now(UTC)
    first = load_or_make_certificate(tmp_path, ["10.0.0.1"], now=now)

    assert load_or_make_certificate(tmp_path, ["10.0.0.1"], now=now + timedelta(days=300)) == first
    second = load_or_make_certificate(tmp_path, ["10.0.0.2"], now=now)
    assert second.fingerprint != first.fingerprint and {"10.0.0.1", "10.0.0.2"} <= names(second.path)
    assert load_or_make_certificate(tmp_path, ["10.0.0.1"], now=now) == second
    third = load_or_make_certificate(tmp_path, ["10.0.0.1"], now=now + SOON)
    assert third.fingerprint != second.fingerprint
    assert read(third.path).not_valid_after_utc > now + SOON


@pytest.mark.parametrize("harm", [b"", b"-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----\n", b"\xff\x00"])
def test_a_harmed_file_is_made_anew(harm: bytes, tmp_path: Path) -> None:
    """Protects the start of a workshop: half a file, left by a full disk, is no reason to stop."""
    (tmp_path / certificates.FILE).write_bytes(harm)

    assert server_context(load_or_make_certificate(tmp_path, []))


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps permissions in another way")
def test_the_key_is_its_owners_alone(tmp_path: Path) -> None:
    """Protects the key: no other user reads it, not from a loose folder and not after somebody loosened it."""
    old = os.umask(0)
    try:
        made = load_or_make_certificate(tmp_path / "data", [])
    finally:
        os.umask(old)
    assert stat.S_IMODE(made.key.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.key.parent.stat().st_mode) == 0o700

    made.key.chmod(0o644)
    load_or_make_certificate(tmp_path / "data", [])

    assert stat.S_IMODE(made.key.stat().st_mode) == 0o600
    assert [file.name for file in (tmp_path / "data").iterdir()] == [certificates.FILE]


@pytest.mark.parametrize("name", ["", "a b", "x" * 300, "-hub", "hub/../x", "*.example", "hub\x1b[2J"])
def test_a_name_that_is_none_is_one_line(name: str, tmp_path: Path) -> None:
    """Protects who mistypes an address: the line quotes it, with nothing that could steer the terminal."""
    with pytest.raises(UsageError, match="neither a host name nor an address") as refused:
        load_or_make_certificate(tmp_path, [name])

    assert "\x1b" not in str(refused.value) and "\n" not in str(refused.value)


def _locked(folder: Path) -> tuple[Path, Path]:
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

    made = load_or_make_certificate(folder, [])
    key = ec.generate_private_key(ec.SECP256R1())
    form = (Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x"))
    (folder / "key.pem").write_bytes(key.private_bytes(*form))
    return made.path, folder / "key.pem"


FAULTS: dict[str, Callable[[Path], tuple[Path, Path | None]]] = {
    "cannot be read": lambda folder: (folder / "none.pem", None),
    "no certificate": lambda folder: (Path(__file__), None),
    "no private key": lambda folder: (load_or_make_certificate(folder, []).path, Path(__file__)),
    "does not belong": lambda folder: (
        load_or_make_certificate(folder, []).path,
        load_or_make_certificate(folder / "b", []).path,
    ),
    "locked by a password": _locked,
    "has expired on": lambda folder: (
        load_or_make_certificate(folder, [], now=datetime.now(UTC) - 2 * SOON).path,
        None,
    ),
    "holds only from": lambda folder: (load_or_make_certificate(folder, [], now=datetime.now(UTC) + SOON).path, None),
}


@pytest.mark.parametrize("said", FAULTS)
def test_each_fault_of_an_own_certificate_is_named(said: str, tmp_path: Path) -> None:
    """Protects a facilitator with a certificate of the house: one line says which file is wrong, and how."""
    path, key = FAULTS[said](tmp_path)

    with pytest.raises(UsageError, match=said) as refused:
        own_certificate(path, key)

    assert "\n" not in str(refused.value) and ".p" in str(refused.value)


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    """Protects who points the data folder at a file: a line with the place, and no half a key left behind."""
    (tmp_path / "file").write_text("x")

    with pytest.raises(StoreError, match="cannot be kept"):
        load_or_make_certificate(tmp_path / "file", [])


async def test_a_client_believes_the_fingerprint_and_no_other(tmp_path: Path) -> None:
    """Protects against somebody between: another certificate, for the very same names, hears not one request."""
    ours, theirs = (load_or_make_certificate(tmp_path / who, [HERE]) for who in ("ours", "theirs"))
    for trust in (ours.fingerprint, ours.fingerprint.lower().replace("-", ":"), ours.fingerprint.replace("-", " ")):
        async with a_door(ours) as (url, _):
            assert await ask(url, client_context(trust)) == "in"

    async with a_door(theirs) as (url, asked):
        with pytest.raises(aiohttp.ServerFingerprintMismatch):
            await ask(url, client_context(ours.fingerprint))
        assert asked == []


async def test_without_a_fingerprint_only_authorities_count(tmp_path: Path) -> None:
    """Protects who joins over the internet: a certificate that nobody vouches for is refused, name checked and all."""
    made = load_or_make_certificate(tmp_path, [HERE])
    async with a_door(made) as (url, asked):
        with pytest.raises(aiohttp.ClientConnectorCertificateError):
            await ask(url, client_context())
        assert asked == []

        vouched = ssl.create_default_context(cafile=str(made.path))
        assert await ask(url, vouched) == "in"
        with pytest.raises(aiohttp.ClientConnectorCertificateError):
            await ask(url, vouched, server_hostname="hub.elsewhere.example")


@pytest.mark.parametrize("text", ["", "ab", "g" * 64, "a" * 63, "a" * 65])
def test_a_fingerprint_that_is_none_is_one_line(text: str) -> None:
    """Protects who types one: half a fingerprint is never taken for a whole."""
    with pytest.raises(UsageError, match="64 digits"):
        client_context(text)
