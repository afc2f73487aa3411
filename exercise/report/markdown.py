"""The report as GitHub-flavoured Markdown, in which nothing but the report's own structure is markup."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from exercise.report.blocks import Document
from exercise.report.layout import laid_out
from exercise.report.templating import filled
from exercise.report.writing import template

# What begins emphasis, code, a link, a picture, HTML, a cell, a formula, an entity or a mention, wherever it stands.
_ANYWHERE = re.compile(r"[\\`*_\[\]<>#|~&$@!{}]")
# What begins a list, a rule or an underlined heading where a line begins with it.
_FIRST = re.compile(r"^(?:([-+=:])|(\d{1,9})([.)]))")
# Addresses that become links although nothing marks them.
_ADDRESS = re.compile(r"(?i)\b(?:(https?|ftp|mailto|xmpp):|(www)\.)")


def to_markdown(document: Document, templates: Path | None = None, pictures: str = "") -> str:
    """The whole report as one text; with `pictures`, its figures are taken from the folder of that name beside it.

    Without, a figure is its caption, its finding in words and its table.
    """
    values = laid_out(document) | {"pictures": pictures}
    filters: dict[str, Callable[..., str]] = {"md": plain, "line": line, "cell": cell, "opened": opened}
    text = filled(template("report.md.j2", templates), values, escape=False, filters=filters)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def pictures(document: Document) -> dict[str, str]:
    """The figures as files of their own, by the names that the text has for them."""
    return {f"figure-{number}.svg": svg for number, svg in enumerate(laid_out(document)["figures"], 1)}


def line(text: str) -> str:
    """Text in one line that reads as it stands."""
    text = _ANYWHERE.sub(r"\\\g<0>", " ".join(text.split()))
    text = _ADDRESS.sub(lambda found: f"{found[1]}\\:" if found[1] else f"{found[2]}\\.", text)
    return _FIRST.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", text)


def plain(text: str) -> str:
    """Text whose line ends are kept."""
    return "\\\n".join(line(each) for each in text.splitlines() if each.strip())


def cell(it: dict[str, str]) -> str:
    """A cell or an item: its text, as a link or as the place that links lead to."""
    text = "<br>".join(line(each) for each in it["text"].splitlines() if each.strip())
    if it["to"]:
        return f"[{text}](#{it['to']})"
    if it["opening"]:
        return _strong(it["opening"]) + _after(it["text"], text)
    return f'<a id="{it["id"]}"></a>{text}' if it["id"] else text


def opened(it: dict[str, str]) -> str:
    """A text whose first words may stand out."""
    text = plain(it["text"])
    return _strong(it["opening"]) + _after(it["text"], text) if it["opening"] else text


def _strong(words: str) -> str:
    return f"**{line(words)}**"


def _after(raw: str, text: str) -> str:
    """What follows the first words, as close to them as it was meant to be."""
    return f" {text}" if raw[:1].isspace() else text
