"""The command line as users meet it: every command in a process of its own, in an empty folder, with its own data."""

from __future__ import annotations

import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from warm import warm

from exercise.authoring.library import find, library
from exercise.authoring.yaml_source import read_source
from exercise.core.evolve import replay as fold
from exercise.session.logfile import open_log
from exercise.session.player import LogPlayer

EXERCISE = (sys.executable, "-m", "exercise")
OK, FINDING, WRONG, INTERRUPTED = 0, 1, 2, 130
TWO = ("--plain", "--seed", "4", "--team", "averne", "--team", "belcora")
"""Two teams at one terminal, by lines."""


class Shell:
    """A shell in an empty folder, with a data folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "here"
        self.folder.mkdir(exist_ok=True)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("EXERCISE", "LC_", "PYTHON"))}
        self.env = {**kept, "EXERCISE_DATA_DIR": str(folder / "data"), "LANG": "C.UTF-8", "COLUMNS": "80"}

    def run(
        self, *words: str, typed: str | bytes = "", code: int = OK, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Runs a command and checks its exit code, and that nothing looks like a traceback."""
        raw = typed.encode() if isinstance(typed, str) else typed
        if env is None and hasattr(os, "fork"):
            done = warm().run(words, typed=raw, cwd=self.folder, env=self.env, timeout=120)
        else:
            # An interpreter reads its environment as it starts.
            done = subprocess.run(
                [*EXERCISE, *words],
                input=raw,
                capture_output=True,
                cwd=self.folder,
                env={**self.env, **(env or {})},
                timeout=120,
                check=False,
            )
        out, err = done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
        assert done.returncode == code, (
            f"exercise {' '.join(words)} gave {done.returncode}:\n{out[-2000:]}{err[-2000:]}"
        )
        assert "Traceback" not in out + err
        return subprocess.CompletedProcess(done.args, done.returncode, out, err)

    def says(self, *words: str, typed: str = "", env: Mapping[str, str] | None = None) -> str:
        """What a command prints that succeeds."""
        done = self.run(*words, typed=typed, env=env)
        assert done.stderr == ""
        return done.stdout

    def data(self, *words: str, code: int = OK, env: Mapping[str, str] | None = None) -> Any:
        """What a command prints as JSON."""
        return json.loads(self.run(*words, "--json", code=code, env=env).stdout)

    def fails(self, *words: str, env: Mapping[str, str] | None = None) -> str:
        """The one line on stderr of a command that is used wrongly."""
        done = self.run(*words, code=WRONG, env=env)
        assert done.stdout == ""
        assert done.stderr.count("\n") == 1 and len(done.stderr) < 300, done.stderr
        return done.stderr.rstrip("\n")


