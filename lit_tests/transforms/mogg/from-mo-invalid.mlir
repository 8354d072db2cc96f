// RUN: mo-opt %s --split-input-file --verify-diagnostics --pass-pipeline='builtin.module(mogg-from-mo{target=nowhere})'

mo.graph @main(%x: !mo.tensor<[n * 2], f32>) -> !mo.tensor<[n], f32> {
  %one = mo.constant 1.0 : !mo.tensor<[], f32>
  // expected-error@+1 {{dimension 'n' is used before an input or an operation has bound it}}
  %0 = mo.iota : !mo.tensor<[n], f32>
  mo.output %0 : !mo.tensor<[n], f32>
}

// -----

// expected-error@+1 {{graphs call each other in a circle: a -> b -> a}}
mo.graph private @a(%x: !mo.tensor<[], f32>) -> !mo.tensor<[], f32> {
  %0 = mo.call @b(%x) : (!mo.tensor<[], f32>) -> !mo.tensor<[], f32>
  mo.output %0 : !mo.tensor<[], f32>
}
mo.graph private @b(%x: !mo.tensor<[], f32>) -> !mo.tensor<[], f32> {
  %0 = mo.call @a(%x) : (!mo.tensor<[], f32>) -> !mo.tensor<[], f32>
  mo.output %0 : !mo.tensor<[], f32>
}
