"""What each pane of the replay lists, from what a perspective saw: rows, and what is read beside each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TypeVar

from textual.content import Content

from exercise.core.reference import Reference
from exercise.core.views import (
    DecisionView,
    EvidenceView,
    FacilitatorView,
    IndicatorView,
    JournalLine,
    MselRow,
    ParticipantView,
)
from exercise.language import Told, _, ngettext
from exercise.session.perspectives import Sight
from exercise.tui.console.msel import Names, Pacing, detail, names_of
from exercise.tui.replay.changes import Change
from exercise.tui.widgets.inbox import letter
from exercise.tui.widgets.indicators import number
from exercise.tui.widgets.prose import safe
from exercise.tui.widgets.reader import Item
from exercise.tui.widgets.request_words import handling_text, request_text
from exercise.tui.widgets.telling import STATUS, change_text, course_text, decision_text
from exercise.tui.widgets.times import exercise_time
from exercise.tui.widgets.words import plain

Line = TypeVar("Line")

QUIET = "$foreground 65%"

MOST = 300
"""Rows of messages, and of words or notes, that are listed."""

NOTHING = Told(
    {
        "messages": "No messages yet.",
        "situation": "This scenario shows no indicators.",
        "decisions": "Nothing to decide yet.",
        "more": "Nothing has been said or noted yet.",
    }
)

SIGNS = {
    "phase": "┃",
    "message": "▪",
    "decision": "◇",
    "answer": "◆",
    "lapse": "○",
    "indicator": "↕",
    "request": "»",
    "evidence": "▣",
    "talk": "“",
    "note": "✎",
    "seat": "◦",
    "control": "•",
    "other": "·",
}
"""The sign before each kind of change."""


def panes_of(sight: Sight, current: str, width: int) -> tuple[tuple[str, str], ...]:
    """The panes with their keys and how much is in each, as far as there is room; of all others then only the keys."""
    view = sight.view
    waiting = sum(decision.status == "open" for _unused, decision in sight.decisions)
    first = ("MSEL", _released(view)) if isinstance(view, FacilitatorView) else (_("Messages"), str(len(sight.inbox)))
    shown = [("messages", "m", *first, ""), ("situation", "s", _("Situation"), "", "")]
    if sight.whose.kind != "public":
        still = _(", {waiting} open").format(waiting=waiting) if waiting else ""
        shown += [
            ("decisions", "d", _("Decisions"), str(len(sight.decisions)), still),
            ("board", "r", _("Requests"), str(len(sight.requests)), ""),
        ]
    shown += [("more", "a", _("More"), "", ""), ("changed", "x", _("Changed"), "", "")]
    full = [(pane, f"{key} {name} {number}".rstrip() + more) for pane, key, name, number, more in shown]
    shown[-1] = ("changed", "x", _("New"), "", "")
    brief = [(pane, f"{key} {name} {number}".rstrip()) for pane, key, name, number, _unused in shown]
    bare = [(pane, f"{key} {name}") for pane, key, name, _unused, _unused in shown]
    for labels in (full, brief, bare):
        if sum(len(label) + 3 for _unused, label in labels) <= width + 1:
            return tuple(labels)
    return tuple((pane, f"{key} {name}" if pane == current else key) for pane, key, name, _unused, _unused in shown)


def _released(view: FacilitatorView) -> str:
    return f"{sum(row.status == 'released' for row in view.msel)}/{len(view.msel)}"


def items(pane: str, sight: Sight, reference: Reference, teams: Sequence[tuple[str, str]]) -> list[Item]:
    """The rows of a pane; requests and changes have lists of their own."""
    match pane:
        case "messages" if isinstance(sight.view, FacilitatorView):
            return _msel(sight.view, names_of(teams, sight.view))
        case "messages":
            return _inbox(sight)
        case "situation":
            return [*_facts(sight), *_indicators(sight)]
        case "decisions":
            ended = sight.clock.phase == "ended"
            return [_decision(team, decision, reference, ended) for team, decision in sight.decisions]
        case _:
            return _more(sight)


def newest(pane: str, sight: Sight) -> str | None:
    """The row that is new where messages are read, to be chosen as it comes."""
    if pane != "messages":
        return None
    if isinstance(sight.view, FacilitatorView):
        came = _came(sight.view)
        return f"m{came[0].inject}" if came else None
    if not sight.inbox:
        return None
    return f"m{len(sight.inbox)}"


def changed_items(
    step: str, found: Sequence[Change], sight: Sight, reference: Reference, teams: Sequence[tuple[str, str]]
) -> list[Item]:
    """What a step changed: all of it in the first row, then each change with the whole of it to read."""
    number = (
        ngettext("{count} change", "{count} changes", len(found)).format(count=len(found))
        if found
        else _("nothing changed here")
    )
    told = "\n".join(f"- {plain(change.title)}" for change in found)
    nothing = _("Nothing changed for {name}.").format(name=plain(sight.whose.name))
    head = Item(
        "x",
        safe(f"{step}: {number}", "bold"),
        Content(""),
        partial(str, f"**{step}**\n\n{told or nothing}"),
    )
    return [
        head,
        *(
            Item(
                f"x{place}",
                Content.assemble((f"{SIGNS.get(change.kind, '·')} ", "$primary"), safe(change.title)),
                Content(""),
                partial(_read, change, sight, reference, teams),
                chart=_chart(change, sight),
                until=sight.clock.exercise,
            )
            for place, change in enumerate(found)
        ),
    ]


def _chart(change: Change, sight: Sight) -> IndicatorView | None:
    return sight.indicators[int(change.key)] if change.kind == "indicator" else None


_STARTS = {"message": ("messages", "m"), "indicator": ("situation", "s"), "evidence": ("more", "e")}
_STARTS |= {"talk": ("more", "t"), "note": ("more", "n")}
_STARTS |= {kind: ("decisions", "") for kind in ("decision", "answer", "lapse")}
"""For each kind of change, the pane it stands in and how its row's id begins."""


