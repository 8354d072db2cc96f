// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: mo-opt %s --mo-inline --verify-diagnostics --split-input-file

mo.graph private @self(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
  // expected-error @+1 {{expected graphs that end, found a circle of calls: @self -> @self}}
  %0 = mo.call @self(%x) : (!mo.tensor<[n], f32>) -> !mo.tensor<[n], f32>
  mo.output %0 : !mo.tensor<[n], f32>
}

// -----

mo.graph @model() {
  mo.call @a() : () -> ()
  mo.output
}
mo.graph private @a() {
  mo.call @b() : () -> ()
  mo.output
}
mo.graph private @b() {
  // expected-error @+1 {{expected graphs that end, found a circle of calls: @a -> @b -> @a}}
  mo.call @a() : () -> ()
  mo.output
}
