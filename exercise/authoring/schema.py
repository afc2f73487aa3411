"""The JSON Schema of a scenario file, as editors use it to complete what an author types and to explain it."""

from __future__ import annotations

from typing import Any

from exercise.core.scenario import Scenario

__all__ = ["scenario_schema"]

# Keys that mean the same wherever they stand, and would say so a dozen times in the models.
_EVERYWHERE = {
    "id": "Short name by which other parts of the file refer to this: small letters, digits, hyphens.",
    "name": "Name, as shown.",
    "title": "Title, as shown.",
    "text": "Text, as shown.",
    "when": "Only where this condition holds.",
    "channel": "The way by which it arrives.",
    "from": "Who sends it, as shown.",
    "effects": "What it changes: indicators, flags, what a team holds.",
    "consequences": "Messages that follow, perhaps later, and perhaps depending on the hidden facts.",
    "conduct": "Which commitments this keeps or strains, each with a reason in one line.",
    "acts": "What is done in fact, so that detectors can look for it in the log.",
    "team": "Id of the team.",
}
_AT = {
    "ChangeIndicator.indicator": "Id of the indicator that changes.",
    "ClearFlag.clear": "Id of the flag that no longer holds.",
    "Contact.level": "The level of the contact: political, operational or technical.",
    "Desk.replies": "Its answers: the first that fits a request is taken, so put the narrower ones first.",
    "Decision.lapse": "What happens when nobody answers in time.",
    "Decision.options": "The answers to choose from, two to six.",
    "FreeOption.prompt": "What the team is asked when it proposes an answer of its own.",
    "IncomingRequest.handling": "The conditions under which it is given: tlp, purpose, words.",
    "IncomingRequest.kind": "Id of the kind of request, such as preservation.",
    "IncomingRequest.matter": "Id of the matter that it is about.",
    "IncomingRequest.urgent": "True where it is marked as urgent.",
    "Inject.attachments": "Documents that come with the message.",
    "Learn.learn": "Id of the evidence that the team holds from then on.",
    "Matter.outcomes": "What the steps of a request about it bring about, each once.",
    "Move.plenary": "Discussion of all teams after the move, while the story's clock stands still.",
    "Objective.tasks": "What a team must do for the objective to be reached.",
    "Plenary.questions": "Questions to discuss, one a line.",
    "Reply.answer": "accept, part, conditional, refuse, or silent for no answer at all.",
    "RequestKind.elements": "What a request of this kind has to say, as the form asks for it.",
    "Scenario.actors": "Those whom nobody plays: exercise control speaks for them.",
    "Scenario.decisions": "What the teams have to decide.",
    "Scenario.evidence": "What a team may come to hold, with the conditions under which it got it.",
    "Scenario.facts": "What is true behind the crisis, hidden until the hot wash.",
    "Scenario.hot_wash": "Questions for the talk after ENDEX.",
    "Scenario.indicators": "Numbers that move with what the teams do.",
    "Scenario.licence": "Terms under which others may use the scenario.",
    "Scenario.moves": "The parts of the exercise, in their order.",
    "Scenario.objectives": "What the exercise is to train.",
    "Scenario.occasions": "Moments at which the log is looked at for what a team did or left undone.",
    "Scenario.teams": "Those who play.",
    "SetFlag.flag": "Id of the flag that holds from then on.",
    "Team.kind": "What the team stands for.",
}


def scenario_schema() -> dict[str, Any]:
    """The schema with a description at every key, since an editor shows nothing else about one."""
    schema = Scenario.model_json_schema(by_alias=True)
    for holder, model in [("Scenario", schema), *schema.get("$defs", {}).items()]:
        for key, value in model.get("properties", {}).items():
            said = _AT.get(f"{holder}.{key}") or _EVERYWHERE.get(key)
            if said and "description" not in value:
                value["description"] = said
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
