"""Evaluating by lines of text: everything that the evaluators' screens do, for a screen reader or a plain terminal."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from exercise.core.evaluation.commands import (
    AddMark,
    EvaluationCommand,
    FinishEvaluation,
    JudgeMark,
    SettleMark,
)
from exercise.core.evaluation.views import EvaluationView, MarkToJudge, Occasion
from exercise.core.script import Grade
from exercise.errors import CommandRejected, ExerciseError
from exercise.language import N_, _, folded
from exercise.plain.evaluation_plan import RatingsAndPlan, number_of
from exercise.plain.forms import Cancelled, Lines
from exercise.plain.grammar import Command, Commands, NotUnderstood
from exercise.plain.words import WIDTH, body, counted, heading
from exercise.session.evaluating import EvaluationDesk
from exercise.tui.evaluation import words as text
from exercise.tui.widgets.times import exercise_time

Read = Callable[[str], str]
Write = Callable[[str], None]
Send = Callable[[EvaluationCommand], None]

_NONE = ("none", "x", "not-applicable", "notapplicable")


def sit_down_by_lines(
    enter: Callable[[str, str], EvaluationDesk], name: str, here: Iterable[str], read: Read, write: Write
) -> EvaluationDesk | None:
    """Asks who evaluates for whom until a desk is there; None where it was left."""
    lines = Lines(read, write)
    lines.show(heading(_("Evaluation")))
    for line in here:
        lines.say(line)
    try:
        while True:
            delegation = lines.ask(_("Who sends you, a team or another body"), _("Give the same again to go on later."))
            if not delegation:
                continue
            called = name or lines.ask(_("Your name, which may be made up or left empty"))
            try:
                return enter(called, delegation)
            except ExerciseError as error:
                lines.say(str(error))
    except (Cancelled, EOFError, KeyboardInterrupt):
        write("")
        return None


def evaluate(desk: EvaluationDesk, read: Read, write: Write, *, send: Send | None = None, width: int = WIDTH) -> None:
    """Takes commands until `quit` or the end of the input; `send` carries a command where the desk lives elsewhere."""
    walk = _Evaluation(desk, Lines(read, write, width), send)
    try:
        walk.open()
        while walk.turn():
            pass
    except (EOFError, KeyboardInterrupt):
        write("")


class _Evaluation:
    """One evaluator at a prompt: an occasion at a time, the marks numbered as they stand."""

    def __init__(self, desk: EvaluationDesk, lines: Lines, send: Send | None) -> None:
        self._desk, self._lines, self._width = desk, lines, lines.width
        self._send = send or (lambda command: asyncio.run(desk.submit(command)))
        self._at = 0
        self._going = True
        plan = RatingsAndPlan(lines, lambda: self.view, self._send)
        self._commands = Commands(
            (
                Command("next", _("the next occasion where something is not judged"), self.next, "n"),
                Command(
                    "confirm", _("all marks here not judged, or one by its number"), self.confirm, "c", _("confirm [N]")
                ),
                Command(
                    "change", _("a mark: honoured, partly, neglected, breached or none"), self.change, "", _(_CHANGE)
                ),
                Command("show", _("a mark with its clause and decision"), self.show, "s", _("show N")),
                Command("record", _("what the team knew and did until then"), self.record, "k", _("record [N]")),
                Command("entry", _("an entry of the record in full"), self.entry, "e", _("entry N")),
                Command(
                    "list", _("all occasions, or 'list open', 'list low'"), self.listed, "l", _("list [open or low]")
                ),
                Command("go", _("an occasion by its number in the list"), self.go, "g", _("go N")),
                Command("add", _("a mark that the program missed"), self.add, "a"),
                Command("ratings", _("objectives and critical tasks"), plan.ratings, "r"),
                Command("rate", _("one of them: P, S, M, U, or none"), plan.rate, "", _("rate N P")),
                Command("plan", _("the improvement plan"), plan.plan, "i"),
                Command("action", _("a new row of the plan, or one by its number"), plan.action, "", _("action [N]")),
                Command("drop", _("take a row out of the plan"), plan.drop, "", _("drop N")),
                Command("differences", _("what evaluators differ on"), self.differences, "d"),
                Command("settle", _("one of these together"), self.settle, "", _("settle N GRADE")),
                Command("finish", _("you have done; or, go on after all"), self.finish, "f"),
                Command("help", _("every command"), self.help, "h"),
                Command("quit", _("leave; all is kept"), self.quit, "q"),
            )
        )

    @property
    def view(self) -> EvaluationView:
        """What this evaluator may see."""
        return self._desk.view()

    @property
    def occasions(self) -> tuple[Occasion, ...]:
        """By their numbers."""
        return self.view.dossier.occasions()

    def open(self) -> None:
        """Says where one is."""
        self._lines.show(heading(_("Evaluation of {title}").format(title=self.view.dossier.title)))
        self._lines.say(_("A training record; no finding about any State."))
        self._lines.say(text.progress(self.view) + ".")
        self._lines.say(_("Type 'next' to begin or to go on, 'help' for every command, 'quit' to leave."))

    def turn(self) -> bool:
        """One command; False where that was the last."""
        where = _("occasion {at}").format(at=self._at) if self._at else "evaluation"
        line = self._lines.line(where)
        if not line:
            return True
        try:
            if line.isascii() and line.isdigit():
                # What is numbered here are marks, or occasions, and no commands: a number reads, and judges nothing.
                (self.show if self._at else self.go)(line)
            else:
                command, rest = self._commands.find(line)
                command.run(rest)
        except NotUnderstood as error:
            self._lines.say(str(error))
        except Cancelled:
            self._lines.say(_("Left; nothing was sent."))
        except CommandRejected as error:
            self._lines.say(error.text)
        except ExerciseError as error:
            self._lines.say(str(error))
        return self._going

    def help(self, rest: str = "") -> None:
        """Every command."""
        self._lines.show(self._commands.help(self._width))

    def quit(self, rest: str = "") -> None:
        """Leaves."""
        self._going = False

    # --- going about ---

    def listed(self, rest: str = "") -> None:
        """The occasions with their numbers."""
        last = ""
        for number, occasion in enumerate(self.occasions, 1):
            waiting = len(self.view.waiting(occasion))
            if rest.casefold() == "open" and not waiting:
                continue
            if rest.casefold() == "low" and all(map(text.plainly_kept, occasion.marks)):
                continue
            if occasion.name != last:
                last = occasion.name
                self._lines.show(heading(last, self._width))
            marks = counted(len(occasion.marks), "mark")
            said = (
                _("{waiting} of {marks} not judged").format(waiting=waiting, marks=marks)
                if waiting
                else _("{marks}, all judged").format(marks=marks)
            )
            self._lines.say(f"{number}. {occasion.title}: {said}")
        self._lines.say(text.progress(self.view) + ".")

    def go(self, rest: str) -> None:
        """To an occasion by its number."""
        self._at = number_of(rest, len(self.occasions), _("Name the occasion by its number, 1 to {most}."))
        self._show_occasion()

    def next(self, rest: str = "") -> None:
        """To the next occasion where something waits, from here on."""
        occasions = self.occasions
        order = [*range(self._at, len(occasions)), *range(self._at)]
        found = next((place for place in order if self.view.waiting(occasions[place])), None)
        if found is None:
            self._lines.say(_("Every mark is judged. 'ratings' is next, and then 'finish'."))
            return
        self._at = found + 1
        self._show_occasion()

    def _show_occasion(self) -> None:
        occasion = self._occasion()
        self._lines.show(
            heading(
                _("Occasion {at}. {name}: {title}").format(at=self._at, name=occasion.name, title=occasion.title),
                self._width,
            )
        )
        for number, one in enumerate(occasion.marks, 1):
            clause = text.clause_title(self.view.dossier, one.mark.commitment)
            judged = text.verdict(one, self.view.standing.mine.get(one.id))
            judged = _("void") if one.id in self.view.standing.voided else judged
            self._lines.say(f"{number}. {_(one.mark.grade.value)}, {clause}; {judged}.")
            self._lines.show(body(one.mark.reason, self._width))
        self._lines.say(
            _("'confirm' takes all of them, 'show N' reads one, 'record' what the team knew, 'change N GRADE'.")
        )

    def _occasion(self) -> Occasion:
        if not self._at:
            raise CommandRejected("nowhere", "Go to an occasion first: 'next', or 'go' with a number of the list.")
        return self.occasions[self._at - 1]

    def _mark(self, rest: str) -> MarkToJudge:
        marks = self._occasion().marks
        name = _("Name the mark by its number, 1 to {most}.")
        return marks[number_of(rest, len(marks), name) - 1] if rest or len(marks) > 1 else marks[0]

    # --- judging ---

    def show(self, rest: str) -> None:
        """A mark in full."""
        one = self._mark(rest)
        self._lines.show(heading(f"{one.team}: {one.mark.title}", self._width))
        self._lines.show(body(_spoken(text.mark_text(self.view, one)), self._width))
        self._lines.show(
            body(_spoken("\n".join(text.differing(self.view.standing, one.id, one.mark.grade))), self._width)
        )

    def record(self, rest: str = "") -> None:
        """The record up to a mark."""
        one = self._mark(rest or "1")
        self._lines.show(heading(_("What the team knew and did until then"), self._width))
        for line in self.view.dossier.record(one):
            marked = _("this shows it: ") if line.seq in one.shown else ""
            self._lines.say(f"{line.seq}. {exercise_time(line.exercise)}, {marked}{line.line}")
        self._lines.say(_("'entry' with a number reads one in full."))

    def entry(self, rest: str) -> None:
        """An entry in full; of this occasion's record only."""
        one = self._occasion().marks[-1]
        known = {line.seq: line for mark in self._occasion().marks for line in self.view.dossier.record(mark)}
        word = rest.strip()
        if not word.isdigit() or int(word[:9]) not in known:
            said = _("The record of this occasion of {team} has no entry of that number.").format(team=one.team)
            raise CommandRejected("entry", said)
        self._lines.show(body(_spoken(text.record_line(known[int(word)])), self._width))

    def confirm(self, rest: str = "") -> None:
        """All marks of the occasion that wait, or one of them."""
        ones = (self._mark(rest),) if rest else self.view.waiting(self._occasion())
        if not ones:
            self._lines.say(_("Nothing waits here; 'next' goes on."))
            return
        for one in ones:
            self._send(JudgeMark(mark=one.id, grade=one.mark.grade))
        self._lines.say(
            _("{counted} confirmed. {progress}.").format(
                counted=counted(len(ones), "mark"), progress=text.progress(self.view)
            )
        )
        if not rest:
            self.next()

    def change(self, rest: str) -> None:
        """A mark's grade, with a reason."""
        words = rest.split()
        one, grade = self._mark(words[0] if words else ""), self._grade(words[1:])
        if grade is not None and grade not in one.grades:
            grades = ", ".join(g.value for g in one.grades)
            raise CommandRejected("grade", _("Under this clause a mark can be: {grades}.").format(grades=grades))
        reason = (
            "" if grade is one.mark.grade else self._reason(_("Why {graded}").format(graded=text.graded(grade)[2:]))
        )
        self._send(JudgeMark(mark=one.id, grade=grade, reason=reason))
        self._lines.say(_("Kept. {progress}.").format(progress=text.progress(self.view)))

    def _grade(self, words: Iterable[str]) -> Grade | None:
        word = next(iter(words), "").casefold() or self._lines.ask(
            _("Grade: honoured, partly, neglected, breached or none")
        )
        near = [grade for grade in Grade if grade.value.startswith(word.casefold())]
        if word.casefold() in _NONE:
            return None
        if len(near) != 1:
            raise CommandRejected("grade", "A grade is honoured, partly, neglected or breached; none: does not apply.")
        return near[0]

    def _reason(self, question: str) -> str:
        return self._lines.ask(
            question, _("Say in three words or more why; it stands in the report. 'cancel' leaves it.")
        )

    def add(self, rest: str = "") -> None:
        """A mark of one's own."""
        dossier = self.view.dossier
        for number, (_unused, _unused, name) in enumerate(dossier.teams, 1):
            self._lines.say(f"{number}. {name}")
        whose, name = self._lines.ask(_("Whose conduct, by number")), _("Name the team by its number, 1 to {most}.")
        team = dossier.teams[number_of(whose, len(dossier.teams), name) - 1][0]
        clause = self._clause(team)
        known = {line.seq: line for line in dossier.whole_record(team)}
        find = folded(self._lines.ask(_("Words to find the entries by, or nothing for all of them")))
        for seq, line in known.items():
            if find in folded(line.line):
                self._lines.say(f"{seq}. {exercise_time(line.exercise)}, {line.line}")
        said = self._lines.ask(_("Which entries show it, by their numbers")).replace(",", " ").split()
        if not said or any(not word.isdigit() or int(word[:9]) not in known for word in said):
            raise CommandRejected("entries", "Name entries of this team's record by their numbers.")
        if len(set(said)) > MOST_ENTRIES:
            raise CommandRejected("entries", _("At most {number} entries show a mark.").format(number=MOST_ENTRIES))
        grade = self._grade(())
        if grade is None:
            raise CommandRejected("grade", "A mark that is added needs a grade.")
        reason = self._reason(_("Why"))
        entries = tuple(sorted({int(word) for word in said}))
        self._send(AddMark(team=team, commitment=clause, grade=grade, reason=reason, entries=entries))
        self._lines.say(_("The mark is added."))

    def _clause(self, team: str) -> str:
        dossier = self.view.dossier
        known = [dossier.clauses[id] for id in dossier.applicable.get(team, ()) if id in dossier.clauses]
        for _unused in range(3):
            wanted = folded(self._lines.ask(_("Which clause, by its id or by words of it")))
            found = [c for c in known if c.id == wanted] or [
                c for c in known if wanted in folded(f"{c.title} {c.says}")
            ]
            if len(found) == 1:
                return found[0].id
            for one in found[:20]:
                self._lines.say(f"{one.id}: {one.title}, {one.instrument}")
            self._lines.say(
                _("Name one by its id.") if found else _("This team has accepted no clause with these words.")
            )
        raise Cancelled

    # --- the end ---

    def differences(self, rest: str = "") -> None:
        """What evaluators differ on, once all have finished."""
        if not self.view.standing.all_finished:
            raise CommandRejected("not-finished", "What others marked is shown once every evaluator has finished.")
        compared, same = self.view.compared()
        self._lines.say(
            _("Of {counted} judged by two or more, {same} came out the same.").format(
                counted=counted(compared, "mark"), same=same
            )
        )
        for number, (id, title, grade) in enumerate(self._differing(), 1):
            self._lines.show(heading(f"{number}. {title}", self._width))
            self._lines.show(body(_spoken("\n".join(text.differing(self.view.standing, id, grade))), self._width))
        self._lines.say(_("'settle N GRADE' settles one together."))

    def _differing(self) -> list[tuple[str, str, Grade | None]]:
        view, shorts = self.view, {id: short for id, short, _unused in self.view.dossier.teams}
        found: list[tuple[str, str, Grade | None]] = []
        for one in view.disagreements():
            clause = text.clause_title(view.dossier, one.mark.commitment)
            found.append((one.id, f"{one.team}: {one.mark.title}; {clause}", one.mark.grade))
        for added in view.standing.added:
            clause = text.clause_title(view.dossier, added.commitment)
            title = _("Added by {who}, {graded}").format(
                who=text.who(view.standing, added.by), graded=text.graded(added.grade)[2:]
            )
            found.append((added.id, f"{shorts.get(added.team, added.team)}: {clause}. {title}", None))
        return found

    def settle(self, rest: str) -> None:
        """A difference, together and with a reason."""
        rows = self._differing()
        name = _("Name the difference by its number, 1 to {most}.")
        mark = rows[number_of(rest, len(rows), name) - 1][0] if rows else ""
        grade = self._grade(rest.split()[1:])
        reason = self._reason(_("Why you settle it together as {graded}").format(graded=text.graded(grade)[2:]))
        self._send(SettleMark(mark=mark, grade=grade, reason=reason))
        self._lines.say(_("Settled."))

    def finish(self, rest: str = "") -> None:
        """Done, after saying what is not; or on again."""
        if self.view.standing.finished:
            if self._lines.sure(_("You have finished. Go on evaluating after all")):
                self._send(FinishEvaluation(done=False))
                self._lines.say(_("You go on."))
            return
        self._lines.say(text.unfinished(self.view))
        if self._lines.sure(_("Finish your evaluation")):
            self._send(FinishEvaluation())
            self._lines.say(_("{progress}. Thank you.").format(progress=text.progress(self.view)))


_CHANGE = N_("change N GRADE")
MOST_ENTRIES = 40


def _spoken(markdown: str) -> str:
    """Without signs that a screen reader would spell out."""
    for sign in text.GRADE_SIGNS.values():
        markdown = markdown.replace(f"{sign} ", "")
    return markdown.replace("← chosen", "(chosen)").replace("---", "")
