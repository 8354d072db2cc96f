# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""mograph's own plugin: everything first-party goes through it."""
