// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
mo.graph @f(%x: !mo.tensor<[n], f32>) -> !mo.tensor<[n], f32> {
  %0 = mo.abs %x : !mo.tensor<[n], f32>
  mo.output %0 : !mo.tensor<[n], f32>
}
