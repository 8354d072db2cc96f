// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --verify-diagnostics --split-input-file

// In mo.if and mo.while only.

func.func @test() {
  // expected-error @+1 {{'mo.yield' op expects parent op to be one of 'mo.if', 'mo.while'}}
  mo.yield
}
