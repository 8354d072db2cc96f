# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reductions: operations that combine the elements along axes into one."""
