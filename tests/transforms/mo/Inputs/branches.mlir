// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
mo.graph @f(%x: !mo.tensor<[n, 2], f32>, %c: !mo.tensor<[], i1>) -> (!mo.tensor<[n, 2], f32>, !mo.tensor<[k, 2], f32>) {
  %0:3 = mo.if %c -> !mo.tensor<[n, 2], f32>, !mo.tensor<[k, 2], f32>, !mo.tensor<[n, 2], f32> {
    %a = mo.abs %x : !mo.tensor<[n, 2], f32>
    %h = mo.constant 0.5 : !mo.tensor<[], f32>
    %b = mo.mul %a, %h : !mo.tensor<[n, 2], f32>, !mo.tensor<[], f32>
    %d = mo.concat %b, %b axis = 0 : !mo.tensor<[n, 2], f32>
    mo.yield %b, %d, %a : !mo.tensor<[n, 2], f32>, !mo.tensor<[n * 2, 2], f32>, !mo.tensor<[n, 2], f32>
  } else {
    %a = mo.abs %x : !mo.tensor<[n, 2], f32>
    %h = mo.constant 0.5 : !mo.tensor<[], f32>
    %b = mo.sub %a, %h : !mo.tensor<[n, 2], f32>, !mo.tensor<[], f32>
    mo.yield %b, %a, %x : !mo.tensor<[n, 2], f32>, !mo.tensor<[n, 2], f32>, !mo.tensor<[n, 2], f32>
  }
  mo.output %0#0, %0#1 : !mo.tensor<[n, 2], f32>, !mo.tensor<[k, 2], f32>
}
