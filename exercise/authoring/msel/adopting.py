"""Somebody's own sheet as a draft of a scenario: each column for what it most likely is, and nothing dropped unsaid."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from exercise.authoring.importing.draft import Draft, DraftInject, DraftMove, DraftObjective, DraftTeam
from exercise.authoring.msel.bringing import headed
from exercise.authoring.msel.column_times import column_times
from exercise.authoring.msel.columns import AS_EXPORTED, EXPLAINED, OURS, Heading, heading_of, recognised
from exercise.authoring.msel.sheet import Book, Row, Sheet, Value, said
from exercise.authoring.msel.values import channel, folded, lines, parts
from exercise.authoring.nearest import did_you_mean
from exercise.core.script import Channel
from exercise.errors import UsageError

__all__ = ["Adopted", "adopt", "letter", "read_map"]

_HEADINGS = {column.key: column.heading for column in OURS} | {"date": "Date", "faction": "Faction", "tab": "Tab"}
_EVERYBODY = ("all", "everybody", "everyone", "all players", "all teams", "all participants", "players", "all groups")
_RESPONSIBLE, _STATUS, _OBJECTIVE = 120, 60, 300
_MINUTES_A_ROW, _SHORTEST, _LONGEST = 5, 15, 60
_NO_INJECTS = ("move", "plenary", "deadline", "answer due", "hot wash", "break", "lunch", "coffee break")
_BAND = re.compile(r"(?:phase|move|module|stage|session|part|day|block|vignette|act)\b", re.IGNORECASE)
"""How a row begins that heads those below it."""
_BEFORE = "The beginning"
"""What the move of the rows is called that come before the first move that the sheet names."""
_TAIL = 15 * 60
_MOST_TEAMS, _MOST_OBJECTIVES = 24, 20


@dataclass(frozen=True)
class Adopted:
    """A draft made of a sheet, with lines that say which column was taken for what."""

    draft: Draft
    taken: tuple[str, ...]
    sheet: str


def read_map(text: str) -> dict[str, str]:
    """`Time=B,Message=Text` as column of an MSEL by key, to the letter or heading of the sheet's own column."""
    found: dict[str, str] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        name, sign, column = part.partition("=")
        short = [key for key, heading in _HEADINGS.items() if heading.casefold().startswith(name.casefold())]
        key = heading_of(name) or (short[0] if len(short) == 1 and name else None)
        if not sign or not column.strip() or key is None:
            near = did_you_mean(name.strip(), _HEADINGS.values()) if key is None else ""
            known = ", ".join(column.heading for column in OURS[:14])
            raise UsageError(f"--map: '{part[:40]}' is not of the form Time=B{near}; known are: {known}.")
        found[key] = column.strip()
    return found


