# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Operations on buffers: memory that is written."""
