# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every arithmetic operation on every dtype: a module of some eighty models, compiled at once, and the references."""

import ml_dtypes
import numpy as np
import pytest
from numpy.typing import NDArray

import mograph as mo

ARITHMETIC = "add sub mul div floor_div mod fmod pow max min atan2 and or xor shift_left shift_right"
COMPARE = "equal not_equal less less_equal greater greater_equal"
UNARY = """
    negative abs sign exp exp2 expm1 log log2 log10 log1p sqrt rsqrt cbrt reciprocal square sin cos tan asin acos atan
    sinh cosh tanh asinh acosh atanh erf erfc sigmoid relu gelu silu softplus floor ceil round trunc not softmax
    log_softmax"""
TEST = "is_nan is_inf is_finite"
REDUCE = "add mul max min mean any all"

DTYPES = {
    "i1": (np.bool_, 0.0),
    **{f"si{bits}": (f"int{bits}", 0.0) for bits in (8, 16, 32, 64)},
    **{f"ui{bits}": (f"uint{bits}", 0.0) for bits in (8, 16, 32, 64)},
    "f16": (np.float16, 2e-3),
    "bf16": (ml_dtypes.bfloat16, 1.6e-2),
    "f32": (np.float32, 3e-6),
    "f64": (np.float64, 1e-12),
    "f8E4M3FN": (ml_dtypes.float8_e4m3fn, 0.15),
    "f8E5M2": (ml_dtypes.float8_e5m2, 0.3),
}
# How many of the models below are valid, by kind of dtype: so that none is left out without notice.
VALID = {"b": 29, "i": 53, "u": 53, "f": 88, "V": 88}


def models(dtype: str) -> dict[str, str]:
    """The text of each model on a dtype by name, the invalid ones too. All take `a` [n, 5], and `b` [5]."""
    a, b, row, column = (f"!mo.tensor<[{dims}], {dtype}>" for dims in ("n, 5", "5", "5", "n"))
    mask = "!mo.tensor<[n, 5], i1>"
    found = {}

    def add(name: str, text: str, result: str) -> None:
        name = name.replace(".", "_")
        found[name] = f"mo.graph @{name}(%a: {a}, %b: {b}) -> {result} {{\n  {text}\n  mo.output %r : {result}\n}}\n"

    for ops, result in ((ARITHMETIC, a), (COMPARE, mask)):
        for op in ops.split():
            add(op, f"%r = mo.{op} %a, %b : {a}, {b}", result)
    for ops, result in ((UNARY, a), (TEST, mask)):
        for op in ops.split():
            add(op, f"%r = mo.{op} %a : {a}", result)
    for op in REDUCE.split():
        add(f"{op}.rows", f"%r = mo.reduce.{op} %a axes = [0] : {a}", row)
        add(f"{op}.columns", f"%r = mo.reduce.{op} %a axes = [1] : {a}", column)
    for op in ("arg_max", "arg_min"):
        add(op, f"%r = mo.reduce.{op} %a axis = 0 : {a}", "!mo.tensor<[5], si64>")
    for other in DTYPES:
        result = f"!mo.tensor<[n, 5], {other}>"
        add(f"to.{other}", f"%r = mo.cast %a : {a} to {result}", result)
    add("matmul", f"%r = mo.matmul %a, %b : {a}, {b}", column)
    return found


def is_valid(text: str) -> bool:
    try:
        mo.parse(text)
    except mo.DiagnosticError:
        return False
    return True


def drawn(dtype: str, shape: tuple[int, ...]) -> "NDArray[np.generic]":
    random = np.random.default_rng(len(shape))
    numpy_dtype = np.dtype(DTYPES[dtype][0])
    if dtype == "i1":
        return random.integers(0, 2, shape).astype(numpy_dtype)
    if numpy_dtype.kind in "iu":
        return random.integers(-5 if dtype[0] == "s" and len(shape) > 1 else 0, 8, shape).astype(numpy_dtype)
    return (random.standard_normal(shape) * 2).astype(numpy_dtype)


@pytest.mark.parametrize("dtype", DTYPES)
def test_compiled_and_interpreted_agree(dtype: str) -> None:
    valid = {name: text for name, text in models(dtype).items() if is_valid(text)}
    assert len(valid) == VALID[np.dtype(DTYPES[dtype][0]).kind]
    compiled = mo.load_all("".join(valid.values()))
    assert list(compiled) == list(valid)
    a, b = drawn(dtype, (3, 5)), drawn(dtype, (5,))
    tolerance = DTYPES[dtype][1]
    for name, text in valid.items():
        expected, found = mo.interpret(text)(a, b), compiled[name](a, b)
        assert (found.dtype, found.shape) == (expected.dtype, expected.shape), name
        if found.dtype.kind in "fV":
            found, expected = found.astype(np.float64), expected.astype(np.float64)
            np.testing.assert_allclose(found, expected, tolerance, max(tolerance, 1e-6), err_msg=name)
        else:
            np.testing.assert_array_equal(found, expected, err_msg=name)


@pytest.mark.parametrize("dtype", ["f16", "bf16", "f32", "f64"])
def test_draws_agree(dtype: str) -> None:
    scalar, drawn_type = f"!mo.tensor<[], {dtype}>", f"!mo.tensor<[a, b], {dtype}>"
    operands = f"!mo.tensor<[2], si64>, {scalar}, {scalar}, !mo.tensor<[], si64>"
    text = f"""
mo.graph @f(%shape: !mo.tensor<[2], si64>, %p: {scalar}, %q: {scalar}, %seed: !mo.tensor<[], si64>)
    -> ({drawn_type}, {drawn_type}) {{
  %n = mo.random.normal %shape, %p, %q, %seed : ({operands}) -> {drawn_type}
  %u = mo.random.uniform %shape, %p, %q, %seed : ({operands}) -> {drawn_type}
  mo.output %n, %u : {drawn_type}, {drawn_type}
}}"""
    numpy_dtype = np.dtype(DTYPES[dtype][0])
    arguments = np.array([7, 5]), np.array(1, numpy_dtype), np.array(3, numpy_dtype), np.array(-(2**40))
    (normal, uniform), expected = mo.compile(text)(*arguments), mo.interpret(text)(*arguments)
    np.testing.assert_array_equal(uniform, expected[1])
    np.testing.assert_allclose(normal.astype("d"), expected[0].astype("d"), rtol=DTYPES[dtype][1], atol=1e-5)
