# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Drawn graphs give the same fused, each operation alone, and with their results in buffers of the caller."""

import time
from random import Random

import fusing
import numpy as np
import pytest

import mograph as mo

ALONE = "builtin.module(mogg-from-mo,mogg-to-linalg{inline=-1})"


def run(seed: int) -> None:
    """One graph, compiled in one of the ways, or all."""
    text, inputs, outputs = fusing.graph(Random(seed))
    arrays = [each.array for each in inputs]
    found = mo.compile(text)(*arrays)
    fusing.compare([found] if len(outputs) == 1 else found, outputs, text)
    if seed % 4 == 0:
        found = mo.compile(text, pipeline=ALONE)(*arrays)
        fusing.compare([found] if len(outputs) == 1 else found, outputs, text)
    if seed % 4 == 1:
        text = fusing.in_buffers(text, inputs, outputs)
        buffers = [np.full(each.array.shape, 7, np.float32) for each in outputs]
        found = mo.compile(text)(*arrays, *buffers)
        fusing.compare([found, *buffers], [outputs[0], *outputs], text)


@pytest.mark.parametrize("start", range(0, 80, 20))
def test_fused(start: int) -> None:
    for seed in range(start, start + 20):
        run(seed)


def test_more_fused(fuzz_seconds: float) -> None:
    end, seed = time.monotonic() + fuzz_seconds, 1000
    while time.monotonic() < end:
        run(seed)
        seed += 1
