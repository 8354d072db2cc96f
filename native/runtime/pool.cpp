// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "pool.hpp"

#include <pthread.h>
#ifdef __linux__
#include <sched.h>
#endif

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace mograph {
namespace {

constexpr std::int64_t kWorthSharing = 20'000'000;  // picoseconds: what waking a sleeping thread costs
constexpr std::int64_t kChunk = 5'000'000;          // picoseconds: smaller pieces are not worth handing out
constexpr std::int64_t kChunksPerThread = 8;  // so that a thread that the system suspends does not hold up the rest
constexpr std::int64_t kClosed = std::int64_t{1} << 60;
constexpr int kSpins = 4000;  // some ten microseconds: loops often follow each other closely

inline void pause_cpu() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

int usable_cpus() {
#ifdef __linux__
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
#endif
  return std::max(1u, std::thread::hardware_concurrency());
}

thread_local bool in_parallel = false;

class Pool {
 public:
  explicit Pool(int threads) : threads_(threads) {}

  int threads() const { return threads_.load(std::memory_order_relaxed); }

  void set_threads(int count) {
    std::lock_guard lock(job_mutex_);
    threads_ = count;
  }

  void run(RangeFunction function, void *context, std::int64_t items, std::int64_t unit, std::int64_t picoseconds) {
    auto cost = static_cast<double>(items) * static_cast<double>(picoseconds);
    if (in_parallel || threads() < 2 || items <= unit || cost < kWorthSharing || !job_mutex_.try_lock())
      return function(context, 0, items);
    std::lock_guard lock(job_mutex_, std::adopt_lock);
    start_workers();
    auto chunks = static_cast<std::int64_t>(std::min(cost / kChunk, static_cast<double>(threads() * kChunksPerThread)));
    chunks = std::max<std::int64_t>(chunks, 2);
    function_ = function;
    context_ = context;
    items_ = items;
    chunk_ = ((items + chunks - 1) / chunks + unit - 1) / unit * unit;
    next_.store(0, std::memory_order_release);
    round_.fetch_add(1);
    if (sleepers_.load() > 0) {
      std::lock_guard sleep_lock(sleep_mutex_);
      wake_.notify_all();
    }
    in_parallel = true;
    drain();
    in_parallel = false;
    next_.store(kClosed, std::memory_order_release);
    for (int spins = 0; active_.load(std::memory_order_acquire) != 0; ++spins) {
      if (spins < 100 * kSpins)
        pause_cpu();
      else
        std::this_thread::yield();
    }
  }

 private:
  // Workers only enter a loop through `active_`, for which the caller waits: the fields of a job stay valid as long as
  // anyone reads them.
  void drain() {
    for (;;) {
      auto index = next_.fetch_add(1, std::memory_order_acq_rel);
      if (index >= kClosed) return;
      auto lo = index * chunk_;
      if (lo >= items_) return;
      function_(context_, lo, std::min(items_, lo + chunk_));
    }
  }

  void work(int number) {
    in_parallel = true;
    std::int64_t seen = 0;
    for (;;) {
      for (int spins = 0; round_.load(std::memory_order_acquire) == seen && spins < kSpins; ++spins) pause_cpu();
      if (round_.load() == seen) {
        std::unique_lock lock(sleep_mutex_);
        sleepers_.fetch_add(1);
        wake_.wait(lock, [&] { return round_.load() != seen; });
        sleepers_.fetch_sub(1);
      }
      seen = round_.load();
      if (number >= threads()) continue;
      active_.fetch_add(1);
      drain();
      active_.fetch_sub(1, std::memory_order_release);
    }
  }

  void start_workers() {
    for (; started_ < threads(); ++started_) {
      try {
        std::thread(&Pool::work, this, started_).detach();
      } catch (const std::system_error &) {
        threads_ = started_;  // the system refuses more threads: go on with those there are
        return;
      }
    }
  }

  std::mutex job_mutex_;  // held by the thread whose loop has the pool
  std::atomic<int> threads_;
  int started_ = 1;  // the caller is the first
  RangeFunction function_ = nullptr;
  void *context_ = nullptr;
  std::int64_t items_ = 0;
  std::int64_t chunk_ = 1;
  alignas(64) std::atomic<std::int64_t> next_{kClosed};
  alignas(64) std::atomic<int> active_{0};
  alignas(64) std::atomic<std::int64_t> round_{0};
  std::atomic<int> sleepers_{0};
  std::mutex sleep_mutex_;
  std::condition_variable wake_;
};

Pool *pool = nullptr;

// Threads do not survive a fork: the child starts with a new pool. The old one's mutexes may be locked for ever, so it
// is left behind.
void renew_after_fork() {
  pool = new Pool(pool->threads());
  in_parallel = false;
}

Pool &the_pool() {
  static bool once = [] {
    pool = new Pool(usable_cpus());
    pthread_atfork(nullptr, nullptr, renew_after_fork);
    return true;
  }();
  (void)once;
  return *pool;
}

}  // namespace

void parallel_for(RangeFunction function, void *context, std::int64_t items, std::int64_t unit,
                  std::int64_t picoseconds) {
  if (items > 0) the_pool().run(function, context, items, unit, picoseconds);
}

int thread_count() { return the_pool().threads(); }
void set_thread_count(int count) { the_pool().set_threads(count); }

}  // namespace mograph
