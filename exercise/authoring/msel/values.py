"""What people write into cells, as the scenario's own values: times, clocks, audiences, channels, lines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta

from exercise.authoring.day_and_hour import day_and_hour
from exercise.authoring.msel.rows import audience_said
from exercise.authoring.msel.sheet import Value, said
from exercise.core.scenario import Scenario
from exercise.core.script import Channel, channel_name

__all__ = ["audiences", "channel", "clock", "folded", "lines", "parts", "since_startex", "story_time"]

_MARKED = re.compile(
    r"(?:(?:t|h|startex|start|ex)\s*)?(?P<sign>[+\-\u2212\u2013])?\s*(?P<h>\d{1,4}):(?P<m>[0-5]\d)(?::(?P<s>[0-5]\d))?"
    r"\s*(?:h|hrs?|hours?)?",
    re.IGNORECASE,
)
_UNITS = re.compile(
    r"(?:(?:t|h|startex|start|ex)\s*)?(?P<sign>[+\-\u2212\u2013])?\s*(?:(?P<d>\d{1,3})\s*d(?:ays?)?)?\s*"
    r"(?:(?P<h>\d{1,4})\s*h(?:rs?|ours?)?)?\s*(?:(?P<m>\d{1,5})\s*(?:m|min|mins|minutes?)?)?",
    re.IGNORECASE,
)
_TWELVE = re.compile(r"(\d{1,2})(?:[:.]([0-5]\d))?\s*([ap])\.?\s?m\.?", re.IGNORECASE)
_PLAIN_CLOCK = re.compile(
    r"([01]?\d|2[0-3])[:.h]([0-5]\d)(?:[:.][0-5]\d)?\s*(?:h|hrs|uhr|z|l|lt|local)?", re.IGNORECASE
)
_MILITARY = re.compile(r"([01]\d|2[0-3])([0-5]\d)\s*(?:h|hrs|hours|z|l|lt|local)?", re.IGNORECASE)
_LATEST = 9_999 * 3600


def story_time(value: Value) -> int | None:
    """Seconds since STARTEX from `T+1:30`, `1:30`, `2h 15m`, a number of minutes, or a cell that Excel made a time."""
    match value:
        case bool() | None:
            return None
        case time():
            return value.hour * 3600 + value.minute * 60 + value.second
        case timedelta():
            return _bounded(round(value.total_seconds()))
        case datetime():
            # Excel counts hours beyond a day from its own first days.
            return round((value - datetime(1899, 12, 31)).total_seconds()) if value.year < 1902 else None
        case int():
            return _bounded(value * 60)
        case float():
            # An unformatted cell with a time in it holds a share of a day.
            return _bounded(round(value * 86_400) if 0 <= value < 1 else round(value * 60))
        case str():
            return _written(value.strip())
        case _:
            return None


def since_startex(scenario: Scenario, value: Value) -> Value:
    """A date with a time that lies in the story, typed or made by Excel, as the time since its start; else as it is."""
    when = day_and_hour(value) if isinstance(value, str) else value
    if not isinstance(when, datetime):
        return value
    # A sheet knows no zones: its hours are those of the story.
    since = when.replace(tzinfo=None) - scenario.date.replace(tzinfo=None)
    moves = scenario.moves
    return since if moves[0].starts <= since.total_seconds() <= moves[-1].ends else value


def _written(text: str) -> int | None:
    # Behind a T a point can only stand between hours and minutes.
    text = re.sub(r"^(t\s*[+\-\u2212\u2013]?\s*\d{1,4})\.(?=\d\d$)", r"\1:", text, flags=re.IGNORECASE)
    match = _MARKED.fullmatch(text)
    if match is None:
        match = _UNITS.fullmatch(text) if any(letter.isdigit() for letter in text) else None
    if match is None:
        return None
    found = match.groupdict()
    hours = int(found.get("d") or 0) * 24 + int(found["h"] or 0)
    seconds = hours * 3600 + int(found["m"] or 0) * 60 + int(found.get("s") or 0)
    return _bounded(-seconds if (found["sign"] or "+") != "+" else seconds)


def _bounded(seconds: int) -> int | None:
    return seconds if -_LATEST < seconds < _LATEST else None


def clock(value: Value) -> int | None:
    """Seconds since midnight from `09:30`, `9.30`, `0930`, `9:30 pm`, or a cell that Excel made a time."""
    if isinstance(value, datetime | time):
        return value.hour * 3600 + value.minute * 60
    text = said(value)
    if twelve := _TWELVE.fullmatch(text):
        hour = int(twelve[1]) % 12 + (12 if twelve[3].lower() == "p" else 0)
        return hour * 3600 + int(twelve[2] or 0) * 60 if int(twelve[1]) <= 12 else None
    plain = _PLAIN_CLOCK.fullmatch(text) or (_MILITARY.fullmatch(text) if isinstance(value, str) else None)
    return int(plain[1]) * 3600 + int(plain[2]) * 60 if plain else None


def folded(text: str) -> str:
    """A name as it is compared: without case, accents apart, blanks and signs alike."""
    return " ".join(re.sub(r"[^\w/]|_", " ", text.casefold()).split())


def parts(text: str) -> list[str]:
    """What a cell lists: by lines and semicolons, or where there are none by commas, `and` and `&`."""
    rough = [part.strip() for part in re.split(r"[\n;]", text) if part.strip()]
    if len(rough) > 1:
        return rough
    return [part for piece in re.split(r",| & | and ", text) if (part := piece.strip())]


def lines(text: str) -> list[str]:
    """A cell's lines, each without the sign that made it an item of a list."""
    found = (re.sub(r"^(?:[-*•–]\s+)", "", line.strip()) for line in text.split("\n"))
    return [line for line in found if line]


