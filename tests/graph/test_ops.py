# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every operation of `mo` has its function, with the operation's own parameter names, and the function builds it."""

import inspect
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from mlir import ir

from mograph.dialects.custom import CustomOp, In, Out
from mograph.dialects.mo import Mo
from mograph.graph import Graph, GraphError, Tensor, TensorSpec, ops, stubs
from mograph.graph.names import function_name

FLOAT_UNARY = [
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan",
    "atanh",
    "cbrt",
    "ceil",
    "celu",
    "cos",
    "cosh",
    "elu",
    "erf",
    "erfc",
    "exp",
    "exp2",
    "expm1",
    "floor",
    "hard_sigmoid",
    "hard_swish",
    "is_finite",
    "is_inf",
    "is_nan",
    "leaky_relu",
    "log",
    "log10",
    "log1p",
    "log2",
    "mish",
    "reciprocal",
    "round",
    "rsqrt",
    "selu",
    "shrink",
    "sigmoid",
    "silu",
    "sin",
    "sinh",
    "softplus",
    "softsign",
    "sqrt",
    "tan",
    "tanh",
    "thresholded_relu",
    "trunc",
]
NUMERIC_UNARY = ["abs", "negative", "relu", "relu6", "sign", "square"]
NUMERIC_BINARY = ["add", "div", "floor_div", "fmod", "max", "min", "mod", "mul", "pow", "sub"]
COMPARISONS = ["equal", "greater", "greater_equal", "less", "less_equal", "not_equal"]
REDUCTIONS = [
    "reduce_add",
    "reduce_l1",
    "reduce_l2",
    "reduce_log_sum",
    "reduce_log_sum_exp",
    "reduce_max",
    "reduce_mean",
    "reduce_min",
    "reduce_mul",
    "reduce_sum_square",
]
LOGICAL = ["and_", "or_", "xor"]
SHIFTS = ["shift_left", "shift_right"]


class Echo(CustomOp, name="test_ops.echo"):
    """What it is given."""

    x: In
    y: Out
    note: str = ""

    @staticmethod
    def infer(x: Any) -> Any:
        return x


def new_buffer(t: SimpleNamespace) -> Any:
    return ops.buffer_create(t.f.shape, "f32")


def image(t: SimpleNamespace) -> Any:
    return ops.reshape(t.f, ["n", 4, 1, 1])


def ones(*shape: int) -> Any:
    return np.ones(shape, np.float32)


