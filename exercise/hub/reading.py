"""Reading what a hub sends: its texts reach people's terminals, and nobody has said that the hub is an honest one."""

from __future__ import annotations

import json
import zlib
from typing import Any

from exercise.core.text import HOSTILE, clean_text

LARGEST = 64 * 1024 * 1024
"""Bytes of one message from a hub, unpacked."""


def unpacked(data: bytes) -> str:
    """A compressed message as text; raises `ValueError` for one that is none, or beyond measure."""
    unpacking = zlib.decompressobj()
    try:
        text = unpacking.decompress(data, LARGEST)
    except zlib.error as error:
        raise ValueError("not packed") from error
    if unpacking.unconsumed_tail:
        raise ValueError("too long")
    return text.decode()


def read(text: str) -> dict[str, Any]:
    """A message of a hub, its texts cleaned; raises `ValueError` for what is none."""
    try:
        found = json.loads(text)
        # Control signs stand in JSON as escapes only, which an honest hub has no use for: nothing to do but to look.
        if "\\u" in text or HOSTILE.search(text):
            found = _cleaned(found)
    except RecursionError as error:
        raise ValueError("too deep") from error
    if not isinstance(found, dict):
        raise ValueError("no message")
    return found


def _cleaned(data: Any) -> Any:
    if isinstance(data, str):
        return clean_text(data)
    if isinstance(data, list):
        return [_cleaned(item) for item in data]
    if isinstance(data, dict):
        return {clean_text(key): _cleaned(item) for key, item in data.items()}
    return data