class Game:
    """A game by lines at the other end of a pipe: read to the next prompt, type a line, or pull the plug."""

    def __init__(self, shell: Shell, *words: str) -> None:
        self.process = subprocess.Popen(
            [*EXERCISE, "play", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=shell.folder,
            env=shell.env,
        )
        self.prompt = ""
        self.text = ""

    def hear_a_piece(self) -> bytes:
        """Some of what is said, as soon as there is any; nothing at the end."""
        assert self.process.stdout
        return os.read(self.process.stdout.fileno(), 65536)

    def hear(self) -> str:
        """All that comes until something is asked; `prompt` is then the question. At the end `prompt` is empty."""
        raw = b""
        while not raw.endswith(b": ") and (piece := self.hear_a_piece()):
            raw += piece
        heard = raw.decode()
        self.prompt = heard.rpartition("\n")[2] if raw.endswith(b": ") else ""
        self.text += heard
        return heard

    def type(self, line: str) -> str:
        """Types a line and hears what comes of it."""
        self.send(line)
        return self.hear()

    def send(self, line: str) -> None:
        """Types a line and does not wait."""
        assert self.process.stdin
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def reply(self, words: str) -> str:
        """What a willing player types at this prompt; `words` go where a reason is asked for."""
        if self.prompt.startswith("Your reason"):
            return words
        if self.prompt.startswith("Send this answer"):
            return "yes"
        if re.match(r"(Ground|Authority|Scope|Duration|Third parties)", self.prompt):
            return "By the order of the duty judge, until tonight."
        if "to answer" in self.prompt:
            return "choose 1 a"
        if self.prompt.startswith(("Relies on", "Sets aside", "Numbers")):
            return ""
        if waits := re.search(r"\nR(\d+) from [^.]+ waits, due", self.text[-400:]):
            return f"reply {waits[1]} accept"
        return "pass" if "Type 'pass' to hand over" in self.text[-400:] else ""

    def interrupt(self) -> str:
        """Presses Ctrl-C and hears the rest; again where it fell between two breaths and went unheard."""
        assert self.process.stdout
        self.process.send_signal(signal.SIGINT)
        while not select.select([self.process.stdout], [], [], 5)[0]:
            self.process.send_signal(signal.SIGINT)
        return self.hear()

    def close(self) -> int:
        """Ends the input and returns the exit code."""
        try:
            _, err = self.process.communicate(timeout=60)
        finally:
            self.process.kill()
        assert err == b""
        return self.process.returncode

    def kill(self) -> None:
        """Pulls the plug."""
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A shell of the test's own."""
    return Shell(tmp_path)


@pytest.fixture(scope="module")
def library_log(tmp_path_factory: pytest.TempPathFactory) -> tuple[Shell, Path, str]:
    """A shell with a log of Card Storm played by bots, and what `simulate` said of it as JSON."""
    shell = Shell(tmp_path_factory.mktemp("played"))
    said = shell.run("simulate", "card-storm", "--seed", "4", "--log", "run.jsonl", "--json").stdout
    return shell, shell.folder / "run.jsonl", said


@pytest.fixture
def log(library_log: tuple[Shell, Path, str], shell: Shell) -> Path:
    """A copy of that log in the test's own folder."""
    return Path(shutil.copy(library_log[1], shell.folder / "run.jsonl"))


@pytest.fixture
def scenario(shell: Shell) -> Path:
    """A copy of Card Storm to break."""
    shutil.copytree(find("card-storm").parent, shell.folder / "mine")
    return shell.folder / "mine" / "scenario.yaml"


def broken(path: Path, *changes: tuple[str, str]) -> list[int]:
    """Replaces the first match of each pattern in a file and returns the lines where that was done."""
    text, lines = path.read_text(encoding="utf-8"), []
    for pattern, instead in changes:
        match = re.search(pattern, text, re.MULTILINE)
        assert match, pattern
        lines.append(text.count("\n", 0, match.start(1)) + 1)
        text = text[: match.start(1)] + instead + text[match.end(1) :]
    path.write_text(text, encoding="utf-8")
    return lines


# --- version, help, completion ---


def test_version_and_help_load_nothing_heavy() -> None:
    """Protects the old laptop: the first things anyone types need neither pydantic nor a screen nor a database."""
    program = "\n".join(
        [
            "import sys; from exercise.cli import main",
            "try: main()",
            "except SystemExit as end: assert not end.code, end.code",
            "heavy = {'pydantic', 'textual', 'sqlalchemy', 'yaml', 'rich'} & set(sys.modules)",
            "assert not heavy, heavy",
        ]
    )
    for word in ("--version", "--help"):
        done = subprocess.run([sys.executable, "-c", program, word], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("exercise 0." if word == "--version" else "Usage: exercise [OPTIONS]")


def test_help_fits_a_terminal_and_cuts_no_sentence(shell: Shell) -> None:
    """Protects who learns the program from its help at 80 columns: no line is folded, no summary ends in dots."""
    words = [(), ("log",), *[(name,) for name in ("play", "replay", "simulate", "verify", "fork", "check")]]
    for asked in [*words, ("commitments",), ("log", "export"), ("log", "redact")]:
        text = shell.says(*asked, "-h")
        assert max(map(len, text.splitlines())) <= 80
        assert "..." not in text.replace("[ARGS]...", "").replace("}...", "")
        assert not re.search(r"--\w+ <", text), "an option is shown by what it takes, not by a type"


def test_completion_for_bash_names_the_program_and_completes(shell: Shell) -> None:
    """Protects completion however the program was started: the script is for `exercise`, and it completes a command."""
    assert "complete -o default -F _exercise_completion exercise" in shell.says("--show-completion", "bash")
    more = {"_EXERCISE_COMPLETE": "complete_bash", "COMP_WORDS": "exercise sim", "COMP_CWORD": "1"}
    assert shell.says(env=more).split() == ["simulate"]
    for line in ("exercise play card-s", "exercise simulate card-s"):
        assert shell.says(env={**more, "COMP_WORDS": line, "COMP_CWORD": "2"}).split() == ["card-storm"]


def test_without_a_screen_home_says_what_to_type(shell: Shell) -> None:
    """Protects pipes and dumb terminals: `exercise` alone draws nothing there and tells the way in."""
    assert "exercise play card-storm --plain" in shell.says(env={"TERM": "dumb", "NO_COLOR": "1"})


WRONG_USE = {
    ("chek",): "No such command 'chek'",
    ("log",): "See: exercise log --help",
    ("log", "exprot"): "No such command 'exprot'",
    ("verify",): "Missing argument 'LOG'",
    ("simulate", "card-storm", "--runs", "0"): "Invalid value for '--runs'",
    ("simulate", "card-storm", "--seed", "x"): "Invalid value for '--seed'",
    ("simulate", "card-storm", "--sed", "1"): "--seed",
    ("simulate", "card-strom"): "did you mean 'card-storm'?",
    ("play", "card-strom", "--plain"): "did you mean 'card-storm'?",
    ("simulate", "card-storm", "--bots", "nice"): "There is no policy 'nice'",
    ("simulate", "card-storm", "--bots", "avern=silent"): "did you mean 'averne'?",
    ("simulate", "card-storm", "--bots", "scripted"): "--script",
    ("simulate", "card-storm", "--script", "none.yaml"): "there is no such file",
    ("simulate", "card-storm", "--log", "no/such/place.jsonl"): "cannot be written",
    ("play", "card-storm", "--team", "belcor", "--plain"): "did you mean 'belcora'?",
    ("play", "card-storm", "--team", "belcora/polise", "--plain"): "did you mean 'police'?",
    ("play", "card-storm", "--seats", "belcor", "--plain"): "did you mean 'belcora'?",
    ("play", "card-storm", "--mode", "vote", "--plain"): "--seats TEAM",
    ("play", "card-storm", "--seats", "belcora", "--mode", "votes", "--plain"): "did you mean 'vote'?",
    ("play", "card-storm", "--observe", "--seats", "belcora"): "Who observes plays no team",
    ("play", "card-storm", "--observe", "--plain"): "--observe needs a screen",
    ("play", "--resume", "--observe"): "leave those options out",
    ("play", "--resume", "--plain"): "No unfinished session",
    ("play", "--resume", "nobody", "--plain"): "exercise log list",
    ("play", "--resume", "--seed", "3"): "leave those options out",
    ("commitments", "se-p77"): "did you mean 'se-p7'?",
    ("commitments", "--area", "cooperatoin"): "did you mean 'cooperation'?",
    ("check", "no-such.yaml"): "no-such.yaml",
    ("check", "."): "this folder holds no scenario.yaml",
    ("check", "x" * 300): "File name too long",
    ("verify", "x" * 300): "File name too long",
    ("verify", "nothing-here"): "is no log file",
    ("verify", "."): "this is a folder",
    ("replay", "nothing-here", "--plain"): "is no log file",
    ("log", "export", "nobody", "out.jsonl"): "is no log file",
    ("log", "import", "none.jsonl"): "cannot be read",
    ("fork", "nothing-here", "--at", "3"): "is no log file",
}


@pytest.mark.parametrize("words", WRONG_USE, ids=lambda words: " ".join(words)[:40])
def test_wrong_use_is_one_line_and_exit_code_2(words: tuple[str, ...], shell: Shell) -> None:
    """Protects who mistypes: one short line on stderr that says what is wrong, nothing on stdout, exit code 2."""
    assert WRONG_USE[words] in shell.fails(*words)


# --- check and schema ---


def test_check_finds_the_library_sound(shell: Shell) -> None:
    """Protects the scenarios that come with the program: both are sound, without a warning even in strict mode."""
    text = shell.says("check", "--strict", "card-storm", "cold-line")

    assert text.count(": sound\n") == 2 and re.search(r"\d+ injects", text)
    assert shell.data("check", "card-storm") == []


def test_check_names_every_fault_with_its_place(shell: Shell, scenario: Path) -> None:
    """Protects authors: all faults at once, each with line and column and the nearest right name, and exit code 1."""
    lines = broken(
        scenario,
        (r"^    channel: (phone)$", "fone"),
        (r"^    (window):", "windo"),
        (r"^    at: (\S+)$", "1:30"),
        (r"commitment: (se-p7)\b", "se-p77"),
    )

    done = shell.run("check", "mine", code=FINDING)

    found = [line for line in done.stdout.splitlines() if re.match(r"mine/scenario\.yaml:\d+:\d+: ", line)]
    assert sorted(lines) == sorted(int(line.split(":")[1]) for line in found)
    assert any("did you mean 'window'?" in line for line in found)
    assert any("did you mean 'se-p7'?" in line for line in found)
    assert any("T+1:30" in line for line in found)
    assert done.stdout.splitlines()[-1] == "mine/scenario.yaml: 4 errors"
    assert done.stderr == ""
    as_data = shell.data("check", "mine", code=FINDING)
    assert {problem["line"] for problem in as_data} == set(lines)


def test_check_names_the_nearest_right_name(shell: Shell, scenario: Path) -> None:
    """Protects authors from hunting: a name that is nowhere is answered with the one that was meant."""
    (line,) = broken(scenario, (r"commitment: (se-p7)\b", "se-p77"))

    done = shell.run("check", "mine", code=FINDING)

    assert re.search(rf"^mine/scenario\.yaml:{line}:\d+: .*se-p77.*did you mean 'se-p7'\?", done.stdout, re.MULTILINE)


def test_check_lets_warnings_fail_only_where_asked(shell: Shell, scenario: Path) -> None:
    """Protects the difference between wrong and unwise: a warning passes, and with --strict it does not."""
    broken(
        scenario,
        (r"^flags:\n()", "  never-raised: Nobody raises or reads this flag.\n"),
        (r"^id: (card-storm)\n", "mine"),
    )

    done = shell.run("check", "mine")
    strict = shell.run("check", "--strict", "mine", code=FINDING)

    assert "warning: " in done.stdout and "sound, with 1 warning" in done.stdout
    assert strict.stdout == done.stdout


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "empty"),
        (b"title: caf\xe9\n", "UTF-8"),
        (b"\xff\xfeh\x00i\x00", "UTF-16"),
        (b"a: [1\n", ":"),
        (b"\0", ":"),
    ],
    ids=["empty", "latin-1", "utf-16", "unfinished", "binary"],
)
def test_check_says_what_is_wrong_with_a_strange_file(raw: bytes, said: str, shell: Shell) -> None:
    """Protects authors whose editor saved something else: a line with the place, never a traceback."""
    (shell.folder / "odd.yaml").write_bytes(raw)

    done = shell.run("check", "odd.yaml", code=FINDING)

    assert re.match(r"odd\.yaml:\d+:\d+: ", done.stdout) and said in done.stdout
    assert shell.run("simulate", "odd.yaml", code=WRONG).stderr.startswith("odd.yaml:")


