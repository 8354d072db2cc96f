# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Passes from graphs to graphs: one file each, which is found by its name; shared code starts with an underscore.

Importing this package imports no pass: whoever looks for passes reads names only.
"""
