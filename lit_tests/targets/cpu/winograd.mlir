// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python -m mograph.targets.cpu %s --until kernels | FileCheck %s
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 256 --no-masks | FileCheck %s --check-prefix=HALF
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 128 --no-masks | FileCheck %s --check-prefix=QUARTER
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 128 --no-masks --no-fma | FileCheck %s --check-prefix=V1
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 128 --no-masks --features neon | FileCheck %s --check-prefix=QUARTER

// The filter is transformed first, for each thread; then rows of squares: their input, products of matrices, and the
// results from these.
#x = affine_map<(p, q, m, c, i, j) -> (p + i, q + j, c)>
#w = affine_map<(p, q, m, c, i, j) -> (i, j, c, m)>
#y = affine_map<(p, q, m, c, i, j) -> (p, q, m)>

// CHECK-LABEL: func.func private @kernel_0(
// CHECK: arith.constant -5.000000e+00 : f32
// CHECK: arith.constant 8.000000e+00 : f32
// CHECK: arith.constant 0.0416666679 : f32
// CHECK-COUNT-3: memref.alloc
// CHECK: scf.for
// CHECK: vector.broadcast {{.*}} : f32 to vector<16xf32>
// CHECK: math.fma {{.*}} : vector<16xf32>
// CHECK: scf.for {{.*}} iter_args({{.*}}) -> (vector<16xf32>, vector<16xf32>, vector<16xf32>
// CHECK: math.fma {{.*}} : vector<16xf32>
// CHECK-COUNT-3: memref.dealloc
// HALF-LABEL: func.func private @kernel_0(
// HALF: arith.constant -5.000000e+00 : f32
// HALF: iter_args({{.*}}) -> (vector<8xf32>
// QUARTER-LABEL: func.func private @kernel_0(
// QUARTER: arith.constant -5.000000e+00 : f32
// QUARTER: iter_args({{.*}}) -> (vector<4xf32>
// QUARTER: math.fma {{.*}} : vector<4xf32>
// V1-LABEL: func.func private @kernel_0(
// V1-NOT: math.fma
// V1: iter_args({{.*}}) -> (vector<4xf32>
// V1: arith.mulf {{.*}} : vector<4xf32>
// V1: arith.addf {{.*}} : vector<4xf32>
func.func @squares(%a: tensor<58x58x64xf32>, %b: tensor<3x3x64x64xf32>, %c: tensor<56x56x64xf32>) -> tensor<56x56x64xf32> {
  %r = linalg.generic {indexing_maps = [#x, #w, #y], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%a, %b : tensor<58x58x64xf32>, tensor<3x3x64x64xf32>) outs(%c : tensor<56x56x64xf32>) {
  ^bb0(%p: f32, %q: f32, %s: f32):
    %t = arith.mulf %p, %q : f32
    %u = arith.addf %s, %t : f32
    linalg.yield %u : f32
  } -> tensor<56x56x64xf32>
  return %r : tensor<56x56x64xf32>
}

// A schedule without squares is the direct form's.
// CHECK-LABEL: func.func private @kernel_1(
// CHECK-NOT: memref.alloc
// CHECK: iter_args
// CHECK: return
func.func @direct(%a: tensor<58x58x64xf32>, %b: tensor<3x3x64x48xf32>, %c: tensor<56x56x48xf32>) -> tensor<56x56x48xf32>
    attributes {mogg.schedule = {winograd = {square = 0 : i64}}} {
  %r = linalg.generic {indexing_maps = [#x, #w, #y], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%a, %b : tensor<58x58x64xf32>, tensor<3x3x64x48xf32>) outs(%c : tensor<56x56x48xf32>) {
  ^bb0(%p: f32, %q: f32, %s: f32):
    %t = arith.mulf %p, %q : f32
    %u = arith.addf %s, %t : f32
    linalg.yield %u : f32
  } -> tensor<56x56x48xf32>
  return %r : tensor<56x56x48xf32>
}

// Results start from a number for each channel, and the ramp is computed before they are stored: there is one kernel.
#e = affine_map<(m, p, q) -> (m, p, q)>
#m = affine_map<(m, p, q) -> (m)>
#fx = affine_map<(m, p, q, c, i, j) -> (c, p + i, q + j)>
#fw = affine_map<(m, p, q, c, i, j) -> (m, c, i, j)>
#fy = affine_map<(m, p, q, c, i, j) -> (m, p, q)>

// CHECK-LABEL: func.func private @kernel_2(
// CHECK: iter_args({{.*}}) -> (vector<16xf32>
// CHECK: arith.addf {{.*}} : vector<16xf32>
// CHECK: arith.maximumf {{.*}} : vector<16xf32>
// CHECK: llvm.store
// CHECK-NOT: func.func private @kernel_3(
func.func @followed(%a: tensor<64x58x58xf32>, %b: tensor<64x64x3x3xf32>, %c: tensor<64xf32>) -> tensor<64x56x56xf32> {
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<64x56x56xf32>
  %i = linalg.generic {indexing_maps = [#m, #e], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%c : tensor<64xf32>) outs(%e : tensor<64x56x56xf32>) {
  ^bb0(%p: f32, %s: f32):
    linalg.yield %p : f32
  } -> tensor<64x56x56xf32>
  %r = linalg.generic {indexing_maps = [#fx, #fw, #fy], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%a, %b : tensor<64x58x58xf32>, tensor<64x64x3x3xf32>) outs(%i : tensor<64x56x56xf32>) {
  ^bb0(%p: f32, %q: f32, %s: f32):
    %t = arith.mulf %p, %q : f32
    %u = arith.addf %s, %t : f32
    linalg.yield %u : f32
  } -> tensor<64x56x56xf32>
  %o = linalg.generic {indexing_maps = [#e, #e], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%r : tensor<64x56x56xf32>) outs(%e : tensor<64x56x56xf32>) {
  ^bb0(%p: f32, %s: f32):
    %u = arith.maximumf %p, %z : f32
    linalg.yield %u : f32
  } -> tensor<64x56x56xf32>
  return %o : tensor<64x56x56xf32>
}
