# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What lowering rules are written with: tensors, scalars and the kernel builder that emits upstream IR for them."""

from mograph.transforms.lower.builder.dtype import BOOL, DTYPES, F32, F64, INDEX, SI64, DType, dtype_of
from mograph.transforms.lower.builder.emit import Emitter
from mograph.transforms.lower.builder.kernel import KernelBuilder
from mograph.transforms.lower.builder.scalar import Scalar
from mograph.transforms.lower.builder.tensor import Tensor

__all__ = [
    "BOOL",
    "DTYPES",
    "F32",
    "F64",
    "INDEX",
    "SI64",
    "DType",
    "Emitter",
    "KernelBuilder",
    "Scalar",
    "Tensor",
    "dtype_of",
]
