# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The plugin host: how dialects, passes, lowerings, targets and kernels reach mograph, the first-party ones included.

Plugin authors need `api` and `hookimpl`; docs/plugins.md is their guide. Tools and the engine need `get_host` and
`configure`. Names are imported when first used, so that importing this package costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import api
    from ._announcing import announce
    from ._entries import Entry
    from ._errors import BodyError, Failure, PluginError, PluginWarning, StrictError, UnknownNameError
    from ._listing import listing, render_listing
    from ._options import Options, take_options
    from ._pipeline import DefaultPipeline, Insertions, PipelineError, Point
    from ._tables import Rules, Table
    from .hooks import hookimpl
    from .host import Host, Plugin, configure, get_host

__all__ = [
    "BodyError",
    "Entry",
    "Failure",
    "Host",
    "Insertions",
    "Options",
    "DefaultPipeline",
    "PipelineError",
    "Plugin",
    "PluginError",
    "PluginWarning",
    "Point",
    "Rules",
    "StrictError",
    "Table",
    "UnknownNameError",
    "announce",
    "api",
    "configure",
    "hookimpl",
    "get_host",
    "listing",
    "render_listing",
    "take_options",
]

_HOMES = {
    "_announcing": ("announce",),
    "_entries": ("Entry",),
    "_errors": ("BodyError", "Failure", "PluginError", "PluginWarning", "StrictError", "UnknownNameError"),
    "_listing": ("listing", "render_listing"),
    "_options": ("Options", "take_options"),
    "_pipeline": ("Insertions", "DefaultPipeline", "PipelineError", "Point"),
    "_tables": ("Rules", "Table"),
    "hooks": ("hookimpl",),
    "host": ("Host", "Plugin", "configure", "get_host"),
}


def __getattr__(name: str) -> Any:
    if name == "api":
        return import_module(f"{__name__}.api")
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
