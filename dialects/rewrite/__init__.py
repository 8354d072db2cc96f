# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Rewrite patterns: declared ones, which PDL runs, and Python callbacks.

Operations name theirs in `canonicalizers`; passes list theirs in `patterns`. `mograph.transforms.kit` has all of this
too.
"""
