# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From upstream dialects to machine code, one package a target.

`signature` and `calling` serve all targets that run in this process: the plain-data description of an entry, and the
callable that checks arrays against it. `cpu` compiles for the processor.
"""
