"""The gettext file that a translator works in: made from a scenario, and brought up to date when its texts change.

Nothing a translator wrote is thrown away: what belongs to a changed text is kept and marked as to be looked at, what
belongs to no text any more is put aside at the end, as every gettext tool does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from exercise.authoring.translations import family
from exercise.core.text import clean_text
from exercise.core.tongues import Words

if TYPE_CHECKING:
    import polib

    from exercise.core.cast import Team
    from exercise.core.scenario import Scenario

PLURALS = {
    "lv": "nplurals=3; plural=(n % 10 == 1 && n % 100 != 11 ? 0 : n != 0 ? 1 : 2);",
    "lt": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && (n%100<10 || n%100>=20) ? 1 : 2);",
    "ro": "nplurals=3; plural=(n==1 ? 0 : (n==0 || (n%100 > 0 && n%100 < 20)) ? 1 : 2);",
    "fr": "nplurals=2; plural=(n > 1);",
}
"""Rules for languages that do not do as English does; a scenario's texts have none, but editors want to know."""

_TWO = "nplurals=2; plural=(n != 1);"
_WIDTH = 100
_CONTROL = (".notes", ".responsible", ".status", ".objective")
_EVERYBODY, _HOT_WASH, _ONLY_CONTROL = "everybody", "everybody, in the hot wash", "exercise control only"

Notes = Callable[[Words], tuple[str, str, str]]
"""For a text the translator's hint, and the file and line where it stands."""


def made(
    words: Iterable[Words], language: str, title: str, notes: Notes, before: polib.POFile | None = None
) -> polib.POFile:
    """The file for a language in the order of the texts, with what an earlier one says of them."""
    import polib

    file = polib.POFile(wrapwidth=_WIDTH)
    kept = {entry.msgctxt: entry for entry in before or () if entry.msgctxt}
    moved = {(family(id), clean_text(entry.msgid).strip()): entry for id, entry in kept.items()}
    file.metadata = _metadata(language, title) | (dict(before.metadata) if before is not None else {})
    file.header = before.header if before is not None else ""
    used: set[int] = set()
    for one in words:
        if one.usual:
            continue
        found = kept.get(one.id)
        if found is None or clean_text(found.msgid).strip() != one.text:
            found = moved.get((family(one.id), one.text), found)
        entry = _entry(one, found)
        if found is not None:
            used.add(id(found))
        hint, name, line = notes(one)
        entry.comment = hint
        entry.occurrences = [(name, line)] if name else []
        file.append(entry)
    for entry in before or ():
        if id(entry) not in used and entry.msgstr:
            entry.obsolete = True
            entry.occurrences = []
            file.append(entry)
    return file


def _metadata(language: str, title: str) -> dict[str, str]:
    return {
        "Project-Id-Version": title,
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS.get(language.partition("_")[0], _TWO),
    }


def _entry(one: Words, found: polib.POEntry | None) -> polib.POEntry:
    import polib

    entry = polib.POEntry(msgctxt=one.id, msgid=one.text)
    if found is None:
        return entry
    entry.msgstr = found.msgstr
    entry.tcomment = found.tcomment
    entry.flags = [flag for flag in found.flags if flag != "fuzzy" or found.msgstr]
    source = clean_text(found.msgid).strip()
    if source != one.text and found.msgstr:
        entry.previous_msgid = found.previous_msgid or source
        if "fuzzy" not in entry.flags:
            entry.flags.append("fuzzy")
    elif "fuzzy" in entry.flags:
        entry.previous_msgid = found.previous_msgid
    return entry


def hint(scenario: Scenario, one: Words) -> str:
    """What a translator should know of a text: who reads it, and how much room there is."""
    room = f" At most {one.longest} characters." if one.longest <= 120 else ""
    return f"Read by: {reader(scenario, one)}.{room}"


def reader(scenario: Scenario, one: Words) -> str:
    """Who gets a text to read, and when it is kept back until then."""
    kind = one.id.partition(".")[0]
    place = one.place
    if one.id.endswith(_CONTROL) or "expected" in place or kind == "facilitator":
        return _ONLY_CONTROL
    if "because" in place or kind in ("facts", "hot_wash", "objectives"):
        return _HOT_WASH
    if len(place) < 2 or not isinstance(place[1], int):
        return _EVERYBODY
    row = getattr(scenario, kind)[place[1]]
    if kind == "teams":
        private = place[2] in ("brief", "directory", "roles")
        return _addressed(scenario, _seat(row, place)) if private else _EVERYBODY
    if kind == "injects":
        return _told(scenario, row.to)
    if kind == "decisions":
        return _told(scenario, _after(row, place) or (row.team,))
    if kind == "indicators":
        return _ONLY_CONTROL if row.hidden else _told(scenario, (row.team,) if row.team else ("all",))
    if kind == "matters" and "outcomes" in place:
        return _told(scenario, row.outcomes[place[3]].to) or "the team that asked"
    if kind == "matters" and place[-1] == "not_ready":
        return scenario.names.get(row.holder or "", _EVERYBODY)
    if kind == "matters" and place[-1] == "text":
        return _told(scenario, row.teams) or _EVERYBODY
    if kind == "actors" and "desk" in place:
        return "the team that asked"
    return "the team that holds it" if kind == "evidence" else _EVERYBODY


def _seat(team: Team, place: tuple[str | int, ...]) -> str:
    if place[2] == "roles" and place[-1] == "brief" and isinstance(place[3], int):
        return f"{team.id}/{team.roles[place[3]].id}"
    return team.id


def _after(decision: object, place: tuple[str | int, ...]) -> tuple[str, ...]:
    """Whom a consequence is told to, where it says so."""
    here: object = decision
    for step in place[2:-1]:
        here = here[step] if isinstance(here, tuple) and isinstance(step, int) else getattr(here, str(step), here)
    to: tuple[str, ...] = getattr(here, "to", ())
    return to


def _told(scenario: Scenario, audience: Iterable[str]) -> str:
    return ", ".join(_addressed(scenario, address) for address in audience)


def _addressed(scenario: Scenario, address: str) -> str:
    if address == "all":
        return _EVERYBODY
    team_id, _slash, role_id = address.partition("/")
    team = scenario.teams_by_id.get(team_id)
    if team is None:
        return address
    role = next((role.name for role in team.roles if role.id == role_id), "")
    return f"{team.short}: {role}" if role else team.short
