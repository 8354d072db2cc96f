# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Winograd's convolutions: the matrices exactly, the code within the stated error, on every machine."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import mograph
from mograph.targets.cpu import Host, winograd
from mograph.targets.cpu.cook_toom import transforms
from mograph.targets.cpu.schedules import Choice, Sources, using

from ..conftest import Build
from .test_convolution import convolution, convolved, followed

FEW = [(1, 3), (2, 3), (4, 3), (2, 5), (3, 2)]


def times(matrix: tuple, vector: list[Fraction]) -> list[Fraction]:
    return [sum((a * b for a, b in zip(row, vector, strict=True)), Fraction(0)) for row in matrix]


@pytest.mark.parametrize(("m", "r"), FEW)
@given(st.lists(st.integers(-99, 99), min_size=11, max_size=11))
def test_sums_are_exact(m: int, r: int, numbers: list[int]) -> None:
    by = transforms(m, r)
    g, d = ([Fraction(number) for number in part] for part in (numbers[:r], numbers[r : r + by.size]))
    products = [a * b for a, b in zip(times(by.filter, g), times(by.input, d), strict=True)]
    assert times(by.output, products) == [sum(g[k] * d[i + k] for k in range(r)) for i in range(m)]


def test_too_many_points() -> None:
    with pytest.raises(ValueError, match=r"m \+ r from 3 to 7, found 4 \+ 5"):
        transforms(4, 5)


def built(build: Build, host: Host, shapes: list[tuple[int, ...]], layout: str, dtype: str = "f32") -> object:
    dims = shapes
    if layout == "last":
        dims = [tuple(shape[i] for i in order) for shape, order in zip(shapes, ORDERS, strict=True)]
    texts = ["x".join(map(str, dim)) for dim in dims]
    specs = [(dtype, *dim) for dim in dims]
    return build(convolution(dtype, texts, 1, 1, layout), specs, specs[2:], host=host)


ORDERS = ((0, 2, 3, 1), (2, 3, 1, 0), (0, 2, 3, 1))


