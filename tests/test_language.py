"""The interface's languages: nothing unmarked, files in step with the source, and each app in a language of its own."""

from __future__ import annotations

import asyncio
import gettext
import re
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fake_client import CARDS, INBOX, SESSIONS, FakeServices, FakeTable
from screens import picture, still, until
from support import load_reference
from textual.binding import Binding
from textual.geometry import Region
from textual.pilot import Pilot
from textual.screen import Screen

import exercise.language
from exercise.authoring.languages import reading
from exercise.authoring.library import load_scenario
from exercise.cli.speaking import choose_language
from exercise.core.tongues import common_language, texts_of
from exercise.hub.handouts import ticket_sheet
from exercise.hub.ssh_door import _Visitor
from exercise.hub.web_door import _page
from exercise.language import Told, _, languages, ngettext, speak, speaking, spoken
from exercise.session.bots import Policy, make_bot
from exercise.session.control import DoorCard, TicketCard
from exercise.session.session import Session
from exercise.session.store import MemoryStore
from exercise.session.table import LocalTable
from exercise.tui.app import ExerciseApp
from exercise.tui.screens.help import HelpScreen
from exercise.tui.screens.home import HomeScreen
from exercise.tui.screens.play import PlayScreen
from exercise.tui.widgets.inbox import inbox_row
from exercise.tui.widgets.prose import ProseView

DOCS = Path(__file__).resolve().parents[1] / "docs"
sys.path.insert(0, str(DOCS))
import messages  # noqa: E402

pytestmark = pytest.mark.usefixtures("still")
__all__ = ["still"]

TRANSLATIONS = sorted(messages.LOCALE.glob("*/LC_MESSAGES/exercise.po"))
_HOLES = re.compile(r"\{\w*(?:[:!][^}]*)?\}")


@pytest.fixture(scope="module")
def template() -> Any:
    return messages.template()


@pytest.fixture(scope="module", params=TRANSLATIONS, ids=lambda path: path.parts[-3])
def translated(request: pytest.FixtureRequest) -> tuple[Path, Any]:
    return request.param, messages.read(request.param)


def test_the_languages_are_those_that_the_program_claims() -> None:
    """Protects whoever chooses a language: those that are offered are those that are there."""
    assert set(languages()) == {"en", *(path.parts[-3] for path in TRANSLATIONS)} == {"en", "lv", "ro"}


def test_the_template_has_the_words_of_the_source(template: Any) -> None:
    """Protects translators: a word that was written or changed since is in the template; `make messages` brings it."""
    said = {message.id for message in messages.read(messages.TEMPLATE)}

    assert {message.id for message in template} - said == set(), "run: make messages"
    assert said - {message.id for message in template} == set(), "run: make messages"


def test_the_files_the_program_reads_are_made_of_the_translations(template: Any, translated: tuple[Path, Any]) -> None:
    """Protects what is shown: nobody edits a PO file and leaves the program with the old words."""
    path, words = translated
    assert {message.id for message in words} == {message.id for message in template}, "run: make messages"
    assert path.with_suffix(".mo").read_bytes() == messages.compiled(words), "run: make messages"


def test_a_translation_keeps_what_is_filled_in_and_what_stands_out(translated: tuple[Path, Any]) -> None:
    """Protects the screens: a lost or misspelt placeholder would stop a screen, a lost star would show as one."""
    wrong = []
    for message in translated[1]:
        one, many = (message.id, message.id) if isinstance(message.id, str) else message.id
        for form in [message.string] if isinstance(message.string, str) else message.string:
            if message.id and form:
                ends = (form[:1].isspace(), form[-1:].isspace()) == (one[:1].isspace(), one[-1:].isspace())
                holes = sorted(_HOLES.findall(form)) in (sorted(_HOLES.findall(one)), sorted(_HOLES.findall(many)))
                if not (ends and holes and form.count("**") == one.count("**")):
                    wrong.append((one, form))

    assert wrong == []


def test_a_translation_has_every_word_that_participants_read(translated: tuple[Path, Any]) -> None:
    """Protects a team that reads its own language: no English line between its own."""
    beyond = re.compile(r"exercise/(cli|plain|tui/(console|evaluation|replay|recording|preview|screens/replay))")
    missing = [
        message.id
        for message in translated[1]
        if message.id
        and not all([message.string] if isinstance(message.string, str) else message.string)
        and any(not beyond.match(place) for place, _line in message.locations)
    ]

    assert missing == []


