"""Detectors that watch an occasion of the scenario; the table at the top of `detectors` says what each looks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from exercise.core.acts import Act, ActKind, Level
from exercise.core.course import Course, DoneAct
from exercise.core.detectors import Names, Verdict, listed, seqs_of
from exercise.core.events import EvidenceLearned, LogEntry
from exercise.core.records import dataclass
from exercise.core.requests.events import ContactRenewed
from exercise.core.scenario import Scenario
from exercise.core.script import Grade, Occasion
from exercise.core.times import tell_exercise_time

FOR_USERS = ("ba-b3c",)
"""What asks that users be given something to do, where else the public is only to be told."""


@dataclass(frozen=True, slots=True)
class Watch:
    """An occasion that has opened, with the course of the exercise around it."""

    course: Course
    occasion: Occasion
    opened: LogEntry
    users: bool
    """Whether it is looked at under what asks that those affected be given something to do."""
    names: Names
    scenario: Scenario

    @property
    def passing(self) -> LogEntry | None:
        """The entry with which its time passed; none while there is still time, or where ENDEX came first."""
        index = self.course.passing(self.occasion.until)
        return None if index is None else self.course.entries[index]

    @property
    def until(self) -> str:
        """By when it was due, as people write it."""
        return tell_exercise_time(self.occasion.until)

    def acts(self, *kinds: ActKind) -> Sequence[DoneAct]:
        """The team's acts of these kinds that concern the occasion's subject, where it names one."""
        about, done = self.occasion.about, self.course.acts_of(self.occasion.team, *kinds)
        return done if about is None else [one for one in done if one.act.about == about]

    def contrary(self, kind: ActKind) -> list[DoneAct]:
        """Acts against it: while it was open, or at any time after its opening where they name its subject."""
        return [
            done
            for done in self.acts(kind)
            if done.seq > self.opened.seq and (self.occasion.about or done.exercise <= self.occasion.until)
        ]


def _owed(
    watch: Watch,
    acts: Sequence[DoneAct],
    done: str,
    *,
    each: bool,
    complete: Callable[[list[DoneAct]], bool] = bool,
    begun: str = "not done",
) -> Verdict | None:
    """Grade conduct that was owed to each of several partners, or once: all, some, late, none.

    `complete` says whether acts toward one partner amount to what was owed, and `begun` what is said where they do
    not.
    """
    occasion = watch.occasion
    partners: tuple[str | None, ...] = (occasion.toward if each else ()) or (None,)
    in_time: list[str | None] = []
    late: list[str | None] = []
    shown: list[DoneAct] = []
    for partner in partners:
        toward = [act for act in acts if partner is None or partner in act.act.toward]
        enough = next((toward[:n] for n in range(1, len(toward) + 1) if complete(toward[:n])), None)
        if enough is not None:
            (in_time if enough[-1].exercise <= occasion.until else late).append(partner)
            shown += enough
    whom = [partner for partner in partners if partner is not None]
    if len(in_time) == len(partners):
        last = max(act.exercise for act in shown)
        reason = f"{done}: yes{_to(whom, watch.names)}, by {tell_exercise_time(last)}; due by {watch.until}."
        return Verdict(Grade.HONOURED, reason, seqs_of(*(act.seq for act in shown)), last)
    passing = watch.passing
    if passing is None:
        return None
    if len(in_time) + len(late) == len(partners):
        last = max(act.exercise for act in shown)
        reason = f"{done}: yes{_to(whom, watch.names)}, but only by {tell_exercise_time(last)}; due by {watch.until}."
        return Verdict(Grade.PARTLY, reason, seqs_of(*(act.seq for act in shown)), last)
    missed = [partner for partner in whom if partner not in in_time]
    seqs = seqs_of(watch.opened.seq, *(act.seq for act in shown), passing.seq)
    if in_time:
        kept = [partner for partner in in_time if partner is not None]
        reason = f"{done}: in time{_to(kept, watch.names)}, not{_to(missed, watch.names)}; due by {watch.until}."
        return Verdict(Grade.PARTLY, reason, seqs, occasion.until)
    some = [act for act in acts if act.exercise <= occasion.until and (not missed or set(missed) & set(act.act.toward))]
    words = begun if some else "not done"
    reason = f"{done}: {words}{_to(missed, watch.names)} by {watch.until}."
    return Verdict(Grade.NEGLECTED, reason, seqs_of(*seqs, *(act.seq for act in some)), occasion.until)


def _misled(watch: Watch, *, public: bool) -> Verdict | None:
    """The breach by saying what is known to be untrue to those whom the occasion owes the truth.

    What is said untruly to no one in particular is said to the public. To lie to a partner by the channel that the
    partner relies on is bad faith as well, which is what breaches a voluntary measure.
    """
    named = set(watch.occasion.toward)
    for done in watch.contrary(ActKind.MISLEAD):
        heard = named & set(done.act.toward)
        if heard or (public and not done.act.toward):
            whom = listed(sorted(heard), watch.names) if heard else "the public"
            reason = f"At {tell_exercise_time(done.exercise)} {whom} heard what the team knew to be untrue."
            seqs = seqs_of(watch.opened.seq, done.seq)
            return Verdict(Grade.BREACHED, reason, seqs, done.exercise, knowing=True, bad_faith=not public)
    return None


def warned_partners(watch: Watch) -> Verdict | None:
    """Whether each partner was told of a danger, by a warning or by information it can use."""
    acts = watch.acts(ActKind.WARN, ActKind.SHARE)
    return _misled(watch, public=False) or _owed(watch, acts, "Warning of partners", each=True)


def two_levels(watch: Watch) -> Verdict | None:
    """Whether contact stood at the political level and below it; turning contact down on purpose is a breach."""
    named = set(watch.occasion.toward)
    for done in watch.contrary(ActKind.REFUSE_CONTACT):
        if not named or not done.act.toward or named & set(done.act.toward):
            reason = f"Contact was turned down on purpose at {tell_exercise_time(done.exercise)}."
            seqs = seqs_of(watch.opened.seq, done.seq)
            return Verdict(Grade.BREACHED, reason, seqs, done.exercise, knowing=True)

    def both(acts: list[DoneAct]) -> bool:
        levels = {act.act.level for act in acts}
        return Level.POLITICAL in levels and bool(levels & {Level.TECHNICAL, Level.OPERATIONAL})

    acts = [done for done in watch.acts(ActKind.CONTACT, ActKind.CONSULT) if done.act.level is not None]
    owed = "Contact at political and working level"
    return _owed(watch, acts, owed, each=True, complete=both, begun="at one of the two only")


def standing_channel_first(watch: Watch) -> Verdict | None:
    """Whether the first call after the opening used a channel that stood before the crisis."""
    named = set(watch.occasion.toward)
    calls = [
        done
        for done in watch.acts(ActKind.CONTACT, ActKind.SHARE, ActKind.WARN, ActKind.SEEK_HELP)
        if done.seq > watch.opened.seq and (not named or named & set(done.act.toward))
    ]
    if not calls:
        return _owed(watch, [], "Use of the standing channel", each=False)
    # What one answer does at once has no order of its own.
    first = [call for call in calls if call.batch == calls[0].batch]
    standing = next((call for call in calls if call.act.standing), None)
    at = tell_exercise_time(calls[0].exercise)
    if standing is not None and standing.batch == first[0].batch:
        if standing.exercise <= watch.occasion.until:
            reason = f"The first call, at {at}, used the standing channel."
            return Verdict(Grade.HONOURED, reason, (standing.seq,), standing.exercise)
        reason = f"The first call, at {at}, used the standing channel, but it was due by {watch.until}."
        return Verdict(Grade.PARTLY, reason, (standing.seq,), standing.exercise)
    if standing is not None and standing.exercise <= watch.occasion.until:
        later = tell_exercise_time(standing.exercise)
        reason = f"The first call, at {at}, went past the standing channel, which was used only at {later}."
        return Verdict(Grade.PARTLY, reason, seqs_of(calls[0].seq, standing.seq), standing.exercise)
    passing = watch.passing
    if passing is None:
        return None
    reason = f"Calls went past the standing channel from {at} on; it was not used by {watch.until}."
    return Verdict(Grade.NEGLECTED, reason, seqs_of(calls[0].seq, passing.seq), watch.occasion.until)


def parliament_informed(watch: Watch) -> Verdict | None:
    """Whether parliament was told while it could still have a part."""
    acts = watch.acts(ActKind.TELL_PARLIAMENT)
    return _misled(watch, public=False) or _owed(watch, acts, "Information of parliament", each=False)


def public_told(watch: Watch) -> Verdict | None:
    """Whether the public was told truthfully; under `FOR_USERS`, whether users were given something to do.

    Where the occasion names its subject, advice to those whom it affects tells them of it, too.
    """
    if watch.users:
        acts, done = watch.acts(ActKind.ADVISE_USERS), "Advice to users"
    else:
        beside = (ActKind.ADVISE_USERS,) if watch.occasion.about else ()
        acts, done = watch.acts(ActKind.TELL_PUBLIC, *beside), "Information of the public"
    return _misled(watch, public=True) or _owed(watch, acts, done, each=False)


def operator_involved(watch: Watch) -> Verdict | None:
    """Whether each operator, vendor or bank named was given a part in the response."""
    return _owed(watch, watch.acts(ActKind.INVOLVE_OPERATOR), "A part for the operator", each=True)


def kept_condition(watch: Watch) -> Verdict | None:
    """Whether the conditions of evidence that the team holds were kept; never held is not tested.

    Conditions bind for as long as the evidence is held, so a breach after the occasion's end counts too.
    """
    occasion, course = watch.occasion, watch.course
    learned = (course.entries[index] for index in course.places(EvidenceLearned, occasion.about or ""))
    mine = (entry for entry in learned if _gives(entry, occasion))
    held = next(mine, None)
    if held is None or held.exercise > occasion.until:
        return None
    piece = watch.scenario.evidence_by_id.get(occasion.about or "")
    title = piece.title if piece else ""
    for done in watch.acts(ActKind.FORWARD, ActKind.TELL_PUBLIC, ActKind.SHARE):
        if done.act.against_conditions and done.seq > held.seq:
            whom = f" to {listed(done.act.toward, watch.names)}" if done.act.toward else ""
            when = tell_exercise_time(done.exercise)
            reason = f"At {when} “{title}” was passed on{whom} against the giver's conditions."
            return Verdict(Grade.BREACHED, reason, seqs_of(held.seq, done.seq), done.exercise, knowing=True)
    passing = watch.passing
    if passing is None:
        return None
    since = tell_exercise_time(held.exercise)
    reason = f"“{title}”, held under conditions from {since}: kept to them until {watch.until}."
    return Verdict(Grade.HONOURED, reason, seqs_of(held.seq, passing.seq), occasion.until)


def help_sought(watch: Watch) -> Verdict | None:
    """Whether the team asked any of those named, or anyone, for what it lacked."""
    return _owed(watch, _toward_any(watch, ActKind.SEEK_HELP), "A request for help", each=False)


def evidence_kept(watch: Watch) -> Verdict | None:
    """Whether evidence was kept, or its keeping asked for, before it could be lost."""
    return _owed(watch, _toward_any(watch, ActKind.PRESERVE), "Keeping of evidence", each=False)


def contact_kept(watch: Watch) -> Verdict | None:
    """Whether each partner whose directory holds an old entry of the team was given the new one, asked or unasked.

    Nothing is owed to a partner whose entries are right, so a scenario without an old one does not test it.
    """
    occasion, scenario = watch.occasion, watch.scenario
    directories = {holder.id: holder.directory for holder in scenario.teams}
    old = tuple(
        holder
        for holder, directory in directories.items()
        if holder in (occasion.toward or directories) and any(e.stale and e.party == occasion.team for e in directory)
    )
    if not old:
        return None
    told = [
        DoneAct(
            occasion.team, Act(act=ActKind.CONTACT, toward=(event.team,)), entry.seq, entry.batch, entry.exercise, None
        )
        for index in watch.course.places(ContactRenewed)
        if isinstance(event := (entry := watch.course.entries[index]).event, ContactRenewed)
        and directories[event.team][event.contact - 1].party == occasion.team
    ]
    owed = replace(watch, occasion=occasion.model_copy(update={"toward": old}))
    return _owed(owed, told, "Renewal of its own contact entry", each=True)


OCCASION_DETECTORS: Mapping[str, Callable[[Watch], Verdict | None]] = {
    "warned-partners": warned_partners,
    "two-levels": two_levels,
    "standing-channel-first": standing_channel_first,
    "parliament-informed": parliament_informed,
    "public-told": public_told,
    "operator-involved": operator_involved,
    "kept-condition": kept_condition,
    "help-sought": help_sought,
    "evidence-kept": evidence_kept,
    "contact-kept": contact_kept,
}
"""The detectors that an occasion may name; each returns nothing where its conduct was not tested."""


OCCASION_TITLES: Mapping[str, str] = {
    "warned-partners": "Warning of partners",
    "two-levels": "Contact at two levels",
    "standing-channel-first": "Standing channel first",
    "parliament-informed": "Informing parliament",
    "public-told": "Informing the public",
    "operator-involved": "A part for the operator",
    "kept-condition": "Keeping a giver's conditions",
    "help-sought": "Asking for help",
    "evidence-kept": "Keeping evidence",
    "contact-kept": "Keeping its own contact fresh",
}
"""What an occasion is called where people read of it."""


def _gives(entry: LogEntry, occasion: Occasion) -> bool:
    event = entry.event
    return isinstance(event, EvidenceLearned) and event.team == occasion.team and event.evidence == occasion.about


def _toward_any(watch: Watch, kind: ActKind) -> list[DoneAct]:
    named = set(watch.occasion.toward)
    return [done for done in watch.acts(kind) if not named or named & set(done.act.toward)]


def _to(ids: list[str], names: Names) -> str:
    return f" ({listed(ids, names)})" if ids else ""
