// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The threads that compiled code runs its parallel loops on.
#pragma once

#include <cstdint>

namespace mograph {

// Work on the items lo <= i < hi.
using RangeFunction = void (*)(void *context, std::int64_t lo, std::int64_t hi);

// Calls `function` on disjoint ranges that cover 0 <= i < items and returns when all are done. Ranges start at
// multiples of `unit`. `picoseconds` is the estimated cost of an item: work that would not repay waking a thread is
// done by the caller, as is work that starts inside another parallel loop or while another thread's loop has the pool.
// A range never depends on which thread runs it; results must not depend on the ranges.
void parallel_for(RangeFunction function, void *context, std::int64_t items, std::int64_t unit,
                  std::int64_t picoseconds);

// Threads that share a loop, the caller among them. At first: the CPUs this process may use.
int thread_count();
void set_thread_count(int count);

}  // namespace mograph
