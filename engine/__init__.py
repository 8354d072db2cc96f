# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The engine: compiles modules, gives models their weights and runs them; stores what was compiled; interprets.

Names are imported when first used: who runs a stored artifact needs neither the compiler nor MLIR.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .artifact import Artifact
    from .compiler import build, default_pipeline
    from .devices import Buffer, CaptureError, Device, DeviceError, buffer, open_device
    from .host import ready
    from .interpreter import Interpreted
    from .model import Model
    from .reading import parse
    from .safetensors import SafetensorsError
    from .session import compile, interpret, load_all
    from .signature import Arg, Signature, describe
    from .storage import ArtifactError
    from .threads import ParallelCosts, get_num_threads, parallel_costs, set_num_threads, set_parallel_costs

__all__ = [
    "Arg",
    "Artifact",
    "ArtifactError",
    "Buffer",
    "CaptureError",
    "Device",
    "DeviceError",
    "Interpreted",
    "Model",
    "ParallelCosts",
    "SafetensorsError",
    "Signature",
    "buffer",
    "build",
    "compile",
    "default_pipeline",
    "describe",
    "get_num_threads",
    "interpret",
    "load_all",
    "open_device",
    "parallel_costs",
    "parse",
    "ready",
    "set_num_threads",
    "set_parallel_costs",
]

_HOMES = {
    "artifact": ("Artifact",),
    "compiler": ("build", "default_pipeline"),
    "devices": ("Buffer", "CaptureError", "Device", "DeviceError", "buffer", "open_device"),
    "host": ("ready",),
    "interpreter": ("Interpreted",),
    "model": ("Model",),
    "reading": ("parse",),
    "safetensors": ("SafetensorsError",),
    "session": ("compile", "interpret", "load_all"),
    "signature": ("Arg", "Signature", "describe"),
    "storage": ("ArtifactError",),
    "threads": ("ParallelCosts", "get_num_threads", "parallel_costs", "set_num_threads", "set_parallel_costs"),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
