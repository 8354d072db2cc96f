# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Resizing by interpolation."""
