// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python -m mograph.targets.cpu %s --until kernels | FileCheck %s --check-prefixes=CHECK,V4
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 256 --no-masks | FileCheck %s --check-prefixes=CHECK,V3
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 128 --no-masks | FileCheck %s --check-prefixes=CHECK,V2

// CHECK-LABEL: func.func @short(
// V4-NOT: vector<128xf32>
// V3-NOT: vector<64xf32>
// V2-NOT: vector<32xf32>
// CHECK-LABEL: func.func @end(

// Two nests go along rows that stay in the first cache. A partial maximum of numbers is never NaN, so one comparison
// will do; the nest that reads a row last asks for the next one.
// CHECK-LABEL: func.func private @kernel_0(
// CHECK: scf.for
// CHECK-NOT: prefetch
// V4: arith.cmpf ogt, %[[TERM:.*]], %[[TOTAL:.*]] : vector<64xf32>
// V4-NEXT: arith.select %{{.*}}, %[[TERM]], %[[TOTAL]]
// V3: arith.cmpf ogt, %[[TERM:.*]], %[[TOTAL:.*]] : vector<32xf32>
// V3-NEXT: arith.select %{{.*}}, %[[TERM]], %[[TOTAL]]
// V2: arith.cmpf ogt, %[[TERM:.*]], %[[TOTAL:.*]] : vector<16xf32>
// V2-NEXT: arith.select %{{.*}}, %[[TERM]], %[[TOTAL]]
// V4-COUNT-6: vector.shuffle
// V3-COUNT-5: vector.shuffle
// V2-COUNT-4: vector.shuffle
// CHECK: vector.extract
// V4-COUNT-4: llvm.intr.prefetch
// V3-COUNT-2: llvm.intr.prefetch
// V2: llvm.intr.prefetch
// CHECK-NEXT: llvm.load
// CHECK-NOT: prefetch
// CHECK: llvm.store
func.func @shifted(%x: tensor<1024x4096xf32>) -> tensor<1024x4096xf32> {
  %low = arith.constant 0xFF800000 : f32
  %e = tensor.empty() : tensor<1024xf32>
  %i = linalg.fill ins(%low : f32) outs(%e : tensor<1024xf32>) -> tensor<1024xf32>
  %m = linalg.reduce { arith.maxnumf } ins(%x : tensor<1024x4096xf32>) outs(%i : tensor<1024xf32>) dimensions = [1]
  %o = tensor.empty() : tensor<1024x4096xf32>
  %r = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i, j)>],
      iterator_types = ["parallel", "parallel"]}
      ins(%x, %m : tensor<1024x4096xf32>, tensor<1024xf32>) outs(%o : tensor<1024x4096xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %d = arith.subf %a, %b : f32
    linalg.yield %d : f32
  } -> tensor<1024x4096xf32>
  return %r : tensor<1024x4096xf32>
}

// A long chain takes twice as many elements at once as others, where the loop is long.
// CHECK-LABEL: func.func private @kernel_1(
// V4: vector<128xf32>
// V3: vector<64xf32>
// V2: vector<32xf32>
func.func @long(%x: tensor<1000000xf32>) -> tensor<1000000xf32> {
  %a = math.tanh %x : tensor<1000000xf32>
  %b = math.erf %a : tensor<1000000xf32>
  %c = math.log %b : tensor<1000000xf32>
  %d = math.exp %c : tensor<1000000xf32>
  %r = math.tanh %d : tensor<1000000xf32>
  return %r : tensor<1000000xf32>
}

func.func @short(%x: tensor<100xf32>) -> tensor<100xf32> {
  %a = math.tanh %x : tensor<100xf32>
  %b = math.erf %a : tensor<100xf32>
  %c = math.log %b : tensor<100xf32>
  %d = math.exp %c : tensor<100xf32>
  %r = math.tanh %d : tensor<100xf32>
  return %r : tensor<100xf32>
}
func.func @end(%x: tensor<1xf32>) -> tensor<1xf32> {
  return %x : tensor<1xf32>
}
