# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a source is, told without the compiler."""

import os

from mograph.engine.files import suffix
from mograph.plugins import Host, get_host

_ENDINGS = ("mlir", "mlirbc", "mograph")


def is_path(source: object, host: Host | None = None) -> bool:
    """Whether a source names a file: a path, or a string of one line that ends as files of modules do, or as those that
    a plugin of `host` (by default: those of the process) imports.
    """
    if isinstance(source, str) and "\n" not in source:
        ending = suffix(source)
        return bool(ending) and (ending in _ENDINGS or ending in (host or get_host()).importers)
    return isinstance(source, os.PathLike)
