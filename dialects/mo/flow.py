# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Which types may arrive where another is declared: those of control flow, whose ends may name dimensions."""

from mograph.dialects.kit import Dim
from mograph.dialects.mo.types import BufferType, TensorType

__all__ = ["flows_into"]


def flows_into(source: object, target: object) -> bool:
    """Whether a value of type `source` may arrive where `target` is declared.

    The types are equal but for dimensions that are names in `target`, which are bound to what arrives.
    """
    if source == target:
        return True
    if not isinstance(source, TensorType | BufferType) or not isinstance(target, type(source)):
        return False
    if (source.dtype, source.device, len(source.shape)) != (target.dtype, target.device, len(target.shape)):
        return False
    pairs = zip(source.shape, target.shape, strict=True)
    return all(have == declared or _is_name(declared) for have, declared in pairs)


def _is_name(dim: "int | Dim") -> bool:
    return isinstance(dim, Dim) and dim.names() == [str(dim)]
