"""`exercise commitments` in other languages: what the catalogue has in them, and data that do not change by machine."""

from __future__ import annotations

import json
import re

import pytest
from typer.testing import CliRunner, Result

from exercise.authoring.library import load_scenario
from exercise.authoring.translations import catalogue_texts, cited_texts, forms_in
from exercise.catalogue import load_catalogue, show, show_requests
from exercise.catalogue.requests import load_requests
from exercise.catalogue.translated import told
from exercise.cli.commands import app
from exercise.cli.services import LocalServices
from exercise.errors import UsageError
from exercise.language import SOURCE, speaking
from exercise.session.store import MemoryStore

ENGLISH = re.compile(r"\b(the|of|and|is|was|were|with|for|that|not|from|this|which|by)\b")


def look_up(*words: str, **env: str) -> Result:
    """What `exercise commitments` says, on a machine without a language of its own but for what is given."""
    none = dict.fromkeys(("LC_ALL", "LC_MESSAGES", "LANG", "EXERCISE_LANGUAGE"), "")
    with speaking(SOURCE):  # What the command goes on to speak is not to be heard by other tests.
        return CliRunner().invoke(app, ["commitments", *words], env=none | env)


def test_an_entry_is_read_in_the_language_asked_for_or_the_machines() -> None:
    """Protects a reader of Latvian or Romanian: title, clause and paraphrase as far as they are translated."""
    english, latvian, romanian = (look_up("bc-29", "--language", word).stdout for word in ("en", "lv", "ro_RO.UTF-8"))
    assert english.startswith("bc-29  Quick preservation") and "Puse var lūgt" in latvian
    assert latvian.startswith("bc-29  Steidzama datu saglabāšana citai Pusei\nBudapeštas konvencija, 29.")
    assert romanian.startswith("bc-29  Conservarea") and "Convenția de la Budapesta, articolul 29" in romanian
    assert look_up("bc-29", LANG="lv_LV.UTF-8").stdout == latvian
    assert look_up("bc-29", EXERCISE_LANGUAGE="ro", LANG="lv_LV.UTF-8").stdout == romanian
    convention = look_up("budapest-convention", "--language", "lv").stdout
    assert "Konvencija par kibernoziegumiem" in convention and "Ka palīdzības lūgums parasti prasa" in convention
    assert "Steidzama glabāto datu saglabāšana" in look_up("preservation", "--language", "lv").stdout


@pytest.mark.parametrize("entry", ["bc-29", "un-e", "budapest-convention", "preservation", "T-os4", "europol"])
@pytest.mark.parametrize("language", ["lv", "ro"])
def test_no_heading_stays_in_another_language(entry: str, language: str) -> None:
    """Protects the same reader from half a page of English: what the page itself says is told too, in one column."""
    written, shown = (look_up(entry, "--language", word).stdout.splitlines()[2:] for word in ("en", language))
    headings = {line[:13].strip() for line in written if line[:1].isupper() and line[11:13].strip() == ""}
    kept = {"Test", "Text"} if language == "ro" else set()  # The Romanian words are the same.

    assert not {line[:13].strip() for line in shown} & (headings - kept)
    # A label that is longer than its column still stands apart from what it labels.
    assert not [line for line in shown if re.match(r"[^ -][^-]{,14}[^ -]- ", line)]


@pytest.mark.parametrize(("language", "named"), [("lv", "Dežūrtiesnesis"), ("ro", "Judecător de serviciu")])
def test_actors_are_told_in_the_language_asked_for(language: str, named: str) -> None:
    """Protects whoever asks whom to call: every actor's text is theirs to read, in the list, in full and as data."""
    data = look_up("--actors", "--json", "--language", language).stdout
    read = ("name", "what", "called_for", "speed")
    texts = [text for actor in json.loads(data) for text in (*map(actor.get, read), *actor["notes"])]
    page = look_up("judge", "--language", language).stdout

    assert [text for text in texts if ENGLISH.search(text)] == []
    assert page.startswith(f"judge  {named}\n") and not ENGLISH.search(page)
    assert named in look_up("--actors", "--text", "duty judge", "--language", language).stdout


