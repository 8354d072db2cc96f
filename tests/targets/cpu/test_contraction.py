# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Contractions of every layout, extent, dtype and surrounding, against float64."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import ml_dtypes
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import mograph as mo
from mograph import _runtime
from mograph.targets.cpu import Host, this_host
from mograph.targets.cpu.contraction.schedule import Shape, choose
from mograph.targets.cpu.schedules import Sources, making, using

from ..conftest import Build

NUMPY = {
    "f32": np.float32,
    "f64": np.float64,
    "i32": np.int32,
    "i8": np.int8,
    "f16": np.float16,
    "bf16": ml_dtypes.bfloat16,
}
SMALL = {"f8E4M3FN": ml_dtypes.float8_e4m3fn, "f8E5M2": ml_dtypes.float8_e5m2}
ACCUMULATORS = {"f32": "f32", "f64": "f64", "i32": "i32", "i8": "i32", **dict.fromkeys(("f16", "bf16", *SMALL), "f32")}
WIDENED = {"i8": "arith.extsi", **dict.fromkeys(("f16", "bf16", *SMALL), "arith.extf")}
EXTENTS = st.sampled_from([0, 1, 2, 3, 7, 13, 16, 31, 33, 40, 64, 97, 130])


@dataclass(frozen=True)
class Case:
    """A product of extents `m`, `n`, `k`, once for each of `batch`, with operands stored in the order of their loops.
    The extents in `named` are known at run time only. `after` is what is done to the result: nothing, or a row is added
    and negative sums are set to 0.
    """

    dtype: str
    a: str
    b: str
    c: str
    extents: tuple[int, int, int, int]
    named: bool
    filled: bool
    after: bool

    def shape(self, operand: str) -> tuple[int, ...]:
        return tuple(self.extents["gmnk".index(loop)] for loop in operand)

    def type(self, operand: str, dtype: str) -> str:
        return "tensor<" + "".join("?x" if self.named else f"{size}x" for size in self.shape(operand)) + dtype + ">"

    def text(self) -> str:
        dtype, total = self.dtype, ACCUMULATORS[self.dtype]
        multiply, add, zero = (
            ("arith.muli", "arith.addi", "0") if total == "i32" else ("arith.mulf", "arith.addf", "0.0")
        )
        maximum = "arith.maxsi" if total == "i32" else "arith.maximumf"
        maps = ", ".join(f"affine_map<(g, m, n, k) -> ({', '.join(operand)})>" for operand in (self.a, self.b, self.c))
        sides = [self.type(self.a, dtype), self.type(self.b, dtype), self.type(self.c, total)]
        kinds = ", ".join(f'"{kind}"' for kind in ["parallel"] * 3 + ["reduction"])
        widen = "\n".join(f"%w{i} = {WIDENED[dtype]} %x{i} : {dtype} to {total}" for i in (0, 1) if dtype in WIDENED)
        x, y = ("%w0", "%w1") if dtype in WIDENED else ("%x0", "%x1")
        sizes = ", ".join(f"%n{i}" for i in range(len(self.c))) if self.named else ""
        dims = "\n".join(
            f"%c{i} = arith.constant {i} : index\n%n{i} = tensor.dim %c, %c{i} : {sides[2]}" for i in range(len(self.c))
        )
        identity = ", ".join(f"d{i}" for i in range(len(self.c)))
        column = f"d{self.c.index('n')}"
        row = "tensor<?x" + total + ">" if self.named else f"tensor<{self.extents[2]}x{total}>"
        start = "%c" if not self.filled else "%i"
        after = f"""
  %out = linalg.generic {{indexing_maps = [affine_map<({identity}) -> ({identity})>,
      affine_map<({identity}) -> ({column})>,
      affine_map<({identity}) -> ({identity})>], iterator_types = [{", ".join(['"parallel"'] * len(self.c))}]}}
    ins(%r, %row : {sides[2]}, {row}) outs(%e : {sides[2]}) {{
  ^bb0(%p: {total}, %q: {total}, %o: {total}):
    %s = {add} %p, %q : {total}
    %t = {maximum} %s, %z : {total}
    linalg.yield %t : {total}
  }} -> {sides[2]}"""
        return f"""
func.func @f(%a: {sides[0]}, %b: {sides[1]}, %c: {sides[2]}, %row: {row}) -> {sides[2]} {{
  {dims}
  %z = arith.constant {zero} : {total}
  %e = tensor.empty({sizes}) : {sides[2]}
  %i = linalg.fill ins(%z : {total}) outs(%e : {sides[2]}) -> {sides[2]}
  %r = linalg.generic {{indexing_maps = [{maps}], iterator_types = [{kinds}]}}
    ins(%a, %b : {sides[0]}, {sides[1]}) outs({start} : {sides[2]}) {{
  ^bb0(%x0: {dtype}, %x1: {dtype}, %s: {total}):
    {widen}
    %p = {multiply} {x}, {y} : {total}
    %t = {add} %s, %p : {total}
    linalg.yield %t : {total}
  }} -> {sides[2]}
  {after if self.after else ""}
  return {"%out" if self.after else "%r"} : {sides[2]}
}}"""

    def check(self, build: Build, host: Host) -> None:
        total = ACCUMULATORS[self.dtype]
        operands = [(self.dtype, self.a), (self.dtype, self.b), (total, self.c), (total, "n")]
        specs = [(dtype.replace("i", "si"), *self._dims(operand)) for dtype, operand in operands]
        f = build(self.text(), specs, [specs[2]], host=host)
        rng = np.random.default_rng(0)

        def draw(operand: str, dtype: str) -> np.ndarray:
            return np.asarray(rng.integers(-9, 9, self.shape(operand))).astype({**NUMPY, **SMALL}[dtype])

        a, b, c, row = draw(self.a, self.dtype), draw(self.b, self.dtype), draw(self.c, total), draw("n", total)
        wide = np.int64 if total == "i32" else np.float64
        expected = np.einsum(f"{self.a},{self.b}->{self.c}", a.astype(wide), b.astype(wide))
        if not self.filled:
            expected = expected + c
        if self.after:
            shape = [1] * len(self.c)
            shape[self.c.index("n")] = -1
            expected = np.maximum(expected + row.reshape(shape), 0)
        np.testing.assert_array_equal(f(a, b, c, row), expected)  # small integers: exact in every order

    def _dims(self, operand: str) -> tuple[str | int, ...]:
        return tuple(operand) if self.named else self.shape(operand)


