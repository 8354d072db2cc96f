// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Copies of rows that indices name.
#pragma once

#include <cstdint>

namespace mograph {

// Where a row that is copied lies: `outer` times there are `extent` rows of `bytes`, of which `count` are taken.
struct RowsTaken {
  std::int64_t outer, extent, count, bytes;
};

// How indices are stored.
struct IndexType {
  std::int64_t bytes;
  bool is_signed;
};

// Copies for each of the outer positions the rows that the indices name; negative ones count from the end. Returns how
// many indices are out of range: nothing is read there.
std::int64_t take_rows(const char *source, const void *indices, IndexType type, char *target, RowsTaken rows);

}  // namespace mograph
