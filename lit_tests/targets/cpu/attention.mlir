// RUN: %python -m mograph.targets.cpu %s --until groups | FileCheck %s --check-prefix=GROUP
// RUN: %python -m mograph.targets.cpu %s --until kernels | FileCheck %s --check-prefixes=CHECK,V4
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 256 --no-masks | FileCheck %s --check-prefixes=CHECK,V3
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 128 --no-masks | FileCheck %s --check-prefixes=CHECK,NEON

// The scores are never stored as a whole: what is between the products belongs to one group.
// GROUP-LABEL: func.func @attention
// GROUP: scf.execute_region
// GROUP-COUNT-2: memref.alloca() : memref<16x256x256xf32>
// GROUP: mograph.group

// A task copies the keys once, then goes through its rows: register tiles of scores, the softmax of a row, register
// tiles of the mix. Columns behind a block of rows are left out: the ends of loops depend on the row, and are those of
// whole vectors all the same.
// CHECK-LABEL: func.func @attention
// CHECK: call @mograph_parallel
// CHECK-LABEL: func.func private @kernel_0
// CHECK: scf.if
// V4: vector.shuffle {{.*}} : vector<16xf32>
// V3: vector.shuffle {{.*}} : vector<8xf32>
// NEON: vector.shuffle {{.*}} : vector<4xf32>
// CHECK: arith.minsi
// V4: scf.for {{.*}} iter_args({{.*}}) -> (vector<64xf32>, vector<64xf32>, vector<64xf32>, vector<64xf32>, vector<64xf32>, vector<64xf32>)
// V4-COUNT-6: math.fma {{.*}} : vector<64xf32>
// V3: scf.for {{.*}} iter_args({{.*}}) -> (vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>)
// V3-COUNT-6: math.fma {{.*}} : vector<16xf32>
// NEON: scf.for {{.*}} iter_args({{.*}}) -> (vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>)
// NEON-COUNT-6: math.fma {{.*}} : vector<8xf32>
// V4-NOT: masked
// CHECK: arith.cmpf uno
// V4-NOT: masked
// CHECK: vector.extract
// V4-NOT: masked
// CHECK: vector.reduction <add>
// V4-COUNT-6: math.fma {{.*}} : vector<64xf32>
// V3-COUNT-6: math.fma {{.*}} : vector<16xf32>
// NEON-COUNT-6: math.fma {{.*}} : vector<8xf32>
// CHECK: arith.divf
#s = affine_map<(h, m, n) -> (h, m, n)>
#row = affine_map<(h, m, n) -> (h, m)>
#rows = affine_map<(h, m) -> (h, m)>
#q = affine_map<(h, m, n, k) -> (h, m, k)>
#k = affine_map<(h, m, n, k) -> (h, n, k)>
#c = affine_map<(h, m, n, k) -> (h, m, n)>
#v = affine_map<(h, m, n, k) -> (h, k, n)>
func.func @attention(%q: tensor<16x256x64xf32>, %k: tensor<16x256x64xf32>, %v: tensor<16x256x64xf32>) -> tensor<16x256x64xf32> {
  %zero = arith.constant 0.0 : f32
  %lowest = arith.constant 0xFF800000 : f32
  %es = tensor.empty() : tensor<16x256x256xf32>
  %er = tensor.empty() : tensor<16x256xf32>
  %eo = tensor.empty() : tensor<16x256x64xf32>
  %fs = linalg.fill ins(%zero : f32) outs(%es : tensor<16x256x256xf32>) -> tensor<16x256x256xf32>
  %scores = linalg.generic {indexing_maps = [#q, #k, #c], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%q, %k : tensor<16x256x64xf32>, tensor<16x256x64xf32>) outs(%fs : tensor<16x256x256xf32>) {
  ^bb0(%a: f32, %b: f32, %t: f32):
    %p = arith.mulf %a, %b : f32
    %r = arith.addf %t, %p : f32
    linalg.yield %r : f32
  } -> tensor<16x256x256xf32>
  %masked = linalg.generic {indexing_maps = [#s, #s], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%scores : tensor<16x256x256xf32>) outs(%es : tensor<16x256x256xf32>) {
  ^bb0(%x: f32, %t: f32):
    %m = linalg.index 1 : index
    %n = linalg.index 2 : index
    %seen = arith.cmpi sle, %n, %m : index
    %r = arith.select %seen, %x, %lowest : f32
    linalg.yield %r : f32
  } -> tensor<16x256x256xf32>
  %fm = linalg.fill ins(%lowest : f32) outs(%er : tensor<16x256xf32>) -> tensor<16x256xf32>
  %top = linalg.generic {indexing_maps = [#s, #row], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%masked : tensor<16x256x256xf32>) outs(%fm : tensor<16x256xf32>) {
  ^bb0(%x: f32, %t: f32):
    %r = arith.maximumf %t, %x : f32
    linalg.yield %r : f32
  } -> tensor<16x256xf32>
  %weights = linalg.generic {indexing_maps = [#s, #row, #s], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%masked, %top : tensor<16x256x256xf32>, tensor<16x256xf32>) outs(%es : tensor<16x256x256xf32>) {
  ^bb0(%x: f32, %y: f32, %t: f32):
    %d = arith.subf %x, %y : f32
    %r = math.exp %d : f32
    linalg.yield %r : f32
  } -> tensor<16x256x256xf32>
  %ft = linalg.fill ins(%zero : f32) outs(%er : tensor<16x256xf32>) -> tensor<16x256xf32>
  %total = linalg.generic {indexing_maps = [#s, #row], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%weights : tensor<16x256x256xf32>) outs(%ft : tensor<16x256xf32>) {
  ^bb0(%x: f32, %t: f32):
    %r = arith.addf %t, %x : f32
    linalg.yield %r : f32
  } -> tensor<16x256xf32>
  %fo = linalg.fill ins(%zero : f32) outs(%eo : tensor<16x256x64xf32>) -> tensor<16x256x64xf32>
  %mix = linalg.generic {indexing_maps = [#q, #v, #c], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%weights, %v : tensor<16x256x256xf32>, tensor<16x256x64xf32>) outs(%fo : tensor<16x256x64xf32>) {
  ^bb0(%a: f32, %b: f32, %t: f32):
    %p = arith.mulf %a, %b : f32
    %r = arith.addf %t, %p : f32
    linalg.yield %r : f32
  } -> tensor<16x256x64xf32>
  %out = linalg.generic {indexing_maps = [#s, #row, #s], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%mix, %total : tensor<16x256x64xf32>, tensor<16x256xf32>) outs(%eo : tensor<16x256x64xf32>) {
  ^bb0(%x: f32, %y: f32, %t: f32):
    %r = arith.divf %x, %y : f32
    linalg.yield %r : f32
  } -> tensor<16x256x64xf32>
  return %out : tensor<16x256x64xf32>
}

// Rows are what the keys are the same for, also where the heads lie side by side in the result.
// GROUP-LABEL: func.func @side_by_side
// GROUP: scf.execute_region
// GROUP: memref.alloca() : memref<16x128x128xf32>
// GROUP-COUNT-2: iterator_types = ["parallel", "parallel", "parallel", "reduction"]
// GROUP: mograph.group
// GROUP-NEXT: return
#turned = affine_map<(h, m, n) -> (m, h, n)>
func.func @side_by_side(%q: tensor<16x128x64xf32>, %k: tensor<16x128x64xf32>, %v: tensor<16x128x64xf32>) -> tensor<128x16x64xf32> {
  %zero = arith.constant 0.0 : f32
  %es = tensor.empty() : tensor<16x128x128xf32>
  %eo = tensor.empty() : tensor<16x128x64xf32>
  %et = tensor.empty() : tensor<128x16x64xf32>
  %fs = linalg.fill ins(%zero : f32) outs(%es : tensor<16x128x128xf32>) -> tensor<16x128x128xf32>
  %scores = linalg.generic {indexing_maps = [#q, #k, #c], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%q, %k : tensor<16x128x64xf32>, tensor<16x128x64xf32>) outs(%fs : tensor<16x128x128xf32>) {
  ^bb0(%a: f32, %b: f32, %t: f32):
    %p = arith.mulf %a, %b : f32
    %r = arith.addf %t, %p : f32
    linalg.yield %r : f32
  } -> tensor<16x128x128xf32>
  %fo = linalg.fill ins(%zero : f32) outs(%eo : tensor<16x128x64xf32>) -> tensor<16x128x64xf32>
  %mix = linalg.generic {indexing_maps = [#q, #v, #c], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%scores, %v : tensor<16x128x128xf32>, tensor<16x128x64xf32>) outs(%fo : tensor<16x128x64xf32>) {
  ^bb0(%a: f32, %b: f32, %t: f32):
    %p = arith.mulf %a, %b : f32
    %r = arith.addf %t, %p : f32
    linalg.yield %r : f32
  } -> tensor<16x128x64xf32>
  %out = linalg.generic {indexing_maps = [#s, #turned], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%mix : tensor<16x128x64xf32>) outs(%et : tensor<128x16x64xf32>) {
  ^bb0(%x: f32, %t: f32):
    %r = arith.negf %x : f32
    linalg.yield %r : f32
  } -> tensor<128x16x64xf32>
  return %out : tensor<128x16x64xf32>
}
