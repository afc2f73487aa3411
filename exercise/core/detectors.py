"""Detectors: what a row of acts in the log says about conduct.

Some look at every answer or act of a kind:

| detector          | looks at                        | honoured                             | under               |
| ----------------- | ------------------------------- | ------------------------------------ | ------------------- |
| answered-in-time  | the answer to a decision        | by its deadline or in its window     | its `timely`        |
| safeguards-stated | the choice of a coercive option | all five safeguards stated           | SAFEGUARDED         |
| basis-stated      | the choice of an outward option | a text of the profile and a reason   | BASIS_ROWS          |
| consulted-first   | `escalate`                      | `consult`, or political `contact`,   | CONSULTED           |
|                   |                                 | before it, with the same party;      |                     |
|                   |                                 | breached while one that was agreed   |                     |
|                   |                                 | is still to be held                  |                     |
| reasons-given     | `refuse`                        | reasons, and a part offered          | first of REASONED   |

Others (in `occasions`) watch an occasion of the scenario, under the commitments that it names:

| detector               | acts looked for                                | against it              |
| ---------------------- | ---------------------------------------------- | ----------------------- |
| warned-partners        | `warn` or `share`, toward each partner         | `mislead` of a partner  |
| two-levels             | `contact` or `consult` with each partner, at   | `refuse-contact`        |
|                        | political and at technical or operational level|                         |
| standing-channel-first | the first `contact`, `share`, `warn` or        |                         |
|                        | `seek-help` after the opening uses a standing  |                         |
|                        | channel                                        |                         |
| parliament-informed    | `tell-parliament`                              | `mislead` of those named|
| public-told            | `tell-public`; `advise-users` under ba-b3c     | `mislead` of the public |
|                        | and, where it names a subject, on that         |                         |
| operator-involved      | `involve-operator`, toward each one named      |                         |
| kept-condition         | none: evidence is held and its condition kept  | `forward`, `share` or   |
|                        |                                                | `tell-public` against it|
| help-sought            | `seek-help`                                    |                         |
| evidence-kept          | `preserve`                                     |                         |
| contact-kept           | none: each old entry about the team, in a      |                         |
|                        | partner's directory, was put right             |                         |

In time and to all is honoured; to some, or to all but late, is partly; nobody, or late and only to some, is neglected.
One level of two is neglected as well, for that is what the clause on contact calls so. Conduct from before the opening
counts, since who acts early acts in time; where only a certain subject will do, the occasion names it with `about`.
Nothing done while the deadline has not passed, at ENDEX too, is not tested.

A refusal by request is looked at with that request; `requests.marks` has the table of what is found there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from exercise.core.acts import ActKind, Level, Safeguard
from exercise.core.course import Answer, Course, DoneAct
from exercise.core.events import ResponseChosen
from exercise.core.records import dataclass
from exercise.core.script import Decision, Grade
from exercise.core.times import tell_exercise_time

Names = Mapping[str, str]
"""Names of teams and actors by id."""

SAFEGUARDED = ("se-p2", "bc-15")
"""What a stated safeguard is marked under: the two texts that hedge a coercive power."""

CONSULTED = ("os-o1",)
"""What consultation before an escalating step is marked under."""

REASONED = ("bc-27", "bc-25")
"""What reasons for a refusal are marked under: the first that applies, for both speak of the same refusal."""

ENOUGH_FOR_SAFEGUARD = 3
ENOUGH_FOR_REASON = 5
"""Words below which a text is taken for a tick in a box."""


@dataclass(frozen=True, slots=True)
class BasisRow:
    """One commitment that a stated legal basis is marked under, and which texts serve as that basis."""

    commitment: str
    instrument: str | None = None
    """The instrument that serves; empty: any text of the profile. Where another is named there is no mark."""
    clause: bool = False
    """True where naming the instrument as a whole is not enough."""
    silence: Grade | None = Grade.NEGLECTED
    """The grade where no basis is stated."""
    advice: bool = False
    """True where the clause asks for legal advice beforehand: `seek-check` serves, whatever text is named."""


BASIS_ROWS = (
    BasisRow("os-pp3"),
    # Honoured by naming the norm relied on; that a measure rests on another text does not mean the norms were ignored.
    BasisRow("os-pp8", instrument="un-norms-2015", clause=True, silence=None),
    # Asks for the Convention's powers; where another text is named, perhaps no article was open to the team.
    BasisRow("ba-pre3", instrument="budapest-convention", clause=True),
    BasisRow("se-p1"),
    BasisRow("lv-4.1", instrument="un-norms-2015"),
    BasisRow("lv-4.2", advice=True),
)
"""What a stated legal basis of an outward measure is marked under."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a detector saw: a grade with one sentence and the entries that show it."""

    grade: Grade
    reason: str
    entries: tuple[int, ...]
    exercise: int
    knowing: bool = False
    bad_faith: bool = False