def _read(change: Change, sight: Sight, reference: Reference, teams: Sequence[tuple[str, str]]) -> str:
    """The whole of what a change is about; worked out only when somebody reads it."""
    if change.kind == "request" and change.key:
        request = next((request for request in sight.requests if str(request.number) == change.key), None)
        if request is not None:
            return request_text(request, reference, running(sight), for_all=not sight.own)
    pane, start = _STARTS.get(change.kind, ("", ""))
    rows = items(pane, sight, reference, teams) if pane and change.key else []
    row = next((row for row in rows if row.id == f"{start}{change.key}"), None)
    return row.read() if row is not None else plain(change.title)


def running(sight: Sight) -> int | None:
    """The time of the story; none once it has ended, when no answer is late any more."""
    return sight.clock.exercise if sight.clock.phase != "ended" else None


def aside(sight: Sight) -> Content:
    """Situation and decisions in a column of their own, where there is room for it."""
    lines: list[Content] = [Content.styled(_("Situation"), "bold $primary")]
    for indicator in sight.indicators:
        lines += [safe(indicator.name), Content.assemble("  ", value(indicator))]
    if not sight.indicators:
        lines.append(Content.styled(NOTHING["situation"], QUIET))
    if sight.whose.kind == "public":
        return Content("\n").join(lines)
    lines += [Content(""), Content.styled(_("Decisions"), "bold $primary")]
    for team, decision in sight.decisions:
        whose = f"{team}: " if team else ""
        lines.append(Content.assemble(STATUS[decision.status][:2], safe(f"{whose}{decision.title}")))
    if not sight.decisions:
        lines.append(Content.styled(NOTHING["decisions"], QUIET))
    return Content("\n").join(lines)


def value(indicator: IndicatorView, word: bool = True) -> Content:
    """The value, and how it stands against its start: by a sign, and by a word where there is room."""
    first = indicator.course[0][2] if indicator.course else indicator.value
    words, style = change_text(indicator, first, indicator.value)
    shown = safe(number(indicator.value, indicator.unit))
    if words == "=":
        return shown
    end = f" {words.rpartition(' ')[2]}" if word else ""
    return Content.assemble(shown, (f" {words[0]}{end}", style))


