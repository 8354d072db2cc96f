// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Calls into compiled code, and what compiled code calls.
//
// An entry has the C signature `void(int64_t *frame)`. The frame holds the words of its arguments' memref descriptors
// (allocated pointer, aligned pointer, offset, sizes, strides), one argument after the other, and behind them room for
// the words of its results' descriptors.
//
// Compiled code reports a failure by `fail`, which unwinds to `call_entry` with longjmp: the frames between are all
// compiled code, which has no destructors, and the blocks of memory that they held are on the call's list. Each range of
// a parallel loop is such a call of its own; the first failure of one is the loop's, and what is left of it is skipped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "memory.hpp"

namespace mograph {

using Entry = void (*)(std::int64_t *frame);

enum class Failure { none, check, memory, python };  // the last: the thread's Python error is set

struct Outcome {
  Failure failure = Failure::none;
  std::string message;
};

// Runs an entry on the calling thread. After a failure all memory that the call allocated is free again and the frame's
// results are undefined. `blocks` lists the results that are blocks; the caller detaches them.
Outcome call_entry(Entry entry, std::int64_t *frame, BlockList &blocks);

// For functions that compiled code calls: the outcome of the call that the thread is in, and how it fails. When it
// does, nothing with a destructor may be alive in the callers' frames.
Outcome &current_outcome();
[[noreturn]] void unwind(Failure failure);

// Name and address of each function that compiled code may call.
const std::vector<std::pair<const char *, void *>> &runtime_symbols();

}  // namespace mograph
