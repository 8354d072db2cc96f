// RUN: mo-opt %s --split-input-file --pass-pipeline='builtin.module(mogg-from-mo,mogg-fuse)' | FileCheck %s
// RUN: mo-opt %s --split-input-file --pass-pipeline='builtin.module(mogg-from-mo,mogg-fuse,mogg-print-fusion)' -o /dev/null 2>&1 \
// RUN:   | FileCheck %s --check-prefix=WHY

// A product takes in the elementwise work on its result.

// CHECK-LABEL: mogg.program @epilogue
// CHECK: %[[Y:.*]] = mogg.launch @matmul_add_gelu_f32(%arg0, %arg1, %arg2, %{{.*}})
// CHECK-NEXT: mogg.return %[[Y]]
// CHECK: mogg.kernel private @matmul_add_gelu_f32
// CHECK-SAME: operations = ["mo.matmul", "mo.add", "mo.gelu"], roles = ["in", "in", "fused-in", "fused-out"]
// WHY: @matmul_add_gelu_f32
// WHY-NEXT: @matmul_f32 with @add_gelu_f32: elementwise work after a kernel of kind contraction; 4096 bytes saved
mo.graph @epilogue(%x: !mo.tensor<[8, 32], f32>, %w: !mo.tensor<[32, 64], f32>, %b: !mo.tensor<[64], f32>) -> !mo.tensor<[8, 64], f32> {
  %0 = mo.matmul %x, %w : !mo.tensor<[8, 32], f32>, !mo.tensor<[32, 64], f32>
  %1 = mo.add %0, %b : !mo.tensor<[8, 64], f32>, !mo.tensor<[64], f32>
  %2 = mo.gelu %1 : !mo.tensor<[8, 64], f32>
  mo.output %2 : !mo.tensor<[8, 64], f32>
}

// -----

// It does not take in a normalisation, which needs whole rows.

// CHECK-LABEL: mogg.program @rows_after_product
// CHECK: mogg.launch @matmul_f32
// CHECK: mogg.launch @softmax_f32
mo.graph @rows_after_product(%x: !mo.tensor<[8, 8], f32>) -> !mo.tensor<[8, 8], f32> {
  %0 = mo.matmul %x, %x : !mo.tensor<[8, 8], f32>, !mo.tensor<[8, 8], f32>
  %1 = mo.softmax %0 : !mo.tensor<[8, 8], f32>
  mo.output %1 : !mo.tensor<[8, 8], f32>
}

// -----

// Between two products it stays with both: that is attention. Not if somebody else needs the scores, or the weights.

// CHECK-LABEL: mogg.program @attention
// CHECK: mogg.launch @matmul_mul_softmax_matmul_f32(%arg1, %arg0, %arg2, %{{.*}})
// CHECK-NEXT: mogg.return
// WHY: @matmul_mul_softmax_matmul_f32
// WHY: @mul_f32 with @softmax_f32: scores are normalised row by row; 1024 bytes saved
// WHY-NEXT: @softmax_f32 with @matmul_f32_1: a row of scores is multiplied while it is at hand; 1024 bytes saved
mo.graph @attention(%q: !mo.tensor<[2, 8, 4], f32>, %k: !mo.tensor<[2, 8, 4], f32>, %v: !mo.tensor<[2, 8, 4], f32>) -> !mo.tensor<[2, 8, 4], f32> {
  %0 = mo.transpose %k perm = [0, 2, 1] : !mo.tensor<[2, 8, 4], f32>
  %1 = mo.matmul %q, %0 : !mo.tensor<[2, 8, 4], f32>, !mo.tensor<[2, 4, 8], f32>
  %2 = mo.constant 0.5 : !mo.tensor<[], f32>
  %3 = mo.mul %1, %2 : !mo.tensor<[2, 8, 8], f32>, !mo.tensor<[], f32>
  %4 = mo.softmax %3 : !mo.tensor<[2, 8, 8], f32>
  %5 = mo.matmul %4, %v : !mo.tensor<[2, 8, 8], f32>, !mo.tensor<[2, 8, 4], f32>
  mo.output %5 : !mo.tensor<[2, 8, 4], f32>
}