def _inbox(sight: Sight) -> list[Item]:
    clock = sight.clock
    # Nobody opens the public's messages, so that none of them waits to be read.
    public = sight.whose.kind == "public"
    return [
        Item(
            f"m{item.number}",
            Content.assemble("✕ " if item.withdrawn else "  " if item.read or public else "● ", safe(item.title)),
            _when(item.exercise),
            partial(letter, item, clock),
        )
        for item in reversed(sight.inbox[-MOST:])
    ] + ([_older(len(sight.inbox) - MOST)] if len(sight.inbox) > MOST else [])


def _older(number: int) -> Item:
    """In place of what is not listed: nobody reads on so far, and a list of thousands would hold every key up."""
    words = _("{number} older ones are not listed. Go back in time to see them, or find their words with /.").format(
        number=number
    )
    return Item("older", safe(_("… {number} older").format(number=number), QUIET), Content(""), partial(str, words))


_STATES = {"released": "●", "withdrawn": "✕", "held": "‖", "skipped": "–", "waiting": "·"}


def _msel(view: FacilitatorView, names: Names) -> list[Item]:
    """What was released first, the newest at the top, then what is still to come."""
    pacing = Pacing.of(view.clock)
    came = _came(view)
    rest = [row for row in view.msel if row.status not in ("released", "withdrawn")]
    return [
        Item(
            f"m{row.inject}",
            Content.assemble(f"{_STATES[row.status]} ", safe(f"{row.number} {row.title}")),
            Content.styled(_comes(row), QUIET),
            partial(_inject, row, view, names, pacing),
        )
        for row in (*came, *rest)
    ]


def _came(view: FacilitatorView) -> list[MselRow]:
    """What was released, the newest first."""
    came = (row for row in view.msel if row.status in ("released", "withdrawn"))
    return sorted(came, key=lambda row: (row.exercise or 0, row.number), reverse=True)


def _comes(row: MselRow) -> str:
    """When it came, else how it stands or when it is due."""
    if row.status in ("released", "withdrawn"):
        return exercise_time(row.exercise) if row.exercise is not None else ""
    if row.status != "waiting":
        return row.status
    return exercise_time(row.due) if row.due is not None else row.waits


def _inject(row: MselRow, view: FacilitatorView, names: Names, pacing: Pacing) -> str:
    return f"## {plain(row.title)}\n\n{detail(row, view, names, pacing)}"


def _facts(sight: Sight) -> Iterator[Item]:
    view = sight.view
    if not isinstance(view, FacilitatorView):
        return
    for place, (title, worth, says) in enumerate(view.facts):
        words = _("**{title}** · {worth}\n\n{says}\n\n*Only exercise control knows this.*").format(
            title=plain(title), worth=plain(worth), says=plain(says)
        )
        yield Item(f"f{place}", safe(f"▣ {title}"), Content.styled(" ".join(worth.split()), QUIET), partial(str, words))
    if view.flags:
        words = _("**Behind the scenes**\n\n") + "\n".join(f"- {plain(flag.replace('-', ' '))}" for flag in view.flags)
        yield Item(
            "f-flags", safe(_("▣ Behind the scenes")), Content.styled(str(len(view.flags)), QUIET), partial(str, words)
        )


def _indicators(sight: Sight) -> list[Item]:
    return [
        Item(
            f"s{place}",
            safe(item.name),
            value(item),
            partial(course_text, item),
            item,
            sight.clock.exercise,
            value(item, False),
        )
        for place, item in enumerate(sight.indicators)
    ]


def _decision(team: str, decision: DecisionView, reference: Reference, ended: bool) -> Item:
    whose = f"{team}: " if team else ""
    return Item(
        decision.id,
        Content.assemble(STATUS[decision.status][:2], safe(f"{whose}{decision.title}")),
        _when(decision.opened),
        partial(decision_text, decision, team, reference, ended=ended),
    )


