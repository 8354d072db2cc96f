# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Dialects, and the kit that they are declared with."""
