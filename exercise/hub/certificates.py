"""The hub's certificate: made here and shown by its fingerprint, or the host's own; and what a client trusts of it.

A hotel's network has no names that an authority would vouch for, so the hub makes a certificate for the addresses it
is reached at, and people compare its fingerprint with the one in the room.
"""

from __future__ import annotations

import ipaddress
import os
import re
import secrets
import ssl
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from exercise.errors import StoreError, UsageError

if TYPE_CHECKING:
    from aiohttp import Fingerprint
    from cryptography import x509

FILE = "certificate.pem"
"""Certificate and key in one file, so that no crash and no second hub can leave a pair that does not match."""

VALID = timedelta(days=397)
"""As long as browsers accept."""

RENEWED_BEFORE = timedelta(days=7)
"""An exercise of some days does not outlast its certificate."""

_EARLIER = timedelta(days=1)
"""Clocks of tablets are slow: a certificate made just now is valid for them too."""

_MOST_NAMES = 40
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*\.?", re.ASCII)
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Certificate(NamedTuple):
    """What a door with TLS needs."""

    path: Path
    key: Path
    """The same file where one holds both."""
    fingerprint: str
    """SHA-256 in groups of four, to be compared by eye or read out."""


def load_or_make_certificate(folder: Path, names: Iterable[str], *, now: datetime | None = None) -> Certificate:
    """The certificate kept in `folder`, good for these host names and addresses and for this machine itself.

    It is made anew where there is none, where it (nearly) expired, or where a wanted name is missing; the names it had
    stay in it, so that a laptop that goes back and forth between networks keeps one fingerprint.
    """
    now = now or datetime.now(UTC)
    path = folder / FILE
    wanted = tuple(dict.fromkeys((*_LOOPBACK, *map(_name, names))))
    kept = _kept(path)
    had = _names_of(kept) if kept else ()
    if kept is None or not set(wanted) <= set(had) or not _valid(kept, now + RENEWED_BEFORE):
        kept = _make(path, tuple(dict.fromkeys((*wanted, *had)))[: max(_MOST_NAMES, len(wanted))], now)
    elif os.name != "nt":
        path.chmod(0o600)
    return Certificate(path, path, _fingerprint_of(kept))


def own_certificate(path: Path, key: Path | None = None, *, now: datetime | None = None) -> Certificate:
    """A certificate that the host has from elsewhere, with its key in the same file or another; each fault is named."""
    now, key = now or datetime.now(UTC), key or path
    found = _pair(path, key)
    if now < found.not_valid_before_utc:
        raise UsageError(f"{path}: this certificate holds only from {found.not_valid_before_utc:%d %B %Y}.")
    if now > found.not_valid_after_utc:
        raise UsageError(f"{path}: this certificate has expired on {found.not_valid_after_utc:%d %B %Y}.")
    return Certificate(path, key, _fingerprint_of(found))


def server_context(certificate: Certificate) -> ssl.SSLContext:
    """What a door with TLS is opened with."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(certificate.path, certificate.key)
    except (OSError, ssl.SSLError) as error:
        raise UsageError(f"{certificate.path}: this certificate cannot be used ({error}).") from error
    return context


def client_context(fingerprint: str | None = None) -> ssl.SSLContext | Fingerprint:
    """How a client trusts a hub, as aiohttp takes it: exactly the certificate of a fingerprint, or what authorities
    vouch for where none is given."""
    if fingerprint is None:
        return ssl.create_default_context()
    from aiohttp import Fingerprint

    return Fingerprint(read_fingerprint(fingerprint))


def read_fingerprint(text: str) -> bytes:
    """The digest that somebody typed or copied, grouped in whatever way; raises UsageError."""
    digits = re.sub(r"[\s:.-]", "", text).lower().removeprefix("sha256")
    if not re.fullmatch(r"[0-9a-f]{64}", digits):
        raise UsageError("A certificate's fingerprint has 64 digits, 0-9 and A-F, in groups or not.")
    return bytes.fromhex(digits)


def grouped(digest: bytes) -> str:
    """`3F2A-91C0-…`: groups of four, which survive a command line without quotes."""
    digits = digest.hex().upper()
    return "-".join(digits[place : place + 4] for place in range(0, len(digits), 4))


def _name(name: str) -> str:
    """A host name or an address in the one form in which certificates carry it."""
    bare = name.strip().strip("[]").partition("%")[0]
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        pass
    try:
        plain = bare.encode("idna").decode("ascii").lower()
    except UnicodeError:
        plain = ""
    if len(plain) > 253 or not _NAME.fullmatch(plain):
        raise UsageError(f"{name[:80]!r} is neither a host name nor an address.")
    return plain.rstrip(".")


def _pair(path: Path, key: Path) -> x509.Certificate:
    """The certificate of one file, with the key that belongs to it in another or the same."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

    try:
        found = x509.load_pem_x509_certificate(_read(path, "certificate"))
    except ValueError as error:
        raise UsageError(f"{path}: this is no certificate in PEM form.") from error
    try:
        private = load_pem_private_key(_read(key, "key"), None)
    except TypeError as error:
        raise UsageError(f"{key}: the key is locked by a password; give one without.") from error
    except ValueError as error:
        raise UsageError(f"{key}: there is no private key in PEM form in this file.") from error
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if private.public_key().public_bytes(*form) != found.public_key().public_bytes(*form):
        raise UsageError(f"{key}: this key does not belong to the certificate {path}.")
    return found


def _kept(path: Path) -> x509.Certificate | None:
    """The certificate of an earlier day; what is not whole is made anew."""
    try:
        return _pair(path, path)
    except UsageError:
        return None


def _make(path: Path, names: tuple[str, ...], now: datetime) -> x509.Certificate:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "exercise hub")])
    usage = {
        "digital_signature": True,
        **dict.fromkeys(
            ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign"), False
        ),
        **dict.fromkeys(("crl_sign", "encipher_only", "decipher_only"), False),
    }
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _EARLIER)
        .not_valid_after(now - _EARLIER + VALID)
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
        # It may vouch for itself and for nothing else: whoever trusts it trusts no more than this hub.
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write(path, made.public_bytes(Encoding.PEM) + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return made


def _write(path: Path, text: bytes) -> None:
    """Private from its first byte, and whole or not there at all."""
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(text)
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise StoreError(f"{path}: the certificate cannot be kept there ({error.strerror}).") from error


def _read(path: Path, what: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: the {what} cannot be read ({error.strerror}).") from error


def _general(name: str) -> x509.GeneralName:
    from cryptography import x509

    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _names_of(certificate: x509.Certificate) -> tuple[str, ...]:
    from cryptography import x509

    try:
        named = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    return (
        *named.get_values_for_type(x509.DNSName),
        *map(str, named.get_values_for_type(x509.IPAddress)),
    )


def _valid(certificate: x509.Certificate, at: datetime) -> bool:
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc


def _fingerprint_of(certificate: x509.Certificate) -> str:
    from cryptography.hazmat.primitives import hashes

    return grouped(certificate.fingerprint(hashes.SHA256()))
