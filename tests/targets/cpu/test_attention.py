# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Attention, and what is spelled out like it, in blocks of rows: any lengths, on this machine and on lesser ones."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mograph
from mograph.targets.cpu import Host, target

Array = np.ndarray[Any, Any]


def tensor(*dims: object) -> str:
    """A type of f32."""
    return f"!mo.tensor<[{', '.join(map(str, dims))}], f32>"


def reference(q: Array, k: Array, v: Array, mask: Array | float = 0.0, ahead: int | None = None) -> Array:
    """In float64. For row m only keys up to m + ahead count."""
    repeat = q.shape[1] // k.shape[1]
    k, v = (np.repeat(x.astype(np.float64), repeat, 1) for x in (k, v))
    scores = q.astype(np.float64) @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1]) + mask
    if ahead is not None:
        rows, columns = np.indices(scores.shape[-2:])
        scores = np.where(columns <= rows + ahead, scores, -np.inf)
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    out: Array = weights / weights.sum(-1, keepdims=True) @ v
    return out


def attention(q: Array, k: Array, v: Array, causal: bool, names: bool) -> Array:
    """By `mo.attention`, of shapes that are known or have names."""
    out = (*q.shape[:3], v.shape[3])
    dims = {1: "b", q.shape[2]: "m", k.shape[2]: "n"} if names else {}
    types = [tensor(x[0], x[1], dims.get(x[2], x[2]), x[3]) for x in (q.shape, k.shape, v.shape, out)]
    inputs = ", ".join(f"%{name}: {type_}" for name, type_ in zip("qkv", types, strict=False))
    text = f"%r = mo.attention %q, %k, %v {'causal' if causal else ''} : {', '.join(types[:3])}"
    run = mograph.compile(f"mo.graph @f({inputs}) -> {types[3]} {{ {text}\n mo.output %r : {types[3]} }}")
    result: Array = run(q, k, v)
    return result


