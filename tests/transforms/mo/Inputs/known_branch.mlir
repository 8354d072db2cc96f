// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
mo.graph @f(%x: !mo.tensor<[n, 4], f32>) -> (!mo.tensor<[k, 4], f32>, !mo.tensor<[n, 4], f32>) {
  %d = mo.dim %x axis = 1 : !mo.tensor<[n, 4], f32>
  %four = mo.constant 4 : !mo.tensor<[], si64>
  %c = mo.equal %d, %four : !mo.tensor<[], si64>
  %0 = mo.if %c -> !mo.tensor<[k, 4], f32> {
    %1 = mo.concat %x, %x axis = 0 : !mo.tensor<[n, 4], f32>
    mo.yield %1 : !mo.tensor<[n * 2, 4], f32>
  } else {
    mo.yield %x : !mo.tensor<[n, 4], f32>
  }
  %e = mo.dim %x axis = 0 : !mo.tensor<[n, 4], f32>
  %zero = mo.constant 0 : !mo.tensor<[], si64>
  %negative = mo.less %e, %zero : !mo.tensor<[], si64>
  %2 = mo.if %negative -> !mo.tensor<[n, 4], f32> {
    %3 = mo.exp %x : !mo.tensor<[n, 4], f32>
    mo.yield %3 : !mo.tensor<[n, 4], f32>
  } else {
    %3 = mo.abs %x : !mo.tensor<[n, 4], f32>
    mo.yield %3 : !mo.tensor<[n, 4], f32>
  }
  mo.output %0, %2 : !mo.tensor<[k, 4], f32>, !mo.tensor<[n, 4], f32>
}
