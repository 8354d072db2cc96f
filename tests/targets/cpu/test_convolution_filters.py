# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Convolutions with more results than places, whose filter is copied when the model is loaded, on every machine."""

import numpy as np
import pytest

import mograph
from mograph.targets.cpu import CpuTarget, Host
from mograph.targets.cpu.schedules import Choice, Sources, using

from ..conftest import Build
from .test_convolution import convolution, convolved, followed

CASES = [
    # input, filter and result, stride: lines of places in tiles and parts of them, panels with fewer results
    ((1, 70, 7, 7), (70, 70, 1, 1), (1, 70, 7, 7), 1),
    ((2, 40, 13, 9), (130, 40, 1, 1), (2, 130, 13, 9), 1),
    ((1, 33, 9, 11), (65, 33, 3, 3), (1, 65, 4, 5), 2),
    ((3, 300, 4, 6), (40, 300, 2, 2), (3, 40, 3, 5), 1),
    ((1, 64, 1, 24), (96, 64, 1, 5), (1, 96, 1, 20), 1),
]


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch) -> list[Choice]:
    """The schedules that are chosen, for filters of all tests: these are weights here."""
    record: list[Choice] = []
    compile_ = CpuTarget.compile

    def compile_recorded(self: CpuTarget, module: object) -> object:
        with using(Sources(record=record)):
            return compile_(self, module)  # type: ignore[arg-type]  # the module

    monkeypatch.setattr(CpuTarget, "compile", compile_recorded)
    return record


def weighted(text: str, shape: tuple[int, ...], dtype: str) -> str:
    """The text of a module whose function takes the filter %b as a weight, which comes last."""
    filter_ = f"%b: tensor<{'x'.join(map(str, shape))}x{dtype}>"
    head, rest = text.split(") ->", 1)
    return f"{head.replace(f'{filter_}, ', '')}, {filter_} {{mogg.weight}}) ->{rest}"


@pytest.mark.parametrize("dtype", ["f32", "f64"])
@pytest.mark.parametrize("case", CASES, ids=str)
def test_places(build: Build, host: Host, dtype: str, case: tuple, chosen: list[Choice]) -> None:
    *shapes, stride = case
    random = np.random.default_rng(0)
    x, w = (random.integers(-9, 10, shape).astype({"f32": "f4", "f64": "f8"}[dtype]) for shape in shapes[:2])
    texts = ["x".join(map(str, shape)) for shape in shapes]
    text = weighted(convolution(dtype, texts, stride, 1, "first"), shapes[1], dtype)
    specs = [(dtype, *shape) for shape in shapes]
    f = build(text, [specs[0], specs[2]], specs[2:], [(specs[1], w)], host=host)
    assert [choice.template for choice in chosen] == ["filters"]
    np.testing.assert_array_equal(f(x, np.zeros(shapes[2], x.dtype)), convolved(x, w, shapes[2], stride, 1))


@pytest.mark.parametrize("case", [case[:3] for case in CASES if case[3] == 1], ids=str)
def test_followed(build: Build, host: Host, case: tuple, chosen: list[Choice]) -> None:
    """A number for each channel, a residual and the ramp are added to lines of places."""
    random = np.random.default_rng(1)
    x, w, o = (random.integers(-4, 5, shape).astype("f4") for shape in case)
    c = random.integers(-200, 200, case[1][0]).astype("f4")
    specs = [("f32", *shape) for shape in case]
    text = weighted(followed(["x".join(map(str, shape)) for shape in case]), case[1], "f32")
    f = build(text, [specs[0], specs[2], ("f32", case[1][0])], specs[2:], [(specs[1], w)], host=host)
    assert [choice.template for choice in chosen] == ["filters"]
    expected = np.maximum(convolved(x, w, case[2], 1, 1) + c[:, None, None] + o, 0)
    np.testing.assert_array_equal(f(x, o, c), expected)


@pytest.mark.parametrize("images", [0, 1, 3])
def test_bias(images: int, chosen: list[Choice]) -> None:
    """Sums that start from the bias are wanted themselves, beside what is made of them; the input has its padding."""
    random = np.random.default_rng(0)
    shape, result = (images, 20, 5, 6), (images, 40, 5, 6)
    x, w, b = (random.integers(-9, 10, each).astype("f4") for each in (shape, (40, 20, 5, 5), (40,)))
    text = f"""
mo.graph @m(%x: !mo.tensor<{list(shape)}, f32>) -> (!mo.tensor<{list(result)}, f32>, !mo.tensor<{list(result)}, f32>) {{
  %w = mo.constant.external "w" : !mo.tensor<[40, 20, 5, 5], f32>
  %b = mo.constant.external "b" : !mo.tensor<[40], f32>
  %c = mo.conv %x, %w, %b strides = [2, 1] low = [4, 2] high = [4, 2]
    : !mo.tensor<{list(shape)}, f32>, !mo.tensor<[40, 20, 5, 5], f32>, !mo.tensor<[40], f32>
  %r = mo.relu %c : !mo.tensor<{list(result)}, f32>
  mo.output %r, %c : !mo.tensor<{list(result)}, f32>, !mo.tensor<{list(result)}, f32>
}}"""
    ramp, sums = mograph.compile(text, weights={"w": w, "b": b})(x)
    padded = np.pad(x, ((0, 0), (0, 0), (4, 4), (2, 2)))
    windows = convolved(padded, w, (images, 40, 9, 6), 1, 1)[:, :, ::2]
    np.testing.assert_array_equal(sums, windows + b[:, None, None])
    np.testing.assert_array_equal(ramp, np.maximum(sums, 0))
    assert not images or chosen[-1].template == "filters"
