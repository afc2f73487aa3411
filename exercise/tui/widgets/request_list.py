"""Requests as a board: what waits first, then what is under way, then what is over.

Drawn from a tuple of views, so that the same board serves a team in play, the hot wash and the replay.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from exercise.core.text import clean_text
from exercise.language import _
from exercise.tui.widgets.choices import Choices
from exercise.tui.widgets.line import Wrapped
from exercise.tui.widgets.prose import safe
from exercise.tui.widgets.request_words import due_text, status_text

if TYPE_CHECKING:
    from exercise.core.requests.views import RequestView

__all__ = ["RequestList", "board_order"]

_WIDE = 132
"""From this width on a request stands in one line of columns; below it takes two lines."""
_QUIET = "$foreground 65%"
_SHARES = ((2, 14), (3, 22), (2, 14), (4, 32))
"""Share and least width of the columns: party, kind, about, status."""
_BETWEEN = ((4, 24), (3, 22), (2, 14), (3, 24))
"""The same where both ends of a request are named."""
_DUE = 20
"""Cells of the last column, `T+12:30  10 h 05 left`."""
_PARTY = 18


class _Row(Wrapped):
    """A request in one line of columns where there is room, else in two."""

    def __init__(
        self, parts: Sequence[str], *, waits: bool = False, heading: bool = False, between: bool = False
    ) -> None:
        # Line ends and tabs of somebody's own words would break the row.
        self._parts = [" ".join(clean_text(part).split()) for part in parts]
        self._waits, self._heading, self._between = waits, heading, between
        self.text = "\t".join(self._parts)

    def lines(self, width: int) -> list[Content]:
        """The row at a width."""
        number, way, party, kind, about, status, at, left = self._parts
        strong = "bold" if self._waits else ""
        quiet = "bold $primary" if self._heading else _QUIET
        sign = Content.styled("● " if self._waits else "  ", "$text-warning")
        start = sign + safe(f"{number:>3} {way} ", quiet)
        due = f"{at}  {left}" if left else at
        if width >= _WIDE:
            room = width - start.cell_length - _DUE - 2
            widths = _share(room, _BETWEEN if self._between else _SHARES)
            cells = ((party, strong or quiet), (kind, strong or quiet), (about, quiet), (status, strong or quiet))
            if not self._heading:
                cells = ((party, strong), (kind, strong), (about, _QUIET), (status, strong))
            line = start
            for (words, style), cell in zip(cells, widths, strict=True):
                line += _fit(words, cell - 2, style) + Content("  ")
            return [line + _fit(due, _DUE, "$text-warning" if self._waits else quiet)]
        room = width - start.cell_length
        if self._heading:
            return []
        named = safe(party) if self._between else _fit(party, min(_PARTY, max(8, room // 4)), strong)
        first = start + named + Content("  ") + safe(kind, strong or ("bold" if self._between else ""))
        end = safe(_("  due {due}").format(due=due) if due else "", "$text-warning" if self._waits else _QUIET)
        stands = safe(status, strong) + safe(f" · {about}" if about else "", _QUIET)
        keep = max(4, room - end.cell_length)
        stands = stands.truncate(keep, ellipsis=True) if stands.cell_length > keep else stands
        gap = Content(" " * (keep - stands.cell_length))
        second = Content(" " * start.cell_length) + stands + gap + end
        return [first.truncate(width, ellipsis=True) if first.cell_length > width else first, second]


class RequestList(Choices):
    """The board itself; each row's id is the request's number on it."""

    def put(self, requests: Iterable[RequestView], now: int | None, *, for_all: bool = False) -> None:
        """Show these requests at this time of the story; `for_all` leaves out whose board it is."""
        self.show(_rows(tuple(requests), now, for_all))


def board_order(
    requests: Iterable[RequestView], *, for_all: bool = False
) -> tuple[tuple[str, tuple[RequestView, ...]], ...]:
    """The parts of a board with their headings; empty ones are left out.

    A team's: what waits for it, most urgent first; then what is under way and what is over, both newest first. That of
    all: what is open, what came to nothing, what was carried out, each in the order in which it was sent.
    """
    requests = tuple(requests)
    if for_all:
        ended = tuple(r for r in requests if r.over)
        done = tuple(r for r in ended if r.status == "fulfilled")
        nothing = tuple(r for r in ended if r.status != "fulfilled")
        found = (
            (_("Open"), tuple(r for r in requests if not r.over)),
            (_("Came to nothing"), nothing),
            (_("Done"), done),
        )
        return tuple((title, part) for title, part in found if part)
    waits = sorted((r for r in requests if r.waits_for_me and not r.over), key=_by_deadline)
    under_way = sorted((r for r in requests if not r.over and not r.waits_for_me), key=_newest_first)
    over = sorted((r for r in requests if r.over), key=_newest_first)
    parts = ((_("Waits for you"), tuple(waits)), (_("Under way"), tuple(under_way)), (_("Over"), tuple(over)))
    return tuple((title, part) for title, part in parts if part)


def _by_deadline(request: RequestView) -> tuple[bool, int, int]:
    return (request.deadline is None, request.deadline or 0, request.number)


def _newest_first(request: RequestView) -> tuple[int, int]:
    """By what was done last, for that is what whoever looks at the board looks for."""
    return -(request.steps[-1].exercise if request.steps else request.sent), -request.number


def _rows(requests: tuple[RequestView, ...], now: int | None, for_all: bool) -> Iterator[tuple[str, Content | Wrapped]]:
    if requests:
        names = (
            _("No"),
            " ",
            _("With") if not for_all else _("Between"),
            _("What"),
            _("About"),
            _("How it stands"),
            _("Answer due"),
            "",
        )
        yield "#names", _Row(names, heading=True, between=for_all)
    for title, part in board_order(requests, for_all=for_all):
        yield f"#{title}", safe(f"{title} · {len(part)}", "bold $primary")
        for request in part:
            way = "" if for_all else "←" if request.incoming else "→"
            stands = status_text(request, for_all=for_all)
            urgent = (
                _("{kind_name} (urgent)").format(kind_name=request.kind_name) if request.urgent else request.kind_name
            )
            at, left = due_text(request, now)
            parts = (str(request.number), way, request.other, urgent, request.matter, stands, at, left)
            yield str(request.number), _Row(parts, waits=request.waits_for_me and not for_all, between=for_all)


def _share(room: int, shares: Sequence[tuple[int, int]]) -> list[int]:
    spare = max(0, room - sum(least for _, least in shares))
    whole = sum(share for share, _ in shares)
    widths = [least + spare * share // whole for share, least in shares]
    widths[-1] += room - sum(widths) if room > sum(widths) else 0
    return widths


def _fit(words: str, width: int, style: str = "") -> Content:
    content = safe(words, style)
    if content.cell_length > width:
        content = content.truncate(max(1, width), ellipsis=True)
    return content + Content(" " * max(0, width - content.cell_length))
