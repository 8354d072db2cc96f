# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Lowering rules of the CPU alone: where they call functions of its runtime."""