CALLS: dict[str, Callable[[SimpleNamespace], Any]] = {
    **{name: lambda t, name=name: getattr(ops, name)(t.f) for name in FLOAT_UNARY},
    **{name: lambda t, name=name: getattr(ops, name)(t.i) for name in NUMERIC_UNARY},
    **{name: lambda t, name=name: getattr(ops, name)(t.i, 3) for name in [*NUMERIC_BINARY, *SHIFTS]},
    **{name: lambda t, name=name: getattr(ops, name)(t.b, True) for name in [*COMPARISONS, *LOGICAL]},
    **{name: lambda t, name=name: getattr(ops, name)(t.f, axes=-1, keepdims=True) for name in REDUCTIONS},
    "argsort": lambda t: ops.argsort(t.f, axis=0, descending=True),
    "assert_": lambda t: ops.assert_(t.b[0, 0], "never", ops.chain_create()),  # noqa: PT009  # no assertion of a test
    "atan2": lambda t: ops.atan2(1.0, t.f),
    "attention": lambda t: ops.attention(*[ops.reshape(t.f, ["n", 1, 2, 2])] * 3, causal=True),
    "avg_pool": lambda t: ops.avg_pool(
        image(t), [3, 2], strides=[2, 2], low=[2, 1], ceil_mode=True, layout="channels_last"
    ),
    "band_part": lambda t: ops.band_part(t.f, 0, -1),
    "batch_norm": lambda t: ops.batch_norm(t.f, t.row, t.row, t.row, np.ones(4, np.float32)),
    "bitcast": lambda t: ops.bitcast(t.f, "ui32"),
    "bottom_k": lambda t: ops.bottom_k(t.f, ops.dim(t.f, 0), 0),
    "broadcast_to": lambda t: ops.broadcast_to(t.row, ["n", 4]),
    "buffer_create": lambda t: new_buffer(t),
    "buffer_load": lambda t: ops.buffer_load(new_buffer(t), ops.chain_create()),
    "buffer_store": lambda t: ops.buffer_store(t.f, new_buffer(t), ops.chain_create()),
    "buffer_store_slice": lambda t: ops.buffer_store_slice(
        t.f, new_buffer(t), ops.constant([0, 0], "si64"), ops.chain_create(), steps=[1, 1]
    ),
    "call": lambda t: ops.call(t.callee, t.f, prefix="layers.0."),
    "cast": lambda t: ops.cast(t.f, "si8"),
    "chain_create": lambda t: ops.chain_create(),
    "clamp": lambda t: ops.clamp(t.i, 0, high=6),
    "col2im": lambda t: ops.col2im(ops.reshape(t.f, ["n", 4, 1]), ["n", 1, 2, 2], kernel=[2, 2]),
    "compress": lambda t: ops.compress(t.f, np.array([True, False]), axis=1),
    "concat": lambda t: ops.concat([t.f, np.zeros([2, 4], np.float32), t.f], axis=0),
    "constant": lambda t: ops.constant([[1, 2], [3, 4]], "ui8"),
    "constant_external": lambda t: ops.constant_external("w", [4, 2], "bf16"),
    "contract": lambda t: ops.contract([t.f, t.row], "ij,j->i"),
    "conv": lambda t: ops.conv(
        image(t), np.ones([2, 4, 1, 1], np.float32), np.ones(2, np.float32), low=[1, 0], high=[1, 1]
    ),
    "conv_transpose": lambda t: ops.conv_transpose(
        image(t), np.ones([4, 2, 2, 2], np.float32), strides=[2, 2], output_padding=[1, 0]
    ),
    "cumprod": lambda t: ops.cumprod(t.f, axis=0, exclusive=True),
    "cumsum": lambda t: ops.cumsum(t.i, -1, reverse=True),
    "custom": lambda t: ops.custom(Echo, [t.f], params={"note": "x"}),
    "deform_conv": lambda t: ops.deform_conv(
        image(t), np.ones([1, 4, 1, 1], np.float32), ops.concat([image(t)[:, 0:2]], 1)
    ),
    "depth_to_space": lambda t: ops.depth_to_space(ops.reshape(t.f, ["n", 4, 1, 1]), 2, mode="crd"),
    "dequantize": lambda t: ops.dequantize(ops.cast(t.f, "si8"), t.row, axis=1),
    "dim": lambda t: ops.dim(t.f, -1),
    "dynamic_pad": lambda t: ops.dynamic_pad(t.f, ops.shape_of(t.f), [1, 0], 2.0),
    "dynamic_slice": lambda t: ops.dynamic_slice(t.f, [0, 1], ops.shape_of(t.f), [1, 2], dims=["p", "q"]),
    "dynamic_tile": lambda t: ops.dynamic_tile(t.f, ops.shape_of(t.f)),
    "expand": lambda t: ops.expand(t.f, ops.shape_of(t.f), dims=["n", 4]),
    "flip": lambda t: ops.flip(t.f, [0]),
    "gather": lambda t: ops.gather(t.f, ops.constant([0, -1]), axis=1),
    "gather_elements": lambda t: ops.gather_elements(t.f, t.i, 1),
    "gather_nd": lambda t: ops.gather_nd(t.f, ops.constant([[0, 1]])),
    "gelu": lambda t: ops.gelu(t.f, approximate="tanh"),
    "global_avg_pool": lambda t: ops.global_avg_pool(image(t)),
    "global_lp_pool": lambda t: ops.global_lp_pool(image(t), p=1),
    "global_max_pool": lambda t: ops.global_max_pool(image(t), layout="channels_last"),
    "grid_sample": lambda t: ops.grid_sample(
        image(t), ops.reshape(t.f, ["n", 2, 1, 2]), padding="border", align_corners=True
    ),
    "group_norm": lambda t: ops.group_norm(t.f, t.row, t.row, groups=2),
    "grouped_matmul": lambda t: ops.grouped_matmul(t.f, np.ones([2, 4, 3], np.float32), ops.constant([1, 2])),
    "hardmax": lambda t: ops.hardmax(t.f, axis=0),
    "if_": lambda t: ops.if_(t.yes, lambda: t.f, lambda: t.f + 1.0),
    "instance_norm": lambda t: ops.instance_norm(ops.reshape(t.f, ["n", 4, 1]), t.row, t.row),
    "iota": lambda t: ops.iota(["n", 2], "si32", axis=-1),
    "layer_norm": lambda t: ops.layer_norm(t.f, bias=t.row, epsilon=1e-6),
    "local_response_norm": lambda t: ops.local_response_norm(t.f, 3),
    "log_softmax": lambda t: ops.log_softmax(t.f, axis=0),
    "lp_norm": lambda t: ops.lp_norm(t.f, p=1),
    "lp_pool": lambda t: ops.lp_pool(image(t), [1, 1], p=3),
    "matmul": lambda t: ops.matmul(t.f, np.ones([4, 2], np.float32)),
    "matmul_integer": lambda t: ops.matmul_integer(
        ops.cast(t.f, "ui8"), np.ones([4, 2], np.uint8), rhs_zero=np.uint8(1)
    ),
    "max_pool": lambda t: ops.max_pool(image(t), [1, 1]),
    "max_unpool": lambda t: ops.max_unpool(*ops.max_pool(image(t), [1, 1]), ["n", 4, 2, 2]),
    "non_max_suppression": lambda t: ops.non_max_suppression(
        ops.reshape(t.f, ["n", 1, 4]), ops.reshape(t.f, ["n", 4, 1]), 2, 0.5
    ),
    "non_zero": lambda t: ops.non_zero(t.f, dims="k"),
    "not_": lambda t: ops.not_(t.b),
    "one_hot": lambda t: ops.one_hot(t.i, 1.0, 0.0, 5, axis=0),
    "pad": lambda t: ops.pad(t.f, [1, 0], [0, 2], 3.0),
    "parallel": lambda t: ops.parallel([[t.f, t.f]], ["cpu", "cpu"], ops.exp)[0],
    "prelu": lambda t: ops.prelu(t.f, 0.25),
    "print": lambda t: ops.print(t.f, ops.chain_create(), label="f", summarize=2),
    "quantize": lambda t: ops.quantize(t.f, 0.5, 3, dtype="ui8"),
    "random_normal": lambda t: ops.random_normal([3, 4], 1.0, 2.0),
    "random_uniform": lambda t: ops.random_uniform(["n", 4], -1.0, seed=7, dtype="f64"),
    "range": lambda t: ops.range(0, ops.dim(t.f, 0)),
    "rebind": lambda t: ops.rebind(t.f, ["m", 4]),
    "reduce_all": lambda t: ops.reduce_all(t.b),
    "reduce_any": lambda t: ops.reduce_any(t.b, [0]),
    "reduce_arg_max": lambda t: ops.reduce_arg_max(t.f, 1),
    "reduce_arg_min": lambda t: ops.reduce_arg_min(t.f, axis=-1, keepdims=True),
    "reshape": lambda t: ops.reshape(t.f, [-1]),
    "resize": lambda t: ops.resize(t.f, scales=[1.5, 1], mode="linear", antialias=True),
    "reverse_sequence": lambda t: ops.reverse_sequence(t.f, ops.constant([1, 0, 1, 1]), 1, 0),
    "rms_norm": lambda t: ops.rms_norm(t.f, t.row),
    "roi_align": lambda t: ops.roi_align(image(t), t.f, ops.iota(["n"], "si64"), 2, 2, mode="max", sampling_ratio=2),
    "roll": lambda t: ops.roll(t.f, [1], [0]),
    "rope": lambda t: ops.rope(t.f, *[np.ones(2, np.float32)] * 2, interleaved=True),
    "scatter": lambda t: ops.scatter(t.f, t.i, t.f, reduction="add"),
    "scatter_nd": lambda t: ops.scatter_nd(t.row, ops.constant([[0], [1]]), np.float32([1, 2])),
    "select": lambda t: ops.select(t.b, 0.0, t.f),
    "sequence": lambda t: ops.sequence(lambda: t.f + 1, stream=1),
    "shape_of": lambda t: ops.shape_of(t.f),
    "shard_and_stack": lambda t: ops.shard_and_stack([t.row, t.row], 0, ["gpu:0", "gpu:1"]),
    "slice": lambda t: ops.slice(t.f, [0, 1], [2, 3], [1, 1]),
    "softmax": lambda t: ops.softmax(t.f),
    "sort": lambda t: ops.sort(t.i, 0),
    "space_to_depth": lambda t: ops.space_to_depth(ops.reshape(t.f, ["n", 1, 2, 2]), 2),
    "split": lambda t: ops.split(t.f, 1, 2),
    "squeeze": lambda t: ops.squeeze(ops.unsqueeze(t.f, [0])),
    "static_random_normal": lambda t: ops.static_random_normal(["n", 4], dtype="f16"),
    "tile": lambda t: ops.tile(t.f, [2, 1]),
    "top_k": lambda t: ops.top_k(t.f, 2),
    "transfer": lambda t: ops.transfer(t.f, ops.chain_create(), "gpu:0"),
    "transpose": lambda t: ops.transpose(t.f, [1, 0]),
    "trilu": lambda t: ops.trilu(t.f, ops.dim(t.f, 0), upper=False),
    "unique": lambda t: ops.unique(t.i, axis=0, sorted=False),
    "unsqueeze": lambda t: ops.unsqueeze(t.f, [0, -1]),
    "while_": lambda t: ops.while_(t.f, lambda x: ops.reduce_any(x > 0.0), lambda x: x - 1.0),
}

