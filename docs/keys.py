"""Writes scenario-keys.md: every key of a scenario, from the models, with an example out of the library's scenarios.

Run it after a change to the models or the scenarios: `python docs/keys.py`. A test compares the file with what this
would write.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, get_args

from exercise.authoring.library import find, library
from exercise.authoring.schema import scenario_schema
from exercise.authoring.yaml_source import as_model, read_source
from exercise.authoring.yaml_writer import to_yaml
from exercise.catalogue.requests import load_requests
from exercise.core import conditions, script
from exercise.core.commitments import Model
from exercise.core.scenario import Scenario

FILE = Path(__file__).parent / "scenario-keys.md"

HEAD = """# Every key of a scenario

Written by `python docs/keys.py` from the program's own models; change those, and run it again.

How a scenario is built stands in [scenario-format.md](scenario-format.md), how one comes to be in
[writing-a-scenario.md](writing-a-scenario.md). This page is there to look a key up. *Needed* keys have to stand there;
the others may be left out, and then mean what is said. The examples are taken from the scenarios that come with the
program, the shortest of each, so they are always ones that it accepts. An editor that has the schema
(`exercise schema`) says the same while you type.
"""

_NOT_WRITTEN = {("Scenario", "translations")}
"""Filled by the program from files beside the scenario; nobody writes it."""

_LONGEST = 110
"""Characters of an example that still stands on one line."""

OWN_EXAMPLES: Mapping[tuple[str, str], Any] = {
    ("Scenario", "briefing"): {"file": "texts/briefing.md"},
    ("Scenario", "facilitator"): {"file": "texts/facilitator.md"},
    ("Scenario", "flags"): {"cards-blocked": "All cards of the processor are blocked."},
    ("Scenario", "language"): "en",
    ("Team", "brief"): {"file": "texts/averne-brief.md"},
    ("Team", "language"): "lv",
    ("Team", "mode"): "vote",
    ("Profile", "withdrawn"): "2024-01-31",
    ("IndicatorIs", "at_least"): 50,
    ("ChangeIndicator", "to"): 40,
    ("Indicator", "hidden"): True,
    ("Inject", "move"): "first-hours",
    ("Inject", "minute"): "5m",
    ("Inject", "expires"): "T+6:00",
    ("Inject", "objective"): "exchange",
    ("Inject", "responsible"): "Controller for the media",
    ("Inject", "status"): "approved",
    ("Decision", "move"): "first-hours",
    ("Decision", "minute"): "5m",
    ("Decision", "expires"): "T+6:00",
    ("Decision", "objective"): "exchange",
    ("Decision", "responsible"): "Evaluator at table 2",
    ("Decision", "status"): "approved",
    ("Decision", "mode"): "consensus",
    ("Decision", "notes"): "Watch who speaks first.",
    ("FreeOption", "prompt"): "What do you propose instead?",
    ("Conduct", "bad_faith"): True,
    ("SurveyQuestion", "id"): "realistic",
    ("SurveyQuestion", "text"): "This could happen to us.",
    ("SurveyQuestion", "kind"): "text",
    ("SurveyQuestion", "team"): "averne",
}
"""Where no scenario of the library has an example, or a text beside it stands in its place."""

_LONGEST_KEPT = 300
_LONGEST_ITEM = 2600
"""Characters of the longest record that is shown whole."""

_PATTERNS = (
    ("T[+-]", "a time such as `T+1:30`"),
    ("d)?", "a length such as `25m`"),
    ("all|", "`all`, a team, or `team/role`"),
    ("^[a-z0-9]", "a short name"),
)


def document() -> str:
    """The whole document."""
    schema = scenario_schema()
    forms = {"Scenario": schema, **schema["$defs"]}
    order = _order(forms)
    where = _where(forms, order)
    examples = found_examples()
    parts = [HEAD, _contents(order)]
    for name in order:
        parts.append(_section(name, forms, where.get(name, ""), examples))
    return "\n".join(parts)


def every_key() -> list[tuple[str, str]]:
    """Every key that somebody may write, with its model."""
    schema = scenario_schema()
    forms = {"Scenario": schema, **schema["$defs"]}
    return [
        (name, key) for name in _order(forms) for key in forms[name]["properties"] if (name, key) not in _NOT_WRITTEN
    ]


@cache
def _library() -> list[tuple[Scenario, Mapping[str, Any]]]:
    """The library's scenarios, each with what its author wrote."""
    read = ((as_model(source, Scenario)[0], source.data) for source in map(read_source, map(find, library())))
    return [(scenario, data) for scenario, data in read if scenario is not None]


