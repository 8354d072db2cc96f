// RUN: mo-opt %s --split-input-file --verify-diagnostics --pass-pipeline='builtin.module(mogg-from-mo)'

mo.graph @no_rule(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
  // expected-error@+1 {{no lowering rule for 'arith.constant' on target 'cpu'; the nearest rules are for mo.constant}}
  %0 = arith.constant 1 : i32
  mo.output %x : !mo.tensor<[n], f32>
}

// -----

mo.graph @unbound(%x: !mo.tensor<[n * 2], f32>) -> !mo.tensor<[1], si64> {
  // expected-error@+1 {{dimension 'n' is used before an input or an operation has bound it}}
  %0 = mo.shape_of %x : !mo.tensor<[n * 2], f32>
  mo.output %0 : !mo.tensor<[1], si64>
}

// -----

mo.graph @weights() -> (!mo.tensor<[4], f32>, !mo.tensor<[8], f32>) {
  %0 = mo.constant.external "w" : !mo.tensor<[4], f32>
  // expected-error@+1 {{weight 'w' has another type elsewhere in the graph: !mo.tensor<[4], f32>}}
  %1 = mo.constant.external "w" : !mo.tensor<[8], f32>
  mo.output %0, %1 : !mo.tensor<[4], f32>, !mo.tensor<[8], f32>
}
