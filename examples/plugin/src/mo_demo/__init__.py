# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""An example of a mograph plugin."""
