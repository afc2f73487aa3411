"""Which tool a source comes from, told by what is in it, and the draft that is made of it."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from pathlib import Path

from exercise.authoring.importing.archive import is_zip, open_archive
from exercise.authoring.importing.cexf import is_cexf, read_cexf
from exercise.authoring.importing.draft import Draft
from exercise.authoring.importing.iceberg import is_iceberg, read_iceberg
from exercise.authoring.importing.inject_folder import is_inject_folder, read_inject_folder
from exercise.authoring.importing.json_source import Ledger, Node, read_json
from exercise.authoring.importing.openaev import is_openaev, read_openaev
from exercise.authoring.importing.report import LossReport
from exercise.authoring.nearest import did_you_mean
from exercise.errors import UsageError

__all__ = ["FORMATS", "read_source"]

Reader = tuple[str, Callable[[Node], bool], Callable[[Node], Draft]]

_JSON: dict[str, Reader] = {
    "iceberg": ("IcebergTTX", is_iceberg, read_iceberg),
    "cexf": ("MISP CEXF", is_cexf, read_cexf),
    "openaev": ("OpenAEV / OpenBAS", is_openaev, read_openaev),
}
FORMATS = {key: name for key, (name, _, _) in _JSON.items()} | {
    "openaev-sheet": "OpenAEV's spreadsheet",
    "inject": "INJECT",
}
"""What `--from` takes, with the name of each."""

_LARGEST_FILE = 64 * 1024 * 1024
_SIXTEEN = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
"""How a text begins that is asked for anew as UTF-8, rather than taken for something else."""


def read_source(path: Path, wanted: str | None = None) -> tuple[Draft, str]:
    """The draft made of a file, and the name of its format; `wanted` overrides what its content looks like."""
    if wanted is not None and wanted not in FORMATS:
        near = did_you_mean(wanted, FORMATS) or "."
        raise UsageError(f"There is no format '{wanted[:40]}'{near} Known: {', '.join(FORMATS)}.")
    if path.is_dir() and (wanted == "inject" or is_inject_folder(path)):
        if wanted not in (None, "inject"):
            raise _otherwise(str(path), "inject", wanted)
        return read_inject_folder(path), FORMATS["inject"]
    if wanted == "inject":
        raise UsageError(f"{path}: a definition of INJECT is a folder with injects.yml in it; name that.")
    data = _bytes(path)
    if wanted == "openaev-sheet" and data.removeprefix(codecs.BOM_UTF8).lstrip()[:1] in (b"{", b"["):
        raise UsageError(f"{path}: this is JSON and no spreadsheet; leave --from out.")
    if wanted == "openaev-sheet" or (wanted is None and path.suffix.lower() == ".csv"):
        return _sheet(path, wanted)
    if is_zip(data):
        archive = open_archive(data, str(path))
        if "xl/workbook.xml" in archive.names:
            return _sheet(path, wanted)
        name, inner = archive.only_json()
        draft, said = _json(inner, f"{path}/{name}", wanted)
        for other, size in archive.others(name):
            draft.report.lost(
                other, f"{size:,} bytes", "documents of the archive are not carried; hand them out yourself"
            )
        return draft, f"{said}, zipped"
    return _json(data, str(path), wanted)


def _json(data: bytes, name: str, wanted: str | None) -> tuple[Draft, str]:
    known = ", ".join(FORMATS.values())
    unknown = UsageError(f"{name}: this looks like no exercise known here ({known}); --from says which it is.")
    begun = data.removeprefix(codecs.BOM_UTF8).lstrip()[:1]
    if wanted is None and begun not in (b"", b"{", b"[") and not data.startswith(_SIXTEEN):
        raise unknown
    value = read_json(data, name)
    root = Node(value, "", Ledger(LossReport()))
    if wanted is not None and not _JSON[wanted][1](root):
        # What another tool wrote has names in common with this one's, and would come out with nothing in it.
        seems = next((key for key, (_, fits, _) in _JSON.items() if fits(root)), None)
        if seems is not None:
            raise _otherwise(name, seems, wanted)
    for key, (said, fits, read) in _JSON.items():
        if wanted == key or (wanted is None and fits(root)):
            if not isinstance(value, dict):
                raise UsageError(f"{name}: an export of {said} is a JSON object, and this is none.")
            draft = read(root)
            # Forced through, a file of nobody's knows some words by chance; then texts are needed to show for it.
            if not any(fits(root) or inject.text not in ("", inject.title) for inject in draft.injects):
                raise UsageError(f"{name}: there is no inject in it to make a scenario of ({said}).")
            return draft, said
    raise unknown


def _otherwise(name: str, seems: str, wanted: str) -> UsageError:
    """What to say of a source that is plainly another tool's than the one named."""
    return UsageError(f"{name}: this seems to be of {FORMATS[seems]}, not {FORMATS[wanted]}; leave --from out.")


def _sheet(path: Path, wanted: str | None) -> tuple[Draft, str]:
    if wanted not in (None, "openaev-sheet"):
        raise UsageError(f"{path}: this is a spreadsheet and no JSON; leave --from out.")
    from exercise.authoring.importing.openaev_sheet import read_openaev_sheet

    return read_openaev_sheet(path), FORMATS["openaev-sheet"]


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise UsageError(f"{path}: this is a folder; name the file in it.")
        with path.open("rb") as file:
            data = file.read(_LARGEST_FILE + 1)
    except FileNotFoundError as error:
        raise UsageError(f"{path}: there is no such file.") from error
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or "not a usable file name").lower()
        raise UsageError(f"{path}: cannot be read: {reason}.") from error
    if len(data) > _LARGEST_FILE:
        raise UsageError(f"{path}: the file is larger than the {_LARGEST_FILE // 2**20} MB allowed.")
    if not data.strip():
        raise UsageError(f"{path}: the file is empty.")
    return data
