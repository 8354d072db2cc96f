# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Mathematical functions as polynomials in `arith` operations, so that they vectorise on any machine.

`single` has exponentials and logarithms of f32, computed in f32, `circular` sine, cosine and tangent, and `inverse`
their inverses; `double` computes the rest of the f32 functions in f64, where plain formulas are accurate to the last
bit of f32 or nearly so. `wide` and the modules named after it have those of f64, with `pairs` of numbers where one is
not enough. `expand` replaces the operations of the math dialect, and arithmetic on the small float types (`small`).
"""
