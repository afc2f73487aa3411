"""Values that may have to be taken out of a log: a salted digest stands in the line, the opening is kept apart.

Without the opening the line stays as it is, and so does the chain; the salt keeps a short value from being guessed.
"""

from __future__ import annotations

import json
import re
import secrets
from binascii import b2a_base64
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any, NamedTuple

from pydantic_core import from_json

from exercise.core.text import clean_text
from exercise.errors import LogError


class Opening(NamedTuple):
    """What a digest stands for. A whole mapping, such as the facts, has one opening: it is taken out as a whole.

    The value is kept as the JSON text that was hashed, so that checking it needs no second guess at its form.
    """

    digest: str
    salt: str
    text: str

    @property
    def value(self) -> Any:
        """What the text says; whoever shows it cleans it first."""
        return parse_json(self.text)

    def fits(self) -> bool:
        """Whether salt and value give the digest; a changed opening must never be shown as what was written."""
        return self.digest == _digest(self.salt, self.text)

    def line(self) -> str:
        """The opening as a line of a log file."""
        return f"{_OPEN}{self.digest}{_SALT}{self.salt}{_VALUE}{self.text}}}"


_OPEN, _SALT, _VALUE = '{"open":"', '","salt":"', '","value":'
_WORD = "([A-Za-z0-9_-]{1,200})"
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_LINE = re.compile(rf'\{{"open":"{_WORD}","salt":"{_WORD}","value":(.*)\}}', re.DOTALL)

Openings = Mapping[str, Opening]


def conceal(value: Any, salt: str | None = None) -> Opening:
    """A digest for a value with its opening; 128 bits of salt, so that a short value cannot be guessed back."""
    salt, text = salt or secrets.token_urlsafe(16), compact_json(value)
    return Opening(_digest(salt, text), salt, text)


def read_opening(line: str) -> Opening:
    """An opening from its line of a log file, which has the one form in which it was written."""
    found = _LINE.fullmatch(line)
    if found is not None:
        return Opening._make(found.groups())
    head, found_value, text = line.partition(_VALUE)
    if line.startswith(_OPEN) and _SALT in head[len(_OPEN) :] and found_value and text.endswith("}"):
        raise LogError("the opening has no digest or no salt")
    parse_json(line)
    raise LogError("the line is neither an entry nor an opening")


def digest_in(value: Any) -> str | None:
    """The digest, where a value read from a line is one."""
    found = value.get("#") if isinstance(value, dict) and len(value) == 1 else None
    return found if isinstance(found, str) else None


def places(event: Mapping[str, Any], names: Iterable[str]) -> Iterator[tuple[dict[str, Any], str]]:
    """Where an event's data holds these fields, as record and key; `handling.words` is a field of a record in it."""
    for name in names:
        holder: Any = event
        *outer, key = name.split(".")
        for part in outer:
            holder = holder.get(part) if isinstance(holder, dict) else None
        if isinstance(holder, dict) and key in holder:
            yield holder, key


def clean_data(value: Any) -> Any:
    """Data from a log with every text in it cleaned, keys too, since a file may come from anywhere."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {clean_text(key): clean_data(item) for key, item in value.items()}
    if isinstance(value, list):
        return [clean_data(item) for item in value]
    return value


def _digest(salt: str, text: str) -> str:
    hashed = sha256(f'["{salt}",{text}]'.encode()).digest()
    return b2a_base64(hashed)[:43].translate(_URL_SAFE).decode()


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def compact_json(value: Any) -> str:
    """JSON as it is stored and hashed: nothing between the parts, text as it is, and no number that JSON lacks."""
    try:
        text = _ENCODER.encode(value)
        if not text.isascii():
            text.encode()
    except ValueError as error:
        raise LogError(f"a value cannot be kept in a log: {str(error)[:120]}") from None
    return text


def parse_json(line: str) -> Any:
    """Data from a line of a log, which may come from anywhere: depth and numbers are bounded."""
    try:
        return from_json(line, allow_inf_nan=False)
    except ValueError as error:
        raise LogError(f"the line is not JSON ({str(error)[:120]})") from None
