# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Threads that work together: subgroups, shared memory, atomic operations; and control flow within one."""

import numpy as np
import pytest

from mograph._runtime import Commands

from .running import THREAD, TYPES, assert_same, compiled, computed, device, load, store, values

SUBGROUPS = {"opencl": 16, "opencl32": 32, "opencl64": 64}
LINE = np.arange(64)


@pytest.mark.parametrize(
    ("chip", "size", "type_"),
    [("opencl", 16, each) for each in TYPES if each != "i1"]
    + [(chip, size, each) for chip, size in (("opencl32", 32), ("opencl64", 64)) for each in ("i8", "f32", "f64")]
    + [("opencl", 8, "f32"), ("opencl64", 16, "f32")],
)
def test_shuffles(chip: str, size: int, type_: str) -> None:
    """All modes together; `up` and `down` say where no lane has the number, and keep what is there."""
    lane, first = LINE % size, LINE - LINE % size
    modes = [
        ("xor", 3, first + (lane ^ 3), lane >= 0),
        ("xor", size // 2, first + (lane ^ (size // 2)), lane >= 0),
        ("up", 2, np.where(lane >= 2, LINE - 2, LINE), lane >= 2),
        ("down", 5, np.where(lane + 5 < size, LINE + 5, LINE), lane + 5 < size),
        ("idx", 4, first + 4, lane >= 0),
    ]
    body = THREAD + load("%x", "%a0", type_) + f"%w = arith.constant {size} : i32\n"
    for number, (mode, offset, _, _) in enumerate(modes):
        body += f"%o{number} = arith.constant {offset} : i32\n%c{number} = arith.constant {64 * number} : i64\n"
        body += f"%s{number}, %v{number} = gpu.shuffle {mode} %x, %o{number}, %w : {type_}\n"
        body += f"%at{number} = arith.addi %i, %c{number} : i64\n"
        body += store(f"%s{number}", "%a1", type_, f"%at{number}") + store(f"%v{number}", "%a2", "i1", f"%at{number}")
    x = values(type_, 64)
    empty = [np.zeros((len(modes), 64), x.dtype), np.zeros((len(modes), 64), np.bool_)]
    shuffled, valid = computed(body, [x], empty, chip=chip)
    assert_same(shuffled, np.stack([x[source] for _, _, source, _ in modes]))
    np.testing.assert_array_equal(valid, np.stack([each for *_, each in modes]))


@pytest.mark.parametrize("chip", SUBGROUPS)
def test_places_of_threads(chip: str) -> None:
    """Lanes and subgroups are numbered in the order of the threads."""
    body = THREAD
    for number, code in enumerate(["gpu.lane_id", "gpu.subgroup_id : index", "gpu.subgroup_size : index"]):
        body += f"%v{number} = {code}\n%w{number} = arith.index_cast %v{number} : index to i64\n"
        body += store(f"%w{number}", f"%a{number}", "i64")
    found = computed(body, [], [np.zeros(64, np.int64)] * 3, chip=chip)
    size = SUBGROUPS[chip]
    for each, expected in zip(found, [LINE % size, LINE // size, np.full(64, size)], strict=True):
        np.testing.assert_array_equal(each, expected)


@pytest.mark.parametrize("chip", SUBGROUPS)
@pytest.mark.parametrize("threads", [64, 256, 1024])
def test_blocks_sum(chip: str, threads: int) -> None:
    """Lanes exchange sums, subgroups share memory, and one thread adds what is there after a barrier."""
    size = SUBGROUPS[chip]
    body = f"""%t = gpu.thread_id x
      %b = gpu.block_id x
      %threads = gpu.block_dim x
      %before = arith.muli %b, %threads : index
      %place = arith.addi %before, %t : index
      %i = arith.index_cast %place : index to i64
      %w = arith.constant {size} : i32
      {load("%y0", "%a0", "f32")}"""
    steps = size.bit_length() - 1
    for step in range(steps):
        body += f"""%o{step} = arith.constant {1 << step} : i32
          %s{step}, %v{step} = gpu.shuffle xor %y{step}, %o{step}, %w : f32
          %y{step + 1} = arith.addf %y{step}, %s{step} : f32
          """
    body += f"""%lane = gpu.lane_id
      %subgroup = gpu.subgroup_id : index
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %first = arith.cmpi eq, %lane, %c0 : index
      %sums = llvm.mlir.addressof @sums : !llvm.ptr<3>
      %number = arith.index_cast %subgroup : index to i64
      scf.if %first {{
        %p = llvm.getelementptr %sums[%number] : (!llvm.ptr<3>, i64) -> !llvm.ptr<3>, f32
        llvm.store %y{steps}, %p {{alignment = 4 : i64}} : f32, !llvm.ptr<3>
      }}
      gpu.barrier
      %one = arith.cmpi eq, %t, %c0 : index
      scf.if %one {{
        %n = arith.constant {threads // size} : index
        %zero = arith.constant 0.0 : f32
        %sum = scf.for %j = %c0 to %n step %c1 iter_args(%acc = %zero) -> (f32) {{
          %jj = arith.index_cast %j : index to i64
          %p = llvm.getelementptr %sums[%jj] : (!llvm.ptr<3>, i64) -> !llvm.ptr<3>, f32
          %part = llvm.load %p {{alignment = 4 : i64}} : !llvm.ptr<3> -> f32
          %more = arith.addf %acc, %part : f32
          scf.yield %more : f32
        }}
        %block = arith.index_cast %b : index to i64
        {store("%sum", "%a1", "f32", "%block")}
      }}"""
    shared = "llvm.mlir.global internal @sums() {addr_space = 3 : i32, alignment = 16 : i64} : !llvm.array<64 x f32>\n"
    x = np.random.default_rng(0).integers(-100, 100, (5, threads)).astype(np.float32)
    empty = np.zeros(5, np.float32)
    (found,) = computed(body, [x], [empty], threads=threads, grid=5, chip=chip, shared=shared)
    np.testing.assert_array_equal(found, x.sum(1))


INTEGERS = {
    "add": np.add.reduce, "sub": lambda x: x[0] - x[1:].sum(), "_and": np.bitwise_and.reduce,
    "_or": np.bitwise_or.reduce, "_xor": np.bitwise_xor.reduce, "max": np.max, "min": np.min,
}  # fmt: skip
FLOATS = {"fadd": np.sum, "fsub": lambda x: x[0] - x[1:].sum(), "fmax": np.max, "fmin": np.min, "fmaximum": np.max}


@pytest.mark.parametrize("type_", ["i32", "i64", "f32", "f64"])
def test_atomic_operations(type_: str) -> None:
    """Of all threads of several blocks, in memory of the device. What floats are added to is exact."""
    kinds = INTEGERS if type_[0] == "i" else FLOATS
    body = f"""%t = gpu.thread_id x
      %b = gpu.block_id x
      %threads = gpu.block_dim x
      %before = arith.muli %b, %threads : index
      %place = arith.addi %before, %t : index
      %i = arith.index_cast %place : index to i64
      {load("%x", "%a0", type_)}"""
    for number, kind in enumerate(kinds):
        body += f"""%n{number} = arith.constant {number} : i64
          %p{number} = llvm.getelementptr %a1[%n{number}] : (!llvm.ptr<1>, i64) -> !llvm.ptr<1>, {type_}
          %r{number} = llvm.atomicrmw {kind} %p{number}, %x monotonic : !llvm.ptr<1>, {type_}
          """
    x = np.random.default_rng(0).integers(-1000, 1000, 256).astype(TYPES[type_])
    begin = np.full(len(kinds), 7, x.dtype)
    (found,) = computed(body, [x], [begin], grid=4)
    all_ = np.concatenate([begin[:1], x])
    np.testing.assert_array_equal(found, [function(all_) for function in kinds.values()])


def test_atomic_operations_give_what_was_there() -> None:
    """Each thread takes another number, as a counter gives them, in memory of the block."""
    body = (
        THREAD
        + """%c = llvm.mlir.addressof @counter : !llvm.ptr<3>
      %c0 = arith.constant 0 : index
      %first = arith.cmpi eq, %t, %c0 : index
      %zero = arith.constant 0.0 : f32
      scf.if %first {
        llvm.store %zero, %c {alignment = 4 : i64} : f32, !llvm.ptr<3>
      }
      gpu.barrier
      %one = arith.constant 1.0 : f32
      %r = llvm.atomicrmw fadd %c, %one monotonic : !llvm.ptr<3>, f32
      """
        + store("%r", "%a0", "f32")
    )
    shared = (
        "llvm.mlir.global internal @counter() {addr_space = 3 : i32, alignment = 16 : i64} : !llvm.array<4 x f32>\n"
    )
    (found,) = computed(body, [], [np.zeros(64, np.float32)], shared=shared)
    np.testing.assert_array_equal(np.sort(found), np.arange(64))


def test_loops() -> None:
    """A loop whose end is not known before: the steps of Collatz's sequence until 1."""
    body = (
        THREAD
        + load("%x", "%a0", "i64")
        + """%one = arith.constant 1 : i64
      %two = arith.constant 2 : i64
      %three = arith.constant 3 : i64
      %zero = arith.constant 0 : i64
      %r:2 = scf.while (%v = %x, %n = %zero) : (i64, i64) -> (i64, i64) {
        %c = arith.cmpi sgt, %v, %one : i64
        scf.condition(%c) %v, %n : i64, i64
      } do {
      ^bb0(%v: i64, %n: i64):
        %rest = arith.remsi %v, %two : i64
        %odd = arith.cmpi eq, %rest, %one : i64
        %next = scf.if %odd -> i64 {
          %m = arith.muli %v, %three : i64
          %m1 = arith.addi %m, %one : i64
          scf.yield %m1 : i64
        } else {
          %h = arith.divsi %v, %two : i64
          scf.yield %h : i64
        }
        %more = arith.addi %n, %one : i64
        scf.yield %next, %more : i64, i64
      }
      %s = arith.addi %r#1, %zero : i64
      """
        + store("%s", "%a1", "i64")
    )

    def steps(number: int) -> int:
        count = 0
        while number > 1:
            number, count = (3 * number + 1 if number % 2 else number // 2), count + 1
        return count

    (found,) = computed(body, [np.arange(64)], [np.zeros(64, np.int64)])
    assert found.tolist() == [steps(number) for number in range(64)]


def test_room_on_the_stack() -> None:
    """Numbers that a thread keeps in memory, and reads at a place that it computes."""
    body = (
        THREAD
        + load("%x", "%a0", "f32")
        + """%n = arith.constant 8 : i64
      %room = llvm.alloca %n x f32 {alignment = 16 : i64} : (i64) -> !llvm.ptr
      %c0 = arith.constant 0 : i64
      %c1 = arith.constant 1 : i64
      scf.for %j = %c0 to %n step %c1 : i64 {
        %f = arith.sitofp %j : i64 to f32
        %y = arith.mulf %f, %x : f32
        %p = llvm.getelementptr %room[%j] : (!llvm.ptr, i64) -> !llvm.ptr, f32
        llvm.store %y, %p : f32, !llvm.ptr
      }
      %at = arith.remui %i, %n : i64
      %p = llvm.getelementptr %room[%at] : (!llvm.ptr, i64) -> !llvm.ptr, f32
      %r = llvm.load %p : !llvm.ptr -> f32
      """
        + store("%r", "%a1", "f32")
    )
    x = np.random.default_rng(0).standard_normal(64).astype(np.float32)
    np.testing.assert_array_equal(
        computed(body, [x], [np.zeros_like(x)])[0], x * (np.arange(64) % 8).astype(np.float32)
    )


def test_memrefs() -> None:
    """A view of a memref whose descriptor is made in the kernel."""
    struct = "!llvm.struct<(ptr<1>, ptr<1>, i64, array<2 x i64>, array<2 x i64>)>"
    body = THREAD + f"%d0 = llvm.mlir.poison : {struct}\n"
    for number, (position, value) in enumerate(
        [("0", "%a0"), ("1", "%a0"), ("2", "%c0"), ("3, 0", "%c8"), ("3, 1", "%c8"), ("4, 0", "%c8"), ("4, 1", "%c1")]
    ):
        if number == 0:
            body += "".join(f"%c{n} = arith.constant {n} : i64\n" for n in (0, 1, 8))
        body += f"%d{number + 1} = llvm.insertvalue {value}, %d{number}[{position}] : {struct}\n"
    matrix, row = "memref<8x?xf32, strided<[?, 1]>, 1>", "memref<8xf32, strided<[1], offset: ?>, 1>"
    body += f"""%m = builtin.unrealized_conversion_cast %d7 : {struct} to {matrix}
      %eight = arith.constant 8 : index
      %one = arith.constant 1 : index
      %row = arith.divui %t, %eight : index
      %column = arith.remui %t, %eight : index
      %s = memref.subview %m[%column, 0] [1, 8] [1, 1] : {matrix} to {row}
      %v = memref.load %s[%row] : {row}
      %size = memref.dim %m, %one : {matrix}
      %size64 = arith.index_cast %size : index to i64
      %f = arith.sitofp %size64 : i64 to f32
      %r = arith.addf %v, %f : f32
      {store("%r", "%a1", "f32")}"""
    x = np.random.default_rng(0).standard_normal(64).astype(np.float32)
    np.testing.assert_array_equal(computed(body, [x], [np.zeros_like(x)])[0], x.reshape(8, 8).T.ravel() + 8)


@pytest.mark.parametrize("type_", ["i64", "i32", "i16", "i8", "f32", "f64"])
def test_words_are_arguments(type_: str) -> None:
    """Numbers of all sizes are given in words of eight bytes."""
    size = "known_block_size = array<i32: 64, 1, 1>"
    text = f"""gpu.func @k(%x: {type_}, %a0: !llvm.ptr<1>) kernel attributes {{{size}}} {{
      {THREAD} {store("%x", "%a0", type_)}
      gpu.return
    }}"""
    image, opened = compiled(text), device()
    x = values(type_, 64)[6:7]
    word = int.from_bytes(x.tobytes().ljust(8, b"\0"), "little", signed=True)
    found = np.zeros(64, x.dtype)
    address = opened.allocate(found.nbytes)
    commands = Commands()
    kept = opened.load(image)
    commands.launch(kept.kernels["k"], (1, 1, 1), [word, address])
    commands.download(found.ctypes.data, address, found.nbytes)
    opened.submit(commands)
    opened.wait()
    opened.release(address)
    np.testing.assert_array_equal(found, np.repeat(x, 64))