INPUTS = {
    "f": TensorSpec(["n", 4], "f32"),
    "i": TensorSpec(["n", 4], "si32"),
    "b": TensorSpec(["n", 4], "bool"),
    "row": TensorSpec([4], "f32"),
    "yes": TensorSpec([], "bool"),
}


def built(call: Callable[[SimpleNamespace], Any]) -> Graph:
    with Graph("callee", inputs={"x": INPUTS["f"]}, private=True) as callee:
        callee.output(callee.inputs.x)
    with Graph("main", inputs=INPUTS, module=callee) as graph:
        given = SimpleNamespace(callee=callee, **{name: graph.inputs[name] for name in INPUTS})
        made = call(given)
        graph.output(*(made if isinstance(made, tuple) else [made]))
    return graph


def test_every_operation_has_a_function_and_a_call_here() -> None:
    names = {function_name(name) for name in Mo.ops if name not in ops.BUILT_OTHERWISE}
    assert set(ops.BUILT_OTHERWISE) <= set(Mo.ops)
    assert set(CALLS) == names
    assert set(ops.__all__) == names | {"external", "where"}
    assert set(ops.__all__) <= set(dir(ops))
    assert ops.external is ops.constant_external
    assert ops.where is ops.select


@pytest.mark.parametrize("name", sorted(CALLS))
def test_function_builds_its_operation(name: str, round_trip: Callable[[ir.Module], None]) -> None:
    graph = built(CALLS[name])
    assert graph.operation is not None
    assert ops.DECLARED[name].OPERATION_NAME in [op.operation.name for op in graph.operation.regions[0].blocks[0]]
    round_trip(graph.module)


