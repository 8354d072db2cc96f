# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Lowering rules for targets of GPUs: algorithms of few nests with many points, where others go through rows."""
