# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.shard_and_stack`: its formula on flat memory, the layouts that it is for, and its errors in their order."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mograph.dialects import mo
from mograph.dialects.kit import VerifyError
from mograph.dialects.mo.shard_and_stack import shard_and_stack


def devices(*labels: str) -> tuple[mo.Device, ...]:
    return tuple(mo.Device.get(label) for label in labels)


@given(
    shape=st.lists(st.integers(0, 3), min_size=1, max_size=4),
    axis=st.integers(0, 3),
    parts=st.integers(1, 3),
    count=st.integers(1, 3),
    negative=st.booleans(),
)
def test_formula(shape: list[int], axis: int, parts: int, count: int, negative: bool) -> None:
    axis %= len(shape)
    shape[axis] *= parts
    inputs = [np.arange(math.prod(shape), dtype=np.int16).reshape(shape) + 1000 * j for j in range(count)]
    found = shard_and_stack(inputs, axis - len(shape) if negative else axis, parts)
    outer, extent, inner = math.prod(shape[:axis]), shape[axis], math.prod(shape[axis + 1 :])
    segment = extent // parts * inner
    assert len(found) == parts
    for d, result in enumerate(found):
        memory = np.empty(count * outer * segment, np.int16)
        for j in range(count):
            source = inputs[j].ravel()
            for o in range(outer):
                to = j * outer * segment + o * segment
                start = o * extent * inner + d * segment
                memory[to : to + segment] = source[start : start + segment]
        assert result.shape == (count, *shape[:axis], extent // parts, *shape[axis + 1 :])
        assert result.ravel().tolist() == memory.tolist()


def test_experts_gates_and_ups() -> None:
    """[g0, u0, g1, u1] as [experts, 2 k / N, hidden]: a device's rows of the gate, then of the up projection."""
    k, hidden, experts = 4, 3, 2
    gate = [np.full((k, hidden), 10 * e) + np.arange(k)[:, None] for e in range(experts)]
    up = [each + 100 for each in gate]
    found = shard_and_stack([part for pair in zip(gate, up, strict=True) for part in pair], 0, 2)
    second = found[1].reshape(experts, k, hidden)
    assert second[:, :, 0].tolist() == [[2, 3, 102, 103], [12, 13, 112, 113]]


def test_not_divisible_when_it_runs() -> None:
    with pytest.raises(
        ValueError, match="mo.shard_and_stack: expected 2 devices to divide the extent on axis -1, found 3"
    ):
        shard_and_stack([np.zeros((2, 3))], -1, 2)


def test_types(tensor) -> None:
    found = mo.ShardAndStack.infer((tensor(["n * 4", 6], "bf16"),) * 3, 0, devices("gpu:0", "gpu:1", "gpu:0", "cpu"))
    assert found == [tensor([3, "n", 6], "bf16", label) for label in ("gpu:0", "gpu:1", "gpu:0", "cpu")]
    (one,) = mo.ShardAndStack.infer((tensor([2, 6]),), -1, devices("gpu:0"))
    assert one == tensor([1, 2, 6], "f32", "gpu:0")
    halves = mo.ShardAndStack.infer((tensor(["n", 6]),), 0, devices("gpu:0", "gpu:1"))  # compared when it runs
    assert [str(half.shape[1]) for half in halves] == ["n floordiv 2"] * 2


def test_errors_come_in_order(tensor) -> None:
    """Each case has all the later faults too, so that it is the order that is tested."""
    two, gpu = ("cpu", "cpu"), "gpu:0"
    first, on_gpu = tensor([3, 2]), tensor([3, 2], "f32", gpu)
    other = tensor([4], "f16", gpu)
    cases = [
        ((), 9, (), "expected one input or more, found none"),
        ((first, other), 9, (), "expected one device or more, found none"),
        ((first, other), 9, two, "expected inputs of equal device, found .* for inputs 0 and 1"),
        ((on_gpu, other), 9, two, "expected inputs of equal dtype, found .* for inputs 0 and 1"),
        ((on_gpu, tensor([4], "f32", gpu)), 9, two, "expected inputs of equal shape, found .* for inputs 0 and 1"),
        ((on_gpu, on_gpu), 9, two, r"expected axis to be in \[-2, 2\) .* found 9"),
        ((on_gpu, on_gpu), 0, two, "expected inputs on the host, cpu; found them on gpu:0"),
        ((first, first), 0, two, r"axis 0 that the number of devices, 2, divides; found 3 in \[3, 2\]"),
    ]
    for inputs, axis, labels, message in cases:
        with pytest.raises(VerifyError, match=message):
            mo.ShardAndStack.infer(inputs, axis, devices(*labels))
