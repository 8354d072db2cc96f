# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Templates of contractions: products of matrices with all that goes in and comes out of them."""
