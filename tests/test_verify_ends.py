"""What `verify` says of the lines that a chain does not cover, and of lines that are none of its own."""

from __future__ import annotations

import pytest
from test_log import failed, played, rechained

from exercise.session.log import RULES
from exercise.session.verify import lines_of, verify


def test_nobody_vouches_for_the_last_entry_without_a_head() -> None:
    """Protects from false comfort: the last line may be another or gone, and the words leave it and the end open."""
    log = played()
    lines, many = lines_of(log), len(log.lines)
    last = [*lines[:many], lines[many].replace(":se-p7:", ":se-p8:"), *lines[many + 1 :]]
    openings = [opening.line() for digest, opening in log.openings.items() if digest not in log.lines[-1]]
    gone = [*lines[:many], *openings]

    for changed, number in ((last, many), (gone, many - 1)):
        account = verify(changed)
        assert changed != lines and account.ok
        assert account.vouches[0].startswith("No line before the last entry was changed")
        limits = " ".join(account.does_not_vouch)
        assert f"the last entry, {number}, is as it was written" in limits
        assert "none was cut off after it" in limits and "--head" in limits and "--rules" in limits
        assert not verify(changed, head=log.head).ok


def test_the_rules_look_at_the_marks_in_the_last_entry() -> None:
    """Protects what the words send people to: marks changed in a log's last line are found by `--rules`."""
    log = played()
    marks = next(n for n, line in enumerate(log.lines) if '"marks-proposed"' in line)
    before = [log.header_line, *log.lines[:marks]]
    there = "".join([*before, log.lines[marks]])
    openings = [opening.line() for digest, opening in log.openings.items() if digest in there]
    honest, changed = (
        verify([*before, line, *openings], rules=True)
        for line in (log.lines[marks], log.lines[marks].replace('"honoured"', '"neglected"'))
    )

    assert honest.checks[-1].holds and failed(changed) == ("rules", "illegal", marks + 1)


def test_marks_of_endex_are_neither_left_out_nor_said_to_be_of_older_rules() -> None:
    """Protects the same marks from two ways round: a last line that is gone, and one that names other rules."""
    log = played()
    marks = next(n for n, line in enumerate(log.lines) if '"marks-proposed"' in line)
    before = [log.header_line, *log.lines[:marks]]
    openings = [opening.line() for digest, opening in log.openings.items() if digest in "".join(before)]
    older = log.lines[marks].replace(f'"rules":"{RULES}"', '"rules":"2"').replace('"honoured"', '"neglected"')
    assert older.count('"rules":"2"') == 1

    assert failed(verify([*before, *openings], rules=True)) == ("rules", "illegal", marks)
    assert failed(verify([*before, older, *openings], rules=True)) == ("rules", "illegal", marks + 1)


def test_a_head_covers_the_last_entry_too() -> None:
    """Protects who noted the head: nothing is left open that it covers."""
    log = played()

    account = verify(lines_of(log), head=log.head, rules=True)

    assert not any("last entry" in sentence or "--rules" in sentence for sentence in account.does_not_vouch)


@pytest.mark.parametrize("stray", ["junk here", '{"a":1}', "", '{"a":1', "[1]"])
@pytest.mark.parametrize("end", [True, False])
def test_stray_lines_at_the_end_are_no_entries(stray: str, end: bool) -> None:
    """Protects who looks for what was done: an appended line is told by its number, and no entry as changed."""
    log = played()
    lines = lines_of(log) if end else [log.header_line, *log.lines]
    at = len(lines) + 1

    one, two = verify([*lines, stray]), verify([*lines, stray, stray])

    assert one.checks[0].text == f"a line that is no entry was added at line {at}"
    assert two.checks[0].text == f"2 lines that are no entries were added, the first at line {at}"
    assert failed(one) == failed(two) == ("chain", "added", len(log.lines) + 1)
    assert one.entries == two.entries == len(log.lines) and one.head == two.head == log.head
    assert verify([*lines, stray], head=log.head).checks[3].holds is True


def test_two_logs_in_one_file_are_told_as_two() -> None:
    """Protects who joined files: the second log is named by its line, and neither counted nor told as a copy."""
    log, other = played(), rechained(played(), lambda seq, data: None)
    lines = lines_of(log)

    for second in (lines, other):
        account = verify([*lines, *second])
        assert account.checks[0].text == f"another log begins at line {len(lines) + 1}: several were joined in one file"
        assert failed(account) == ("chain", "added", len(log.lines) + 1)
        assert (account.entries, account.head) == (len(log.lines), log.head)


def test_stray_lines_in_the_middle_are_counted() -> None:
    """Protects the same in the middle, where two blank lines were once told as an entry that was changed."""
    lines = lines_of(played())

    account = verify([*lines[:9], "", "", *lines[9:]])

    assert account.checks[0].text == "2 lines that are no entries were added, the first at line 10"
    assert account.entries == len(played().lines)


@pytest.mark.parametrize("part", [0.02, 0.05, 0.3, 0.6, 0.9, 0.999])
def test_a_file_cut_in_mid_line_says_so(part: float) -> None:
    """Protects who copied only half a file: it is told as cut off, wherever in the line, and not as a forgery."""
    lines = lines_of(played())
    cut = lines[20][: max(2, int(len(lines[20]) * part))]

    account = verify([*lines[:20], cut])

    assert account.checks[0].text == "the entries end inside entry 20: it was cut off there"
    assert failed(account) == ("chain", "dropped", 20)
    assert account.entries == 19


def test_an_entry_that_cannot_be_read_is_still_one_that_was_changed() -> None:
    """Protects the difference: bytes changed inside the last entry or another are no stray line and no cut."""
    log = played()
    many = len(log.lines)
    for seq in (20, many):
        lines = lines_of(log)
        lines[seq] = lines[seq].replace('"play"', '"pl}y', 1)
        assert verify(lines).checks[0].text == f"entry {seq} was changed and cannot be read"
        assert verify(lines).entries == many
        lines[seq] = lines_of(log)[seq] + "junk"
        assert verify(lines).checks[0].text == f"entry {seq} was changed and cannot be read"
