// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %roundtrip

// A chain to start from.

// CHECK-LABEL: mo.graph @test
mo.graph @test() {
  // CHECK: mo.chain.create
  %r0 = mo.chain.create
  mo.output
}
