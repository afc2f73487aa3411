"""What a fault means, said to someone who has never programmed: what is wrong, and what to write instead."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from typing import Any, NamedTuple

from exercise.authoring.day_and_hour import begins_with_day, day_and_hour
from exercise.authoring.faults import SHAPES, Fault
from exercise.authoring.known_keys import KnownKeys
from exercise.authoring.lookalikes import ordinary, time_meant, unseen
from exercise.authoring.nearest import did_you_mean, key_meant
from exercise.authoring.problems import quoted
from exercise.core.times import format_exercise_time

__all__ = ["Words", "explain"]

_MOST_LISTED = 16
_LONGEST_MESSAGE = 400
_CHOICE = re.compile(r"'((?:[^'\\]|\\.)*)'|(-?\d+(?:\.\d+)?|True|False|None)")


class Words(NamedTuple):
    """A message, and the key below the fault's path that it is really about, if there is one."""

    text: str
    key: str | None = None


def explain(fault: Fault, known: KnownKeys, date: object = None) -> Words:
    """Return one line for a fault; an input is quoted in part at most. `date` is what the file says of its STARTEX."""
    kind, context, value = fault.kind, fault.context, fault.value
    if kind == "missing":
        return Words(f"{quoted(fault.missing)} is missing; add a line '{fault.missing}: …' here")
    if kind == "extra_forbidden":
        return Words(_unknown_key(fault, known))
    if kind == "union_shape":
        return Words(_should_be(" or ".join(context["expected"]), value))
    if kind == "union_keys":
        return Words(f"needs one of these keys: {_listed(context['expected'])}")
    if kind in SHAPES:
        if value is None and fault.path and fault.path[-1] in known.needed(fault.path[:-1]):
            return Words(f"nothing is written here; it should be {SHAPES[kind]}")
        return Words(_should_be(SHAPES[kind], value) + (_advice(kind, value) or _in_braces(fault, known)))
    if kind in ("literal_error", "enum"):
        return Words(_not_a_choice(value, str(context.get("expected", ""))))
    if kind in _BOUNDS:
        return Words(_BOUNDS[kind].format(**context))
    if kind in ("too_short", "too_long", "string_too_short", "string_too_long"):
        return Words(_length(fault))
    if kind == "string_pattern_mismatch":
        return Words(f"{quoted(value)} is not of the form asked for here{_slug_advice(value, context)}")
    if kind in ("value_error", "assertion_error"):
        return Words(_own_message(fault, date))
    return _other(fault, known)


_BOUNDS = {
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "multiple_of": "must be a multiple of {multiple_of}",
}


def _should_be(what: str, value: Any) -> str:
    if value is None and what != SHAPES["none_required"]:
        return f"nothing is written here; it should be {what}, or leave the line out if it is not needed"
    return f"should be {what}, not {_what(value)}"


def _what(value: Any) -> str:
    match value:
        case None:
            return "empty"
        case bool():
            return str(value).lower()
        case int() | float():
            return f"the number {quoted(value)[1:-1]}"
        case str():
            return quoted(value) if value else "an empty text"
        case list() | tuple():
            return "a list"
        case dict():
            return "keys with values"
        case _:
            return "this"


def _advice(kind: str, value: Any) -> str:
    if kind == "string_type" and isinstance(value, bool | int | float):
        return "; put it in quotes to make it text"
    if kind == "string_type" and isinstance(value, dict):
        return "; if the text has a colon in it, put all of it in quotes"
    if kind in ("float_type", "float_parsing") and isinstance(value, str):
        # A decimal comma, a sign of per cent, a long dash for a minus.
        number = ordinary(value).replace(",", ".").removesuffix("%").strip()
        return f"; did you mean {number}?" if re.fullmatch(r"[+-]?\d{1,9}(\.\d{1,9})?", number) else ""
    if kind == "string_type" and isinstance(value, list) and len(value) == 1:
        return "; one thing stands here, without brackets or dash"
    if kind in ("list_type", "tuple_type") and isinstance(value, dict) and str(next(iter(value), "")).startswith("-"):
        return "; a space is missing after the dash"
    if kind in ("list_type", "tuple_type") and isinstance(value, dict):
        return "; put '- ' before its first line, or [ ] around it"
    if kind in ("list_type", "tuple_type") and isinstance(value, str | int | float):
        return "; put it in brackets, or on a line of its own after '- '"
    return ""


def _in_braces(fault: Fault, known: KnownKeys) -> str:
    """Where a single word stands for keys with values of which only one is needed, that one is meant."""
    needed = known.needed(fault.path) if SHAPES[fault.kind] == SHAPES["model_type"] else ()
    if fault.value is True and SHAPES[fault.kind] == SHAPES["model_type"] and not needed:
        return "; write {} for the usual"
    return f"; write {{ {needed[0]}: … }}" if len(needed) == 1 and isinstance(fault.value, str) else ""


def _unknown_key(fault: Fault, known: KnownKeys) -> str:
    name, around = str(fault.path[-1]), fault.path[:-1]
    kinds = known.kinds(around)
    if fault.form in kinds and name in kinds:
        several = (
            "for several conditions write { all: [ {…}, {…} ] }" if "chose" in kinds else "each has its own braces"
        )
        return f"{quoted(name)} does not go together with {quoted(fault.form)}; {several}"
    return f"this key is not known here{_known(name, known.at(around, fault.form))}"


