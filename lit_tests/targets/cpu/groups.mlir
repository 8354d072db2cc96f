// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python -m mograph.targets.cpu %s --until groups | FileCheck %s
// RUN: %python -m mograph.targets.cpu %s --until groups --bits 128 --no-masks | FileCheck %s
// RUN: %python -m mograph.targets.cpu %s --until kernels | FileCheck %s --check-prefix=CODE
// RUN: %python -m mograph.targets.cpu %s --until kernels --bits 256 --no-masks | FileCheck %s --check-prefix=CODE

#rows = affine_map<(d0, d1) -> (d0)>
#columns = affine_map<(d0, d1) -> (d1)>
#both = affine_map<(d0, d1) -> (d0, d1)>
#one = affine_map<(d0) -> (d0)>
#across = affine_map<(d0, d1) -> (d1, d0)>

// A sum of rows and what divides by it share the rows: nothing of the sums is left outside, and one function is called.
// CHECK-LABEL: func.func @normalize
// CHECK-NOT: memref.alloc() {{.*}} memref<1000xf32>
// CHECK: scf.execute_region
// CHECK: %[[SUM:.*]] = memref.alloca() : memref<1000xf32>
// CHECK: linalg.generic {{.*}} outs(%[[SUM]]
// CHECK: linalg.generic {{.*}} outs(%[[SUM]]
// CHECK: linalg.generic {{.*}} ins(%{{.*}}, %[[SUM]]
// CHECK: mograph.group = [array<i64: 0, 0, 0>]
// CODE-LABEL: func.func @normalize
// CODE: call @mograph_parallel
// CODE-NOT: call @mograph_parallel
// CODE: return
func.func @normalize(%x: tensor<1000x500xf32>) -> tensor<1000x500xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<1000xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<1000xf32>) -> tensor<1000xf32>
  %s = linalg.generic {indexing_maps = [#both, #rows], iterator_types = ["parallel", "reduction"]}
    ins(%x : tensor<1000x500xf32>) outs(%f : tensor<1000xf32>) {
  ^bb0(%a: f32, %t: f32):
    %n = arith.addf %t, %a : f32
    linalg.yield %n : f32
  } -> tensor<1000xf32>
  %o = tensor.empty() : tensor<1000x500xf32>
  %r = linalg.generic {indexing_maps = [#both, #rows, #both], iterator_types = ["parallel", "parallel"]}
    ins(%x, %s : tensor<1000x500xf32>, tensor<1000xf32>) outs(%o : tensor<1000x500xf32>) {
  ^bb0(%a: f32, %t: f32, %u: f32):
    %n = arith.divf %a, %t : f32
    linalg.yield %n : f32
  } -> tensor<1000x500xf32>
  return %r : tensor<1000x500xf32>
}

// Here each row needs the sums of all rows. The columns are shared: the nests run strip by strip instead.
// CHECK-LABEL: func.func @columns
// CHECK: mograph.group = [array<i64: 0, 1, 1>]
func.func @columns(%x: tensor<1000x500xf32>) -> tensor<1000x500xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<500xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<500xf32>) -> tensor<500xf32>
  %s = linalg.generic {indexing_maps = [#both, #columns], iterator_types = ["reduction", "parallel"]}
    ins(%x : tensor<1000x500xf32>) outs(%f : tensor<500xf32>) {
  ^bb0(%a: f32, %t: f32):
    %n = arith.addf %t, %a : f32
    linalg.yield %n : f32
  } -> tensor<500xf32>
  %o = tensor.empty() : tensor<1000x500xf32>
  %r = linalg.generic {indexing_maps = [#both, #columns, #both], iterator_types = ["parallel", "parallel"]}
    ins(%x, %s : tensor<1000x500xf32>, tensor<500xf32>) outs(%o : tensor<1000x500xf32>) {
  ^bb0(%a: f32, %t: f32, %u: f32):
    %n = arith.divf %a, %t : f32
    linalg.yield %n : f32
  } -> tensor<1000x500xf32>
  return %r : tensor<1000x500xf32>
}

// What the first nest writes by rows, the second one reads by columns: no loop is shared.
// CHECK-LABEL: func.func @crossed
// CHECK-NOT: mograph.group
// CHECK: return
func.func @crossed(%x: memref<600x600xf32>, %y: memref<600x600xf32>) {
  %t = memref.alloc() : memref<600x600xf32>
  linalg.generic {indexing_maps = [#both, #both], iterator_types = ["parallel", "parallel"]}
    ins(%x : memref<600x600xf32>) outs(%t : memref<600x600xf32>) {
  ^bb0(%a: f32, %b: f32):
    %n = arith.negf %a : f32
    linalg.yield %n : f32
  }
  linalg.generic {indexing_maps = [#both, #across, #both], iterator_types = ["parallel", "parallel"]}
    ins(%t, %t : memref<600x600xf32>, memref<600x600xf32>) outs(%y : memref<600x600xf32>) {
  ^bb0(%a: f32, %c: f32, %b: f32):
    %n = arith.addf %a, %c : f32
    linalg.yield %n : f32
  }
  return
}

// Sums of columns are repeated in rows: one nest after the other for each column, where no caller passes one buffer as both.
// CHECK-LABEL: func.func private @apart
// CHECK: mograph.group
// CHECK: return
func.func private @apart(%x: memref<600x600xf32>, %y: memref<600x600xf32>) {
  %s = memref.alloc() : memref<600xf32>
  linalg.generic {indexing_maps = [#across, #rows], iterator_types = ["parallel", "reduction"]}
    ins(%x : memref<600x600xf32>) outs(%s : memref<600xf32>) {
  ^bb0(%a: f32, %b: f32):
    %n = arith.addf %a, %b : f32
    linalg.yield %n : f32
  }
  linalg.generic {indexing_maps = [#rows, #both], iterator_types = ["parallel", "parallel"]}
    ins(%s : memref<600xf32>) outs(%y : memref<600x600xf32>) {
  ^bb0(%a: f32, %b: f32):
    linalg.yield %a : f32
  }
  return
}
func.func @calls_apart(%x: memref<600x600xf32>) -> memref<600x600xf32> {
  %y = memref.alloc() : memref<600x600xf32>
  call @apart(%x, %y) : (memref<600x600xf32>, memref<600x600xf32>) -> ()
  return %y : memref<600x600xf32>
}

// One that does keeps the nests apart.
// CHECK-LABEL: func.func private @met
// CHECK-NOT: mograph.group
// CHECK: return
func.func private @met(%x: memref<600x600xf32>, %y: memref<600x600xf32>) {
  %s = memref.alloc() : memref<600xf32>
  linalg.generic {indexing_maps = [#across, #rows], iterator_types = ["parallel", "reduction"]}
    ins(%x : memref<600x600xf32>) outs(%s : memref<600xf32>) {
  ^bb0(%a: f32, %b: f32):
    %n = arith.addf %a, %b : f32
    linalg.yield %n : f32
  }
  linalg.generic {indexing_maps = [#rows, #both], iterator_types = ["parallel", "parallel"]}
    ins(%s : memref<600xf32>) outs(%y : memref<600x600xf32>) {
  ^bb0(%a: f32, %b: f32):
    linalg.yield %a : f32
  }
  return
}
func.func @calls_met(%x: memref<600x600xf32>) -> memref<600x600xf32> {
  call @met(%x, %x) : (memref<600x600xf32>, memref<600x600xf32>) -> ()
  return %x : memref<600x600xf32>
}

// Two views of one buffer may overlap in any way: the second nest reads what other rows of the first one wrote.
// CHECK-LABEL: func.func @views
// CHECK-NOT: mograph.group
// CHECK: return
func.func @views(%x: memref<601x600xf32>) {
  %to = memref.subview %x[0, 0] [600, 600] [1, 1] : memref<601x600xf32> to memref<600x600xf32, strided<[600, 1]>>
  %from = memref.subview %x[1, 0] [600, 600] [1, 1]
    : memref<601x600xf32> to memref<600x600xf32, strided<[600, 1], offset: 600>>
  %s = memref.alloc() : memref<600xf32>
  linalg.generic {indexing_maps = [#both, #rows], iterator_types = ["parallel", "reduction"]}
    ins(%from : memref<600x600xf32, strided<[600, 1], offset: 600>>) outs(%s : memref<600xf32>) {
  ^bb0(%a: f32, %b: f32):
    %n = arith.addf %a, %b : f32
    linalg.yield %n : f32
  }
  linalg.generic {indexing_maps = [#rows, #both], iterator_types = ["parallel", "parallel"]}
    ins(%s : memref<600xf32>) outs(%to : memref<600x600xf32, strided<[600, 1]>>) {
  ^bb0(%a: f32, %b: f32):
    linalg.yield %a : f32
  }
  return
}

// A call in between may do anything.
// CHECK-LABEL: func.func @effects
// CHECK-NOT: mograph.group
// CHECK: return
func.func private @log(memref<1000xf32>)
func.func @effects(%x: memref<1000xf32>, %y: memref<1000xf32>) {
  linalg.generic {indexing_maps = [#one, #one], iterator_types = ["parallel"]}
    ins(%x : memref<1000xf32>) outs(%y : memref<1000xf32>) {
  ^bb0(%a: f32, %b: f32):
    %n = arith.negf %a : f32
    linalg.yield %n : f32
  }
  call @log(%y) : (memref<1000xf32>) -> ()
  linalg.generic {indexing_maps = [#one, #one], iterator_types = ["parallel"]}
    ins(%x : memref<1000xf32>) outs(%y : memref<1000xf32>) {
  ^bb0(%a: f32, %b: f32):
    %n = arith.addf %a, %b : f32
    linalg.yield %n : f32
  }
  return
}

// What is read outside the group, here by the caller, is no temporary; what it is overwritten with comes last, and what
// it held before is.
// CHECK-LABEL: func.func @overwritten
// CHECK-SAME: (%[[X:.*]]: memref<1000x500xf32>, %[[Y:.*]]: memref<1000x500xf32>)
// CHECK: %[[S:.*]] = memref.alloc() {{.*}}memref<1000xf32>
// CHECK: scf.execute_region
// CHECK: %[[T:.*]] = memref.alloca() : memref<1000x500xf32>
// CHECK: linalg.generic {{.*}} ins(%[[X]] {{.*}} outs(%[[T]]
// CHECK: linalg.generic {{.*}} ins(%[[T]] {{.*}} outs(%[[S]]
// CHECK: linalg.generic {{.*}} ins(%[[T]], %[[S]] {{.*}} outs(%[[Y]]
// CHECK: return %[[S]]
func.func @overwritten(%x: memref<1000x500xf32>, %y: memref<1000x500xf32>) -> memref<1000xf32> {
  %s = memref.alloc() {alignment = 64 : i64} : memref<1000xf32>
  linalg.generic {indexing_maps = [#both, #both], iterator_types = ["parallel", "parallel"]}
    ins(%x : memref<1000x500xf32>) outs(%y : memref<1000x500xf32>) {
  ^bb0(%a: f32, %b: f32):
    %n = arith.mulf %a, %a : f32
    linalg.yield %n : f32
  }
  linalg.generic {indexing_maps = [#both, #rows], iterator_types = ["parallel", "reduction"]}
    ins(%y : memref<1000x500xf32>) outs(%s : memref<1000xf32>) {
  ^bb0(%a: f32, %b: f32):
    %n = arith.maximumf %a, %b : f32
    linalg.yield %n : f32
  }
  linalg.generic {indexing_maps = [#both, #rows, #both], iterator_types = ["parallel", "parallel"]}
    ins(%y, %s : memref<1000x500xf32>, memref<1000xf32>) outs(%y : memref<1000x500xf32>) {
  ^bb0(%a: f32, %c: f32, %b: f32):
    %n = arith.subf %a, %c : f32
    linalg.yield %n : f32
  }
  return %s : memref<1000xf32>
}

// Few results: the reduction is cut into blocks, whose results are combined after the call, in their order.
// CODE-LABEL: func.func @total
// CODE: call @mograph_parallel
// CODE: scf.for
// CODE: arith.addf
// CODE: return
func.func @total(%x: memref<3000x1000xf32>, %y: memref<f32>) {
  linalg.generic {indexing_maps = [#both, affine_map<(d0, d1) -> ()>], iterator_types = ["reduction", "reduction"]}
    ins(%x : memref<3000x1000xf32>) outs(%y : memref<f32>) {
  ^bb0(%a: f32, %b: f32):
    %n = arith.addf %a, %b : f32
    linalg.yield %n : f32
  }
  return
}

// A result of many megabytes is stored past the caches: from where a line starts on, since nobody knows where the
// argument does.
// CODE-LABEL: func.func @large
// CODE: call @mograph_parallel
// CODE-LABEL: func.func @large_rows
// CODE: call @mograph_parallel
func.func @large(%x: memref<10000x1024xf32>, %y: memref<10000x1024xf32>) {
  linalg.generic {indexing_maps = [#both, #both], iterator_types = ["parallel", "parallel"]}
    ins(%x : memref<10000x1024xf32>) outs(%y : memref<10000x1024xf32>) {
  ^bb0(%a: f32, %b: f32):
    %n = arith.mulf %a, %a : f32
    linalg.yield %n : f32
  }
  return
}
func.func @large_rows(%x: memref<10000x1024xf32>, %s: memref<1024xf32>) -> memref<10000x1024xf32> {
  %y = memref.alloc() {alignment = 64 : i64} : memref<10000x1024xf32>
  linalg.generic {indexing_maps = [#both, #columns, #both], iterator_types = ["parallel", "parallel"]}
    ins(%x, %s : memref<10000x1024xf32>, memref<1024xf32>) outs(%y : memref<10000x1024xf32>) {
  ^bb0(%a: f32, %c: f32, %b: f32):
    %n = arith.mulf %a, %c : f32
    linalg.yield %n : f32
  }
  return %y : memref<10000x1024xf32>
}
// CODE: llvm.ptrtoint
// CODE: llvm.store {{.*}} {alignment = 64 : i64, nontemporal}
// CODE-NOT: llvm.ptrtoint
// CODE: llvm.store {{.*}} {alignment = 64 : i64, nontemporal}

// The border and the inside of a padding are written image by image, in one group.
// CHECK-LABEL: func.func @padded(
// CHECK: scf.execute_region
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : memref<3x5x9x9xf32>)
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : memref<3x5x7x7xf32, strided<[405, 81, 9, 1], offset: 10>>)
// CHECK: mograph.group = [array<i64: 0, 0>, array<i64: 1, 1>]
func.func @padded(%x: tensor<3x5x7x7xf32>) -> tensor<3x5x9x9xf32> {
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<3x5x9x9xf32>
  %i = linalg.fill ins(%z : f32) outs(%e : tensor<3x5x9x9xf32>) -> tensor<3x5x9x9xf32>
  %r = tensor.insert_slice %x into %i[0, 0, 1, 1] [3, 5, 7, 7] [1, 1, 1, 1] : tensor<3x5x7x7xf32> into tensor<3x5x9x9xf32>
  return %r : tensor<3x5x9x9xf32>
}