@pytest.mark.parametrize("name", sorted(CALLS))
def test_function_has_the_operation_s_names_and_documentation(name: str) -> None:
    op, function = ops.DECLARED[name], getattr(ops, name)
    fields = [name for name, field in op.FIELDS.items() if field.kind != "result"]
    parameters = inspect.signature(function).parameters
    assert [parameter for parameter in parameters if parameter in fields] == fields
    # Only what says the type of a result that is not inferred comes on top.
    assert set(parameters) - set(fields) <= {"shape", "dtype", "device", "dims", "types"}
    for field in op.ATTRIBUTES:
        default = parameters[field.name].default
        assert default == (field.default if isinstance(field.default, int | str) else default)
    assert f"Builds `{op.OPERATION_NAME}`" in (inspect.getdoc(function) or "")
    assert function.__name__ == name


def test_types_of_the_functions_are_current() -> None:
    assert stubs.PATH.read_text() == stubs.text(), "run python scripts/stubs.py"


def test_unknown_function() -> None:
    with pytest.raises(AttributeError, match="no attribute 'softmin'"):
        _ = ops.softmin  # type: ignore[attr-defined]  # the point of the test


def test_python_checks_the_arguments() -> None:
    with Graph("main", inputs={"x": INPUTS["f"]}) as g:
        with pytest.raises(TypeError, match=r"softmax\(\) got an unexpected keyword argument 'axes'"):
            ops.softmax(g.inputs.x, axes=1)  # type: ignore[call-arg]  # the point of the test
        with pytest.raises(TypeError, match=r"add\(\) missing 1 required positional argument: 'rhs'"):
            ops.add(g.inputs.x)  # type: ignore[call-arg]  # the point of the test
        g.output()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda t: ops.add(t.f, t.i), "'mo.add' op expected lhs and rhs of equal dtype, found f32 and si32"),
        (
            lambda t: ops.add(t.f, ops.transpose(t.f, [1, 0])),
            r"'mo.add' op .*found n and 4 on axis -2 of \[n, 4\] and \[4, n\]",
        ),
        (lambda t: ops.softmax(t.f, axis=2), "'mo.softmax' op .*axis.*2"),
        (lambda t: ops.softmax(t.f, axis="x"), "'mo.softmax' op axis: .*'str'"),
        (lambda t: ops.gelu(t.f, "fast"), "'mo.gelu' op approximate: expected one of none, tanh, quick, found 'fast'"),
        (lambda t: ops.concat([], axis=0), "'mo.concat' op expected one input or more, found none"),
        (lambda t: ops.concat(t.f, axis=0), "'mo.concat' op expected inputs to be a sequence, found <Tensor"),
        (lambda t: ops.concat([t.f, "x"], axis=0), r"'mo.concat' op expected inputs\[1\] to be a tensor.*found 'x'"),
        (lambda t: ops.reshape(t.f, ["n", 5]), r"'mo.reshape' op expected a shape of n \* 4 elements.*found \[n, 5\]"),
        (lambda t: ops.reshape(t.f, [-1, -1]), "'mo.reshape' op expected one extent of -1 at most, found 2"),
        (lambda t: ops.reshape(t.f, [-1, 0]), "'mo.reshape' op expected extents that leave one for -1"),
        (lambda t: ops.reshape(t.f, ["n +", 4]), "'mo.reshape' op shape: "),
        (lambda t: ops.reshape(t.f, ["n", -2]), "'mo.reshape' op shape: expected extents of at least 0, found -2"),
        (lambda t: ops.reshape(t.f, ["n", 4.0]), "'mo.reshape' op shape: expected an extent, as 4 or 'n', found 4.0"),
        (lambda t: ops.reshape(t.f, "n"), "'mo.reshape' op shape: expected a shape.*found 'n'"),
        (lambda t: ops.broadcast_to(t.row, ["m", 4]), "dimensions that graph 'main' knows, n; found m"),
        (lambda t: ops.cast(t.f, "f31"), "'mo.cast' op dtype: expected a dtype among i1, .*found f31"),
        (lambda t: ops.iota([4], "f32", device="the moon"), "'mo.iota' op device: "),
        (lambda t: ops.constant_external("", [4], "f32"), "'mo.constant.external' op .*found an empty one"),
        (lambda t: ops.constant_external("w", ["n"], "f32"), r"expected a static shape, found \[n\]"),
        (lambda t: ops.constant_external(3, ["n"], "f32"), "expected weight to be a name, found 3"),
        (lambda t: ops.sin(2.0), "'mo.sin' op expected input to have a dtype, found the number 2.0; ops.constant"),
        (lambda t: ops.sin(None), "'mo.sin' op expected input to be a tensor, an array or a number, found None"),
        (lambda t: ops.cast(ops.chain_create(), "f32"), "'mo.cast' op expected input to be a tensor"),
        (lambda t: ops.select(t.f, t.f, t.f), "'mo.select' op .*condition.*found f32"),
        (lambda t: ops.call(t.callee, t.f, t.f), "'mo.call' op expected 1 args, as graph 'callee' declares; found 2"),
        (
            lambda t: ops.call(t.callee, t.i),
            r"expected args\[0\] of type .*f32>, as graph 'callee' declares; found .*si32",
        ),
        (lambda t: ops.call("calle", t.f), "expected callee to be a graph of the module, found 'calle'"),
        (lambda t: ops.call("main", t.f), "expected callee to be built already, found graph 'main'"),
        (lambda t: ops.shard_and_stack([t.row], 0, []), "'mo.shard_and_stack' op expected one device or more"),
        (lambda t: ops.shard_and_stack([t.row], 0, [1]), "'mo.shard_and_stack' op devices: "),
        (lambda t: ops.random_normal([2], 0, 1, dtype="si32"), "'mo.random.normal' op expected a result of dtype f16"),
        (lambda t: ops.random_normal(ops.shape_of(t.f)), "expected dims, the result's dimensions"),
        (lambda t: ops.random_normal([2], dims=[2]), "expected dims only with a shape that is a tensor"),
        (lambda t: ops.random_uniform(["m"]), "dimensions that graph 'main' knows, n; found m"),
        (lambda t: ops.random_uniform([2], seed=1.5), "'mo.random.uniform' op seed: expected an integer.*found 1.5"),
    ],
)
def test_errors_name_the_operation_and_leave_nothing(call: Callable[[Any], Tensor], message: str) -> None:
    def attempt(given: SimpleNamespace) -> Tensor:
        with pytest.raises(GraphError, match=message) as caught:
            call(given)
        assert caught.value.filename == __file__
        assert caught.value.line > 0
        result: Tensor = given.f
        return result

    graph = built(attempt)
    wrong = message.partition("'mo.")[2].partition("'")[0]
    assert graph.operation is not None
    built_names = [op.operation.name for op in graph.operation.regions[0].blocks[0]]
    assert not wrong or f"mo.{wrong}" not in built_names
    assert set(built_names) <= {"mo.output", "mo.constant", "mo.transpose", "mo.chain.create", "mo.shape_of"}
