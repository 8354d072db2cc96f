# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares what compiled code gives with the references, operation by operation.

All values of a drawn graph are its outputs. Each operation's reference is evaluated on what the compiled code gave for
its operands, so that errors do not add up, and every tolerance is about one operation.
"""

from collections.abc import Sequence
from typing import Any

import ml_dtypes
import numpy as np
from drawing import Drawn, is_tensor

import mograph as mo
from mograph.engine.dims import Extents
from mograph.engine.interpreter import Values, _Run, _settle

# Rounded once from the exact result, or not rounded at all.
_EXACT = """
    abs add and band_part bitcast broadcast_to cast ceil clamp compress concat constant depth_to_space dim div
    dynamic.pad dynamic.slice dynamic.tile equal expand flip floor gather gather_elements gather_nd
    global_max_pool greater greater_equal hardmax iota is_finite is_inf is_nan less less_equal max max_pool
    max_unpool min mul negative non_zero not not_equal one_hot or pad prelu range rebind reduce.max reduce.min
    relu relu6 reshape reverse_sequence roll round scatter scatter_nd select shape_of shard_and_stack
    shift_left shift_right sign slice sort space_to_depth split sqrt square squeeze sub tile top_k bottom_k
    transpose trilu trunc unique unsqueeze xor if while"""
# Sums of many terms: the order of additions and the rounding between them are the target's.
_SUMS = """
    attention avg_pool batch_norm col2im contract conv conv_transpose cumprod cumsum deform_conv
    global_avg_pool global_lp_pool grid_sample group_norm grouped_matmul instance_norm layer_norm local_response_norm
    log_softmax lp_norm lp_pool matmul reduce.add reduce.l1 reduce.l2 reduce.log_sum reduce.log_sum_exp
    reduce.mean reduce.mul reduce.sum_square resize rms_norm roi_align rope scatter scatter_nd softmax"""
EXACT, SUMS = (frozenset(f"mo.{name}" for name in names.split()) for names in (_EXACT, _SUMS))
# Differences of nearly equal numbers, exact to the operand's precision rather than to the result's.
CANCELLING = frozenset(f"mo.{name}" for name in ("gelu", "mish", "log_softmax", "selu"))
HUGE = 1e4
ULPS = 32  # of the dtype computed in: what the polynomials of the target and of numpy's library differ by, and fma
_SPACING = {"float64": 2.0**-52, "float32": 2.0**-23, "float16": 2.0**-10, "bfloat16": 2.0**-7}


class MismatchError(AssertionError):
    """Compiled code and the reference give other values; the message has the graph."""


def _spacing(dtype: Any) -> float:
    known = _SPACING.get(dtype.name)
    return float(ml_dtypes.finfo(dtype).eps) if known is None else known


def _is_float(dtype: Any) -> bool:
    return dtype.kind in "fV" and "int" not in dtype.name


def tolerance(name: str, operands: Sequence[Any], expected: Any) -> Any:
    """How much the elements of a result of a float dtype may be off."""
    if name in EXACT and name not in SUMS:
        return np.zeros(expected.shape)
    wide = _spacing(expected.dtype) if expected.dtype.name == "float64" else _SPACING["float32"]
    size = np.abs(expected.astype(np.float64))
    bound = size * wide * ULPS + float(np.finfo(np.float32).tiny)
    if name in CANCELLING:
        bound = bound + np.abs(operands[0].astype(np.float64)) * wide * ULPS
    if name in SUMS:
        terms = max((each.size for each in operands if each is not None), default=1) + 16
        bound = bound + wide * terms * float(np.prod([max(each, 1.0) ** 2 for each in largest(operands)]))
    if expected.dtype.name in ("float64", "float32"):
        return bound
    return bound + size * _spacing(expected.dtype) + float(ml_dtypes.finfo(expected.dtype).smallest_subnormal)


def largest(operands: Sequence[Any]) -> list[float]:
    """The greatest magnitude in each float operand; NaN counts as infinite."""
    floats = [each.astype(np.float64) for each in operands if each is not None and _is_float(each.dtype)]
    return [float(np.max(np.nan_to_num(np.abs(each), nan=np.inf), initial=0.0)) for each in floats]


def compare(name: str, operands: Sequence[Any], found: Any, expected: Any) -> str:
    """What is wrong with a result; empty where nothing is."""
    if (found.dtype, found.shape) != (expected.dtype, expected.shape):
        return f"expected {expected.dtype}{list(expected.shape)}, found {found.dtype}{list(found.shape)}"
    if not _is_float(expected.dtype):
        return "" if np.array_equal(found, expected) else f"expected {expected}, found {found}"
    given, wanted = found.astype(np.float64), expected.astype(np.float64)
    # Between sums, 0 * inf and what overflows depend on the order of terms, and on whether a weight of 0 is a term.
    if name in SUMS and any(each > HUGE for each in largest(operands)):
        return ""
    with np.errstate(all="ignore"):
        far = np.abs(given - wanted) > tolerance(name, operands, expected)
    both_nan = np.isnan(given) & np.isnan(wanted)
    wrong = ~both_nan & (given != wanted) & (far | ~np.isfinite(given) | ~np.isfinite(wanted))
    if not wrong.any():
        return ""
    at = tuple(int(each[0]) for each in np.nonzero(wrong))
    return f"at {at} expected {expected[at]!r}, found {found[at]!r}"


def check_operations(graph: Drawn, module: Any, inputs: Sequence[Any], outputs: Sequence[Any]) -> None:
    """Compare the outputs of a graph, all of its values, with the references. Raises MismatchError."""
    model = mo.interpret(module, graph=graph.name)
    function = model._graphs[graph.name]
    (block,) = function.body.blocks
    values, extents = Values(), Extents()
    with function.operation.context:
        run = _Run(model, graph.name, "")
        types = [mo_type(argument) for argument in block.arguments]
        _settle(extents, types, inputs, ["input"] * len(inputs))
        values.update(zip(block.arguments, inputs, strict=True))
        left = iter(outputs)
        for op in list(block.operations)[:-1]:
            operands = [values[operand] for operand in op.operation.operands]
            expected = run._evaluate(op, operands, values, extents)
            found = [next(left) if is_tensor(result) else None for result in op.operation.results]
            for result, (have, want) in enumerate(zip(found, expected, strict=True)):
                problem = "" if want is None else compare(op.operation.name, operands, have, want)
                if problem:
                    shown = "\n".join(f"  {each!r}" for each in operands)
                    raise MismatchError(f"result {result} of {op}: {problem}\noperands:\n{shown}\n{graph.text}")
            values.update(zip(op.operation.results, found, strict=True))


def mo_type(value: Any) -> Any:
    """The type of a value, as the class that declares it."""
    from mograph.dialects.kit import wrap_type

    return wrap_type(value.type)


def outputs_of(model: Any, inputs: Sequence[Any]) -> list[Any]:
    """What a model gives, as a list."""
    found = model(*inputs)
    return list(found) if isinstance(found, tuple) else [found]
