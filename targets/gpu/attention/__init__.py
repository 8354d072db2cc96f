# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Attention: two products and the softmax between them as one kernel, which goes through keys and values once."""
