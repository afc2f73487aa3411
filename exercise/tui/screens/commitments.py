"""The texts to look up: what each clause asks and how conduct keeps it or not, searched by any word."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date as Date

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.events import DescendantFocus
from textual.widgets import Input, OptionList, Static

from exercise.core.commitments import (
    AREA_OF_KIND,
    CEILINGS,
    CERTAINTIES,
    FORCES,
    Commitment,
    Instrument,
    Profile,
    Testable,
)
from exercise.core.reference import Reference, Standing
from exercise.language import N_, Told, _, folded
from exercise.tui.screens.base import ExerciseScreen
from exercise.tui.widgets.choices import Choices
from exercise.tui.widgets.line import Line
from exercise.tui.widgets.prose import ProseView, safe
from exercise.tui.widgets.words import plain

_HELP = N_("""
These are the texts that conduct is held against, clause by clause, in the project's own words.

Type any words to narrow the list; all of them have to be found. **Down** or **enter** goes to the list, **/** back to
the search, **tab** to the text.

Each clause says what it asks, and what *honours*, *neglects* or *breaches* it. Where the reference says so itself, it
is named as its source; elsewhere it is this project's reading. How far a text binds bounds the grades that may be
given under it: only a treaty can be breached by oversight.
""")

_SHORT: Mapping[Standing, str] = Told(
    {
        "applies": "",
        "observed": "observed",
        "outside-profile": "not accepted",
        "outside-period": "not in force",
        "context": "context",
    }
)
_STANDING: Mapping[Standing, str] = Told(
    {
        "observed": "observed, not scored, for this team",
        "outside-period": "did not hold for this team on the exercise's date",
        "context": "context: shown, never scored",
    }
)


class CommitmentsScreen(ExerciseScreen[str]):
    """Shows a profile's texts, or all; with `select`, which may say what for, enter returns the clause's id."""

    CSS_PATH = "commitments.tcss"
    TITLE_WORDS = N_("The texts")
    HELP = _HELP
    BINDINGS = [
        Binding("slash", "search", "Search", key_display="/"),
        Binding("f", "narrow", "Only this text"),
    ]

    def __init__(
        self,
        reference: Reference,
        profile: tuple[Profile, ...] | None = None,
        date: Date | None = None,
        select: str | bool | None = None,
        *,
        at: str | None = None,
    ) -> None:
        super().__init__()
        self._reference = reference
        self._select = select
        self._at = at
        self._only: str | None = None
        self._standing: dict[str, Standing] = {}
        if profile is None:
            self._ids = tuple(reference.commitments)
        else:
            held = {entry.instrument for entry in profile}
            self._ids = tuple(id for id, item in reference.commitments.items() if item.instrument in held)
            if date is not None:
                known = reference.standings(profile, date)
                self._standing = {id: known[id] for id in self._ids}
            if select:
                self._ids = tuple(i for i in self._ids if self._standing.get(i, "applies") in ("applies", "observed"))
        self._whole = profile is None
        self._haystack = {id: _searchable(reference, id) for id in self._ids}

    def body(self) -> ComposeResult:
        whose = _("The texts") if self._whole else _("Your team's texts")
        if self._select:
            whose = self._select if isinstance(self._select, str) else _("Choose a clause")
        yield Static(safe(whose, "bold"), id="look-title", markup=False)
        yield Input(placeholder=_("Search: police channel, article 29, se-p7 …"), id="look-search", max_length=80)
        with Horizontal(id="look-body"):
            yield Choices(id="look-list")
            yield ProseView(id="look-text")

    def on_mount(self) -> None:
        self._rows = self.query_one(Choices)
        self._text = self.query_one(ProseView)
        self._show()
        if self._at is not None:
            self._rows.choose(self._at)
            self._rows.focus()
        self.say("")

    def hint(self) -> str:
        end = _("enter takes the clause") if self._select else _("arrows choose a clause")
        if isinstance(self.focused, Input):
            return _("type to search · {end} · esc goes back").format(end=end)
        return _("/ searches · {end} · f only this text · esc goes back").format(end=end)

    @on(DescendantFocus)
    def _other_keys(self) -> None:
        self.refresh_hint()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        # In the search they are letters like any other.
        return action not in ("search", "narrow") or not isinstance(self.focused, Input)

    def action_search(self) -> None:
        self.query_one(Input).focus()

    def action_narrow(self) -> None:
        """Only the instrument of the chosen clause, or all again."""
        chosen = self._rows.chosen
        self._only = None if self._only or chosen is None else self._reference.commitments[chosen].instrument
        self._show()

    def key_down(self) -> None:
        """From the search into the list."""
        if isinstance(self.focused, Input):
            self._rows.focus()

    @on(Input.Changed)
    def _searched(self) -> None:
        self._show()

    @on(Input.Submitted)
    def _to_list(self) -> None:
        self._rows.focus()

    @on(OptionList.OptionHighlighted)
    def _chosen(self) -> None:
        self._read()

    @on(OptionList.OptionSelected)
    def _taken(self) -> None:
        chosen = self._rows.chosen
        if self._select and chosen is not None:
            self.dismiss(chosen)
        else:
            self._text.focus()

    def _show(self) -> None:
        words = folded(self.query_one(Input).value).split()
        rows: list[tuple[str, Line]] = []
        last = ""
        for id in self._ids:
            item = self._reference.commitments[id]
            if (self._only and item.instrument != self._only) or not all(word in self._haystack[id] for word in words):
                continue
            if item.instrument != last:
                last = item.instrument
                text = self._reference.instruments.get(last)
                rows.append((f"#{last}", Line(safe(text.short if text else last))))
            apart = _SHORT[self._standing.get(id, "applies")]
            rows.append((id, Line(safe(f"  {item.title}"), Content.styled(apart, "$foreground 65%"))))
        self._rows.show(rows or [("#none", Line(Content(_("Nothing found; try another word."))))])
        if self._rows.highlighted is None and rows:
            self._rows.action_first()
            self._rows.scroll_home(animate=False)
        self._read()

    def _read(self) -> None:
        chosen = self._rows.chosen
        self._text.show(clause_text(self._reference, chosen, self._standing.get(chosen)) if chosen else "")


def clause_text(reference: Reference, id: str, standing: Standing | None = None) -> str:
    """All that the reference holds about a clause, as light Markdown."""
    item = reference.commitments[id]
    text = reference.instruments.get(item.instrument)
    where = plain(text.title if text else item.instrument)
    lines = [f"## {plain(item.title)}", "", f"{where}, {plain(item.clause)}"]
    if standing is not None and standing in _STANDING:
        lines += ["", f"**{_STANDING[standing].capitalize()}.**"]
    lines += ["", item.says, ""]
    reading = _("as the reference has it") if item.reading == "reference" else _("this project's reading")
    said = ((_("● Honours"), item.honours), (_("○ Neglects"), item.neglects), (_("✕ Breaches"), item.breaches))
    for word, conduct in said:
        if conduct:
            lines += [f"**{word}:** {plain(conduct)}", ""]
    if item.honours or item.neglects or item.breaches:
        lines += [_("*What honours, neglects or breaches it: {reading}.*").format(reading=reading), ""]
    lines += ["---", ""]
    lines += [f"- {line}" for line in _facts(reference, item, text)]
    for note in (*item.facts, *item.notes):
        lines.append(f"- {plain(note)}")
    return "\n".join(lines)


def _facts(reference: Reference, item: Commitment, text: Instrument | None) -> list[str]:
    first = item.in_force_from or (text and (text.in_force_from or text.adopted))
    last = item.in_force_until or (text and text.in_force_until)
    period = _("from {isoformat}").format(isoformat=first.isoformat()) if first else _("first day not established")
    period += _(" until {isoformat}").format(isoformat=last.isoformat()) if last else ""
    force = reference.force(item.id)
    facts = [
        _("**Id:** {id} · **Area:** {value}").format(id=item.id, value=_(AREA_OF_KIND[item.kind].value)),
        _("**Force:** {force}").format(force=f"{FORCES[force]}: {CEILINGS[force]}"),
        _("**In force:** {period}").format(period=period),
    ]
    addressees = item.addressees or (text.addressees if text else "")
    if addressees:
        facts.append(_("**Addressed to:** {addressees}").format(addressees=plain(addressees)))
    if item.test is not Testable.TURN:
        what = _("posture before or after the crisis") if item.test is Testable.POSTURE else _("context, never scored")
        facts.append(_("**In an exercise:** {what}").format(what=what))
    note = f" ({plain(item.certainty_note)})" if item.certainty_note else ""
    facts.append(_("**How certain:** {certainty}{note}").format(certainty=CERTAINTIES[item.certainty], note=note))
    if item.related:
        facts.append(_("**Beside it:** {related}").format(related=plain(", ".join(item.related))))
    return facts


def _searchable(reference: Reference, id: str) -> str:
    item = reference.commitments[id]
    text = reference.instruments.get(item.instrument)
    parts = (id, item.title, item.clause, item.says, item.honours, item.neglects, item.breaches, item.kind.value)
    return folded(" ".join((*parts, text.title if text else "", text.short if text else "")))
