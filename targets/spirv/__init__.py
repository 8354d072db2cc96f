# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""SPIR-V: code of kernels for implementations of OpenCL, which run it on GPUs and on processors."""
