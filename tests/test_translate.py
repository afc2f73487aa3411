"""`exercise translate`: the file a translator works in, what of it counts, and what is found wrong with it."""

from __future__ import annotations

import copy
import pickle
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import polib
import pytest
import typer
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from support import SMALL, small_scenario

from exercise.authoring import library
from exercise.authoring.library import find, read_scenario
from exercise.authoring.translations import CATALOGUE, catalogue_words, read_language, read_translations
from exercise.authoring.translations_check import findings, interface_findings, kept
from exercise.authoring.translations_file import hint, made
from exercise.cli import translating
from exercise.core.tongues import Words, texts_of
from exercise.errors import UsageError

WORDS = tuple(texts_of(small_scenario()))


def _notes(one: Words) -> tuple[str, str, str]:
    return hint(small_scenario(), one), "scenario.yaml", "7"


def filled(say: Callable[[polib.POEntry], str] = lambda entry: f"ā {entry.msgid}") -> polib.POFile:
    """A whole file of the small exercise, with every text said so."""
    file = made(WORDS, "lv", "Small Leak", _notes)
    for entry in file:
        entry.msgstr = say(entry)
    return file


def written(folder: Path, file: polib.POFile | str, *, width: int = 78) -> Path:
    """The same on disk, wrapped as some editor would."""
    path = folder / "lv.po"
    if isinstance(file, polib.POFile):
        file.wrapwidth = width
    path.write_text(str(file), encoding="utf-8")
    return path


def entry_of(file: polib.POFile, id: str) -> polib.POEntry:
    """The entry of a text."""
    return next(entry for entry in file if entry.msgctxt == id)


