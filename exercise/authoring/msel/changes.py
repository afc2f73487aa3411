"""What a sheet that comes back says otherwise than the scenario: as edits of its file, and as lines for a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from exercise.authoring.msel.columns import OURS, Heading
from exercise.authoring.msel.export import CUT, cell_text
from exercise.authoring.msel.forms import Values, formed, into_move, objective_of, request_content
from exercise.authoring.msel.fresh import fresh_inject, no_inject
from exercise.authoring.msel.paragraphs import joined, wrapped_like
from exercise.authoring.msel.rows import MselRow, msel_rows
from exercise.authoring.msel.sheet import Row, Sheet, said
from exercise.authoring.msel.telling import Told, even, short, shown
from exercise.authoring.msel.values import audiences, channel, clock, lines, since_startex, story_time
from exercise.authoring.msel.yaml_patch import AddItem, DropItem, Edit, Rename, SetValue
from exercise.authoring.nearest import did_you_mean
from exercise.authoring.problems import Path
from exercise.core.scenario import Scenario
from exercise.core.script import Channel, channel_name
from exercise.core.times import format_exercise_time
from exercise.errors import UsageError

__all__ = ["Changes", "changes"]

_HEADINGS: Mapping[str, str] = {column.key: column.heading for column in OURS}
_LISTED = ("to", "expected")
_DERIVED = ("number", "type", "move", "id")
"""Columns that say again what others say; what is written there otherwise has no meaning of its own."""
_KEYS = (
    *("id", "at", "move", "minute", "follows", "when", "expires", "team", "role", "kind", "to", "channel", "from"),
    *("title", "text", "attachments", "notes", "expected", "objective", "responsible", "status"),
)
_PLANNED = ("objective", "responsible", "status")
_TEXTS: Mapping[tuple[str, str], Path] = {
    ("inject", "from"): ("from",),
    ("inject", "subject"): ("title",),
    ("inject", "message"): ("text",),
    ("decision", "subject"): ("title",),
    ("decision", "message"): ("text",),
    ("move", "subject"): ("title",),
    ("move", "message"): ("text",),
    ("plenary", "message"): ("plenary", "text"),
    ("request", "subject"): ("request", "subject"),
}
"""Where the words of a cell stand in the inject, decision or move that its row shows."""
_MAY_BE_EMPTY = {("move", "message"), ("plenary", "message"), ("request", "subject")}
_TIMES: Mapping[str, Path] = {"due": ("request", "deadline"), "deadline": ("deadline",), "move": ("starts",)}
_LISTS: Mapping[str, str] = {"decision": "decisions", "deadline": "decisions", "move": "moves", "plenary": "moves"}


@dataclass
class Changes:
    """All that is different: the edits, and what to say of each."""

    edits: list[Edit] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)


def changes(
    scenario: Scenario,
    data: Mapping[str, Any],
    sheet: Sheet,
    heading: Heading,
    exported: Mapping[str, Mapping[str, str]] | None,
    drop: bool,
) -> Changes:
    """Compares a sheet, row by row and cell by cell, with what would be exported now; what is equal is not touched.

    `data` is the scenario as its author wrote it, from which it is known how a row says when it comes. `exported` are
    the cells as they went out, where that is known: what nobody changed since is not touched either, though the
    scenario went on.
    """
    return _Comparing(scenario, data, sheet, heading, exported).run(drop)


class _Comparing:
    def __init__(
        self,
        scenario: Scenario,
        data: Mapping[str, Any],
        sheet: Sheet,
        heading: Heading,
        exported: Mapping[str, Mapping[str, str]] | None,
    ) -> None:
        if "id" not in heading.columns:
            raise UsageError(
                f"{sheet.name}: this sheet has no column ID, so its rows cannot be found in the scenario; "
                "bring back one that `exercise msel export` wrote, or make a new scenario of it with --new NAME."
            )
        self._scenario, self._data, self._heading = scenario, data, heading
        self._rows = [row for row in sheet.rows if row.number > heading.row]
        self._found = Changes()
        self._exported = exported
        ids = [said(self._cell(row, "id")) for row in self._rows]
        marks = [id.partition("@")[2] for id in ids if id.partition("@")[0] in ("startex", "endex")]
        self._whole = bool(marks)
        self._team = next(iter(marks), "") or None
        self._start = self._starts()
        self._known = {row.id: row for row in msel_rows(scenario, self._team, self._start)}
        named = [id for id in ids if id and id.partition("@")[0] not in ("startex", "endex")]
        if 2 * sum(id in self._known for id in named) < len(named):
            strange = next(id for id in named if id not in self._known)
            raise UsageError(
                f"Most IDs of the sheet, such as '{strange[:60]}', are none of '{scenario.id}'; "
                "it was exported from another scenario."
            )
        self._notes: dict[tuple[str, int], list[str]] = {}
        self._own_notes: dict[tuple[str, int], tuple[int, str]] = {}
        self._times = {id: story_time(self._cell(row, "time")) for id, row in zip(ids, self._rows, strict=True)}
        for number, formula in sheet.unread:
            self._say(number, f"the formula {formula!r} has no value in the file; its cell is left as it was", "open")
        self._unread = {number for number, _ in sheet.unread}
        self._numbered = 0
        shown_as = zip(ids, self._rows, strict=True)
        self._renamed = {id[5:]: said(self._cell(row, "subject")) for id, row in shown_as if id.startswith("move/")}

    def run(self, drop: bool) -> Changes:
        seen: dict[str, Row] = {}
        behind = -1
        ids = {said(self._cell(row, "id")) for row in self._rows}
        taken = {row.get("id", "") for name in ("injects", "decisions") for row in self._data.get(name) or ()}
        for row in self._rows:
            id = said(self._cell(row, "id"))
            entry = self._known.get(id) if id not in seen else None
            if id in seen and _said(row) == _said(seen[id]):
                self._say(row.number, f"repeats row {seen[id].number} ({id}) in every cell; passed over")
            elif entry is not None:
                seen[id] = row
                if entry.kind == "inject":
                    behind = entry.place
                self._compare(row, entry)
            elif (not id or id in seen) and (entry := self._brought_before(row, {*ids, *seen})) is not None:
                seen[entry.id] = row
                behind = entry.place
                self._compare(row, entry, again=True)
            else:
                self._new(row, id, behind, taken, copied=seen.get(id))
        self._write_notes()
        if self._numbered:
            rows = f"{self._numbered} row{'s' * (self._numbered != 1)}"
            self._say(0, f"No.: changed in {rows}; numbers follow from the order in the scenario's file", "notes")
        self._missing(seen, drop)
        # In the order of the sheet; what is not in it any more has no row and comes last.
        self._found.told.sort(key=lambda told: told.row or 10**9)
        return self._found

    # --- cells ---

    def _cell(self, row: Row, key: str) -> Any:
        column = self._heading.columns.get(key)
        value = row.at(column) if column is not None else None
        return since_startex(self._scenario, value) if key == "time" else value

    def _say(self, row: int, text: str, sort: Any = "changed") -> None:
        self._found.told.append(Told(row, text, sort))

    def _starts(self) -> int | None:
        """STARTEX on the wall, as far as the sheet says it: what follows from it need not be kept."""
        if "real" not in self._heading.columns:
            return None
        for row in self._rows:
            if said(self._cell(row, "id")).partition("@")[0] == "startex":
                return clock(self._cell(row, "real"))
        return None

    def _compare(self, row: Row, entry: MselRow, again: bool = False) -> None:
        """Looks at every cell; in a row that was brought `again` an empty one means what was put there for it."""
        for key in self._heading.columns:
            was = cell_text(entry.cells.get(key, ""))
            now = said(self._cell(row, key))
            if key == "id" or even(was) == even(now) or (again and not now):
                continue
            if key == "number":
                self._numbered += 1
                continue
            if key == "time" and entry.story is not None and story_time(self._cell(row, key)) == entry.story:
                continue  # A program made 1:30 of T+1:30; it is the same time.
            went = (self._exported or {}).get(entry.id, {}).get(key, "")
            if self._exported is not None and entry.id in self._exported and even(went) == even(now):
                continue  # Nobody touched it here; the scenario went on since.
            if not now and row.number in self._unread:
                continue
            both = self._exported is not None and entry.id in self._exported and even(went) != even(was)
            # To notes, an earlier import of the same sheet has added what has no other place.
            if both and not (key == "notes" and was.startswith(now)):
                why = "changed here, and in the scenario since it was exported, where it said"
                self._say(row.number, f"{entry.id}: {_HEADINGS[key]}: {why} {short(was)}", "open")
            if now.endswith(CUT):
                self._open(row, entry, key, "the text is longer than a cell; change it in the scenario's file", "")
            elif key == "time":
                self._time(row, entry, was)
            elif key == "real":
                if now:
                    self._keep(row, entry, "Real time", now)
            else:
                self._changed(row, entry, key, was, now)
        for column, text in self._heading.others:
            words = said(row.at(column))
            if words:
                self._keep(row, entry, text or f"Column {column + 1}", words)

    def _changed(self, row: Row, entry: MselRow, key: str, was: str, now: str) -> None:
        path = self._place(entry)
        where = _TEXTS.get((entry.kind, key))
        if where is not None:
            if not now and (entry.kind, key) not in _MAY_BE_EMPTY:
                self._open(row, entry, key, "it cannot be empty; left as it was", "")
                return
            old = str(self._old((*path, *where)) or "")
            self._set(row, entry, key, (*path, *where), wrapped_like(old, now), was, now)
        elif key == "notes" and entry.kind in ("inject", "decision"):
            self._own_notes[self._owner(entry)] = (row.number, now)
        elif key in _PLANNED and entry.kind in ("inject", "decision"):
            value = objective_of(self._scenario, now) if key == "objective" else now
            self._set(row, entry, key, (*path, key), value or None, was, now)
        elif key == "expected" and entry.kind in ("inject", "plenary"):
            target: Path = (*path, "expected") if entry.kind == "inject" else (*path, "plenary", "questions")
            self._set(row, entry, key, target, lines(now) or None, was, now)
        elif key == "to" and entry.kind in ("inject", "decision"):
            self._audience(row, entry, path, was, now)
        elif key == "method" and entry.kind == "inject":
            found = channel(now)
            if found is None:
                why = f"no such method{did_you_mean(now, map(channel_name, Channel))}"
                self._open(row, entry, key, why if now else "it cannot be empty; left as it was", now)
            else:
                self._set(row, entry, key, (*path, "channel"), found.value, was, now)
        elif key == "message" and entry.kind == "request":
            self._content(row, entry, path, was, now)
        elif entry.kind not in ("inject", "decision") and key in ("notes", *_PLANNED):
            self._keep(row, entry, _HEADINGS[key], now) if now else None
        elif (values := formed(self._scenario, entry, key, now)) is not None:
            self._formed(row, entry, key, values, was, now)
        elif key == "move" and entry.kind in ("inject", "decision") and now:
            story = story_time(self._cell(row, "time"))
            values = into_move(self._scenario, entry, self._old(path), story, now, self._renamed)
            self._formed(row, entry, key, values, was, now)
        elif key not in _DERIVED:
            self._open(row, entry, key, "it follows from other things; change those in the scenario's file", now)
        elif now:
            self._open(row, entry, key, "it follows from the time or the kind of the row", now)
        else:
            self._say(
                row.number, f"{entry.id}: {_HEADINGS[key]}: it follows from other things; left as it was", "notes"
            )

    def _formed(self, row: Row, entry: MselRow, key: str, values: Values | str, was: str, now: str) -> None:
        if isinstance(values, str):
            self._open(row, entry, key, values, now)
            return
        place = self._place(entry)
        self._found.edits += [SetValue((*place, *below), value, _before(str(below[-1]))) for below, value in values]
        if values:
            self._say(row.number, f"{entry.id}: {shown(_HEADINGS[key], was, now, True)}")

    def _set(self, row: Row, entry: MselRow, key: str, path: Path, value: Any, was: str, now: str) -> None:
        self._found.edits.append(SetValue(path, value, _before(str(path[-1]))))
        self._say(row.number, f"{entry.id}: {shown(_HEADINGS[key], was, now, key in _LISTED)}")

    def _open(self, row: Row, entry: MselRow, key: str, why: str, words: str) -> None:
        """Something that has no place of its own: its words go to the notes, where the row has any."""
        kept = bool(words) and self._keep(row, entry, _HEADINGS[key], words, silent=True)
        went = "; its words are in the notes" if kept else ""
        self._say(row.number, f"{entry.id}: {_HEADINGS[key]}: {why}{went}: {short(words)}".rstrip(": "), "open")

    def _keep(self, row: Row, entry: MselRow, name: str, words: str, silent: bool = False) -> bool:
        if entry.kind in _A:
            if not silent:
                self._say(
                    row.number, f"{entry.id}: {name}: {_A[entry.kind]} has no place for it: {short(words)}", "open"
                )
            return False
        said_so = ", ".join(words.split("\n")) if name == _HEADINGS["to"] else words
        self._notes.setdefault(self._owner(entry), []).append(f"{name}: {said_so}")
        if not silent and f"{name}: {said_so}" not in str(self._old((*self._owner(entry), "notes"))):
            self._say(row.number, f"{entry.id}: {name} goes to the notes: {short(words)}", "notes")
        return True

    # --- values with a form ---

    def _audience(self, row: Row, entry: MselRow, path: Path, was: str, now: str) -> None:
        found, unknown = audiences(self._scenario, now)
        if unknown or not found:
            names = [team.short for team in self._scenario.teams]
            hint = did_you_mean(unknown[0], names) if unknown else ""
            why = f"no such team or role{hint}" if now else "it cannot be empty"
            self._open(row, entry, "to", f"{why}; left as it was", now)
        elif entry.kind == "inject":
            self._set(row, entry, "to", (*path, "to"), found, was, now)
        elif len(found) > 1 or found == ["all"]:
            self._open(row, entry, "to", "a decision is put to one team; left as it was", now)
        else:
            team, _, role = found[0].partition("/")
            self._set(row, entry, "to", (*path, "team"), team, was, now)
            if role or self._old((*path, "role")):
                self._found.edits.append(SetValue((*path, "role"), role or None, _before("role")))

    def _content(self, row: Row, entry: MselRow, path: Path, was: str, now: str) -> None:
        content = request_content(self._scenario, entry.place, now)
        if isinstance(content, str):
            self._open(row, entry, "message", content, now)
            return
        old = self._old((*path, "request", "content")) or {}
        if not old:
            self._open(row, entry, "message", "the request has no content yet; write it in the scenario's file", now)
            return
        parted = [id for id in {**old, **content} if str(old.get(id) or "").strip() != content.get(id, "")]
        places: list[Path] = [(*path, "request", "content", id) for id in parted]
        self._found.edits += [SetValue(place, content.get(str(place[-1])), tuple(old)) for place in places]
        self._say(row.number, f"{entry.id}: {shown(_HEADINGS['message'], was, now)}")

    def _time(self, row: Row, entry: MselRow, was: str) -> None:
        value = self._cell(row, "time")
        story = story_time(value)
        if story is None:
            why = "left as it was" if value is None else "not a time such as T+1:30; left as it was"
            self._open(row, entry, "time", why, said(value))
            return
        path, now = self._place(entry), format_exercise_time(story)
        if entry.kind in _TIMES:
            self._set(row, entry, "time", (*path, *_TIMES[entry.kind]), now, was, now)
        elif entry.kind in ("inject", "decision"):
            self._trigger(row, entry, path, story, was)
        elif entry.kind == "request":
            if self._times.get(entry.id.rpartition("/")[0]) != story:
                self._open(row, entry, "time", "it comes with its inject, whose own row says when", now)
        else:
            self._open(row, entry, "time", "it follows from the moves; change those", now)

    def _trigger(self, row: Row, entry: MselRow, path: Path, story: int, was: str) -> None:
        old = self._old(path)
        now = format_exercise_time(story)
        if "follows" in old and self._times.get(str(old["follows"])) == story:
            return  # Moved together with what it follows.
        first = next((key for key in ("follows", "move") if key in old and "at" not in old), None)
        edits: list[Edit] = (
            [Rename((*path, first), "at", now)] if first else [SetValue((*path, "at"), now, _before("at"))]
        )
        if first == "move":
            edits.append(SetValue((*path, "minute"), None))
        self._found.edits += edits
        self._say(row.number, f"{entry.id}: {shown('Exercise time', was, now)}")

    # --- rows ---

    def _brought_before(self, row: Row, ids: set[str]) -> MselRow | None:
        """The inject that an earlier import made of this row, where the same sheet is brought back once more."""
        subject, message = (even(said(self._cell(row, key))) for key in ("subject", "message"))
        words = [subject or message, message or subject]
        if not all(words):
            return None
        others = (entry for entry in self._known.values() if entry.kind == "inject" and entry.id not in ids)
        return next((one for one in others if [one.cells.get("subject"), one.cells.get("message")] == words), None)

    def _new(self, row: Row, id: str, behind: int, taken: set[str], copied: Row | None) -> None:
        cells = {key: said(self._cell(row, key)) for key in self._heading.columns}
        others = [(text or f"Column {n + 1}", said(row.at(n))) for n, text in self._heading.others if said(row.at(n))]
        words = " · ".join(text for key, text in cells.items() if text and key != "id")
        if not words and not others and not id:
            return
        if copied is None and id in (self._exported or {}):
            gone = f"{id}: taken out of the scenario since the sheet was exported; not brought back"
            self._say(row.number, f"{gone}: {short(words)}", "open")
            return
        if what := no_inject(cells, id, copied is not None):
            self._say(row.number, f"{what}: {short(' · '.join((words, *(text for _, text in others))))}", "open")
            return
        made = fresh_inject(self._scenario, row.number, cells, others, self._cell(row, "time"), id, taken)
        if copied is not None:
            self._say(row.number, f"has the ID of row {copied.number} ({id}); taken as a new inject", "notes")
        self._found.edits.append(AddItem(("injects",), behind, made.data, made.comments))
        self._say(row.number, f"new inject '{made.data['id']}': {short(made.data['title'])}", "new")
        for comment in made.comments:
            self._say(row.number, f"{made.data['id']}: {comment}", "notes")

    def _missing(self, seen: Mapping[str, Row], drop: bool) -> None:
        # What came into the scenario after the sheet went out was never in it.
        missing = [
            row
            for id, row in self._known.items()
            if id not in seen and (self._exported is None or id in self._exported)
        ]
        if drop and missing and not self._whole:
            raise UsageError(
                "The rows STARTEX and ENDEX are gone from the sheet, so it cannot be told whether it held every team's "
                "rows; put one back, or leave --drop-missing out."
            )
        gone = {row.id for row in missing}
        for row in missing:
            if any(row.id.startswith(f"{id}/") for id in gone):
                continue  # A deadline or a request goes and stays with the row that it belongs to.
            name = f"{row.id}: {row.cells.get('subject', '')}"
            if not drop or row.kind not in ("inject", "decision"):
                stays = "it stays in the scenario" + ("" if drop or row.kind not in ("inject", "decision") else _ASK)
                self._say(0, f"not in the sheet any more: {name}; {stays}", "missing")
                continue
            self._found.edits.append(DropItem((_LISTS.get(row.kind, "injects"),), row.place))
            self._say(0, f"taken out: {name}")
            path = self._place(row)
            self._found.edits = [
                edit for edit in self._found.edits if isinstance(edit, AddItem | DropItem) or edit.path[:2] != path
            ]

    # --- places ---

    def _place(self, entry: MselRow) -> Path:
        return (_LISTS.get(entry.kind, "injects"), entry.place)

    def _owner(self, entry: MselRow) -> tuple[str, int]:
        return _LISTS.get(entry.kind, "injects"), entry.place

    def _old(self, path: Sequence[str | int]) -> Any:
        here: Any = self._data
        for step in path:
            try:
                here = here[step]
            except (KeyError, IndexError, TypeError):
                return None
        return here

    def _write_notes(self) -> None:
        for owner in {**self._own_notes, **self._notes}:
            old = str(self._old((*owner, "notes")) or "").strip()
            base = wrapped_like(old, self._own_notes[owner][1]) if owner in self._own_notes else old
            # A sheet that comes back a second time finds its words there already.
            new = [words for words in self._notes.get(owner, ()) if words not in base and joined(words) not in base]
            text = "\n\n".join(filter(None, (base, *new)))
            if text != old:
                self._found.edits.append(SetValue((*owner, "notes"), text or None, _before("notes")))
                if owner in self._own_notes:
                    id = self._old((*owner, "id"))
                    self._say(self._own_notes[owner][0], f"{id}: {shown('Notes', joined(old), base)}")


_A: Mapping[str, str] = {"move": "a move", "plenary": "a plenary", "startex": "STARTEX", "endex": "ENDEX"}
"""Rows that have no notes."""
_ASK = " (--drop-missing takes it out)"


def _said(row: Row) -> list[str]:
    return [said(value) for value in row.values]


def _before(key: str) -> tuple[str, ...]:
    return _KEYS[: _KEYS.index(key)] if key in _KEYS else ()
