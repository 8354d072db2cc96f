// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Cumulative sums and products.
#pragma once

#include <cstdint>

namespace mograph {

// Elements in memory: `outer` times `length` times `inner`. The scan is along the middle.
struct ScanShape {
  std::int64_t outer, length, inner;
};

enum class Number : std::int64_t { i8, i16, i32, i64, f32, f64 };  // integers wrap around, with a sign or without

struct Scan {
  bool product;    // not a sum
  bool exclusive;  // without the element itself
  bool reverse;    // from the end
};

// y: x, where each element is combined with all that come before it. Rows of floats that are longer than `kSequential`
// are summed block by block, whatever the number of threads; all others from element to element.
void scan(const void *x, void *y, Number number, ScanShape shape, Scan kind);

}  // namespace mograph
