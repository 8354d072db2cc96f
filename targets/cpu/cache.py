# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Object code by what it is made of, in files: what one module, or process, has compiled the next one need not.

The files are in the folder `mograph/objects` of the user's cache, or in the folder that the environment variable
MOGRAPH_OBJECTS names; where that is empty, nothing is stored. A file begins with the SHA-256 of the rest, is written
under a name of its own and then renamed, so that processes may share the folder, and may be removed at any time. All of
them together are kept to `LARGEST` bytes, those that were not used for longest go first. What cannot be read or written
is as if it were not there.
"""

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from mograph import _llvm

VARIABLE = "MOGRAPH_OBJECTS"
LARGEST = 1 << 28
_DIGEST = 32


def folder() -> Path | None:
    """Where the files are, or would be; None where there are to be none."""
    named = os.environ.get(VARIABLE)
    if named is not None:
        return Path(named) if named else None
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path(os.path.expanduser("~")) / ".cache") / "mograph" / "objects"


def compiler() -> list[tuple[int, int]]:
    """What tells one version of the compiler from another: sizes and times of the files that it is in."""
    return [(each.st_size, each.st_mtime_ns) for each in map(os.stat, _llvm.files())]


def key(content: bytes) -> str:
    """What object code is found by that depends on `content` alone; empty where nothing is stored."""
    return hashlib.sha256(content).hexdigest() if folder() else ""


def find(known: str) -> bytes | None:
    """The code of a key, where the cache has it."""
    where = folder()
    return _read(where / known[:2] / known[2:]) if where and known else None


def keep(known: str, code: bytes) -> None:
    """Puts code into the cache, if it can be written."""
    where = folder()
    if where is None or not known:
        return
    with suppress(OSError):
        _write(where / known[:2] / known[2:], code)
        if known.endswith("00"):  # one in 256
            prune(where)


def kept(content: bytes, make: Callable[[], bytes]) -> bytes:
    """What `make` makes of `content`, which is all that it depends on: from the cache, or put there now."""
    known = key(content)
    code = find(known)
    if code is None:
        code = make()
        keep(known, code)
    return code


def _read(path: Path) -> bytes | None:
    try:
        content = path.read_bytes()
        os.utime(path)
    except OSError:
        return None
    code = content[_DIGEST:]
    return code if hashlib.sha256(code).digest() == content[:_DIGEST] else None


def _write(path: Path, code: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = path.parent / f".{os.urandom(8).hex()}"  # `tempfile` takes 3 ms to import
    descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(hashlib.sha256(code).digest() + code)
        os.replace(name, path)
    except OSError:
        os.unlink(name)
        raise


def prune(where: Path, largest: int = LARGEST) -> None:
    """Removes files that were not used for longest until the rest are no more than so many bytes. Raises OSError."""
    found = []
    for path in where.glob("*/*"):
        with suppress(FileNotFoundError):  # another process removes, too
            status = path.stat()
            found.append((status.st_mtime_ns, status.st_size, path))
    total = sum(size for _, size, _ in found)
    for _, size, path in sorted(found):
        if total <= largest:
            break
        path.unlink(missing_ok=True)
        total -= size