// -----

// What exporters put between, for rows in which everything is masked, belongs to it.

// CHECK-LABEL: mogg.program @no_nan
// CHECK: mogg.launch @matmul_softmax_is_nan_select_and_1_more_f32(
// CHECK-NEXT: mogg.return
mo.graph @no_nan(%q: !mo.tensor<[8, 4], f32>, %k: !mo.tensor<[4, 8], f32>, %v: !mo.tensor<[8, 4], f32>) -> !mo.tensor<[8, 4], f32> {
  %0 = mo.matmul %q, %k : !mo.tensor<[8, 4], f32>, !mo.tensor<[4, 8], f32>
  %1 = mo.softmax %0 : !mo.tensor<[8, 8], f32>
  %2 = mo.is_nan %1 : !mo.tensor<[8, 8], f32>
  %3 = mo.constant 0.0 : !mo.tensor<[], f32>
  %4 = mo.select %2, %3, %1 : !mo.tensor<[8, 8], i1>, !mo.tensor<[], f32>, !mo.tensor<[8, 8], f32>
  %5 = mo.matmul %4, %v : !mo.tensor<[8, 8], f32>, !mo.tensor<[8, 4], f32>
  mo.output %5 : !mo.tensor<[8, 4], f32>
}

// -----

// CHECK-LABEL: mogg.program @weights_wanted
// CHECK: mogg.launch @matmul_f32(
// CHECK: mogg.launch @softmax_f32(
// CHECK: mogg.launch @matmul_f32_1(
mo.graph @weights_wanted(%q: !mo.tensor<[8, 4], f32>, %k: !mo.tensor<[4, 8], f32>, %v: !mo.tensor<[8, 4], f32>) -> (!mo.tensor<[8, 8], f32>, !mo.tensor<[8, 4], f32>) {
  %0 = mo.matmul %q, %k : !mo.tensor<[8, 4], f32>, !mo.tensor<[4, 8], f32>
  %1 = mo.softmax %0 : !mo.tensor<[8, 8], f32>
  %2 = mo.matmul %1, %v : !mo.tensor<[8, 8], f32>, !mo.tensor<[8, 4], f32>
  mo.output %1, %2 : !mo.tensor<[8, 8], f32>, !mo.tensor<[8, 4], f32>
}

// -----

// A sum that two kernels over its rows need is a result of the one kernel.

// CHECK-LABEL: mogg.program @residual
// CHECK: %[[R:.*]]:2 = mogg.launch @add_softmax_f32(%arg0, %arg1, %{{.*}}, %{{.*}})
// CHECK-NEXT: mogg.return %[[R]]#0, %[[R]]#1
// WHY: @add_softmax_f32
// WHY-NEXT: @add_f32 with @softmax_f32: elementwise work before a kernel of kind rows; 2048 bytes saved
mo.graph @residual(%x: !mo.tensor<[8, 64], f32>, %y: !mo.tensor<[8, 64], f32>) -> (!mo.tensor<[8, 64], f32>, !mo.tensor<[8, 64], f32>) {
  %0 = mo.add %x, %y : !mo.tensor<[8, 64], f32>
  %1 = mo.softmax %0 : !mo.tensor<[8, 64], f32>
  mo.output %0, %1 : !mo.tensor<[8, 64], f32>, !mo.tensor<[8, 64], f32>
}

// -----

// Over other rows it stays a kernel of its own.

// CHECK-LABEL: mogg.program @columns
// CHECK: mogg.launch @softmax_f32
// CHECK: mogg.launch @softmax_f32_1
mo.graph @columns(%x: !mo.tensor<[8, 64], f32>) -> !mo.tensor<[8, 64], f32> {
  %0 = mo.softmax %x : !mo.tensor<[8, 64], f32>
  %1 = mo.softmax %0 axis = 0 : !mo.tensor<[8, 64], f32>
  mo.output %1 : !mo.tensor<[8, 64], f32>
}

