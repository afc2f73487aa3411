"""How far a log can be vouched for, from the weakest claim to the strongest, and the first entry that does not fit.

A chain alone shows slips and clumsy changes: whoever can write the file can make the chain anew. Against that stand a
head hash noted at ENDEX, and a seal.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from exercise.core.text import clean_text
from exercise.errors import ExerciseError, LogError, UsageError
from exercise.language import _
from exercise.session.chain import Finding, Row, entries_of, first_break, first_out_of_order, has_odd_numbers, row
from exercise.session.collector import collector_paused
from exercise.session.legal import facts_are_there, first_illegal, words_are_there
from exercise.session.log import DIGEST, RULES, Header, LoadedLog, line_hash, read_header, read_log
from exercise.session.logfile import raw_lines
from exercise.session.openings import Opening, read_opening
from exercise.session.seal import public_of
from exercise.session.sealed import SealFound, of_whom, seals_in
from exercise.session.vouching import not_vouched, vouched

_CONCEALED = re.compile(DIGEST.pattern.encode())

LEAST_HEAD = 8
"""A head read from a screen may be given by its beginning, of at least so many digits."""


@dataclass(frozen=True, slots=True)
class Check:
    """One claim: whether it holds, or None where nothing could be said, and why."""

    name: str
    holds: bool | None
    text: str


@dataclass(frozen=True, slots=True)
class Account:
    """What was looked at and found; `head` is the hash of the last entry's line."""

    name: str
    entries: int
    head: str
    checks: tuple[Check, ...]
    findings: tuple[Finding, ...]
    vouches: tuple[str, ...] = ()
    """In whole sentences, what may be relied on after these checks."""
    does_not_vouch: tuple[str, ...] = ()
    """And what nothing of this shows."""

    @property
    def ok(self) -> bool:
        """Whether nothing speaks against the log."""
        return all(check.holds is not False for check in self.checks)

    def lines(self) -> list[str]:
        """The account for people."""
        signs = {True: "ok", False: "FAILED", None: "–"}
        return [f"{check.name}: {signs[check.holds]}: {check.text}" for check in self.checks] + [f"head: {self.head}"]

    def as_data(self) -> dict[str, Any]:
        """The account for programs."""
        return {"ok": self.ok, **asdict(self)}


def verify(
    source: Path | Sequence[str],
    head: str | None = None,
    rules: bool = False,
    *,
    name: str = "",
    key: str | None = None,
) -> Account:
    """Looks at a log file, or at its lines; raises only where there is no log to look at.

    `head` is the hash that screens showed at ENDEX, `key` the one that must have sealed it, by its digits or its file;
    `rules` asks in addition whether each step was legal.
    """
    wanted = None if key is None else public_of(key)
    if isinstance(source, Path):
        raw = raw_lines(source)
        name = name or str(source)
    else:
        raw = [line.encode() for line in source]
    if not raw:
        raise LogError(f"{name or 'log'}: there is no line in it")
    with collector_paused():
        return _Verifier(name or "log", raw).account(None if head is None else _head(head), rules, wanted)


def lines_of(log: LoadedLog) -> list[str]:
    """The lines of a log that was read, as `verify` takes them."""
    return [log.header_line, *log.lines, *(opening.line() for opening in log.openings.values())]


