"""Letters and figures five lines tall, for a code that a whole room reads off the wall."""

from __future__ import annotations

__all__ = ["big", "fits"]

_ROWS = 5
_FONT = {
    "A": ".#. #.# ### #.# #.#",
    "B": "##. #.# ##. #.# ##.",
    "C": "### #.. #.. #.. ###",
    "D": "##. #.# #.# #.# ##.",
    "E": "### #.. ##. #.. ###",
    "F": "### #.. ##. #.. #..",
    "G": "#### #... #.## #..# ####",
    "H": "#.# #.# ### #.# #.#",
    "I": "### .#. .#. .#. ###",
    "J": "..# ..# ..# #.# ###",
    "K": "#..# #.#. ##.. #.#. #..#",
    "L": "#.. #.. #.. #.. ###",
    "M": "#...# ##.## #.#.# #...# #...#",
    "N": "#..# ##.# #.## #..# #..#",
    "O": ".##. #..# #..# #..# .##.",
    "P": "### #.# ### #.. #..",
    "Q": ".##. #..# #..# #.## .###",
    "R": "### #.# ##. #.# #.#",
    "S": "### #.. ### ..# ###",
    "T": "### .#. .#. .#. .#.",
    "U": "#.# #.# #.# #.# ###",
    "V": "#...# #...# .#.#. .#.#. ..#..",
    "W": "#...# #...# #.#.# ##.## #...#",
    "X": "#...# .#.#. ..#.. .#.#. #...#",
    "Y": "#.# #.# .#. .#. .#.",
    "Z": "#### ..#. .#.. #... ####",
    "0": "### #.# #.# #.# ###",
    "1": ".#. ##. .#. .#. ###",
    "2": "### ..# ### #.. ###",
    "3": "### ..# .## ..# ###",
    "4": "#.# #.# ### ..# ..#",
    "5": "### #.. ### ..# ###",
    "6": "### #.. ### #.# ###",
    "7": "### ..# ..# .#. .#.",
    "8": "### #.# ### #.# ###",
    "9": "### #.# ### ..# ###",
    "-": "... ... ### ... ...",
    "+": "... .#. ### .#. ...",
    ":": ". # . # .",
    " ": ".. .. .. .. ..",
}


def big(text: str) -> list[str]:
    """The text in five lines, each square two cells wide; signs that are not known are left out."""
    lines = [""] * _ROWS
    for sign in text.upper():
        for number, row in enumerate(_FONT.get(sign, "").split()):
            lines[number] += row.replace("#", "██").replace(".", "  ") + "  "
    return [line.rstrip() for line in lines]


def fits(text: str, width: int) -> bool:
    """Whether every sign is known and the lines are no longer than so many cells."""
    known = all(sign in _FONT for sign in text.upper())
    return known and max((len(line) for line in big(text)), default=0) <= width
