# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A plugin that fails."""

raise RuntimeError("this plugin is broken")