// -----

// What is only put in another order is read in that order, twice if need be.

// CHECK-LABEL: mogg.program @transposed
// CHECK: mogg.launch @matmul_f32_1(%arg0, %arg1, %{{.*}})
// CHECK: mogg.launch @exp_f32_1(%arg0, %{{.*}})
// CHECK-NEXT: mogg.return
// WHY: @matmul_f32_1
// WHY-NEXT: @transpose_f32 with @matmul_f32: copied elements are read where they are; 2048 bytes saved
mo.graph @transposed(%x: !mo.tensor<[8, 64], f32>, %y: !mo.tensor<[8, 4], f32>) -> (!mo.tensor<[64, 4], f32>, !mo.tensor<[64, 8], f32>) {
  %0 = mo.transpose %x perm = [1, 0] : !mo.tensor<[8, 64], f32>
  %1 = mo.matmul %0, %y : !mo.tensor<[64, 8], f32>, !mo.tensor<[8, 4], f32>
  %2 = mo.exp %0 : !mo.tensor<[64, 8], f32>
  mo.output %1, %2 : !mo.tensor<[64, 4], f32>, !mo.tensor<[64, 8], f32>
}

// -----

// Moves after each other are read where the first one reads, and what only scales is done while the product reads.

// CHECK-LABEL: mogg.program @heads
// CHECK: mogg.launch @mul_matmul_f32(%arg1, %arg0, %{{.*}})
// CHECK-NEXT: mogg.return
// WHY: @mul_matmul_f32
// WHY-NEXT: @transpose_f32 with @transpose_f32_1: copied elements are read where they are; 4096 bytes saved
// WHY-NEXT: @transpose_f32_1 with @mul_f32: copied elements are read where they are; 4096 bytes saved
// WHY-NEXT: @mul_f32 with @matmul_f32: converted or scaled where it is multiplied; 4096 bytes saved
mo.graph @heads(%q: !mo.tensor<[4, 8, 16], f32>, %x: !mo.tensor<[8, 4, 16], f32>) -> !mo.tensor<[4, 8, 8], f32> {
  %0 = mo.transpose %x perm = [1, 0, 2] : !mo.tensor<[8, 4, 16], f32>
  %1 = mo.transpose %0 perm = [0, 2, 1] : !mo.tensor<[4, 8, 16], f32>
  %2 = mo.constant 0.5 : !mo.tensor<[], f32>
  %3 = mo.mul %1, %2 : !mo.tensor<[4, 16, 8], f32>, !mo.tensor<[], f32>
  %4 = mo.matmul %q, %3 : !mo.tensor<[4, 8, 16], f32>, !mo.tensor<[4, 16, 8], f32>
  mo.output %4 : !mo.tensor<[4, 8, 8], f32>
}

// -----

// What takes more than that, or is wanted besides, is not computed as often as a product reads it.

// CHECK-LABEL: mogg.program @computed
// CHECK: mogg.launch @exp_f32(
// CHECK: mogg.launch @matmul_f32(
// CHECK: mogg.launch @mul_f32(
// CHECK: mogg.launch @matmul_f32(
mo.graph @computed(%x: !mo.tensor<[8, 8], f32>) -> (!mo.tensor<[8, 8], f32>, !mo.tensor<[8, 8], f32>, !mo.tensor<[8, 8], f32>) {
  %0 = mo.exp %x : !mo.tensor<[8, 8], f32>
  %1 = mo.matmul %x, %0 : !mo.tensor<[8, 8], f32>, !mo.tensor<[8, 8], f32>
  %2 = mo.constant 0.5 : !mo.tensor<[], f32>
  %3 = mo.mul %x, %2 : !mo.tensor<[8, 8], f32>, !mo.tensor<[], f32>
  %4 = mo.matmul %x, %3 : !mo.tensor<[8, 8], f32>, !mo.tensor<[8, 8], f32>
  mo.output %1, %3, %4 : !mo.tensor<[8, 8], f32>, !mo.tensor<[8, 8], f32>, !mo.tensor<[8, 8], f32>
}