def test_doors_speak_what_the_whole_room_reads() -> None:
    """Protects whoever has no seat yet: page, ssh prompts and slips are in the one language that all teams read."""
    scenario = load_scenario("first-light")
    assert common_language(scenario) == "en"
    assert common_language(reading(scenario, ("elvast=lv",))) == "en"
    everywhere = reading(scenario, ("lv",))
    assert common_language(everywhere) == "lv"

    page = _page("index.html", "lv")[0].decode()
    assert '<html lang="lv">' in page and "Piedalīties mācībās" in page and "Tas, ko te darāt" in page
    assert "{{" not in page and not re.search(r"Join|pseudonym|Connection|made up", page)
    assert _page("page.js", "lv") == _page("page.js", "en")

    visitor = _Visitor(SimpleNamespace(language="lv"))  # type: ignore[arg-type]
    (code, _hidden), (name, _shown) = visitor.get_kbdint_challenge("Anna", "", "")[3]
    assert code == "Kods: " and "pseidonīms" in name and "'Anna'" in name

    ticket = TicketCard("1", "abcd", "participant", "elvast", "Elvasta", False, ())
    slip = ticket_sheet("Pirmā gaisma", (ticket,), (DoorCard("ssh", ("ssh x",), ""),), scenario=everywhere).html
    assert "Jūsu kods" in slip and "Tas, ko te darāt" in slip and "dalībnieks" in slip
    assert not re.search(r"Your code|nothing installed|recorded", slip)


def test_numbers_take_their_forms() -> None:
    """Protects grammar: Latvian has one form for 1 and 21, one for most, and one for none."""
    with speaking("lv"):
        told = [ngettext("{number} new message", "{number} new messages", n) for n in (1, 21, 11, 5, 0)]

    assert told[0] == told[1] and told[2] == told[3] and len(set(told)) == 3
    assert ngettext("{number} new message", "{number} new messages", 21) == "{number} new messages"


def test_words_written_down_early_are_read_late() -> None:
    """Protects tables of words made while modules load: what they say depends on who looks."""
    table = Told({"no": "Not yet", "both": ("Leave", "Stay")})

    with speaking("lv"):
        assert table["no"] == "Vēl ne" and {**table}["both"] == ("Pamest", "Palikt")
    assert table["no"] == "Not yet" and table.get("never") is None and len(table) == 2


def test_a_language_nobody_has_is_english() -> None:
    """Protects the start: a wrong name is no error, and no text is lost."""
    with speaking("tlh"):
        assert _("Leave the exercise?") == "Leave the exercise?"
    assert "lv" in languages() and languages()[0] == "en" and _("") == ""


