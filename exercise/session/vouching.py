"""What may be relied on after a log was looked at, and what not, in whole sentences for whoever has to rely on it."""

from __future__ import annotations

from collections.abc import Mapping

from exercise.language import _
from exercise.session.seal import shown
from exercise.session.sealed import SealFound


def vouched(held: Mapping[str, bool | None], sealed: SealFound | None, compared: int) -> tuple[str, ...]:
    """What the checks that hold come to; `compared` is the entry whose head was given, 0 where none matched."""
    if False in held.values():
        return ()
    said = []
    if held.get("chain") and held.get("order"):
        # Each line holds the hash of the one before it, so that the last has nothing that would tell a change in it.
        said.append(
            _(
                "No line before the last entry was changed, dropped, added or moved, unless whoever did it made the "
                "chain anew from there on."
            )
        )
    if held.get("openings"):
        said.append(_("The words, names and secrets that are still in it are those that were written."))
    if compared:
        said.append(
            _("Entries 1 to {compared} are those that stood under the head that was compared.").format(
                compared=compared
            )
        )
    if sealed is not None:
        whose = _("the private part of {shown}").format(shown=shown(sealed.key))
        said.append(
            _("Entries 1 to {upto} were changed by nobody since they were sealed with {whose}.").format(
                upto=sealed.upto, whose=whose
            )
        )
    if held.get("rules"):
        said.append(_("Every step follows from the one before by the rules of the exercise."))
    return tuple(said)


def not_vouched(
    held: Mapping[str, bool | None],
    sealed: SealFound | None,
    compared: int,
    entries: int,
    key_given: bool,
    missing: int,
) -> tuple[str, ...]:
    """What nothing here shows; `missing` is how many words, names or secrets were taken out."""
    said = []
    if False in held.values():
        said.append(_("That anything in it is what was written: something does not hold, as said above."))
    bound = max(compared, sealed.upto if sealed else 0)
    if not bound:
        said.append(_("That it was not rewritten as a whole: only a head noted at ENDEX or a known key's seal shows."))
        if entries and held.get("chain"):
            said.append(
                _(
                    "That the last entry, {entries}, is as it was written and none was cut off after it: no later line "
                    "covers this, only such a head (--head) or seal."
                ).format(entries=entries)
            )
    elif bound < entries:
        said.append(_("What came after entry {bound}: that it was not rewritten or cut short.").format(bound=bound))
    if sealed is not None:
        if not key_given:
            said.append(_("Whose key sealed it: compare its digits with those that the host gave out (--key)."))
        said.append(_("That its host changed nothing before sealing it."))
    if missing:
        said.append(
            _("What was taken out ({missing} words, names or secrets), and whether it bore out the rest.").format(
                missing=missing
            )
        )
    if "rules" not in held:
        said.append(_("That each step was one that the rules give, the marks of ENDEX among them (--rules looks)."))
    said.append(_("That people did or meant what it says: it holds what was typed and pressed at its screens."))
    said.append(_("Who they were, and the wall times: names are as given, and the clock was the host's own."))
    return tuple(said)