class _Verifier:
    def __init__(self, name: str, raw: Sequence[bytes]) -> None:
        if raw[0].endswith(b"\r"):
            raise LogError(f"{name}:1: the line ends were changed to Windows ones (CRLF); change them back to LF")
        self.name = name
        self.header_text = raw[0].decode(errors="replace")
        self.header: Header | None = None
        self.trouble = ""
        try:
            self.header = read_header(raw[0].decode())
        except (LogError, UnicodeDecodeError) as error:
            if b'"exercise-log":' not in raw[0] or "update the program" in str(error):
                raise LogError(f"{name}:1: {error}") from None
            self.trouble = "the header cannot be read"
        self.rows: list[Row] = []
        self.openings: list[tuple[int, bytes]] = []
        odd = has_odd_numbers(raw)
        for number, line in enumerate(raw[1:], start=2):
            # A line that lost its beginning is told by what else it holds: no text can hold an unescaped quote.
            if line.startswith(b'{"seq":') or (
                not line.startswith(b'{"open":') and (b'"salt":' not in line or b'"prev":' in line)
            ):
                self.rows.append(row(number, line, odd))
            else:
                self.openings.append((number, line))
        self.entries = entries_of(self.rows)
        self.findings: list[Finding] = []
        self.sealed: SealFound | None = None
        """The seal that reaches furthest and holds."""
        self.compared = 0
        """The entry whose head was given."""
        self.missing = 0
        self.whole = True

    def account(self, head: str | None, rules: bool, key: str | None) -> Account:
        checks = [self._chain()]
        sound = self.whole = checks[0].holds is True
        checks.append(self._openings())
        checks.append(self._order() if sound else Check("order", None, "not looked at, since the chain is broken"))
        last = self.entries[-1].hash if self.entries else line_hash(self.header_text)
        checks.append(self._head(head, last))
        checks.append(self._seal(key))
        if rules:
            whole = all(check.holds is not False for check in checks)
            checks.append(self._rules() if whole else Check("rules", None, "not looked at, since the log is not whole"))
        said = {check.name: check.holds for check in checks}
        return Account(
            self.name,
            len(self.entries),
            last,
            tuple(checks),
            tuple(self.findings),
            vouched(said, self.sealed, self.compared),
            not_vouched(said, self.sealed, self.compared, len(self.entries), key is not None, self.missing),
        )

    def _chain(self) -> Check:
        broken = first_break(self.rows, self.header, line_hash(self.header_text))
        if self.trouble:
            broken = Finding("changed", 0, 1, self.trouble)
        if broken is not None:
            return self._failed("chain", broken)
        ended = any(item.kind == "exercise-ended" for item in self.rows)
        until = _("with ENDEX") if ended else _("before ENDEX; whether more followed only a head or a seal can tell")
        return Check(
            "chain", True, _("consistent, {number} entries, {until}").format(number=len(self.rows), until=until)
        )

    def _order(self) -> Check:
        found = first_out_of_order(self.rows)
        return (
            self._failed("order", found) if found else Check("order", True, _("numbers and batches follow each other"))
        )

    def _openings(self) -> Check:
        owners = self._owners()
        there: set[str] = set()
        wrong: list[Finding] = []
        for number, line in self.openings:
            try:
                opening = read_opening(line.decode())
            except (LogError, UnicodeDecodeError):
                wrong.append(Finding("changed", None, number, f"line {number}: an opening cannot be read"))
                continue
            owner = owners.get(opening.digest)
            if not opening.fits():
                seq, what = (None, "an opening") if owner is None else _concealed(owner, opening.digest)
                text = f"line {number}: {what} was changed: it does not match its digest"
                wrong.append(Finding("changed", seq, number, text))
            elif owner is None:
                wrong.append(Finding("added", None, number, f"line {number}: an opening belongs to no entry"))
            there.add(opening.digest)
        if wrong:
            self.findings += wrong
            return Check("openings", False, wrong[0].text)
        missing = self.missing = len(owners.keys() - there)
        gone = _("; {missing} of {all} are not there (taken out, or cut off with the end)") if missing else ""
        gone = gone.format(missing=missing, all=len(owners))
        held = _("all {number} match their digests").format(number=len(there)) if there else _("none to look at")
        return Check("openings", True, f"{held}{gone}")

    def _owners(self) -> dict[str, str | Row]:
        """By digest, the part of the header or the entry in which it stands."""
        owners: dict[str, str | Row] = {}
        if self.header is not None:
            parts = {"scenario": self.header.content, "roster": self.header.roster, "seed": self.header.seed}
            owners |= {part.digest: name for name, part in parts.items() if part}
        for item in self.rows:
            for digest in _CONCEALED.findall(item.raw):
                owners[digest.decode()] = item
        return owners

    def _endex(self) -> int | None:
        """Place of the last entry of the batch that ended the exercise, whose hash the screens showed."""
        ended = next((item.batch for item in self.entries if item.kind == "exercise-ended"), None)
        return max((n for n, item in enumerate(self.entries, start=1) if item.batch == ended), default=None)

    def _head(self, head: str | None, last: str) -> Check:
        if head is None:
            return Check("head", None, _("no head given to compare with"))
        if last.startswith(head):
            self.compared = len(self.entries)
            return Check("head", True, "matches the head given")
        place = next((n for n, item in enumerate(self.entries, start=1) if item.hash.startswith(head)), None)
        ended = self._endex()
        if place is not None and ended is not None and place >= ended:
            self.compared = place
            which = "the head shown at ENDEX" if place == ended else f"the head of entry {place}, after ENDEX"
            return Check("head", True, f"matches {which}; entries that came after it: {len(self.entries) - place}")
        if place is not None:
            line = self.entries[place].line
            text = f"the head given is entry {place}'s; entries {place + 1} to {len(self.entries)} came after it"
            return self._failed("head", Finding("added", place + 1, line, text))
        text = "the head given is another: the log was cut short, or changed and chained anew"
        return self._failed("head", Finding("mismatch", None, None, text))

    def _seal(self, wanted: str | None) -> Check:
        broken = None if self.whole else self.findings[0].seq or 0
        try:
            seals = seals_in(self.entries, self.header, broken)
        except UsageError as error:  # The library is not here: nothing is known, and that is no fault of the log.
            return Check("seal", None if wanted is None else False, f"cannot be looked at. {error}")
        for one in seals:
            if one.wrong:
                return self._failed("seal", Finding("changed", one.changed, one.line, one.wrong))
        if wanted is not None:
            others = seals
            seals = tuple(one for one in seals if one.key.startswith(wanted))
            if not seals:
                text = f"sealed by another key: {of_whom(others[-1].key)}" if others else "there is no seal in it"
                return self._failed("seal", Finding("mismatch", None, others[-1].line if others else None, text))
        if not seals:
            return Check("seal", None, _("not sealed"))
        last = self.sealed = max(seals, key=lambda one: one.upto)
        after = len(self.entries) - last.upto
        more = _("; {number} seals hold").format(number=len(seals)) if len(seals) > 1 else ""
        text = _(
            "entries 1 to {upto} are as they were sealed with {whom}; entries that came after, seals among them: "
            "{after}"
        ).format(upto=last.upto, whom=of_whom(last.key), after=after)
        return Check("seal", True, f"{text}{more}")

    def _rules(self) -> Check:
        openings: list[Opening] = [read_opening(line.decode()) for _, line in self.openings]
        try:
            lines = [item.raw.decode() for item in self.rows]
            log = read_log(self.header_text, lines, openings, name=self.name, numbers=[item.line for item in self.rows])
            if log.header.content.digest not in log.openings:
                return Check("rules", None, "cannot be looked at: the scenario was taken out")
            if not facts_are_there(log):
                return Check("rules", None, "cannot be looked at: the hidden facts were taken out")
            found = first_illegal(log)
        except ExerciseError as error:
            return self._failed("rules", Finding("illegal", None, None, str(error)))
        except Exception as error:  # An event in the wrong place breaks the fold in as many ways as there are events.
            text = f"an entry does not fit where it stands ({type(error).__name__})"
            return self._failed("rules", Finding("illegal", None, None, text))
        made = log.header.rules
        other = "" if made == RULES else f" (made under rules {made[:20]}, looked at under rules {RULES})"
        if found is not None:
            line = self.rows[found.seq - 1].line if found.seq else None
            return self._failed("rules", Finding(found.kind, found.seq, line, found.text + other))
        seen = "" if words_are_there(log) else ", as far as can be seen without the words that were taken out"
        return Check("rules", True, f"each step is one that the rules give{seen}{other}")

    def _failed(self, name: str, finding: Finding) -> Check:
        self.findings.append(finding)
        return Check(name, False, finding.text)


def _concealed(owner: str | Row, digest: str) -> tuple[int, str]:
    """The entry in which a digest stands, and what it stands for."""
    if isinstance(owner, str):
        return 0, f"the {owner}"
    before = owner.raw.decode(errors="replace").partition(f'":{{"#":"{digest}"')[0]
    key = clean_text(before.rpartition('"')[2])[:40]
    return owner.seq or 0, f"what entry {owner.seq} has for '{key}'"


def _head(text: str) -> str:
    head = "".join(text.lower().split()).replace("-", "").replace("…", "")
    if len(head) < LEAST_HEAD or len(head) > 64 or set(head) - set("0123456789abcdef"):
        raise UsageError(f"a head is {LEAST_HEAD} to 64 digits of 0-9 and a-f, as the screens showed it at ENDEX")
    return head
