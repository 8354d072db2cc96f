# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `mo-tune` has found, in a file: the fields of schedules that were better than those chosen, for each kernel by
its content, on each kind of processor.

The file is `schedules.json` in the folder `mograph` of the user's cache, or what the environment variable MOGRAPH_TUNED
names; where that is empty, there is none.
"""

import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mograph.targets.cpu.host import Host
from mograph.targets.cpu.schedules import Changes

VARIABLE = "MOGRAPH_TUNED"
FORMAT = 1
_VALUE = re.compile(r"%[\w#:.$-]+")

_read: dict[Path, tuple[int, dict[str, Any]]] = {}


def path() -> Path | None:
    """Where the file is, or would be; None where there is to be none."""
    named = os.environ.get(VARIABLE)
    if named is not None:
        return Path(named) if named else None
    cache = os.environ.get("XDG_CACHE_HOME")
    folder = Path(cache) if cache else Path(os.path.expanduser("~")) / ".cache"
    return folder / "mograph" / "schedules.json"


def processor(known: str) -> str:
    """The kind of processor that results are kept for, by what code generation knows of it."""
    return hashlib.sha256(known.encode()).hexdigest()[:16]


def processor_of(host: Host) -> str:
    """The kind of processor that a host is."""
    return processor(f"{host.triple} {host.name} {host.features} {host.vector_bits} {host.caches} {host.cores}")


def key(texts: Sequence[str]) -> str:
    """The key of a kernel from the texts of its operations, in which values may be called anything."""
    names: dict[str, str] = {}
    digest = hashlib.sha256()
    for text in texts:
        digest.update(_VALUE.sub(lambda found: names.setdefault(found[0], f"%{len(names)}"), text).encode())
    return digest.hexdigest()[:32]


def load(processor: str, file: Path | None = None) -> Mapping[str, Changes]:
    """What is stored for a kind of processor, by the key of each kernel.

    A file that is not there, of another format or not readable holds nothing: a model compiles without it.
    """
    file = file or path()
    if file is None:
        return {}
    try:
        changed = file.stat().st_mtime_ns
        if _read.get(file, (0, {}))[0] != changed:
            _read[file] = changed, _checked(json.loads(file.read_text()))
    except (OSError, ValueError):
        return {}
    found: Mapping[str, Changes] = _read[file][1].get(processor, {})
    return found


def save(processor: str, best: Mapping[str, Changes], file: Path) -> None:
    """Add results to a file, in place of those of the same kernels. Raises OSError."""
    try:
        stored = _checked(json.loads(file.read_text()))
    except (OSError, ValueError):
        stored = {}
    stored.setdefault(processor, {}).update(best)
    file.parent.mkdir(parents=True, exist_ok=True)
    written = file.with_suffix(".new")
    written.write_text(json.dumps({"format": FORMAT, "processors": stored}, indent=1) + "\n")
    written.replace(file)


def _checked(data: Any) -> dict[str, Any]:
    """The processors of a file, down to integers. Raises ValueError for what `save` does not write."""
    if not isinstance(data, dict) or data.get("format") != FORMAT or not isinstance(data.get("processors"), dict):
        raise ValueError("no file of schedules of this format")
    level = [data["processors"]]
    for _ in ("kernels", "templates", "fields"):
        level = [each for mapping in level for each in mapping.values()]
        if not all(isinstance(each, dict) for each in level):
            raise ValueError("no file of schedules of this form")
    if not all(isinstance(value, int) for mapping in level for value in mapping.values()):
        raise ValueError("fields of a schedule are integers and booleans")
    processors: dict[str, Any] = data["processors"]
    return processors
