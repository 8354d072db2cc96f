# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Shared libraries beside what is imported of Python."""

from importlib.util import find_spec
from os import RTLD_LAZY
from threading import Thread

__all__ = ["load_ahead"]


def load_ahead(module: str) -> None:
    """Have an extension module's file and the libraries that it needs loaded by a thread, while this one imports what
    Python has. To import the module would keep Python from that: the linker takes longer for MLIR than for all else.
    """
    from ctypes import CDLL  # as numpy does

    found = find_spec(module)
    if found is not None and found.origin is not None:
        # A function of C, called without Python's lock. What cannot be loaded is told by the import.
        Thread(target=CDLL(None).dlopen, args=(found.origin.encode(), RTLD_LAZY)).start()
