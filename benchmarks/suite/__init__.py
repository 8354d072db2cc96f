# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compiled code against that of other libraries and compilers: the same work, in one run, in turn."""
