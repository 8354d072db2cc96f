# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The command for devices: runs the tests that need one, times rows as replays of graphs, and writes JSON.

A row's arrays lie on the device before it is timed. Where torch is installed and sees the device, its compiled program
is timed in turn with ours.
"""

import argparse
import json
import platform
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import ml_dtypes
from numpy.typing import NDArray

import mograph
from mograph._runtime import Commands
from suite import models
from suite.peers.graphs import text
from suite.row import Array, Row, Weights, several
from suite.rows import chain

ROUNDS = 5
TESTS = Path(__file__).resolve().parents[2] / "tests"


def rows(full: bool) -> Iterator[Row]:
    """The rows; small ones show in seconds, on any device, that all of it works."""
    n, wide, length, hidden = (8192, 4096, 4096, 4096) if full else (64, 96, 64, 128)
    for dtype, size in (("float32", 4), ("bfloat16", 2)):
        square, long = partial(Array, dtype=dtype), Array((n, wide), dtype=dtype)
        moved = size * n * n
        two = {"a": square((n, n), 0.5), "b": square((n, n), 0.5)}
        yield Row(f"chain of 10 elementwise ops, {n} x {n}, {dtype}", chain, two, moved=3 * moved)
        yield Row(f"transpose + add, {n} x {n}, {dtype}", _transposed, two, moved=3 * moved)
        for axis in (0, 1):
            yield Row(f"sum over axis {axis}, {n} x {n}, {dtype}", _sum(axis), {"a": square((n, n))}, moved=moved)
        moved = 2 * size * n * wide
        yield Row(f"softmax, {n} x {wide}, {dtype}", lambda o, w, x: o.softmax(x), {"x": long}, moved=moved)
        scaled = {"x": long, "scale": square((wide,))}
        yield Row(f"rms norm, {n} x {wide}, {dtype}", lambda o, w, x, s: o.rms_norm(x, s), scaled, moved=moved)
        yield Row(f"matmul {n}, {dtype}", lambda o, w, a, b: a @ b, two, flops=2 * n**3)
        for causal in (False, True):
            name = f"attention, 16 heads, length {length}, {'causal' if causal else 'full'}, {dtype}"
            flops = 4 * 16 * length * length * 64 // (2 if causal else 1)
            yield Row(name, _attention(causal), {each: square((1, 16, length, 64)) for each in "qkv"}, flops=flops)
    yield models.llama_row(f"Llama-like block, {length} tokens", length, hidden)
    yield models.llama_row(f"Llama-like block, one token, cache of {length}", 1, hidden, cached=length)


def _transposed(o: Any, w: Any, a: Any, b: Any) -> Any:
    return o.transpose(a, (1, 0)) + b


def _sum(axis: int) -> Callable[..., Any]:
    return lambda o, w, a: o.sum(a, axis)


def _attention(causal: bool) -> Callable[..., Any]:
    return lambda o, w, q, k, v: o.attention(q, k, v, causal=causal)


def drawn(row: Row) -> tuple[dict[str, NDArray[Any]], dict[str, NDArray[Any]]]:
    """A row's inputs and weights, of their types."""
    inputs, weights = row.draw()
    for arrays, of in ((inputs, row.inputs), (weights, row.weights)):
        arrays.update({name: array.astype(of[name].dtype) for name, array in arrays.items()})
    return inputs, weights


def timed(launch: Callable[[], object], wait: Callable[[], object], seconds: float) -> float:
    """Seconds of one of many launches, one after the other: the median of rounds."""
    launch()
    wait()
    count, spent = 1, 0.0
    while spent < seconds / 4:
        start = perf_counter()
        for _ in range(count):
            launch()
        wait()
        spent = perf_counter() - start
        count *= 2
    count = max(1, int(count / 2 * seconds / spent))
    times = []
    for _ in range(ROUNDS):
        start = perf_counter()
        for _ in range(count):
            launch()
        wait()
        times.append((perf_counter() - start) / count)
    return median(times)


def copied(device: mograph.Device, size: int, seconds: float) -> float:
    """Bytes that the device reads and writes each second when it copies."""
    a, b = device.empty([size], "uint8"), device.empty([size], "uint8")
    commands = Commands()
    commands.copy(b.address, a.address, size)
    return 2 * size / timed(lambda: device.queue.submit(commands), device.wait, seconds)


