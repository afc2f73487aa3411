"""Frozen records that cost no more to make and to change than open ones: `dataclass` and `replace` as the library's."""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = ["dataclass", "replace"]

if TYPE_CHECKING:
    from dataclasses import dataclass, replace
else:
    import dataclasses

    def dataclass(*, frozen, slots=False, eq=True):
        """The library's `dataclass`, whose `frozen` the type checker holds to and the running program does not.

        Exercise and assessment make records by the thousand, and one that refuses at run time takes three times as
        long to make, since it sets each field of its own by a call. Equality and hash are those of a frozen one.
        """
        made = dataclasses.dataclass(slots=slots, eq=eq, unsafe_hash=frozen and eq)
        return made if slots else lambda cls: _without_defaults(made(cls))

    def _without_defaults(cls):
        """The class without the fields' defaults among its attributes, which Python 3.11 would look at in each read."""
        for one in dataclasses.fields(cls):
            if one.name in vars(cls):
                delattr(cls, one.name)
        return cls

    _new = object.__new__

    def replace(record, /, **changes):
        """The same record with some fields changed, for records without slots.

        A fold makes a new state for every event: copying the fields' dictionary costs a tenth of the library's way.
        """
        changed = _new(record.__class__)
        # A new dictionary, which shares no keys: `|` would copy that of the first record, which is read more slowly.
        changed.__dict__ = {**record.__dict__, **changes}
        return changed
