"""The keys a model knows at each place, read from its JSON schema, so that a misspelt one can be set right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel
from pydantic.errors import PydanticUserError

from exercise.authoring.faults import Fault
from exercise.authoring.nearest import key_meant
from exercise.authoring.problems import Path

__all__ = ["KnownKeys"]


class KnownKeys:
    """Looks keys up by path; knows none where there is no model or its schema cannot be had."""

    def __init__(self, model: type[BaseModel] | None) -> None:
        self._model = model
        self._root: dict[str, Any] | None = None
        self._found: dict[Path, list[dict[str, Any]]] = {}

    def at(self, path: Path, form: str | int = "") -> tuple[str, ...]:
        """Return the keys a mapping at `path` may have; `form` is the key that tells which of its forms it takes."""
        forms = [tuple(schema["properties"]) for schema in self._forms(path)]
        told = [keys for keys in forms if form in keys]
        return tuple(dict.fromkeys(key for keys in told or forms for key in keys))

    def needed(self, path: Path) -> tuple[str, ...]:
        """Return the keys a mapping at `path` must have; none where it may take several forms."""
        forms = self._forms(path)
        return tuple(forms[0].get("required", ())) if len(forms) == 1 else ()

    def kinds(self, path: Path) -> tuple[str, ...]:
        """Return the keys that tell the forms of a mapping at `path` apart; none where it has one form alone."""
        forms = self._forms(path)
        return tuple(schema["required"][0] for schema in forms if schema.get("required")) if len(forms) > 1 else ()

    def _forms(self, path: Path) -> list[dict[str, Any]]:
        if path not in self._found:
            here = list(self._concrete([self._schema()]))
            for step in path:
                here = list(self._concrete(found for schema in here for found in _below(schema, step)))
            self._found[path] = [schema for schema in here if "properties" in schema]
        return self._found[path]

    def meant(self, fault: Fault) -> str | None:
        """Return the key that was probably meant by an unknown one."""
        return key_meant(str(fault.path[-1]), self.at(fault.path[:-1], fault.form)) if fault.path else None

    def _schema(self) -> dict[str, Any]:
        if self._root is None:
            try:
                self._root = self._model.model_json_schema() if self._model is not None else {}
            except PydanticUserError:  # a model may hold what JSON Schema cannot say; suggestions are then left out
                self._root = {}
        return self._root

    def _concrete(self, schemas: Any) -> Iterator[dict[str, Any]]:
        """Schemas with references followed and alternatives opened, each once."""
        seen: set[int] = set()
        waiting = list(schemas)
        while waiting:
            schema = waiting.pop(0)
            if not isinstance(schema, dict) or id(schema) in seen:
                continue
            seen.add(id(schema))
            yield schema
            for word in ("anyOf", "oneOf", "allOf"):
                waiting += schema.get(word, [])
            reference = schema.get("$ref", "")
            if reference.startswith("#/$defs/"):
                waiting.append(self._schema().get("$defs", {}).get(reference.removeprefix("#/$defs/")))


def _below(schema: dict[str, Any], step: str | int) -> Iterator[Any]:
    if isinstance(step, int):
        prefix = schema.get("prefixItems", [])
        yield prefix[step] if step < len(prefix) else schema.get("items")
    elif step in schema.get("properties", {}):
        yield schema["properties"][step]
    else:
        yield schema.get("additionalProperties")
        yield from schema.get("patternProperties", {}).values()
