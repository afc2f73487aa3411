"""OpenAEV, formerly OpenBAS: an exported scenario or simulation, whose keys have drifted from version to version."""

from __future__ import annotations

from exercise.authoring.importing.draft import Cause, Draft, DraftInject, DraftObjective, DraftTask, DraftTeam, task_of
from exercise.authoring.importing.json_source import Node
from exercise.authoring.importing.openaev_content import Contents, Variables, reference

__all__ = ["is_openaev", "read_openaev"]

_PREFIXES = ("scenario", "exercise", "simulation")
_FURTHEST = 9_000 * 3600


def is_openaev(root: Node) -> bool:
    """Whether a JSON value is such an export."""
    return any(f"{prefix}_information" in root for prefix in _PREFIXES)


def read_openaev(root: Node) -> Draft:
    """The export as a draft: e-mails, articles and challenges as injects, expectations as expected actions."""
    return _OpenAev(root).draft


class _OpenAev:
    def __init__(self, root: Node) -> None:
        self._root = root
        self._report = root.ledger.report
        self._prefix = next((name for name in _PREFIXES if f"{name}_information" in root), _PREFIXES[0])
        info = self._part("information")
        name = info[f"{self._prefix}_name"].line() or "Imported scenario"
        self.draft = Draft(name, report=self._report)
        root["export_version"].take()
        self._variables = Variables(self._part("variables"), name, info[f"{self._prefix}_description"].text())
        self._contents = Contents(root, self._prefix, self._variables, self.draft)
        self._tags = {reference(node, "tag_id"): node["tag_name"].line() for node in self._part("tags").items()}
        self._named = {
            reference(node, "document_id"): node["document_name"].line() for node in self._part("documents").items()
        }
        self._information(info)
        for node in self._part("tags").items():
            node["tag_color"].drop("colours are not carried")
        self._people()
        self._documents()
        self._objectives()
        self._lessons()
        self._injects()
        self._contents.unplaced()
        # Newest form of the same thing: what a scenario points at by id is listed above by name.
        self._ids(root)
        root.left()

    def _part(self, name: str) -> Node:
        return self._root[f"{self._prefix}_{name}"]

    # --- head ---

    def _information(self, info: Node) -> None:
        prefix, draft = self._prefix, self.draft
        draft.summary = self._variables.filled(info[f"{prefix}_description"])
        date = info.first(f"{prefix}_start_date", f"{prefix}_recurrence_start").text()
        if len(date) >= 16 and date[4:5] == "-" and date[10:11] == "T":
            draft.date = date[:16]
        elif date:
            self._report.lost(f"{info.path}.{prefix}_start_date", date, "a date that is not understood")
        for key in ("id", "documents"):
            info[f"{prefix}_{key}"].take()
        sender = info[f"{prefix}_mail_from"].text()
        self._contents.sender = sender
        if sender:
            self._report.kept(
                f"{info.path}.{prefix}_mail_from", sender, "the address mails come from", "sender of e-mails"
            )
        for key, node in info.fields():
            if key.removeprefix(f"{prefix}_") in ("id", "name", "description", "mail_from", "tags", "documents"):
                continue
            text = ", ".join(node.texts())
            if text and text != date:
                label = key.removeprefix(f"{prefix}_").replace("_", " ")
                draft.facilitator.append(f"{label.capitalize()}: {text}")
                self._report.kept(node.path, text, "what the source says about itself", "facilitator's guide")
        tags = [self._tag(node) for node in info[f"{prefix}_tags"].items()]
        if tags:
            draft.facilitator.append(f"Tags: {', '.join(tags)}")
            self._report.kept(f"{info.path}.{prefix}_tags", ", ".join(tags), "tags", "facilitator's guide")

    def _tag(self, node: Node) -> str:
        key = reference(node, "tag_id")
        return self._tags.get(key) or node["tag_name"].line() or key

    def _people(self) -> None:
        for n, node in enumerate(self._part("teams").items(), start=1):
            key = reference(node, "team_id") or f"team-{n}"
            name = node["team_name"].line() or key
            self.draft.teams.append(DraftTeam(key, name, self._variables.filled(node["team_description"])))
            for item in (node["team_users"], node["team_organization"], node["team_tags"]):
                item.take()
            for inner in ("team_contextual", "team_exercises", "team_scenarios"):
                node[inner].take()
        users = list(self._part("users").items())
        if users:
            # Real people: their names and addresses stand in no file that is passed on with a scenario.
            said = f"{len(users)} {'person' if len(users) == 1 else 'people'}, not named here either"
            self._part("users").drop("people get their seats when an exercise is hosted", said)
        names = []
        for node in self._part("organizations").items():
            names.append(node["organization_name"].line())
            about = node["organization_description"].text()
            if names[-1] or about:
                line = f"{names[-1]}{': ' if about else ''}{about}"
                self.draft.facilitator.append(f"Organisation {line}")
                self._report.kept(node.path, line, "organisations", "facilitator's guide")
            node["organization_id"].take()
            node["organization_tags"].take()

    def _documents(self) -> None:
        for node in self._part("documents").items():
            name = node["document_name"].line() or reference(node, "document_id")
            about = ", ".join(filter(None, (node["document_description"].text(), node["document_type"].text())))
            line = f"{name}{': ' if about else ''}{about}"
            self._report.lost(node.path, line, "documents are not carried; hand them out yourself")
            for key in ("document_id", "document_target", "document_tags"):
                node[key].take()

    def _objectives(self) -> None:
        nodes = list(self._part("objectives").items())
        for n, node in enumerate(nodes, start=1):
            key = reference(node, "objective_id") or f"objective-{n}"
            title = node["objective_title"].line() or f"Objective {n}"
            text = self._variables.filled(node["objective_description"])
            self.draft.objectives.append(DraftObjective(key, title, text))
            node["objective_priority"].take()

    def _lessons(self) -> None:
        """Questions about lessons are answered by everybody on their own: the survey; their headings are discussed."""
        categories: dict[str, str] = {}
        for node in self._part("lessons_categories").items():
            key = reference(node, "lessons_category_id", "lessonscategory_id")
            name = node.first("lessons_category_name", "lessonscategory_name").line()
            about = node.first("lessons_category_description", "lessonscategory_description").text()
            categories[key] = name
            line = f"{name}: {about}" if about else name
            if line:
                self.draft.hot_wash.append(line)
                self._report.kept(node.path, line, "headings of the lessons learned", "hot wash")
            node.take()
        for node in self._part("lessons_questions").items():
            key = reference(node, "lessons_question_id", "lessonsquestion_id")
            text = node.first("lessons_question_content", "lessonsquestion_content").text()
            more = node.first("lessons_question_explanation", "lessonsquestion_explanation").text()
            category = node.first("lessons_question_category", "lessonsquestion_category")
            heading = categories.get(reference(category, "lessons_category_id", "lessonscategory_id"), "")
            self.draft.survey.append(text or more or key)
            self._report.kept(node.path, text, "questions about lessons, each answered in one's own words", "survey")
            if more:
                said = f"On the survey's question '{text}'{' (' + heading + ')' if heading else ''}: {more}"
                self.draft.facilitator.append(said)
                self._report.kept(node.path, more, "the explanation of a question", "facilitator's guide")
            for inner in ("lessons_question_order", "lessonsquestion_order"):
                node[inner].take()

    # --- injects ---

    def _injects(self) -> None:
        nodes = [(n, node) for n, node in enumerate(self._part("injects").items(), start=1)]
        ids = {reference(node, "inject_id") for _, node in nodes}
        nodes.sort(key=lambda pair: at if (at := pair[1]["inject_depends_duration"].number()) is not None else 1e12)
        tasks: list[DraftTask] = []
        for n, node in nodes:
            key = reference(node, "inject_id") or f"inject-{n}"
            inject = DraftInject(key, node["inject_title"].line() or f"Inject {n}", where=node.path)
            self._audience(node, inject)
            self._time(node, inject, ids)
            rows = self._contents.read(node, inject)
            self._about(node, inject)
            if node["inject_enabled"].flag() is False:
                inject.at = None
                inject.causes.clear()
                why = "it was switched off; exercise control may release it by hand"
                self._report.changed(f"{node.path}.inject_enabled", inject.title, why)
            tasks += [task_of(line, inject.title) for line in inject.expected]
            self.draft.injects += rows
        if tasks:
            if not self.draft.objectives:
                self.draft.objectives.append(DraftObjective("expected", "What the source expects of the teams"))
                self._report.added("injects[].expectations", "an objective that holds the critical tasks")
            why = "critical tasks of this objective; move them to where they belong"
            self.draft.objectives[-1].tasks += tasks
            if len(self._part("objectives").value or ()) > 0:
                self._report.changed(f"{self._prefix}_injects", self.draft.objectives[-1].title, why)

    def _audience(self, node: Node, inject: DraftInject) -> None:
        if node["inject_all_teams"].flag():
            for item in node["inject_teams"].items():
                reference(item, "team_id")
            return
        known = {team.key for team in self.draft.teams}
        for item in node["inject_teams"].items():
            key = reference(item, "team_id")
            if key in known:
                inject.to.append(key)
            else:
                self._report.lost(item.path, key, "no team has this id")
        if not inject.to and len(known) > 1:
            self._report.changed(f"{node.path}.inject_teams", inject.title, "it names no team, so it goes to all")
            inject.decide.append("who gets this; the source names no team, so all do.")

    def _time(self, node: Node, inject: DraftInject, ids: set[str]) -> None:
        seconds = node["inject_depends_duration"].number()
        if seconds is not None and abs(seconds) <= _FURTHEST:
            inject.at = int(seconds)
        elif seconds is not None:
            self._report.lost(f"{node.path}.inject_depends_duration", f"{seconds:g} seconds", "nothing comes that late")
        depends = node["inject_depends_on"]
        own = inject.key
        for item in depends.items():
            before = [value for _, value in item.leaves() if value in ids and value != own]
            if before:
                inject.causes += [Cause(released=str(value)) for value in dict.fromkeys(before)]
                inject.every = True
            terms = [f"{path.rpartition('.')[2]} {value}" for path, value in item.leaves() if _told(value, ids)]
            if isinstance(item.value, dict) and terms:
                said = ", ".join(terms)
                inject.notes.append(f"In the source it waits for more than the inject before it: {said}.")
                why = "conditions on what machines measured; it comes here once the inject before it came"
                self._report.kept(item.path, said, why, "notes of the inject")
            elif not before:
                said = str(item.value)
                self._report.lost(item.path, said, "no inject has this id")
        depends.take()

    def _about(self, node: Node, inject: DraftInject) -> None:
        description = self._variables.filled(node["inject_description"])
        if description:
            inject.notes.insert(0, description)
            self._report.kept(f"{node.path}.inject_description", description, "descriptions", "notes of the inject")
        for key, label in (("inject_city", "City"), ("inject_country", "Country")):
            if text := node[key].line():
                inject.notes.append(f"{label}: {text}")
                self._report.kept(node[key].path, text, "where it happens", "notes of the inject")
        tags = [self._tag(item) for item in node["inject_tags"].items()]
        if tags:
            inject.notes.append(f"Tags: {', '.join(tags)}")
            self._report.kept(f"{node.path}.inject_tags", ", ".join(tags), "tags", "notes of the inject")
        for item in node["inject_documents"].items():
            name = item["document_name"].line() or self._named.get(key := reference(item, "document_id")) or key
            inject.notes.append(f"Document: {name}")
            self._report.kept(item.path, name, "the document itself is not carried", "notes of the inject, by name")
            item.take()
        contract = node["inject_injector_contract"]
        if contract:
            self._report.lost(
                contract.path, self._contents.label(contract), "contracts tell a machine how to do it; here people do"
            )
            contract.take()

    def _ids(self, root: Node) -> None:
        """Ids only point from one place of the export to another; which became what stands under Names."""
        for path, value in root.leaves():
            key = path.rpartition(".")[2].partition("[")[0]
            if isinstance(value, str) and key.endswith(("_id", "_created_at", "_updated_at")):
                root.ledger.taken.add(path)
            if key == "listened":
                root.ledger.taken.add(path)


def _told(value: object, ids: set[str]) -> bool:
    """Whether a value of a dependency says something beyond which inject it means."""
    return value not in (None, "") and value not in ids
