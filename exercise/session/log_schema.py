"""The JSON Schema of a log's lines, made from the models that write and read them, so that it cannot lag behind."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import models_json_schema

from exercise.core.events import SENSITIVE, LogEntry
from exercise.session.log import FORMAT, Header

_HASH = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_DIGEST = {"type": "string", "pattern": "^[A-Za-z0-9_-]{43}$"}
_CONCEALED = {
    "title": "Concealed",
    "description": "A value kept apart: the salted digest whose opening, where it is there, gives it back.",
    "type": "object",
    "properties": {"#": _DIGEST},
    "required": ["#"],
    "additionalProperties": False,
}
_OPENING = {
    "title": "Opening",
    "description": "What a digest stands for: BASE64URL(SHA-256) of the JSON array of salt and value, as written here.",
    "type": "object",
    "properties": {"open": _DIGEST, "salt": {"type": "string"}, "value": {}},
    "required": ["open", "salt", "value"],
    "additionalProperties": False,
}


def log_schema() -> dict[str, Any]:
    """One schema for every line of a log: its header, an entry, or an opening."""
    entry = TypeAdapter(LogEntry).json_schema(ref_template="#/$defs/{model}", mode="serialization")
    _, headers = models_json_schema(
        [(Header, "serialization")], by_alias=True, ref_template="#/$defs/{model}", title="Header"
    )
    definitions: dict[str, Any] = headers["$defs"] | entry.pop("$defs")
    _conceal(definitions)
    entry["title"], entry["properties"]["prev"] = "Entry", _HASH | {"description": "Hash of the line before."}
    entry["required"] = [*entry["required"], "prev"]
    entry["additionalProperties"] = False
    definitions |= {"Entry": entry, "Opening": _OPENING, "Concealed": _CONCEALED}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"A line of an exercise's log, format {FORMAT}",
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in ("Header", "Entry", "Opening")],
        "$defs": definitions,
    }


def _conceal(definitions: dict[str, Any]) -> None:
    """Lets each field that may be kept apart be a digest, too."""
    of_type = {
        model["properties"]["type"]["const"]: model
        for model in definitions.values()
        if "const" in model.get("properties", {}).get("type", {})
    }
    done: set[tuple[int, str]] = set()
    for kind, names in SENSITIVE.items():
        for name in names:
            holder = of_type[kind]
            *outer, key = name.split(".")
            for part in outer:
                holder = definitions[_reference(holder["properties"][part])]
            if (id(holder), key) not in done:
                done.add((id(holder), key))
                held = holder["properties"][key]
                holder["properties"][key] = {"anyOf": [held, {"$ref": "#/$defs/Concealed"}]}


def _reference(field: dict[str, Any]) -> str:
    """The definition that a field refers to, which may be left out."""
    found = next(part["$ref"] for part in (field, *field.get("anyOf", ())) if "$ref" in part)
    return str(found).rpartition("/")[2]
