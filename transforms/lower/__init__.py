# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Lowering rules of the operations of `mo`, one module for each family, and the registry that finds them.

`rule` says what a rule is, `builder` has what it is written with.
"""