@settings(max_examples=15, deadline=None)
@given(
    length=st.integers(1, 150),
    keys=st.integers(1, 200),
    size=st.integers(1, 70),
    width=st.integers(1, 70),
    heads=st.sampled_from([(1, 1), (2, 2), (4, 2), (3, 1)]),
    causal=st.booleans(),
    names=st.booleans(),
    seed=st.integers(0, 9),
)
def test_any_lengths(
    length: int, keys: int, size: int, width: int, heads: tuple[int, int], causal: bool, names: bool, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    shapes = (1, heads[0], length, size), (1, heads[1], keys, size), (1, heads[1], keys, width)
    q, k, v = (rng.standard_normal(shape).astype(np.float32) for shape in shapes)
    found = attention(q, k, v, causal, names and length != keys)
    np.testing.assert_allclose(found, reference(q, k, v, 0.0, 0 if causal else None), 1e-5, 1e-5)


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("length", [8, 77, 256])
def test_machines(host: Host, length: int, causal: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(target, "this_host", lambda: host)
    rng = np.random.default_rng(length)
    q, k, v = (rng.standard_normal((1, 4, length, 40)).astype(np.float32) for _ in range(3))
    found = attention(q, k, v, causal, False)
    np.testing.assert_allclose(found, reference(q, k, v, 0.0, 0 if causal else None), 1e-5, 1e-5)


@pytest.mark.parametrize("shape", [(1, 1, 90, 70), (2, 1, 1, 70), (1, 3, 90, 1)])
@pytest.mark.parametrize("length", [90, 1])
def test_spelled_out_with_a_mask(shape: tuple[int, ...], length: int) -> None:
    rng = np.random.default_rng(1)
    q, k, v = (rng.standard_normal((2, 3, n, 24)).astype(np.float32) for n in (length, 70, 70))
    shape = (*shape[:2], min(shape[2], length), shape[3])
    mask = np.where(rng.random(shape) < 0.3, -30, 0).astype(np.float32)
    types = [tensor(*x.shape) for x in (q, k, v, mask)]
    turned, scores = tensor(2, 3, 24, 70), tensor(2, 3, length, 70)
    run = mograph.compile(f"""
        mo.graph @f(%q: {types[0]}, %k: {types[1]}, %v: {types[2]}, %mask: {types[3]}, %s: {tensor()}) -> {types[0]} {{
          %t = mo.transpose %k perm = [0, 1, 3, 2] : {types[1]}
          %a = mo.matmul %q, %t : {types[0]}, {turned}
          %b = mo.mul %a, %s : {scores}, {tensor()}
          %c = mo.add %b, %mask : {scores}, {types[3]}
          %p = mo.softmax %c : {scores}
          %o = mo.matmul %p, %v : {scores}, {types[2]}
          mo.output %o : {types[0]}
        }}""")
    found = run(q, k, v, mask, np.float32(24**-0.5))
    np.testing.assert_allclose(found, reference(q, k, v, mask), 1e-5, 1e-5)


def test_what_a_causal_mask_hides_is_not_read() -> None:
    """A block of keys that no row sees may hold anything."""
    rng = np.random.default_rng(0)
    q, k, v = (rng.standard_normal((1, 2, 256, 64)).astype(np.float32) for _ in range(3))
    expected = attention(q, k, v, True, False)
    v[:, :, 192:] = np.nan
    found = attention(q, k, v, True, False)
    np.testing.assert_array_equal(found[:, :, :128], expected[:, :, :128])
    assert np.isnan(found[:, :, 192:]).all()


def test_scores_that_are_wanted_are_whole() -> None:
    text = """
    mo.graph @f(%q: !mo.tensor<[2, 4, 8], f32>, %k: !mo.tensor<[2, 8, 18], f32>, %v: !mo.tensor<[2, 18, 8], f32>,
                %m: !mo.tensor<[4, 18], f32>) -> (!mo.tensor<[2, 4, 8], f32>, !mo.tensor<[2, 4, 18], f32>) {
      %0 = mo.matmul %q, %k : !mo.tensor<[2, 4, 8], f32>, !mo.tensor<[2, 8, 18], f32>
      %1 = mo.add %0, %m : !mo.tensor<[2, 4, 18], f32>, !mo.tensor<[4, 18], f32>
      %2 = mo.softmax %1 : !mo.tensor<[2, 4, 18], f32>
      %3 = mo.matmul %2, %v : !mo.tensor<[2, 4, 18], f32>, !mo.tensor<[2, 18, 8], f32>
      mo.output %3, %1 : !mo.tensor<[2, 4, 8], f32>, !mo.tensor<[2, 4, 18], f32>
    }"""
    draw = np.random.default_rng(0).standard_normal
    inputs = [draw(shape).astype(np.float32) for shape in ((2, 4, 8), (2, 8, 18), (2, 18, 8), (4, 18))]
    inputs[3][:, 13:] = -np.inf
    for found, expected in zip(mograph.compile(text)(*inputs), mograph.interpret(text)(*inputs), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("sizes", [(2, 3, 4, 5), (1, 3, 4, 5), (7, 3, 4, 5), (9, 5, 33, 17)], ids=str)
def test_few_rows_of_known_number_touch_no_others(sizes: tuple[int, int, int, int]) -> None:
    rows, depth, keys, width = sizes
    types = [tensor(rows, depth), tensor(depth, keys), tensor(keys, width)]
    scores, out = tensor(rows, keys), tensor(3, rows, width)
    run = mograph.compile(f"""
    mo.graph @f(%q: {types[0]}, %k: {types[1]}, %v: {types[2]}, %o: {out}) -> {out} {{
      %0 = mo.matmul %q, %k : {types[0]}, {types[1]}
      %1 = mo.softmax %0 : {scores}
      %2 = mo.matmul %1, %v : {scores}, {types[2]}
      %3 = mo.reshape %2 : {tensor(rows, width)} to {tensor(1, rows, width)}
      %4 = mo.add %3, %o : {tensor(1, rows, width)}, {out}
      mo.output %4 : {out}
    }}""")
    draw = np.random.default_rng(0).standard_normal
    q, k, v = (draw(shape).astype(np.float32) for shape in ((rows, depth), (depth, keys), (keys, width)))
    around = np.arange(3 * rows * width, dtype=np.float32).reshape(3, rows, width)
    weights = np.exp(q.astype(np.float64) @ k)
    mixed = weights / weights.sum(-1, keepdims=True) @ v
    for _ in range(20):
        np.testing.assert_allclose(run(q, k, v, around), mixed + around, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("names", [False, True])
@pytest.mark.parametrize(("length", "heads", "size"), [(1, 3, 5), (37, 4, 16), (128, 12, 32)])
def test_heads_side_by_side(length: int, heads: int, size: int, names: bool) -> None:
    """Queries, keys and values come as projections give them, and the result goes where the next one reads it: twice
    the same, so that the kernels are functions whose arguments have one type.
    """
    m = "m" if names else length
    rows, four, turned = tensor(m, heads * size), tensor(m, heads, size), tensor(heads, m, size)
    lines, h = [], "%x"
    for i in range(2):
        for name in "qkv":
            lines += [
                f"%{name}{i} = mo.reshape {h} : {rows} to {four}",
                f"%{name}t{i} = mo.transpose %{name}{i} perm = [1, 0, 2] : {four}",
            ]
        lines += [
            f"%kk{i} = mo.transpose %kt{i} perm = [0, 2, 1] : {turned}",
            f"%s{i} = mo.matmul %qt{i}, %kk{i} : {turned}, {tensor(heads, size, m)}",
            f"%w{i} = mo.softmax %s{i} : {tensor(heads, m, m)}",
            f"%o{i} = mo.matmul %w{i}, %vt{i} : {tensor(heads, m, m)}, {turned}",
            f"%t{i} = mo.transpose %o{i} perm = [1, 0, 2] : {turned}",
            f"%r{i} = mo.reshape %t{i} : {four} to {rows}",
        ]
        h = f"%r{i}"
    run = mograph.compile(f"mo.graph @f(%x: {rows}) -> {rows} {{ {chr(10).join(lines)}\n mo.output {h} : {rows} }}")
    x = np.random.default_rng(0).standard_normal((length, heads * size)).astype(np.float32)
    expected = x.astype(np.float64)
    for _ in range(2):
        heads_first = expected.reshape(length, heads, size).transpose(1, 0, 2)
        expected = reference(
            heads_first[None] * np.sqrt(size) ** 0.5, heads_first[None] * np.sqrt(size) ** 0.5, heads_first[None]
        )[0]
        expected = expected.transpose(1, 0, 2).reshape(length, heads * size)
    np.testing.assert_allclose(run(x), expected, rtol=1e-4, atol=1e-5)
