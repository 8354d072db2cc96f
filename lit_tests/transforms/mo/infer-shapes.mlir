// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Extents that operands give are found out, names become what they stand for, and what is proven goes.
// RUN: mo-opt %s --pass-pipeline='builtin.module(mo.graph(mo-infer-shapes,canonicalize))' --split-input-file | FileCheck %s
// RUN: mo-opt %s --mo-infer-shapes --split-input-file --mlir-disable-threading --mlir-pass-statistics -o /dev/null 2>&1 | FileCheck %s --check-prefix=STATS

// STATS: (S) 1 assertions
// STATS-NEXT: (S) 2 constants
// STATS-NEXT: (S) 2 names
// STATS-NEXT: (S) 1 operands

// The shape of x, with two extents made one, tells the reshape what to do. The assertion holds then.
// CHECK-LABEL: mo.graph @reshape(
// CHECK-SAME: %[[X:[^ :]+]]: !mo.tensor<[n, 4, 6], f32>
// CHECK-NEXT: %[[R:[^ ]+]] = mo.reshape %[[X]] : !mo.tensor<[n, 4, 6], f32> to !mo.tensor<[n, 24], f32>
// CHECK-NEXT: %[[E:[^ ]+]] = mo.exp %[[R]] : !mo.tensor<[n, 24], f32>
// CHECK-NEXT: mo.output %[[E]]
mo.graph @reshape(%x: !mo.tensor<[n, 4, 6], f32>) -> !mo.tensor<[n, 24], f32> {
  %s = mo.shape_of %x : !mo.tensor<[n, 4, 6], f32>
  %n = mo.slice %s starts = [0] stops = [1] steps = [1] : !mo.tensor<[3], si64>
  %h = mo.slice %s starts = [1] stops = [3] steps = [1] : !mo.tensor<[3], si64>
  %p = mo.reduce.mul %h axes = [0] keepdims : !mo.tensor<[2], si64>
  %t = mo.concat %n, %p axis = 0 : !mo.tensor<[1], si64>
  %y = mo.reshape %x, %t : !mo.tensor<[n, 4, 6], f32>, !mo.tensor<[2], si64> to !mo.tensor<[k, l], f32>
  %e = mo.exp %y : !mo.tensor<[k, l], f32>
  %r = mo.rebind %e : !mo.tensor<[k, l], f32> to !mo.tensor<[n, 24], f32>
  mo.output %r : !mo.tensor<[n, 24], f32>
}

// -----

// The graph's own type stays: its result is rebound.
// CHECK-LABEL: mo.graph @signature(
// CHECK-SAME: -> !mo.tensor<[k, 2], f32>
// CHECK: %[[Y:[^ ]+]] = mo.reshape %{{[^ ]+}} : !mo.tensor<[n * 2], f32> to !mo.tensor<[n, 2], f32>
// CHECK: %[[R:[^ ]+]] = mo.rebind %[[Y]] : !mo.tensor<[n, 2], f32> to !mo.tensor<[k, 2], f32>
// CHECK: mo.output %[[R]]
mo.graph @signature(%x: !mo.tensor<[n * 2], f32>, %n: !mo.tensor<[n], f32>) -> !mo.tensor<[k, 2], f32> {
  %y = mo.reshape %x : !mo.tensor<[n * 2], f32> to !mo.tensor<[k, 2], f32>
  mo.output %y : !mo.tensor<[k, 2], f32>
}

// -----

// What the others leave is found where it divides for sure, and where nothing leaves everything: not by n, which may be 0.
// CHECK-LABEL: mo.graph @minus_one(
// CHECK: mo.reshape %{{[^ ]+}} : !mo.tensor<[n, 12], f32> to !mo.tensor<[n * 3, 4], f32>
// CHECK: mo.reshape %{{[^ ]+}}, %{{[^ ]+}} : !mo.tensor<[n, 12], f32>, !mo.tensor<[2], si64> to !mo.tensor<[n, b], f32>
// CHECK: mo.reshape %{{[^ ]+}} : !mo.tensor<[n, 12], f32> to !mo.tensor<[c, 5], f32>
mo.graph @minus_one(%x: !mo.tensor<[n, 12], f32>) -> (!mo.tensor<[4], f32>, !mo.tensor<[n, b], f32>, !mo.tensor<[5], f32>) {
  %s = mo.constant dense<[-1, 4]> : !mo.tensor<[2], si64>
  %0 = mo.reshape %x, %s : !mo.tensor<[n, 12], f32>, !mo.tensor<[2], si64> to !mo.tensor<[a, 4], f32>
  %1 = mo.reduce.max %0 axes = [0] : !mo.tensor<[a, 4], f32>
  %m = mo.constant dense<[-1]> : !mo.tensor<[1], si64>
  %h = mo.shape_of %x : !mo.tensor<[n, 12], f32>
  %n = mo.slice %h starts = [0] stops = [1] steps = [1] : !mo.tensor<[2], si64>
  %t = mo.concat %n, %m axis = 0 : !mo.tensor<[1], si64>
  %2 = mo.reshape %x, %t : !mo.tensor<[n, 12], f32>, !mo.tensor<[2], si64> to !mo.tensor<[n, b], f32>
  %3 = mo.reshape %x : !mo.tensor<[n, 12], f32> to !mo.tensor<[c, 5], f32>
  %4 = mo.reduce.max %3 axes = [0] : !mo.tensor<[c, 5], f32>
  mo.output %1, %2, %4 : !mo.tensor<[4], f32>, !mo.tensor<[n, b], f32>, !mo.tensor<[5], f32>
}

