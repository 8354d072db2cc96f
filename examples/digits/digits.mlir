// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A network with one hidden layer that reads handwritten digits: n images of 8 x 8 pixels, each from 0 to 1. Gives the
// digit of each image, and how likely each digit is. The weights are those that train.py writes.
mo.graph @digits(%images: !mo.tensor<[n, 64], f32>) -> (!mo.tensor<[n], si64>, !mo.tensor<[n, 10], f32>) {
  %w0 = mo.constant.external "w0" : !mo.tensor<[64, 64], f32>
  %b0 = mo.constant.external "b0" : !mo.tensor<[64], f32>
  %w1 = mo.constant.external "w1" : !mo.tensor<[64, 10], f32>
  %b1 = mo.constant.external "b1" : !mo.tensor<[10], f32>

  %mixed = mo.matmul %images, %w0 : !mo.tensor<[n, 64], f32>, !mo.tensor<[64, 64], f32>
  %shifted = mo.add %mixed, %b0 : !mo.tensor<[n, 64], f32>, !mo.tensor<[64], f32>
  %hidden = mo.relu %shifted : !mo.tensor<[n, 64], f32>

  %votes = mo.matmul %hidden, %w1 : !mo.tensor<[n, 64], f32>, !mo.tensor<[64, 10], f32>
  %scores = mo.add %votes, %b1 : !mo.tensor<[n, 10], f32>, !mo.tensor<[10], f32>
  %likely = mo.softmax %scores : !mo.tensor<[n, 10], f32>
  %digit = mo.reduce.arg_max %scores axis = -1 : !mo.tensor<[n, 10], f32>
  mo.output %digit, %likely : !mo.tensor<[n], si64>, !mo.tensor<[n, 10], f32>
}
