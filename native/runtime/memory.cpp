// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "memory.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <mutex>
#include <vector>

namespace mograph {

struct alignas(kAlignment) Block {
  std::int64_t references;
  std::size_t bytes;     // what was asked for
  std::size_t capacity;  // bytes of a large block's mapping, 0 for a small block
  void *storage;         // what malloc or mmap returned
  Block *previous;
  Block *next;
  BlockList *list;

  static Block *of(void *data) { return static_cast<Block *>(data) - 1; }
  void *data() { return this + 1; }

  void link(BlockList *to) {
    list = to;
    previous = nullptr;
    next = to->first_;
    if (next) next->previous = this;
    to->first_ = this;
  }

  void unlink() {
    if (!list) return;
    (previous ? previous->next : list->first_) = next;
    if (next) next->previous = previous;
    list = nullptr;
  }
};
static_assert(sizeof(Block) == kAlignment);

namespace {

// Fresh pages cost more than the computation that fills them, so that large blocks are kept for reuse.
constexpr std::size_t kLarge = std::size_t{1} << 18;
constexpr std::size_t kHugePage = std::size_t{1} << 21;

std::atomic<std::int64_t> live{0};

class LargeBlocks {
 public:
  LargeBlocks() {
    auto memory = static_cast<std::size_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    limit_ = std::min(std::size_t{1} << 32, memory / 8);
  }

  // A mapping of at least `capacity` bytes, which is set to its real size.
  void *take(std::size_t &capacity) {
    // Half a huge page and more gets a whole one: what is read again and again misses no translations then.
    std::size_t page = capacity >= kHugePage / 2 ? kHugePage : std::size_t{1} << 16;
    capacity = (capacity + page - 1) / page * page;
    {
      std::lock_guard lock(mutex_);
      auto best = kept_.end();
      for (auto it = kept_.begin(); it != kept_.end(); ++it)
        if (it->capacity >= capacity && it->capacity <= capacity + capacity / 4 &&
            (best == kept_.end() || it->capacity < best->capacity))
          best = it;
      if (best != kept_.end()) {
        auto found = *best;
        kept_.erase(best);
        kept_bytes_ -= found.capacity;
        capacity = found.capacity;
        return found.address;
      }
    }
    void *address = map(capacity);
    if (!address) {
      trim();
      address = map(capacity);
    }
    return address;
  }

  void give(void *address, std::size_t capacity) {
    std::vector<Mapping> dropped;
    {
      std::lock_guard lock(mutex_);
      kept_.push_back({address, capacity});
      kept_bytes_ += capacity;
      while (kept_bytes_ > limit_) {  // the oldest goes first
        dropped.push_back(kept_.front());
        kept_bytes_ -= kept_.front().capacity;
        kept_.erase(kept_.begin());
      }
    }
    for (auto &mapping : dropped) munmap(mapping.address, mapping.capacity);
  }

  void trim() {
    std::vector<Mapping> dropped;
    {
      std::lock_guard lock(mutex_);
      dropped.swap(kept_);
      kept_bytes_ = 0;
    }
    for (auto &mapping : dropped) munmap(mapping.address, mapping.capacity);
  }

 private:
  struct Mapping {
    void *address;
    std::size_t capacity;
  };

  static void *map(std::size_t capacity) {
    void *address = mmap(nullptr, capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (address == MAP_FAILED) return nullptr;
#ifdef MADV_HUGEPAGE
    if (capacity >= kHugePage) madvise(address, capacity, MADV_HUGEPAGE);
#endif
    return address;
  }

  std::mutex mutex_;
  std::vector<Mapping> kept_;
  std::size_t kept_bytes_ = 0;
  std::size_t limit_;
};

LargeBlocks &large_blocks() {
  static auto *blocks = new LargeBlocks;  // never destroyed: arrays may outlive the module
  return *blocks;
}

void free_block(Block *block) {
  live.fetch_sub(static_cast<std::int64_t>(block->bytes), std::memory_order_relaxed);
  if (block->capacity)
    large_blocks().give(block->storage, block->capacity);
  else
    std::free(block->storage);
}

}  // namespace

void *allocate_block(std::size_t bytes, BlockList *list) {
  if (bytes > (std::size_t{1} << 62)) return nullptr;  // a negative extent
  std::size_t capacity = 0;
  void *storage = nullptr;
  Block *block = nullptr;
  if (bytes >= kLarge) {
    capacity = bytes + sizeof(Block);
    storage = large_blocks().take(capacity);
    block = static_cast<Block *>(storage);
  } else {
    storage = std::malloc(bytes + sizeof(Block) + kAlignment);
    auto address = (reinterpret_cast<std::uintptr_t>(storage) + kAlignment - 1) / kAlignment * kAlignment;
    block = reinterpret_cast<Block *>(address);
  }
  if (!storage) return nullptr;
  block->references = 1;
  block->bytes = bytes;
  block->capacity = capacity;
  block->storage = storage;
  block->list = nullptr;
  if (list) block->link(list);
  live.fetch_add(static_cast<std::int64_t>(bytes), std::memory_order_relaxed);
  return block->data();
}

void retain_block(void *data, bool shared) {
  if (!is_block(data)) return;
  std::int64_t &references = Block::of(data)->references;
  if (shared)
    __atomic_fetch_add(&references, 1, __ATOMIC_RELAXED);
  else
    ++references;
}

void release_block(void *data, bool shared) {
  if (!is_block(data)) return;
  Block *block = Block::of(data);
  if ((shared ? __atomic_sub_fetch(&block->references, 1, __ATOMIC_ACQ_REL) : --block->references) > 0) return;
  block->unlink();
  free_block(block);
}

bool detach_block(void *data) {
  Block *block = Block::of(data);
  if (block->references > 1) return false;
  block->unlink();
  return true;
}

void BlockList::free_all() {
  while (first_) {
    Block *block = first_;
    block->unlink();
    free_block(block);
  }
}

std::int64_t live_bytes() { return live.load(std::memory_order_relaxed); }

void trim_memory() { large_blocks().trim(); }

}  // namespace mograph
