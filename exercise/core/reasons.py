"""The sentences in which marks say why they are, so that each reader has them in a language of their own.

A mark keeps its reason as the detector wrote it, for the assessment is the same for all; only who reads it is told it
in other words. What is not known here in all its parts was written by people, and stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from exercise.language import N_, SOURCE, _, spoken

WORDS = (
    # What an occasion owed, at the head of its reason.
    N_("Warning of partners"),
    N_("Contact at political and working level"),
    N_("Use of the standing channel"),
    N_("Information of parliament"),
    N_("Advice to users"),
    N_("Information of the public"),
    N_("A part for the operator"),
    N_("A request for help"),
    N_("Keeping of evidence"),
    N_("Renewal of its own contact entry"),
    # What it is called as the occasion of a mark.
    N_("Contact at two levels"),
    N_("Standing channel first"),
    N_("Informing parliament"),
    N_("Informing the public"),
    N_("Keeping a giver's conditions"),
    N_("Asking for help"),
    N_("Keeping evidence"),
    N_("Keeping its own contact fresh"),
    N_("A step of its own"),
    N_("Added by an evaluator"),
    # How a decision ended that has no option's title to its name.
    N_("no answer"),
    N_("the team's own proposal"),
    # The five safeguards.
    N_("ground"),
    N_("authority"),
    N_("scope"),
    N_("duration"),
    N_("third parties"),
    # By which rule the program found a mark, in the order of the tables in the detectors.
    N_("answered in time"),
    N_("safeguards stated"),
    N_("basis stated"),
    N_("consulted first"),
    N_("reasons given"),
    N_("warned partners"),
    N_("two levels"),
    N_("standing channel first"),
    N_("parliament informed"),
    N_("public told"),
    N_("operator involved"),
    N_("kept condition"),
    N_("help sought"),
    N_("evidence kept"),
    N_("contact kept"),
    N_("complete"),
    N_("fit channel"),
    N_("urgent route"),
    N_("basis named"),
    N_("handling stated"),
    N_("conditions kept"),
    N_("gap named"),
    N_("carried out"),
    N_("kept long enough"),
    N_("check first"),
    N_("specified only"),
)
"""Words of the program's own that fill a sentence."""

