"""Playing on from a moment of a log: a new session that begins with the old lines as they were."""

from __future__ import annotations

from collections.abc import Mapping

from exercise import __version__
from exercise.core.scenario import Scenario
from exercise.errors import UsageError
from exercise.session.clock import Wall, wall_time
from exercise.session.log import RULES, Digest, LoadedLog, Parent, header_line, line_hash, read_log
from exercise.session.openings import conceal
from exercise.session.session import new_session_id
from exercise.session.store import Store, digests_in, stored


def fork(
    log: LoadedLog,
    at_seq: int,
    store: Store,
    *,
    session_id: str | None = None,
    roster: Mapping[str, str] | None = None,
    wall: Wall = wall_time,
) -> str:
    """Keeps a new session with the log's lines to the end of the batch that holds `at_seq`; returns its id.

    With `roster` others sit down to play on than played the log.

    The lines stay chained to the header they were written under, which the new header names; what is played from here
    on is chained to the new one. The commands of a batch are never cut in two.
    """
    if not 0 <= at_seq <= len(log.entries):
        raise UsageError(f"{log.name}: there is no entry {at_seq}; the log has {len(log.entries)}")
    scenario: Scenario = log.scenario
    seq = at_seq
    while 0 < seq < len(log.entries) and log.entries[seq].batch == log.entries[at_seq - 1].batch:
        seq += 1
    lines = log.lines[:seq]
    seated = conceal(dict(roster)) if roster else None
    header = log.header.model_copy(
        update={
            "roster": Digest(digest=seated.digest) if seated else log.header.roster,
            "engine": __version__,
            "rules": RULES,
            "session": session_id or new_session_id(scenario),
            "created": wall(),
            "parent": _parent(log, seq),
        }
    )
    text = header_line(header)
    wanted = digests_in((text, *lines))
    openings = [opening for digest, opening in log.openings.items() if digest in wanted]
    openings += [seated] if seated else []
    store.create(stored(read_log(text, lines, openings, name=f"fork of {log.name}"), updated=header.created))
    return header.session


def _parent(log: LoadedLog, seq: int) -> Parent:
    own = log.header
    found = Parent(session=own.session, root=line_hash(log.header_line), seq=seq, head="", parent=own.parent)
    # A log that is a fork itself, left before its own first line: then its parent's line is what was left.
    while found.parent is not None and found.parent.seq >= seq:
        found = found.parent
    head = line_hash(log.lines[seq - 1]) if seq else found.root
    return found.model_copy(update={"seq": seq, "head": head})