def _listed(names: list[str] | tuple[str, ...]) -> str:
    more = f" and {len(names) - _MOST_LISTED} more" if len(names) > _MOST_LISTED else ""
    return ", ".join(names[:_MOST_LISTED]) + more


def _known(name: str, keys: tuple[str, ...]) -> str:
    meant = key_meant(name, keys)
    return f"; did you mean '{meant}'?" if meant else (f"; known are: {_listed(keys)}" if keys else "")


def _not_a_choice(value: Any, expected: str) -> str:
    choices = [text or bare for text, bare in _CHOICE.findall(expected)]
    if value is None:
        return f"nothing is written here; choose one of: {_listed(choices)}"
    meant = did_you_mean(value, choices) if isinstance(value, str) else ""
    if len(choices) == 1:
        return f"should be {choices[0]}, not {_what(value)}{_unseen(value)}"
    return f"{_what(value)} is not one of the choices: {_listed(choices)}{meant}{_unseen(value)}"


def _unseen(value: Any) -> str:
    """Where the wrong word looks like the right one."""
    sign = unseen(value) if isinstance(value, str) else ""
    return f"; a character in it cannot be seen ({sign}): type it anew" if sign else ""


def _length(fault: Fault) -> str:
    context = fault.context
    least, most = context.get("min_length"), context.get("max_length")
    number = least if least is not None else most
    if fault.kind.startswith("string"):
        unit = "character" if number == 1 else "characters"
        if least is not None:
            return f"is too short: at least {number} {unit}" if fault.value else "must not be empty"
        has = f", this has {len(fault.value)}" if isinstance(fault.value, str) else ""
        return f"is too long: at most {number} {unit}{has}"
    unit = "item" if number == 1 else "items"
    bound = "at least" if least is not None else "at most"
    return f"needs {bound} {number} {unit}, has {context.get('actual_length', 'more')}"


def _slug_advice(value: Any, context: dict[str, Any]) -> str:
    """Most patterns of a scenario are those of ids; a name that would fit says more than a pattern."""
    if not isinstance(value, str):
        return ""
    # Letters with signs above them lose the signs, not themselves.
    letters = unicodedata.normalize("NFKD", ordinary(value[:60]).casefold())
    plain = "".join(sign for sign in letters if not unicodedata.combining(sign))
    slug = re.sub(r"[^a-z0-9./]+", "-", plain).strip("-./")
    try:
        fits = bool(slug) and re.search(str(context.get("pattern", "")), slug) is not None
    except re.error:
        fits = False
    return (f"; use small letters, digits and hyphens, such as {quoted(slug)}" if fits else "") + _unseen(value)


def _own_message(fault: Fault, date: object) -> str:
    """The words of a validator of ours, with a long input cut short where it repeats it."""
    text = str(fault.context.get("error") or fault.message)
    of_story = text.startswith("a time of the story")
    if of_story or text.startswith("a length of time"):
        meant = time_meant(str(fault.value)[:40], of_story=of_story)
        if of_story and begins_with_day(str(fault.value)[:40]):
            return f"{text}, not as a day of the calendar such as {_what(fault.value)}{_in_story(fault.value, date)}"
        if of_story and re.search(r"\d\s*-\s*[T+\d]", ordinary(str(fault.value)[:40]), re.IGNORECASE):
            return f"one time of the story stands here, such as T+1:30, not a span such as {_what(fault.value)}"
        return f"{text}, not {_what(fault.value)}" + (f"; did you mean {meant}?" if meant else "")
    if isinstance(fault.value, str) and len(fault.value) > 40:
        text = text.replace(repr(fault.value), quoted(fault.value)).replace(fault.value, quoted(fault.value)[1:-1])
    return text[:_LONGEST_MESSAGE]


def _in_story(value: Any, date: object) -> str:
    """Which time of the story a day and hour is, where both it and STARTEX can be read."""
    when = day_and_hour(str(value)[:40])
    try:
        # The hours that authors write are those of the story, whatever its zone.
        starts = datetime.fromisoformat(str(date)).replace(tzinfo=None)
    except ValueError:
        return ""
    if when is None:
        return ""
    return f"; in this story that is {format_exercise_time(round((when - starts).total_seconds()))}"


def _other(fault: Fault, known: KnownKeys) -> Words:
    """Kinds that a model made itself, or that are rare: their own message, and a misspelt key where there is one."""
    text = fault.message[:_LONGEST_MESSAGE].removeprefix("Value error, ").replace("Input should be", "should be", 1)
    if fault.kind == "condition" and isinstance(fault.value, list):
        return Words(
            "a condition is one thing, without dash or brackets; for several write { all: [ … ] }, or { any: [ … ] }"
        )
    if fault.kind in ("union_tag_invalid", "union_tag_not_found"):
        choices = [text or bare for text, bare in _CHOICE.findall(str(fault.context.get("expected_tags", "")))]
        text = f"is none of the forms known here: {_listed(choices)}" if choices else "is of no form known here"
    if isinstance(fault.value, dict):
        keys = known.at(fault.path)
        for key in fault.value:
            meant = key_meant(key, keys) if key not in keys else None
            if meant is not None:
                return Words(f"{text}; did you mean {quoted(meant)}?", key)
    elif fault.value is not None:
        text += f", not {_what(fault.value)}"
    return Words(text)
