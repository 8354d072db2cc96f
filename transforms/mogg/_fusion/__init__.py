# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Fusion of launches: what a kernel does (`summary`), which launches go together and why (`rules`), what may go
together (`grouping`), and the kernels made of groups (`merging`).
"""
