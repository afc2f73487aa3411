"""The seal: the host's signature over the head of a log, so that nobody else can make the chain anew unseen.

It says that the log stood so when the key's owner signed it, and nothing of whether what it tells is true. The key is
Ed25519's, made at first need and kept where only its owner reads it.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from exercise.core.evaluation.commands import SealLog
from exercise.errors import ExerciseError, StoreError, UsageError
from exercise.session.paths import data_dir

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

    from exercise.session.session import Session

KEY_FILE = "seal_key.pem"
"""In the user's data folder."""

LEAST_DIGITS, SHOWN_DIGITS = 16, 32
"""Of a key's 64 digits so many name it, and so many are shown: nobody makes a second key that begins with either."""

_NEEDS = "A seal needs one more library: pip install 'exercise[host]'"
_DIGITS = re.compile(r"[0-9a-f]{16,64}")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SealKey:
    """A key that can seal; `public` are the 64 digits by which everybody can check what it sealed."""

    public: str
    sign: Callable[[bytes], bytes] = field(repr=False)


def statement(session: str, seq: int, head: str) -> bytes:
    """What is signed: that the entry `seq` of this session has this hash; the first line keeps it from meaning else."""
    return f"exercise log seal 1\n{session}\n{seq}\n{head}\n".encode()


def shown(public: str) -> str:
    """A key as people compare it, read aloud or off a projector: half its digits, which is more than enough."""
    return "-".join(public[start : start + 4] for start in range(0, SHOWN_DIGITS, 4))


def host_key() -> SealKey:
    """This user's own key, made on first use."""
    path = data_dir() / KEY_FILE
    if not path.exists():
        _make(path)
    return read_key(path)


def own_public() -> str:
    """The digits of this user's own key, or '' where there is none yet or none that can be read."""
    with suppress(ExerciseError):
        path = data_dir() / KEY_FILE
        return read_key(path).public if path.exists() else ""
    return ""


def read_key(path: Path) -> SealKey:
    """A private key from a file, in PEM or in ssh's own form, without a password."""
    try:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    except ImportError:
        raise UsageError(_NEEDS) from None
    key = _load(path)
    if not isinstance(key, Ed25519PrivateKey):
        raise UsageError(f"{path}: this is not the private part of an Ed25519 key, which a seal is made with.")
    return SealKey(_public(key), key.sign)


def public_of(text: str) -> str:
    """The digits of the key that somebody names: typed, grouped or not, or in a file with either part of it."""
    if Path(text).is_file():
        try:
            return _public(_load(Path(text)))
        except ImportError:
            raise UsageError(_NEEDS) from None
    digits = "".join(text.lower().split()).replace("-", "").replace(":", "").replace("…", "")
    if not _DIGITS.fullmatch(digits):
        raise UsageError(
            f"--key takes a key's file, or {LEAST_DIGITS} to 64 of its digits 0-9 and a-f as `exercise log seal` shows"
        )
    return digits


def holds(public: str, signature: str, said: bytes) -> bool:
    """Whether a signature over these words is by this key; both in hexadecimal digits."""
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        raise UsageError(_NEEDS) from None
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), said)
    except (InvalidSignature, ValueError):
        return False
    return True


def seal(session: Session, key: SealKey, host: str = "") -> int:
    """Seals a session's log as it stands, and returns the last entry that the seal is over."""
    upto = len(session.entries)
    head = session.head_at(upto)
    signature = key.sign(statement(session.id, upto, head)).hex()
    session.submit(SealLog(upto=upto, head=head, key=key.public, signature=signature, host=host))
    return upto


def seal_at_endex(session: Session) -> bool:
    """Seals an ended exercise with the host's own key, unless that was done; what hinders it harms nothing else."""
    if session.state.clock.phase != "ended" or session.state.evaluation.seals:
        return False
    if find_spec("cryptography") is None:
        _log.info("session %s is not sealed. %s", session.id, _NEEDS)
        return False
    try:
        seal(session, host_key())
    except ExerciseError as error:
        _log.warning("session %s is not sealed: %s", session.id, error)
        return False
    return True


def _load(path: Path) -> Ed25519PrivateKey | Ed25519PublicKey:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

    try:
        data = path.read_bytes()
    except OSError as error:
        raise StoreError(f"{path}: the key cannot be read ({error.strerror})") from error
    for load in (
        lambda: form.load_pem_private_key(data, None),
        lambda: form.load_pem_public_key(data),
        lambda: form.load_ssh_private_key(data, None),
        lambda: form.load_ssh_public_key(data),
    ):
        try:
            found = load()
        except (ValueError, UnsupportedAlgorithm):
            continue
        except TypeError:
            raise UsageError(f"{path}: the key is locked by a password; give one without.") from None
        if isinstance(found, Ed25519PrivateKey | Ed25519PublicKey):
            return found
        break
    raise UsageError(f"{path}: there is no Ed25519 key in this file, neither in PEM nor in ssh's form.")


def _public(key: Ed25519PrivateKey | Ed25519PublicKey) -> str:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    public = key.public_key() if isinstance(key, Ed25519PrivateKey) else key
    return public.public_bytes_raw().hex()


def _make(path: Path) -> None:
    try:
        from cryptography.hazmat.primitives import serialization as form
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    except ImportError:
        raise UsageError(_NEEDS) from None
    text = Ed25519PrivateKey.generate().private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    try:
        # Two programs may begin at once: whoever is second takes the first one's.
        with suppress(FileExistsError), open(path, "xb", opener=_private) as file:
            file.write(text)
    except OSError as error:
        raise StoreError(f"{path}: the key cannot be kept here ({error.strerror})") from error


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