def test_the_schema_is_valid_and_takes_the_library(shell: Shell) -> None:
    """Protects editors that complete and explain: the schema is one, and says yes to what the loader reads."""
    schema = json.loads(shell.says("schema"))

    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for name in library():
        assert [error.message for error in validator.iter_errors(read_source(find(name)).data)] == []
    assert list(validator.iter_errors({**read_source(find("card-storm")).data, "windo": 1}))
    assert "Date and time of the story's start" in json.dumps(schema)
    models = {"Scenario": schema, **schema["$defs"]}
    told = {
        f"{name}.{key}": value for name, model in models.items() for key, value in model.get("properties", {}).items()
    }
    assert [key for key, value in told.items() if not value.get("description")] == []


# --- commitments ---


def test_commitments_lists_filters_and_shows_one(shell: Shell) -> None:
    """Protects looking a clause up: all, some, one, as text of 80 columns and as data."""
    everything, some = (
        shell.says("commitments"),
        shell.says("commitments", "--area", "cooperation", "--instrument", "se"),
    )

    assert "se-p7" in everything and "bc-26" in everything and max(map(len, everything.splitlines())) <= 80
    assert "se-p7" in some and "bc-26" not in some
    assert "Honours" in shell.says("commitments", "SE-P7")
    assert "Nothing" in shell.says("commitments", "--text", "zeppelin")
    assert shell.data("commitments", "se-p7")["id"] == "se-p7"
    assert len(shell.data("commitments")) > 69
    assert shell.data("commitments", "--text", "zeppelin") == []
    assert len(shell.data("commitments", "--threats")) == 37
    assert "interpol" in shell.says("commitments", "--actors")


