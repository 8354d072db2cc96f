# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Elements between elements, at coordinates that are operands."""
