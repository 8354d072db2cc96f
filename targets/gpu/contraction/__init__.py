# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Products of matrices and what can be told as such: tiles that blocks of threads compute from shared memory."""
