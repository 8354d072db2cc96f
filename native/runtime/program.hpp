// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Programs of a device: kernels, constants, and the runs of the host code that launches the kernels.
//
// Compiled host code calls the functions of `device_symbols` with the address of its program. What it asks for goes into
// the list of commands of the run that the calling thread is in, which is submitted piece by piece, or kept as a graph.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "call.hpp"
#include "commands.hpp"
#include "queue.hpp"

namespace mograph {

// A result of an entry: its rank and its elements' bytes.
struct DeviceOutput {
  std::int64_t rank;
  std::int64_t itemsize;
};

struct DeviceResult {
  std::shared_ptr<Memory> memory;
  std::vector<std::int64_t> shape;
};

// What a run made. `commands` and `owned`, the memory that the run used besides its results, only of a run that is kept.
struct Ran {
  Outcome outcome;
  std::vector<DeviceResult> results;
  std::shared_ptr<Commands> commands;
  std::vector<std::shared_ptr<Memory>> owned;
};

using Kernels = std::vector<std::shared_ptr<Kernel>>;

class Program {
 public:
  Program(std::shared_ptr<Queue> queue, std::string device, Kernels kernels)
      : queue_(std::move(queue)),
        device_(std::move(device)),
        kernels_(std::make_shared<Kernels>(std::move(kernels))) {}

  const std::shared_ptr<Queue> &queue() const { return queue_; }
  const std::string &device() const { return device_; }
  const std::shared_ptr<const Kernels> &kernels() const { return kernels_; }

  // Runs an entry, without the GIL held, on the words of its arguments' descriptors. Several threads may run entries.
  Ran run(Entry entry, const std::vector<std::int64_t> &words, const std::vector<DeviceOutput> &outputs, bool keep);

  // The device's copy of constant memory of the host, made the first time.
  Went constant(const void *host, std::int64_t bytes, Address &address);

 private:
  std::shared_ptr<Queue> queue_;
  std::string device_;
  std::shared_ptr<const Kernels> kernels_;
  std::mutex mutex_;  // of the constants
  std::unordered_map<const void *, std::shared_ptr<Memory>> constants_;
};

// Name and address of each function that host code may call.
const std::vector<std::pair<const char *, void *>> &device_symbols();

}  // namespace mograph
