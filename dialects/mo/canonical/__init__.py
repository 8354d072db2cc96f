# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How operations become simpler, by family: what their `fold` and `canonicalizers` are made of.

Floats keep their IEEE meaning: signed zeros, infinities and NaN count, so that only what is exact for them is here.
Integers wrap, and keep all the laws of a ring.
"""
