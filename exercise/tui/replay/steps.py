"""What each step of a log changed, for whoever looks: kept for a while, since a replay asks for the same ones again."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import partial

from textual.content import Content

from exercise.core.marks import Mark
from exercise.language import _
from exercise.session.client import Player
from exercise.session.perspectives import Perspective
from exercise.tui.replay.changes import Change, changes
from exercise.tui.widgets.grades import grade_text
from exercise.tui.widgets.prose import safe
from exercise.tui.widgets.reader import Item
from exercise.tui.widgets.telling import clause_name
from exercise.tui.widgets.words import plain

_KEPT = 256
_BACK = 12
"""Steps that are looked back over for the last thing that somebody saw happen."""

WEIGHT = ("answer", "lapse", "decision", "phase", "message", "request", "evidence", "control", "talk", "indicator")
"""What of a step matters most to a room that watches, the most first; other kinds matter to nobody but who did them."""


class Steps:
    """Over one player; it is not moved."""

    def __init__(self, player: Player) -> None:
        self._player = player
        self._kept: dict[tuple[str, int], tuple[Change, ...]] = {}
        self._decided = [marker[0] for marker in player.markers if marker[2] in ("answer", "lapse")]

    def name(self, position: int) -> str:
        """What the step up to a position is called."""
        first = self._player.began(position) + 1
        if not position:
            return _("Before the first entry")
        return (
            _("Entry {position}").format(position=position)
            if first == position
            else _("Entries {first} to {position}").format(first=first, position=position)
        )

    def changed(self, whose: Perspective, position: int) -> tuple[Change, ...]:
        """What the step up to a position changed for a perspective."""
        if position <= 0:
            return ()
        key = (whose.id, position)
        found = self._kept.get(key)
        if found is None:
            before = self._player.sight(whose.id, self._player.began(position))
            found = changes(before, self._player.sight(whose.id, position))
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            self._kept[key] = found
        return found

    def latest(self, whose: Perspective, position: int) -> tuple[Change, ...]:
        """The last that happened for a perspective and matters to a room, the weightiest first; perhaps nothing."""
        stirring = self._player.stirring
        place = bisect_right(stirring, position)
        if place and stirring[place - 1] != position:
            position = stirring[place - 1]
        for _step in range(_BACK):
            found = [change for change in self.changed(whose, position) if change.kind in WEIGHT]
            if found:
                return tuple(sorted(found, key=lambda change: WEIGHT.index(change.kind)))
            place = bisect_left(stirring, self._player.began(position) + 1)
            if place == 0:
                break
            position = stirring[place - 1]
        return ()

    def marks(self, whose: Perspective) -> list[Item]:
        """The marks that came, or are otherwise, since the decision before this step; those of all teams for others."""
        player = self._player
        here = player.position
        if not here:
            return []
        place = bisect_right(self._decided, player.began(here))
        since = self._decided[place - 1] if place else 0
        now = player.assessment().marks
        player.seek(since)
        before = {mark.id: mark for mark in player.assessment().marks}
        player.seek(here)
        names = dict(player.seats)
        shown = [mark for mark in now if whose.team in ("", mark.team) and before.get(mark.id) != mark]
        when = _("since entry {since}").format(since=since) if since else _("since the start")
        return [item for mark in shown for item in self._mark(mark, before.get(mark.id), names, when, bool(whose.team))]

    def _mark(self, mark: Mark, was: Mark | None, names: dict[str, str], when: str, own: bool) -> Iterator[Item]:
        if was is not None and was.grade == mark.grade:
            return
        clause = clause_name(mark.commitment, self._player.reference)
        team = names.get(mark.team, mark.team)
        changed = _(", was {value}").format(value=_(was.grade.value)) if was is not None else ""
        words = [
            _("**{team}: {value}{changed}** · on the scorecard {when}").format(
                team=plain(team), value=_(mark.grade.value), changed=changed, when=when
            ),
            f"{plain(clause)}",
            f"**{plain(mark.title)}** · {plain(mark.reason)}",
            *(plain(note) for note in mark.adjustments),
        ]
        # The name of the text fills a narrow list, and marks under one text would look all alike.
        place, _colon, title = clause.partition(": ")
        row = f"{title} ({place})" if title else place
        left = Content.assemble(grade_text(mark.grade), "  ", safe(row if own else f"{team}: {row}"))
        yield Item(f"mark-{mark.id}", left, Content(""), partial(str, "\n\n".join(words)))
