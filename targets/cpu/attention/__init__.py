# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The template of attention, and of whatever else has products that follow each other row by row."""
