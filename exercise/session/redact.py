"""Taking out of a log what people wrote and who they were: the openings go, the lines and their chain stay.

What was taken out cannot be brought back, nor guessed: the digests that stay in the lines are salted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from exercise.core.events import SENSITIVE
from exercise.session.log import LoadedLog
from exercise.session.logfile import write_log
from exercise.session.openings import digest_in, parse_json, places

WORDS, ROSTER, SECRETS = "words", "roster", "secrets"
"""What an opening holds: what somebody typed; who played which team; what is hidden, the scenario included."""


@dataclass(frozen=True, slots=True)
class Redaction:
    """How many openings of each kind were taken out, and how many stay."""

    taken: Mapping[str, int]
    kept: int


def redact(log: LoadedLog, path: Path, *, secrets: bool = False) -> Redaction:
    """Writes the log without people's words and the roster, with `secrets` also without scenario, seed and facts."""
    kinds = dict(kinds_of(log))
    wanted = (WORDS, ROSTER, SECRETS) if secrets else (WORDS, ROSTER)
    # An opening that belongs to nothing in the log is not kept either: nobody could say what it holds.
    kept = [opening for opening in log.openings.values() if kinds.get(opening.digest, WORDS) not in wanted]
    taken = dict.fromkeys(wanted, 0)
    for opening in log.openings.values():
        kind = kinds.get(opening.digest)
        if kind in taken:
            taken[kind] += 1
    write_log(path, log.header_line, log.lines, kept)
    return Redaction(taken, len(kept))


def kinds_of(log: LoadedLog) -> Iterator[tuple[str, str]]:
    """What each digest of a log stands for."""
    header = log.header
    for digest, kind in ((header.content, SECRETS), (header.seed, SECRETS), (header.roster, ROSTER)):
        if digest is not None:
            yield digest.digest, kind
    for line in log.lines:
        event = parse_json(line)["event"]
        for holder, key in places(event, SENSITIVE.get(event["type"], ())):
            found = digest_in(holder[key])
            if found is not None:
                yield found, SECRETS if key == "facts" else WORDS