CASES = st.builds(
    Case,
    st.sampled_from(list(NUMPY)),
    st.sampled_from(["gmk", "gkm", "mk", "km", "mgk"]),
    st.sampled_from(["gkn", "gnk", "kn", "nk"]),
    st.sampled_from(["gmn", "gnm", "mgn"]),
    st.tuples(st.sampled_from([1, 2, 3]), EXTENTS, EXTENTS, st.sampled_from([0, 1, 5, 32, 64, 100, 600, 1100])),
    st.booleans(),
    st.booleans(),
    st.booleans(),
).filter(lambda case: "g" in case.a + case.b)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(case=CASES)
def test_any(build: Build, host: Host, case: Case) -> None:
    case.check(build, host)


@pytest.mark.parametrize(
    "shape", [(1, 300, 200, 700), (1, 1, 513, 600), (1, 5, 300, 700), (4, 64, 64, 64), (1, 530, 40, 33), (1, 40, 70, 0)]
)
@pytest.mark.parametrize("layout", [("gmk", "gkn"), ("gkm", "gnk")])
@pytest.mark.parametrize("dtype", ["f32", "bf16"])
def test_large(build: Build, host: Host, dtype: str, layout: tuple[str, str], shape: tuple[int, int, int, int]) -> None:
    for named, filled, after in [(False, True, True), (True, True, False), (True, False, True)]:
        Case(dtype, *layout, "gmn", shape, named, filled, after).check(build, host)


@pytest.mark.parametrize(
    "shape", [(1, 7, 5, 4), (1, 33, 100, 64), (3, 40, 33, 600), (1, 130, 97, 1100), (2, 0, 40, 8), (1, 300, 1, 700)]
)
@pytest.mark.parametrize("layout", [("gmk", "gkn"), ("gkm", "gnk")])
def test_tiles_of_several_steps(
    build: Build, host: Host, layout: tuple[str, str], shape: tuple[int, int, int, int]
) -> None:
    """As those of large products are, that ask for what they read next."""

    def rule(_: str, fields: Mapping[str, int]) -> dict[str, int] | None:
        return None if fields["stream"] else {"soon": True, "steps": 4}

    with using(Sources(rules={"contraction": rule})):
        for filled, after in [(True, True), (True, False), (False, True)]:
            Case("f32", *layout, "gmn", shape, False, filled, after).check(build, host)


def test_results_do_not_depend_on_the_number_of_threads(build: Build) -> None:
    case = Case("f32", "gmk", "kn", "gmn", (1, 300, 200, 3000), True, True, False)
    operands = [("f32", "g", "m", "k"), ("f32", "k", "n"), ("f32", "g", "m", "n"), ("f32", "n")]
    f = build(case.text(), operands, [operands[2]])
    rng = np.random.default_rng(0)
    a, b, c, row = (rng.standard_normal(s, np.float32) for s in [(1, 300, 3000), (3000, 200), (1, 300, 200), (200,)])
    before = _runtime.thread_count()
    try:
        results = []
        for threads in (1, 2, 5):
            _runtime.set_thread_count(threads)
            results.append(f(a, b, c, row))
    finally:
        _runtime.set_thread_count(before)
    for other in results[1:]:
        np.testing.assert_array_equal(results[0], other)


