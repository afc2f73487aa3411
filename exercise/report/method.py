"""How marks come about and what a report cannot say: the standing words of every report."""

from __future__ import annotations

from collections.abc import Iterator

from exercise.language import N_, _
from exercise.report.blocks import Block, Bullets, Heading, Paragraph

METHOD = (
    N_(
        "Conduct is looked at clause by clause, under the texts that each team's profile "
        "holds on the date of the story. A clause outside profile or period is not "
        "applicable; one that the run never put to the team is not tested. Neither counts."
    ),
    N_(
        "The program proposes marks at ENDEX: from the option a team chose, from what it did "
        "and did not do by the hours it had been shown, and from each step of its requests. "
        "A team's own proposal is mapped by the team itself, and stays marked as "
        "self-proposed until an evaluator has looked. No mark reads a hidden fact: what was "
        "decided, with what the team could know, is looked at, not how it turned out."
    ),
    N_(
        "A mark says honoured, partly, neglected or breached, with the entries of the log "
        "that show it and one sentence of reason. Under several marks a clause takes the "
        "lowest, lifted one step only where a later act repaired that one."
    ),
    N_(
        "How low a mark may go depends on how far its text binds. Under a treaty every grade "
        "is open. A politically binding text is breached only by a contrary act done "
        "knowingly; under a voluntary measure silence is neglect at worst, and breach needs "
        "bad faith. Principles are observed and never scored."
    ),
    N_(
        "Where two commitments pull apart, the one set aside rises one step if the team "
        "named it, kept the step small, told those affected and came back to it; the last "
        "two must stand in the log. Reasons never make a breach of rights whole."
    ),
    N_(
        "Nothing is netted. A card is four counts and no total: what was done well does not "
        "pay for what was left undone, and there is no order of merit among teams."
    ),
    N_(
        "Conduct and means are apart. Where a team lacked a channel, people, time, law or "
        "tools, that is a finding about its capacity and no mark."
    ),
    N_(
        "Evaluators come from different delegations. Each looks at every proposed mark with "
        "its clause, its reason and the record up to that decision, and sees neither how it "
        "turned out nor what the others judged. Where they differ the proposed mark stays in "
        "the figures, said to be disputed, until they settle it together; the dissent stays "
        "printed."
    ),
    N_(
        "Ratings of objectives are set by evaluators: P performed without challenges, S with "
        "some challenges, M with major challenges, U unable to be performed. What the "
        "program suggests is derived from the clauses tested under an objective and is "
        "labelled so: P where all were honoured, U where all were neglected or breached, S "
        "where at least half were honoured and none breached, M otherwise. No clause belongs "
        "to one critical task: what stands beside a task is suggested for the whole "
        "objective, of the task's team, and says nothing of the task alone."
    ),
    N_(
        "Agreement is Krippendorff's alpha, ordinal over the four grades, beside the simple "
        "share of marks judged alike; a judgment that a mark does not apply counts in the "
        "share only."
    ),
)

LIMITS = (
    N_("An exercise compresses days into hours, and people decide otherwise at a table than in a crisis."),
    N_("The program sees what was entered; what was agreed aloud and never written down, evaluators alone have seen."),
    N_(
        "The number of clauses tested depends on the story that came about; counts of "
        "different scenarios, and of teams with different profiles, do not compare."
    ),
    N_(
        "The texts are paraphrased in the project's own words, with the clause; what a text "
        "asks is read there, not here."
    ),
    N_("With two evaluators and few disagreements a coefficient of agreement is rough."),
    N_("Times of the story are not how fast people worked: nothing is marked by how long a room talked."),
)

CHATHAM = N_(
    "This edition is made for the Chatham House Rule: it may be used and passed on, and "
    "neither who took part nor whom they played may be made known. Delegations are "
    "lettered in an order of no meaning; names of persons, places and services were "
    "taken out of all texts, also out of what people wrote."
)


def method_pages() -> Iterator[Block]:
    """How marks come about, and the limits."""
    yield Heading(_("Method"), 1, "method")
    for text in METHOD:
        yield Paragraph(_(text))
    yield Heading(_("Limits"), 1, "limits")
    yield Bullets(tuple(map(_, LIMITS)))
