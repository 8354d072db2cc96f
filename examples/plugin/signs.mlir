// Two negations are none, and swish stays.
mo.graph @twice(%x: !mo.tensor<[n, 3], f32>) -> !mo.tensor<[n, 3], f32> {
  %a = mo.negative %x : !mo.tensor<[n, 3], f32>
  %b = mo.negative %a : !mo.tensor<[n, 3], f32>
  %y = demo.swish %b : !mo.tensor<[n, 3], f32>
  mo.output %y : !mo.tensor<[n, 3], f32>
}