@cache
def found_examples() -> dict[tuple[str, str], str]:
    """The shortest value of each key in the library, as one line of YAML."""
    found: dict[tuple[str, str], dict[str, Any]] = {}

    def keep(model: str, key: str, value: Any) -> None:
        written = repr(value)
        # Longer ones would not be shown, and a text of several lines has no place on one.
        if len(written) < _LONGEST_KEPT and "\\n" not in written.rstrip("n'\\"):
            found.setdefault((model, key), {})[written] = value

    for scenario, data in _library():
        for row in _walk(scenario, data):
            keep(*row)
    # Scenarios seldom bring kinds of request of their own; the catalogue's are written in the same way.
    book = load_requests()
    for record in (*book.kinds.values(), *book.channels.values()):
        for row in _walk(record, record.model_dump(mode="json", by_alias=True, exclude_defaults=True)):
            keep(*row)
    for (model, key), value in OWN_EXAMPLES.items():
        if (model, key) not in found:
            keep(model, key, value)
    lines = {
        place: next(filter(None, (_one_line(values[written]) for written in sorted(values, key=_rank))), None)
        for place, values in found.items()
    }
    return {place: line for place, line in lines.items() if line is not None}


@cache
def found_items() -> dict[str, str]:
    """The shortest record of each model in the library that has most of the keys that are used at all, as YAML."""
    best: dict[str, tuple[int, str]] = {}
    for scenario, whole in _library():
        for record, data in _records(scenario, whole):
            model, size = type(record).__name__, len(repr(data))
            if len(data) > 1 and size < best.get(model, (_LONGEST_ITEM, ""))[0]:
                best[model] = (size, to_yaml(data, schema="").rstrip())
    return {model: text for model, (_, text) in best.items()}


def _records(value: Any, data: Any) -> Iterator[tuple[Model, Mapping[str, Any]]]:
    if isinstance(value, Model) and isinstance(data, Mapping):
        yield value, data
        for name, field in type(value).model_fields.items():
            if (key := field.alias or name) in data:
                yield from _records(getattr(value, name), data[key])
    elif isinstance(value, tuple) and isinstance(data, list):
        for one, written in zip(value, data, strict=False):
            yield from _records(one, written)


def _rank(written: str) -> tuple[int, str]:
    # An example of one or two letters shows nothing.
    return (len(written) if len(written) > 5 else 40, written)


def _one_line(value: Any) -> str | None:
    """A value as it would stand behind its key on one line; None where it is too much for that."""
    text = to_yaml({"x": value}, schema="").strip()
    if "\n" in text:
        if not isinstance(value, str) or "\n" in value.strip():
            return None
        text = f"x: {json.dumps(value.strip(), ensure_ascii=False)}"
    line = text.removeprefix("x:").strip()
    return line if line and "`" not in line else None


