// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The threads that compiled code runs its parallel loops on.
#pragma once

#include <cstdint>

namespace mograph {

// Work on the items lo <= i < hi.
using RangeFunction = void (*)(void *context, std::int64_t lo, std::int64_t hi);

// When a loop is shared, and in what pieces. Times are in picoseconds.
struct ParallelCosts {
  std::int64_t share = 20'000'000;     // loops of less are done by the caller: it is what waking a sleeping thread costs
  std::int64_t chunk = 5'000'000;      // smaller pieces are not worth handing out
  std::int64_t chunks_per_thread = 8;  // at most, so that a thread that the system suspends does not hold up the rest
  std::int64_t spin = 50'000'000;      // how long a thread looks out for the next loop before it sleeps
};

// Calls `function` on disjoint ranges that cover 0 <= i < items and returns when all are done. Ranges start at
// multiples of `unit`. `picoseconds` is the estimated cost of an item: work that would not repay waking a thread is
// done by the caller, as is work that starts inside another parallel loop or while another thread's loop has the pool.
// A range never depends on which thread runs it; results must not depend on the ranges.
void parallel_for(RangeFunction function, void *context, std::int64_t items, std::int64_t unit,
                  std::int64_t picoseconds);

// Threads that share a loop, the caller among them. At first: the value of the environment variable MOGRAPH_NUM_THREADS
// where it is a number from 1 to the most, else the CPUs that this process may use.
constexpr int kMostThreads = 1024;
int thread_count();
void set_thread_count(int count);

ParallelCosts parallel_costs();
void set_parallel_costs(ParallelCosts costs);

}  // namespace mograph
