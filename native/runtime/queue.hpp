// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a device's commands go through, and where its memory comes from.
//
// Memory is taken and given back in the order of the commands: a block that was given back may be taken at once by what
// submits its commands later, since the device runs them in order. So blocks are kept for reuse, and a call costs no
// allocation of the driver's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>

#include "commands.hpp"

namespace mograph {

// How something went; with `error`, the Python error of this thread is set.
enum class Went { well, exhausted, error };

struct DeviceBlock {
  Address address = 0;
  std::size_t capacity = 0;  // bytes
};

class Queue {
 public:
  explicit Queue(std::size_t keep) : keep_(keep) {}
  Queue(const Queue &) = delete;
  Queue &operator=(const Queue &) = delete;
  virtual ~Queue() = default;

  // None of these is called with the GIL held. Enqueues the commands; Python may keep the list, which is not changed then.
  // Host memory that they upload has been read when it returns; what they download is there after `wait`.
  virtual Went submit(const std::shared_ptr<Commands> &commands) = 0;
  virtual Went wait() = 0;

  Went take(std::int64_t bytes, DeviceBlock &block);
  void give(DeviceBlock block);
  // Returns the memory that is kept for reuse to the driver.
  void trim();

 protected:
  // The driver's allocations. Commands that were submitted may still use what is released.
  virtual Went allocate(std::size_t bytes, Address &address) = 0;
  virtual void release(Address address) = 0;

 private:
  std::size_t keep_;  // bytes that are kept for reuse at most
  std::mutex mutex_;
  std::multimap<std::size_t, Address> kept_;  // by capacity
  std::size_t kept_bytes_ = 0;
};

// Memory of a device that goes back to its queue with the last who holds it.
class Memory {
 public:
  Memory(std::shared_ptr<Queue> queue, DeviceBlock block, std::int64_t bytes)
      : queue_(std::move(queue)), block_(block), bytes_(bytes) {}
  Memory(const Memory &) = delete;
  Memory &operator=(const Memory &) = delete;
  ~Memory() { queue_->give(block_); }

  Address address() const { return block_.address; }
  std::int64_t bytes() const { return bytes_; }

 private:
  std::shared_ptr<Queue> queue_;
  DeviceBlock block_;
  std::int64_t bytes_;
};

}  // namespace mograph
