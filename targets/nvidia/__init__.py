# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""NVIDIA's chips: device modules to PTX in this process, and to cubins by `ptxas`."""
