"""A stretch of a replay as a recording of a terminal: what was shown and when, in asciinema's second format.

The second format is the one that every player of such recordings reads. As a page it carries the player with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from typing import NamedTuple

from exercise.errors import UsageError
from exercise.session.retell import Marker

__all__ = ["MOST_FRAMES", "Cast", "Frame", "frames", "marks"]

TICK = 0.1
"""Seconds of watching that make one picture, however much happens in them."""
PULSE = 1.0
"""Seconds after which the clock is shown again while nothing happens."""
HOLD = 1.5
"""Seconds for which the last picture stays."""
MOST_FRAMES = 6_000
"""Pictures of one recording: ten minutes without a pause, or an hour with some."""
LONGEST_LABEL = 80


class Frame(NamedTuple):
    """A picture: seconds of watching since the first, the position it shows, and the play time between two entries."""

    at: float
    position: int
    play: float


@dataclass(frozen=True)
class Cast:
    """A recording; its events are asciicast's: seconds, `o` for what is written or `m` for a marker, and the text."""

    width: int
    height: int
    title: str
    about: str
    """One sentence on whose view of what stretch this is."""
    events: tuple[tuple[float, str, str], ...]

    @property
    def seconds(self) -> float:
        """How long it takes to watch."""
        return self.events[-1][0] if self.events else 0.0

    def text(self) -> str:
        """As a .cast file."""
        header = {
            "version": 2,
            "width": self.width,
            "height": self.height,
            "duration": self.seconds,
            "title": self.title,
            "env": {"TERM": "xterm-256color"},
        }
        return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in (header, *self.events))

    def page(self) -> str:
        """As a web page that needs nothing else: player and recording stand in it, and it may load nothing."""
        assets = files("exercise").joinpath("report", "player")
        style, script, licence = (
            assets.joinpath(name).read_text(encoding="utf-8")
            for name in ("asciinema-player.css", "asciinema-player.min.js", "LICENSE.asciinema-player.txt")
        )
        # In a script's text nothing ends it but "</", and a comment only begins with "<!": neither may come from data.
        data = json.dumps(self.text()).replace("<", "\\u003c")
        options = {"cols": self.width, "rows": self.height, "fit": "both", "preload": True, "poster": "npt:0:01"}
        return _PAGE.format(
            title=escape(self.title),
            about=escape(self.about),
            style=style.replace("</", "<\\/"),
            script=script.replace("</script", "<\\/script"),
            licence=escape(licence),
            data=data,
            options=json.dumps(options),
        )


def frames(plays: Sequence[int], first: int, last: int, speed: float, idle: float) -> tuple[Frame, ...]:
    """The pictures of a stretch: where something happens, and the clock while nothing does, for `idle` seconds at most.

    `plays` has the play time of each position from 0; `speed` is in seconds of play for each second of watching.
    """
    moments: dict[int, Frame] = {0: Frame(0.0, first, plays[first])}
    at, before = 0.0, plays[first]
    for position in range(first + 1, last + 1):
        at += min((plays[position] - before) / speed, idle)
        before = plays[position]
        # What comes within one tick is one picture, of the latest of it; but the first one is of where it begins.
        tick = max(1, round(at / TICK))
        moments[tick] = Frame(round(max(at, TICK), 3), position, before)
        if len(moments) > MOST_FRAMES:
            break
    found = tuple(_with_clock(tuple(moments.values()), speed))
    if len(found) > MOST_FRAMES:
        raise UsageError(f"More than {MOST_FRAMES:,} pictures: take a shorter stretch, or a higher speed.")
    return found


def _with_clock(moments: Sequence[Frame], speed: float) -> Iterator[Frame]:
    """The same pictures, and between them those on which only the clock has moved."""
    for here, after in zip(moments, (*moments[1:], None), strict=True):
        yield here
        pulses = int((after.at - here.at - TICK) / PULSE) if after is not None else 0
        for number in range(1, pulses + 1):
            yield Frame(round(here.at + number * PULSE, 3), here.position, here.play + number * PULSE * speed)


def marks(markers: Sequence[Marker | tuple[int, int, str, str]], shown: Sequence[Frame]) -> dict[int, list[str]]:
    """Labels of the markers in a stretch, by the place of the picture that shows each first."""
    found: dict[int, list[str]] = {}
    place = 0
    for position, _, _, label in markers:
        if shown[0].position < position <= shown[-1].position:
            while shown[place].position < position:
                place += 1
            found.setdefault(place, []).append(label[:LONGEST_LABEL])
    return found


_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
script-src 'unsafe-inline' 'wasm-unsafe-eval' blob: data:; worker-src blob: data:; font-src data:; img-src data:; \
connect-src data: blob:">
<title>{title}</title>
<style>{style}</style>
<style>
  html, body {{ height: 100%; margin: 0; }}
  body {{ display: flex; flex-direction: column; background: #15181d; color: #d8dee6; font: 16px/1.5 sans-serif; }}
  header, footer {{ padding: 0.5rem 1rem; }}
  h1 {{ font-size: 1.2rem; margin: 0; }}
  header p, footer p {{ margin: 0; }}
  main {{ flex: 1; min-height: 0; padding: 0 1rem; }}
  #player {{ height: 100%; }}
  footer {{ font-size: 0.8rem; color: #9aa5b1; }}
  footer pre {{ max-height: 20rem; overflow: auto; }}
</style>
</head>
<body>
<header><h1>{title}</h1><p>{about}</p></header>
<main><div id="player"><noscript>This recording is played by a script, and scripts are switched off here.</noscript>
</div></main>
<footer>
<p>A training record; no finding about any State. Space plays and pauses, [ and ] go from marker to marker.</p>
<details><summary>Played by asciinema-player, under the Apache License 2.0</summary><pre>{licence}</pre></details>
</footer>
<script>{script}</script>
<script type="application/json" id="recording">{data}</script>
<script>
  const recording = JSON.parse(document.getElementById("recording").textContent);
  AsciinemaPlayer.create({{ data: recording }}, document.getElementById("player"), {options});
</script>
</body>
</html>
"""