# --- simulate ---


def test_simulate_shows_cards_and_what_was_only_observed(shell: Shell) -> None:
    """Protects the reading of one run: counts by area, and for a team that is only observed the observations."""
    text = shell.says("simulate", "card-storm", "--seed", "4")

    averne, sanda = (text.split(f"{name}")[1].split("\n\n")[0] for name in ("Republic of Averne", "Sanda Clearing"))
    assert re.search(r"\d+ kept, \d+ partly, \d+ neglected, \d+ breached, of \d+ tested", averne)
    assert re.search(r"cooperation +\d+ +\d+ +\d+ +\d+", averne)
    assert re.search(r"observed, not scored: \d+ clauses \(\d+ honoured", sanda) and "tested" not in sanda
    assert "no finding about any State" in text
    assert max(map(len, text.splitlines())) <= 80


def test_the_same_seed_gives_the_same_data(shell: Shell) -> None:
    """Protects repeatability: seed and policies fix every figure; another seed draws other facts or answers."""
    words = ("simulate", "card-storm", "--bots", "random")
    # The order of sets, which a process draws as it starts, differs too.
    first, again = (shell.data(*words, "--seed", "7", env={"PYTHONHASHSEED": drawn}) for drawn in ("1", "2"))

    assert first == again
    assert shell.data(*words, "--seed", "8") != first
    assert shell.data(*words)["seed"] == 0


def test_simulate_seats_each_team_as_told_and_tables_runs(shell: Shell) -> None:
    """Protects experiments: one policy for all but one team, many runs in one table of 80 columns."""
    words = ("simulate", "cold-line", "--bots", "silent", "--bots", "norvane=cooperative", "--runs", "3")
    teams = list(shell.data("simulate", "cold-line")["teams"])
    other = next(team for team in teams if team != "norvane")
    text, data = shell.says(*words), shell.data(*words)

    assert "3 runs, seeds 0 to 2" in text and max(map(len, text.splitlines())) <= 80
    assert data["teams"]["norvane"]["played_by"] == "cooperative"
    assert data["teams"][other]["played_by"] == "silent"
    assert all(len(values) == 3 for values in data["indicators"].values())
    assert "scorecards" not in data


def test_many_runs_come_to_the_same_in_one_process_and_in_two(shell: Shell) -> None:
    """Protects the table: a machine with more cores is only sooner done, figures and order the same."""
    words = ("simulate", "first-light", "--bots", "random", "--runs", "75", "--seed", "2")

    one, two = (shell.data(*words, "--jobs", jobs) for jobs in ("1", "2"))

    assert one == two and one["runs"] == 75
    assert all(len(ends) == 75 for ends in one["indicators"].values())
    assert any(len(set(ends)) > 1 for ends in one["indicators"].values())