SENTENCES = (
    N_("No answer came before the window closed at {time}."),
    N_("Answered at {time}, within the window."),
    N_("Answered at {time}, due by {due}."),
    N_("Answered at {time}, but it was due by {due}."),
    N_("All five safeguards were stated with the coercive measure."),
    N_("All five safeguards were stated with the coercive measure (authority by the check that was sought)."),
    N_("{count} of five safeguards were stated with the coercive measure; missing: {points}."),
    N_(
        "{count} of five safeguards were stated with the coercive measure (authority by the check that was sought); "
        "missing: {points}."
    ),
    N_("Legal advice or an independent check was sought before the measure with effects abroad."),
    N_("The basis of the measure with effects abroad was stated: {texts}."),
    N_("Neither legal advice nor a basis was sought for the measure with effects abroad."),
    N_("No text of the team's profile was stated, with a reason, as basis of the measure abroad."),
    N_("The escalating step at {time} came after or with a political contact."),
    N_("The escalating step toward {whom} at {time} came after or with a political contact."),
    N_("The escalating step at {time} came after or with a consultation."),
    N_("The escalating step toward {whom} at {time} came after or with a consultation."),
    N_("The escalating step at {time} came without a consultation or political contact before it."),
    N_("The escalating step toward {whom} at {time} came without a consultation or political contact before it."),
    N_(
        "The escalating step toward {whom} at {time} came while a consultation that had been agreed at {since} was "
        "still to be held."
    ),
    N_("The request was refused without reasons."),
    N_("The request of {whom} was refused without reasons."),
    N_("The request was refused with reasons, and a part was offered."),
    N_("The request of {whom} was refused with reasons, and a part was offered."),
    N_("The request was refused with reasons, but no part or condition was offered instead."),
    N_("The request of {whom} was refused with reasons, but no part or condition was offered instead."),
    N_("The team names this as set aside by its own proposal."),
    N_("The team names this as served by its own proposal."),
    # Occasions.
    N_("{label}: yes, by {time}; due by {due}."),
    N_("{label}: yes ({whom}), by {time}; due by {due}."),
    N_("{label}: yes, but only by {time}; due by {due}."),
    N_("{label}: yes ({whom}), but only by {time}; due by {due}."),
    N_("{label}: in time ({whom}), not ({missed}); due by {due}."),
    N_("{label}: not done by {due}."),
    N_("{label}: not done ({whom}) by {due}."),
    N_("{label}: at one of the two only by {due}."),
    N_("{label}: at one of the two only ({whom}) by {due}."),
    N_("At {time} {whom} heard what the team knew to be untrue."),
    N_("At {time} the public heard what the team knew to be untrue."),
    N_("Contact was turned down on purpose at {time}."),
    N_("The first call, at {time}, used the standing channel."),
    N_("The first call, at {time}, used the standing channel, but it was due by {due}."),
    N_("The first call, at {time}, went past the standing channel, which was used only at {later}."),
    N_("Calls went past the standing channel from {time} on; it was not used by {due}."),
    N_("At {time} “{title}” was passed on against the giver's conditions."),
    N_("At {time} “{title}” was passed on to {whom} against the giver's conditions."),
    N_("“{title}”, held under conditions from {time}: kept to them until {due}."),
    # Whoever sends a request.
    N_("Sent to {whom} at {time} with all that such a request has to say."),
    N_("Sent to {whom} at {time} without: {elements}; what was missing followed at {later}."),
    N_("Sent to {whom} at {time} without: {elements}; it was sent again, whole, at {later}."),
    N_("Sent to {whom} at {time} without: {elements}; what was missing had not come by {later}."),
    N_(
        "Sent to {whom} at {time} without: {elements}; {who} asked back at {back}; what was missing followed at "
        "{later}."
    ),
    N_(
        "Sent to {whom} at {time} without: {elements}; {who} asked back at {back}; it was sent again, whole, at "
        "{later}."
    ),
    N_(
        "Sent to {whom} at {time} without: {elements}; {who} asked back at {back}; what was missing had not come by "
        "{later}."
    ),
    N_("It reached {whom} at {time} by “{channel}”, which is fit for it."),
    N_("It reached {whom} at {time} by “{channel}”, which did not stand before the crisis."),
    N_("Sent at {time} to an entry for {whom} that the team had known since {since} to be dead."),
    N_("Sent at {time} to {whom}, which has no mandate for it; sent again at {later} by a fit one, to {who}."),
    N_("Sent at {time} to {whom}, which has no mandate for it; it came back at {later} and was left at that."),
    N_(
        "Sent to {whom} at {time} by “{channel}”, which is not fit for it; sent again at {later} by a fit one, "
        "to {who}."
    ),
    N_(
        "Sent to {whom} at {time} by “{channel}”, which is not fit for it; it came back at {later} and was left "
        "at that."
    ),
    N_("What the request to {whom} of {time} is about may be lost; it was sent as urgent, for an answer by {due}."),
    N_(
        "What the request to {whom} of {time} is about may be lost; it was sent as urgent, but named no time to answer "
        "by."
    ),
    N_(
        "What the request to {whom} of {time} is about may be lost; it asked for an answer by {due}, but not as urgent."
    ),
    N_(
        "What the request to {whom} of {time} is about may be lost; it was sent neither as urgent nor with a time to "
        "answer by."
    ),
    N_("The request to {whom} of {time} rests on {texts}."),
    N_("The request to {whom} of {time} names {texts}, which does not carry such a request by itself."),
    N_("The request to {whom} of {time} names no text of the team's profile as its basis."),
    # Whoever answers one.
    N_("The request of {whom} was there at {time} and was answered at {later}."),
    N_("The request of {whom} was there at {time} and was answered at {later}, asked for by {due}."),
    N_(
        "The request of {whom} was there at {time} and was answered at {later}, asked for by {due}; that is in time, "
        "for a room has some minutes of play to answer in."
    ),
    N_(
        "The request of {whom} was there at {time}; there was an answer at {back}, but then it lapsed without an "
        "answer "
        "at {later}."
    ),
    N_(
        "The request of {whom} was there at {time}; there was an answer at {back}, but then nobody had answered "
        "by ENDEX "
        "at {later}."
    ),
    N_("The request of {whom} was there at {time}; it lapsed without an answer at {later}."),
    N_("The request of {whom} was there at {time}; it lapsed without an answer at {later}, asked for by {due}."),
    N_("The request of {whom} was there at {time}; nobody had answered by ENDEX at {later}."),
    N_("The request of {whom} was there at {time}; nobody had answered by ENDEX at {later}, asked for by {due}."),
    N_("The request of {whom} lacked: {elements}; it lapsed at {time} without a word."),
    N_("The request of {whom} lacked: {elements}; the answer at {time} named it."),
    N_("The request of {whom} lacked: {elements}; the answer at {time} named only: {named}."),
    N_("The request of {whom} lacked: {elements}; the refusal at {time} did not say so."),
    N_("The request of {whom} lacked: {elements}; the answer at {time} asked back in other words."),
    N_("The request of {whom} lacked: {elements}; the answer at {time} came all the same, without naming it."),
    N_("The request of {whom} lacked: {elements}; it was sent back at {time}."),
    N_("The request of {whom} lacked: {elements}; it was refused at {time}."),
    N_("Instead of a plain no to {whom}, a part was given at {time}, with reasons."),
    N_("Instead of a plain no to {whom}, a part was given at {time}, without reasons."),
    N_("Instead of a plain no to {whom}, help was offered under conditions at {time}, with reasons."),
    N_("Instead of a plain no to {whom}, help was offered under conditions at {time}, without reasons."),
    N_("The request of {whom} was refused at {time} without reasons."),
    N_("The request of {whom} was refused at {time} without a ground."),
    N_("The request of {whom} was refused at {time} without ground or reasons."),
    N_(
        "The request of {whom} was refused at {time} with ground and reasons, after a part or conditions had been "
        "offered at {back}."
    ),
    N_("The request of {whom} was refused at {time} with ground and reasons, but no part or condition was offered."),
    N_("What {whom} offered was declined at {time}, with reasons."),
    N_("What {whom} offered was declined at {time} without reasons."),
    N_("What {whom} asked for was agreed at {time} and done at {later}."),
    N_("What {whom} asked for was agreed in part at {time} and done at {later}."),
    N_("What {whom} asked for was agreed at {time}, and not done by ENDEX at {later}."),
    N_("What {whom} asked for was agreed in part at {time}, and not done by ENDEX at {later}."),
    N_("Agreed at {time} to keep the data, without saying for how long; {least} days at least."),
    N_("Agreed at {time} to keep the data for {count} days; {least} at least."),
    N_("The power was used for {whom} at {time}, after an independent check had been sought at {back}."),
    N_("The power was used for {whom} at {time}, after {who} had agreed at {back}."),
    N_("The power was used for {whom} at {time}, though {who} had refused it at {back}."),
    N_("The power was used for {whom} at {time}; {who} had been asked at {back} and had not answered yet."),
    N_("The power was used for {whom} at {time}, and no judge or other independent body was asked."),
    N_("Done for {whom} at {time}, and all of it had been specified."),
    N_("Done for {whom} at {time} while the request still lacked: {elements}."),
    N_(
        "Done for {whom} at {time} while the request still lacked: {elements}; a part only, and the gap had been named."
    ),
    # What is given under conditions.
    N_("What {whom} was given at {time} came without a word on how it may be handled."),
    N_("What {whom} was given at {time} came with words on how it may be handled."),
    N_("What {whom} was given at {time} came with its conditions: TLP {tlp}, any use."),
    N_("What {whom} was given at {time} came with its conditions: TLP {tlp}, for {points}."),
    N_("Given at {time} under conditions; at {later} “{title}” was passed on against them."),
    N_("Given at {time} under conditions; at {later} “{title}” was passed on to {whom} against them."),
    N_("Given at {time} under conditions, which were accepted; at {later} “{title}” was passed on against them."),
    N_(
        "Given at {time} under conditions, which were accepted; at {later} “{title}” was passed on to {whom} against "
        "them."
    ),
    N_("Given at {time} under conditions, and kept until they were lifted with the giver's consent at {later}."),
    N_(
        "Given at {time} under conditions, which were accepted, and kept until they were lifted with the giver's "
        "consent "
        "at {later}."
    ),
    N_("Given at {time} under conditions, and kept to them until the end."),
    N_("Given at {time} under conditions, which were accepted, and kept to them until the end."),
    N_("At {time} “{title}”, held under conditions since {since}, was passed on to {whom} against them."),
    # How a grade came to be another, or what people did to it.
    N_("observation: this text is observed and never scored"),
    N_("ceiling: a voluntary measure is breached only in bad faith, else neglected at worst"),
    N_("ceiling: a politically binding text is breached only by a contrary act done knowingly, else neglected"),
    N_("ceiling: a recommendation is breached only by a contrary act done knowingly, else neglected"),
    N_("ceiling: an internal act of an organisation is breached only by a contrary act done knowingly, else neglected"),
    N_("not raised: where rights are concerned reasons do not lift further (entry {numbers})"),
    N_("not raised: where rights are concerned reasons do not lift further (entries {numbers})"),
    N_("raised one step: named, limited, told, came back (entry {numbers})"),
    N_("raised one step: named, limited, told, came back (entries {numbers})"),
    N_("confirmed by {count} evaluators"),
    N_("changed by {count} evaluators"),
    N_("confirmed by one evaluator"),
    N_("changed by one evaluator"),
    N_("disputed: evaluators differ, so it stands as proposed"),
    N_("settled by the evaluators together"),
    N_("added by an evaluator"),
    N_("lifted one step from {points}: repaired later (entry {numbers})"),
    N_("lifted one step from {points}: repaired later (entries {numbers})"),
    N_("unable: it lacked {points}"),
    N_("unable"),
    # What bots say of their decisions.
    N_("We choose what lets our partners act in time and say openly what it costs us."),
    N_("It gives way for now to the more urgent duty."),
    N_("Only as far and as long as this step needs, and by the mildest means."),
    N_("It serves us best."),
    N_("As scripted."),
    N_("The offence under investigation and the facts known so far."),
    N_("Ordered by the competent authority and put to the judge."),
    N_("Only the accounts and addresses named in the order."),
    N_("Ends after twelve hours unless it is renewed."),
    N_("Data of people not involved are set apart and deleted."),
    N_("Those affected by “{title}” have been told what was set aside and for how long."),
    N_("The measure taken on “{title}” has been reviewed and kept to what is still needed."),
)
"""Whole sentences, since languages order their parts each in its own way; what a hole may hold, its name says."""