def words(text: str) -> int:
    """How many words a text has."""
    return len(text.split())


def says(text: str, least: int) -> bool:
    """Whether a text has at least so many words; no more than that are looked for."""
    return len(text.split(None, least - 1)) >= least


def answered_in_time(decision: Decision, answer: Answer) -> Verdict:
    """Whether a decision was answered by its deadline in the story, or where it has none before its window closed."""
    at, seqs = tell_exercise_time(answer.exercise), (answer.seq,)
    if answer.chosen is None:
        return Verdict(Grade.NEGLECTED, f"No answer came before the window closed at {at}.", seqs, answer.exercise)
    if decision.deadline is None:
        return Verdict(Grade.HONOURED, f"Answered at {at}, within the window.", seqs, answer.exercise)
    due = tell_exercise_time(decision.deadline)
    if answer.exercise <= decision.deadline:
        return Verdict(Grade.HONOURED, f"Answered at {at}, due by {due}.", seqs, answer.exercise)
    return Verdict(Grade.PARTLY, f"Answered at {at}, but it was due by {due}.", seqs, answer.exercise)


def safeguards_stated(course: Course, answer: Answer, chosen: ResponseChosen) -> Verdict:
    """How many of the five safeguards were stated with a coercive measure; a check sought before gives authority."""
    stated = {point for point in Safeguard if says(chosen.safeguards.get(point, ""), ENOUGH_FOR_SAFEGUARD)}
    seqs: tuple[int, ...] = (answer.seq,)
    by_check = ""
    if Safeguard.AUTHORITY not in stated:
        check = _check_sought(course, answer)
        if check is not None:
            stated.add(Safeguard.AUTHORITY)
            seqs, by_check = (answer.seq, check.seq), " (authority by the check that was sought)"
    missing = ", ".join(point.value.replace("-", " ") for point in Safeguard if point not in stated)
    if not missing:
        reason = f"All five safeguards were stated with the coercive measure{by_check}."
        return Verdict(Grade.HONOURED, reason, seqs, answer.exercise)
    grade = Grade.PARTLY if len(stated) >= 3 else Grade.NEGLECTED
    reason = f"{len(stated)} of five safeguards were stated with the coercive measure{by_check}; missing: {missing}."
    return Verdict(grade, reason, seqs, answer.exercise)