// -----

// Attention writes its result in the order in which the next product reads it, which is a kernel of its own.

// CHECK-LABEL: mogg.program @projected
// CHECK: %[[A:.*]] = mogg.launch @matmul_softmax_matmul_f32({{.*}}) : {{.*}} -> tensor<8x2x4xf32>
// CHECK: %[[C:.*]] = tensor.collapse_shape %[[A]]
// CHECK: mogg.launch @matmul_f32_2(%[[C]], %arg3, %{{.*}})
// CHECK-NEXT: mogg.return
// WHY: @matmul_softmax_matmul_f32
// WHY: @transpose_f32: the mix is written in the order in which it is read next; 512 bytes saved
mo.graph @projected(%q: !mo.tensor<[2, 8, 4], f32>, %k: !mo.tensor<[2, 4, 8], f32>, %v: !mo.tensor<[2, 8, 4], f32>, %w: !mo.tensor<[8, 16], f32>) -> !mo.tensor<[8, 16], f32> {
  %0 = mo.matmul %q, %k : !mo.tensor<[2, 8, 4], f32>, !mo.tensor<[2, 4, 8], f32>
  %1 = mo.softmax %0 : !mo.tensor<[2, 8, 8], f32>
  %2 = mo.matmul %1, %v : !mo.tensor<[2, 8, 8], f32>, !mo.tensor<[2, 8, 4], f32>
  %3 = mo.transpose %2 perm = [1, 0, 2] : !mo.tensor<[2, 8, 4], f32>
  %4 = mo.reshape %3 : !mo.tensor<[8, 2, 4], f32> to !mo.tensor<[8, 8], f32>
  %5 = mo.matmul %4, %w : !mo.tensor<[8, 8], f32>, !mo.tensor<[8, 16], f32>
  mo.output %5 : !mo.tensor<[8, 16], f32>
}

// -----

// The parts of what is joined are stored where they go, one that is dear among them; what is wanted besides is copied.

// CHECK-LABEL: mogg.program @joined
// CHECK: %[[B:.*]] = mogg.launch @matmul_f32(%arg0, %arg0, %{{.*}})
// CHECK: %[[T:.*]] = mogg.launch @tanh_f32(%arg0, %{{.*}})
// CHECK: %[[J:.*]] = mogg.launch @matmul_exp_concat_f32({{.*}}%[[B]], %[[T]], %{{.*}})
// CHECK-NEXT: mogg.return %[[J]], %[[T]]
// WHY: @matmul_exp_concat_f32
// WHY-NEXT: @exp_f32 with @concat_f32: stored in the part that it is for; 512 bytes saved
// WHY-NEXT: @matmul_f32 with @concat_f32: stored in the part that it is for; 512 bytes saved
mo.graph @joined(%x: !mo.tensor<[8, 8], f32>) -> (!mo.tensor<[8, 32], f32>, !mo.tensor<[8, 8], f32>) {
  %0 = mo.exp %x : !mo.tensor<[8, 8], f32>
  %1 = mo.matmul %0, %x : !mo.tensor<[8, 8], f32>, !mo.tensor<[8, 8], f32>
  %2 = mo.matmul %x, %x : !mo.tensor<[8, 8], f32>, !mo.tensor<[8, 8], f32>
  %3 = mo.tanh %x : !mo.tensor<[8, 8], f32>
  %4 = mo.exp %x : !mo.tensor<[8, 8], f32>
  %5 = mo.concat %4, %1, %2, %3 axis = 1 : !mo.tensor<[8, 8], f32>, !mo.tensor<[8, 8], f32>, !mo.tensor<[8, 8], f32>, !mo.tensor<[8, 8], f32>
  mo.output %5, %3 : !mo.tensor<[8, 32], f32>, !mo.tensor<[8, 8], f32>
}

// -----

// So is the inside of a padding. What is joined is in memory as a whole for those that read it.