TITLES = (N_("{kind} to {whom}"), N_("{kind} from {whom}"))
"""What a request is called as the occasion of a mark."""

_TIME = r"T[+-]\d+:\d\d"
_SHAPES = {
    **dict.fromkeys(("time", "due", "since", "later", "back"), _TIME),
    **dict.fromkeys(("count", "least"), r"\d+"),
    "numbers": r"\d+(?:, \d+)*",
    "texts": r"[\w.-]+(?:, [\w.-]+)*",
    "tlp": r"[a-z+]+",
}
"""What stays as it is in every language; all else is words or names."""
_OWN = ("label", "points")
"""Holes that words of the program fill, and not names of the scenario."""
Patterns = tuple[tuple[str, str, re.Pattern[str]], ...]
_HOLE = re.compile(r"\{(\w+)\}")


def told(text: str, said: Mapping[str, str]) -> str:
    """A sentence of a mark, or of a bot, in the language spoken; `said` has the scenario's names in it.

    Whatever no sentence of the table fits stays whole as it was written.
    """
    if spoken() == SOURCE or not text:
        return text
    if text in said:
        return said[text]
    return told_by(_patterns(), text, said)


def told_by(patterns: Patterns, text: str, said: Mapping[str, str]) -> str:
    """A text that one of these sentences fits, in the language spoken; any other as it is."""
    for sentence, opening, pattern in patterns:
        found = pattern.fullmatch(text) if text.startswith(opening) else None
        if found is None:
            continue
        words = _(sentence)
        holes = {hole: _filled(hole, value, said) for hole, value in found.groupdict().items()}
        return text if words == sentence else words.format(**holes)
    return text


