# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The conversions of operators, a module for each family; all modules here are imported before a model is."""
