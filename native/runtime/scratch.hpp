// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Memory of the runtime's own functions while they run.
#pragma once

#include <cstddef>
#include <cstdint>

#include "memory.hpp"

namespace mograph {

// One block. False where memory is exhausted.
class Scratch {
 public:
  explicit Scratch(std::int64_t bytes)
      : block_(static_cast<char *>(allocate_block(static_cast<std::size_t>(bytes), nullptr))) {}
  Scratch(const Scratch &) = delete;
  Scratch &operator=(const Scratch &) = delete;
  ~Scratch() {
    if (block_) release_block(block_);
  }

  explicit operator bool() const { return block_ != nullptr; }

  // What lies so many bytes behind the start.
  template <class T>
  T *at(std::int64_t bytes) const {
    return reinterpret_cast<T *>(block_ + bytes);
  }

 private:
  char *block_;
};

}  // namespace mograph