def audiences(scenario: Scenario, text: str) -> tuple[list[str], list[str]]:
    """The audiences that a cell names, by id, and the names in it that are none."""
    known: dict[str, str] = {"all": "all", "everybody": "all", "everyone": "all", "all teams": "all"}
    for team in scenario.teams:
        for name in (team.name, team.short, team.id):
            known[folded(name)] = team.id
        for role in team.roles:
            for name in (f"{team.short}/{role.name}", f"{team.name}/{role.name}", f"{team.id}/{role.id}"):
                known[folded(name)] = f"{team.id}/{role.id}"
    for audience in list(known.values()):
        known[folded(audience_said(scenario, audience))] = audience
    # A name may have a comma of its own, so the whole is tried before its parts.
    pieces = [text] if folded(text) in known else _known_pieces(text, known)
    found = [known.get(folded(piece)) for piece in pieces]
    return list(dict.fromkeys(one for one in found if one)), [
        piece for piece, one in zip(pieces, found, strict=True) if one is None
    ]


def _known_pieces(text: str, known: Mapping[str, str]) -> list[str]:
    rough = [part.strip() for part in re.split(r"[\n;]", text) if part.strip()]
    return [piece for part in rough for piece in ([part] if folded(part) in known else parts(part))]


_METHODS: Mapping[Channel, tuple[str, ...]] = {
    Channel.EMAIL: ("email", "mail", "e mail", "inbox", "electronic mail", "outlook", "smtp", "send a mail"),
    Channel.PHONE: (
        *("telephone", "phone call", "call", "telephone call", "tel", "mobile", "cell", "voice", "radio", "sms"),
        *("text message", "text", "voip", "send an sms", "landline", "cell phone", "conference call"),
    ),
    Channel.MEDIA: (
        *("news", "tv", "television", "newspaper", "press", "social media", "twitter", "tweet", "facebook", "web"),
        *("website", "news report", "news article", "video", "broadcast", "social", "blog", "post", "radio news"),
        *("press release", "online news", "instagram", "linkedin", "media pressure", "vnn", "news broadcast"),
    ),
    Channel.SITREP: ("situation report", "report", "status report", "dashboard", "system", "ticket", "alert", "siem"),
    Channel.ADVISORY: ("bulletin", "warning", "cert advisory", "security advisory", "notice", "advisory note"),
    Channel.POLICE: ("police", "police channel", "interpol", "law enforcement"),
    Channel.DIPLOMATIC: ("note verbale", "diplomatic", "cable", "diplomatic cable", "demarche", "démarche"),
    Channel.NETWORK: (
        *("secure network", "chat", "mattermost", "teams", "slack", "signal", "secure chat", "classified network"),
        *("messenger", "whatsapp", "instant message", "im", "misp", "portal"),
    ),
    Channel.LETTER: ("paper", "hard copy", "hardcopy", "fax", "post mail", "document", "handout", "printout", "memo"),
    Channel.PERSON: (
        *("in person", "verbal", "face to face", "oral", "role player", "roleplayer", "actor", "meeting", "briefing"),
        *("brief", "verbally", "facilitator", "controller", "white cell", "slide", "visual", "walk in", "hand carried"),
    ),
}
_CHANNELS = {folded(name): sort for sort, names in _METHODS.items() for name in names} | {
    folded(name): sort for sort in Channel for name in (sort.value, channel_name(sort))
}


def channel(text: str) -> Channel | None:
    """The channel that a method means, by any usual name of it."""
    return _CHANNELS.get(folded(text))
