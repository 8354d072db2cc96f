// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
mo.graph @f(%x: !mo.tensor<[n], f32>) -> (!mo.tensor<[n], f32>, !mo.tensor<[2, 3], f32>) {
  %a = mo.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : !mo.tensor<[2, 3], f32>
  %b = mo.constant 0.5 : !mo.tensor<[1, 3], f32>
  %c = mo.constant 0.5 : !mo.tensor<[], f32>
  %0 = mo.mul %a, %b : !mo.tensor<[2, 3], f32>, !mo.tensor<[1, 3], f32>
  %1 = mo.reduce.max %0 : !mo.tensor<[2, 3], f32>
  %d = mo.constant 0.5 : !mo.tensor<[], f32>
  %2 = mo.add %1, %d : !mo.tensor<[], f32>
  %3 = mo.sub %2, %c : !mo.tensor<[], f32>
  %4 = mo.mul %x, %3 : !mo.tensor<[n], f32>, !mo.tensor<[], f32>
  mo.output %4, %0 : !mo.tensor<[n], f32>, !mo.tensor<[2, 3], f32>
}
