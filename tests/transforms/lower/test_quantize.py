# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.quantize`, `mo.dequantize` and `mo.matmul_integer`, compiled, against their references."""

import numpy as np
import pytest
from whole_graphs import NUMPY, assert_equal, graph, named, run_both, type_of

INTEGERS = ["si8", "ui8", "si16", "ui16", "si4", "ui4", "si2", "ui2"]
FLOATS = ["f8E4M3FN", "f8E5M2", "f8E4M3FNUZ", "f8E5M2FNUZ", "f4E2M1FN"]
PLACES = [  # the shape, that of the scale, and attributes
    ((3, 4), (), ""),
    ((3, 4), (4,), ""),
    ((3, 4), (1,), ""),
    ((3, 4), (3,), "axis = 0"),
    ((2, 3, 4), (3,), ""),
    ((2, 3, 4), (4,), "axis = -1"),
    ((2, 6, 4), (2, 3, 4), "block_size = 2"),
    ((2, 7, 4), (2, 3, 4), "block_size = 3"),
    ((7,), (2,), "axis = 0 block_size = 5"),
    ((0, 4), (4,), ""),
    ((), (), ""),
]


def numbers(shape: tuple[int, ...], dtype: str, seed: int = 0) -> np.ndarray:
    random = np.random.default_rng(seed)
    if dtype in INTEGERS or dtype == "si32":
        bits = int(dtype[2:])
        low = 0 if dtype[0] == "u" else -(1 << min(bits - 1, 20))
        return random.integers(low, low + (1 << min(bits, 21)), shape).astype(NUMPY[dtype])
    return np.asarray(random.standard_normal(shape) * 3).astype(NUMPY[dtype])


def scales(shape: tuple[int, ...], dtype: str = "f32") -> np.ndarray:
    return np.asarray(2.0 ** np.random.default_rng(3).integers(-3, 2, shape) * 0.75).astype(NUMPY[dtype])


def texts(op: str, arrays: list[np.ndarray], attributes: str, result: str) -> list[str]:
    """The graph with extents that are known, and where no blocks are cut with names for them."""
    found = []
    for dims in [False] if "block" in attributes else [False, True]:
        types = [type_of(x, [1 if dim == 1 else f"n{dim}" for dim in x.shape] if dims else None) for x in arrays]
        shape = named(arrays[0]) if dims else arrays[0].shape
        output = f"!mo.tensor<[{', '.join(map(str, shape))}], {result}>"
        operands = ", ".join(f"%x{i}" for i in range(len(arrays)))
        line = f"%r0 = mo.{op} {operands} {attributes} : ({', '.join(types)}) -> {output}"
        found.append(graph(types, [output], line))
    return found


@pytest.mark.parametrize("place", PLACES, ids=str)
@pytest.mark.parametrize("zero", [True, False])
def test_places_of_scales(place: tuple[tuple[int, ...], tuple[int, ...], str], zero: bool) -> None:
    shape, parameters, attributes = place
    x, scale = numbers(shape, "f32") * 20, scales(parameters)
    zeros = [numbers(parameters, "si8")] if zero else []
    for text in texts("quantize", [x, scale, *zeros], attributes, "si8"):
        expected, found = run_both(text, x, scale, *zeros)
        assert_equal(found, expected)
    q = numbers(shape, "si8")
    for text in texts("dequantize", [q, scale, *zeros], attributes, "f32"):
        expected, found = run_both(text, q, scale, *zeros)
        assert_equal(found, expected)


@pytest.mark.parametrize(
    ("dtype", "source"),
    [
        *((dtype, "f32") for dtype in (*INTEGERS, *FLOATS)),
        *(("si4", source) for source in ("f16", "bf16", "f64", "si32")),
    ],
)
def test_dtypes(dtype: str, source: str) -> None:
    x, scale = numbers((40, 7), source), scales((7,), "f32" if source == "si32" else source)
    x[0] = [0, 1, -1, 100, -100, 3, 5] if source == "si32" else [np.inf, -np.inf, np.nan, 1e4, -1e4, 0.5, -0.0]
    zero = numbers((7,), dtype) if dtype in INTEGERS else np.zeros(7, NUMPY[dtype])
    for attributes in ["", "saturate = false"] if dtype in FLOATS else [""]:
        text = texts("quantize", [x, scale, zero], attributes, dtype)[0]
        expected, found = run_both(text, x, scale, zero)
        np.testing.assert_array_equal(found.view(np.uint8), expected.view(np.uint8))


