# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""mograph: an open graph compiler on upstream MLIR."""

__version__ = "0.1.0"
