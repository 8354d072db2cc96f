// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "codegen/compilation.h"

#include "llvm/Support/thread.h"
#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

static constexpr unsigned stackBytes = 8u << 20; // some systems give threads too little for LLVM

namespace {
struct Unit {
  std::string ir;
  int level;
  std::string code, error;
};
} // namespace

struct mograph::Compilation::State {
  State(Processor processor, unsigned most) : processor(std::move(processor)), most(most) {}

  /// The longest module that nobody has begun, so that all threads end together; waits for one until no more come.
  Unit *next() {
    std::unique_lock<std::mutex> guard(lock);
    changed.wait(guard, [this] { return closed || !waiting.empty(); });
    auto longest = std::max_element(waiting.begin(), waiting.end(),
                                    [](const Unit *a, const Unit *b) { return a->ir.size() < b->ir.size(); });
    if (longest == waiting.end())
      return nullptr;
    Unit *unit = *longest;
    waiting.erase(longest);
    return unit;
  }

  void work() {
    while (Unit *unit = next())
      unit->code = emit(unit->ir, processor, unit->level, Form::object, unit->error);
  }

  void close(bool drop) {
    {
      std::lock_guard<std::mutex> guard(lock);
      closed = true;
      if (drop)
        waiting.clear();
    }
    changed.notify_all();
    work();
    for (llvm::thread &thread : threads)
      thread.join();
    threads.clear();
  }

  const Processor processor;
  const unsigned most;
  std::mutex lock;
  std::condition_variable changed;
  bool closed = false;
  std::vector<Unit *> waiting;
  std::deque<Unit> units; // they stay where they are
  std::vector<llvm::thread> threads;
};

mograph::Compilation::Compilation(Processor processor, unsigned threads)
    : state(std::make_unique<State>(std::move(processor), threads)) {}

mograph::Compilation::~Compilation() { state->close(true); }

void mograph::Compilation::add(std::string ir, int level) {
  {
    std::lock_guard<std::mutex> guard(state->lock);
    state->waiting.push_back(&state->units.emplace_back(Unit{std::move(ir), level, {}, {}}));
  }
  state->changed.notify_one();
  if (state->threads.size() < std::min<size_t>(state->most, state->units.size()))
    state->threads.emplace_back(std::optional<unsigned>(stackBytes), [state = state.get()] { state->work(); });
}

std::vector<std::string> mograph::Compilation::finish(std::string &error) {
  state->close(false);
  std::vector<std::string> objects;
  for (Unit &unit : state->units) {
    if (unit.code.empty() && error.empty())
      error = unit.error.empty() ? "the module gives no code" : unit.error;
    objects.push_back(std::move(unit.code));
  }
  return objects;
}
