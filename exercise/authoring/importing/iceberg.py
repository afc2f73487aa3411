"""IcebergTTX: a tree of injects whose options lead to other injects."""

from __future__ import annotations

from exercise.authoring.importing.draft import (
    Cause,
    Draft,
    DraftDecision,
    DraftInject,
    DraftOption,
    DraftTeam,
)
from exercise.authoring.importing.json_source import Node
from exercise.core.script import Channel

__all__ = ["is_iceberg", "read_iceberg"]

_WINDOW = 10
_BETWEEN = 10
"""Minutes for a decision, and between injects that nothing leads to, where the source says no duration."""


def is_iceberg(root: Node) -> bool:
    """Whether a JSON value is such a tree."""
    return "injects" in root and ("participant_teams" in root or "start_inject_id" in root)


def read_iceberg(root: Node) -> Draft:
    """The tree as a draft: an inject with options brings a decision, and what an option leads to waits for it."""
    return _Iceberg(root).draft


class _Iceberg:
    def __init__(self, root: Node) -> None:
        self._root = root
        self._report = root.ledger.report
        self.draft = Draft(root["title"].line(), report=self._report, keys_are_names=True)
        self._rows: dict[str, tuple[Node, DraftInject]] = {}
        self._head()
        self._teams()
        self._injects()
        self._branches()
        self._times()
        root.left()

    def _head(self) -> None:
        root, draft = self._root, self.draft
        draft.summary = root["description"].text()
        root["schema_version"].take()
        meta = root["metadata"]
        if author := meta["author"].line():
            draft.facilitator.append(f"Made by {author}.")
            self._report.kept(meta["author"].path, author, "a scenario names no author", "facilitator's guide")
        minutes = meta["estimated_duration_minutes"].number()
        if minutes is not None and 1 <= minutes <= 1440:
            draft.minutes = int(minutes)
        if tags := root["tags"].texts():
            draft.facilitator.append(f"Tags: {', '.join(tags)}.")
            self._report.kept(root["tags"].path, ", ".join(tags), "a scenario has no tags", "facilitator's guide")
        if notes := root["debrief_notes"].text():
            draft.facilitator.append(f"For the debrief: {notes}")
            self._report.kept(root["debrief_notes"].path, notes, "notes for a debrief", "facilitator's guide")

    def _teams(self) -> None:
        for node in self._root["participant_teams"].items():
            key = node["id"].text() or node["label"].text()
            about = node["description"].text()
            self.draft.teams.append(DraftTeam(key, node["label"].line() or key, about))

    def _injects(self) -> None:
        known = {team.key for team in self.draft.teams}
        nodes = list(enumerate(self._root["injects"].items()))
        # The order of play, where the source gives one; a stable sort keeps the order of the file otherwise.
        nodes.sort(key=lambda pair: order if (order := pair[1]["sequence_order"].number()) is not None else 1e12)
        for n, node in nodes:
            key = node["id"].text() or f"inject-{n + 1}"
            inject = DraftInject(key, node["title"].line() or key, node["content"].text(), where=node.path)
            for item in node["target_teams"].items():
                team = item.text()
                if team in known:
                    inject.to.append(team)
                elif team:
                    self._report.lost(
                        item.path, team, "no such team is among participant_teams; the inject goes to others"
                    )
            inject.expected = node["expected_actions"].texts()
            if key in self._rows:
                self._report.changed(node["id"].path, key, "two injects have this id; options lead to the first")
            else:
                self._rows[key] = (node, inject)
            self.draft.injects.append(inject)
            self._messages(node, inject)

    def _messages(self, node: Node, inject: DraftInject) -> None:
        """What the inject makes outside bodies send comes with it; what teams were to send is for exercise control."""
        for n, told in enumerate(node["triggers_communications"].items(), start=1):
            entity, subject = told["external_entity"].line(), told["subject"].line()
            body, direction = told["body"].text(), told["direction"].text()
            delay = told["delay_after_release_seconds"].number()
            if direction and direction != "inbound":
                inject.notes.append(f"Message {direction}, {entity}: {subject}\n{body}".strip())
                why = "only messages to participants become injects"
                self._report.kept(told.path, f"{entity}: {subject}", why, "notes of the inject that brings it")
                continue
            if delay:
                why = "a delay in seconds; here it comes together with its inject"
                self._report.lost(f"{told.path}.delay_after_release_seconds", f"{delay:g}", why)
            channel = Channel.MEDIA if _press(entity) else Channel.EMAIL
            self.draft.injects.append(
                DraftInject(
                    f"{inject.key}/message-{n}",
                    subject or f"Message from {entity}",
                    body,
                    follows=inject.key,
                    to=list(inject.to),
                    channel=channel,
                    sender=entity,
                    where=told.path,
                )
            )

    def _branches(self) -> None:
        for key, (node, inject) in self._rows.items():
            options = list(node["options"].items())
            if not options:
                continue
            decision = DraftDecision(
                f"{key}/decision",
                self._decider(node, inject),
                f"{inject.title}: what now?",
                _paragraphs(inject.text, _QUESTION),
                [],
                follows=key,
            )
            decision.where, decision.window = node["options"].path, _WINDOW * 60
            for m, option in enumerate(options, start=1):
                made = DraftOption(option["id"].text() or f"option-{m}", option["label"].line())
                made.text = option["description"].text()
                decision.options.append(made)
            self._lead_on(key, decision, options)
            self.draft.decisions.append(decision)

    def _decider(self, node: Node, inject: DraftInject) -> str:
        teams = inject.to or [team.key for team in self.draft.teams]
        if len(teams) > 1:
            others = ", ".join(teams[1:])
            why = "a decision belongs to one team: the first of those addressed has it"
            self._report.changed(f"{node.path}.options", f"not also: {others}", why)
        return teams[0] if teams else ""

    def _lead_on(self, key: str, decision: DraftDecision, options: list[Node]) -> None:
        ways = []
        for made, option in zip(decision.options, options, strict=True):
            target = option["next_inject_id"].text()
            if not target:
                continue
            if target not in self._rows:
                self._report.lost(
                    option["next_inject_id"].path, target, "no inject has this id; the option leads nowhere"
                )
            elif target == key or target in self._before(key):
                why = "an inject comes once, so an option cannot lead back to it"
                self._report.lost(option["next_inject_id"].path, target, why)
            else:
                # Where there is only one way on, whatever is answered takes it.
                name = made.key if len(options) > 1 else ""
                self._rows[target][1].causes.append(Cause(chose=decision.key, option=name))
                ways.append((made, target))
        if ways:
            made, target = ways[0]
            decision.lapse = f"Nobody answered in time. Exercise control goes on as if you had said: {made.title}"
            self._rows[target][1].causes.append(Cause(lapsed=decision.key))
            why = "what follows an unanswered decision: the first option's way, so that the story goes on"
            self._report.added(f"{self._rows[key][0].path}.options", why)

    def _before(self, key: str) -> set[str]:
        """The injects that have to come before this one, as far as is known."""
        found: set[str] = set()
        waiting = [key]
        while waiting:
            for cause in self._rows[waiting.pop()][1].causes:
                parent = (cause.chose or cause.lapsed).removesuffix("/decision")
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        return found

    def _times(self) -> None:
        """The first inject opens the exercise; whatever no option leads to comes in the source's order."""
        start = self._root["start_inject_id"].text()
        loose = [row for row in self.draft.injects if not row.causes and not row.follows]
        if start in self._rows:
            first = self._rows[start][1]
            if first.causes:
                self._report.changed(
                    "start_inject_id", start, "it opens the exercise, though an option leads to it too"
                )
                first.causes.clear()
            loose = [first, *(row for row in loose if row is not first)]
        elif start:
            self._report.lost("start_inject_id", start, "no inject has this id; the first in order opens the exercise")
        step = _BETWEEN * 60
        if self.draft.minutes and len(loose) > 1:
            step = max(60, self.draft.minutes * 60 // (len(loose) + 1) // 60 * 60)
        for n, row in enumerate(loose):
            row.at = n * step
        if len(loose) > 1:
            self._report.added("injects", f"times for {len(loose)} injects, in the source's order: it has none")


_QUESTION = "What do you do?"


def _paragraphs(*parts: str) -> str:
    return "\n\n".join(filter(None, parts))


def _press(entity: str) -> bool:
    return any(word in entity.lower() for word in ("media", "press", "journalis", "reporter", "news"))