def letter(column: int) -> str:
    """A column's letters, from its number counted from 0."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def adopt(book: Book, mapped: Mapping[str, str]) -> Adopted:
    """A draft of the sheet that looks most like an MSEL, with its columns taken as named or as told by `mapped`."""
    sheet, heading = _chosen(book, mapped)
    if not {"subject", "message"} & set(heading.columns):
        seen = ", ".join(f"{letter(n)} {text!r}" if text else letter(n) for n, text in enumerate(heading.texts))
        raise UsageError(
            f"{book.path}: which column has the messages? Say it with --map 'Message=…'; the columns are: {seen[:300]}."
        )
    return _Adopting(book, sheet, heading).adopted()


def _chosen(book: Book, mapped: Mapping[str, str]) -> tuple[Sheet, Heading]:
    if not mapped:
        return headed(book)
    sheet = next((one for one in book.sheets if recognised(one) and not one.hidden), None)
    sheet = sheet or next((one for one in book.sheets if one.rows and not one.hidden), None)
    if sheet is None:
        raise UsageError(f"{book.path}: there is no row with anything in it.")
    heads = recognised(sheet)
    fixed: dict[str, int] = {}
    for key, wanted in mapped.items():
        row, column = _column(sheet, heads, wanted)
        fixed[key] = column
        if heads is None and row is not None:
            heads = Heading(row.number, tuple(said(value) for value in row.values), {})
    if heads is None:
        found = recognised(sheet, fixed)
        assert found is not None
        return sheet, found
    columns = dict(fixed)
    for key, column in heads.columns.items():
        if key not in columns and column not in columns.values():
            columns[key] = column
    return sheet, Heading(heads.row, heads.texts, columns)


def _column(sheet: Sheet, heading: Heading | None, wanted: str) -> tuple[Row | None, int]:
    """A column by what heads it, or by its letters; with the row in which that heading stands."""
    rows = sheet.rows[:25] if heading is None else [row for row in sheet.rows if row.number == heading.row]
    for row in rows:
        for n, value in enumerate(row.values):
            if isinstance(value, str) and folded(value) == folded(wanted):
                return row, n
    if re.fullmatch(r"[A-Za-z]{1,2}", wanted):
        number = 0
        for sign in wanted.upper():
            number = number * 26 + ord(sign) - 64
        wide = max((len(row.values) for row in sheet.rows), default=0)
        if number > wide:
            last = f"its last one is {letter(wide - 1)}" if wide else "it is empty"
            raise UsageError(f"--map: the sheet has no column '{wanted.upper()}'; {last}.")
        return None, number - 1
    names = [said(value) for row in rows for value in row.values]
    raise UsageError(f"--map: the sheet has no column '{wanted[:40]}'{did_you_mean(wanted, names)}.")


class _Adopting:
    def __init__(self, book: Book, sheet: Sheet, heading: Heading) -> None:
        self._book, self._sheet, self._heading = book, sheet, heading
        self._draft = Draft(title=book.path.stem)
        self._report = self._draft.report
        self._rows = [row for row in sheet.rows if row.number > heading.row]
        self._teams: dict[str, DraftTeam] = {}
        self._objectives: dict[str, str] = {}
        self._moves: dict[str, list[int]] = {}
        self._move_of: dict[str, str] = {}
        self._band = ""

    def adopted(self) -> Adopted:
        draft, words = self._draft, [self._words(row) for row in self._rows]
        startex = next((n for n, row in enumerate(self._rows) if self._marks(row, "startex")), None)
        times = column_times(
            [row.at(self._heading.columns.get("time", 10**6)) for row in self._rows], self._dates(), startex
        )
        taken = [
            f"{_HEADINGS[key]}: column {letter(column)}"
            + (f" '{text}'" if (text := "".join(self._heading.texts[column : column + 1])) else "")
            + (f", read as {times.read_as}" if key == "time" else "")
            for key, column in sorted(self._heading.columns.items(), key=lambda pair: pair[1])
        ]
        others = [(letter(n), text) for n, text in self._heading.others if text]
        taken += [f"to the notes: column {place} '{text}'" for place, text in others]
        missing = [name for key, name in (("to", "To"), ("message", "Message")) if key not in self._heading.columns]
        if missing and others:
            named = ",".join(f"{name}={others[0][0]}" for name in missing[:1])
            taken.append(f"No column was taken for {' or '.join(missing)}; if one is, name it, as in --map '{named}'.")
        if times.started is not None:
            draft.date = times.started.strftime("%Y-%m-%dT%H:%M")
        self._above()
        before = ""
        for row, cells, seconds in zip(self._rows, words, times.seconds, strict=True):
            before = self._row(row, cells, seconds, before) or before
        draft.teams = list(self._teams.values())
        self._moves_made()
        draft.objectives = [DraftObjective(key, title[:200]) for key, title in self._objectives.items()]
        self._other_sheets()
        for number, formula in self._sheet.unread:
            self._report.lost(f"{self._sheet.name}, row {number}", formula, "a formula without a value in the file")
        if not draft.injects:
            below = f"below its heading in row {self._heading.row} " if self._heading.row else ""
            raise UsageError(f"{self._book.path}: {below}no row has a message.")
        return Adopted(draft, tuple(taken), self._sheet.name)

    def _words(self, row: Row) -> dict[str, str]:
        return {key: text for key, column in self._heading.columns.items() if (text := said(row.at(column)))}

    def _dates(self) -> list[Value]:
        column = self._heading.columns.get("date")
        found = [row.at(column) if column is not None else None for row in self._rows]
        # A date is written once and holds for the rows below it.
        last: Value = None
        filled: list[Value] = []
        for value in found:
            last = value if said(value) else last
            filled.append(last)
        return filled

    def _where(self, row: Row, column: int | None = None) -> str:
        return f"{self._sheet.name}, row {row.number}" + (f", column {letter(column)}" if column is not None else "")

    def _marks(self, row: Row, mark: str) -> bool:
        cells = self._words(row)
        return any(folded(cells.get(key, "")) == mark for key in ("subject", "type", "message", "number"))

    def _above(self) -> None:
        """What stands above the heading: the title, and remarks for the guide."""
        above = [row for row in self._sheet.rows if row.number < self._heading.row]
        found = [text for row in above for value in dict.fromkeys(row.values) if (text := said(value))]
        if found:
            self._draft.title = found[0][:200]
            self._draft.facilitator.append("From above the table of the sheet:\n\n" + "\n\n".join(found))
            self._report.kept(
                f"{self._sheet.name}, above the heading", "\n".join(found), "no row of an MSEL", "the guide"
            )

    def _row(self, row: Row, cells: dict[str, str], seconds: int | None, before: str) -> str:
        """Takes a row in; returns the key of the inject that it became."""
        everything = [(n, said(value)) for n, value in enumerate(row.values) if said(value)]
        if not everything:
            return ""
        band = everything[0][1] if len(everything) == 1 and seconds is None else ""
        if band and "move" not in self._heading.columns and _BAND.match(band):
            self._band = band
            self._report.kept(self._where(row), band, "a row with one cell that heads the rows below", "the move")
            return ""
        if not cells.get("subject") and not cells.get("message"):
            self._aside(row, everything, "a row without subject and message")
            return ""
        if self._marks(row, "startex") or self._marks(row, "endex"):
            self._aside(row, everything, "STARTEX and ENDEX follow from the moves")
            return ""
        if any(folded(cells.get(key, "")) in _NO_INJECTS for key in ("type", "method")):
            self._aside(row, everything, "moves, talks and deadlines are no injects")
            return ""
        if row.hidden:
            self._report.changed(
                self._where(row), cells.get("subject", ""), "hidden in the sheet, and taken all the same"
            )
        inject = self._inject(row, cells, seconds, before)
        self._draft.injects.append(inject)
        return inject.key

    def _aside(self, row: Row, everything: list[tuple[int, str]], why: str) -> None:
        text = " · ".join(words for _, words in everything)
        self._draft.facilitator.append(f"Row {row.number} of the sheet: {text}")
        self._report.kept(self._where(row), text, why, "the guide")

    def _inject(self, row: Row, cells: dict[str, str], seconds: int | None, before: str) -> DraftInject:
        columns = self._heading.columns
        message, subject = cells.get("message", ""), cells.get("subject", "")
        made = DraftInject(f"row {row.number}", subject or " ".join(message.split())[:80], message or subject, seconds)
        made.where = self._where(row)
        extra: dict[str, str] = {}
        if not subject:
            self._report.added(made.where, "a title, from the first words of the message")

        def note(key: str, why: str) -> None:
            made.notes.append(f"{_HEADINGS[key]}: {cells[key]}")
            self._report.kept(self._where(row, columns[key]), cells[key], why, "notes")

        if seconds is None:
            if "time" in cells:
                note("time", "no time that is understood")
            made.follows = before
            how = "it comes together with the row above" if before else "exercise control releases it"
            made.decide.append(f"when it comes; until then {how}.")
        made.sender = cells.get("from", made.sender)
        self._to(row, cells, made)
        method = cells.get("method", "")
        found = channel(method)
        made.channel = found or Channel.EMAIL
        if found is None:
            made.decide.append(f"by what means it comes{f'; the sheet says {method[:40]!r}' if method else ''}.")
            if method:
                note("method", "no channel known by this name; e-mail stands in")
        made.expected = lines(cells.get("expected", ""))
        objective = cells.get("objective", "")
        if objective:
            if len(objective) > _OBJECTIVE or len(self._objectives) >= _MOST_OBJECTIVES:
                note("objective", "too long or too many for objectives")
            else:
                self._objectives.setdefault(folded(objective), objective)
                extra["objective"] = objective
        for key, most in (("responsible", _RESPONSIBLE), ("status", _STATUS)):
            if len(cells.get(key, "")) > most:
                note(key, f"more than {most} characters")
            elif key in cells:
                extra[key] = cells[key]
        if "condition" in cells:
            note("condition", "a condition in words; the scenario's file has conditions of its own")
            made.decide.append("its condition (when), which the notes have in words.")
        for key in ("real", "faction", "tab", "id"):
            if key in cells:
                note(key, "no place of its own")
        if "number" in cells and cells["number"] != str(len(self._draft.injects) + 1):
            note("number", "injects are numbered in their order")
        if "type" in cells and folded(cells["type"]) not in ("inject", "injects"):
            note("type", "every row becomes an inject")
        if move := cells.get("move", self._band):
            self._moves.setdefault(move, []).extend([] if seconds is None else [seconds])
            self._move_of[made.key] = move
        for n, text in self._heading.others:
            if words := said(row.at(n)):
                made.notes.append(f"{text or f'Column {letter(n)}'}: {words}")
                self._report.kept(self._where(row, n), words, "no column of ours", "notes")
        if "notes" in cells:
            made.notes.insert(0, cells["notes"])
        if "date" in cells and self._draft.date == "":
            note("date", "no date that is understood with its time")
        made.extra = extra
        return made

    def _to(self, row: Row, cells: dict[str, str], made: DraftInject) -> None:
        for name in parts(cells.get("to", "")):
            if folded(name) in _EVERYBODY:
                made.to.clear()
                return
            team, _, role = (piece.strip() for piece in name.partition("/"))
            key = folded(team)
            if not key or (key not in self._teams and len(self._teams) >= _MOST_TEAMS):
                made.notes.append(f"To: {name}")
                self._report.kept(self._where(row, self._heading.columns["to"]), name, "too many teams", "notes")
                continue
            found = self._teams.setdefault(key, DraftTeam(key, team))
            if role and folded(role) not in [known for known, _ in found.roles]:
                found.roles.append((folded(role), role))
            made.to.append(f"{key}/{folded(role)}" if role else key)
        if not cells.get("to"):
            made.decide.append("who receives it; the sheet does not say, so all do.")

    def _moves_made(self) -> None:
        """The sheet's own moves, where they follow each other in time; else they stand in the notes."""
        spans = [(name, min(times), max(times), len(times)) for name, times in self._moves.items() if times]
        apart = all(one[2] <= two[1] for one, two in pairwise(spans))
        rising = all(one[1] < two[1] for one, two in pairwise(spans))
        if spans and apart and rising and len(spans) == len(self._moves):
            spans = [*self._before(spans[0][1]), *spans]
            for n, (name, first, last, rows) in enumerate(spans):
                start = 0 if n == 0 and first >= 0 else first
                end = spans[n + 1][1] if n + 1 < len(spans) else last + _TAIL
                minutes = min(max(_MINUTES_A_ROW * rows, _SHORTEST), _LONGEST)
                self._draft.moves.append(DraftMove(f"move {n + 1}", name[:200], start, end, minutes))
                self._report.added(
                    f"move {name!r}", f"{minutes} minutes of play; the sheet does not say how long it is played"
                )
            return
        for inject in self._draft.injects:
            if move := self._move_of.get(inject.key):
                inject.notes.append(f"Move: {move}")
                self._report.kept(inject.where, move, "the sheet's moves do not follow each other in time", "notes")

    def _before(self, first: int) -> list[tuple[str, int, int, int]]:
        """A move for the rows that come before the first that the sheet names, as a span of its own."""
        rows = [one for one in self._draft.injects if one.key not in self._move_of]
        early = [(one, one.at) for one in rows if one.at is not None and one.at < first]
        for row, _ in early:
            went = f"a move of its own, '{_BEFORE}'; give it a title"
            self._report.kept(row.where, row.title, "a row before the first move that the sheet names", went)
        times = [at for _, at in early]
        return [(_BEFORE, min(times), max(times), len(times))] if times else []

    def _other_sheets(self) -> None:
        for sheet in self._book.sheets:
            ours = sheet.name == AS_EXPORTED or (sheet.rows and said(sheet.rows[0].at(0)) == EXPLAINED)
            if sheet is self._sheet or ours:
                continue
            for row in sheet.rows:
                text = " · ".join(filter(None, map(said, row.values)))
                self._report.lost(f"{sheet.name}, row {row.number}", text, "on another sheet of the file; one is taken")