@pytest.mark.parametrize("shape", [(1, 6, 5, 40), (1, 7, 70, 9), (2, 13, 130, 33), (1, 19, 64, 100), (1, 30, 33, 513)])
@pytest.mark.parametrize("fields", [{"task_rows": 12}, {"task_rows": 30, "depth": 32, "single": False}])
def test_last_tiles_that_compute_rows_again(
    build: Build, host: Host, fields: dict[str, int], shape: tuple[int, int, int, int]
) -> None:
    """Those of a task of fewer rows than a tile has read rows of A that are another task's."""

    def rule(_: str, chosen: Mapping[str, int]) -> dict[str, int] | None:
        single = {"depth": shape[3], "single": True}
        return {**chosen, **single, **fields, "rows": 6, "pack_a": False, "steps": 1, "stream": 0, "soon": False}

    with using(Sources(rules={"contraction": rule})):
        for filled, after in [(True, True), (True, False), (False, True), (False, False)]:
            Case("f32", "gmk", "gkn", "gmn", shape, False, filled, after).check(build, host)


def test_schedules_ask_for_weights_ahead_where_few_tiles_use_them() -> None:
    machine = replace(this_host().machine, vector_bits=512, masks=True, caches=(48 << 10, 2 << 20), cores=2)
    few = Shape(128, 4096, 1024, 1, 4, a_stride=4096, b_direct=True, kept=0, prepared=True)
    assert (choose(few, machine).ahead, choose(few, machine).close) == (True, True)
    assert (choose(replace(few, prepared=False), machine).ahead, choose(few, machine).close) == (False, True)
    tall = choose(replace(few, m=4096), machine)
    assert (tall.ahead, tall.close) == (False, False)
    assert tall.task_rows >= 4096


def test_tiles_leave_registers_for_what_is_loaded_early() -> None:
    machine = replace(this_host().machine, vector_bits=512, masks=True, caches=(48 << 10, 2 << 20), cores=2)
    for shape in ((8192, 384, 384), (8192, 384, 1536), (None, 1000, 1024), (1026, 1024, 1024), (90, 100, 100)):
        schedule = choose(Shape(*shape, 1, 4, a_stride=None, b_direct=True, kept=0, prepared=True), machine)
        assert (schedule.rows + 1) * schedule.registers <= machine.registers - 3


def test_rows_that_no_cache_keeps_are_asked_for() -> None:
    machine = replace(this_host().machine, vector_bits=512, masks=True, caches=(48 << 10, 2 << 20), cores=2)
    shape = Shape(8192, 1536, 384, 1, 4, a_stride=1536, b_direct=True, kept=0, prepared=True)
    assert (choose(shape, machine).single, choose(shape, machine).soon) == (True, True)
    near = replace(shape, m=1024, n=1024)
    assert not choose(replace(near, k=1024), machine).soon


def test_small_products_have_shorter_code() -> None:
    machine = replace(this_host().machine, vector_bits=512, masks=True, caches=(48 << 10, 2 << 20), cores=2)
    small, large = (choose(Shape(n, n, n, 1, 4, a_stride=4 * n, b_direct=True, kept=0), machine) for n in (256, 1024))
    assert small.rows * small.registers * small.steps < large.rows * large.registers * large.steps


def test_c_is_written_once_where_the_first_cache_holds_rows_of_a() -> None:
    machine = replace(this_host().machine, vector_bits=512, masks=True, caches=(48 << 10, 2 << 20), cores=2)
    shape = Shape(128, 4096, 1024, 1, 4, a_stride=4096, b_direct=True, kept=0, prepared=True)
    assert (choose(shape, machine).single, choose(shape, machine).depth) == (True, 1024)
    assert not choose(replace(shape, k=2048), machine).single
    assert not choose(replace(shape, k=None), machine).single
    assert not choose(replace(shape, prepared=False), machine).single


def test_large_products_take_several_steps_and_ask_for_the_next_strip() -> None:
    machine = replace(this_host().machine, vector_bits=512, masks=True, caches=(48 << 10, 2 << 20), cores=2)
    large = Shape(1024, 1024, 1024, 1, 4, a_stride=4096, b_direct=True, kept=0)
    assert (choose(large, machine).steps, choose(large, machine).soon) == (2, True)
    once = choose(replace(large, prepared=True), machine)  # C is not read again
    assert (once.single, once.steps, once.soon) == (True, 2, False)
    pairs = {"pairs": True, "b_direct": False, "a_stride": None}
    for other in ({"m": 256}, {"k": None}, {"k": 1026}, pairs):
        schedule = choose(replace(large, **other), machine)
        assert (schedule.steps, schedule.soon) == (1, False)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"steps": 3}, "expected whole trips of a tile's loop, found 3 steps in each"),
        ({"steps": 0}, "expected sizes above 0"),
        ({"steps": 64, "depth": 416}, "expected a depth of whole trips of 64 steps, found 416"),
    ],
)
def test_steps_that_do_not_divide_a_slab_are_errors(fields: dict[str, int], message: str) -> None:
    shape = Shape(1024, 1024, 1024, 1, 4, a_stride=4096, b_direct=True, kept=0)
    sources = Sources(rules={"contraction": lambda *_: fields})
    with using(sources), making("kernel", {}, lambda: "key"), pytest.raises(ValueError, match=message):
        choose(shape, this_host().machine)


