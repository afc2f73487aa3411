"""What an inject of OpenAEV holds: mails, short messages, articles of made-up media, challenges, expectations."""

from __future__ import annotations

import re
from collections.abc import Mapping

from exercise.authoring.importing.draft import Draft, DraftInject
from exercise.authoring.importing.html_text import looks_like_html, plain_text
from exercise.authoring.importing.json_source import Node
from exercise.core.script import Channel

__all__ = ["Contents", "Variables", "reference"]

_VARIABLE = re.compile(r"\$\{([A-Za-z0-9_.\-]{1,80})\}")
_LONGEST_VALUE = 4_000
_LONGEST_HTML = 100_000
_MANUAL = ("MANUAL", "TEXT", "ARTICLE", "CHALLENGE", "DOCUMENT")
"""Expectations of people; the others are measured by machines."""
_HUMAN = ("email", "mail", "sms", "channel", "challenge", "manual", "media", "teams", "mastodon")


def reference(node: Node, *keys: str) -> str:
    """An id, written as a text or inside the object that it names."""
    for key in keys:
        if found := node[key].text():
            return found
    return node.text()


class Variables:
    """The scenario's own variables, put into texts once: a value is never looked through for variables again."""

    def __init__(self, nodes: Node, title: str, description: str) -> None:
        self._values: dict[str, str] = {}
        for kind in ("exercise", "scenario", "simulation"):
            self._values |= {f"{kind}.name": title, f"{kind}.description": description[:_LONGEST_VALUE]}
        self._unused: dict[str, Node] = {}
        for node in nodes.items():
            key, value = node["variable_key"].text(), node["variable_value"].text()
            if len(value) > _LONGEST_VALUE:
                node.ledger.report.lost(
                    node.path, value[_LONGEST_VALUE:], "a variable's value is too long; this is the rest"
                )
            self._values[key] = value[:_LONGEST_VALUE]
            self._unused[key] = node
            node["variable_type"].take()

    def filled(self, node: Node) -> str:
        """A text with its variables filled in and its HTML made plain; what only the platform knows is marked."""
        text, report = node.text(), node.ledger.report
        if not text:
            return ""
        if len(text) > _LONGEST_HTML:
            report.lost(
                node.path, text[_LONGEST_HTML:], f"a text of more than {_LONGEST_HTML:,} characters; this is the rest"
            )
            text = text[:_LONGEST_HTML]
        if looks_like_html(text):
            text, dropped = plain_text(text)
            for kind, said in dropped:
                report.lost(node.path, said, f"no {kind} is kept in plain text")
        unknown: list[str] = []
        room = _LONGEST_HTML

        def value(match: re.Match[str]) -> str:
            nonlocal room
            key = match[1]
            if key in self._values and len(self._values[key]) <= room:
                room -= len(self._values[key])
                if key in self._unused:
                    report.changed(node.path, f"${{{key}}} = {self._values[key]}", "a variable was filled in")
                return self._values[key]
            unknown.append(key)
            return f"[{key}]"

        text = _VARIABLE.sub(value, text)
        for key in dict.fromkeys(unknown):
            report.changed(
                node.path, f"${{{key}}}", f"only the platform could fill this in; [{key}] stands there instead"
            )
        return text

    def about(self) -> list[tuple[str, str]]:
        """(path, what it says) for the description of each variable."""
        return [
            (
                node.path,
                f"{key} = {self._values[key]}{': ' + said if (said := node['variable_description'].text()) else ''}",
            )
            for key, node in self._unused.items()
        ]


