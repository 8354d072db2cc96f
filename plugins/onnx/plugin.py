# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Gives the importer and the reader of weights for files that end in .onnx."""

from collections.abc import Iterator

from mograph.plugins import api, hookimpl
from mograph.plugins._entries import Entry

API = 1


@hookimpl
def mograph_importers() -> Iterator[Entry]:
    """Models of ONNX."""
    yield api.importer("onnx", "mograph.plugins.onnx.importer:import_model")


@hookimpl
def mograph_weights() -> Iterator[Entry]:
    """The initializers of ONNX models."""
    yield api.weights("onnx", "mograph.plugins.onnx.weights:read_weights")
