# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Normalisations: `mo.layer_norm`, `mo.batch_norm` and their kin.

All are of floats. Narrow ones are computed in f32 or wider and rounded once; the references compute in f64.
"""
