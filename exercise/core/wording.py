"""An assessment in the language of whoever reads it: the marks are what they were, only their words are others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from exercise.core.assess import Assessment
from exercise.core.commitments import Threat
from exercise.core.evaluation.outcome import Evaluated
from exercise.core.marks import CapacityFinding, Mark
from exercise.core.reasons import told, told_title
from exercise.core.reference import Reference
from exercise.core.scenario import Scenario
from exercise.core.tongues import with_texts
from exercise.core.views import DecisionView
from exercise.language import speaking


def worded(assessment: Assessment, scenario: Scenario) -> Assessment:
    """The marks with reasons and names as a scenario has them that `read_by` gave, and the texts they are made under.

    The texts of other languages stay behind: it is sent to those who read this one.
    """
    if scenario is assessment.scenario:
        if not scenario.translations:
            return assessment
        return replace(assessment, scenario=scenario.model_copy(update={"translations": {}}))
    reference = cited_in(assessment.reference, scenario)
    with speaking(scenario.language):
        marks = tuple(_mark(mark, scenario, reference) for mark in assessment.marks)
        findings = tuple(_finding(row, scenario, reference) for row in assessment.findings)
    return replace(
        assessment,
        scenario=scenario.model_copy(update={"translations": {}}),
        reference=reference,
        marks=marks,
        findings=findings,
    )


def worded_outcome(found: Evaluated, scenario: Scenario) -> Evaluated:
    """What evaluators left of the marks, in the words of a translated copy of a scenario."""
    reference = cited_in(found.reference, scenario)
    with speaking(scenario.language):
        return replace(
            found,
            scenario=scenario,
            reference=reference,
            proposed=tuple(_mark(mark, scenario, reference) for mark in found.proposed),
            verdicts=tuple(replace(row, mark=_mark(row.mark, scenario, reference)) for row in found.verdicts),
            findings=tuple(_finding(row, scenario, reference) for row in found.findings),
        )


def _mark(mark: Mark, scenario: Scenario, reference: Reference) -> Mark:
    said = words_of(scenario)
    return replace(
        mark,
        clause=_clause(mark, reference),
        reason=told(mark.reason, said),
        title=told_title(mark.title, said),
        adjustments=tuple(told(note, said) for note in mark.adjustments),
    )


def _finding(row: CapacityFinding, scenario: Scenario, reference: Reference) -> CapacityFinding:
    said = words_of(scenario)
    return replace(
        row, clause=_clause(row, reference), reason=told(row.reason, said), title=told_title(row.title, said)
    )


def _clause(row: Mark | CapacityFinding, reference: Reference) -> str:
    commitment = reference.commitments.get(row.commitment)
    return commitment.clause if commitment else row.clause


def words_of(scenario: Scenario) -> Mapping[str, str]:
    """What a translated copy of a scenario says for each text of its author's; nothing for the author's own."""
    said: Mapping[str, str] = scenario.__dict__.get("_said", {})
    return said


def cited_in(reference: Reference, scenario: Scenario) -> Reference:
    """The instruments and commitments as a translated copy of a scenario has them; what it does not have stays."""
    source = scenario.__dict__.get("_source")
    if source is None:
        return reference
    kept: tuple[Reference, Reference] | None = scenario.__dict__.get("_cited")
    if kept is None or kept[0] is not reference:
        known: Mapping[str, str] = source.translations.get(scenario.language, {})
        made = Reference(
            {id: with_texts(text, f"instruments.{id}", known) for id, text in reference.instruments.items()},
            {id: with_texts(item, f"commitments.{id}", known) for id, item in reference.commitments.items()},
        )
        kept = scenario.__dict__["_cited"] = (reference, made)
    return kept[1]


def cited_threats(threats: Mapping[str, Threat], scenario: Scenario) -> Mapping[str, Threat]:
    """The dangers that a scenario draws on, as a translated copy of it has them."""
    source = scenario.__dict__.get("_source")
    known = source.translations.get(scenario.language, {}) if source is not None else {}
    return {id: with_texts(threats[id], f"threats.{id}", known) for id in scenario.threats if id in threats}


def answered(view: DecisionView, scenario: Scenario) -> DecisionView:
    """A decision whose answer a bot gave, with what it said as a translated copy of the scenario has it."""
    answer, said = view.answer, words_of(scenario)
    if answer is None or not said:
        return view
    with speaking(scenario.language):
        answer = replace(
            answer,
            reason=told(answer.reason, said),
            set_aside=tuple(
                item.model_copy(update={"why": told(item.why, said), "limits": told(item.limits, said)})
                for item in answer.set_aside
            ),
            followed_up=tuple((kind, time, told(text, said)) for kind, time, text in answer.followed_up),
        )
    return replace(view, answer=answer)
