"""An e-mail's HTML as plain text: paragraphs, lists and line ends are kept, links and pictures said but not carried."""

from __future__ import annotations

import re
from html.parser import HTMLParser

__all__ = ["looks_like_html", "plain_text"]

_BLOCKS = frozenset(
    (
        *("address", "article", "blockquote", "div", "dl", "dt", "dd", "footer", "form", "h1", "h2", "h3", "h4", "h5"),
        *("h6", "header", "hr", "main", "ol", "p", "pre", "section", "table", "tr", "ul"),
    )
)
_UNSEEN = frozenset(("script", "style", "head", "template"))
_INLINE = frozenset(
    (
        *(
            "a",
            "abbr",
            "b",
            "big",
            "body",
            "br",
            "button",
            "caption",
            "center",
            "cite",
            "code",
            "col",
            "colgroup",
            "del",
        ),
        *("em", "figure", "font", "html", "i", "iframe", "img", "input", "ins", "label", "li", "link", "mark", "meta"),
        *("q", "s", "small", "span", "strike", "strong", "sub", "sup", "tbody", "td", "tfoot", "th", "thead", "title"),
        *("tt", "u", "wbr"),
    )
)
_KNOWN = _BLOCKS | _INLINE | _UNSEEN
_SAYING = ("href", "src", "srcset", "action", "data", "background", "title", "value", "placeholder", "content")
"""Attributes that say something, or lead somewhere."""
# No `<` inside a tag: a hostile text of nothing else would be searched anew from each of them.
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)(?:[\s/][^<>]*)?>|&(?:nbsp|amp|lt|gt|quot|#\d{1,6});")


def looks_like_html(text: str) -> bool:
    """Whether a text holds HTML's tags or named characters; addresses and other words in `<…>` are none."""
    return any(match[1] is None or match[1].lower() in _KNOWN for match in _TAG.finditer(text))


def plain_text(html: str) -> tuple[str, list[tuple[str, str]]]:
    """The text that a reader would see, and what is not carried as (kind, what it said): links, pictures, scripts."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = [re.sub(r"[ \t\xa0]+", " ", line).strip() for line in "".join(reader.out).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip(), reader.dropped


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.dropped: list[tuple[str, str]] = []
        self._hidden = ""
        self._lists: list[int | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {key: value or "" for key, value in attrs}
        if tag == "body" and self._hidden == "head":
            self._hidden = ""
        if self._hidden:
            return
        if tag not in _KNOWN:
            # Somebody's address, or a placeholder: words that a reader of the source would see in no other way.
            self.out.append(self.get_starttag_text() or "")
            return
        if tag in _UNSEEN:
            self._hidden = tag
        elif tag == "br":
            self.out.append("\n")
        elif tag in ("ul", "ol"):
            self._lists.append(1 if tag == "ol" else None)
            self.out.append("\n")
        elif tag == "li":
            number = self._lists[-1] if self._lists else None
            self.out.append(f"\n{number}. " if number else "\n- ")
            if number:
                self._lists[-1] = number + 1
        elif tag in ("td", "th"):
            self.out.append("  ")
        elif tag in _BLOCKS:
            self.out.append("\n\n")
        for key in _SAYING:
            if held.get(key):
                kind = {"img": "picture", "a": "link"}.get(tag, tag)
                self.dropped.append((kind, held[key]))
        if tag == "img" and held.get("alt"):
            self.out.append(f" [{held['alt']}] ")

    def handle_endtag(self, tag: str) -> None:
        if self._hidden:
            self._hidden = "" if tag == self._hidden else self._hidden
        elif tag in ("ul", "ol") and self._lists:
            self._lists.pop()
            self.out.append("\n")
        elif tag in _BLOCKS:
            self.out.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.out.append(re.sub(r"\s+", " ", data))
        elif data.strip():
            self.dropped.append((self._hidden, data.strip()))

    def handle_comment(self, data: str) -> None:
        if data.strip():
            self.dropped.append(("comment", data.strip()))

    def handle_pi(self, data: str) -> None:
        self.dropped.append(("instruction", data))

    def unknown_decl(self, data: str) -> None:
        self.dropped.append(("declaration", data))
