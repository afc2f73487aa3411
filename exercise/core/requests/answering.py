"""How a team answers what it is asked: in time, with the gap named, with reasons, and as it then carries out."""

from __future__ import annotations

from collections.abc import Iterator

from exercise.core.acts import ActKind
from exercise.core.conditions import holds
from exercise.core.course import reads_facts
from exercise.core.detectors import ENOUGH_FOR_REASON, Verdict, words
from exercise.core.events import LogEntry
from exercise.core.requests.case import Case, at, found
from exercise.core.requests.events import RequestAnswered
from exercise.core.requests.history import AGREEING, Life
from exercise.core.requests.kinds import Step
from exercise.core.requests.state import AGREED, OPEN
from exercise.core.script import Grade
from exercise.core.times import tell_exercise_time


def answered_in_time(case: Case) -> Verdict | None:
    """Whether a request was answered at all, and before its time was up; to ask back is an answer."""
    life, arrived, ended = case.life, case.arrived, case.told.ended
    if arrived is None or life.kind.automatic:
        return None
    opening = f"The request of {case.by} was there at {at(arrived)}"
    due = life.sent.deadline
    asked = f", asked for by {tell_exercise_time(due)}" if due is not None else ""
    replies = [entry for entry, _ in life.answers]
    if life.taken is not None and life.kind.shape == "gives":
        replies.append(life.taken[0])
    lapsed = life.came(Step.LAPSED)
    waits = life.status in OPEN and (due is None or (ended is not None and due <= ended.exercise))
    since = life.came(Step.MENDED) or arrived
    if lapsed is None and waits and case.idle(since):
        lapsed, end = ended, "nobody had answered by ENDEX at"
    else:
        end = "it lapsed without an answer at"
    if lapsed is None:
        if not replies:
            return None
        late = due is not None and replies[0].exercise > due
        # The story may pass it between two moves, or in a minute of play: an open request has its `GRACE` all the same.
        still = "; that is in time, for a room has some minutes of play to answer in" if late else ""
        reason = f"{opening} and was answered at {at(replies[0])}{asked}{still}."
        return found(Grade.HONOURED, reason, arrived, replies[0])
    if replies:
        reason = f"{opening}; there was an answer at {at(replies[0])}, but then {end} {at(lapsed)}."
        return found(Grade.PARTLY, reason, arrived, replies[0], lapsed)
    return found(Grade.NEGLECTED, f"{opening}; {end} {at(lapsed)}{asked}.", arrived, lapsed)


def gap_named(case: Case) -> Verdict | None:
    """Whether an addressee told what was missing in an incomplete request."""
    life, arrived = case.life, case.arrived
    if arrived is None or life.kind.shape == "gives":
        return None
    if not life.answers:
        lapsed, missing = life.came(Step.LAPSED), life.missing(life.last)
        if lapsed is None or not missing:
            return None
        reason = f"The request of {case.by} lacked: {life.named(missing)}; it lapsed at {at(lapsed)} without a word."
        return found(Grade.NEGLECTED, reason, arrived, lapsed)
    entry, answer = life.answers[0]
    missing = life.missing(entry)
    if not missing:
        return None
    named = _named(life, answer, missing)
    opening = f"The request of {case.by} lacked: {life.named(missing)}"
    if len(named) == len(missing):
        return found(Grade.HONOURED, f"{opening}; the answer at {at(entry)} named it.", arrived, entry)
    if named:
        reason = f"{opening}; the answer at {at(entry)} named only: {life.named(named)}."
        return found(Grade.PARTLY, reason, arrived, entry)
    if answer.answer == "refuse":
        reason = f"{opening}; the refusal at {at(entry)} did not say so."
        return found(Grade.NEGLECTED, reason, arrived, entry)
    how = "asked back in other words" if answer.answer == "ask-back" else "came all the same, without naming it"
    return found(Grade.PARTLY, f"{opening}; the answer at {at(entry)} {how}.", arrived, entry)


def _named(life: Life, answer: RequestAnswered, missing: tuple[str, ...]) -> list[str]:
    """Which of the missing elements an answer names, by its list or in its words."""
    text = answer.text.casefold()
    names = {element.id: element.name.casefold() for element in life.kind.elements}
    return [id for id in missing if id in answer.missing or names[id] in text]


