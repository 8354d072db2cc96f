// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "call.hpp"

#include <setjmp.h>

#include <atomic>
#include <mutex>

#include "library.hpp"
#include "plan.hpp"
#include "pool.hpp"
#include "printing.hpp"
#include "small_floats.hpp"

namespace mograph {
namespace {

struct Call {
  jmp_buf back;
  BlockList *blocks;
  Outcome *outcome;
  Call *outer;
  bool shared;  // whether other threads may hold references to the same blocks
};

thread_local Call *current = nullptr;

// A parallel loop: each of its ranges is a call of its own, on whatever thread, with its own blocks and failure.
struct Loop {
  RangeFunction function;
  void *context;
  std::mutex mutex;
  std::atomic<bool> failed{false};
  Outcome outcome;  // of the range that failed first
};

void run_range(void *context, std::int64_t lo, std::int64_t hi) {
  auto &loop = *static_cast<Loop *>(context);
  if (loop.failed.load(std::memory_order_relaxed)) return;
  Outcome outcome;
  BlockList blocks;
  Call call{{}, &blocks, &outcome, current, true};
  current = &call;
  if (_setjmp(call.back) == 0) {
    loop.function(loop.context, lo, hi);
  } else {
    blocks.free_all();
    std::lock_guard lock(loop.mutex);
    if (!loop.failed.exchange(true)) loop.outcome = std::move(outcome);
  }
  current = call.outer;
}

// Whether a range failed, which is then the outcome of the call. What has destructors is gone when this returns.
bool fails(RangeFunction function, void *context, std::int64_t items, std::int64_t unit, std::int64_t picoseconds) {
  Loop loop{function, context};
  parallel_for(run_range, &loop, items, unit, picoseconds);
  if (!loop.failed) return false;
  *current->outcome = std::move(loop.outcome);
  return true;
}

extern "C" {

void mograph_fail(const char *message) {
  current->outcome->message = message;
  unwind(message == kOutOfMemory ? Failure::memory : Failure::check);
}

void mograph_fail_compared(const char *message, std::int64_t a, std::int64_t b) {
  current->outcome->message = std::string(message) + " (" + std::to_string(a) + " and " + std::to_string(b) + ")";
  unwind(Failure::check);
}

void *mograph_allocate(std::int64_t /*alignment: always that of a block*/, std::int64_t bytes) {
  void *data = allocate_block(static_cast<std::size_t>(bytes), current->blocks);
  if (data) return data;
  current->outcome->message = std::to_string(bytes) + " bytes";
  unwind(Failure::memory);
}

void mograph_retain(void *data) { retain_block(data, current->shared); }

void mograph_release(void *data) { release_block(data, current->shared); }

// `words` holds the bytes of buffers, and gets their places in an arena and behind these the bytes of that.
void mograph_plan(const Lifetime *lifetimes, std::int64_t count, std::int64_t *words) {
  planned_arena(lifetimes, words, count, words);
}

void mograph_print(const char *text, const void *data, std::int64_t rank, const std::int64_t *sizes) {
  if (!print(text, data, rank, sizes)) unwind(Failure::python);
}

void mograph_parallel(RangeFunction function, void *context, std::int64_t items, std::int64_t unit,
                      std::int64_t picoseconds) {
  if (fails(function, context, items, unit, picoseconds)) longjmp(current->back, 1);
}
}

}  // namespace

Outcome &current_outcome() { return *current->outcome; }

void unwind(Failure failure) {
  current->outcome->failure = failure;
  longjmp(current->back, 1);
}

Outcome call_entry(Entry entry, std::int64_t *frame, BlockList &blocks) {
  Outcome outcome;
  Call call;
  call.blocks = &blocks;
  call.outcome = &outcome;
  call.outer = current;
  call.shared = false;
  current = &call;
  if (_setjmp(call.back) == 0)
    entry(frame);
  else
    blocks.free_all();
  current = call.outer;
  return outcome;
}

const std::vector<std::pair<const char *, void *>> &runtime_symbols() {
  static const std::vector<std::pair<const char *, void *>> symbols = {
      {"mograph_fail", reinterpret_cast<void *>(&mograph_fail)},
      {"mograph_fail_compared", reinterpret_cast<void *>(&mograph_fail_compared)},
      {"mograph_retain", reinterpret_cast<void *>(&mograph_retain)},
      {"mograph_plan", reinterpret_cast<void *>(&mograph_plan)},
      {"mograph_print", reinterpret_cast<void *>(&mograph_print)},
      {"mograph_parallel", reinterpret_cast<void *>(&mograph_parallel)},
      // what LLVM calls on machines without instructions for it
      {"__truncsfbf2", reinterpret_cast<void *>(&float_to_bf16)},
      {"__truncdfbf2", reinterpret_cast<void *>(&double_to_bf16)},
      {"__truncsfhf2", reinterpret_cast<void *>(&float_to_f16)},
      {"__truncdfhf2", reinterpret_cast<void *>(&double_to_f16)},
      {"__extendhfsf2", reinterpret_cast<void *>(&f16_to_float)},
      // the names that MLIR's memref lowering calls
      {"_mlir_memref_to_llvm_aligned_alloc", reinterpret_cast<void *>(&mograph_allocate)},
      {"_mlir_memref_to_llvm_free", reinterpret_cast<void *>(&mograph_release)},
  };
  return symbols;
}

}  // namespace mograph
