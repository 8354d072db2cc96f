# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Attention in one kernel, of any lengths, heads, masks and types, on a device of OpenCL."""

from typing import Any

import numpy as np
import pytest
from mlir import ir

import mograph
from mograph.targets.gpu.attention.schedule import Schedule, Shape, choose
from mograph.targets.gpu.chip import Chip
from mograph.targets.gpu.target import GpuTarget
from mograph.targets.spirv import SpirvTarget

from ..cpu.test_attention import reference

Array = np.ndarray[Any, Any]
DTYPES = {"f32": np.float32, "f16": np.float16}
CHIP = Chip("chip", "any", 32, 1024, 98304, 65536, 16)
pytestmark = pytest.mark.usefixtures("device")


@pytest.fixture
def kernels(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the kernels of all that is compiled."""
    found: list[str] = []
    emit = SpirvTarget.emit

    def noting(self: GpuTarget, module: ir.Module) -> Any:
        image = emit(self, module)  # type: ignore[arg-type]  # it is one of SPIR-V
        found.extend(image.kernels)
        return image

    monkeypatch.setattr(SpirvTarget, "emit", noting)
    return found


def tensor(dims: tuple[object, ...], dtype: str) -> str:
    """The text of a type."""
    return f"!mo.tensor<[{', '.join(map(str, dims))}], {dtype}>"


def attention(
    q: Array, k: Array, v: Array, dtype: str, mask: Array | None = None, causal: bool = False, named: bool = False
) -> Array:
    """By `mo.attention`, of shapes that are known or have names."""
    names = {q.shape[2]: "m", k.shape[2]: "n"} if named else {}

    def type_(shape: tuple[int, ...]) -> str:
        return tensor((*shape[:2], names.get(shape[2], shape[2]), names.get(shape[3], shape[3])), dtype)

    shapes = [each.shape for each in (q, k, v)] + [(*q.shape[:3], v.shape[3])]
    inputs = [f"%{name}: {type_(shape)}" for name, shape in zip("qkv", shapes, strict=False)]
    masked = f"mask %m : {type_(mask.shape)}" if mask is not None else ""
    inputs += [f"%m: {type_(mask.shape)}"] if mask is not None else []
    text = f"""mo.graph @f({", ".join(inputs)}) -> {type_(shapes[3])} {{
      %r = mo.attention %q, %k, %v {masked} {"causal" if causal else ""} : {", ".join(map(type_, shapes[:3]))}
      mo.output %r : {type_(shapes[3])}
    }}"""
    result: Array = mograph.compile(text, device="opencl:0")(q, k, v, *([mask] if mask is not None else []))
    return result


def draw(dtype: str, *shapes: tuple[int, ...]) -> list[Array]:
    """Normal numbers."""
    rng = np.random.default_rng(0)
    return [rng.standard_normal(shape).astype(DTYPES[dtype]) for shape in shapes]


@pytest.mark.parametrize(
    ("heads", "length", "keys", "size", "width"),
    [
        ((4, 4), 100, 100, 64, 64),
        ((4, 2), 65, 33, 64, 64),
        ((2, 1), 37, 150, 70, 33),
        ((1, 1), 150, 37, 16, 128),
        ((1, 1), 70, 41, 128, 128),
        ((2, 2), 2, 3, 5, 1),
    ],
)
@pytest.mark.parametrize(("causal", "named"), [(False, True), (True, False)])
def test_lengths(
    kernels: list[str], heads: tuple[int, int], length: int, keys: int, size: int, width: int, causal: bool, named: bool
) -> None:
    q, k, v = draw("f32", (2, heads[0], length, size), (2, heads[1], keys, size), (2, heads[1], keys, width))
    found = attention(q, k, v, "f32", causal=causal, named=named)
    np.testing.assert_allclose(found, reference(q, k, v, 0.0, 0 if causal else None), 1e-5, 1e-5)
    if length > 30:
        assert [name.rpartition("_")[0] for name in kernels] == ["attention"]


def test_mask(kernels: list[str]) -> None:
    q, k, v, mask = draw("f32", (1, 2, 50, 32), (1, 2, 70, 32), (1, 2, 70, 32), (1, 2, 50, 70))
    mask[mask < -1] = -np.inf
    mask[..., 7] = 0
    np.testing.assert_allclose(attention(q, k, v, "f32", mask), reference(q, k, v, mask), 1e-5, 1e-5)
    assert [name.rpartition("_")[0] for name in kernels] == ["attention"]


@pytest.mark.parametrize(
    ("heads", "keys", "size", "named"),
    [((4, 2), 700, 64, False), ((3, 3), 1500, 33, False), ((2, 2), 41, 128, True), ((2, 1), 0, 16, True)],
)
def test_one_query(kernels: list[str], heads: tuple[int, int], keys: int, size: int, named: bool) -> None:
    """A step of a decoder: blocks share the keys, and another kernel puts their parts together, in their order."""
    q, k, v = draw("f32", (1, heads[0], 1, size), (1, heads[1], keys, size), (1, heads[1], keys, 32))
    names = {keys: "n"} if named else {}
    shapes = [(*each.shape[:2], names.get(each.shape[2], each.shape[2]), each.shape[3]) for each in (q, k, v)]
    types = [tensor(shape, "f32") for shape in shapes]
    result = tensor((1, heads[0], 1, 32), "f32")
    text = f"""mo.graph @f(%q: {types[0]}, %k: {types[1]}, %v: {types[2]}) -> {result} {{
      %r = mo.attention %q, %k, %v : {", ".join(types)}
      mo.output %r : {result}
    }}"""
    run = mograph.compile(text, device="opencl:0")
    found = run(q, k, v)
    np.testing.assert_array_equal(found, run(q, k, v))
    np.testing.assert_allclose(found, reference(q, k, v) if keys else np.zeros_like(found), 1e-5, 1e-5)
    assert [name.rpartition("_")[0] for name in kernels] == ["attention", "attention_of_parts"]


def test_rows_without_keys() -> None:
    q, k, v, mask = draw("f32", (1, 2, 50, 32), (1, 2, 70, 32), (1, 2, 70, 32), (1, 2, 50, 70))
    mask[:, :, 3:40] = -np.inf
    found = attention(q, k, v, "f32", mask)
    assert not found[:, :, 3:40].any()
    expected = reference(q[:, :, 40:], k, v, mask[:, :, 40:])
    np.testing.assert_allclose(found[:, :, 40:], expected, 1e-5, 1e-5)


def test_no_keys() -> None:
    q, k, v = draw("f32", (1, 2, 50, 32), (1, 2, 0, 32), (1, 2, 0, 32))
    assert not attention(q, k, v, "f32", named=True).any()


def test_large_scores() -> None:
    q, k, v = draw("f32", (1, 1, 64, 32), (1, 1, 200, 32), (1, 1, 200, 32))
    q, k = 30 * q, 30 * k
    k[:, :, 150:] *= 2  # later keys change the maximum
    np.testing.assert_allclose(attention(q, k, v, "f32"), reference(q, k, v), 1e-4, 1e-4)


def test_half() -> None:
    q, k, v = draw("f16", (1, 2, 70, 64), (1, 2, 90, 64), (1, 2, 90, 64))
    np.testing.assert_allclose(attention(q, k, v, "f16"), reference(q, k, v), 2e-3, 2e-3)


def test_schedules() -> None:
    assert choose(Shape(4096, 16, 64, 64, 4), CHIP) == Schedule(4, 4, 16)
    few = choose(Shape(64, 1, 64, 64, 4), CHIP)
    assert few is not None
    assert few.block_rows < 64
    with pytest.raises(ValueError, match="expected a power of two for rows, found 3"):
        Schedule(3, 4, 16)
