# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the targets for GPUs share: from modules of upstream dialects to kernels, and to the code that launches them."""
