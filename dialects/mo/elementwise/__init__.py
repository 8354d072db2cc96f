# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Operations that compute each element of their result from one element of each operand."""