def told_title(text: str, said: Mapping[str, str]) -> str:
    """What a mark is about in the language spoken: a decision with its answer, a request, an occasion."""
    if spoken() == SOURCE or text in said:
        return said.get(text, text)
    if text in WORDS:
        return _(text)
    place = text.find(": ")
    while place >= 0:
        head, tail = text[:place], text[place + 2 :]
        if head in said and (tail in said or tail in WORDS):
            return f"{said[head]}: {said.get(tail) or _(tail)}"
        place = text.find(": ", place + 1)
    for title in TITLES:
        between = title.removeprefix("{kind}").removesuffix("{whom}")
        place = text.find(between)
        while place >= 0:
            kind, whom = text[:place], text[place + len(between) :]
            if kind in said:
                return _(title).format(kind=said[kind], whom=said.get(whom, whom))
            place = text.find(between, place + 1)
    return text


def _filled(hole: str, value: str, said: Mapping[str, str]) -> str:
    if hole in _SHAPES:
        return value
    if hole in _OWN:
        return ", ".join(_(word) for word in value.split(", "))
    names: list[str] = []
    while value:
        # Names may have commas of their own, so the longest that fits is taken.
        known = (one for one in said if value.startswith(one) and value[len(one) : len(one) + 2] in ("", ", "))
        name = max(known, key=len, default=value.partition(", ")[0])
        names.append(said.get(name, name))
        value = value[len(name) + 2 :]
    return ", ".join(names)


@cache
def _patterns() -> Patterns:
    return patterns_of(SENTENCES)


def patterns_of(sentences: Iterable[str]) -> Patterns:
    """Each sentence with its beginning and its pattern; what says most by itself is tried first."""
    made = []
    for sentence in sorted(sentences, key=lambda one: -len(_HOLE.sub("", one))):
        parts = _HOLE.split(sentence)
        words = [re.escape(part) for part in parts]
        words[1::2] = [f"(?P<{hole}>{_SHAPES.get(hole, '.+?')})" for hole in parts[1::2]]
        made.append((sentence, parts[0], re.compile("".join(words), re.DOTALL)))
    return tuple(made)
