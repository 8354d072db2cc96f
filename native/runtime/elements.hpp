// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Elements that are read and written at indices along one axis.
#pragma once

#include <cstdint>

namespace mograph {

// Two tensors that differ along one axis alone: `outer` times `extent` times `inner` elements, and `outer` times `count`
// times `inner`.
struct AlongAxis {
  std::int64_t outer, extent, count, inner;
};

// Where indices point to: each element of the second tensor has one of its own, or each row of `inner` has.
enum class Pointing { element, row };

// Copies the elements of `source` that the indices name; negative ones count from the end. Elements have `bytes` bytes,
// indices 4 or 8. Returns how many indices are out of range: nothing is read there.
std::int64_t take_elements(const void *source, const void *indices, void *target, AlongAxis shape, std::int64_t bytes,
                           std::int64_t index_bytes);

enum class Element : std::int64_t { i8, i16, i32, i64, u8, u16, u32, u64, f32, f64 };
enum class Combination : std::int64_t { none, add, mul, max, min };

// Combines elements of `target` with `updates`, in their order, where the indices name them. Returns how many indices
// are out of range: nothing is written there.
std::int64_t put_elements(void *target, const void *indices, const void *updates, AlongAxis shape, Pointing pointing,
                          Element element, Combination combination, std::int64_t index_bytes);

}  // namespace mograph
