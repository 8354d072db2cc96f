// RUN: mo-opt %s --split-input-file --verify-diagnostics

// expected-error@+1 {{expected roles for 1 arguments, found 2}}
mogg.kernel private @k(%x: f32) -> f32 attributes {roles = ["in", "extent"]} {
  mogg.return %x : f32
}

// -----

// expected-error@+1 {{expected each role to be one of in, fused-in, extent; found 'out'}}
mogg.kernel private @k(%x: f32) -> f32 attributes {roles = ["out"]} {
  mogg.return %x : f32
}

// -----

mogg.program @p(%x: f32) -> i32 {
  // expected-error@+1 {{expected values of the declared types, i32; found f32}}
  mogg.return %x : f32
}
