# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""mograph: an open graph compiler on upstream MLIR.

    import mograph as mo

    model = mo.compile("model.mlir", weights="model.safetensors")
    y = model(x)

Names are imported when first used, so that importing mograph costs next to nothing.
"""

from importlib import import_module

TYPE_CHECKING = False  # what type checkers take for True, without the cost of importing `typing`
if TYPE_CHECKING:
    from mograph.engine import Artifact as Artifact
    from mograph.engine import ArtifactError as ArtifactError
    from mograph.engine import Buffer as Buffer
    from mograph.engine import CaptureError as CaptureError
    from mograph.engine import Device as Device
    from mograph.engine import DeviceError as DeviceError
    from mograph.engine import Interpreted as Interpreted
    from mograph.engine import Model as Model
    from mograph.engine import SafetensorsError as SafetensorsError
    from mograph.engine import Signature as Signature
    from mograph.engine import buffer as buffer
    from mograph.engine import build as build
    from mograph.engine import compile as compile
    from mograph.engine import get_num_threads as get_num_threads
    from mograph.engine import interpret as interpret
    from mograph.engine import load_all as load_all
    from mograph.engine import open_device as open_device
    from mograph.engine import parse as parse
    from mograph.engine import set_num_threads as set_num_threads
    from mograph.graph import Dim as Dim
    from mograph.graph import Graph as Graph
    from mograph.graph import GraphError as GraphError
    from mograph.graph import Tensor as Tensor
    from mograph.graph import TensorSpec as TensorSpec
    from mograph.graph import ops as ops
    from mograph.graph import subgraph as subgraph
    from mograph.plugins.onnx.importer import import_model as import_onnx
    from mograph.transforms.kit import Diagnostic as Diagnostic
    from mograph.transforms.kit import DiagnosticError as DiagnosticError
    from mograph.transforms.kit import Pass as Pass
    from mograph.transforms.kit import Pattern as Pattern
    from mograph.transforms.kit import Pipeline as Pipeline

__version__ = "0.1.0"

_ENGINE = (
    "Artifact",
    "ArtifactError",
    "Buffer",
    "CaptureError",
    "Device",
    "DeviceError",
    "Interpreted",
    "Model",
    "SafetensorsError",
    "Signature",
    "buffer",
    "build",
    "compile",
    "get_num_threads",
    "interpret",
    "load_all",
    "open_device",
    "parse",
    "set_num_threads",
)
_GRAPH = ("Dim", "Graph", "GraphError", "Tensor", "TensorSpec", "ops", "subgraph")
_KIT = ("Diagnostic", "DiagnosticError", "Pass", "Pattern", "Pipeline")

_ONNX = {"import_onnx": "import_model"}

__all__ = ["__version__", *_ENGINE, *_GRAPH, *_KIT, "import_onnx"]


def __getattr__(name: str) -> object:
    if name == "build":  # what it needs counts as an import, too, and comes in the order that takes least
        import_module("mograph.engine.preload").preload()
    homes = (("engine", _ENGINE), ("graph", _GRAPH), ("transforms.kit", _KIT), ("plugins.onnx.importer", _ONNX))
    for home, names in homes:
        if name in names:
            value: object = getattr(import_module(f"mograph.{home}"), _ONNX.get(name, name))
            break
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name == "Pipeline":  # passes of plugins have names in it
        import_module("mograph.engine").ready()
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