def basis_stated(
    course: Course, answer: Answer, chosen: ResponseChosen, in_profile: Mapping[str, str]
) -> Iterator[tuple[str, Verdict]]:
    """For each row of the table, whether a legal basis of an outward measure was stated, with a reason.

    `in_profile` holds the instrument of each commitment that applies to the team, and of that instrument itself.
    """
    reasoned = says(chosen.reason, ENOUGH_FOR_REASON)
    named = [text for text in chosen.basis if text in in_profile] if reasoned else []
    for row in BASIS_ROWS:
        seqs: tuple[int, ...] = (answer.seq,)
        if row.advice:
            check = _check_sought(course, answer)
            served = check is not None
            seqs = (answer.seq, check.seq) if check else seqs
            reason = "Legal advice or an independent check was sought before the measure with effects abroad."
        else:
            serving = [text for text in named if _serves(row, text, in_profile[text])]
            served = bool(serving)
            reason = f"The basis of the measure with effects abroad was stated: {', '.join(serving)}."
        if served:
            yield row.commitment, Verdict(Grade.HONOURED, reason, seqs, answer.exercise)
        elif not named and row.silence is not None:
            reason = (
                "Neither legal advice nor a basis was sought for the measure with effects abroad."
                if row.advice
                else "No text of the team's profile was stated, with a reason, as basis of the measure abroad."
            )
            yield row.commitment, Verdict(row.silence, reason, seqs, answer.exercise)


def _serves(row: BasisRow, text: str, instrument: str) -> bool:
    return row.instrument in (None, instrument) and not (row.clause and text == instrument)


def consulted_first(course: Course, step: DoneAct, names: Names) -> Verdict:
    """Whether a consultation, or a political contact, went before an escalating step or came with it."""
    parties = set(step.act.toward)
    at = tell_exercise_time(step.exercise)
    whom = f" toward {listed(step.act.toward, names)}" if parties else ""
    for done in course.acts_of(step.team, ActKind.CONTACT, ActKind.CONSULT):
        political = done.act.act is ActKind.CONTACT and done.act.level is Level.POLITICAL
        if not (political or done.act.act is ActKind.CONSULT):
            continue
        if _before_or_with(done, step.seq, step.answer) and (not parties or parties & set(done.act.toward)):
            what = "political contact" if political else "consultation"
            reason = f"The escalating step{whom} at {at} came after or with a {what}."
            return Verdict(Grade.HONOURED, reason, seqs_of(step.seq, done.seq), step.exercise)
    reason = f"The escalating step{whom} at {at} came without a consultation or political contact before it."
    return Verdict(Grade.NEGLECTED, reason, (step.seq,), step.exercise)


def reasons_given(refusal: DoneAct, names: Names) -> Verdict:
    """Whether a refusal came with reasons, and whether help in part was offered instead."""
    chosen = refusal.answer.chosen if refusal.answer else None
    # Words of the team's own proposal are its reasons too: it had no option's text to lean on.
    given = chosen is not None and says(f"{chosen.reason} {chosen.free_text}", ENOUGH_FOR_REASON)
    seqs = seqs_of(refusal.seq, *((refusal.answer.seq,) if refusal.answer else ()))
    whom = f" of {listed(refusal.act.toward, names)}" if refusal.act.toward else ""
    if not given:
        return Verdict(Grade.NEGLECTED, f"The request{whom} was refused without reasons.", seqs, refusal.exercise)
    if refusal.act.partial:
        reason = f"The request{whom} was refused with reasons, and a part was offered."
        return Verdict(Grade.HONOURED, reason, seqs, refusal.exercise)
    reason = f"The request{whom} was refused with reasons, but no part or condition was offered instead."
    return Verdict(Grade.PARTLY, reason, seqs, refusal.exercise)


def _check_sought(course: Course, answer: Answer) -> DoneAct | None:
    """The team's last visit to a judge, an authority or an adviser before a choice or in it."""
    found = None
    for done in course.acts_of(answer.team, ActKind.SEEK_CHECK):
        if _before_or_with(done, answer.seq, answer):
            found = done
    return found


def _before_or_with(done: DoneAct, seq: int, answer: Answer | None) -> bool:
    return done.seq < seq or (answer is not None and done.answer is answer)


def seqs_of(*seqs: int) -> tuple[int, ...]:
    """Numbers of entries in order, each once."""
    return seqs if len(seqs) == 1 else tuple(sorted(set(seqs)))


def listed(ids: Iterable[str], names: Names) -> str:
    """Names of teams and actors in one line."""
    return ", ".join(names.get(id, id) for id in ids)
