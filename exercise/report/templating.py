"""Filling in a Jinja2 template, ours or a host's own, so that it can neither reach out nor fail without a place."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from exercise.errors import UsageError


def filled(
    path: Path, values: Mapping[str, Any], *, escape: bool, filters: Mapping[str, Callable[..., Any]] | None = None
) -> str:
    """The template's text with `values` in it; whatever is wrong with the template is told with its file and line.

    The sandbox keeps a template that a host was given by somebody else from reading files or running programs.
    """
    try:
        import jinja2
        from jinja2.sandbox import SandboxedEnvironment
    except ImportError:
        raise UsageError("Reports and manuals need more libraries: pip install 'exercise[report]'") from None
    text = read(path)
    room = SandboxedEnvironment(
        autoescape=escape, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    room.filters.update(filters or {})
    try:
        return room.from_string(text).render(**values)
    except jinja2.TemplateSyntaxError as error:
        raise UsageError(f"{path}:{error.lineno}: {_line(error.message or error)}") from error
    # A template is a program: it may divide by zero, and anything else that programs do.
    except Exception as error:
        places = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "<template>"]
        raise UsageError(f"{path}:{places[-1] if places else 1}: {_line(error)}") from error


def read(path: Path) -> str:
    """A template's text."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        raise UsageError(f"{path}: the template cannot be read ({reason}).") from error


def _line(what: object) -> str:
    return " ".join(str(what).split())[:300]