@pytest.mark.parametrize(
    ("wanted", "around", "chosen"),
    [
        (None, {}, "en"),
        (None, {"LANG": "lv_LV.UTF-8"}, "lv"),
        (None, {"LANG": "lv_LV.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        (None, {"LANG": "de_DE.UTF-8"}, "en"),
        (None, {"LANG": "de_DE", "EXERCISE_LANGUAGE": "LV"}, "lv"),
        ("lv-LV", {"EXERCISE_LANGUAGE": "en"}, "lv"),
        ("en", {"LANG": "lv_LV"}, "en"),
        ("ro", {}, "ro"),
    ],
)
def test_the_language_is_chosen_in_one_order(
    wanted: str | None, around: dict[str, str], chosen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Protects expectation: what was asked for goes before the environment, and that before the machine's language."""
    for name in ("EXERCISE_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in around.items():
        monkeypatch.setenv(name, value)

    with speaking("en"):
        assert choose_language(wanted) == chosen and spoken() == chosen


async def test_two_apps_in_one_process_speak_each_its_own() -> None:
    """Protects doors that serve a whole room: what one person reads says nothing about the next."""
    shown: dict[str, str] = {}

    async def play(language: str, other: asyncio.Event, mine: asyncio.Event) -> None:
        speak(language)
        app = ExerciseApp(table=FakeTable())
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: isinstance(app.screen, PlayScreen) and app.screen.is_mounted)
            mine.set()
            await other.wait()
            await pilot.press("question_mark")
            await pilot.pause()
            shown[language] = picture(app)

    events = asyncio.Event(), asyncio.Event()
    await asyncio.gather(play("lv", *events), play("en", *reversed(events)))

    assert "Palīdzība: spēle" in shown["lv"] and "esc Atpakaļ" in shown["lv"]
    assert "Help: playing" in shown["en"] and "esc Back" in shown["en"]
    assert spoken() == "en"


async def test_an_app_follows_the_seat_that_looks_at_it() -> None:
    """Protects teams of two languages at one terminal: each reads its own when the keyboard is passed on."""
    app = ExerciseApp(table=FakeTable())
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "esc Back" in picture(app))
        app.speak_to("lv")
        app.refresh_bindings()
        await pilot.press("question_mark")
        await until(pilot, lambda: "Palīdzība" in picture(app))
        app.speak_to("en")
        await pilot.press("escape", "question_mark")
        await until(pilot, lambda: "Help: playing" in picture(app))


# A made language, in which every word that is marked stands in «», shows what is not marked.


class _Made(gettext.NullTranslations):
    def gettext(self, message: str) -> str:
        # What is filled in has to be marked by itself.
        words = message.strip()
        return message.replace(words, f"«{_HOLES.sub(lambda hole: f'»{hole[0]}«', words)}»", 1)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    real, own = exercise.language._catalogue, _Made()
    monkeypatch.setattr(exercise.language, "_catalogue", lambda name: own if name == "xx" else real(name))
    with speaking("xx"):
        yield


ALLOWED = re.compile(
    r"EXERCISE – EXERCISE – EXERCISE|ENDEX|T\+\d+:\d\d|TLP:\w+"
    # Keys as they stand on the keyboard, what is typed into a shell, ids of sessions, and addresses of contacts.
    r"|[\w.]+@[\w.]+|\^[a-z]|\b(esc|escape|enter|tab|space)\b|\bF\d\b|exercise play --resume|(first-light|storm)-[\w-]+"
)


REFERENCE = {"look-list", "card-rows", "basis"}
REFERENCE |= {f"{name}Screen ProseView" for name in ("Commitments", "Kind", "Request", "Requests", "HotWash")}
"""Where texts of the reference stand, which are in English, or what bots wrote."""


class Looker:
    """Gathers what stands on screens outside of «»."""

    def __init__(self) -> None:
        self.found: dict[str, set[str]] = {}

    def look(self, screen: Screen[Any]) -> None:
        """One screen, but for what nobody translates."""
        for widget in screen.walk_children():
            around = {one.id for one in widget.ancestors_with_self}
            around |= {f"{type(screen).__name__} {type(one).__name__}" for one in widget.ancestors}
            if not widget.display or not widget.region or around & REFERENCE:
                continue
            texts = [str(getattr(widget, name, None) or "") for name in ("border_title", "border_subtitle")]
            if not widget.children or type(widget).__name__ == "Choices":
                lines = widget.render_lines(Region(0, 0, *widget.size))
                texts.append(" ".join(strip.text for strip in lines))
            for text in texts:
                for words in re.findall(r"[^\W\d_]{2,}[^«»│]*", ALLOWED.sub("", _outside(text))):
                    self.found.setdefault(" ".join(words.split())[:60], set()).add(type(screen).__name__)


def _outside(text: str) -> str:
    depth, kept = 0, []
    for sign in text:
        depth = max(0, depth + (sign == "«") - (sign == "»"))
        kept.append(sign if depth == 0 and sign != "»" else " ")
    return "".join(kept)


def _table() -> LocalTable:
    """First Light with each of its texts in «» too, in three teams' language."""
    scenario = load_scenario("first-light")
    texts = {words.id: _marked(words.text) for words in texts_of(scenario)}
    teams = tuple(team.model_copy(update={"language": "xx"}) for team in scenario.teams)
    scenario = scenario.model_copy(update={"translations": {"xx": texts}, "teams": teams})
    reference = load_reference()
    first, *others = [team.id for team in teams]
    session = Session.start_new(scenario, reference, MemoryStore(), seed=1, pace="stepped")
    bots = {team: make_bot(Policy.COOPERATIVE, scenario, reference, team, 1) for team in others}
    return LocalTable(session, (first,), bots)


def _marked(text: str) -> str:
    plain = re.sub(r"[*#`_>\[\]|-]", " ", text)
    return "\n\n".join(f"«{' '.join(part.split())}»" if part.strip() else part for part in plain.split("\n\n"))


async def _home(pilot: Pilot[Any]) -> None:
    while not isinstance(pilot.app.screen, PlayScreen):
        pilot.app.pop_screen()
        await pilot.pause()
    await pilot.pause()


WAYS = [
    ("i", "question_mark"),
    ("r", "enter", "question_mark"),
    ("r", "enter", "a", "down", "enter", "ctrl+s"),
    ("r", "w", "enter", "enter", "enter", "f1", "escape", "ctrl+s"),
    ("c", "p"),
    ("m", "f1"),
    ("j",),
    ("ctrl+p",),
    ("escape",),
]
"""Keys from the play screen; after each the screen is looked at."""


@pytest.mark.usefixtures("made")
async def test_no_word_of_the_main_screens_is_unmarked() -> None:
    """Protects every language but English: a new line that is not marked for translation fails here."""
    looker, table = Looker(), _table()
    app = ExerciseApp(table=table)
    async with app.run_test(size=(120, 60)) as pilot:

        async def way(*keys: str) -> None:
            for key in keys:
                await pilot.press(key)
                await pilot.pause()
                looker.look(app.screen)
            await _home(pilot)

        await pilot.pause()
        looker.look(app.screen)
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, PlayScreen))
        await pilot.pause()
        looker.look(app.screen)
        for keys in WAYS:
            await way(*keys)
        view = table.client(table.seats[0][0]).view
        while not view().open_decisions:
            await table.let_lapse()
        await pilot.pause()
        looker.look(app.screen)
        await way("d", "right", "enter", "ctrl+s", "f1", "escape", "ctrl+s")
        await way("o", "u")
        while view().clock.phase != "ended":
            await table.let_lapse()
        await pilot.pause()
        looker.look(app.screen)
        await way("n", "2", "3", "4", "5", "question_mark", "escape", "u", "f1")

    assert looker.found == {}


