# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Constants and weights: operations without operands, whose types are written."""

from typing import Any

import numpy as np

from mograph.dialects.mo import Constant, ConstantExternal, Iota
from mograph.graph.emit import Form, attempt, build, dense, fail, wrap
from mograph.graph.emit import constant as create_constant
from mograph.graph.literals import elements
from mograph.graph.ops.typed import new_type, shaped_type
from mograph.graph.scope import current
from mograph.graph.tensor import Tensor
from mograph.graph.types import DTypeLike, ShapeLike, device_label, dtype_name

__all__ = ["constant", "constant_external", "external", "iota"]


def constant(value: Any, dtype: DTypeLike | None = None, device: str = "cpu") -> Tensor:
    """A tensor whose elements stand in the program.

    `value` is a number, an array, or nested sequences of numbers. Without `dtype` it is what numpy makes of the value:
    `si64` of Python's ints, `f64` of its floats. Given a `dtype`, numbers are rounded to it if it is a float.

    Builds `mo.constant`. Raises GraphError for a value that the dtype does not hold.
    """
    name = Constant.OPERATION_NAME
    scope = current(f"'{name}' op")
    array = attempt(name, "value", np.asarray, value)
    wanted = attempt(name, "dtype", dtype_name, array.dtype if dtype is None else dtype)
    if not array.size:
        array = array.astype(np.bool_)  # no element has a dtype: [] is f64 to numpy
    array = attempt(name, "value", elements, array, wanted, True)
    where = attempt(name, "device", device_label, device)
    location = scope.graph.locations.here()
    made: Tensor = wrap(scope, create_constant(scope, *dense(scope, array, wanted, where, location), location))
    return made


def constant_external(weight: str, shape: ShapeLike, dtype: DTypeLike, device: str = "cpu") -> Tensor:
    """A weight: a tensor of a static shape that is given by its name when a compiled model is initialised.

    Builds `mo.constant.external`. Raises GraphError for an empty name and a shape that is not static.
    """
    if not isinstance(weight, str):
        fail(ConstantExternal.OPERATION_NAME, f"expected weight to be a name, found {weight!r}")
    type_ = new_type(ConstantExternal, shape, dtype, device)
    made: Tensor = build(Form.of(ConstantExternal), (), {"weight": weight}, [type_])
    return made


external = constant_external


def iota(
    shape: Tensor | ShapeLike,
    dtype: DTypeLike,
    axis: int = 0,
    device: str = "cpu",
    *,
    dims: ShapeLike | None = None,
) -> Tensor:
    """A tensor whose elements are their own index along `axis`, 0 to extent - 1.

    `shape` is a shape, or a tensor `[rank]` of dtype si64 on the host that holds one: then `dims` says what the
    dimensions of the result are, constants or names, of which new ones are bound.

    Builds `mo.iota`. Raises GraphError for an axis out of range, and for named dimensions that the graph does not know.
    """
    type_, extent = shaped_type(Iota, shape, dims, dtype, device)
    made: Tensor = build(Form.of(Iota), (extent,), {"axis": axis}, [type_])
    return made