def _walk(record: Model, data: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    for name, field in type(record).model_fields.items():
        key = field.alias or name
        if key in data:
            yield type(record).__name__, key, data[key]
            yield from _inside(getattr(record, name), data[key])


def _inside(value: Any, data: Any) -> Iterator[tuple[str, str, Any]]:
    if isinstance(value, Model) and isinstance(data, Mapping):
        yield from _walk(value, data)
    elif isinstance(value, tuple) and isinstance(data, list):
        for one, written in zip(value, data, strict=False):
            yield from _inside(one, written)
    elif isinstance(value, Mapping) and isinstance(data, Mapping):
        for one, written in zip(value.values(), data.values(), strict=False):
            yield from _inside(one, written)


def _order(forms: Mapping[str, Any]) -> list[str]:
    """The models with keys, each where it is first used, the parts of a decision before the next list."""
    order: list[str] = []

    def visit(name: str) -> None:
        if name in order or "properties" not in forms[name]:
            return
        order.append(name)
        for value in forms[name]["properties"].values():
            for inner in _refs(value):
                visit(inner)

    visit("Scenario")
    return order


def _refs(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"].rpartition("/")[2]
        for key, inner in value.items():
            if key not in ("discriminator", "description", "default"):
                yield from _refs(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _refs(inner)


def _where(forms: Mapping[str, Any], order: Iterable[str]) -> dict[str, str]:
    """Where each model stands in a file, by the shortest way to it."""
    found = {"Scenario": ""}
    waiting = ["Scenario"]
    while waiting:
        name = waiting.pop(0)
        for key, value in forms[name].get("properties", {}).items():
            for inner in _refs(value):
                if inner not in found and "properties" in forms[inner]:
                    many = "[]" if _is_list(value) else ""
                    found[inner] = f"{found[name]}.{key}{many}".lstrip(".")
                    waiting.append(inner)
    return found


def _is_list(value: Mapping[str, Any]) -> bool:
    return value.get("type") == "array" or any(part.get("type") == "array" for part in value.get("anyOf", ()))


def _contents(order: Iterable[str]) -> str:
    links = [f"[{_title(name)}](#{_anchor(name)})" for name in order]
    lines, line = [], ""
    for link in links:
        if len(line) + len(link) > 116:
            lines.append(line)
            line = ""
        line += (" · " if line else "") + link
    return "\n".join([*lines, line]) + "\n"


def _plain(name: str) -> str:
    """The model's own name: where two bear the same one, the schema puts their modules before it."""
    return name.rpartition("__")[2]


def _title(name: str) -> str:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", _plain(name))
    return words[:1] + words[1:].lower()


def _anchor(name: str) -> str:
    return _title(name).lower().replace(" ", "-")


def _section(name: str, forms: Mapping[str, Any], where: str, examples: Mapping[tuple[str, str], str]) -> str:
    form = forms[name]
    about = " ".join(str(form.get("description", "")).split("\n\n")[0].split())
    lines = [f"## {_title(name)}", "", about]
    if name in _forms_of("Condition"):
        lines += ["", "A condition: it stands behind `when`, `known`, `ready`, `available` and the like."]
    elif name in _forms_of("Effect"):
        lines += ["", "An effect: it stands in a list of `effects`."]
    elif where:
        lines += ["", f"Stands in `{where}`."]
    needed = form.get("required", ())
    for key, value in form["properties"].items():
        if (name, key) in _NOT_WRITTEN:
            continue
        said = str(value.get("description", "")).rstrip()
        default = "needed" if key in needed else _default(value)
        shown = list(_example(name, key, value, forms, examples))
        lines += ["", f"- **`{key}`**: {_takes(value, forms)}; {default}.  ", f"  {said}" + ("  " if shown else "")]
        lines += shown
    item = found_items().get(_plain(name))
    if item is not None and name != "Scenario":
        lines += ["", "One that is in use:", "", "```yaml", item, "```"]
    return "\n".join(lines) + "\n"


def _forms_of(union: str) -> tuple[str, ...]:
    """The models of a union of which each is told by its own key."""
    form: Any = get_args(conditions.Condition if union == "Condition" else script.Effect)[0]
    return tuple(get_args(part)[0].__name__ for part in get_args(form))


def _example(
    name: str, key: str, value: Any, forms: Mapping[str, Any], examples: Mapping[tuple[str, str], str]
) -> Iterator[str]:
    line = examples.get((_plain(name), key))
    if line is not None and len(line) <= _LONGEST:
        yield f"  `{key}: {line}`"
        return
    # What is made of parts is shown by those.
    linked = [inner for inner in dict.fromkeys(_refs(value)) if "properties" in forms[inner]]
    if linked:
        yield f"  Examples: {', '.join(f'[{_title(inner)}](#{_anchor(inner)})' for inner in linked[:3])}."
    elif line is not None:
        yield f"  `{key}: {line}`"
    elif (name, key) in OWN_EXAMPLES:
        written = to_yaml({key: OWN_EXAMPLES[name, key]}, schema="").rstrip()
        yield from ("", "  ```yaml", *(f"  {row}" for row in written.split("\n")), "  ```")


def _default(value: Mapping[str, Any]) -> str:
    default = value.get("default")
    if default is None or default in ("", [], {}):
        return "may be left out"
    shown = str(default).lower() if isinstance(default, bool) else default
    return f"left out, it is `{shown}`"


def _takes(value: Any, forms: Mapping[str, Any]) -> str:
    """What stands behind a key, in plain words."""
    if "$ref" in value:
        inner = forms[value["$ref"].rpartition("/")[2]]
        name = value["$ref"].rpartition("/")[2]
        if "properties" in inner:
            return f"[{_title(name).lower()}](#{_anchor(name)})"
        return _takes(inner, forms)
    if "const" in value:
        return f"`{value['const']}`"
    if "enum" in value:
        return "one of " + ", ".join(f"`{one}`" for one in value["enum"])
    for word in ("anyOf", "oneOf"):
        if word in value:
            return _one_of([part for part in value[word] if part.get("type") != "null"], forms)
    if value.get("allOf"):
        return _takes(value["allOf"][0], forms)
    kind = value.get("type")
    if kind == "array":
        return f"a list: {_takes(value.get('items', {}), forms)}"
    if kind == "object":
        inner = value.get("additionalProperties") or next(iter(value.get("patternProperties", {}).values()), None)
        return f"a table of names, each with {_takes(inner, forms)}" if isinstance(inner, dict) else "a table of names"
    if kind == "string":
        pattern = value.get("pattern", "")
        if value.get("format", "").startswith("date"):
            return (
                "a date and time such as `2019-03-12T06:00`"
                if "time" in value["format"]
                else "a date such as `2019-03-12`"
            )
        return next((words for part, words in _PATTERNS if part in pattern), "a text")
    return {"integer": "a whole number", "number": "a number", "boolean": "`true` or `false`"}.get(str(kind), "a value")


def _one_of(parts: list[Any], forms: Mapping[str, Any]) -> str:
    names = {part["$ref"].rpartition("/")[2] for part in parts if "$ref" in part}
    if {"AllOf", "FlagIsSet"} <= names:
        return "[a condition](#all-of)"
    if {"ChangeIndicator", "SetFlag"} <= names:
        return "[an effect](#change-indicator)"
    if any(part.get("properties", {}).keys() == {"file"} for part in parts):
        return "a text, or `{ file: texts/name.md }`"
    return " or ".join(dict.fromkeys(_takes(part, forms) for part in parts))


if __name__ == "__main__":
    FILE.write_text(document(), encoding="utf-8")
