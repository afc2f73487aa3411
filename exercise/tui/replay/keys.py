"""The replay's keys and what its help says of them."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from exercise.language import N_

HELP = N_("""
You are looking at an exercise that was played. Everything below the line of time is what **one perspective** saw at
that moment, and nothing more.

## Going through time

- **space** plays and pauses; **<** and **>** change the speed, 0.25× to 64×.
- Idle stretches are cut short while it plays; **i** plays them in full, or cuts them again.
- **←** and **→** skip five seconds of watching; **,** and **.** go one entry of the log back or on.
- **[** and **]** go to the marker before or after: a move, an inject, a decision, an answer, a request, a comment.
- **0** to **9** go to that tenth of the exercise; **home** and **end** to its start and end.
- **g** asks for a time of the story such as T+1:30, the number of an entry, or a part such as 50%.
- With the mouse, click or drag on the line of time.

## Whose eyes

- **v** shows the next perspective, **V** the one before, **p** lists all of them: each team, each role of a team,
  exercise control with the hidden facts, and the public.
- **w** shows two side by side; **b** goes from one to the other, and the keys work on the one you are in.
- **P** is for a projector: the clock, the last event and the indicators, large. All keys go on working.

## What is shown

- **m**, **s**, **d** show messages, situation or decisions; for exercise control **m** is the MSEL and **s** also has
  the facts.
- **r** shows the requests as a board, **t** as a timeline; **enter** opens one.
- **a** shows the rest: evidence, what was said and noted, drafts, who sits at the table, the briefing.
- **x** says in words what the last step changed for this perspective, and which marks came since the decision before.
- **c** opens the scorecard as it stood at this moment, **l** the texts of the commitments.
- **h** opens the hot wash, once the replay has come to ENDEX.

## Finding and keeping

- **/** finds words in what this perspective saw; **n** and **N** go to the next place and the one before.
- **k** writes a comment at this moment, **K** lists the comments. They are kept beside the log and never in it.
- **F** begins a new session from this moment, to play on differently.
- **e** writes a stretch as a recording that others can watch without this program.

Signs on the line of time: {story}

The same for what went between teams and how the room fared: {room}
""")

BINDINGS: list[BindingType] = [
    Binding("space", "play", "Play/pause", priority=True),
    Binding("left_square_bracket", "marker(-1)", "Marker", key_display="[", priority=True),
    Binding("right_square_bracket", "marker(1)", "Next marker", key_display="]", priority=True),
    Binding("v", "perspective(1)", "Perspective"),
    Binding("V", "perspective(-1)", "Perspective before", show=False),
    Binding("p", "pick", "Pick a perspective", show=False, tooltip="A team, a role, exercise control or the public"),
    Binding("x", "pane('changed')", "What changed"),
    Binding("slash", "find", "Find", key_display="/"),
    Binding("c", "scorecard", "Scorecard"),
    Binding("g", "go_to", "Go to"),
    Binding("m", "pane('messages')", "Messages", show=False),
    Binding("s", "pane('situation')", "Situation", show=False),
    Binding("d", "pane('decisions')", "Decisions", show=False),
    Binding("r", "pane('board')", "Requests", show=False, tooltip="The requests as a board"),
    Binding("t", "pane('timeline')", "Timeline", show=False, tooltip="The requests, step by step in time"),
    Binding("a", "pane('more')", "And more", show=False, tooltip="Evidence, words, notes, drafts, seats, briefing"),
    Binding("comma", "step(-1)", "One entry back", key_display=",", show=False),
    Binding("full_stop", "step(1)", "One entry on", key_display=".", show=False),
    Binding("less_than_sign", "speed(-1)", "Slower", key_display="<", show=False),
    Binding("greater_than_sign", "speed(1)", "Faster", key_display=">", show=False),
    Binding("i", "idle", "Cut idle stretches", show=False, tooltip="Cut stretches in which nothing happens, or not"),
    Binding("left", "skip(-1)", "Skip back", show=False, priority=True),
    Binding("right", "skip(1)", "Skip on", show=False, priority=True),
    Binding("home", "tenth(0)", "To the start", show=False, priority=True),
    Binding("end", "tenth(10)", "To the end", show=False, priority=True),
    *(Binding(str(n), f"tenth({n})", f"To {n * 10} %", show=False) for n in range(10)),
    Binding("h", "hot_wash", "Hot wash"),
    Binding("h", "hot_wash_later", "Hot wash", show=False),
    Binding("w", "split", "Side by side", show=False, tooltip="Two perspectives of the same moment"),
    Binding("b", "other", "The other side", show=False),
    Binding("P", "present", "Presenter", show=False, tooltip="For a projector: large, and only what matters"),
    Binding("n", "found(1)", "Next found", show=False),
    Binding("N", "found(-1)", "Found before", show=False),
    Binding("k", "comment", "Comment", show=False, tooltip="Write a comment at this moment, beside the log"),
    Binding("K", "comments", "Comments", show=False, tooltip="The comments on this log"),
    Binding("F", "fork", "Play on from here", show=False, tooltip="Begin a new session from this moment"),
    Binding("e", "export", "Export", show=False, tooltip="Write a stretch as a recording"),
    Binding("l", "commitments", "Look up texts", show=False),
]