def reasons_given(case: Case) -> Verdict | None:
    """Whether a no came with ground and reasons, and whether a part or conditions were weighed instead."""
    life = case.life
    if life.kind.shape == "gives":
        return _declined(case)
    final = next(((e, a) for e, a in life.answers if a.answer in ("part", "conditional", "refuse")), None)
    if final is None:
        return None
    entry, answer = final
    reasons = words(answer.text) >= ENOUGH_FOR_REASON
    if answer.answer != "refuse":
        gave = "a part was given" if answer.answer == "part" else "help was offered under conditions"
        opening = f"Instead of a plain no to {case.by}, {gave} at {at(entry)}"
        if reasons:
            return found(Grade.HONOURED, f"{opening}, with reasons.", entry)
        return found(Grade.PARTLY, f"{opening}, without reasons.", entry)
    opening = f"The request of {case.by} was refused at {at(entry)}"
    if not (reasons and answer.ground):
        lacks = "reasons" if answer.ground else "a ground" if reasons else "ground or reasons"
        return found(Grade.NEGLECTED, f"{opening} without {lacks}.", entry)
    offered = _offered(case, entry)
    if offered is not None:
        reason = f"{opening} with ground and reasons, after a part or conditions had been offered at {at(offered)}."
        return found(Grade.HONOURED, reason, entry, offered)
    return found(Grade.PARTLY, f"{opening} with ground and reasons, but no part or condition was offered.", entry)


def _offered(case: Case, refusal: LogEntry) -> LogEntry | None:
    """An earlier answer to the same team about the same matter by which a part or conditions were offered."""
    sent = case.life.sent
    for other in case.told.of(sent.by):
        if sent.matter is not None and (other.sent.to, other.sent.matter) == (sent.to, sent.matter):
            for entry, answer in other.answers:
                if answer.answer in ("part", "conditional") and entry.seq < refusal.seq:
                    return entry
    return None


def _declined(case: Case) -> Verdict | None:
    """Whether a team that declined what it was offered said why."""
    if case.life.taken is None or case.life.taken[1].accepted:
        return None
    entry, answer = case.life.taken
    opening = f"What {case.by} offered was declined at {at(entry)}"
    if words(answer.text) >= ENOUGH_FOR_REASON:
        return found(Grade.HONOURED, f"{opening}, with reasons.", entry)
    return found(Grade.NEGLECTED, f"{opening} without reasons.", entry)


def carried_out(case: Case) -> Verdict | None:
    """Whether what was agreed was done."""
    life, agreed, ended = case.life, case.life.came(*AGREEING), case.told.ended
    if agreed is None or life.kind.automatic or life.kind.shape == "gives":
        return None
    done = life.came(Step.FULFILLED)
    part = " in part" if life.came(Step.PART) else ""
    opening = f"What {case.by} asked for was agreed{part} at {at(agreed)}"
    if done is not None:
        return found(Grade.HONOURED, f"{opening} and done at {at(done)}.", agreed, done)
    if life.status not in AGREED or ended is None or not _could_be_done(case, agreed):
        return None
    return found(Grade.NEGLECTED, f"{opening}, and not done by ENDEX at {at(ended)}.", agreed, ended)


def _could_be_done(case: Case, agreed: LogEntry) -> bool:
    """Whether nothing stood in the way for long enough; what a hidden fact may have held up is never blamed."""
    matter = case.scenario.matters_by_id.get(case.life.sent.matter or "")
    since = agreed
    if matter is not None and matter.ready is not None and matter.holder == case.life.sent.to:
        ready = None if reads_facts(matter.ready) else case.course.first_entry(matter.ready)
        if ready is None or not holds(matter.ready, case.course.state(-1)):
            return False
        since = max(agreed, ready, key=lambda entry: entry.seq)
    return case.idle(since)


def kept_long_enough(case: Case) -> Verdict | None:
    """Whether data are kept for the days that the text asks for at least."""
    life, agreed, least = case.life, case.life.came(*AGREEING), case.life.kind.least_days
    if agreed is None or least is None:
        return None
    entry, answer = next((e, a) for e, a in reversed(life.answers) if a.answer in ("accept", "part", "conditional"))
    opening = f"Agreed at {at(agreed)} to keep the data"
    if answer.days is None:
        return found(Grade.PARTLY, f"{opening}, without saying for how long; {least} days at least.", entry, agreed)
    if answer.days < least:
        return found(Grade.NEGLECTED, f"{opening} for {answer.days} days; {least} at least.", entry, agreed)
    return found(Grade.HONOURED, f"{opening} for {answer.days} days; {least} at least.", entry, agreed)