@pytest.fixture
def scenario_file(tmp_path: Path) -> Path:
    """The small exercise as an author's file in a folder of its own."""
    path = tmp_path / "small-leak" / "scenario.yaml"
    path.parent.mkdir()
    path.write_text(yaml.safe_dump(SMALL, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return path


def run(scenario: Path | str, language: str = "lv", *, out: str | None = None, **said: bool) -> int:
    """The command's exit code."""
    usual = {"check": False, "update": False, "interface": False, "force": False}
    try:
        translating.translate(str(scenario), language, out, **(usual | said))
    except typer.Exit as left:
        return left.exit_code
    return 0


def test_what_counts_is_read_whatever_an_editor_did_to_the_file(tmp_path: Path) -> None:
    """Protects work with any editor: order, wrapping, comments and flags of the file change nothing of what is read."""
    plain = read_language(written(tmp_path, filled()), "lv.po", WORDS)
    assert not plain.problems
    assert plain.texts == {one.id: f"ā {one.text}" for one in WORDS if not one.usual}
    other = filled()
    for entry in other:
        entry.flags.append("no-wrap")
        entry.tcomment = "Looked at – ok."
    other.sort(key=lambda entry: entry.msgid)
    assert read_language(written(tmp_path, other, width=30), "lv.po", WORDS) == plain


def test_what_is_out_of_date_falls_back_and_is_told_with_its_line(tmp_path: Path) -> None:
    """Protects from words of an older text: changed, unlooked-at, overlong and vanished entries do not count."""
    file = filled()
    entry_of(file, "title").msgid = "Old Leak"
    entry_of(file, "briefing").flags.append("fuzzy")
    entry_of(file, "teams.averne.short").msgstr = "ā" * 17
    entry_of(file, "summary").msgctxt = "summery"
    path = written(tmp_path, file)
    found = read_language(path, "texts/lv.po", WORDS)
    assert not {"title", "briefing", "teams.averne.short", "summary", "summery"} & found.texts.keys()
    lines = path.read_text(encoding="utf-8").splitlines()
    for one in found.problems:
        # An entry begins with what stands above it for the translator.
        assert next(line for line in lines[one.line - 1 :] if line[:1] not in "#") == f'msgctxt "{one.path}"'
    assert {one.path for one in found.problems} == {"title", "summery", "briefing", "teams.averne.short"}
    assert all(one.severity == "warning" and one.line for one in found.problems)


def test_an_item_put_into_a_list_does_not_lose_the_translations_behind_it(tmp_path: Path) -> None:
    """Protects lists without ids: a question put first moves the others on, and they keep what was said of them."""
    path = written(tmp_path, filled())
    data = SMALL | {"hot_wash": [{"text": "What surprised you?"}, *SMALL["hot_wash"]]}
    later = tuple(texts_of(type(small_scenario()).model_validate(data)))
    texts = read_language(path, "lv.po", later).texts
    assert texts["hot_wash.2.text"] == "ā What would you do sooner next time?"
    assert "hot_wash.1.text" not in texts


@given(st.text(max_size=300) | st.binary(max_size=300).map(lambda data: data.decode("latin-1")))
@settings(max_examples=60)
def test_any_file_is_read_or_told_of(text: str) -> None:
    """Protects against hostile and broken files: nothing that stands in one raises, or reaches a screen unclean."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lv.po"
        path.write_bytes(f'msgctxt "title"\nmsgid "Small Leak"\nmsgstr "{text}"\n'.encode("utf-8", "replace"))
        read = read_language(path, "lv.po", WORDS)
        path.write_bytes(text.encode("utf-8", "replace"))
        read_language(path, "lv.po", WORDS)
    assert not any(ord(sign) < 32 and sign not in "\n\t" for text in read.texts.values() for sign in text)
    assert all(one.severity == "warning" for one in read.problems)


def test_an_update_keeps_what_is_done(tmp_path: Path) -> None:
    """Protects a translator's work: a changed text keeps its translation to look at, a vanished one is put aside."""
    before = filled()
    entry_of(before, "briefing").tcomment = "Ask Līga."
    changed = [
        one._replace(text="You are on duty tonight.") if one.id == "briefing" else one
        for one in WORDS
        if one.id != "summary"
    ]
    again = polib.pofile(str(made(changed, "lv", "Small Leak", _notes, polib.pofile(str(before)))))
    entry = entry_of(again, "briefing")
    assert entry.msgstr == "ā You are on duty this morning." and entry.tcomment == "Ask Līga."
    assert entry.fuzzy and entry.previous_msgid == "You are on duty this morning."
    assert [one.msgctxt for one in again.obsolete_entries()] == ["summary"]
    rest = {one.msgctxt: one.msgstr for one in again if not one.obsolete and not one.fuzzy}
    assert rest == {one.id: f"ā {one.text}" for one in WORDS if not one.usual and one.id not in ("briefing", "summary")}
    twice = made(changed, "lv", "Small Leak", _notes, again)
    assert str(polib.pofile(str(twice))) == str(again)
    back = made(WORDS, "lv", "Small Leak", _notes, again)
    assert entry_of(back, "summary").msgstr and not entry_of(back, "summary").obsolete


def test_a_translator_is_told_who_reads_a_text() -> None:
    """Protects good words: the hint above an entry says who reads it, and how much room there is."""
    file = made(WORDS, "lv", "Small Leak", _notes)
    assert entry_of(file, "facilitator").comment == "Read by: exercise control only."
    assert entry_of(file, "teams.averne.brief").comment == "Read by: Averne."
    assert entry_of(file, "teams.averne.short").comment == "Read by: everybody. At most 16 characters."
    assert entry_of(file, "injects.press.text").comment == "Read by: Averne, Belmark."
    assert entry_of(file, "facts.source.values.crew.says").comment == "Read by: everybody, in the hot wash."


@pytest.mark.parametrize(
    ("source", "said", "found"),
    [
        ("At T+1:30 call +999 555 0121.", "T+1:30 zvaniet +999 555 0121.", []),
        ("Loss of 46,000 crowns", "Zaudēti 46 000 kronu", []),
        ("Article 29 and 340 names", "29. pants un 340 vārdi", ["begins line 1 with '29.' instead of ''"]),
        ("It is 11:00.", "Ir 10.00.", ["lacks the number or time 11:00", "has the number or time 10.00, which"]),
        ("Keep it TLP:AMBER.", "TLP:RED.", ["lacks the marking TLP:AMBER", "has the marking TLP:RED"]),
        ("Write to desk@elv-rt.example", "Rakstiet desk@elv.example", ["lacks the address desk@elv-rt.example", "has"]),
        ("Ref. CY-0306/1", "Lieta CY-0306/2", ["lacks the reference CY-0306/1", "has the reference CY-0306/2"]),
        ("Hello {name}", "Sveiki {vārds}", ["lacks the placeholder {name}", "has the placeholder {vārds}"]),
        ("**You want** peace.", "**Jūs gribat mieru.", ["has 1 times ** where its source has 2"]),
        ("One.\n\nTwo.", "Viens. Divi.", ["has 1 lines where its source has 3"]),
        ("1. One\n2. Two", "1. Viens\n- Divi", ["lacks the number", "begins line 2 with '-' instead of '2.'"]),
        ("| a | b |\n| - | - |", "| a b |\n| - | - |", ["has a table with other cells"]),
    ],
)
def test_what_people_act_on_is_kept(source: str, said: str, found: list[str]) -> None:
    """Protects numbers, times, addresses, markings, lists and markup from slips that nobody else would see."""
    told = list(kept(source, said))
    assert len(told) == len(found)
    assert all(text.startswith(begins) for text, begins in zip(told, found, strict=True))


def test_a_check_finds_each_fault_once_and_nothing_in_a_sound_file(tmp_path: Path) -> None:
    """Protects `--check`: missing, unlooked-at, changed, vanished, doubled, overlong and copied texts, with lines."""
    assert not findings(polib.pofile(str(filled())), "lv.po", WORDS)
    file = filled()
    entry_of(file, "briefing").msgstr = ""
    entry_of(file, "summary").flags.append("fuzzy")
    entry_of(file, "title").msgid = "Old Leak"
    entry_of(file, "injects.call.title").msgstr = "ā" * 71
    entry_of(file, "injects.press.title").msgstr = "Are our records safe?"
    file.append(polib.POEntry(msgctxt="gone", msgid="Gone", msgstr="Prom"))
    doubled = entry_of(file, "evidence.sample.title")
    file.append(polib.POEntry(msgctxt=doubled.msgctxt, msgid=doubled.msgid, msgstr=doubled.msgstr))
    file.remove(entry_of(file, "moves.evening.title"))
    path = written(tmp_path, file)
    told = {(one.path, one.text.split(";")[0]) for one in findings(polib.pofile(str(path)), "lv.po", WORDS)}
    assert told == {
        ("briefing", "is not translated"),
        ("summary", "is marked as not yet looked at"),
        ("title", "the text has changed since it was translated"),
        ("injects.call.title", "has 71 characters"),
        ("injects.press.title", "is the same as its source"),
        ("gone", "there is no such text any more"),
        ("evidence.sample.title", "a second entry for the same text"),
        ("moves.evening.title", "has no entry"),
    }


def test_the_interfaces_plural_forms_are_counted() -> None:
    """Protects sentences with numbers: a language of three forms needs three, with the source's placeholders."""
    file = polib.POFile()
    file.metadata = {"Plural-Forms": "nplurals=3; plural=0;"}
    forms = {0: "{n} ziņa", 1: "{n} ziņas", 2: "{m} ziņu"}
    file.append(polib.POEntry(msgid="{n} message", msgid_plural="{n} messages", msgstr_plural=forms))
    file.append(polib.POEntry(msgid="{n} note", msgid_plural="{n} notes", msgstr_plural={0: "a {n}", 1: "b {n}"}))
    file.append(polib.POEntry(msgid="Hello {name}", msgstr="Sveiki"))
    assert {(one.path, one.text) for one in interface_findings(file, "exercise.po")} == {
        ("'{n} message'", "has a placeholder that its source has not"),
        ("'{n} note'", "has 2 plural forms; this language has 3"),
        ("'Hello {name}'", "lacks a placeholder of its source"),
    }


def test_the_command_makes_updates_and_checks_and_overwrites_nothing_unasked(
    scenario_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Protects the author's loop from an empty file to a sound one, and what stands on disk from a slip."""
    po = scenario_file.parent / "texts" / "lv.po"
    with pytest.raises(UsageError, match="no such file yet"):
        run(scenario_file, check=True)
    assert run(scenario_file) == 0
    assert "words are still to be translated" in capsys.readouterr().out
    with pytest.raises(UsageError, match="bring it up to date with --update"):
        run(scenario_file)
    assert run(scenario_file, check=True) == 1
    assert f"{po}:" in capsys.readouterr().out
    file = polib.pofile(str(po))
    assert file.metadata["Plural-Forms"].startswith("nplurals=3")
    for entry in file:
        entry.msgstr = f"ā {entry.msgid}"
    file.save(str(po))
    assert run(scenario_file, check=True) == 0
    assert "small" not in capsys.readouterr().err.casefold()
    assert run(scenario_file, update=True) == 0
    assert [entry.msgstr for entry in polib.pofile(str(po))] == [entry.msgstr for entry in file]
    other = tmp_path / "other.po"
    assert run(scenario_file, out=str(other)) == 0
    assert [entry.msgstr for entry in polib.pofile(str(other))] == [entry.msgstr for entry in file]
    with pytest.raises(UsageError, match="say --force"):
        run(scenario_file, out=str(other))
    scenario_file.write_text(scenario_file.read_text(encoding="utf-8").replace("on duty this", "on duty every"))
    assert run(scenario_file, check=True) == 1
    assert "briefing: the text has changed" in capsys.readouterr().out


def test_check_warns_of_what_no_longer_counts(scenario_file: Path) -> None:
    """Protects authors who change a text: `exercise check` points to the entry, and the rest is translated on."""
    (scenario_file.parent / "texts").mkdir()
    file = filled()
    entry_of(file, "title").msgid = "Old Leak"
    written(scenario_file.parent / "texts", file)
    _, problems, _ = read_scenario(scenario_file)
    told = [str(one) for one in problems if one.file.endswith(".po")]
    assert len(told) == 1 and "warning: title: the text has changed since" in told[0]
    found, _ = read_translations(small_scenario(), scenario_file, "")
    assert found["lv"]["briefing"] == "ā You are on duty this morning." and "title" not in found["lv"]


def test_texts_in_other_languages_are_no_authors_key(scenario_file: Path) -> None:
    """Protects the one place for translations: in the scenario's own file the key is refused, with where they stand."""
    text = scenario_file.read_text(encoding="utf-8") + "translations: {lv: {title: Noplūde}}\nlanguage: en\n"
    scenario_file.write_text(text, encoding="utf-8")
    _, problems, _ = read_scenario(scenario_file)
    assert [one.severity for one in problems if one.path == "translations"] == ["error"]


@pytest.mark.parametrize("language", ["lv", "ro"])
@pytest.mark.parametrize("name", ["first-light", "card-storm", "forms", "commitments"])
def test_what_is_delivered_is_whole_in_each_language(
    name: str, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Protects what is delivered: every text is translated, and nothing in it is suspicious."""
    assert run(name, language, check=True) == 0
    assert " words left" in capsys.readouterr().out


def test_the_request_forms_are_read_whole() -> None:
    """Protects forms in the reader's language: no text of theirs is left out as it is read."""
    read = read_language(CATALOGUE / "lv.po", "lv.po", catalogue_words())
    assert not read.problems and len(read.texts) == len(catalogue_words())
    assert (find("first-light").parent / "texts" / "lv.po").is_file()


def test_a_place_that_takes_no_file_is_one_line(tmp_path: Path) -> None:
    """Protects the author from the name of a file that the program only thought of for a moment."""
    from exercise.cli.translating import translate
    from exercise.errors import UsageError

    out = tmp_path / "nowhere" / "de.po"
    with pytest.raises(UsageError, match=r"de\.po: cannot be written"):
        translate("first-light", "de", str(out), check=False, update=False, interface=False, force=False)


@pytest.fixture
def installed(tmp_path: Path, scenario_file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The library as it stands where the program was installed: in the package, with the small exercise in it."""
    package = tmp_path / "site-packages" / "exercise"
    (package / "authoring").mkdir(parents=True)
    (package / "library").mkdir()
    scenario_file.parent.rename(package / "library" / "small-leak")
    (package / "library" / "small-leak" / "texts").mkdir()
    (package / "library" / "small-leak" / "texts" / "notes.md").write_text("Words.", encoding="utf-8")
    monkeypatch.setattr(library, "__file__", str(package / "authoring" / "library.py"))
    library.library_folder.cache_clear()
    monkeypatch.chdir(tmp_path)
    yield package / "library" / "small-leak"
    library.library_folder.cache_clear()


def test_nothing_is_written_into_the_installed_program(installed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Protects a translator's work from the next update: the library's own folder is refused, --out leads on."""
    for said in ({}, {"force": True}):
        with pytest.raises(UsageError, match="part of the installed program; say where to write with --out FOLDER"):
            run("small-leak", **said)
    assert sorted(path.name for path in (installed / "texts").iterdir()) == ["notes.md"]
    assert run("small-leak", out="mine") == 0
    assert "exercise play mine --language lv" in capsys.readouterr().out
    po = Path("mine/texts/lv.po")
    assert Path("mine/texts/notes.md").read_text(encoding="utf-8") == "Words."
    file = polib.pofile(str(po))
    for entry in file:
        entry.msgstr = f"ā {entry.msgid}"
    file.save(str(po))
    found, _ = read_translations(small_scenario(), find("mine"), "")
    assert found["lv"]["title"] == "ā Small Leak"
    with pytest.raises(UsageError, match="exercise translate mine lv"):
        run("small-leak", out="mine")
    assert run("mine", update=True) == 0 and run("mine", check=True) == 0


def test_a_phrase_for_day_and_night_and_a_row_of_names_are_left_to_the_translator() -> None:
    """Protects translators from findings that none can mend: Latvian has a word for 24/7, and names stay names."""
    assert not [*kept("24/7 contact, police", "Diennakts kontaktpunkts, policija", label=True)]
    assert [*kept("24 desks, 24/7", "Diennakts dienesti", label=True)] == ["lacks the number or time 24"]
    file = filled()
    names = [one._replace(text="Ilva Renn, Karst Wire") if one.id == "injects.press.title" else one for one in WORDS]
    copied = entry_of(file, "injects.press.title")
    copied.msgid = copied.msgstr = "Ilva Renn, Karst Wire"
    assert not findings(file, "lv.po", names)


def test_a_language_is_read_when_somebody_wants_it(tmp_path: Path) -> None:
    """Protects the start of a large scenario: files in languages that nobody here reads are not gone through."""
    folder = tmp_path / "first-light"
    shutil.copytree(find("first-light").parent, folder)
    scenario = library.load_scenario(str(folder))
    assert {*scenario.translations} == {"lv", "ro"} and "lv" in scenario.translations
    file = polib.pofile(str(folder / "texts" / "lv.po"))
    entry_of(file, "title").msgstr = "Vēlāk"
    file.save()
    assert scenario.in_language("lv").title == "Vēlāk"
    loaded = library.load_scenario(str(folder))
    again = type(loaded).model_validate(loaded.model_dump(mode="json", by_alias=True))
    assert again == loaded and {**again.translations} == {**loaded.translations}
    assert pickle.loads(pickle.dumps(loaded)) == copy.deepcopy(loaded) == loaded