@pytest.mark.parametrize(
    ("dtype", "result"),
    [
        *((dtype, "f32") for dtype in (*INTEGERS, *FLOATS, "si32")),
        *(("si4", result) for result in ("f16", "bf16", "f64")),
    ],
)
def test_dequantized_dtypes(dtype: str, result: str) -> None:
    q, zero, scale = numbers((40, 7), dtype), numbers((7,), dtype, 1), scales((7,), result)
    expected, found = run_both(texts("dequantize", [q, scale, zero], "", result)[0], q, scale, zero)
    assert_equal(found, expected)


def test_scales_that_are_powers_of_two() -> None:
    scale = np.array([[0.5, 2], [4, 8]]).astype(NUMPY["f8E8M0FNU"])
    q = numbers((2, 64), "f4E2M1FN")
    (text,) = texts("dequantize", [q, scale], "axis = 1 block_size = 32", "f32")
    expected, found = run_both(text, q, scale)
    assert_equal(found, expected)
    np.testing.assert_array_equal(found, q.astype("f") * np.repeat(scale.astype("f"), 32, axis=1))


def test_ties_go_to_even_and_ends_saturate() -> None:
    x = np.array([0.5, 1.5, 2.5, -0.5, -1.5, 126.5, 127.5, 300, -300], "f")
    (text, _) = texts("quantize", [x, np.float32(1)], "", "si8")
    assert run_both(text, x, np.float32(1))[1].tolist() == [0, 2, 2, 0, -2, 126, 127, 127, -128]


PRODUCTS = [  # the shapes of operands, and of zero points or None
    ((3, 4), (4, 5), (), ()),
    ((3, 4), (4, 5), None, None),
    ((3, 4), (4, 5), None, (5,)),
    ((3, 4), (4, 5), (3,), None),
    ((3, 4), (4, 5), (3,), (5,)),
    ((3, 4), (4, 5), (3, 1), (1, 5)),
    ((3, 4), (4, 5), (1,), (1,)),
    ((2, 3, 4), (2, 4, 5), (2, 3, 1), (2, 1, 5)),
    ((2, 3, 4), (2, 4, 5), (3,), (1, 1, 5)),
    ((2, 3, 4), (4, 5), (), (5,)),
    ((4,), (4, 5), (), (5,)),
    ((4,), (4, 5), (1,), (1, 5)),
    ((2, 3, 4), (4,), (3,), ()),
    ((2, 3, 4), (4,), (2, 3, 1), (1,)),
    ((4,), (4,), (), ()),
    ((3, 0), (0, 5), (), ()),
    ((40, 64), (64, 50), (40,), (50,)),
]


@pytest.mark.parametrize(
    ("shapes", "dtypes"),
    [
        *((shapes, ("ui8", "si8")) for shapes in PRODUCTS),
        *((PRODUCTS[4], dtypes) for dtypes in (("si8", "si8"), ("ui8", "ui8"), ("si16", "ui16"))),
    ],
    ids=str,
)
def test_integer_products(shapes: tuple[tuple[int, ...] | None, ...], dtypes: tuple[str, str]) -> None:
    operands = [numbers(shape, dtype, i) for i, (shape, dtype) in enumerate(zip(shapes[:2], dtypes, strict=True))]
    zeros = [
        None if shape is None else numbers(shape, dtype, 5) for shape, dtype in zip(shapes[2:], dtypes, strict=True)
    ]
    left, right = (x.astype(np.int64) for x in operands)
    if zeros[0] is not None:
        left = left - (zeros[0][:, None] if zeros[0].ndim == 1 and left.ndim > 1 else zeros[0])
    if zeros[1] is not None:
        right = right - zeros[1]
    wanted = np.matmul(left, right).astype(np.int32)
    arrays = [*operands, *(zero for zero in zeros if zero is not None)]
    for dims in (False, True):
        types = [type_of(x, [1 if dim == 1 else f"n{dim}" for dim in x.shape] if dims else None) for x in arrays]
        names = iter(range(2, 4))
        text = "%r0 = mo.matmul_integer %x0, %x1"
        for name, zero in zip(("lhs_zero", "rhs_zero"), zeros, strict=True):
            if zero is not None:
                i = next(names)
                text += f" {name} %x{i} : {types[i]}"
        output = type_of(wanted, named(wanted) if dims else None)
        expected, found = run_both(graph(types, [output], f"{text} : {types[0]}, {types[1]}"), *arrays)
        np.testing.assert_array_equal(expected, wanted)
        np.testing.assert_array_equal(found, wanted)