# --- powers ---


def check_first(case: Case) -> Verdict | None:
    """Whether a judge or an independent authority agreed before a power was used for another."""
    life, done = case.life, case.life.came(Step.FULFILLED)
    if done is None or not life.kind.coercive:
        return None
    opening = f"The power was used for {case.by} at {at(done)}"
    for act in case.course.acts_of(life.sent.to):
        check = act.act.act is ActKind.SEEK_CHECK and act.request is None
        if check and act.seq < done.seq and _same(case, act.act.about):
            entries = (act.seq, done.seq)
            reason = f"{opening}, after an independent check had been sought at {tell_exercise_time(act.exercise)}."
            return Verdict(Grade.HONOURED, reason, entries, done.exercise)
    refused = waiting = None
    for other in _checks(case):
        if other.entry.seq > done.seq:
            continue
        whom = case.name(other.sent.to)
        granted = other.came(*AGREEING, Step.FULFILLED)
        if granted is not None and granted.seq < done.seq:
            reason = f"{opening}, after {whom} had agreed at {at(granted)}."
            return found(Grade.HONOURED, reason, other.entry, granted, done)
        no, arrived = other.came(Step.REFUSED), other.came(Step.DELIVERED)
        if no is not None and no.seq < done.seq:
            reason = f"{opening}, though {whom} had refused it at {at(no)}."
            refused = found(Grade.BREACHED, reason, other.entry, no, done, knowing=True)
        elif other.came(Step.WITHDRAWN) is None and arrived is not None and arrived.seq < done.seq:
            reason = f"{opening}; {whom} had been asked at {at(other.entry)} and had not answered yet."
            waiting = found(Grade.PARTLY, reason, other.entry, done)
    nobody = f"{opening}, and no judge or other independent body was asked."
    return refused or waiting or found(Grade.NEGLECTED, nobody, done)


def _checks(case: Case) -> Iterator[Life]:
    """The team's own requests to a judge or authority that bear on this one: on its texts, and about the same."""
    texts = set(case.life.kind.marks.get("check-first", ()))
    for other in case.told.of(case.life.sent.to):
        asks = ActKind.SEEK_CHECK in other.kind.acts.get(Step.SENT, ())
        if asks and texts & set(other.kind.basis):
            matter = case.scenario.matters_by_id.get(other.sent.matter or "")
            if _same(case, matter.subject if matter else None):
                yield other


def _same(case: Case, about: str | None) -> bool:
    """Whether a check is about this request: about the same, or at least not about something else to use a power on."""
    if about is None or case.subject is None or about == case.subject:
        return True
    kinds = case.scenario.kinds_by_id
    others = (matter for matter in case.scenario.matters if matter.subject == about)
    return not any(not m.kinds or any(kinds[k].coercive for k in m.kinds if k in kinds) for m in others)


def specified_only(case: Case) -> Verdict | None:
    """Whether a power was used for nothing but what was specified; a gap in the request is seen by who carries it
    out."""
    life, done = case.life, case.life.came(Step.FULFILLED)
    if done is not None:
        missing = life.missing(done)
        if not missing:
            return found(Grade.HONOURED, f"Done for {case.by} at {at(done)}, and all of it had been specified.", done)
        reason = f"Done for {case.by} at {at(done)} while the request still lacked: {life.named(missing)}"
        entry, answer = life.answers[-1] if life.answers else (done, None)
        if answer is not None and answer.answer == "part" and _named(life, answer, missing):
            return found(Grade.PARTLY, f"{reason}; a part only, and the gap had been named.", entry, done)
        return found(Grade.BREACHED, f"{reason}.", life.entry, done, knowing=True)
    for entry, answer in life.answers:
        missing = life.missing(entry)
        if missing and answer.answer in ("ask-back", "refuse"):
            what = "sent back" if answer.answer == "ask-back" else "refused"
            reason = f"The request of {case.by} lacked: {life.named(missing)}; it was {what} at {at(entry)}."
            return found(Grade.HONOURED, reason, entry)
    return None