def test_a_script_answers_and_is_checked_first(shell: Shell) -> None:
    """Protects scripted runs: answers come from the file, and a misspelt decision is said before anything is played."""
    decision = read_source(find("card-storm")).data["decisions"][0]
    (shell.folder / "answers.yaml").write_text(f"{decision['id']}: {decision['options'][1]['id']}\n")
    (shell.folder / "wrong.yaml").write_text(f"{decision['id']}x: a\n")
    (shell.folder / "absent.yaml").write_text(f"{decision['id']}: no-such-option\n")
    words = ("simulate", "card-storm", "--script")

    shell.says(*words, "answers.yaml", "--log", "run.jsonl")

    chosen = [e.event for e in open_log(shell.folder / "run.jsonl").entries if e.event.type == "response-chosen"]
    assert [(event.decision, event.option) for event in chosen] == [(decision["id"], decision["options"][1]["id"])]
    assert f"did you mean '{decision['id']}'?" in shell.fails(*words, "wrong.yaml")
    assert "which is not offered" in shell.fails(*words, "absent.yaml")
    assert "No team follows the script" in shell.fails(*words, "answers.yaml", "--bots", "silent")


def test_simulate_writes_over_no_file(shell: Shell, log: Path) -> None:
    """Protects a log that was kept: nothing that is there is written over."""
    before = log.read_bytes()

    assert "there is a file already" in shell.fails("simulate", "card-storm", "--log", "run.jsonl")
    assert log.read_bytes() == before


# --- verify ---


def test_verify_vouches_for_an_untouched_log(shell: Shell, log: Path) -> None:
    """Protects trust in a log: chain, openings, order, rules and the head that was noted all hold."""
    data = shell.data("verify", "run.jsonl", "--rules")
    head = data["head"]

    assert data["ok"] and {check["name"]: check["holds"] for check in data["checks"]}["rules"] is True
    text = shell.says("verify", "run.jsonl", "--head", head[:12], "--rules")
    assert "FAILED" not in text and re.search(r"head +ok", text) and max(map(len, text.splitlines())) <= 80
    wrong = shell.run("verify", "run.jsonl", "--head", "0" * 64, code=FINDING).stdout
    assert re.search(r"head +FAILED", wrong)
    assert "0-9 and a-f" in shell.fails("verify", "run.jsonl", "--head", "xyz")


