# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Models on devices from end to end: called with arrays and buffers, captured, replayed, verified, released."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy
import pytest

import mograph
from mograph import Graph, TensorSpec, ops

COUNTER = """
mo.graph @counter(%count: !mo.buffer<[3], si64>) -> !mo.tensor<[3], si64> {
  %c = mo.chain.create
  %one = mo.constant 1 : !mo.tensor<[], si64>
  %x, %d = mo.buffer.load %count, %c : !mo.buffer<[3], si64>
  %ones = mo.broadcast_to %one : !mo.tensor<[], si64> to !mo.tensor<[3], si64>
  %y = mo.add %x, %ones : !mo.tensor<[3], si64>
  %e = mo.buffer.store %y, %count, %d : !mo.tensor<[3], si64>, !mo.buffer<[3], si64>
  mo.output %x : !mo.tensor<[3], si64>
}"""


@pytest.fixture
def opencl() -> str:
    try:
        mograph.open_device("opencl:0")
    except mograph.DeviceError as error:
        pytest.skip(str(error))
    return "opencl:0"


def two_outputs() -> Any:
    with Graph("two", {"x": TensorSpec(["n", 16], "f32"), "y": TensorSpec(["n", 16], "f32")}) as graph:
        x, y = graph.inputs.x, graph.inputs.y
        graph.output(ops.softmax(x * 2 + y), x - y)
    return graph.module


def arrays(n: int, seed: int = 0) -> list[Any]:
    random = numpy.random.default_rng(seed)
    return [random.standard_normal((n, 16)).astype("f4") for _ in range(2)]


def close(found: Any, expected: Any) -> None:
    for one, other in zip(found, expected, strict=True):
        numpy.testing.assert_allclose(numpy.asarray(one), other, rtol=1e-5, atol=1e-6)


def test_arrays_and_buffers(opencl: str) -> None:
    model, reference = mograph.compile(two_outputs(), device=opencl), mograph.compile(two_outputs())
    for n in (0, 1, 7, 33):
        inputs = arrays(n)
        expected = reference(*inputs)
        found = model(*inputs)
        assert all(isinstance(each, numpy.ndarray) for each in found)
        close(found, expected)
        buffers = [mograph.buffer(each, opencl) for each in inputs]
        for found in (model(*buffers), model(buffers[0], inputs[1]), model(y=buffers[1], x=buffers[0])):
            assert all(isinstance(each, mograph.Buffer) for each in found)
            close(found, expected)


def test_replays(opencl: str) -> None:
    model, reference = mograph.compile(two_outputs(), device=opencl), mograph.compile(two_outputs())
    captured = {}
    for n in (3, 20):
        inputs = arrays(n)
        buffers = [mograph.buffer(each, opencl) for each in inputs]
        outputs = model.capture("key", *buffers)
        close(outputs, reference(*inputs))
        captured[n] = buffers, outputs
    for seed in range(1, 4):
        for n, (buffers, outputs) in captured.items():
            inputs = arrays(n, seed)
            for buffer, array in zip(buffers, inputs, strict=True):
                buffer.copy_from(array)
            assert model.replay("key", *buffers) is not None
            close(outputs, reference(*inputs))
            close(model.debug_verify_replay("key", *buffers), reference(*inputs))
    model.release("key")
    with pytest.raises(mograph.CaptureError, match="'key' is not captured; what is: none"):
        model.replay("key", *captured[3][0])


def test_what_is_replayed_does_not_meet_other_calls(opencl: str) -> None:
    model, reference = mograph.compile(two_outputs(), device=opencl), mograph.compile(two_outputs())
    inputs = arrays(9)
    buffers = [mograph.buffer(each, opencl) for each in inputs]
    first, second = model.capture("a", *buffers), model.capture("b", *buffers)
    expected = reference(*inputs)
    for seed in range(5):
        others = arrays(9, seed)
        close(model(*others), reference(*others))
        model.replay("a", *buffers)
        close(model(*others), reference(*others))
        close(first, expected)
        close(second, expected)


