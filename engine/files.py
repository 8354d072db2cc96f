# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Files that are written whole or not at all."""

import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from typing import IO

Writer = Callable[[IO[bytes]], object]


def write_files(files: "Sequence[tuple[str | os.PathLike[str], Writer]]") -> None:
    """Write files, each by a function of the open file: all of them, or none if one cannot be written.

    Each is written under a name of its own beside its place, and renamed when all are complete. Raises OSError, and
    what a writer raises.
    """
    import tempfile  # who only reads artifacts imports this module, too

    with ExitStack() as cleanup:
        written = []
        for path, write in files:
            path = os.fspath(path)
            if os.path.isdir(path):
                raise IsADirectoryError(f"{path} is a folder")
            descriptor, name = tempfile.mkstemp(prefix=f".{os.path.basename(path)}.", dir=os.path.dirname(path) or ".")
            cleanup.callback(_remove, name)
            with os.fdopen(descriptor, "wb") as file:
                write(file)
            os.chmod(name, 0o666 & ~_umask())
            written.append((name, path))
        for name, path in written:
            os.replace(name, path)


def _remove(name: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(name)


def _umask() -> int:
    """The mask of this process, which can be read by setting it only."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def suffix(path: "str | os.PathLike[str]") -> str:
    """What a path ends in, after its last dot, in small letters."""
    return os.path.splitext(os.fspath(path))[1][1:].lower()
