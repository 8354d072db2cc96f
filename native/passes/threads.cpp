// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "passes/threads.h"
#include "llvm/Support/ThreadPool.h"

using namespace mograph;

static bool (*holdsLock)() = [] { return false; };
void mograph::setLockCheck(bool (*check)()) { holdsLock = check; }

namespace {
class Threads : public llvm::ThreadPoolInterface {
public:
  void wait() override { pool.wait(); }
  void wait(llvm::ThreadPoolTaskGroup &group) override { pool.wait(group); }
  unsigned getMaxConcurrency() const override { return pool.getMaxConcurrency(); }

private:
  void asyncEnqueue(llvm::unique_function<void()> task, llvm::ThreadPoolTaskGroup *group) override {
    if (holdsLock())
      task();
    else if (group)
      pool.async(*group, std::move(task));
    else
      pool.async(std::move(task));
  }
  llvm::DefaultThreadPool pool{llvm::hardware_concurrency()};
};
} // namespace

llvm::ThreadPoolInterface &mograph::threads() {
  static auto *pool = new Threads; // never ended: contexts may outlive whatever would end it
  return *pool;
}
