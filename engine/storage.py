# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Artifacts on disk.

A file is eight bytes by which it is known, the length of a header in eight more, the header in JSON, the code, and the
SHA-256 of all that comes before it.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from mograph.engine.files import write_files

MAGIC = b"mograph\n"
FORMAT = 4
"""Raised when what artifacts hold changes, or what their code calls."""

_DIGEST = 32


class ArtifactError(ValueError):
    """A file is no artifact, or one that cannot be used here; the message names the file and says why."""


class Stored(NamedTuple):
    """What an artifact holds: the name of its target, which gave `description` with `code`, and `signatures`."""

    target: str
    description: Mapping[str, Any]
    signatures: "list[dict[str, Any]]"
    code: bytes


def is_artifact(path: "str | os.PathLike[str]") -> bool:
    """Whether a file begins as artifacts do. Raises OSError where it cannot be read."""
    with open(path, "rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def write_artifact(path: "str | os.PathLike[str]", stored: Stored, version: str) -> None:
    """Write an artifact, whole or not at all; `version` is that of mograph. Raises OSError."""
    fields = {"target": stored.target, "description": stored.description, "signatures": stored.signatures}
    header = json.dumps({"format": FORMAT, "mograph": version, **fields}, sort_keys=True).encode()
    content = b"".join((MAGIC, len(header).to_bytes(8, "little"), header, stored.code))
    write_files([(path, lambda file: file.write(content + hashlib.sha256(content).digest()))])


def read_artifact(path: "str | os.PathLike[str]") -> Stored:
    """Read an artifact. Raises OSError where the file cannot be read, and ArtifactError for what is no artifact, is
    truncated or damaged, or was written by a mograph whose artifacts are different.
    """
    data = Path(path).read_bytes()
    try:
        return _parse(data)
    except ArtifactError as error:
        raise ArtifactError(f"{os.fspath(path)}: {error}") from None


def _parse(data: bytes) -> Stored:
    if not data.startswith(MAGIC):
        raise ArtifactError("not an artifact of mograph")
    start = len(MAGIC) + 8
    content, digest = data[:-_DIGEST], data[-_DIGEST:]
    if len(content) < start or hashlib.sha256(content).digest() != digest:
        raise ArtifactError("the artifact is truncated or damaged: its checksum does not agree")
    end = start + int.from_bytes(content[len(MAGIC) : start], "little")
    try:
        header = json.loads(content[start:end])
        if header["format"] != FORMAT:
            raise ArtifactError(
                f"the artifact is of format {header['format']}, written by mograph {header['mograph']}; this mograph "
                f"reads format {FORMAT}: compile the model again"
            )
        return Stored(header["target"], header["description"], header["signatures"], content[end:])
    except (ValueError, KeyError, TypeError) as error:
        if isinstance(error, ArtifactError):
            raise
        raise ArtifactError(f"the artifact's header is not as it should be: {error!r}") from None
