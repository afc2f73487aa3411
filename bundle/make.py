"""Builds the offline installer: wheels of the program and of all it needs to host and join, and a start script.

It holds for machines like the one it is built on: the same system, processor and Python version, since some wheels
carry compiled code. Everything is checked against the hashes of the lock, here and again where it is installed.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BESIDE = ("start.sh", "start.cmd", "README.txt")
LOCK = ROOT / "requirements" / "host.txt"


def main() -> None:
    """Builds `dist/exercise-…` and says what was made and how large it is."""
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    with tempfile.TemporaryDirectory() as scratch:
        built = _program(Path(scratch) / "built")
        version = built.name.split("-")[1]
        platform = re.sub(r"[^a-z0-9]+", "_", sysconfig.get_platform().lower())
        name = f"exercise-{version}-bundle-{platform}-py{python}"
        folder = Path(scratch) / name
        (folder / "wheels").mkdir(parents=True)
        _pip("download", "--require-hashes", "--only-binary=:all:", "--dest", folder / "wheels", "-r", LOCK)
        built.replace(folder / "wheels" / built.name)
        for file in BESIDE:
            text = (ROOT / "bundle" / file).read_text(encoding="utf-8").replace("@PYTHON@", python)
            # Windows reads its scripts by its own line ends.
            _write(folder / file, text, "\r\n" if file != "start.sh" else "\n")
        (folder / "start.sh").chmod(0o755)
        digest = hashlib.sha256((folder / "wheels" / built.name).read_bytes()).hexdigest()
        program = f"exercise[host,postgres,report,sheets]=={version} --hash=sha256:{digest}\n"
        _write(folder / "requirements.txt", LOCK.read_text(encoding="utf-8") + program, "\n")
        made = _packed(folder, ROOT / "dist")
        count = len(list((folder / "wheels").iterdir()))
    try:
        shown = made.relative_to(Path.cwd())
    except ValueError:
        shown = made
    print(f"{shown}: {made.stat().st_size / 1e6:.1f} MB, {count} wheels, for Python {python} on {platform}.")
    print("Unpack it on the other machine and run start.sh (Windows: start.cmd); README.txt in it says more.")


def _program(folder: Path) -> Path:
    """The project's own wheel."""
    words = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"The program's own wheel could not be built.\n{done.stdout}{done.stderr}")
    return next(folder.glob("*.whl"))


def _pip(*words: str | Path) -> None:
    subprocess.run([sys.executable, "-m", "pip", "-qq", "--disable-pip-version-check", *words], check=True)


def _write(path: Path, text: str, ends: str) -> None:
    path.write_text(text, encoding="utf-8", newline=ends)


def _packed(folder: Path, into: Path) -> Path:
    """One file that the system it is for can open without anything installed."""
    into.mkdir(exist_ok=True)
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    if os.name == "nt":
        made = into / f"{folder.name}.zip"
        with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as packed:
            for file in files:
                packed.write(file, file.relative_to(folder.parent))
    else:
        made = into / f"{folder.name}.tar.gz"
        # Wheels are compressed already.
        with tarfile.open(made, "w:gz", compresslevel=1) as packed:
            for file in files:
                packed.add(file, file.relative_to(folder.parent).as_posix(), filter=_nobodys)
    return made


def _nobodys(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without the name of whoever built it."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


if __name__ == "__main__":
    main()
