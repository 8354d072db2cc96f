// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Memory of compiled code: reference-counted, 64-byte aligned blocks.
//
// A block has a header in the 64 bytes before its first byte. Compiled code sees only the address of that first byte,
// as the "allocated" pointer of its memref descriptors; a view keeps the pointer of the block that it looks into.
// Inputs and constants are not blocks: their descriptors carry `kNotABlock` or the marker that MLIR gives to globals,
// and `retain` and `release` ignore both.
#pragma once

#include <cstddef>
#include <cstdint>

namespace mograph {

inline constexpr std::size_t kAlignment = 64;
inline constexpr std::uintptr_t kNotABlock = 0;
inline constexpr std::uintptr_t kMlirGlobal = 0xdeadbeef;  // what memref.get_global writes as its allocated pointer

inline bool is_block(const void *data) {
  auto address = reinterpret_cast<std::uintptr_t>(data);
  return address != kNotABlock && address != kMlirGlobal;
}

// The blocks that one call of a compiled function has allocated and not released yet. When the call fails they are all
// freed.
class BlockList {
 public:
  BlockList() = default;
  BlockList(const BlockList &) = delete;
  BlockList &operator=(const BlockList &) = delete;
  ~BlockList() { free_all(); }

  void free_all();

 private:
  friend struct Block;
  struct Block *first_ = nullptr;
};

// A block of at least `bytes` bytes with one reference, entered into `list` (which may be null); null when memory is
// exhausted.
void *allocate_block(std::size_t bytes, BlockList *list);

// `shared`: other threads may hold references at the same time, while the thread on whose list the block stands keeps its
// own.
void retain_block(void *data, bool shared = false);
void release_block(void *data, bool shared = false);

// Hands the block over to a new sole owner, who will call `release_block`: takes it off its list. False when others
// hold references too.
bool detach_block(void *data);

// Bytes in blocks that are alive, over the whole process.
std::int64_t live_bytes();

// Returns the memory that is kept for reuse to the system.
void trim_memory();

}  // namespace mograph
