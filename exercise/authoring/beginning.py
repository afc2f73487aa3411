"""What a new scenario is begun from: a few answers, each checked, with something sensible where nothing is said."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from exercise.catalogue import load_catalogue
from exercise.core.commitments import Threat
from exercise.core.text import clean_text
from exercise.core.times import parse_duration
from exercise.errors import UsageError

__all__ = ["KINDS", "MOST_MOVES", "USUAL", "Plan", "TeamPlan", "plan_of", "slug", "team_of", "threats"]

KINDS = ("state", "company", "organisation")
MOST_MOVES = 3
PLENARY = 5
"""Minutes of the talk between two moves."""
USUAL = (15, 15, 12)
"""Minutes of a move where nothing is said, by how many moves there are: what the template holds fills them."""
_LEAST, _MOST = 10, 30
"""Minutes of a move: below, nobody can read and decide; above, what the template holds is too thin."""
_MOST_TEAMS = 6
_FIRST_YEAR = 2018

_ROLES = {
    "state": ("Ministry of Foreign Affairs", "Response team"),
    "company": ("Management", "Security team"),
    "organisation": ("Secretariat", "Operations desk"),
}
_TEAMS = ("Republic of Tamarne", "Republic of Velsund")
# Names that mean something else in conditions and addresses, or that the template's own actors bear.
_TAKEN = ("all", "facilitator", "norvik", "tideway-cert", "press")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)")
"""Windows lets no folder bear these names."""
_STATES = re.compile(r"^(?:(?:the )?(?:republic|kingdom|state|union|federation|principality|duchy) of )", re.IGNORECASE)


@dataclass(frozen=True)
class TeamPlan:
    """A team as it was asked for."""

    id: str
    name: str
    short: str
    kind: str
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """All answers, checked: what the template makes a scenario of."""

    id: str
    title: str
    threat: Threat
    date: datetime
    teams: tuple[TeamPlan, ...]
    minutes: int
    """Of each move."""
    moves: int


def slug(text: str, otherwise: str = "scenario") -> str:
    """A name as an id that is also a folder on every system: `Mana krīze 1` becomes `mana-krize-1`."""
    # Letters with a stroke have no plain letter inside that could be taken out.
    plain = text.translate(str.maketrans("øØłŁđĐæÆœŒßħ", "oOlLdDaAoOsh"))
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:50].strip("-") or otherwise
    return f"{name}-exercise" if _RESERVED.fullmatch(name) else name


def threats(words: str = "") -> list[Threat]:
    """The catalogue's threats that may be played, those that hold all the words; in the catalogue's order."""
    catalogue = load_catalogue()
    wanted = words.casefold().split()
    found = []
    for threat in catalogue.threats.values():
        text = f"{threat.id} {threat.says} {catalogue.instruments[threat.instrument].short}".casefold()
        if threat.playable and all(word in text for word in wanted):
            found.append(threat)
    return found


def threat_of(text: str, listed: Sequence[Threat]) -> Threat:
    """The threat that a number in a list, an id, or words that fit one alone mean."""
    if text.isdecimal() and 1 <= int(text) <= len(listed):
        return listed[int(text) - 1]
    every = threats()
    same = [threat for threat in every if threat.id.casefold() == text.casefold()]
    found = same or threats(text)
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(f"There is no threat '{_cut(text)}'; exercise commitments --threats lists them.")
    near = ", ".join(threat.id for threat in found[:6])
    raise UsageError(f"'{_cut(text)}' may be several threats ({near}{' …' if len(found) > 6 else ''}); give an id.")


def team_of(text: str, others: Iterable[TeamPlan] = ()) -> TeamPlan:
    """A team from `Name`, `Name: kind`, or `Name: kind: role, role`; a part left out gets the usual."""
    parts = [" ".join(part.split()) for part in clean_text(text).split(":")]
    name = parts[0]
    kind = (parts[1].lower() if len(parts) > 1 else "") or "state"
    if not name or len(name) > 100 or len(parts) > 3:
        raise UsageError(f"'{_cut(text)}': a team is written 'Name', or 'Name: kind: role, role'.")
    if kind not in KINDS:
        raise UsageError(f"'{_cut(kind)}' is no kind of team; known: {', '.join(KINDS)}.")
    listed = parts[2].split(",") if len(parts) > 2 else ()
    roles = tuple(dict.fromkeys(role.strip()[:100] for role in listed if role.strip())) or _ROLES[kind]
    others = tuple(others)
    if any(other.name.casefold() == name.casefold() for other in others):
        raise UsageError(f"'{_cut(name)}' is there twice; give each team a name of its own.")
    taken = {*_TAKEN, *(other.id for other in others)}
    shown = _STATES.sub("", name)
    return TeamPlan(_free(slug(shown, "team"), taken), name, _short(shown, others), kind, roles[:6])


def plan_of(
    name: str,
    title: str = "",
    threat: str = "",
    date: str = "",
    teams: Sequence[str] = (),
    minutes: str = "",
    moves: int | None = None,
    *,
    today: datetime,
) -> Plan:
    """A plan from what was said; what was not is chosen here. Raises UsageError with what to write instead."""
    made: list[TeamPlan] = []
    for text in teams or _TEAMS:
        made.append(team_of(text, made))
    if len(made) > _MOST_TEAMS:
        raise UsageError(f"The template takes {_MOST_TEAMS} teams at most; add more in the file.")
    moves = 2 if moves is None else moves
    if not 1 <= moves <= MOST_MOVES:
        raise UsageError(f"The template has 1 to {MOST_MOVES} moves; add more in the file.")
    shown = " ".join(clean_text(title).split()) or name_of(name)
    if len(shown) > 120:
        raise UsageError("A title has 120 characters at most.")
    return Plan(
        id=slug(name),
        title=shown,
        threat=threat_of(threat or "T-os2", ()),
        date=_date(date) if date else today.replace(hour=8, minute=0, second=0, microsecond=0, tzinfo=None),
        teams=tuple(made),
        minutes=_minutes(minutes, moves),
        moves=moves,
    )


def name_of(name: str) -> str:
    """A title from the name of a folder: `river-mouth` becomes `River mouth`."""
    words = " ".join(re.sub(r"[-_.]+", " ", clean_text(name)).split())
    return words[:1].upper() + words[1:] or "Untitled"


def _minutes(text: str, moves: int) -> int:
    """Minutes of each move, so that moves and the talks between them take the whole length together."""
    if not text:
        return USUAL[moves - 1]
    try:
        whole = int(text) if text.isdecimal() else parse_duration(text) // 60
    except ValueError:
        raise UsageError(f"'{_cut(text)}' is no length; write minutes, such as 45, or 1h30m.") from None
    each = (whole - PLENARY * (moves - 1)) // moves
    if not _LEAST <= each <= _MOST:
        least, most = (n * moves + PLENARY * (moves - 1) for n in (_LEAST, _MOST))
        raise UsageError(f"{_counted(moves)} take {least} to {most} minutes; '{_cut(text)}' is outside of that.")
    return each


def _counted(moves: int) -> str:
    return "1 move" if moves == 1 else f"{moves} moves"


def _date(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(f"'{_cut(text)}' is no date; write 2026-03-10 or 2026-03-10T08:00.") from None
    if found.year < _FIRST_YEAR:
        raise UsageError(f"Before {_FIRST_YEAR} the texts that the template's teams accept did not all stand yet.")
    whole_day = len(text.strip()) <= len("2026-03-10")
    return found.replace(hour=8 if whole_day else found.hour, second=0, microsecond=0, tzinfo=None)


def _short(name: str, others: Iterable[TeamPlan]) -> str:
    """A name for tables: as much of it in whole words as fits, made different from the others'."""
    words = name.split()
    while len(words) > 1 and len(" ".join(words)) > 16:
        words.pop()
    short = " ".join(words)[:16]
    taken = {other.short for other in others}
    number = 2
    while short in taken:
        short = f"{short[:13].rstrip(' 0123456789')} {number}"
        number += 1
    return short


def _free(name: str, taken: set[str]) -> str:
    number = 2
    found = name
    while found in taken:
        found = f"{name}-{number}"
        number += 1
    return found


def _cut(text: str) -> str:
    line = " ".join(clean_text(text).split())
    return line if len(line) <= 40 else f"{line[:39]}…"
