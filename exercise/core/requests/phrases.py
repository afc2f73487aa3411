"""What the program's own players write in requests, kept in one place so that each team reads it in its language."""

from __future__ import annotations

from collections.abc import Mapping

ON_FILE = "as our file on this states."
STATED = "now stated in full in our letter."
LETTER = "see our letter."
ACCEPT = "We accept these conditions."
READY = "We are ready to help and need first"
TAKEN_ON = "We take this on and will tell you at once how far we come."
DONE = "Done as agreed; what we hold goes with this."
NOT_NOW = "Not now."
ALL_NOW = "This is what we can say and do about it now."

PHRASES: Mapping[str, str] = {
    "bots.on-file": ON_FILE,
    "bots.stated": STATED,
    "bots.letter": LETTER,
    "bots.accept": ACCEPT,
    "bots.ready": READY,
    "bots.taken-on": TAKEN_ON,
    "bots.done": DONE,
    "bots.not-now": NOT_NOW,
    "bots.all-now": ALL_NOW,
}
"""By the id of their translation; some stand behind or before the name of an element, with a colon between."""


def told(text: str, said: Mapping[str, str]) -> str:
    """A text of an event as `said` has it: whole, or as two parts with a colon between, the second perhaps a list.

    What is not known in all its parts was written by people and stays as it is.
    """
    found = said.get(text)
    if found is not None or ": " not in text:
        return found or text
    head, _colon, tail = text.partition(": ")
    if head not in said:
        return text
    if tail in said:
        return f"{said[head]}: {said[tail]}"
    names: list[str] = []
    rest = tail.removesuffix(".") if head == READY else ""
    while rest:
        # Names may have commas of their own, so the longest that fits is taken.
        name = max((one for one in said if rest == one or rest.startswith(f"{one}, ")), key=len, default="")
        if not name:
            return text
        names.append(said[name])
        rest = rest[len(name) + 2 :]
    return f"{said[head]}: {', '.join(names)}." if names else text
