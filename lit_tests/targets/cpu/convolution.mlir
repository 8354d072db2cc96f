// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python -m mograph.targets.cpu %s --until kernels | FileCheck %s
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 256 --no-masks | FileCheck %s --check-prefix=EACH

// What lies under a panel's windows is copied in runs of neighbours, by loops over the channels and the taps; with
// masks a register at once, where windows start two apart of twice as many elements, and without them a register at once
// as far as it goes and then element by element. The rest is a product of matrices.
#x = affine_map<(m, p, q, c, i, j) -> (c, p + i, q + j)>
#x2 = affine_map<(m, p, q, c, i, j) -> (c, p * 2 + i, q * 2 + j)>
#w = affine_map<(m, p, q, c, i, j) -> (m, c, i, j)>
#y = affine_map<(m, p, q, c, i, j) -> (m, p, q)>

// CHECK-LABEL: func.func private @kernel_0(
// CHECK-COUNT-3: scf.for
// CHECK: scf.for
// CHECK-COUNT-2: llvm.intr.masked.load {{.*}} -> vector<32xf32>
// CHECK: llvm.intr.masked.store
// CHECK: scf.for
// CHECK: scf.for {{.*}} iter_args({{.*}}) -> (vector<32xf32>, vector<32xf32>, vector<32xf32>, vector<32xf32>, vector<32xf32>, vector<32xf32>, vector<32xf32>, vector<32xf32>)
// CHECK-COUNT-8: math.fma {{.*}} : vector<32xf32>
// EACH-LABEL: func.func private @kernel_0(
// EACH-NOT: masked
// EACH: llvm.load {{.*}} -> vector<8xf32>
// EACH: llvm.store {{.*}} : vector<8xf32>
// EACH: llvm.load {{.*}} -> f32
// EACH: llvm.store {{.*}} : f32
// EACH: scf.for {{.*}} iter_args({{.*}}) -> (vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>)
// EACH-COUNT-4: math.fma {{.*}} : vector<16xf32>
func.func @near(%a: tensor<32x16x23xf32>, %b: tensor<64x32x3x2xf32>, %c: tensor<64x14x22xf32>) -> tensor<64x14x22xf32> {
  %r = linalg.generic {indexing_maps = [#x, #w, #y], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%a, %b : tensor<32x16x23xf32>, tensor<64x32x3x2xf32>) outs(%c : tensor<64x14x22xf32>) {
  ^bb0(%p: f32, %q: f32, %s: f32):
    %t = arith.mulf %p, %q : f32
    %u = arith.addf %s, %t : f32
    linalg.yield %u : f32
  } -> tensor<64x14x22xf32>
  return %r : tensor<64x14x22xf32>
}

// CHECK-LABEL: func.func private @kernel_1(
// CHECK: llvm.intr.masked.load {{.*}} -> vector<64xf32>
// CHECK: vector.shuffle {{.*}} [0, 2, 4,
// CHECK: llvm.intr.masked.store {{.*}} : vector<32xf32>
// CHECK: scf.for {{.*}} iter_args({{.*}}) -> (vector<32xf32>, vector<32xf32>, vector<32xf32>, vector<32xf32>, vector<32xf32>, vector<32xf32>, vector<32xf32>, vector<32xf32>)
// EACH-LABEL: func.func private @kernel_1(
// EACH: llvm.load {{.*}} -> f32
// EACH: llvm.store {{.*}} : f32
// EACH: scf.for {{.*}} iter_args
func.func @apart(%a: tensor<32x17x33xf32>, %b: tensor<64x32x3x3xf32>, %c: tensor<64x8x16xf32>) -> tensor<64x8x16xf32> {
  %r = linalg.generic {indexing_maps = [#x2, #w, #y], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%a, %b : tensor<32x17x33xf32>, tensor<64x32x3x3xf32>) outs(%c : tensor<64x8x16xf32>) {
  ^bb0(%p: f32, %q: f32, %s: f32):
    %t = arith.mulf %p, %q : f32
    %u = arith.addf %s, %t : f32
    linalg.yield %u : f32
  } -> tensor<64x8x16xf32>
  return %r : tensor<64x8x16xf32>
}

// With the channels last the rows are read through windows: where they lie is noted for each, and a tile goes through
// the taps with the channels innermost.
#x3 = affine_map<(p, q, m, c, i, j) -> (p + i, q + j, c)>
#w3 = affine_map<(p, q, m, c, i, j) -> (i, j, c, m)>
#y3 = affine_map<(p, q, m, c, i, j) -> (p, q, m)>

// CHECK-LABEL: func.func private @kernel_2(
// CHECK: arith.cmpi eq
// CHECK: arith.select
// CHECK: scf.for {{.*}} -> (vector<32xf32>, vector<32xf32>, vector<32xf32>, vector<32xf32>, vector<32xf32>, vector<32xf32>, vector<32xf32>)
// CHECK: scf.for {{.*}} -> (vector<32xf32>, vector<32xf32>, vector<32xf32>, vector<32xf32>, vector<32xf32>, vector<32xf32>, vector<32xf32>)
// CHECK: scf.for {{.*}} -> (vector<32xf32>, vector<32xf32>, vector<32xf32>, vector<32xf32>, vector<32xf32>, vector<32xf32>, vector<32xf32>)
// CHECK-COUNT-7: math.fma {{.*}} : vector<32xf32>
func.func @last(%a: tensor<16x23x32xf32>, %b: tensor<3x2x32x64xf32>, %c: tensor<14x22x64xf32>) -> tensor<14x22x64xf32> {
  %r = linalg.generic {indexing_maps = [#x3, #w3, #y3], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%a, %b : tensor<16x23x32xf32>, tensor<3x2x32x64xf32>) outs(%c : tensor<14x22x64xf32>) {
  ^bb0(%p: f32, %q: f32, %s: f32):
    %t = arith.mulf %p, %q : f32
    %u = arith.addf %s, %t : f32
    linalg.yield %u : f32
  } -> tensor<14x22x64xf32>
  return %r : tensor<14x22x64xf32>
}

// What fills the results is what a tile starts from, and what is computed of them is computed of the tile: nothing else
// is stored.
#e = affine_map<(m, p, q) -> (m, p, q)>
#m = affine_map<(m, p, q) -> (m)>

// CHECK-LABEL: func.func private @kernel_3(
// CHECK-COUNT-8: math.fma {{.*}} : vector<32xf32>
// CHECK: vector.broadcast {{.*}} : f32 to vector<32xf32>
// CHECK: arith.maximumf {{.*}} : vector<32xf32>
// CHECK: llvm.intr.masked.store
func.func @followed(%a: tensor<16x16x24xf32>, %b: tensor<64x16x3x3xf32>, %c: tensor<64xf32>) -> tensor<64x14x22xf32>
    attributes {mogg.schedule = {winograd = {square = 0 : i64}}} {
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<64x14x22xf32>
  %i = linalg.fill ins(%z : f32) outs(%e : tensor<64x14x22xf32>) -> tensor<64x14x22xf32>
  %r = linalg.generic {indexing_maps = [#x, #w, #y], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%a, %b : tensor<16x16x24xf32>, tensor<64x16x3x3xf32>) outs(%i : tensor<64x14x22xf32>) {
  ^bb0(%p: f32, %q: f32, %s: f32):
    %t = arith.mulf %p, %q : f32
    %u = arith.addf %s, %t : f32
    linalg.yield %u : f32
  } -> tensor<64x14x22xf32>
  %o = linalg.generic {indexing_maps = [#e, #m, #e], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%r, %c : tensor<64x14x22xf32>, tensor<64xf32>) outs(%e : tensor<64x14x22xf32>) {
  ^bb0(%p: f32, %q: f32, %s: f32):
    %t = arith.addf %p, %q : f32
    %u = arith.maximumf %t, %z : f32
    linalg.yield %u : f32
  } -> tensor<64x14x22xf32>
  return %o : tensor<64x14x22xf32>
}
