// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
mo.graph @f(%x: !mo.tensor<[n, 4, 6], f32>) -> (!mo.tensor<[k, l], f32>, !mo.tensor<[n, 4, 6], f32>, !mo.tensor<[r], si64>, !mo.tensor<[2], si64>) {
  %s = mo.shape_of %x : !mo.tensor<[n, 4, 6], f32>
  %n = mo.slice %s starts = [0] stops = [1] steps = [1] : !mo.tensor<[3], si64>
  %h = mo.slice %s starts = [1] stops = [3] steps = [1] : !mo.tensor<[3], si64>
  %p = mo.reduce.mul %h axes = [0] keepdims : !mo.tensor<[2], si64>
  %t = mo.concat %n, %p axis = 0 : !mo.tensor<[1], si64>
  %y = mo.reshape %x, %t : !mo.tensor<[n, 4, 6], f32>, !mo.tensor<[2], si64> to !mo.tensor<[k, l], f32>
  %e = mo.abs %y : !mo.tensor<[k, l], f32>
  %zeros = mo.constant 0 : !mo.tensor<[3], si64>
  %ones = mo.constant 1 : !mo.tensor<[3], si64>
  %z = mo.dynamic.slice %x, %zeros, %s, %ones : (!mo.tensor<[n, 4, 6], f32>, !mo.tensor<[3], si64>, !mo.tensor<[3], si64>, !mo.tensor<[3], si64>) -> !mo.tensor<[a, b, 6], f32>
  %w = mo.rebind %z : !mo.tensor<[a, b, 6], f32> to !mo.tensor<[n, 4, 6], f32>
  %u = mo.add %w, %x : !mo.tensor<[n, 4, 6], f32>
  %zero = mo.constant 0 : !mo.tensor<[], si64>
  %two = mo.constant 2 : !mo.tensor<[], si64>
  %limit = mo.reshape %n : !mo.tensor<[1], si64> to !mo.tensor<[], si64>
  %r = mo.range %zero, %limit, %two : !mo.tensor<[], si64> to !mo.tensor<[r], si64>
  mo.output %e, %u, %r, %h : !mo.tensor<[k, l], f32>, !mo.tensor<[n, 4, 6], f32>, !mo.tensor<[r], si64>, !mo.tensor<[2], si64>
}
