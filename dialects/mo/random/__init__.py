# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random tensors: pure functions of a seed."""
