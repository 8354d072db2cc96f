// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Queues that call a driver's functions themselves, over their addresses. Memory, and what goes wrong, is Python's.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "python_queue.hpp"

namespace mograph {

// Addresses of a driver's functions, by name.
using Functions = std::map<std::string, std::uintptr_t>;

// What a driver's function returned; 0 is success.
struct Status {
  std::int64_t number = 0;
  const char *function = nullptr;
};

class DriverQueue : public PythonQueue {
 public:
  using PythonQueue::PythonQueue;

  Went submit(const std::shared_ptr<Commands> &commands) override;

 protected:
  virtual Status enqueue(const Commands &commands, const Command &command) = 0;
  // Around the commands of a list.
  virtual Status begin() { return {}; }
  virtual Status end() { return {}; }
  // Whether `enqueue` takes all of them; Python does it otherwise.
  virtual bool takes(const Commands &) const { return true; }

  std::mutex mutex_;  // held while commands are enqueued
};

// The function of a name, as a pointer of type F. Throws nanobind::key_error.
template <class F>
void bind(const Functions &functions, const char *name, F &function) {
  auto found = functions.find(name);
  if (found == functions.end()) throw nanobind::key_error(name);
  function = reinterpret_cast<F>(found->second);
}

}  // namespace mograph
