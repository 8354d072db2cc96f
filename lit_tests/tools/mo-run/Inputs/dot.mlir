mo.graph @dot(%x: !mo.tensor<[3], f32>) -> !mo.tensor<[], f32> {
  %w = mo.constant.external "w" : !mo.tensor<[3], f32>
  %y = mo.matmul %x, %w : !mo.tensor<[3], f32>
  mo.output %y : !mo.tensor<[], f32>
}
