// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "queue.hpp"

#include <algorithm>
#include <vector>

namespace mograph {
namespace {

constexpr std::size_t kUnit = 256, kLarge = std::size_t{1} << 20, kLargeUnit = std::size_t{1} << 16;

}  // namespace

Went Queue::take(std::int64_t bytes, DeviceBlock &block) {
  if (bytes < 0 || bytes > (std::int64_t{1} << 62)) return Went::exhausted;
  auto wanted = std::max(static_cast<std::size_t>(bytes), std::size_t{1});
  auto unit = wanted < kLarge ? kUnit : kLargeUnit;
  block.capacity = (wanted + unit - 1) / unit * unit;
  {
    std::lock_guard lock(mutex_);
    auto found = kept_.lower_bound(block.capacity);
    if (found != kept_.end() && found->first <= block.capacity + block.capacity / 4) {
      block = {found->second, found->first};
      kept_bytes_ -= found->first;
      kept_.erase(found);
      return Went::well;
    }
  }
  auto went = allocate(block.capacity, block.address);
  if (went != Went::exhausted) return went;
  if (went = wait(); went != Went::well) return went;
  trim();
  return allocate(block.capacity, block.address);
}

void Queue::give(DeviceBlock block) {
  std::vector<Address> dropped;
  {
    std::lock_guard lock(mutex_);
    kept_.emplace(block.capacity, block.address);
    kept_bytes_ += block.capacity;
    while (kept_bytes_ > keep_) {  // the largest goes first: it brings the most
      auto last = std::prev(kept_.end());
      dropped.push_back(last->second);
      kept_bytes_ -= last->first;
      kept_.erase(last);
    }
  }
  for (auto address : dropped) release(address);
}

void Queue::trim() {
  std::multimap<std::size_t, Address> dropped;
  {
    std::lock_guard lock(mutex_);
    dropped.swap(kept_);
    kept_bytes_ = 0;
  }
  for (auto [capacity, address] : dropped) release(address);
}

}  // namespace mograph