def error(f: object, shapes: list[tuple[int, ...]], layout: str, seed: int, dtype: str = "f4") -> float:
    """The largest error by the sum of the absolute values of all terms."""
    random = np.random.default_rng(seed)
    x, w = (random.standard_normal(shape).astype(dtype) for shape in shapes[:2])
    expected, terms = (convolved(*xs, shapes[2], 1, 1) for xs in ((x, w), (abs(x), abs(w))))
    given_ = [x, w, np.full(shapes[2], np.nan, dtype)]
    if layout == "last":
        given_ = [np.ascontiguousarray(a.transpose(order)) for a, order in zip(given_, ORDERS, strict=True)]
    found = f(*given_)  # type: ignore[operator]  # what is built is a function
    return float((abs((np.moveaxis(found, 3, 1) if layout == "last" else found) - expected) / terms).max())


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever can be done by squares is."""
    monkeypatch.setattr(winograd, "LEAST_GAIN", math.inf)


BOUNDS = {(4, 3): 2**-17, (2, 3): 2**-21, (2, 5): 2**-17}


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize("layout", ["first", "last"])
@pytest.mark.parametrize(("square", "taps"), BOUNDS)
def test_within_the_stated_error(
    build: Build, host: Host, layout: str, square: int, taps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(winograd, "SQUARES", {taps: (square,)})
    shapes = [(2, 32, 9 + taps, 13 + taps), (64, 32, taps, taps), (2, 64, 10, 14)]
    found = error(built(build, host, shapes, layout), shapes, layout, 0)
    assert found < BOUNDS[square, taps]
    if (square, taps) != (2, 3):
        assert found > 2**-23  # or the sums would be direct ones


@pytest.mark.usefixtures("always")
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 3), st.integers(1, 11), st.integers(1, 11), st.sampled_from(["first", "last"]))
def test_all_shapes(build: Build, images: int, rows: int, columns: int, layout: str) -> None:
    """Squares that stick out, a single one, and rows of them that are left over."""
    shapes = [(images, 16, rows + 2, columns + 2), (32, 16, 3, 3), (images, 32, rows, columns)]
    f = built(build, None, shapes, layout)  # type: ignore[arg-type]  # this machine
    assert error(f, shapes, layout, rows) < 2**-17


@pytest.mark.usefixtures("always")
def test_doubles(build: Build, host: Host) -> None:
    shapes = [(1, 16, 12, 12), (32, 16, 3, 3), (1, 32, 10, 10)]
    f = built(build, host, shapes, "first", "f64")
    assert error(f, shapes, "first", 0, "f8") < 2**-46


def test_small_ones_are_exact(build: Build, host: Host) -> None:
    """Where the direct form is as fast, its error is what a convolution has."""
    shapes = [(1, 16, 6, 6), (16, 16, 3, 3), (1, 16, 4, 4)]
    assert error(built(build, host, shapes, "first"), shapes, "first", 0) < 2**-22


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize(
    "case", [((2, 16, 11, 14), (32, 16, 3, 3), (2, 32, 9, 12)), ((1, 32, 6, 9), (64, 32, 3, 3), (1, 64, 4, 7))]
)
def test_followed(build: Build, host: Host, case: tuple) -> None:
    """A number for each channel, a residual and the ramp are added before results are stored."""
    random = np.random.default_rng(1)
    x, w, o = (random.standard_normal(shape).astype("f4") for shape in case)
    c = random.standard_normal(case[1][0]).astype("f4")
    expected = np.maximum(convolved(x, w, case[2], 1, 1) + c[:, None, None] + o, 0)
    specs = [("f32", *shape) for shape in case]
    text = followed(["x".join(map(str, shape)) for shape in case])
    f = build(text, [*specs, ("f32", case[1][0])], specs[2:], host=host)
    terms = convolved(abs(x), abs(w), case[2], 1, 1) + abs(c)[:, None, None] + abs(o)
    assert (abs(f(x, w, o, c) - expected) / terms).max() < 2**-17


MODEL = """
mo.graph @m(%x: !mo.tensor<[{x}], f32>, %o: !mo.tensor<[{y}], f32>)
    -> (!mo.tensor<[{y}], f32>, !mo.tensor<[{y}], f32>) {{
  %w = mo.constant.external "w" : !mo.tensor<[{w}], f32>
  %b = mo.constant.external "b" : !mo.tensor<[{m}], f32>
  %c = mo.conv %x, %w, %b low = [1, 1] high = [1, 1] {layout}
    : !mo.tensor<[{x}], f32>, !mo.tensor<[{w}], f32>, !mo.tensor<[{m}], f32>
  %s = mo.add %c, %o : !mo.tensor<[{y}], f32>
  %r = mo.relu %s : !mo.tensor<[{y}], f32>
  mo.output %r, %c : !mo.tensor<[{y}], f32>, !mo.tensor<[{y}], f32>
}}"""


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize("layout", ["first", "last"])
@pytest.mark.parametrize("shape", [(1, 16, 7, 7), (2, 32, 5, 10), (1, 16, 14, 14), (3, 16, 2, 3), (0, 16, 8, 8)])
def test_prepared(layout: str, shape: tuple[int, ...]) -> None:
    """The filter is transformed when the model is loaded; sums start from the bias, and are wanted themselves."""
    random, results = np.random.default_rng(0), 64
    draw = [shape, (shape[0], results, *shape[2:]), (results, shape[1], 3, 3), (results,)]
    x, o, w, b = (random.standard_normal(each).astype("f4") for each in draw)
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    sums = convolved(padded, w, o.shape, 1, 1) + b[:, None, None]
    terms = convolved(abs(padded), abs(w), o.shape, 1, 1) + abs(b)[:, None, None] + abs(o)
    given_ = [x, o, w]
    if layout == "last":
        given_ = [a.transpose(order) for a, order in zip(given_, (ORDERS[0], ORDERS[0], ORDERS[1]), strict=True)]
    dims = dict(zip("xyw", (", ".join(map(str, a.shape)) for a in given_), strict=True))
    text = MODEL.format(**dims, m=results, layout="channels_last" if layout == "last" else "")
    record: list[Choice] = []
    with using(Sources(record=record)):
        model = mograph.compile(text, weights={"w": np.ascontiguousarray(given_[2]), "b": b})
    if x.size:
        assert [each.schedule.square > 0 for each in record if each.template == "winograd"] == [True]
    found = model(*map(np.ascontiguousarray, given_[:2]))
    for array, expected in zip(found, (np.maximum(sums + o, 0), sums), strict=True):
        back = np.moveaxis(array, 3, 1) if layout == "last" else array
        assert (abs(back - expected) / terms).max(initial=0) < 2**-17