// CHECK-LABEL: mogg.program @padded
// CHECK: %[[P:.*]] = mogg.launch @exp_pad_f32(%arg0, %{{.*}})
// CHECK: mogg.launch @tanh_f32(%[[P]], %{{.*}})
// WHY: @exp_pad_f32
// WHY-NEXT: @exp_f32 with @pad_f32: stored in the part that it is for; 512 bytes saved
mo.graph @padded(%x: !mo.tensor<[8, 8], f32>) -> !mo.tensor<[9, 10], f32> {
  %0 = mo.exp %x : !mo.tensor<[8, 8], f32>
  %1 = mo.pad %0 low = [1, 1] high = [0, 1] : !mo.tensor<[8, 8], f32>
  %2 = mo.tanh %1 : !mo.tensor<[9, 10], f32>
  mo.output %2 : !mo.tensor<[9, 10], f32>
}

// -----

// Statistics of the same rows are found together, those of columns and of what waits for the others are not.

// CHECK-LABEL: mogg.program @statistics
// CHECK: %[[C:.*]] = mogg.launch @reduce_add_f32{{.*}}(%arg0, %{{.*}})
// CHECK: %[[S:.*]]:2 = mogg.launch @reduce_add_reduce_max_f32(%arg0, %{{.*}}, %{{.*}})
// CHECK-NEXT: mogg.return %[[S]]#0, %[[S]]#1, %[[C]]
// WHY: @reduce_add_reduce_max_f32
// WHY-NEXT: @reduce_add_f32 with @reduce_max_f32: reductions over the rows of the same tensor; 2048 bytes saved
mo.graph @statistics(%x: !mo.tensor<[8, 64], f32>) -> (!mo.tensor<[8], f32>, !mo.tensor<[8], f32>, !mo.tensor<[64], f32>) {
  %0 = mo.reduce.add %x axes = [1] : !mo.tensor<[8, 64], f32>
  %1 = mo.reduce.max %x axes = [1] : !mo.tensor<[8, 64], f32>
  %2 = mo.reduce.add %x axes = [0] : !mo.tensor<[8, 64], f32>
  mo.output %0, %1, %2 : !mo.tensor<[8], f32>, !mo.tensor<[8], f32>, !mo.tensor<[64], f32>
}

// -----

// A launch in between that needs the one and is needed by the other keeps them apart.

// CHECK-LABEL: mogg.program @between
// CHECK: %[[A:.*]] = mogg.launch @softmax_f32(%arg0, %{{.*}})
// CHECK: mogg.launch @softmax_add_f32(%[[A]], %{{.*}})
mo.graph @between(%x: !mo.tensor<[8, 64], f32>) -> !mo.tensor<[8, 64], f32> {
  %0 = mo.softmax %x : !mo.tensor<[8, 64], f32>
  %1 = mo.softmax %0 axis = 0 : !mo.tensor<[8, 64], f32>
  %2 = mo.add %0, %1 : !mo.tensor<[8, 64], f32>
  mo.output %2 : !mo.tensor<[8, 64], f32>
}

// -----

// A kernel that finds out how large its results are is given no destination for them, nor for what is fused with them.

// CHECK-LABEL: mogg.program @found
// CHECK: mogg.launch @range_cos_f32(%{{.*}}, %{{.*}}, %{{.*}}) : (f32, f32, f32) -> (tensor<?xf32>, tensor<?xf32>)
// CHECK: mogg.kernel private @range_cos_f32(
// CHECK-NOT: bufferization.materialize_in_destination
mo.graph @found(%start: !mo.tensor<[], f32>, %limit: !mo.tensor<[], f32>, %step: !mo.tensor<[], f32>) -> (!mo.tensor<[n], f32>, !mo.tensor<[n], f32>) {
  %0 = mo.range %start, %limit, %step : !mo.tensor<[], f32> to !mo.tensor<[n], f32>
  %1 = mo.cos %0 : !mo.tensor<[n], f32>
  mo.output %0, %1 : !mo.tensor<[n], f32>, !mo.tensor<[n], f32>
}
