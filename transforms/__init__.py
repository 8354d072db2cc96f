# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The passes, one file each, grouped by the level that they work on; `kit` is how a pass is declared."""
