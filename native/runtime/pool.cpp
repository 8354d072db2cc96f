// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "pool.hpp"

#include <pthread.h>
#ifdef __linux__
#include <sched.h>
#endif

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <mutex>
#include <system_error>
#include <thread>

namespace mograph {
namespace {

constexpr std::int64_t kClosed = std::int64_t{1} << 60;

inline void pause_cpu() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

// Waits for `done()` without giving up the processor; gives up after some picoseconds. Returns whether it is done.
template <class Done>
bool spin_until(Done done, std::int64_t picoseconds) {
  using Clock = std::chrono::steady_clock;
  auto end = Clock::now() + std::chrono::nanoseconds(picoseconds / 1000);
  do {
    for (int i = 0; i < 32; ++i) {
      if (done()) return true;
      pause_cpu();
    }
  } while (Clock::now() < end);
  return done();
}

int usable_cpus() {
#ifdef __linux__
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
#endif
  return std::max(1u, std::thread::hardware_concurrency());
}

int threads_at_first() {
  const char *wanted = std::getenv("MOGRAPH_NUM_THREADS");
  char *end = nullptr;
  long count = wanted ? std::strtol(wanted, &end, 10) : 0;
  return wanted && *wanted && !*end && count > 0 && count <= kMostThreads ? static_cast<int>(count) : usable_cpus();
}

thread_local bool in_parallel = false;

class Pool {
 public:
  Pool(int threads, ParallelCosts costs) : threads_(threads) { set_costs(costs); }

  int threads() const { return threads_.load(std::memory_order_relaxed); }

  void set_threads(int count) {
    std::lock_guard lock(job_mutex_);
    threads_ = count;
    threads_.notify_all();
    round_.fetch_add(1);  // those that are not wanted any more leave what they wait for
    round_.notify_all();
  }

  ParallelCosts costs() const { return {share_, chunk_cost_, chunks_per_thread_, spin_}; }
  void set_costs(ParallelCosts costs) {
    share_ = costs.share;
    chunk_cost_ = costs.chunk;
    chunks_per_thread_ = costs.chunks_per_thread;
    spin_ = costs.spin;
  }

  void run(RangeFunction function, void *context, std::int64_t items, std::int64_t unit, std::int64_t picoseconds) {
    auto cost = static_cast<double>(items) * static_cast<double>(picoseconds);
    if (in_parallel || threads() < 2 || items <= unit) return function(context, 0, items);
    if (cost < static_cast<double>(share_) || !job_mutex_.try_lock()) return function(context, 0, items);
    std::lock_guard lock(job_mutex_, std::adopt_lock);
    start_workers();
    auto most = static_cast<double>(threads()) * static_cast<double>(chunks_per_thread_);
    auto worth = cost / static_cast<double>(chunk_cost_);
    auto chunks = std::max<std::int64_t>(2, static_cast<std::int64_t>(std::min(worth, most)));
    function_ = function;
    context_ = context;
    items_ = items;
    chunk_ = ((items + chunks - 1) / chunks + unit - 1) / unit * unit;
    next_.store(0, std::memory_order_release);
    round_.fetch_add(1);
    wake((items + chunk_ - 1) / chunk_ - 1);
    in_parallel = true;
    drain();
    in_parallel = false;
    next_.store(kClosed, std::memory_order_release);
    auto all_done = [&] { return active_.load(std::memory_order_acquire) == 0; };
    if (!spin_until(all_done, spin_))
      while (int active = active_.load(std::memory_order_acquire)) active_.wait(active, std::memory_order_acquire);
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
    int seen = 0;
    for (;;) {
      for (int wanted = threads(); number >= wanted; wanted = threads()) threads_.wait(wanted);
      if (!spin_until([&] { return round_.load(std::memory_order_acquire) != seen; }, spin_)) round_.wait(seen);
      seen = round_.load();
      if (number >= threads()) continue;
      active_.fetch_add(1);
      drain();
      if (active_.fetch_sub(1, std::memory_order_acq_rel) == 1) active_.notify_one();
    }
  }

  // As many as there is work for.
  void wake(std::int64_t count) {
    if (count >= started_ - 1) return round_.notify_all();
    for (; count > 0; --count) round_.notify_one();
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
  std::atomic<std::int64_t> share_, chunk_cost_, chunks_per_thread_, spin_;  // see ParallelCosts
  int started_ = 1;  // the caller is the first
  RangeFunction function_ = nullptr;
  void *context_ = nullptr;
  std::int64_t items_ = 0;
  std::int64_t chunk_ = 1;
  alignas(64) std::atomic<std::int64_t> next_{kClosed};
  alignas(64) std::atomic<int> active_{0};
  alignas(64) std::atomic<int> round_{0};
};

Pool *pool = nullptr;

// Threads do not survive a fork: the child starts with a new pool. The old one's mutexes may be locked for ever, so it
// is left behind.
void renew_after_fork() {
  pool = new Pool(pool->threads(), pool->costs());
  in_parallel = false;
}

Pool &the_pool() {
  static bool once = [] {
    pool = new Pool(threads_at_first(), ParallelCosts());
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

ParallelCosts parallel_costs() { return the_pool().costs(); }
void set_parallel_costs(ParallelCosts costs) { the_pool().set_costs(costs); }

}  // namespace mograph
