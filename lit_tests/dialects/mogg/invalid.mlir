// RUN: mo-opt %s --split-input-file --verify-diagnostics

// expected-error@+1 {{expected roles for 1 arguments, found 2}}
mogg.kernel private @k(%x: f32) -> f32 attributes {roles = ["in", "extent"]} {
  mogg.return %x : f32
}

// -----

// expected-error@+1 {{expected each role to be one of in, fused-in, extent, out, fused-out, mutable; found 'output'}}
mogg.kernel private @k(%x: f32) -> f32 attributes {roles = ["output"]} {
  mogg.return %x : f32
}

// -----

mogg.program @p(%x: f32) -> i32 {
  // expected-error@+1 {{expected values of the declared types, i32; found f32}}
  mogg.return %x : f32
}

// -----

// expected-error@+1 {{writes to argument 0, whose role is 'in'}}
mogg.kernel private @k(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> attributes {roles = ["in", "in"]} {
  %0 = bufferization.materialize_in_destination %y in %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  mogg.return %0 : tensor<4xf32>
}

// -----

// expected-error@+1 {{writes to argument 0, whose role is 'fused-in'}}
mogg.kernel private @k(%x: tensor<4xf32>, %s: f32) -> tensor<4xf32> attributes {roles = ["fused-in", "in"]} {
  %0 = linalg.generic {indexing_maps = [affine_map<(d0) -> ()>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%s : f32) outs(%x : tensor<4xf32>) {
  ^bb0(%a: f32, %o: f32):
    linalg.yield %a : f32
  } -> tensor<4xf32>
  mogg.return %0 : tensor<4xf32>
}

// -----

// expected-error@+1 {{expected a result to be put in argument 1, whose role is 'out'}}
mogg.kernel private @k(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> attributes {roles = ["in", "out"]} {
  mogg.return %x : tensor<4xf32>
}

// -----

// expected-error@+1 {{puts two results in argument 1}}
mogg.kernel private @k(%x: tensor<4xf32>, %y: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) attributes {roles = ["in", "out"]} {
  %0 = bufferization.materialize_in_destination %x in %y : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %1 = bufferization.materialize_in_destination %x in %y : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  mogg.return %0, %1 : tensor<4xf32>, tensor<4xf32>
}