def test_tasks_are_tall_where_b_is_copied() -> None:
    machine = replace(this_host().machine, vector_bits=512, masks=True, caches=(48 << 10, 2 << 20), cores=2)
    shape = Shape(4096, 4096, 4096, 1, 4, a_stride=16384, b_direct=True, kept=0, prepared=False)
    schedule = choose(shape, machine)
    assert schedule.task_rows >= 4096
    assert schedule.depth * schedule.task_columns * 4 <= machine.cache(2) // 2
    assert choose(replace(shape, kept=4), machine).task_rows * schedule.task_columns * 4 <= 2 * machine.cache(2)


def test_tiles_have_several_vectors_where_single_ones_come_out_even() -> None:
    machine = replace(this_host().machine, vector_bits=512, masks=True, caches=(48 << 10, 2 << 20), cores=2)
    shape = Shape(128, 784, 512, 1, 4, a_stride=2048, b_direct=True, kept=0)  # 784 is 49 vectors
    schedule = choose(shape, machine)
    assert (schedule.registers, schedule.pack_a) == (2, False)


def test_products_with_weights_have_more_tasks_than_cores() -> None:
    machine = replace(this_host().machine, vector_bits=512, masks=True, caches=(48 << 10, 2 << 20), cores=2)
    for m, n, k in ((256, 1024, 1024), (256, 2816, 1024), (128, 1024, 4096), (1024, 1024, 1024)):
        schedule = choose(Shape(m, n, k, 1, 4, a_stride=4 * k, b_direct=True, kept=0, prepared=True), machine)
        assert -(-m // schedule.task_rows) * -(-n // schedule.task_columns) >= 2 * machine.cores
        assert schedule.ahead == (m < 1024)
        slabs = (1 + schedule.ahead) * schedule.depth * schedule.task_columns * 4  # the next one is asked for
        assert slabs <= machine.cache(2) // 2


def test_slabs_that_are_asked_for_have_several_tiles_where_caches_are_small() -> None:
    machine = replace(this_host().machine, vector_bits=512, masks=True, caches=(32 << 10, 256 << 10), cores=2)
    schedule = choose(Shape(256, 1024, 1024, 1, 4, a_stride=4096, b_direct=True, kept=0, prepared=True), machine)
    assert schedule.ahead
    assert schedule.task_columns >= 2 * schedule.width


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("dtype", ["f32", "f16"])
@pytest.mark.parametrize(("m", "k", "n"), [(1, 1, 1), (3, 5, 7), (1, 64, 33), (17, 100, 65), (64, 300, 1), (40, 0, 3)])
def test_scaled_operands(m: int, k: int, n: int, dtype: str, side: str) -> None:
    """An operand that is scaled on its way into the product, and rounded as it is without."""
    x, w, r = (f"!mo.tensor<[{a}, {b}], {dtype}>" for a, b in ((m, k), (k, n), (m, n)))
    scaled = (
        f"%s = mo.mul {'%x' if side == 'left' else '%w'}, %c : {x if side == 'left' else w}, !mo.tensor<[], {dtype}>"
    )
    operands = "%s, %w" if side == "left" else "%x, %s"
    run = mo.compile(f"""mo.graph @f(%x: {x}, %w: {w}) -> {r} {{
      %c = mo.constant 0.3 : !mo.tensor<[], {dtype}>
      {scaled}
      %r = mo.matmul {operands} : {x}, {w}
      mo.output %r : {r}
    }}""")
    random, type_ = np.random.default_rng(0), np.dtype({"f32": np.float32, "f16": np.float16}[dtype])
    a, b = random.standard_normal((m, k)).astype(type_), random.standard_normal((k, n)).astype(type_)
    factor = type_.type(0.3)
    left, right = (a * factor, b) if side == "left" else (a, b * factor)
    tolerance = 1e-5 if dtype == "f32" else 4e-3
    expected = left.astype(np.float64) @ right.astype(np.float64)
    np.testing.assert_allclose(run(a, b), expected, rtol=tolerance, atol=tolerance * max(1, k) ** 0.5)