class Contents:
    """Reads the contents of injects, with the media and challenges that they point at."""

    def __init__(self, root: Node, prefix: str, variables: Variables, draft: Draft) -> None:
        self._variables = variables
        self._draft = draft
        self._report = root.ledger.report
        self.sender = ""
        self._channels = {reference(node, "channel_id"): node for node in root[f"{prefix}_channels"].items()}
        self._articles = {reference(node, "article_id"): node for node in root[f"{prefix}_articles"].items()}
        self._challenges = {reference(node, "challenge_id"): node for node in root[f"{prefix}_challenges"].items()}
        self._placed: set[str] = set()
        for key, node in self._channels.items():
            self._channel(key, node)

    def read(self, node: Node, inject: DraftInject) -> list[DraftInject]:
        """Fills an inject from its content; further rows where one content brings several things."""
        content, contract = node["inject_content"], node["inject_injector_contract"]
        kind = self.label(contract).lower()
        subject = content["subject"].line()
        body = self._variables.filled(content.first("body", "message"))
        if subject:
            title = self._variables.filled(content["subject"])
            if inject.title and inject.title != title:
                inject.notes.append(f"Title in the source: {inject.title}")
                where = f"{node.path}.inject_title"
                self._report.kept(where, inject.title, "participants see the mail's subject", "notes of the inject")
            inject.title = title or inject.title
        inject.text = body
        if "subject" in content or "mail" in kind:
            inject.channel, inject.sender = Channel.EMAIL, self.sender or inject.sender
        elif "sms" in kind or "message" in content:
            inject.channel = Channel.PHONE
        self._expectations(content, inject)
        rows = [inject]
        pointed = [(item, self._article) for item in content["articles"].items()]
        pointed += [(item, self._challenge) for item in content["challenges"].items()]
        for item, make in pointed:
            made = make(reference(item, "article_id", "challenge_id"), inject, item.path)
            if made is None:
                continue
            if not inject.text and len(rows) == 1 and not inject.attachments and rows[0].channel is not Channel.MEDIA:
                # The content is nothing but this article: one row, under the inject's own time.
                inject.text, inject.channel, inject.sender = made.text, made.channel, made.sender
                inject.notes += [f"Title in the source: {inject.title}", *made.notes]
                self._report.kept(f"{node.path}.inject_title", inject.title, "participants see the headline", "notes")
                inject.title = made.title
            else:
                rows.append(made)
        self._rest(content, inject)
        if not inject.text:
            inject.text = inject.title
            known = any(word in kind for word in _HUMAN) or not contract
            what = "the source has no text here." if known else "machines did this in the source."
            inject.decide.append(f"what participants see of this; {what}")
        return rows

    def label(self, contract: Node) -> str:
        """What a contract is called, with the kind of machine it is for."""
        held = contract.value if isinstance(contract.value, dict) else {}
        labels = held.get("injector_contract_labels")
        name = labels.get("en") if isinstance(labels, dict) else None
        kind = held.get("injector_contract_injector_type_name") or held.get("injector_contract_injector_type")
        found = [str(part) for part in (name, kind) if isinstance(part, str) and part]
        if not found and isinstance(contract.value, str):
            found = [contract.value]
        return ", ".join(dict.fromkeys(found)) or "a contract without a name"

    def unplaced(self) -> None:
        """Articles and challenges that no inject brings become rows that exercise control releases by hand."""
        left: list[tuple[Mapping[str, Node], str]] = [(self._articles, "article"), (self._challenges, "challenge")]
        for nodes, kind in left:
            for key, node in nodes.items():
                if key not in self._placed:
                    make = self._article if kind == "article" else self._challenge
                    made = make(key, DraftInject(f"{kind}/{key}", kind), node.path)
                    if made is not None:
                        self._draft.injects.append(made)
                        why = f"no inject brings this {kind}; exercise control may release it by hand"
                        self._report.changed(node.path, made.title, why)
        for path, said in self._variables.about():
            self._report.changed(path, said, "variables were filled into the texts")

    # --- parts ---

    def _channel(self, key: str, node: Node) -> None:
        about = ", ".join(filter(None, (node["channel_type"].text(), node["channel_description"].text())))
        name = node["channel_name"].line() or key
        if about:
            self._draft.facilitator.append(f"Medium {name}: {about}")
            self._report.kept(node.path, f"{name}: {about}", "made-up media", "facilitator's guide")
        for inner, below in node.fields():
            if inner not in ("channel_name", "channel_type", "channel_description", "channel_id"):
                below.drop("colours, logos and modes of media are not carried")

    def _article(self, key: str, inject: DraftInject, path: str) -> DraftInject | None:
        node = self._articles.get(key)
        if node is None:
            self._report.lost(path, key, "no article has this id")
            return None
        first = key not in self._placed
        self._placed.add(key)
        text = self._variables.filled(node["article_content"])
        title = node["article_name"].line() or "Article"
        channel = self._channels.get(reference(node["article_channel"], "channel_id"))
        medium = channel["channel_name"].line() if channel is not None else ""
        author = node["article_author"].line()
        made = DraftInject(f"{inject.key}/{key}", title, text, at=inject.at, to=list(inject.to), channel=Channel.MEDIA)
        made.causes, made.every, made.where = list(inject.causes), inject.every, node.path
        made.sender = ", ".join(filter(None, (author, medium))) or "Media"
        counts = [f"{what} {value:g}" for what in ("shares", "likes", "comments")
                  if (value := node[f"article_{what}"].number())]  # fmt: skip
        if counts:
            made.notes.append(f"Shown in the source: {', '.join(counts)}")
            if first:
                self._report.kept(node.path, ", ".join(counts), "figures under an article", "notes of the inject")
        for item in node["article_documents"].items():
            self._report.lost(item.path, reference(item, "document_id"), "documents of articles are not carried")
        return made

    def _challenge(self, key: str, inject: DraftInject, path: str) -> DraftInject | None:
        node = self._challenges.get(key)
        if node is None:
            self._report.lost(path, key, "no challenge has this id")
            return None
        self._placed.add(key)
        text = self._variables.filled(node["challenge_content"])
        made = DraftInject(f"{inject.key}/{key}", node["challenge_name"].line() or "Challenge", text, at=inject.at)
        made.to, made.causes, made.every, made.where = list(inject.to), list(inject.causes), inject.every, node.path
        for inner, below in node.fields():
            if inner not in ("challenge_id", "challenge_name", "challenge_content"):
                said = ", ".join(str(value) for _, value in below.leaves() if value not in (None, ""))
                if said:
                    made.notes.append(f"{inner.removeprefix('challenge_').replace('_', ' ').capitalize()}: {said}")
                    why = "answers are not checked by machines here"
                    self._report.kept(below.path, said, why, "notes of the inject")
                below.take()
        return made

    def _expectations(self, content: Node, inject: DraftInject) -> None:
        for node in content["expectations"].items():
            kind = node["expectation_type"].text().upper()
            name = node["expectation_name"].line()
            about = self._variables.filled(node["expectation_description"])
            score = node["expectation_score"].number()
            said = f"{name}{': ' + about if about else ''}"
            if kind and kind not in _MANUAL:
                self._report.lost(node.path, f"{kind} {said}".strip(), "expectations that machines measure")
                node.take()
                continue
            if name:
                inject.expected.append(name)
            more = [f"{score:g} points"] if score is not None else []
            seconds = node["expectation_expiration_time"].number()
            more += [f"within {seconds / 60:g} minutes"] if seconds else []
            if node["expectation_expectation_group"].flag():
                more.append("one of the group is enough")
            if about or more:
                line = f"Expected: {said}{' (' + ', '.join(more) + ')' if more else ''}"
                inject.notes.append(line)
                why = "an expected action is one line; what else is said of it, and its score"
                self._report.kept(node.path, line, why, "notes of the inject")

    def _rest(self, content: Node, inject: DraftInject) -> None:
        """Settings of the machine that would send it."""
        done = ("subject", "body", "message", "expectations", "articles", "challenges")
        for key, node in content.fields():
            if key in done:
                continue
            if key == "attachments":
                for item in node.items():
                    name = item.first("document_name", "name", "id").text() or item.text()
                    inject.notes.append(f"Attachment: {name}")
                    self._report.kept(item.path, name, "the file itself is not carried", "notes of the inject, by name")
                    item.take()
            else:
                node.drop("settings of the machine that sends it")
