// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Lists of what a device is to do: launches of kernels, copies, events.
//
// A list is what compiled host code makes when it runs. It is submitted at once, or kept as what a device graph replays.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace mograph {

using Address = std::uintptr_t;  // of a device's memory, or of the host's

// A kernel that a device has loaded.
struct Kernel {
  std::string name;
  std::uintptr_t handle;              // the driver's
  std::array<std::int64_t, 3> block;  // threads
  std::int64_t shared;                // bytes of shared memory besides those that the code declares
  std::string arguments;              // of each 'p', an address, or its size in bytes: '1', '2', '4', '8'; "?" if not known
  std::string source;                 // where it comes from, for messages
};

enum class Action : std::uint8_t { launch, copy, upload, download, fill, record, wait };

struct Command {
  Action action;
  std::int32_t stream;
  const Kernel *kernel;           // of a launch
  std::array<std::int64_t, 3> n;  // launch: the grid; copies: target, source, bytes; fill: target, byte, bytes; else the event
  std::size_t first, count;       // words of a launch
};

class Commands {
 public:
  Commands() = default;
  Commands(const Commands &) = delete;
  Commands &operator=(const Commands &) = delete;

  std::int32_t stream = 0;            // where the next commands go
  std::shared_ptr<const void> owner;  // of the kernels that it launches
  std::atomic<int> readers = 0;       // threads that submit it, without the GIL: it must not change then

  // `words` has one for each argument of the kernel.
  void launch(const Kernel *kernel, std::array<std::int64_t, 3> grid, const std::int64_t *words, std::size_t count);
  void copy(Action action, Address target, Address source, std::int64_t bytes);
  void fill(Address target, std::uint8_t byte, std::int64_t bytes);
  void event(Action action, std::int64_t number);

  const std::vector<Command> &all() const { return commands_; }
  const std::int64_t *words(const Command &command) const { return words_.data() + command.first; }
  bool empty() const { return commands_.empty(); }
  void clear();

 private:
  std::vector<Command> commands_;
  std::vector<std::int64_t> words_;
};

}  // namespace mograph
