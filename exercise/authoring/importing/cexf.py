"""MISP's Common Exercise Format: a flow of injects with payloads, and what a tool would evaluate of each."""

from __future__ import annotations

import base64
import binascii
import re

from exercise.authoring.importing.draft import Cause, Draft, DraftInject, DraftObjective, DraftTask, task_of
from exercise.authoring.importing.json_source import Node
from exercise.core.script import Channel, channel_name

__all__ = ["is_cexf", "read_cexf"]

_LARGEST_PAYLOAD = 256 * 1024
"""Bytes of a payload that are looked at as text; nobody reads more in an exercise."""
_LONGEST_TEXT = 30_000
_HOURS_AT_MOST = 24 * 30
_HEAD = re.compile(r"(From|Subject): +(\S[^\n]*)(?:\n|$)")
_CHANNELS = {channel_name(channel): channel for channel in Channel}
_SENDER = re.compile(r"From:? +(\S[^\n]{0,100})")


def is_cexf(root: Node) -> bool:
    """Whether a JSON value is such an exercise."""
    return "injects" in root and ("inject_flow" in root or "inject_payloads" in root)


def read_cexf(root: Node) -> Draft:
    """The flow as a draft: its order becomes times, its evaluations expected actions and critical tasks."""
    return _Cexf(root).draft