def test_no_id_is_broken_at_the_end_of_a_line() -> None:
    """Protects whoever copies an id from a page or looks for it there: `seecp-` and `chisinau-2008` are none."""
    catalogue, book = load_catalogue(), load_requests()
    pages = [show.detail(catalogue, entry.id) for entry in catalogue.entries()]
    pages += [show_requests.detail(catalogue, book, kind) for kind in book.kinds.values()]
    ids = {*(entry.id for entry in catalogue.entries()), *book.kinds, *book.channels}
    broken = {"".join(parts) for page in pages for parts in re.findall(r"([\w-]+-)\n +([\w-]+)", page)}

    assert ids & broken == set()
    assert all(len(line) <= show.WIDTH for page in pages for line in page.splitlines())


@pytest.mark.parametrize("language", ["lv", "ro"])
def test_no_line_of_an_entry_stays_english(language: str) -> None:
    """Protects whoever opens any entry at all: a document's notes and its place, a threat's clause and its ideas."""
    texts = {**cited_texts(language), **catalogue_texts(language)}
    catalogue, book = told(load_catalogue(), texts), told(load_requests(), texts)
    with speaking(language):
        pages = [show.detail(catalogue, entry.id).removeprefix(entry.id) for entry in catalogue.entries()]
        pages += [show_requests.detail(catalogue, book, kind) for kind in book.kinds.values()]
    quoted = {item.verb for item in catalogue.commitments.values()}  # The text's own verb, as it stands there.
    lines = [line for page in pages for line in page.splitlines() if line[13:] not in quoted]

    assert [line for line in lines if ENGLISH.search(line)] == []


def test_the_home_screen_tells_threats_and_texts_in_its_own_language() -> None:
    """Protects whoever chooses a scenario: what it is about is not English under a Latvian heading."""
    with speaking("lv"):
        cards = LocalServices(MemoryStore()).scenarios()
    lines = [
        line for card in cards for line in (*card.threats, *card.texts, *(text for t in card.teams for text in t.texts))
    ]

    assert len(lines) > 100 and [line for line in lines if ENGLISH.search(line)] == []


def test_a_scenarios_own_actors_are_not_called_as_the_catalogues() -> None:
    """Protects an author's actor that has the id of one of the catalogue: what is only looked up joins no scenario."""
    texts = forms_in(load_scenario("first-light"), "lv")
    begun, ended = ({id.split(".")[n] for id in texts} for n in (0, 2))

    assert {"commitments", "instruments"} <= begun and "says" in ended
    assert not {"actors", "catalogue_actors"} & begun and "structure" not in ended


def test_words_are_looked_for_in_both_languages() -> None:
    """Protects the search: whoever remembers the English word finds the entry too, and each once."""
    by_latvian, by_english = (look_up("--text", word, "--language", "lv").stdout for word in ("saglab", "preserv"))
    for found in (by_latvian, by_english):
        assert found.count("  bc-29 ") == 1 and "Steidzama datu" in found
    assert "preservation" in look_up("--kinds", "--text", "preserv", "--language", "lv").stdout


def test_data_are_the_same_on_every_machine_unless_a_language_is_asked_for() -> None:
    """Protects programs that read the list: a machine's own language changes nothing in it."""
    assert look_up("--json", LANG="lv_LV.UTF-8").stdout == look_up("--json").stdout
    assert json.loads(look_up("bc-29", "--json", "--language", "lv").stdout)["clause"] == "29.\N{NO-BREAK SPACE}pants"


def test_a_language_nobody_has_is_refused_with_those_there_are() -> None:
    """Protects a slip of the finger: one line that names what can be asked for."""
    with pytest.raises(UsageError, match=r"not kept in 'de'.* Known: en, lv, ro\."):
        raise look_up("bc-29", "--language", "de").exception or AssertionError
