// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The queue of a device, of which Python does what is rare, or all.
#pragma once

#include <nanobind/nanobind.h>

#include "queue.hpp"

namespace mograph {

// Calls the methods `submit`, `wait`, `allocate` and `release` of a device, which has this queue as an attribute.
class PythonQueue : public Queue {
 public:
  PythonQueue(nanobind::object device, std::size_t keep) : Queue(keep), device_(std::move(device)) {}

  Went submit(const std::shared_ptr<Commands> &commands) override;
  Went wait() override;

  nanobind::object device_;  // visible to the collector of cycles, which the device makes with its queue

 protected:
  Went allocate(std::size_t bytes, Address &address) override;
  void release(Address address) override;

  // Raises the device's error for a command of `commands`, or none, that the driver refused with `status`.
  Went refused(std::int64_t status, const char *function, const Commands *commands = nullptr, std::size_t index = 0);
};

// A command as Python sees it: a tuple of its kind, its stream, and what it has.
nanobind::tuple describe(const Commands &commands, const Command &command);

}  // namespace mograph