def test_verify_names_the_entry_where_one_byte_was_changed(shell: Shell, log: Path) -> None:
    """Protects against a changed record: wherever one byte differs, the first entry concerned is named."""
    lines = log.read_bytes().splitlines(keepends=True)
    entries = sum(line.startswith(b'{"seq":') for line in lines)
    for seq in (1, 2, entries // 2, entries - 1):
        # The play time: a digit that means something and leaves the line well formed.
        changed = [*lines]
        changed[seq] = re.sub(rb'"play":(\d)', lambda m: b'"play":%d' % ((int(m[1]) + 1) % 9 or 5), lines[seq])
        assert changed[seq] != lines[seq]
        log.write_bytes(b"".join(changed))
        done = shell.run("verify", "run.jsonl", code=FINDING)
        assert re.search(rf"\b(entry|entries) {seq}\b", done.stdout), done.stdout


@pytest.mark.parametrize("what", ["dropped", "added", "moved", "opening", "cut"])
def test_verify_tells_what_was_done_to_a_log(what: str, shell: Shell, log: Path) -> None:
    """Protects against tampering of every kind: dropped, added, reordered, an opening rewritten, the end cut off."""
    lines = log.read_text(encoding="utf-8").splitlines(keepends=True)
    head = shell.data("verify", "run.jsonl")["head"]
    match what:
        case "dropped":
            del lines[10]
        case "added":
            lines.insert(10, lines[10])
        case "moved":
            lines[10], lines[11] = lines[11], lines[10]
        case "opening":
            lines[-1] = lines[-1].replace('"value":', '"value": ').replace('"salt":"', '"salt":"x')
        case _:
            last = max(n for n, line in enumerate(lines) if line.startswith('{"seq":'))
            del lines[last]
    log.write_text("".join(lines), encoding="utf-8")

    done = shell.run("verify", "run.jsonl", "--head", head, code=FINDING)

    if what in ("dropped", "added", "moved"):
        assert re.search(r"chain +FAILED", done.stdout) and re.search(r"entr(y|ies) 1[0-2]\b", done.stdout)
    assert "FAILED" in done.stdout
    assert not shell.data("verify", "run.jsonl", "--head", head, code=FINDING)["ok"]


def test_a_broken_log_is_not_replayed_and_points_to_verify(shell: Shell, log: Path) -> None:
    """Protects from reading a false record: replay, import and fork refuse, with the file and the line."""
    lines = log.read_text(encoding="utf-8").splitlines(keepends=True)
    log.write_text("".join([*lines[:5], *lines[6:]]), encoding="utf-8")

    for words in (("replay", "run.jsonl"), ("log", "import", "run.jsonl"), ("fork", "run.jsonl", "--at", "3")):
        assert re.match(r"run\.jsonl:6: .*exercise verify", shell.fails(*words))


# --- log ---


def test_a_session_goes_out_and_comes_in_again(shell: Shell, log: Path) -> None:
    """Protects carrying a session to another machine: what comes out equals what went in, byte for byte."""
    assert "No sessions" in shell.says("log", "list")
    session = shell.says("log", "import", "run.jsonl").split()[-1].rstrip(".")
    assert session in shell.says("log", "list") and "Card Storm" in shell.says("log", "list")
    assert [row["id"] for row in shell.data("log", "list")] == [session]

    assert session in shell.says("log", "export", session[:-3], "again.jsonl")

    def sorted_openings(path: Path) -> list[str]:
        lines = path.read_text(encoding="utf-8").splitlines()
        return [line for line in lines if '"open"' not in line[:8]] + sorted(x for x in lines if '"open"' in x[:8])

    assert sorted_openings(shell.folder / "again.jsonl") == sorted_openings(log)
    assert "FAILED" not in shell.says("verify", session, "--rules")
    assert "there is a file already" in shell.fails("log", "export", session, "again.jsonl")
    assert "this is a folder" in shell.fails("log", "export", session, ".")


def test_taking_in_what_is_kept_already_says_that_nothing_was_taken(shell: Shell, log: Path) -> None:
    """Protects from false comfort: a whole file does not put back what was taken out of the session kept here."""
    shell.says("log", "redact", "run.jsonl", "bare.jsonl")
    session = shell.says("log", "import", "bare.jsonl").split()[-1].rstrip(".")

    again = " ".join(shell.says("log", "import", "bare.jsonl").split())
    whole = " ".join(shell.says("log", "import", "run.jsonl").split())

    assert again == f"Session {session} is kept here already, with the same entries; nothing was taken in."
    assert whole.startswith(again) and "stay out: " in whole
    shorter = [line for line in log.read_text(encoding="utf-8").splitlines() if line.startswith('{"seq":')][:3]
    header = log.read_text(encoding="utf-8").splitlines()[0]
    openings = [line for line in log.read_text(encoding="utf-8").splitlines() if line.startswith('{"open":')]
    (shell.folder / "short.jsonl").write_text("\n".join([header, *shorter, *openings, ""]), encoding="utf-8")
    said = shell.fails("log", "import", "short.jsonl")
    assert "stays as it is; name the file itself" in said and "delete" not in said


@pytest.mark.parametrize("raw", [b"", b"hello\n", b"\xff\xfe\x00", b'{"exercise-log":1}\n', b'{"exercise-log":99}\n'])
def test_garbage_is_not_taken_in(raw: bytes, shell: Shell) -> None:
    """Protects the sessions kept here: what is no log is refused in one line, and nothing is kept of it."""
    (shell.folder / "odd.jsonl").write_bytes(raw)

    assert shell.fails("log", "import", "odd.jsonl").startswith("odd.jsonl")
    assert shell.data("log", "list") == []


def test_redact_takes_out_words_and_names_and_still_verifies(shell: Shell, log: Path) -> None:
    """Protects participants: their words and places leave the file for good, and the chain still checks."""
    word = b"We choose what lets our partners act in time"
    assert word in log.read_bytes()

    text = shell.says("log", "redact", "run.jsonl", "clean.jsonl")

    assert "what people wrote" in text and max(map(len, text.splitlines())) <= 80
    clean = shell.folder / "clean.jsonl"
    assert word not in clean.read_bytes()
    assert open_log(clean).roster == {} and open_log(clean).seed == 4
    assert "are not there (taken out" in " ".join(shell.says("verify", "clean.jsonl", "--rules").split())
    assert "[redacted]" in shell.says("replay", "clean.jsonl", "--plain")
    shell.says("log", "redact", "run.jsonl", "bare.jsonl", "--secrets")
    assert "FAILED" not in shell.says("verify", "bare.jsonl", "--rules")
    assert "cannot be replayed" in shell.fails("replay", "bare.jsonl", "--plain")
    assert "there is a file already" in shell.fails("log", "redact", "run.jsonl", "clean.jsonl")


# --- replay ---


def test_replay_tells_the_whole_log_and_ends_as_simulate_did(
    library_log: tuple[Shell, Path, str], shell: Shell, log: Path
) -> None:
    """Protects the promise of the log: replayed from the file it gives the state and the scorecards of the run."""
    said = json.loads(library_log[2])
    text = " ".join(shell.says("replay", "--plain", "run.jsonl").split())

    loaded = open_log(log)
    player = LogPlayer(loaded.scenario, loaded.reference, loaded.entries)
    player.seek(player.length)
    assert {t: card.as_data() for t, card in player.assessment().scorecards.items()} == said["scorecards"]
    state = fold(entry.event for entry in loaded.entries)
    assert {i.name: [round(state.indicators[i.id], 3)] for i in loaded.scenario.indicators} == said["indicators"]
    assert state.clock.phase == "ended" and "ENDEX" in text
    for card in said["scorecards"].values():
        assert card["counts"]["text"] in text
    assert "What was true." in text


def test_replay_is_walked_by_a_script(shell: Shell, log: Path) -> None:
    """Protects replay by pipe: commands are taken one a line, and the scorecard of the moment can be asked for."""
    text = shell.says("replay", "--plain", "run.jsonl", typed="go end\nscorecard averne\nquit\n")

    assert "Scorecard of" in text and "(100%)" in text


# --- play ---


def whole_game(shell: Shell, game: Game, stop: Callable[[Game], bool] = lambda game: False) -> Iterator[str]:
    """Plays as a willing player does until ENDEX or until told to stop; yields what was heard."""
    yield game.hear()
    for step in range(2000):
        if "hot wash" in game.prompt or not game.prompt or stop(game):
            return
        yield game.type(game.reply(f"Reason number {step}."))
    raise AssertionError("the game never ended")


def test_two_teams_play_a_whole_game_through_a_pipe(shell: Shell) -> None:
    """Protects `--plain`: two teams at one terminal, all their decisions answered, to ENDEX and the scorecard."""
    game = Game(shell, "card-storm", *TWO)

    for _ in whole_game(shell, game):
        pass
    assert game.type("scorecard belcora").count("kept,") > 3
    assert game.close() == OK

    assert "ENDEX." in game.text and game.text.count("Your answer is sent.") >= 10
    session = shell.data("log", "list")[0]
    assert session["phase"] == "ended"
    shell.says("log", "export", session["id"], "game.jsonl")
    shell.says("verify", "game.jsonl", "--rules")
    entries = open_log(shell.folder / "game.jsonl").entries
    chosen = [entry for entry in entries if entry.event.type == "response-chosen"]
    assert {"averne", "belcora", "cadria", "sanda"} == {entry.seat for entry in chosen}


def test_roles_at_one_terminal_by_lines(shell: Shell) -> None:
    """Protects `--plain` with seats: a role hears what is for it, a vote says who is missing, resuming keeps seats."""
    words = ("first-light", "--plain", "--seed", "4", "--team", "dunmere/police", "--team", "dunmere/foreign")
    typed = "start\n" + "next\n" * 5 + "choose 1 a\n" + "\n" * 4 + "y\npass\n\nquit\n"
    text = shell.run("play", *words, "--mode", "consensus", typed=typed).stdout

    told = " ".join(text.split())
    assert "Elsewhere at this terminal: Dunmere: Ministry of Foreign Affairs has" in told
    assert "Your vote is cast. Still to vote: Cybercrime police." in told
    session = shell.data("log", "list")[0]["id"]
    again = shell.run("play", "--resume", session, "--plain", typed="quit\n").stdout
    assert "Dunmere: Ministry of Foreign Affairs and Dunmere: Cybercrime police" in " ".join(again.split())
    shell.says("verify", session, "--rules")


def test_a_resumed_game_is_read_in_its_language_again(shell: Shell) -> None:
    """Protects a game played in Latvian on an English machine: the line that is printed for going on goes on in it."""
    first = shell.run("play", "live-wire", "--plain", "--language", "lv", typed="\nquit\n").stdout
    again = shell.run("play", "--resume", "--plain", typed="time\nquit\n").stdout

    assert "Ko tagad?" in first and "Ko tagad?" in again
    assert "What now?" not in again


def test_the_head_is_told_after_endex_and_verify_knows_it(shell: Shell) -> None:
    """Protects the paper on which the head is noted: what the game prints at its end is what verify compares."""
    text = shell.run("play", "card-storm", *TWO, typed="start\n" + "lapse yes\n" * 60 + "endex yes\n").stdout

    head = text.split()[-1]
    assert re.fullmatch(r"[0-9a-f]{64}", head)
    assert re.search(r"head +ok", shell.says("verify", shell.data("log", "list")[0]["id"], "--head", head))


def test_where_the_input_ends_the_game_is_kept_and_goes_on(shell: Shell) -> None:
    """Protects a pipe that breaks off: everything is kept, and `--resume` alone finds the game and ends it."""
    first = shell.run("play", "card-storm", *TWO, typed="start\nwrite We began.\n" + "lapse yes\n" * 5).stdout
    session = shell.data("log", "list")[0]
    assert session["id"] in first and "go on" in first and session["phase"] != "ended"

    again = shell.run("play", "--resume", "--plain", typed="journal\n" + "lapse yes\n" * 400).stdout

    assert "We began." in again and "ENDEX" in again
    assert "No unfinished session" in shell.fails("play", "--resume", "--plain")
    assert "Scorecards." in shell.run("play", "--resume", session["id"], "--plain").stdout


def test_ctrl_c_keeps_the_game_and_says_so(shell: Shell) -> None:
    """Protects who leaves by Ctrl-C: exit code 130, no traceback, the game kept and the way back printed."""
    for words in ((), ("--live",)):
        game = Game(shell, "card-storm", *TWO, *words)
        game.hear()
        game.type("start")

        rest = game.interrupt()

        assert game.close() == INTERRUPTED
        assert "The game is kept as" in rest and "exercise play --resume" in rest


def test_ctrl_c_stops_a_long_run_quietly(shell: Shell) -> None:
    """Protects a terminal from noise: a simulation that is stopped says nothing and gives 130."""
    process = subprocess.Popen(
        [*EXERCISE, "simulate", "card-storm", "--runs", "100000", "--log", "first.jsonl"],
        cwd=shell.folder,
        env=shell.env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        while not (shell.folder / "first.jsonl").exists() and process.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert (process.returncode, out, err) == (INTERRUPTED, b"", b"")


# --- fork ---


@pytest.mark.parametrize("at", ["40", "T+3:00", "0"])
def test_a_fork_is_played_on_by_others(at: str, shell: Shell, log: Path) -> None:
    """Protects what-if: the old lines stay as they were, who sits down is told anew, and the branch checks."""
    text = shell.says("fork", "run.jsonl", "--at", at, "--team", "belcora")

    session = text.rstrip().rpartition(" ")[2]
    played = shell.run("play", "--resume", session, "--plain", typed="write Our branch.\n" + "lapse yes\n" * 400).stdout
    assert "Belcora" in played and "ENDEX" in played
    shell.says("log", "export", session, "branch.jsonl")
    shell.says("verify", "branch.jsonl", "--rules")
    branch, parent = open_log(shell.folder / "branch.jsonl"), open_log(log)
    assert branch.header.parent is not None
    kept = branch.header.parent.seq
    assert branch.lines[:kept] == parent.lines[:kept]
    assert branch.roster["belcora"] == "people" and branch.roster["averne"] == "cooperative"


def test_a_fork_says_why_more_entries_are_kept_than_asked(shell: Shell, log: Path) -> None:
    """Protects who names an entry inside a command's consequences: they stay together, and that is said."""
    entries = open_log(log).entries
    last = next(entry.batch for entry in reversed(entries) if entry.batch < entry.seq and entry.batch < 200)
    end = max(entry.seq for entry in entries if entry.batch == last)

    inside = shell.says("fork", "run.jsonl", "--at", str(last))
    whole = shell.says("fork", "run.jsonl", "--at", str(end))

    assert f"{end} of " in inside and f"as entry {last} stays with it, to entry {end}." in inside
    assert f"{end} of " in whole and "stays with it" not in whole


def test_a_fork_needs_a_moment_that_there_is(shell: Shell, log: Path) -> None:
    """Protects from a branch with nothing to play: past ENDEX, past the end and no moment at all are refused."""
    assert "past ENDEX" in shell.fails("fork", "run.jsonl", "--at", "T+99:00")
    assert "there is no entry 99999" in shell.fails("fork", "run.jsonl", "--at", "99999")
    assert "is no moment" in shell.fails("fork", "run.jsonl", "--at", "later")
    assert shell.data("log", "list") == []


# --- odd surroundings ---


def test_a_closed_pipe_is_no_error(shell: Shell) -> None:
    """Protects `| head -1`: whoever reads no further causes no words on stderr."""
    command = f"{' '.join(EXERCISE)} schema | head -1"
    done = subprocess.run(
        command, shell=True, capture_output=True, text=True, cwd=shell.folder, env=shell.env, check=False
    )

    assert (done.returncode, done.stdout, done.stderr) == (OK, "{\n", "")


@pytest.mark.parametrize("more", [{"PYTHONIOENCODING": "ascii"}, {"LANG": "C", "LC_ALL": "POSIX", "PYTHONUTF8": "0"}])
def test_a_terminal_without_unicode_ends_no_game(more: dict[str, str], shell: Shell, scenario: Path) -> None:
    """Protects old terminals: what an encoding lacks is shown as a question mark, in and out."""
    broken(scenario, (r"^title: (.+)$", "網路 – Sturm"))

    assert "public" in shell.says("simulate", "mine", env=more)
    assert "se-p7" in shell.says("commitments", env=more)
    done = shell.run(
        "play", "mine", *TWO, typed="start\nwrite 銀行 – caf\xe9\n".encode() + b"write \xff\xfe\nquit\n", env=more
    )
    assert "Noted." in done.stdout
    assert "did you mean" in shell.fails("simulate", "card-strom–", env=more)


def test_closed_or_full_streams_end_in_one_line(shell: Shell) -> None:
    """Protects cron jobs and full disks: no input, no output or no room leave no traceback."""
    program = " ".join(EXERCISE)
    for command in (f"{program} play card-storm --plain <&-", f"{program} commitments >&-", f"{program} check x 2>&-"):
        done = subprocess.run(
            command, shell=True, capture_output=True, text=True, cwd=shell.folder, env=shell.env, check=False
        )
        assert done.stderr == "" and done.returncode in (OK, WRONG)
    if Path("/dev/full").exists():
        done = subprocess.run(
            f"{program} schema >/dev/full", shell=True, capture_output=True, text=True, env=shell.env, check=False
        )
        assert done.returncode == WRONG and done.stderr.count("\n") == 1


def test_a_data_folder_that_cannot_be_is_one_line(shell: Shell) -> None:
    """Protects from a wrong setting: a data folder in an impossible place is named, with the variable to change."""
    line = shell.fails("log", "list", env={"EXERCISE_DATA_DIR": "/dev/null/here"})

    assert "/dev/null/here" in line and "EXERCISE_DATA_DIR" in line


def test_a_roster_from_elsewhere_cannot_stop_a_game(shell: Shell, log: Path) -> None:
    """Protects resuming a log that bots played, or that lost its roster: somebody here plays its first team."""
    shell.says("log", "redact", "run.jsonl", "clean.jsonl")
    session = shell.says("fork", "clean.jsonl", "--at", "30").rstrip().rpartition(" ")[2]

    assert "Averne" in shell.run("play", "--resume", session, "--plain", typed="time\n").stdout
