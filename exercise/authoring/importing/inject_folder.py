"""INJECT's definitions: a folder of YAML, of whose keys only part is known; the rest is listed, and nothing guessed."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path
from typing import Any

from exercise.authoring.importing.draft import (
    Draft,
    DraftDecision,
    DraftInject,
    DraftObjective,
    DraftOption,
    DraftTeam,
    Ids,
    task_of,
)
from exercise.authoring.importing.json_source import Ledger, Node
from exercise.authoring.importing.milestones import condition
from exercise.authoring.importing.report import LossReport
from exercise.authoring.problems import errors_in
from exercise.authoring.source_text import LARGEST_TEXT, read_text
from exercise.authoring.yaml_source import read_source
from exercise.core.script import Channel
from exercise.errors import UsageError

__all__ = ["is_inject_folder", "read_inject_folder"]

_PARTS = ("config", "injects", "milestones", "roles", "channels", "email", "questionnaires", "objectives", "tools")
_MOST_FILES = 500
_LARGEST = 64 * 1024 * 1024
_TEAM = "participants"


def is_inject_folder(folder: Path) -> bool:
    """Whether a folder holds such a definition."""
    return folder.is_dir() and any((folder / f"injects{end}").exists() for end in (".yml", ".yaml", ""))


def read_inject_folder(folder: Path) -> Draft:
    """The definition as a draft: milestones as flags, roles as roles of one team, injects at their minutes."""
    return _Inject(folder).draft


class _Inject:
    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._report = LossReport()
        root = Node(self._read(), "", Ledger(self._report))
        self.draft = Draft(folder.resolve().name.replace("-", " ").replace("_", " "), report=self._report)
        self._flags = Ids()
        self._config(root["config"])
        self._roles(root["roles"])
        for node in root["milestones"].items():
            self._milestone(node)
        self._channels = {node["name"].line(): node["type"].text() for node in root["channels"].items()}
        for node in root["injects"].items():
            self._inject(node)
        for node in root["questionnaires"].items():
            self._questionnaire(node)
        self._objectives(root["objectives"])
        root["tools"].drop("tools answer by machine")
        root["email"].drop("addresses and templates of mails answer by machine")
        root.left()
        for path in sorted(self._unread):
            self._report.lost(path, "", "files that no part of the definition names")
        if not self.draft.injects:
            raise UsageError(f"{folder}: there is no inject in it to make a scenario of (INJECT).")

    # --- files ---

    def _read(self) -> dict[str, Any]:
        """All parts by name; a part that is a folder is the lists of its files one after another."""
        self._texts: dict[str, str] = {}
        self._unread: set[str] = set()
        parts: dict[str, Any] = {}
        found = sorted(islice(self._folder.rglob("*"), _MOST_FILES + 1))
        if len(found) > _MOST_FILES:
            raise UsageError(f"{self._folder}: more than {_MOST_FILES} files; that is no definition.")
        if sum(path.lstat().st_size for path in found) > _LARGEST:
            raise UsageError(f"{self._folder}: larger than the {_LARGEST // 2**20} MB allowed.")
        for path in found:
            shown = path.relative_to(self._folder).as_posix()
            if path.is_symlink() or not path.resolve().is_relative_to(self._folder):
                raise UsageError(f"{self._folder}: refused: '{shown[:60]}' in this folder is a link.")
            if not path.is_file():
                continue
            part = shown.partition("/")[0].partition(".")[0]
            if path.suffix in (".yml", ".yaml") and part in _PARTS:
                self._add(parts, part, path, shown)
            else:
                self._unread.add(shown)
                if path.suffix in (".md", ".txt", ".html"):
                    self._texts[shown] = read_text(path, shown, LARGEST_TEXT).text or ""
        return parts

    def _add(self, parts: dict[str, Any], part: str, path: Path, shown: str) -> None:
        source = read_source(path)
        if source.data is None:
            if not path.read_text(encoding="utf-8", errors="replace").strip():
                return
            raise UsageError(str(errors_in(source.problems)[0]))
        for problem in source.problems:
            self._report.changed(f"{shown}:{problem.line}", problem.text, "places that are no plain YAML")
        held = parts.get(part)
        if isinstance(held, list) and isinstance(source.data, list):
            held += source.data
        elif isinstance(held, dict) and isinstance(source.data, dict):
            held |= source.data
        else:
            parts[part] = source.data

    # --- parts ---

    def _config(self, node: Node) -> None:
        draft = self.draft
        title = node.first("name", "title").line()
        draft.title = title or draft.title
        draft.summary = node["description"].text()
        minutes = node.first("exercise_duration", "duration").number()
        if minutes is not None and 1 <= minutes <= 1440:
            draft.minutes = int(minutes)
        for key, inner in node.fields():
            for path, value in list(inner.leaves()):
                if path not in node.ledger.taken and value not in (None, ""):
                    said = Node(value, path, node.ledger).text() or str(value)
                    draft.facilitator.append(f"{key.replace('_', ' ').capitalize()}: {said}")
                    self._report.kept(path, said, "settings of the source", "facilitator's guide")
            inner.take()

    def _roles(self, node: Node) -> None:
        team = DraftTeam(_TEAM, "Participants")
        for item in node.items():
            name = item["name"].line() or item.line()
            if name:
                team.roles.append((name, name))
            if about := item["description"].text():
                self.draft.facilitator.append(f"Role {name}: {about}")
                self._report.kept(item.path, about, "what a role is", "facilitator's guide")
        self.draft.teams.append(team)

    def _milestone(self, node: Node) -> None:
        name = node["name"].line() or node.line()
        if not name:
            return
        about = node["description"].text()
        flag = self._flags.give(name, name, "milestone")
        self.draft.flags[flag] = about or f"Milestone {name}."
        self._report.names.append(("milestone", name, flag))
        node["activity"].drop("which activity a milestone counts for", node["activity"].line())
        if node["final"].flag() is not None:
            self._report.lost(f"{node.path}.final", name, "no milestone ends an exercise; exercise control does")

    def _inject(self, node: Node) -> None:
        name = node["name"].line() or node["title"].line() or node.path
        minutes = node["time"].number()
        at = int(minutes * 60) if minutes is not None and abs(minutes) < 500_000 else None
        auto, delay = node["auto"].flag(), node["delay"].number()
        if delay:
            self._report.lost(
                f"{node.path}.delay", f"{delay:g}", "delays of an inject are not carried; change its time"
            )
        alternatives = list(node["alternatives"].items()) or [node]
        for n, alternative in enumerate(alternatives):
            title = alternative["name"].line() if alternative is not node else name
            inject = DraftInject(
                f"{name}/{n}", title or name, self._text(alternative["content"]), where=alternative.path
            )
            if len(alternatives) > 1:
                inject.notes.append(f"One of {len(alternatives)} alternatives of '{name}'.")
            elif alternative is not node and title and title != name:
                inject.notes.append(f"Inject '{name}'.")
            inject.at = at if n == 0 and auto is not False else None
            if n or auto is False:
                why = "an alternative, or one that the instructor sends: exercise control releases it by hand"
                self._report.changed(alternative.path, title or name, why)
            self._target(node, alternative, inject)
            for control in (node["control"], alternative["control"]) if alternative is not node else (node["control"],):
                self._control(control, inject)
            self.draft.injects.append(inject)

    def _target(self, node: Node, alternative: Node, inject: DraftInject) -> None:
        sender = alternative["organization"].line() or node["organization"].line() or alternative["sender"].line()
        inject.sender = sender or inject.sender
        channel = alternative.first("channel", "target").line() or node.first("channel", "target").line()
        kind = f"{self._channels.get(channel, '')} {channel} {node['type'].line()}".lower()
        if "mail" in kind:
            inject.channel = Channel.EMAIL
        if channel:
            inject.notes.append(f"Channel in the source: {channel}")
            self._report.kept(node.path, channel, "channels have other names here", "notes of the inject")
        if subject := alternative["subject"].line():
            inject.notes.append(f"Title in the source: {inject.title}")
            inject.title = subject

    def _control(self, node: Node, inject: DraftInject) -> None:
        said = node["milestone_condition"].line()
        if said:
            found = condition(said, self._flags.of)
            if found is None:
                inject.notes.append(f"Comes in the source once: {said}")
                self._report.kept(
                    f"{node.path}.milestone_condition", said, "a condition that is not understood", "notes"
                )
            else:
                inject.when = found
        effects: list[dict[str, str]] = []
        for key, effect in (("activate_milestone", "flag"), ("deactivate_milestone", "clear")):
            for item in node[key].items():
                for name in filter(None, (part.strip() for part in item.line().split(","))):
                    flag = self._flags.of(name)
                    if flag is None:
                        self._report.lost(item.path, name, "no milestone has this name")
                    else:
                        effects.append({effect: flag})
        if effects:
            inject.extra = {**inject.extra, "effects": [*inject.extra.get("effects", []), *effects]}
        roles = [role for item in node["roles"].items() for role in re.split(r"[,\s]+", item.line()) if role]
        known = {key for key, _ in self.draft.teams[0].roles}
        for role in roles:
            if role in known:
                inject.to.append(f"{_TEAM}/{role}")
            else:
                self._report.lost(f"{node.path}.roles", role, "no role has this name")

    def _text(self, node: Node) -> str:
        """A text, or the texts in an object; a name of a file below `content` stands for what is in it."""
        found = []
        for path, value in node.leaves():
            if not isinstance(value, str) or not value.strip():
                continue
            text = Node(value, path, node.ledger).text()
            file = next((name for name in (f"content/{text}", text) if name in self._texts), None)
            if file is not None:
                self._unread.discard(file)
                text = Node(self._texts[file], file, node.ledger).text()
            elif f"files/{text}" in self._unread or path.endswith(("file_name", "attachments")):
                self._unread.discard(f"files/{text}")
                self._report.lost(path, text, "files are not carried; hand them out yourself")
                continue
            found.append(text.strip())
        return "\n\n".join(found)

    def _questionnaire(self, node: Node) -> None:
        title = node["title"].line() or "Questionnaire"
        minutes = node["time"].number()
        for n, question in enumerate(node["questions"].items(), start=1):
            text = self._text(question["text"]) or self._text(question["content"])
            labels = [label.strip() for item in question["labels"].items() for label in item.text().split(",")]
            labels = [label for label in labels if label]
            correct = question["correct"].line()
            question["type"].take()
            question["max"].take()
            if not 2 <= len(labels) <= 6:
                self.draft.facilitator.append(f"Question of '{title}': {text} {', '.join(labels)}".strip())
                why = "a question without two to six answers is no decision; ask it aloud"
                self._report.kept(question.path, text, why, "facilitator's guide")
                continue
            options = [DraftOption(f"answer-{m}", label) for m, label in enumerate(labels, start=1)]
            key = f"{title}/{n}"
            decision = DraftDecision(key, _TEAM, title if n == 1 else f"{title}, {n}", text, options, window=300)
            decision.at = int(minutes * 60) if minutes is not None and abs(minutes) < 500_000 else None
            decision.quick, decision.where = True, question.path
            if correct:
                decision.notes.append(f"Correct in the source: {correct}")
                self._report.kept(f"{question.path}.correct", correct, "no answer is marked as right", "notes")
            question["control"].drop("what an answer sets off: give its option effects")
            self.draft.decisions.append(decision)
        node["control"].drop("what a questionnaire waits for: give its decisions conditions")

    def _objectives(self, nodes: Node) -> None:
        for n, node in enumerate(nodes.items(), start=1):
            name = node["name"].line() or f"Objective {n}"
            objective = DraftObjective(name, name, node["description"].text())
            for activity in node["activities"].items():
                if told := activity["name"].line() or activity.line():
                    objective.tasks.append(task_of(told, name))
            if tags := node["tags"].texts():
                self._report.lost(f"{node.path}.tags", ", ".join(tags), "objectives have no tags")
            self.draft.objectives.append(objective)
