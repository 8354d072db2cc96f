// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver_queue.hpp"

namespace mograph {

Went DriverQueue::submit(const std::shared_ptr<Commands> &commands) {
  Status status;
  std::size_t index = 0;
  {
    std::lock_guard lock(mutex_);
    if (!takes(*commands)) return PythonQueue::submit(commands);
    status = begin();
    if (status.number) index = commands->all().size();
    while (!status.number && index < commands->all().size()) {
      status = enqueue(*commands, commands->all()[index]);
      if (!status.number) ++index;
    }
    if (!status.number) status = end();
  }
  if (!status.number) return Went::well;
  bool one = index < commands->all().size();
  return refused(status.number, status.function, one ? commands.get() : nullptr, index);
}

}  // namespace mograph
