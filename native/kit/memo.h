// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Remembers answers that depend on uniqued types and attributes only. A large module repeats a few combinations, so a check
// written in Python runs a few times. Never held across a call into Python: no lock order with the GIL.
#ifndef MOGRAPH_KIT_MEMO_H
#define MOGRAPH_KIT_MEMO_H
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Allocator.h"
#include <mutex>
#include <shared_mutex>

namespace mograph::kit {
class Memo {
public:
  using Key = llvm::SmallVector<const void *, 8>;
  bool lookup(const Key &key, llvm::SmallVectorImpl<const void *> *answer = nullptr) const {
    std::shared_lock lock(mutex);
    auto it = entries.find(llvm::ArrayRef<const void *>(key));
    if (it == entries.end()) return false;
    if (answer) answer->assign(it->second.begin(), it->second.end());
    return true;
  }
  void insert(const Key &key, llvm::ArrayRef<const void *> answer = {}) {
    std::unique_lock lock(mutex);
    if (entries.size() >= kLimit) { // a context that sees ever new types must not grow for ever
      entries.clear();
      storage.Reset();
    }
    entries.try_emplace(llvm::ArrayRef<const void *>(key).copy(storage), answer.copy(storage));
  }

private:
  static constexpr unsigned kLimit = 1 << 16;
  mutable std::shared_mutex mutex;
  llvm::BumpPtrAllocator storage;
  llvm::DenseMap<llvm::ArrayRef<const void *>, llvm::ArrayRef<const void *>> entries;
};
} // namespace mograph::kit
#endif
