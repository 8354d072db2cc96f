// RUN: mo-opt %s --split-input-file --verify-diagnostics

mogg.program @f(%n: index) {
  // expected-error@+1 {{expected an extent for each of 2 dynamic dimensions, found 1}}
  %0 = mogg.alloc(%n) : memref<?x?xf32>
  mogg.return
}

// -----

mogg.program @f() {
  // expected-error@+1 {{expected a buffer without strides, found memref<4xf32, strided<[2]>>}}
  %0 = mogg.alloc() : memref<4xf32, strided<[2]>>
  mogg.return
}

// -----

mogg.program @f() {
  // expected-error@+1 {{expected an alignment that is a power of two, found 48}}
  %0 = mogg.alloc() {alignment = 48 : i64} : memref<4xf32>
  mogg.return
}

// -----

mogg.program @f(%x: memref<4xf32>, %y: memref<4xf64>) {
  // expected-error@+1 {{expected buffers of one dtype, found f32 and f64}}
  mogg.copy %x to %y : memref<4xf32> to memref<4xf64>
  mogg.return
}

// -----

mogg.program @f(%x: memref<4xf32>, %y: memref<4x1xf32>) {
  // expected-error@+1 {{expected buffers of one rank, found 1 and 2}}
  mogg.copy %x to %y : memref<4xf32> to memref<4x1xf32>
  mogg.return
}

// -----

mogg.program @f(%x: memref<?x4xf32>, %y: memref<2x5xf32>) {
  // expected-error@+1 {{expected buffers of one shape, found the extents 4 and 5 in dimension 1}}
  mogg.copy %x to %y : memref<?x4xf32> to memref<2x5xf32>
  mogg.return
}

// -----

mogg.program @f(%x: memref<4xf32>, %y: memref<4xf32>) {
  // expected-error@+1 {{attribute 'stream' must be 64-bit signless integer attribute of at least 0, but got -1}}
  mogg.copy %x to %y {stream = -1 : i64} : memref<4xf32> to memref<4xf32>
  mogg.return
}

// -----

mogg.program @f(%x: memref<4xf32>) {
  // expected-error@+1 {{expected a view of f32, found one of i32}}
  %0 = mogg.view %x[] {offsets = array<i64: 0>, sizes = array<i64: 2>, strides = array<i64: 1>} : memref<4xf32> to memref<2xi32>
  mogg.return
}

// -----

mogg.program @f(%x: memref<4xf32>) {
  // expected-error@+1 {{expected a view of rank 1, found rank 2}}
  %0 = mogg.view %x[] {offsets = array<i64: 0>, sizes = array<i64: 2>, strides = array<i64: 1>} : memref<4xf32> to memref<2x1xf32>
  mogg.return
}

// -----

mogg.program @f(%x: memref<4xf32>) {
  // expected-error@+1 {{expected 1 sizes, found 2}}
  %0 = mogg.view %x[] {offsets = array<i64: 0>, sizes = array<i64: 2, 1>, strides = array<i64: 1>} : memref<4xf32> to memref<2xf32>
  mogg.return
}

// -----

mogg.program @f(%x: memref<4xf32>, %n: index) {
  // expected-error@+1 {{expected 0 numbers as operands, found 1}}
  %0 = mogg.view %x[%n] {offsets = array<i64: 0>, sizes = array<i64: 2>, strides = array<i64: 1>} : memref<4xf32> to memref<2xf32>
  mogg.return
}

// -----

mogg.program @f(%x: memref<4xf32>) {
  // expected-error@+1 {{expected a result whose extent in dimension 0 is the size, found memref<3xf32>}}
  %0 = mogg.view %x[] {offsets = array<i64: 0>, sizes = array<i64: 2>, strides = array<i64: 1>} : memref<4xf32> to memref<3xf32>
  mogg.return
}

// -----

mogg.program @f(%x: memref<4xf32>) {
  // expected-error@+1 {{reaches element 4 of dimension 0, which has 4}}
  %0 = mogg.view %x[] {offsets = array<i64: 2>, sizes = array<i64: 2>, strides = array<i64: 2>} : memref<4xf32> to memref<2xf32, strided<[2], offset: 2>>
  mogg.return
}