def test_threads(opencl: str) -> None:
    model, reference = mograph.compile(two_outputs(), device=opencl), mograph.compile(two_outputs())

    def call(seed: int) -> None:
        inputs = arrays(5 + seed % 7, seed)
        expected = reference(*inputs)
        buffers = [mograph.buffer(each, opencl) for each in inputs]
        if seed % 3:
            close(model(*buffers), expected)
        else:
            model.capture(seed, *buffers)
            close(model.replay(seed, *buffers), expected)
            model.release(seed)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(call, range(40)))


def test_plans_are_recorded() -> None:
    model = mograph.compile(two_outputs(), device="recording:0")
    device = mograph.open_device("recording:0")
    buffers = [device.buffer(each) for each in arrays(4)]
    model.capture("a", *buffers)
    device.trace.clear()
    model(*buffers)
    called = list(device.trace)
    device.trace.clear()
    model.replay("a", *buffers)
    assert device.trace == called
    assert called
    assert {each[0] for each in called} == {"launch"}
    model.debug_verify_replay("a", *buffers)


def test_models_share_weights() -> None:
    device = mograph.open_device("recording:0")
    with Graph("one", {"x": TensorSpec([4], "f32")}) as one:
        one.output(one.inputs.x + ops.external("w", [4], "f32"))
    with Graph("two", {"x": TensorSpec([4], "f32")}, module=one) as two:
        two.output(two.inputs.x * ops.external("w", [4], "f32"))
    artifact = mograph.build(one.module, device="recording:0")
    device.trace.clear()
    artifact.initialize_all({"w": numpy.ones(4, "f4")})
    assert device.trace == [("upload", 0, 16)]


def test_replays_change_state_in_place(opencl: str) -> None:
    model = mograph.compile(COUNTER, device=opencl)
    count = mograph.buffer(numpy.zeros(3, numpy.int64), opencl)
    assert model(count).numpy().tolist() == [0] * 3
    before = model.capture("a", count)  # runs once
    for n in (2, 3, 4):
        model.replay("a", count)
        assert before.numpy().tolist() == [n] * 3
        assert count.numpy().tolist() == [n + 1] * 3
    array = numpy.zeros(3, numpy.int64)
    model(array)
    assert array.tolist() == [1] * 3


def test_loops_whose_end_the_device_tells_are_not_captured(opencl: str) -> None:
    with Graph("until", {"x": TensorSpec([], "f32")}) as graph:
        graph.output(ops.while_(graph.inputs.x, lambda x: x < 100.0, lambda x: x * 2))
    model = mograph.compile(graph.module, device=opencl)
    x = mograph.buffer(numpy.float32(3), opencl)
    assert model(x).numpy() == 192
    with pytest.raises(ValueError, match="^until: cannot be captured: what it does depends on a value"):
        model.capture("a", x)


def test_stored_models_have_graphs(opencl: str, tmp_path: Path) -> None:
    mograph.build(two_outputs(), device=opencl).save(tmp_path / "two.mograph")
    model = mograph.compile(tmp_path / "two.mograph")
    inputs = arrays(4)
    outputs = model.capture("a", *(mograph.buffer(each, opencl) for each in inputs))
    close(outputs, mograph.compile(two_outputs())(*inputs))


def test_models_of_the_processor_take_buffers(opencl: str) -> None:
    model = mograph.compile(two_outputs())
    inputs = arrays(4)
    close(model(*(mograph.buffer(each, opencl) for each in inputs)), model(*inputs))
    counter = mograph.compile(COUNTER)
    with pytest.raises(ValueError, match="^an array of opencl:0 cannot be had on the host without a copy$"):
        counter(mograph.buffer(numpy.zeros(3, numpy.int64), opencl))


def test_models_of_the_processor_have_none() -> None:
    model = mograph.compile(two_outputs())
    with pytest.raises(ValueError, match="^two: it runs on the processor, which has no device graphs$"):
        model.capture("a", *arrays(4))