// -----

// An extent that might be negative is no extent: the program checks it.
// CHECK-LABEL: mo.graph @negative(
// CHECK: mo.broadcast_to %{{[^ ]+}}, %{{[^ ]+}} : !mo.tensor<[], f32>, !mo.tensor<[1], si64> to !mo.tensor<[k], f32>
mo.graph @negative(%x: !mo.tensor<[n], f32>, %v: !mo.tensor<[], f32>) -> !mo.tensor<[], f32> {
  %s = mo.shape_of %x : !mo.tensor<[n], f32>
  %two = mo.constant dense<[2]> : !mo.tensor<[1], si64>
  %t = mo.sub %s, %two : !mo.tensor<[1], si64>
  %0 = mo.broadcast_to %v, %t : !mo.tensor<[], f32>, !mo.tensor<[1], si64> to !mo.tensor<[k], f32>
  %1 = mo.reduce.max %0 : !mo.tensor<[k], f32>
  mo.output %1 : !mo.tensor<[], f32>
}

// -----

// CHECK-LABEL: mo.graph @dynamic(
// CHECK-SAME: %[[X:[^ :]+]]: !mo.tensor<[n, 4], f32>
// CHECK-DAG: %[[P:[^ ]+]] = mo.pad %[[X]]
// CHECK-DAG: %[[S:[^ ]+]] = mo.slice %[[X]] starts = [1, 0] stops = [9223372036854775807, 3] steps = [1, 1] : !mo.tensor<[n, 4], f32>
// CHECK-DAG: %[[R:[^ ]+]] = mo.static.random.normal {{.*}} -> !mo.tensor<[n, 4], f32>
// CHECK-NOT: mo.dynamic
mo.graph @dynamic(%x: !mo.tensor<[n, 4], f32>, %m: !mo.tensor<[], f32>, %seed: !mo.tensor<[], si64>) -> (!mo.tensor<[], f32>, !mo.tensor<[], f32>, !mo.tensor<[n, 4], f32>) {
  %s = mo.shape_of %x : !mo.tensor<[n, 4], f32>
  %n = mo.slice %s starts = [0] stops = [1] steps = [1] : !mo.tensor<[2], si64>
  %one = mo.constant dense<[1, 0]> : !mo.tensor<[2], si64>
  %steps = mo.constant 1 : !mo.tensor<[2], si64>
  %three = mo.constant dense<[3]> : !mo.tensor<[1], si64>
  %stops = mo.concat %n, %three axis = 0 : !mo.tensor<[1], si64>
  %0 = mo.dynamic.slice %x, %one, %stops, %steps : (!mo.tensor<[n, 4], f32>, !mo.tensor<[2], si64>, !mo.tensor<[2], si64>, !mo.tensor<[2], si64>) -> !mo.tensor<[a, b], f32>
  %1 = mo.reduce.max %0 : !mo.tensor<[a, b], f32>
  %low = mo.sub %one, %one : !mo.tensor<[2], si64>
  %2 = mo.dynamic.pad %x, %low, %one : (!mo.tensor<[n, 4], f32>, !mo.tensor<[2], si64>, !mo.tensor<[2], si64>) -> !mo.tensor<[c, d], f32>
  %3 = mo.reduce.max %2 : !mo.tensor<[c, d], f32>
  %4 = mo.random.normal %s, %m, %m, %seed : (!mo.tensor<[2], si64>, !mo.tensor<[], f32>, !mo.tensor<[], f32>, !mo.tensor<[], si64>) -> !mo.tensor<[n, 4], f32>
  %5 = mo.add %4, %x : !mo.tensor<[n, 4], f32>
  mo.output %1, %3, %5 : !mo.tensor<[], f32>, !mo.tensor<[], f32>, !mo.tensor<[n, 4], f32>
}

// -----

// How many numbers there are; a name that a range binds goes.
// CHECK-LABEL: mo.graph @range(
// CHECK: mo.range {{.*}} to !mo.tensor<[n ceildiv 2], si64>
// CHECK: mo.reduce.max %{{[^ ]+}} : !mo.tensor<[n ceildiv 2], si64>
mo.graph @range(%x: !mo.tensor<[n, 4], f32>) -> !mo.tensor<[], si64> {
  %n = mo.dim %x axis = 0 : !mo.tensor<[n, 4], f32>
  %zero = mo.constant 0 : !mo.tensor<[], si64>
  %two = mo.constant 2 : !mo.tensor<[], si64>
  %r = mo.range %zero, %n, %two : !mo.tensor<[], si64> to !mo.tensor<[r], si64>
  %0 = mo.reduce.max %r : !mo.tensor<[r], si64>
  mo.output %0 : !mo.tensor<[], si64>
}

