// RUN: %roundtrip

// CHECK-LABEL: mogg.kernel private @scaled_f32(
// CHECK-SAME: %{{.*}}: tensor<?xf32>, %{{.*}}: f32, %{{.*}}: index) -> tensor<?xf32>
// CHECK-SAME: roles = ["in", "in", "extent"]
mogg.kernel private @scaled_f32(%x: tensor<?xf32>, %s: f32, %n: index) -> tensor<?xf32> attributes {roles = ["in", "in", "extent"]} {
  // CHECK: mogg.return %{{.*}} : tensor<?xf32>
  mogg.return %x : tensor<?xf32>
}

// CHECK-LABEL: mogg.program private @inner() {
mogg.program private @inner() {
  // CHECK: mogg.return
  mogg.return
}

// CHECK-LABEL: mogg.program @main(
// CHECK-SAME: signature = {
mogg.program @main(%x: tensor<?xf32>) -> tensor<?xf32> attributes {
  signature = {inputs = [{name = "x", dtype = "f32", dims = ["n"], device = "cpu"}], outputs = [], weights = []}
} {
  %s = arith.constant 2.0 : f32
  %n = arith.constant 2 : index
  // CHECK: mogg.launch @scaled_f32(%{{.*}}, %{{.*}}, %{{.*}}) : (tensor<?xf32>, f32, index) -> tensor<?xf32>
  %y = mogg.launch @scaled_f32(%x, %s, %n) : (tensor<?xf32>, f32, index) -> tensor<?xf32>
  // CHECK: mogg.call @inner() : () -> ()
  mogg.call @inner() : () -> ()
  mogg.return %y : tensor<?xf32>
}
