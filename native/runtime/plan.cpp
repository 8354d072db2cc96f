// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "plan.hpp"

#include <algorithm>
#include <cstring>
#include <list>
#include <mutex>
#include <numeric>

#include "memory.hpp"

namespace mograph {
namespace {

constexpr auto kUnit = static_cast<std::int64_t>(kAlignment);
constexpr std::int64_t kMost = std::int64_t{1} << 62;  // bytes: more than any memory holds
constexpr std::int64_t kEffort = 400'000;              // looks at a buffer that is alive together with another
constexpr std::int64_t kGreatEffort = 2'000'000;       // where the plan is bad so far
constexpr std::int64_t kHardly = 32, kMuch = 12;       // parts of the bound whose waste is hardly any, and too much
constexpr int kRules = 5;
constexpr std::size_t kRemembered = 64;                // plans

using Order = std::vector<std::size_t>;

class Planner {
 public:
  Planner(const std::vector<Lifetime> &lifetimes, const std::vector<std::int64_t> &sizes)
      : lifetimes_(lifetimes), count_(lifetimes.size()), sizes_(count_), together_(count_), pressure_(count_) {
    for (std::size_t i = 0; i < count_; ++i)
      sizes_[i] = (std::clamp<std::int64_t>(sizes[i], 0, kMost) + kUnit - 1) / kUnit * kUnit;
    meet();
  }

  bool fits() const {
    std::int64_t total = 0;
    for (auto size : sizes_) {
      if (size >= kMost - total) return false;
      total += size;
    }
    return true;
  }

  Plan best() {
    Plan plan{{}, -1, bound_};
    Order order(count_), kept;
    for (int rule = 0; rule < kRules; ++rule) {
      std::iota(order.begin(), order.end(), 0);
      std::stable_sort(order.begin(), order.end(),
                       [&](std::size_t a, std::size_t b) { return weight(rule, a) > weight(rule, b); });
      if (improve(order, plan)) kept = order;
      if (!wastes(plan, kHardly)) return plan;
    }
    // What sticks out at the top is placed earlier, so that others make room for it.
    for (order = kept; wastes(plan, kHardly) && effort_ < (wastes(plan, kMuch) ? kGreatEffort : kEffort);) {
      auto top = highest();
      std::size_t at = std::find(order.begin(), order.end(), top) - order.begin();
      if (at == 0) at = 1 + random() % (count_ - 1);
      std::size_t to = random() % at;
      std::rotate(order.begin() + static_cast<std::ptrdiff_t>(to), order.begin() + static_cast<std::ptrdiff_t>(at),
                  order.begin() + static_cast<std::ptrdiff_t>(at) + 1);
      auto before = plan.bytes;
      if (improve(order, plan))
        kept = order;
      else if (bytes_ > before + before / 16)
        order = kept;
    }
    return plan;
  }

 private:
  bool wastes(const Plan &plan, std::int64_t part) const { return plan.bytes > bound_ + bound_ / part; }

  // Lists which buffers are alive at the same time, and finds the bound.
  void meet() {
    Order starts(count_);
    std::iota(starts.begin(), starts.end(), 0);
    std::sort(starts.begin(), starts.end(),
              [&](std::size_t a, std::size_t b) { return lifetimes_[a].first < lifetimes_[b].first; });
    Order alive;
    for (auto i : starts) {
      alive.erase(std::remove_if(alive.begin(), alive.end(),
                                 [&](std::size_t j) { return lifetimes_[j].last < lifetimes_[i].first; }),
                  alive.end());
      std::int64_t now = sizes_[i];
      for (auto j : alive) {
        together_[i].push_back(j);
        together_[j].push_back(i);
        now = std::min(kMost, now + sizes_[j]);
      }
      bound_ = std::max(bound_, now);
      alive.push_back(i);
      for (auto j : alive) pressure_[j] = std::max(pressure_[j], now);
    }
  }

