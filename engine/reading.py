# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Modules as the engine takes them: as text, as a file of text or bytecode, or parsed already."""

import os
from pathlib import Path
from typing import Any

from mlir import ir

from mograph.engine.files import suffix
from mograph.engine.host import ready
from mograph.engine.naming import name_arguments
from mograph.engine.sources import is_path
from mograph.plugins import Host, get_host
from mograph.transforms import kit

BYTECODE = b"ML\xefR"


def parse(source: "str | os.PathLike[str]", context: Any = None, *, name: str = "<string>") -> Any:
    """A module from text, or from a file of text or bytecode, in which the plugins' dialects are known.

    The context is `context`, or the current one (`with context:`), or a new one. `name` stands for text in locations.
    Raises `DiagnosticError` if it is not valid, OSError if the file cannot be read.
    """
    ready()
    return kit.parse(source, context, name=name)


def read_module(source: Any, host: Host | None = None) -> Any:
    """A module of one's own, whose graphs' inputs and outputs have names.

    `source` is a text, the path of a file, or a module, which is copied. Files that end as a plugin of `host` (by
    default: those of the process) says are imported by it. Raises `DiagnosticError` for what is not valid, OSError for
    a file that cannot be read, and what the plugin raises.
    """
    text = ""
    host = host or get_host()
    if is_path(source, host) and suffix(source) in host.importers:
        module = read_imported(Path(source), suffix(source), host)
    elif is_path(source, host):
        data = Path(source).read_bytes()
        text = "" if data.startswith(BYTECODE) else data.decode(errors="replace")
        module = kit.parse(Path(source))
    elif isinstance(source, str):
        text = source
        module = kit.parse(source)
    elif hasattr(source, "operation"):
        module = _copy(source)
    else:
        raise TypeError(f"expected a module, its text or a path, found {type(source).__name__}")
    name_arguments(module, text)
    return module


def read_imported(path: Path, form: str, host: Host | None = None) -> Any:
    """The module that a plugin makes of a file, given the format that the plugin is for.

    Raises `UnknownNameError` for a format that no plugin imports, and what the plugin raises.
    """
    return ready(host).importers.load(form)(path)


def _copy(module: Any) -> Any:
    operation = module.operation
    if operation.name != "builtin.module":
        raise TypeError(f"expected a builtin.module, found a {operation.name}")
    with operation.context, operation.location:
        copy = ir.Module.create()
        for op in operation.regions[0].blocks[0].operations:
            copy.body.append(op.operation.clone(ip=False))
        return copy