// -----

// Through branches that agree, and loops whose trips leave extents as they are; what grows keeps its name.
// CHECK-LABEL: mo.graph @flow(
// CHECK: mo.if %{{[^ ]+}} -> !mo.tensor<[n, 4], f32> {
// CHECK: mo.while({{.*}}) -> !mo.tensor<[], si32>, !mo.tensor<[n, 4], f32>, !mo.tensor<[p, 4], f32> {
// CHECK-NOT: mo.rebind
// CHECK: mo.output
mo.graph @flow(%x: !mo.tensor<[n, 4], f32>, %c: !mo.tensor<[], i1>, %i: !mo.tensor<[], si32>) -> (!mo.tensor<[n, 4], f32>, !mo.tensor<[p, 4], f32>) {
  %r = mo.if %c -> !mo.tensor<[k, l], f32> {
    %e = mo.exp %x : !mo.tensor<[n, 4], f32>
    mo.yield %e : !mo.tensor<[n, 4], f32>
  } else {
    mo.yield %x : !mo.tensor<[n, 4], f32>
  }
  %j, %w, %v = mo.while(%i, %r, %x : !mo.tensor<[], si32>, !mo.tensor<[k, l], f32>, !mo.tensor<[n, 4], f32>) -> !mo.tensor<[], si32>, !mo.tensor<[a, b], f32>, !mo.tensor<[p, 4], f32> {
  ^bb0(%t: !mo.tensor<[], si32>, %s: !mo.tensor<[a, b], f32>, %z: !mo.tensor<[p, 4], f32>):
    %more = mo.less %t, %i : !mo.tensor<[], si32>
    mo.condition %more, %t, %s, %z : !mo.tensor<[], si32>, !mo.tensor<[a, b], f32>, !mo.tensor<[p, 4], f32>
  } do {
  ^bb0(%t: !mo.tensor<[], si32>, %s: !mo.tensor<[a, b], f32>, %z: !mo.tensor<[p, 4], f32>):
    %e = mo.exp %s : !mo.tensor<[a, b], f32>
    %g = mo.concat %z, %z axis = 0 : !mo.tensor<[p, 4], f32>
    %u = mo.add %t, %i : !mo.tensor<[], si32>
    mo.yield %u, %e, %g : !mo.tensor<[], si32>, !mo.tensor<[a, b], f32>, !mo.tensor<[p * 2, 4], f32>
  }
  %t = mo.rebind %w : !mo.tensor<[a, b], f32> to !mo.tensor<[n, 4], f32>
  mo.output %t, %v : !mo.tensor<[n, 4], f32>, !mo.tensor<[p, 4], f32>
}

// -----

// A branch of its own extent, a name that two regions bind, and an assertion on what is not known.
// CHECK-LABEL: mo.graph @stays(
// CHECK: mo.if %{{[^ ]+}} -> !mo.tensor<[k], f32>
// CHECK: mo.rebind %{{[^ ]+}} : !mo.tensor<[n], f32> to !mo.tensor<[q], f32>
// CHECK: mo.rebind %{{[^ ]+}} : !mo.tensor<[n], f32> to !mo.tensor<[q], f32>
// CHECK: mo.rebind %{{[^ ]+}} : !mo.tensor<[k], f32> to !mo.tensor<[4], f32>
mo.graph @stays(%x: !mo.tensor<[n], f32>, %c: !mo.tensor<[], i1>) -> (!mo.tensor<[4], f32>, !mo.tensor<[], f32>) {
  %r = mo.if %c -> !mo.tensor<[k], f32> {
    %0 = mo.concat %x, %x axis = 0 : !mo.tensor<[n], f32>
    mo.yield %0 : !mo.tensor<[n * 2], f32>
  } else {
    mo.yield %x : !mo.tensor<[n], f32>
  }
  %s = mo.if %c -> !mo.tensor<[], f32> {
    %0 = mo.rebind %x : !mo.tensor<[n], f32> to !mo.tensor<[q], f32>
    %1 = mo.reduce.max %0 : !mo.tensor<[q], f32>
    mo.yield %1 : !mo.tensor<[], f32>
  } else {
    %0 = mo.rebind %x : !mo.tensor<[n], f32> to !mo.tensor<[q], f32>
    %1 = mo.reduce.min %0 : !mo.tensor<[q], f32>
    mo.yield %1 : !mo.tensor<[], f32>
  }
  %t = mo.rebind %r : !mo.tensor<[k], f32> to !mo.tensor<[4], f32>
  mo.output %t, %s : !mo.tensor<[4], f32>, !mo.tensor<[], f32>
}
