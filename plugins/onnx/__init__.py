# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The ONNX front end, a plugin: modules and weights from ONNX models."""
