// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A million draws from the standard normal distribution; the same seed gives the same draws on every machine.
mo.graph @draw(%seed: !mo.tensor<[], si64>) -> !mo.tensor<[1000000], f32> {
  %shape = mo.constant dense<1000000> : !mo.tensor<[1], si64>
  %mean = mo.constant 0.0 : !mo.tensor<[], f32>
  %std = mo.constant 1.0 : !mo.tensor<[], f32>
  %draws = mo.random.normal %shape, %mean, %std, %seed
    : (!mo.tensor<[1], si64>, !mo.tensor<[], f32>, !mo.tensor<[], f32>, !mo.tensor<[], si64>) -> !mo.tensor<[1000000], f32>
  mo.output %draws : !mo.tensor<[1000000], f32>
}