def ours(row: Row, device: mograph.Device, seconds: float) -> dict[str, Any]:
    """Seconds to compile a row, of a replay, and of the call of one."""
    inputs, weights = drawn(row)
    source = text(row)
    start = perf_counter()
    artifact = mograph.build(source, device=device.name)
    compiled = perf_counter() - start
    model = artifact.initialize(weights)
    buffers = [device.buffer(array) for array in inputs.values()]
    model.capture("row", *buffers)

    def replay() -> None:
        model.replay("row", *buffers)

    time = timed(replay, device.wait, seconds)
    calls = []
    for _ in range(100):
        start = perf_counter()
        replay()
        calls.append(perf_counter() - start)
        device.wait()
    model.release("row")
    return {"compile": compiled, "seconds": time, "call": median(calls)}


def of_torch(row: Row, seconds: float) -> float | None:
    """Seconds of torch's compiled program; None where torch is not there or has no device."""
    try:
        import torch
    except ImportError:
        return None
    if not torch.cuda.is_available():
        return None
    import suite.peers.with_torch as vocabulary

    def tensor(array: NDArray[Any]) -> Any:
        if array.dtype == ml_dtypes.bfloat16:
            return torch.from_numpy(array.astype("float32")).cuda().bfloat16()
        return torch.from_numpy(array).cuda()

    inputs, weights = ({name: tensor(array) for name, array in of.items()} for of in drawn(row))
    program = torch.compile(lambda *given: row.program(vocabulary, Weights(weights), *given))
    with torch.no_grad():
        several(program(*inputs.values()))
        return timed(lambda: program(*inputs.values()), torch.cuda.synchronize, seconds)


def tested() -> dict[str, Any]:
    """What pytest says of the tests that need a GPU."""
    command = [sys.executable, "-m", "pytest", "-q", "-rs", "-m", "gpu", "-p", "no:cacheprovider", str(TESTS)]
    done = subprocess.run(command, capture_output=True, text=True)
    return {"status": done.returncode, "said": done.stdout.splitlines()[-20:]}


def main() -> int:
    """Run it; the status is 1 when a test fails or a row of ours has no time."""
    parser = argparse.ArgumentParser(
        prog="benchmarks/gpu", description="Run the tests that need a GPU, time a device, and write JSON."
    )
    parser.add_argument("words", nargs="*", metavar="WORD", help="rows whose name has this in it; all by default")
    parser.add_argument("--device", default="cuda:0", help="the device's name (%(default)s)")
    parser.add_argument("--json", type=Path, help="write the run to this file")
    parser.add_argument("--seconds", type=float, default=0.2, help="how long each round lasts (%(default)s)")
    parser.add_argument("--small", action="store_true", help="small arrays: whether all of it works")
    parser.add_argument("--no-tests", action="store_true", help="time only")
    options = parser.parse_args()

    try:
        device = mograph.open_device(options.device)
    except mograph.DeviceError as error:
        print(error, file=sys.stderr)
        return 1
    run: dict[str, Any] = {
        "device": {"name": device.name, "chip": device.chip, "title": device.title},
        "date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "machine": platform.platform(),
        "tests": None if options.no_tests else tested(),
        "copy": copied(device, 1 << (20 if options.small else 30), options.seconds),
        "rows": [],
    }
    print(f"{device.title or device.name}: copies {run['copy'] / 1e9:.0f} GB/s")
    failed = bool(run["tests"] and run["tests"]["status"])
    for row in rows(full=not options.small):
        if options.words and not any(word in row.name for word in options.words):
            continue
        result: dict[str, Any] = {"name": row.name, "moved": row.moved, "flops": row.flops}
        try:
            result |= ours(row, device, options.seconds)
            result["torch"] = of_torch(row, options.seconds) if device.kind == "cuda" else None
        except (ValueError, MemoryError, mograph.DeviceError) as error:
            result["error"] = str(error)
            failed = True
        run["rows"].append(result)
        print(told(result, run["copy"]), flush=True)
    if options.json:
        options.json.write_text(json.dumps(run, indent=1) + "\n")
    return int(failed)


def told(result: dict[str, Any], copy: float) -> str:
    """A line about a row."""
    if "error" in result:
        return f"{result['name']}: {result['error']}"
    seconds = result["seconds"]
    line = f"{result['name']}: {seconds * 1e3:.3f} ms, compiled in {result['compile'] * 1e3:.0f} ms"
    line += f", replay called in {result['call'] * 1e6:.1f} us"
    if result["moved"]:
        line += f", {result['moved'] / seconds / copy:.2f} of copies"
    if result["flops"]:
        line += f", {result['flops'] / seconds / 1e12:.1f} TFLOP/s"
    if result["torch"]:
        line += f", torch {result['torch'] * 1e3:.3f} ms"
    return line
