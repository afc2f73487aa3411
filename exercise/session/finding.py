"""Words looked for in a log, in what one perspective came to see: a team never finds what it was not shown.

The texts are those of its own views, so that no second list of who may see what has to be kept right. Only for
exercise control, which sees everything, are the entries themselves searched too.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from exercise.core.events import LogEntry, PlenaryOpened, ResponseChosen
from exercise.core.scenario import Scenario
from exercise.core.teamwork.events import DraftWritten
from exercise.core.text import clean_text
from exercise.language import folded
from exercise.session.perspectives import Perspective, Sight

MOST = 500
"""Places that are listed: whoever finds more writes more words."""

_OF_LINES = re.compile(r"^[ \t]*#{1,6}[ \t]+|\\$", re.MULTILINE)
"""What makes a line a heading, or ends it on purpose."""
# Bounded, so that a text made of asterisks costs no more than another.
_IN_LINES = (
    (re.compile(r"(?<!\\)\*\*(?=\S)(.{1,400}?)(?<=\S)\*\*"), r"\1"),
    (re.compile(r"(?<![\\*\w])\*(?=[^\s*])([^*]{1,400}?)(?<=\S)\*(?![*\w])"), r"\1"),
    (re.compile(r"(?<![\\_\w])_(?=[^\s_])([^_]{1,400}?)(?<=\S)_(?![_\w])"), r"\1"),
    (re.compile(r"`([^`]{1,400})`"), r"\1"),
    (re.compile(r"\\([\\*_`#>+.\-])"), r"\1"),
)
"""Marks of light Markdown that screens read and do not show."""

AROUND = 60
"""Characters shown on each side of what was found."""


class Text(NamedTuple):
    """A text somebody saw, and since when."""

    kind: str
    """message, decision, answer, request, evidence, talk, note, plenary, briefing or entry."""
    key: str
    """By which the same text is known again in another view."""
    title: str
    words: str
    exercise: int
    position: int | None = None
    """The entry it came with, where that is known."""
    seen_by: Perspective | None = None
    """Whose view it is from, where that is not whoever looks for it."""


class Found(NamedTuple):
    """A place where the words stand."""

    text: Text
    around: str
    """The words with what stands before and after them, in one line."""


class Finder:
    """Looks through one log; texts are gathered once for each perspective, when it is first asked."""

    def __init__(
        self,
        scenario: Scenario,
        entries: Sequence[LogEntry],
        sight_at: Callable[[Perspective, int], Sight],
        tell: Callable[[LogEntry], str],
    ) -> None:
        self._scenario = scenario
        self._entries = entries
        self._sight_at = sight_at
        self._tell = tell
        self._texts: dict[str, list[tuple[Text, str]]] = {}

    def find(self, whose: Perspective, words: str, teams: Iterable[Perspective] = ()) -> tuple[Found, ...]:
        """Where the words stand, in order of time; for control also in what each of `teams` saw."""
        wanted = folded(_flat(words))
        if not wanted:
            return ()
        found = []
        for text, line in self._gathered(whose, teams):
            at = folded(line).find(wanted)
            if at >= 0:
                start = max(0, at - AROUND)
                end = at + len(wanted) + AROUND
                around = ("…" if start else "") + line[start:end] + ("…" if end < len(line) else "")
                found.append(Found(text, around))
                if len(found) == MOST:
                    break
        return tuple(found)

    def place(self, whose: Perspective, found: Found) -> int:
        """The first position at which the perspective had the text with these words before it."""
        text = found.text
        if text.position is not None:
            return text.position
        whose = text.seen_by or whose
        # A text's time of the story leaves the few entries of that moment; a text that was changed later comes after.
        low = bisect_left(self._entries, text.exercise, key=lambda entry: entry.exercise)
        high = bisect_right(self._entries, text.exercise, key=lambda entry: entry.exercise)
        last = len(self._entries)
        for first, end in ((low, high), (high, last)):
            if self._has(whose, text, min(end, last)):
                return bisect_left(range(end), True, lo=first, key=lambda place: self._has(whose, text, place))
        return min(high, last)

    def _has(self, whose: Perspective, text: Text, position: int) -> bool:
        shown = _shown(self._sight_at(whose, position))
        return any((seen.key, seen.words) == (text.key, text.words) for seen in shown if seen.kind == text.kind)

    def _gathered(self, whose: Perspective, teams: Iterable[Perspective]) -> list[tuple[Text, str]]:
        kept = self._texts.get(whose.id)
        if kept is None:
            texts = list(self._for_control(teams) if whose.kind == "control" else self._of(whose))
            texts.sort(key=lambda text: (text.exercise, text.position or 0))
            kept = [(text, _flat(f"{text.title} · {text.words}")) for text in texts]
            self._texts[whose.id] = kept
        return kept

    def _of(self, whose: Perspective) -> Iterator[Text]:
        yield from _shown(self._sight_at(whose, len(self._entries)))
        for entry in self._entries:
            if isinstance(entry.event, PlenaryOpened):
                yield from self._plenary(entry, entry.event.move)
            elif whose.team:
                yield from _own(entry, whose.team)

    def _for_control(self, teams: Iterable[Perspective]) -> Iterator[Text]:
        """Every entry with what was written in it, and what it does not hold: the texts that reached the teams."""
        for entry in self._entries:
            yield Text("entry", str(entry.seq), self._tell(entry), _inside(entry), entry.exercise, entry.seq)
            if isinstance(entry.event, PlenaryOpened):
                yield from self._plenary(entry, entry.event.move)
        known = set()
        for team in teams:
            for text in _shown(self._sight_at(team, len(self._entries))):
                key = (text.kind, text.words, text.exercise)
                if text.kind in ("briefing", "message", "decision", "evidence") and key not in known:
                    known.add(key)
                    yield text._replace(seen_by=team)

    def _plenary(self, entry: LogEntry, move: str) -> Iterator[Text]:
        """What is read out to everybody, and which no view shows any more once it is over."""
        plenary = next((known.plenary for known in self._scenario.moves if known.id == move), None)
        if plenary is not None:
            words = " ".join((_drawn(plenary.text), *plenary.questions))
            yield Text("plenary", move, "Plenary", words, entry.exercise, entry.seq)


def _inside(entry: LogEntry) -> str:
    """What somebody wrote in an entry."""
    # Asking a model for a field that it does not have is slow; its dictionary is not.
    fields = entry.event.__dict__
    words = [fields.get(name, "") for name in ("free_text", "reason", "text", "why", "subject")]
    content = fields.get("content")
    words += content.values() if isinstance(content, Mapping) else ()
    return " ".join(word for word in words if isinstance(word, str) and word)


def _own(entry: LogEntry, team: str) -> Iterator[Text]:
    """What the team itself wrote and no later view shows: an answer that was put again, a draft that was put away."""
    event = entry.event
    match event:
        case ResponseChosen() if event.team == team and (event.reason or event.free_text):
            words = f"{event.free_text} {event.reason}".strip()
            yield Text("answer", f"{entry.seq}", "The team's own words", words, entry.exercise, entry.seq)
        case DraftWritten() if event.team == team:
            yield Text("note", f"{entry.seq}", "Draft", event.text, entry.exercise, entry.seq)


def _shown(sight: Sight) -> Iterator[Text]:
    """Every text of a view that somebody might look for."""
    briefing = getattr(sight.view, "briefing", None)
    if briefing is not None:
        words = " ".join(map(_drawn, (briefing.briefing, briefing.brief, *(text for _, text in briefing.roles))))
        yield Text("briefing", "", "Briefing", words, 0, 0)
    for item in sight.inbox:
        attached = " ".join(f"{title}: {_drawn(text)}" for title, text in item.attachments)
        words = f"{item.sender}: {_drawn(item.text)} {attached}".strip()
        yield Text("message", str(item.number), item.title, words, item.exercise)
    for team, decision in sight.decisions:
        title = f"{team}: {decision.title}" if team else decision.title
        options = " ".join(f"{option.title}: {_drawn(option.text)}" for option in decision.options)
        yield Text("decision", decision.id, title, f"{_drawn(decision.text)} {options}", decision.opened)
        if (answer := decision.answer) is not None:
            aside = " ".join(f"{item.why} {item.limits}" for item in answer.set_aside)
            words = f"{answer.option} {answer.reason} {aside}".strip()
            yield Text("answer", decision.id, title, words, answer.exercise)
            for place, (_, exercise, text) in enumerate(answer.followed_up):
                yield Text("answer", f"{decision.id}+{place}", title, text, exercise)
    for request in sight.requests:
        title = f"{request.kind_name}, {request.other}"
        content = " ".join(words for _, _, words, _ in request.content)
        yield Text("request", str(request.number), title, f"{request.matter} {content}".strip(), request.sent)
        for place, step in enumerate(request.steps):
            if step.text:
                yield Text("request", f"{request.number}+{place}", title, step.text, step.exercise)
    for piece in sight.evidence:
        yield Text("evidence", piece.id, piece.title, f"{piece.source}: {_drawn(piece.text)}", piece.exercise)
    for place, line in enumerate(sight.talk):
        yield Text("talk", str(place), f"{line.sender} to {line.to}", line.text, line.exercise)
    for place, (whose, note) in enumerate(sight.notes):
        by = note.who or whose
        yield Text("note", str(place), f"Note of {by}" if by else "Note", note.text, note.exercise)


@lru_cache(maxsize=4096)
def _drawn(text: str) -> str:
    """What an author wrote as screens show it; what participants write is shown with its asterisks, and stays."""
    words = _flat(_OF_LINES.sub("", text))
    for mark, inside in _IN_LINES:
        words = mark.sub(inside, words)
    return words


def _flat(text: str) -> str:
    return " ".join(clean_text(text).split())
