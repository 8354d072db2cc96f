# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Each operation on numbers of each type is computed as numpy computes it, to the bit."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from .running import THREAD, TYPES, Array, assert_same, compiled, kernel, load, run, store, unsigned, values

COUNT = 256
INTEGERS = ["i8", "i16", "i32", "i64"]
FLOATS = ["f16", "bf16", "f32", "f64"]
ORDER: dict[str, Callable[..., Any]] = {
    "eq": np.equal, "ne": np.not_equal, "lt": np.less, "le": np.less_equal, "gt": np.greater, "ge": np.greater_equal
}  # fmt: skip


class Table:
    """Operations of as many inputs each, which kernels compute together: a kernel for each type of results."""

    def __init__(self, *types: str) -> None:
        self.types = types
        self.rows: list[tuple[str, str, str, Callable[..., Any], Callable[..., Any] | None]] = []

    def add(self, name: str, code: str, result: str, expected: Any, where: Any = None) -> None:
        """`code` computes `%r`, where `%x0`, … are the inputs; `expected` does so with numpy, `where` says of what."""
        self.rows.append((name, code, result, expected, where))

    def check(self) -> None:
        """Runs all of it. Says which operations are wrong."""
        inputs = [np.roll(values(type_, COUNT, number), 5 * number) for number, type_ in enumerate(self.types)]
        wrong = []
        results = sorted({row[2] for row in self.rows})
        rows = {result: [row for row in self.rows if row[2] == result] for result in results}
        image = compiled("".join(self._kernel(result, rows[result]) for result in results))
        for result in results:
            empty = np.zeros((len(rows[result]), COUNT), TYPES[result])
            (found,) = run(image, f"to_{result}", inputs, [empty], COUNT // 64)
            for row, (name, _, _, expected, where) in zip(found, rows[result], strict=True):
                with np.errstate(all="ignore"):
                    numbers = np.asarray(expected(*inputs)).astype(TYPES[result])
                    holds = True if where is None else where(*inputs)
                try:
                    assert_same(row, numbers, holds)
                except AssertionError as error:
                    wrong.append(f"{name} of {', '.join(self.types)} to {result}: {error}")
        assert not wrong, "\n".join(wrong)

    def _kernel(self, result: str, rows: Any) -> str:
        lines = [
            THREAD.replace("%i =", "%in ="),
            "%b = gpu.block_id x\n%bn = arith.index_cast %b : index to i64\n",
            "%size = arith.constant 64 : i64\n%first = arith.muli %bn, %size : i64\n",
            "%i = arith.addi %first, %in : i64\n",
        ]
        lines += [load(f"%x{number}", f"%a{number}", type_) for number, type_ in enumerate(self.types)]
        for number, (_, code, _, _, _) in enumerate(rows):
            own = code.replace("%r", f"%r{number}").replace("%_", f"%n{number}_")
            lines.append(own + f"\n%o{number} = arith.constant {number * COUNT} : i64\n")
            lines.append(f"%at{number} = arith.addi %i, %o{number} : i64\n")
            lines.append(store(f"%r{number}", f"%a{len(self.types)}", result, f"%at{number}"))
        return kernel(f"to_{result}", len(self.types) + 1, "".join(lines), 64)


def bits_of(type_: str) -> int:
    return int(type_[1:])


def divided(a: Array, b: Array) -> Array:
    """Towards zero."""
    quotient = [
        abs(x) // abs(y) * (1 if (x < 0) == (y < 0) else -1) for x, y in zip(a.tolist(), b.tolist(), strict=True)
    ]
    return np.array(quotient, a.dtype)


def divisor(b: Array) -> Array:
    """Neither 0 nor -1, which have no quotient."""
    return np.where((b | 3) == -1, 3, b | 3).astype(b.dtype)


def each(function: Callable[[int, int], int]) -> Callable[..., Array]:
    """Of the bits as Python's integers, which have as many bits as it takes."""
    return lambda *arrays: np.array(
        [function(*numbers) for numbers in zip(*(a.tolist() for a in arrays), strict=True)], object
    )


def wrapped(function: Callable[..., Array]) -> Callable[..., Array]:
    """Of the inputs as numbers without sign, and the lower bits of what they give."""

    def result(*arrays: Array) -> Array:
        bits = 8 * arrays[0].itemsize
        given = function(*(unsigned(a) for a in arrays))
        return np.array([int(x) & ((1 << bits) - 1) for x in given], unsigned(arrays[0]).dtype).view(arrays[0].dtype)

    return result


@pytest.mark.parametrize("type_", INTEGERS)
def test_integers(type_: str) -> None:
    table, bits = Table(type_, type_), bits_of(type_)
    for name, function in {
        "addi": np.add, "subi": np.subtract, "muli": np.multiply, "andi": np.bitwise_and, "ori": np.bitwise_or,
        "xori": np.bitwise_xor, "maxsi": np.maximum, "minsi": np.minimum,
    }.items():  # fmt: skip
        table.add(name, f"%r = arith.{name} %x0, %x1 : {type_}", type_, function)
    for name, function in {"maxui": np.maximum, "minui": np.minimum}.items():
        table.add(name, f"%r = arith.{name} %x0, %x1 : {type_}", type_, wrapped(function))
    count = f"%_w = arith.constant {bits - 1} : {type_}\n%_s = arith.andi %x1, %_w : {type_}\n"
    for name in ("shli", "shrsi"):
        function = {"shli": np.left_shift, "shrsi": np.right_shift}[name]
        table.add(
            name, count + f"%r = arith.{name} %x0, %_s : {type_}", type_, lambda a, b, f=function: f(a, b & (bits - 1))
        )
    shifted = wrapped(lambda a, b: a >> (b & (bits - 1)))
    table.add("shrui", count + f"%r = arith.shrui %x0, %_s : {type_}", type_, shifted)
    other = (
        f"%_3 = arith.constant 3 : {type_}\n%_y = arith.ori %x1, %_3 : {type_}\n%_m = arith.constant -1 : {type_}\n"
        f"%_c = arith.cmpi eq, %_y, %_m : {type_}\n%_z = arith.select %_c, %_3, %_y : {type_}\n"
    )
    for name, expected in {
        "divsi": lambda a, b: divided(a, divisor(b)),
        "remsi": lambda a, b: a - divided(a, divisor(b)) * divisor(b),
        "divui": wrapped(lambda a, b: a // unsigned(divisor(b.view(TYPES[type_])))),
        "remui": wrapped(lambda a, b: a % unsigned(divisor(b.view(TYPES[type_])))),
        "floordivsi": lambda a, b: a // divisor(b),
        "ceildivsi": lambda a, b: each(lambda x, y: -(-x // y))(a, divisor(b)),
    }.items():
        table.add(name, other + f"%r = arith.{name} %x0, %_z : {type_}", type_, expected)
    for name in ("eq", "ne", "slt", "sle", "sgt", "sge", "ult", "ule", "ugt", "uge"):
        compare = ORDER[name if name in ORDER else name[1:]]
        expected = (lambda a, b, f=compare: f(unsigned(a), unsigned(b))) if name[0] == "u" else compare
        table.add(name, f"%r = arith.cmpi {name}, %x0, %x1 : {type_}", "i1", expected)
    table.add("absi", f"%r = math.absi %x0 : {type_}", type_, lambda a, b: np.abs(a))
    table.add("ctpop", f"%r = math.ctpop %x0 : {type_}", type_, lambda a, b: each(int.bit_count)(unsigned(a)))
    zeros = each(lambda x: bits - x.bit_length())
    table.add("ctlz", f"%r = math.ctlz %x0 : {type_}", type_, lambda a, b: zeros(unsigned(a)))
    zeros_below = each(lambda x: (x & -x).bit_length() - 1 if x else bits)
    table.add("cttz", f"%r = math.cttz %x0 : {type_}", type_, lambda a, b: zeros_below(unsigned(a)))
    upper = each(lambda x, y: x * y >> bits)
    table.add("mulsi_extended", f"%_l, %r = arith.mulsi_extended %x0, %x1 : {type_}", type_, upper)
    table.add("mului_extended", f"%_l, %r = arith.mului_extended %x0, %x1 : {type_}", type_, wrapped(upper))
    carry = each(lambda x, y: x + y >> bits)
    overflow = f"%_l, %r = arith.addui_extended %x0, %x1 : {type_}, i1"
    table.add("addui_extended", overflow, "i1", lambda a, b: carry(unsigned(a), unsigned(b)) != 0)
    table.check()


@pytest.mark.parametrize("type_", INTEGERS)
def test_conversions_of_integers(type_: str) -> None:
    table, bits = Table(type_, "i1"), bits_of(type_)
    for other in INTEGERS:
        if bits_of(other) > bits:
            table.add("extsi", f"%r = arith.extsi %x0 : {type_} to {other}", other, lambda a, b: a)
            table.add("extui", f"%r = arith.extui %x0 : {type_} to {other}", other, lambda a, b: unsigned(a))
        elif bits_of(other) < bits:
            expected = lambda a, b, t=other: a.astype(TYPES[t])  # noqa: E731 - one of a table
            table.add("trunci", f"%r = arith.trunci %x0 : {type_} to {other}", other, expected)
    table.add("trunci", f"%r = arith.trunci %x0 : {type_} to i1", "i1", lambda a, b: (a & 1) != 0)
    table.add("extsi", f"%r = arith.extsi %x1 : i1 to {type_}", type_, lambda a, b: -b.astype(TYPES[type_]))
    table.add("extui", f"%r = arith.extui %x1 : i1 to {type_}", type_, lambda a, b: b)
    table.add("select", f"%r = arith.select %x1, %x0, %x0 : {type_}", type_, lambda a, b: a)
    for other in FLOATS:
        table.add("sitofp", f"%r = arith.sitofp %x0 : {type_} to {other}", other, lambda a, b: a)
        table.add("uitofp", f"%r = arith.uitofp %x0 : {type_} to {other}", other, lambda a, b: unsigned(a))
    table.check()


@pytest.mark.parametrize("type_", FLOATS)
def test_floats(type_: str) -> None:
    table = Table(type_, type_, type_)

    def add(name: str, code: str, function: Callable[..., Any]) -> None:
        def expected(*arrays: Array) -> Array:
            single = [a.astype(np.float32) if type_ == "bf16" else a for a in arrays]
            return np.asarray(function(*single))

        table.add(name, f"%r = {code} : {type_}", type_, expected)

    for name, function in {
        "addf": np.add, "subf": np.subtract, "mulf": np.multiply, "divf": np.divide, "remf": np.fmod,
        "maximumf": np.maximum, "minimumf": np.minimum, "maxnumf": np.fmax, "minnumf": np.fmin,
    }.items():  # fmt: skip
        add(name, f"arith.{name} %x0, %x1", lambda a, b, c, f=function: f(a, b))
    add("negf", "arith.negf %x0", lambda a, b, c: -a)
    for name, function in {
        "sqrt": np.sqrt, "absf": np.abs, "floor": np.floor, "ceil": np.ceil, "trunc": np.trunc, "roundeven": np.rint
    }.items():  # fmt: skip
        add(name, f"math.{name} %x0", lambda a, b, c, f=function: f(a))
    add("copysign", "math.copysign %x0, %x1", lambda a, b, c: np.copysign(a, b))
    for name in ("oeq", "one", "olt", "ole", "ogt", "oge", "ord", "ueq", "une", "ult", "ule", "ugt", "uge", "uno"):

        def compared(a: Array, b: Array, c: Array, name: str = name) -> Array:
            unordered = np.isnan(a.astype(np.float64)) | np.isnan(b.astype(np.float64))
            if name in ("ord", "uno"):
                return unordered == (name == "uno")
            holds = ORDER[name[1:]](a.astype(np.float64), b.astype(np.float64))
            return np.where(unordered, name[0] == "u", holds)

        table.add(name, f"%r = arith.cmpf {name}, %x0, %x1 : {type_}", "i1", compared)
    table.check()


@pytest.mark.parametrize("type_", FLOATS)
def test_fma_rounds_once(type_: str) -> None:
    def exact(a: Array, b: Array, c: Array) -> Array:
        numbers = zip(a.astype(float).tolist(), b.astype(float).tolist(), c.astype(float).tolist(), strict=True)
        return np.array(
            [float(Fraction(x) * Fraction(y) + Fraction(z)) if finite(x, y, z) else 0.0 for x, y, z in numbers]
        )

    def finite(*numbers: float) -> bool:
        return all(np.isfinite(numbers)) and all(1e-3 < abs(x) < 1e3 for x in numbers)

    def where(a: Array, b: Array, c: Array) -> Array:
        return np.array([finite(*map(float, numbers)) for numbers in zip(a, b, c, strict=True)])

    table = Table(type_, type_, type_)
    table.add("fma", f"%r = math.fma %x0, %x1, %x2 : {type_}", type_, exact, where)
    table.check()


@pytest.mark.parametrize("type_", FLOATS)
def test_conversions_of_floats(type_: str) -> None:
    table = Table(type_, "i1")
    width = {"f16": 16, "bf16": 16, "f32": 32, "f64": 64}
    for other in FLOATS:
        if width[other] > width[type_]:
            table.add("extf", f"%r = arith.extf %x0 : {type_} to {other}", other, lambda a, b: a)
        elif width[other] < width[type_]:
            table.add("truncf", f"%r = arith.truncf %x0 : {type_} to {other}", other, lambda a, b: a)
    for other in INTEGERS:
        limit = 2.0 ** (bits_of(other) - 1)
        inside = lambda a, b, m=limit: np.abs(a.astype(np.float64)) < m  # noqa: E731 - what is outside has no result
        table.add(
            "fptosi", f"%r = arith.fptosi %x0 : {type_} to {other}", other, lambda a, b: a.astype(np.float64), inside
        )
        positive = lambda a, b, m=limit: (a.astype(np.float64) > -1) & (a.astype(np.float64) < 2 * m)  # noqa: E731
        without_sign = lambda a, b, t=other: a.astype(np.float64).astype(f"u{TYPES[t]().itemsize}")  # noqa: E731
        table.add("fptoui", f"%r = arith.fptoui %x0 : {type_} to {other}", other, without_sign, positive)
    table.add("uitofp", f"%r = arith.uitofp %x1 : i1 to {type_}", type_, lambda a, b: b)
    minus = lambda a, b: np.where(b, -1.0, 0.0)  # noqa: E731 - one of a table
    table.add("sitofp", f"%r = arith.sitofp %x1 : i1 to {type_}", type_, minus)
    table.add("select", f"%r = arith.select %x1, %x0, %x0 : {type_}", type_, lambda a, b: a)
    table.check()


def test_truth() -> None:
    table = Table("i1", "i1", "i1")
    for name, function in {"andi": np.logical_and, "ori": np.logical_or, "xori": np.logical_xor}.items():
        table.add(name, f"%r = arith.{name} %x0, %x1 : i1", "i1", lambda a, b, c, f=function: f(a, b))
    table.add("select", "%r = arith.select %x0, %x1, %x2 : i1", "i1", np.where)
    table.check()


def test_doubles_become_bfloats_as_if_rounded_once() -> None:
    """By way of f32, these would be rounded to a tie, and then to the wrong side of it."""
    numbers = np.array(
        [1 + 2.0**-8 + 2.0**-40, 1 + 2.0**-8 - 2.0**-40, 1 + 2.0**-8, -1 - 2.0**-8 - 2.0**-40, 3.3961776e38]
    )
    body = THREAD + load("%x", "%a0", "f64") + "%r = arith.truncf %x : f64 to bf16\n" + store("%r", "%a1", "bf16")
    image = compiled(kernel("k", 2, body, len(numbers)))
    (found,) = run(image, "k", [numbers], [np.zeros(len(numbers), TYPES["bf16"])])
    assert found.astype(float).tolist() == [1 + 2.0**-7, 1.0, 1.0, -1 - 2.0**-7, np.inf]
