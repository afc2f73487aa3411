"""The screens in ASCII, for terminals whose characters are not UTF-8: every character becomes one as wide as itself."""

from __future__ import annotations

import unicodedata

from rich.cells import get_character_cell_size

_SIGNS = {
    "●◉◆■◼•▪⬤": "*",
    "○◯◇□◻◦▫": "o",
    "▲△↑⬆▴": "^",
    "▼▽↓⬇▾": "v",
    "▶▷→⇒›»➜▸": ">",
    "◀◁←‹«◂": "<",
    "✓✔☑": "+",
    "✗✘☒×✕✖": "x",
    "…·․": ".",
    "‐‑‒–—―−▔": "-",
    "“”„‟″": '"',
    "‘’‚‛′": "'",
    "▁": "_",
    "§": "S",
    "№": "#",
}
_KNOWN = {ord(sign): plain for signs, plain in _SIGNS.items() for sign in signs}
_UNKNOWN = "*"


def _plain(code: int) -> str:
    sign = chr(code)
    width = get_character_cell_size(sign)
    if width <= 0:
        return ""
    letter = unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode()
    if len(letter) == 1 and letter.isprintable():
        return letter.ljust(width)
    return _drawn(unicodedata.name(sign, "")) * width


def _drawn(name: str) -> str:
    """A line or block of a frame, by its name in Unicode."""
    if name.startswith("BOX DRAWINGS"):
        across = any(word in name for word in ("HORIZONTAL", "LEFT", "RIGHT"))
        down = any(word in name for word in ("VERTICAL", "UP", "DOWN"))
        return "+" if across and down else "-" if across else "|"
    if name.endswith(("BLOCK", "EIGHTHS", "EIGHTH", "QUARTER", "QUARTERS", "HALF")) or "BLOCK" in name:
        return "|" if name.startswith(("LEFT", "RIGHT")) else "#"
    return "#" if "SHADE" in name else _UNKNOWN


class _Table(dict[int, str]):
    """Works out each character once; `str.translate` asks it only for what it does not hold."""

    def __missing__(self, code: int) -> str:
        # Bounded: there are a few thousand characters that any exercise uses, and a million that somebody could type.
        if len(self) > 4096:
            self.clear()
            self.update(_KNOWN)
        plain = self[code] = chr(code) if code < 128 else _plain(code)
        return plain


_TABLE = _Table(_KNOWN)


def to_ascii(text: str) -> bytes:
    """The same picture with ASCII characters only."""
    return (text if text.isascii() else text.translate(_TABLE)).encode("ascii", "replace")