def _more(sight: Sight) -> list[Item]:
    """Evidence, words and notes, the newest first; then who sits where."""
    rows: list[tuple[int, Item]] = []
    talk, notes = _newest(sight.talk), _newest(sight.notes)
    for piece in sight.evidence:
        words = partial(_evidence, piece, sight.own)
        rows.append((piece.exercise, Item(f"e{piece.id}", safe(f"▣ {piece.title}"), _when(piece.exercise), words)))
    for place, line in talk:
        meant = _(", official") if line.official else ""
        words = partial(
            _said,
            _("{sender} to {to}{meant}").format(sender=line.sender, to=line.to, meant=meant),
            line.text,
            line.exercise,
        )
        title = safe(f"“ {line.sender}: {line.text}")
        rows.append((line.exercise, Item(f"t{place}", title, _when(line.exercise), words)))
    for place, (whose, note) in notes:
        words = partial(_note, whose, note)
        rows.append((note.exercise, Item(f"n{place}", safe(f"✎ {note.text}"), _when(note.exercise), words)))
    for place, (team, draft) in enumerate(sight.drafts):
        whose = (
            _("{team}, draft for {title}").format(team=team, title=draft.title)
            if team
            else _("Draft for {title}").format(title=draft.title)
        )
        words = partial(
            _said,
            f"{whose} {_('· {who} has the pen').format(who=draft.who) if draft.who else ''}",
            draft.text,
            draft.exercise,
        )
        rows.append((draft.exercise, Item(f"d{place}", safe(f"✎ {whose}"), _when(draft.exercise), words)))
    rows.reverse()
    rows.sort(key=lambda row: row[0], reverse=True)
    found = [row for _unused, row in rows]
    older = (talk[0][0] if talk else 0) + (notes[0][0] if notes else 0)
    if older:
        found.append(_older(older))
    text, questions = sight.plenary
    if text or questions:
        asked = "\n".join(f"{place}. {plain(question)}" for place, question in enumerate(questions, 1))
        found.insert(0, Item("plenary", safe(_("≡ The plenary")), Content(""), partial(str, f"{text}\n\n{asked}")))
    present = [(team, seat) for team, seat in sight.seats if seat.present]
    if present:
        lines = [f"- {plain(f'{team}: ' if team and team != seat.role else '')}**{plain(seat.role)}**"
                 + (f" {plain(seat.name)}" if seat.name else "") for team, seat in present]  # fmt: skip
        words = partial(str, _("**At the table**\n\n") + "\n".join(lines))
        found.append(Item("seats", safe(_("◦ At the table")), Content.styled(str(len(present)), QUIET), words))
    if isinstance(sight.view, ParticipantView):
        briefing = sight.view.briefing
        parts = [f"## {plain(briefing.title)}", briefing.briefing, briefing.brief]
        parts += [f"### {plain(name)}\n\n{text}" for name, text in briefing.roles]
        found.append(Item("briefing", safe(_("≡ The briefing")), Content(""), partial(str, "\n\n".join(parts))))
    return found


def _newest(lines: Sequence[Line]) -> list[tuple[int, Line]]:
    """The last lines, each with its place among all."""
    first = max(0, len(lines) - MOST)
    return list(enumerate(lines[first:], first))


def _evidence(piece: EvidenceView, own: str) -> str:
    head = [f"## {plain(piece.title)}", _("**From** {source}").format(source=plain(piece.source))]
    if piece.giver:
        head.append(_("**Given by** {giver}").format(giver=plain(piece.giver)))
    if piece.handling is not None:
        free = _(" · lifted") if piece.lifted else ""
        head.append(
            _("**Conditions:** {handling_text}{free}").format(
                handling_text=plain(handling_text(piece.handling, mine=bool(own))), free=free
            )
        )
    elif piece.conditions:
        head.append(_("**Conditions:** {conditions}").format(conditions=plain(piece.conditions)))
    return "\n\n".join((*head, "---", piece.text))


def _said(who: str, text: str, exercise: int) -> str:
    return f"**{exercise_time(exercise)}  {plain(who)}**\n\n{plain(text)}"


def _note(whose: str, note: JournalLine) -> str:
    by = note.who or whose
    about = _("\n\nAbout: {about}").format(about=plain(note.about)) if note.about else ""
    return _("**{exercise_time}  Note{format}**\n\n{text}{about}").format(
        exercise_time=exercise_time(note.exercise),
        format=_(" of {by}").format(by=plain(by)) if by else "",
        text=plain(note.text),
        about=about,
    )


def _when(exercise: int) -> Content:
    return Content.styled(exercise_time(exercise), QUIET)


def briefing_of(sight: Sight) -> str:
    """What is read before the first message."""
    view = sight.view
    if isinstance(view, ParticipantView):
        return view.briefing.briefing
    return "" if isinstance(view, FacilitatorView) else view.summary
