// RUN: %python -m mograph.targets.cpu %s --until kernels | FileCheck %s
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 256 --no-masks | FileCheck %s --check-prefix=AVX2
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 128 --no-masks --no-fma | FileCheck %s --check-prefix=FOUR
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 128 --no-masks --features neon | FileCheck %s --check-prefix=FOUR

// What depends on the block alone is computed once for its four elements, whose vectors are interleaved.
// CHECK-LABEL: func.func private @kernel_0
// CHECK: scf.for
// CHECK-COUNT-2: arith.muli {{.*}} : vector<32xindex>
// CHECK-NOT: arith.muli {{.*}} : vector
// CHECK-COUNT-3: vector.interleave
// CHECK: llvm.store {{.*}} : vector<128xi64>
// CHECK: return

// AVX2-LABEL: func.func private @kernel_0
// AVX2-COUNT-2: arith.muli {{.*}} : vector<16xindex>
// AVX2-COUNT-3: vector.interleave
// AVX2: llvm.store {{.*}} : vector<64xi64>

// FOUR-LABEL: func.func private @kernel_0
// FOUR-COUNT-2: arith.muli {{.*}} : vector<8xindex>
// FOUR-COUNT-3: vector.interleave
// FOUR: llvm.store {{.*}} : vector<32xi64>
#map = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
func.func @blocks() -> tensor<65536x2x2xindex> {
  %c1 = arith.constant 1 : index
  %e = tensor.empty() : tensor<65536x2x2xindex>
  %r = linalg.generic {indexing_maps = [#map], iterator_types = ["parallel", "parallel", "parallel"]} outs(%e : tensor<65536x2x2xindex>) {
  ^bb0(%out: index):
    %block = linalg.index 0 : index
    %half = linalg.index 1 : index
    %odd = linalg.index 2 : index
    %square = arith.muli %block, %block : index
    %cube = arith.muli %square, %block : index
    %high = arith.cmpi eq, %half, %c1 : index
    %chosen = arith.select %high, %cube, %square : index
    %place = arith.addi %chosen, %odd : index
    linalg.yield %place : index
  } -> tensor<65536x2x2xindex>
  return %r : tensor<65536x2x2xindex>
}