class _Cexf:
    def __init__(self, root: Node) -> None:
        self._root = root
        self._report = root.ledger.report
        about = root["exercise"]
        self.draft = Draft(about["name"].line(), about["description"].text(), report=self._report)
        self._duration = about["total_duration"].number()
        self._payloads = {node["uuid"].text(): node for node in root["inject_payloads"].items()}
        self._rows: dict[str, DraftInject] = {}
        self._used: set[str] = set()
        self._told = False
        self._about(about)
        self._injects()
        self._flow()
        for key, node in self._payloads.items():
            if key not in self._used:
                node.drop("no inject uses this payload")
        root.left()

    def _about(self, about: Node) -> None:
        expanded = about["expanded"].text()
        if expanded.strip("# \n") not in ("", self.draft.summary):
            self.draft.facilitator.append(expanded)
            self._report.kept(about["expanded"].path, expanded, "the longer description", "facilitator's guide")
        about["uuid"].drop("an id that means nothing outside the source")
        said = [about["namespace"], about["version"], about["valid_until"], about["tags"]]
        for node in [*said, *(node for _, node in about["meta"].fields())]:
            text = ", ".join(node.texts())
            if text:
                label = node.path.rpartition(".")[2].replace("_", " ")
                self.draft.facilitator.append(f"{label.capitalize()}: {text}")
                self._report.kept(node.path, text, "what the source says about itself", "facilitator's guide")

    # --- injects ---

    def _injects(self) -> None:
        tasks: list[DraftTask] = []
        for n, node in enumerate(self._root["injects"].items(), start=1):
            key = node["uuid"].text() or f"inject-{n}"
            inject = DraftInject(key, node["name"].line() or f"Inject {n}", where=node.path)
            action, tool = node["action"].text(), node["target_tool"].text()
            inject.channel = Channel.EMAIL if "mail" in action else _CHANNELS.get(tool, inject.channel)
            self._told = "mail" in action or "message" in action
            if action or tool:
                said = ", ".join(filter(None, (action, tool and f"for {tool}")))
                inject.notes.append(f"In the source: {said}.")
                self._report.kept(node.path, said, "what machines do or look at in the source", "notes of the inject")
            payload = node.first("action_payload_resource_uuid", "inject_payload_uuid", "payload_uuid")
            self._payload(payload, inject)
            for rule in node["inject_evaluation"].items():
                tasks += self._evaluation(rule, inject)
            if not inject.text:
                inject.text = inject.title
                inject.decide.append("what participants see of this; the source has no text for people here.")
            if key in self._rows:
                self._report.changed(node["uuid"].path, key, "two injects have this id; the flow means the first")
            self._rows.setdefault(key, inject)
            self.draft.injects.append(inject)
        if tasks:
            title = "What the source evaluates"
            self.draft.objectives.append(DraftObjective("evaluated", title, tasks=tasks))
            why = "an objective for the critical tasks: evaluators rate them, no tool does"
            self._report.added("injects[].inject_evaluation", why)

    def _payload(self, reference: Node, inject: DraftInject) -> None:
        key = reference.text()
        payload = self._payloads.get(key)
        if payload is None:
            if key:
                self._report.lost(reference.path, key, "no payload has this id")
            return
        self._used.add(key)
        name, kind = payload["name"].text(), payload["type"].text()
        held = payload["parameters"]
        file = held["filename"].text() or name
        content = held["content"]
        if content:
            text = self._decoded(content, held["content-type"].text(), file)
            if text is not None and self._told and not inject.text:
                self._message(text, inject)
                why = "the payload's content is the text of the inject"
                self._report.kept(content.path, file, why, "text of the inject")
            elif text is not None:
                inject.attachments.append((file or "Payload", text))
                self._report.kept(content.path, file, "the payload's content is a document", "attachment of the inject")
        said = "; ".join(f"{key}: {value}" for key, node in held.fields() if (value := ", ".join(node.texts()))
                         and key not in ("content", "content-type"))  # fmt: skip
        line = f"Payload {name} ({kind}){': ' if said else ''}{said}"
        inject.notes.append(line)
        self._report.kept(payload.path, line, "what machines send in the source", "notes of the inject")

    def _message(self, text: str, inject: DraftInject) -> None:
        """Takes sender and subject from the head of a message; the rest is what participants read."""
        if found := _SENDER.match(text):
            inject.sender = found[1].strip(" <>")
        while match := _HEAD.match(text):
            text = text[match.end() :].lstrip("\n")
            if match[1] == "Subject" and match[2].strip() != inject.title:
                inject.notes.append(f"Title in the source: {inject.title}")
                inject.title = match[2].strip()
        inject.text = text

    def _decoded(self, content: Node, kind: str, file: str) -> str | None:
        """A payload as text, or None with a line in the report where it is none."""
        raw = content.value if isinstance(content.value, str) else ""
        if len(raw) > _LARGEST_PAYLOAD * 4 // 3 + 4:
            content.drop(f"a payload of more than {_LARGEST_PAYLOAD // 1024} kB", f"{file}, {len(raw):,} characters")
            return None
        text = content.text()
        if "base64" in kind.lower():
            try:
                data = base64.b64decode("".join(raw.split()), validate=True)
                plain = data.decode("utf-8").replace("\r\n", "\n")
            except binascii.Error:
                self._report.lost(content.path, raw, f"{file}: this is no base64")
                return None
            except UnicodeDecodeError:
                self._report.lost(content.path, f"{file}, {len(data):,} bytes", "a payload that is no text")
                return None
            # Through a node again, so that what is hostile inside is cleaned and reported like any other text.
            text = Node(plain, f"{content.path} (decoded)", content.ledger).text()
        if len(text) > _LONGEST_TEXT:
            self._report.lost(
                content.path, f"{file}, {len(text):,} characters", "a payload too long to be read in play"
            )
            return None
        return text

    def _evaluation(self, rule: Node, inject: DraftInject) -> list[DraftTask]:
        result = rule["result"].line()
        words = _in_words(rule["parameters"])
        scores = [f"{number:g}" for node in rule["score_range"].items() if (number := node.number()) is not None]
        notes = f"Evaluated: {result or 'no name'}"
        notes += f": {words}" if words else ""
        notes += f" ({' to '.join(scores)} points)" if scores else ""
        inject.notes.append(notes)
        where = f"{rule.path}.parameters"
        self._report.kept(where, notes, "a rule that a tool checks; here evaluators look for it", "notes of the inject")
        if not result:
            return []
        inject.expected.append(result)
        return [task_of(result, inject.title)]

    # --- flow ---

    def _flow(self) -> None:
        rows = [(node, self._rows.get(node["inject_uuid"].text())) for node in self._root["inject_flow"].items()]
        after: dict[str, list[str]] = {}
        by_hand: set[str] = set()
        started: set[str] = set()
        placed: set[str] = set()
        for node, row in rows:
            if row is None:
                self._report.lost(node["inject_uuid"].path, node["inject_uuid"].text(), "no inject has this id")
                continue
            placed.add(row.key)
            if description := node["description"].text():
                row.notes.insert(0, description)
                self._report.kept(
                    node["description"].path, description, "why it stands in the flow", "notes of the inject"
                )
            triggers = [text.lower() for text in node["sequence"]["trigger"].texts()]
            if "startex" in triggers:
                started.add(row.key)
            if any("manual" in trigger for trigger in triggers):
                by_hand.add(row.key)
            for before in self._required(node["requirements"], row):
                after.setdefault(row.key, []).append(before)
            for item in node["sequence"]["followed_by"].items():
                target = item.text()
                if target in self._rows:
                    after.setdefault(target, []).append(row.key)
                else:
                    self._report.lost(item.path, target, "no inject has this id; nothing follows")
            self._completion(node, row)
            at = self._at(node["timing"]["triggered_at"])
            if at is not None:
                row.at = at
            node["reporting_callback"].drop("machines report nothing back here")
        for key, row in self._rows.items():
            if key not in placed:
                self._report.changed(
                    row.where, row.title, "no step of the flow names it; exercise control releases it by hand"
                )
                by_hand.add(key)
        self._place(after, by_hand, started)

    def _required(self, node: Node, row: DraftInject) -> list[str]:
        found = []
        for part in node.items():
            before, what = part["inject_uuid"].text(), part["resolution_requirement"].text()
            if before in self._rows:
                found.append(before)
                title = self._rows[before].title
                row.notes.append(f"Comes in the source once '{title}' is resolved{': ' + what if what else ''}.")
                why = "the inject waits for the one before and its time; release it sooner once this is done"
                self._report.kept(part.path, what or before, why, "notes of the inject")
            elif before:
                self._report.lost(part["inject_uuid"].path, before, "no inject has this id")
        return found

    def _completion(self, node: Node, row: DraftInject) -> None:
        triggers = node["sequence"]["completion_trigger"].texts()
        other = [text for text in node["sequence"]["trigger"].texts() if text != "startex"]
        if triggers or other:
            said = [f"completed by {', '.join(triggers)}"] if triggers else []
            said += [f"triggered by {', '.join(other)}"] if other else []
            row.notes.append(f"In the source {'; '.join(said)}.")
            why = "no tool tells here when an inject is completed"
            self._report.kept(f"{node.path}.sequence", "; ".join(said), why, "notes of the inject")

    def _at(self, node: Node) -> int | None:
        seconds = node.number()
        if seconds is not None:
            return int(seconds) if abs(seconds) <= _HOURS_AT_MOST * 3600 else None
        text = node.text()
        if match := re.fullmatch(r"(\d{1,3}):([0-5]\d)(?::[0-5]\d)?", text):
            return int(match[1]) * 3600 + int(match[2]) * 60
        if text:
            self._report.lost(node.path, text, "a time that is not understood")
        return None

    def _place(self, after: dict[str, list[str]], by_hand: set[str], started: set[str]) -> None:
        """Lays the steps of the flow over its duration: nothing here tells when a step is completed."""
        depth: dict[str, int] = {}

        def deep(key: str, seen: frozenset[str]) -> int:
            if key in seen or key in started or len(seen) > 200:
                return 0
            if key not in depth:
                depth[key] = max((deep(before, seen | {key}) + 1 for before in after.get(key, ())), default=0)
            return depth[key]

        steps = {key: deep(key, frozenset()) for key in self._rows}
        if self._duration is not None and 60 <= self._duration <= _HOURS_AT_MOST * 3600:
            self.draft.minutes = int(self._duration) // 60
        length = self.draft.minutes or 15 * (max(steps.values(), default=0) + 1)
        spread = False
        for key, row in self._rows.items():
            before = [name for name in dict.fromkeys(after.get(key, ())) if steps[name] < steps[key]]
            row.causes = [Cause(released=name) for name in before]
            if row.at is None and key not in by_hand:
                row.at = length * 60 * steps[key] // (max(steps.values()) + 1) // 60 * 60
                spread = spread or row.at > 0
        if self._duration is not None and self.draft.minutes is None:
            self._report.lost("exercise.total_duration", f"{self._duration:g}", "a duration that nobody would play")
        if spread:
            self._report.added(
                "inject_flow", "times: the steps of the flow are laid evenly over the exercise's duration"
            )


def _in_words(node: Node) -> str:
    """Parameters of a rule as a person would say them: `Event.info contains phishing, CEO`."""
    node.take()
    return Node(_said(node.value), node.path, node.ledger).text()


def _said(value: object) -> str:
    if isinstance(value, dict):
        if "comparison" in value:
            rest = {key: inner for key, inner in value.items() if key not in ("comparison", "values")}
            words = [str(value["comparison"]), _said(value.get("values")), _said(rest)]
            return " ".join(filter(None, words))
        parts = []
        for key, inner in value.items():
            if key in ("OR", "AND") and isinstance(inner, list):
                parts.append(f" {key.lower()} ".join(map(_said, inner)))
            else:
                parts.append(f"{key} {_said(inner)}".strip())
        return ", ".join(parts)
    if isinstance(value, list):
        return ", ".join(map(_said, value))
    return "" if value is None else str(value)
