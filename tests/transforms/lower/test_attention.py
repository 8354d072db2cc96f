# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.attention` and `mo.rope`, compiled, against their references."""

import numpy as np
import pytest
from whole_graphs import NUMPY, assert_equal, graph, named, run_both, runners, type_of

TOLERANCE = {"f64": 1e-13, "f32": 2e-6, "f16": 1e-3, "bf16": 8e-3}


def operands(dtype: str, heads: int, groups: int, length: int = 5, keys: int = 7) -> list[np.ndarray]:
    random = np.random.default_rng(heads)
    shapes = [(2, heads, length, 8), (2, groups, keys, 8), (2, groups, keys, 6)]
    return [random.standard_normal(shape).astype(NUMPY[dtype]) for shape in shapes]


def attend(arrays: list[np.ndarray], options: str = "", names: bool = True) -> str:
    types = [type_of(x, named(x) if names else None) for x in arrays]
    q, _, v = (x.shape for x in arrays[:3])
    result = arrays[0][..., :1].repeat(v[3], -1)
    mask = f" mask %x3 : {types[3]}" if len(arrays) > 3 else ""
    text = f"%r0 = mo.attention %x0, %x1, %x2{mask} {options} : {', '.join(types[:3])}"
    return graph(types, [type_of(result, named(result) if names else None)], text)


@pytest.mark.parametrize(
    ("dtype", "heads", "options"),
    [
        *((dtype, (4, 2), "scale = 0.25 causal") for dtype in TOLERANCE),
        *(("f32", heads, options) for heads in [(4, 4), (3, 1)] for options in ("", "causal", "softcap = 0.5")),
    ],
    ids=str,
)
def test_heads_and_options(dtype: str, heads: tuple[int, int], options: str) -> None:
    arrays = operands(dtype, *heads)
    for names in (True, False):
        expected, found = run_both(attend(arrays, options, names), *arrays)
        assert_equal(found, expected, TOLERANCE[dtype])


@pytest.mark.parametrize(
    ("shape", "dtype"),
    [
        *((shape, "i1") for shape in [(5, 7), (4, 5, 7), (2, 1, 5, 7), (2, 4, 1, 7), (1, 4, 5, 1), (7,), ()]),
        ((2, 4, 5, 7), "f32"),
        ((5, 7), "f16"),
    ],
    ids=str,
)
def test_masks(shape: tuple[int, ...], dtype: str) -> None:
    arrays = operands("f32", 4, 2)
    random = np.random.default_rng(1)
    mask = random.integers(0, 2, shape).astype(bool) if dtype == "i1" else random.standard_normal(shape)
    arrays.append(np.asarray(mask).astype(NUMPY[dtype]))
    types_with_ones = [dim if dim == 1 else f"n{dim}" for dim in shape]
    text = attend(arrays).replace(type_of(arrays[3], named(arrays[3])), type_of(arrays[3], types_with_ones))
    expected, found = run_both(text, *arrays)
    assert_equal(found, expected, 2e-6)


def test_queries_without_a_key_get_zeros() -> None:
    arrays = operands("f32", 2, 2)
    mask = np.ones((5, 7), bool)
    mask[3] = False
    _, found = run_both(attend([*arrays, mask]), *arrays, mask)
    assert not found[:, :, 3].any()
    assert found[:, :, [0, 1, 2, 4]].all()
    _, additive = run_both(attend([*arrays, mask]), *arrays, mask)
    np.testing.assert_array_equal(additive, found)


def test_no_keys_no_queries() -> None:
    arrays = operands("f32", 2, 2, keys=0)
    _, found = run_both(attend(arrays), *arrays)
    assert found.shape == (2, 2, 5, 6)
    assert not found.any()
    arrays = operands("f32", 2, 2, length=0)
    assert run_both(attend(arrays), *arrays)[1].shape == (2, 2, 0, 6)


def test_scores_beyond_the_range_of_exp() -> None:
    arrays = operands("f32", 2, 2)
    arrays[0] *= 1e4
    expected, found = run_both(attend(arrays), *arrays)
    assert np.isfinite(found).all()
    assert_equal(found, expected, 1e-2)


def test_heads_that_groups_do_not_divide() -> None:
    arrays = operands("f32", 3, 2)
    for run in runners(attend(arrays)):
        with pytest.raises(ValueError, match="mo.attention: expected the heads of key and value, .*, to divide"):
            run(*arrays)


@pytest.mark.parametrize(("dtype", "interleaved"), [*((dtype, "") for dtype in TOLERANCE), ("f32", "interleaved")])
@pytest.mark.parametrize(
    ("shape", "angles"),
    [
        ((8,), (4,)),
        ((3, 8), (3, 4)),
        ((2, 3, 5, 8), (5, 4)),
        ((2, 3, 5, 2), (2, 1, 5, 1)),
        ((0, 6), (3,)),
        ((2, 0), (0,)),
    ],
    ids=str,
)
def test_rope(dtype: str, interleaved: str, shape: tuple[int, ...], angles: tuple[int, ...]) -> None:
    random = np.random.default_rng(2)
    x = random.standard_normal(shape).astype(NUMPY[dtype])
    angle = random.uniform(-3, 3, angles)
    arrays = [x, np.cos(angle).astype(x.dtype), np.sin(angle).astype(x.dtype)]
    half = [*(dim if dim == 1 else f"n{dim}" for dim in angles[:-1]), f"(n{shape[-1]}) floordiv 2"]
    for types in (
        [type_of(array) for array in arrays],
        [type_of(x, named(x)), type_of(arrays[1], half), type_of(arrays[2], half)],
    ):
        text = graph(types, types[:1], f"%r0 = mo.rope %x0, %x1, %x2 {interleaved} : {', '.join(types)}")
        expected, found = run_both(text, *arrays)
        assert_equal(found, expected, TOLERANCE[dtype])


def test_rope_of_an_odd_size() -> None:
    types = ["!mo.tensor<[n], f32>", *["!mo.tensor<[n floordiv 2], f32>"] * 2]
    for run in runners(graph(types, types[:1], f"%r0 = mo.rope %x0, %x1, %x2 : {', '.join(types)}")):
        with pytest.raises(ValueError, match="mo.rope: expected an even last dimension of the input"):
            run(np.ones(5, "f"), np.ones(2, "f"), np.ones(2, "f"))
