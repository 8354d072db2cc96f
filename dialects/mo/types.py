# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The types and attributes of `mo`: tensors, buffers, chains, devices."""

from mograph.dialects.kit import Parameter
from mograph.dialects.kit import constraints as c
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.dtypes import DTYPES

__all__ = ["HOST", "BufferType", "Chain", "ChainType", "Device", "HostBool", "TensorType"]

HOST = "cpu"
"""The label of the host's memory."""


class TensorType(Mo.Type, name="tensor", shaped=("shape", "dtype")):
    """An immutable array on a device.

    A dimension is a constant, a name, or an expression of names with `+`, `-`, `*`, `//`, `%`, `max` and `min`, kept
    in a normal form, so that `n * 2 + n` and `n * 3` are one type. Names are extents: never negative. `!mo.tensor<[4,
    n, n * 2 + 1], f32, gpu:0>` lies on the first GPU; a tensor without a device lies on the host, `cpu`. The dtypes
    are bool (`i1`), `si8` to `si64`, `ui8` to `ui64`, `f16`, `bf16`, `f32`, `f64`, `f8E4M3FN` and `f8E5M2`; and for
    storage, a byte an element and to be cast before anything computes with them, `si4`, `ui4`, `si2`, `ui2`,
    `f4E2M1FN`, `f8E4M3FNUZ`, `f8E5M2FNUZ` and `f8E8M0FNU`.
    """

    shape: Parameter[c.Dims]
    dtype: Parameter[c.AnyTypeOf(*DTYPES)]
    device: Parameter[c.Label] = HOST
    assembly_format = "`<` $shape `,` $dtype (`,` $device^)? `>`"


class BufferType(Mo.Type, name="buffer"):
    """Memory on a device that is written: `!mo.buffer<[n, 4], f32>`.

    Shape, dtype and device are as of a tensor. A tensor is read from a buffer by `mo.buffer.load`, and put into one by
    `mo.buffer.store`; in between, neither changes the other. As an input of a graph it is an array of the caller's.
    """

    shape: Parameter[c.Dims]
    dtype: Parameter[c.AnyTypeOf(*DTYPES)]
    device: Parameter[c.Label] = HOST
    assembly_format = "`<` $shape `,` $dtype (`,` $device^)? `>`"


class ChainType(Mo.Type, name="chain"):
    """A token that orders effects: an operation that takes a chain runs after the operation that gave it."""

    assembly_format = ""


class Device(Mo.Attribute, name="device"):
    """A device: `#mo.device<cpu>`, `#mo.device<gpu:0>`."""

    label: Parameter[c.Label]
    assembly_format = "`<` $label `>`"


HostBool = c.Exactly("!mo.tensor<[], i1>")
"""Constraint: a bool of rank 0 on the host, which decides where control goes."""

Chain = c.Exactly("!mo.chain")
"""Constraint: a chain, whose type need not be written."""
