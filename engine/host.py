# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The plugins that the engine works with, known to MLIR."""

import threading

from mograph.plugins import Host, announce, get_host

_lock = threading.Lock()
_announced: Host | None = None


def ready(host: Host | None = None) -> Host:
    """The plugin host `host`, or that of the process, after MLIR has been told of its dialects and passes.

    What MLIR is told holds for the whole process: threads must not work with different hosts at one time.
    """
    global _announced
    host = host or get_host()
    with _lock:
        if _announced is not host:
            announce(host, summaries=False)
            _announced = host
    return host
