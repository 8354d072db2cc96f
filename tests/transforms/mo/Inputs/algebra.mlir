// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
mo.graph @f(%x: !mo.tensor<[n, 3], f32>, %i: !mo.tensor<[3], si32>) -> (!mo.tensor<[n, 3], f32>, !mo.tensor<[3], si32>, !mo.tensor<[3], i1>) {
  %zero = mo.constant 0.0 : !mo.tensor<[], f32>
  %one = mo.constant 1.0 : !mo.tensor<[], f32>
  %three = mo.constant 3 : !mo.tensor<[], si32>
  %none = mo.constant 0 : !mo.tensor<[3], si32>
  %0 = mo.add %x, %zero : !mo.tensor<[n, 3], f32>, !mo.tensor<[], f32>
  %1 = mo.mul %0, %one : !mo.tensor<[n, 3], f32>, !mo.tensor<[], f32>
  %2 = mo.sub %1, %x : !mo.tensor<[n, 3], f32>
  %3 = mo.negative %x : !mo.tensor<[n, 3], f32>
  %4 = mo.add %2, %3 : !mo.tensor<[n, 3], f32>
  %5 = mo.add %i, %three : !mo.tensor<[3], si32>, !mo.tensor<[], si32>
  %6 = mo.add %5, %three : !mo.tensor<[3], si32>, !mo.tensor<[], si32>
  %7 = mo.mul %i, %none : !mo.tensor<[3], si32>
  %8 = mo.add %6, %7 : !mo.tensor<[3], si32>
  %9 = mo.less_equal %i, %i : !mo.tensor<[3], si32>
  %10 = mo.not %9 : !mo.tensor<[3], i1>
  %11 = mo.sub %i, %i : !mo.tensor<[3], si32>
  %12 = mo.select %10, %8, %11 : !mo.tensor<[3], i1>, !mo.tensor<[3], si32>
  mo.output %4, %12, %10 : !mo.tensor<[n, 3], f32>, !mo.tensor<[3], si32>, !mo.tensor<[3], i1>
}