def _in_marks(thing: Any) -> Any:
    """A card of the library with its words in «»; ids stay."""
    if isinstance(thing, str):
        return f"«{thing}»"
    if isinstance(thing, tuple):
        return tuple(_in_marks(one) for one in thing)
    if is_dataclass(thing) and not isinstance(thing, type):
        names = [field.name for field in fields(thing) if field.name not in ("id", "mode")]
        return replace(thing, **{name: _in_marks(getattr(thing, name)) for name in names})
    return thing


@pytest.mark.usefixtures("made")
async def test_no_word_of_the_home_screen_is_unmarked() -> None:
    """Protects the first look in another language: home, and who plays."""
    looker = Looker()
    services = FakeServices(_in_marks(CARDS), _in_marks(SESSIONS))
    app = ExerciseApp(lambda: HomeScreen(services))
    async with app.run_test(size=(140, 50)) as pilot:
        await until(pilot, lambda: "SCENARIOS" in picture(app))
        await pilot.pause()
        for key in ("down", "question_mark", "escape", "down", "down", "up", "up", "up", "enter", "down", "f1"):
            await pilot.press(key)
            await pilot.pause()
            looker.look(app.screen)

    assert looker.found == {}


async def test_help_names_the_toolkits_own_keys_in_the_language_spoken() -> None:
    """Protects who asks for help: what Textual calls its keys, in English alone, does not stand among ours."""
    with speaking("lv"):
        app = ExerciseApp(lambda: HomeScreen(FakeServices(CARDS, SESSIONS)))
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: "SCENĀRIJI" in picture(app))
            await pilot.press("question_mark")
            await until(pilot, lambda: isinstance(app.screen, HelpScreen))
            text = app.screen.query_one(ProseView).text

    theirs = [binding.description for binding in Screen.BINDINGS if isinstance(binding, Binding)]
    assert len(theirs) > 2 and [words for words in theirs if words in text] == []


def test_a_row_drawn_in_one_language_is_not_shown_in_another() -> None:
    """Protects two teams in one process: what was drawn once and kept is kept for each language by itself."""
    (item,) = [item for item in INBOX if item.withdrawn]
    said = []
    for language in ("lv", "en"):
        with speaking(language):
            said.append(inbox_row(item).text)
    assert "atsaukta" in said[0] and "withdrawn" in said[1]