  double weight(int rule, std::size_t i) const {
    auto size = static_cast<double>(sizes_[i]);
    auto time = static_cast<double>(lifetimes_[i].last - lifetimes_[i].first + 1);
    switch (rule) {
      case 0:
        return size;
      case 1:
        return static_cast<double>(pressure_[i]);
      case 2:
        return size * time;
      case 3:
        return time;
      default:
        return -static_cast<double>(lifetimes_[i].first);
    }
  }

  // Places the buffers in this order, each in the lowest gap; keeps the result where it is better than `plan`.
  bool improve(const Order &order, Plan &plan) {
    offsets_.assign(count_, -1);
    bytes_ = 0;
    for (auto i : order) {
      taken_.clear();
      for (auto j : together_[i])
        if (offsets_[j] >= 0 && sizes_[j]) taken_.push_back({offsets_[j], offsets_[j] + sizes_[j]});
      std::sort(taken_.begin(), taken_.end());
      std::int64_t offset = 0;
      for (auto [from, to] : taken_) {
        if (from - offset >= sizes_[i]) break;
        offset = std::max(offset, to);
      }
      offsets_[i] = offset;
      bytes_ = std::max(bytes_, offset + sizes_[i]);
      effort_ += 1 + static_cast<std::int64_t>(together_[i].size());
    }
    if (plan.bytes >= 0 && bytes_ >= plan.bytes) return false;
    plan.offsets = offsets_;
    plan.bytes = bytes_;
    return true;
  }

  // A buffer that ends where the arena of the last try does.
  std::size_t highest() const {
    std::size_t found = 0;
    for (std::size_t i = 0; i < count_; ++i)
      if (offsets_[i] + sizes_[i] == bytes_) found = i;
    return found;
  }

  std::size_t random() {  // Knuth's multiplier: any sequence will do that is the same each time
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::size_t>(state_ >> 33);
  }

  const std::vector<Lifetime> &lifetimes_;
  std::size_t count_;
  std::vector<std::int64_t> sizes_;
  std::vector<Order> together_;
  std::vector<std::int64_t> pressure_;  // of a buffer: the most bytes that are needed while it is
  std::int64_t bound_ = 0;
  std::vector<std::int64_t> offsets_;  // of the last try
  std::int64_t bytes_ = 0;
  std::vector<std::pair<std::int64_t, std::int64_t>> taken_;
  std::int64_t effort_ = 0;
  std::uint64_t state_ = 1;
};

struct Remembered {
  std::vector<Lifetime> lifetimes;
  std::vector<std::int64_t> sizes;
  Plan plan;
};

}  // namespace

Plan plan_arena(const std::vector<Lifetime> &lifetimes, const std::vector<std::int64_t> &sizes) {
  Planner planner(lifetimes, sizes);
  if (!planner.fits()) return {std::vector<std::int64_t>(sizes.size(), 0), kMost, kMost};
  return sizes.empty() ? Plan{{}, 0, 0} : planner.best();
}

void planned_arena(const Lifetime *lifetimes, const std::int64_t *sizes, std::int64_t count, std::int64_t *places) {
  static std::mutex mutex;
  static auto *remembered = new std::list<Remembered>;  // the latest first; never destroyed
  auto number = static_cast<std::size_t>(count);
  auto copy_out = [&](const Plan &plan) {
    std::copy(plan.offsets.begin(), plan.offsets.end(), places);
    places[count] = plan.bytes;
  };
  {
    std::lock_guard lock(mutex);
    for (auto it = remembered->begin(); it != remembered->end(); ++it) {
      if (it->sizes.size() != number || !std::equal(it->sizes.begin(), it->sizes.end(), sizes) ||
          std::memcmp(it->lifetimes.data(), lifetimes, number * sizeof(Lifetime)) != 0)
        continue;
      remembered->splice(remembered->begin(), *remembered, it);
      return copy_out(it->plan);
    }
  }
  Remembered made{{lifetimes, lifetimes + number}, {sizes, sizes + number}, {}};
  made.plan = plan_arena(made.lifetimes, made.sizes);
  copy_out(made.plan);  // `sizes` may be gone now
  std::lock_guard lock(mutex);
  remembered->push_front(std::move(made));
  if (remembered->size() > kRemembered) remembered->pop_back();
}

}  // namespace mograph
