// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The queue of a device of OpenCL whose memory has addresses (shared virtual memory).
#pragma once

#include <vector>

#include "driver_queue.hpp"

namespace mograph {

class OpenClQueue : public DriverQueue {
 public:
  // `queue` is the driver's of stream 0; commands of other streams, and events, are Python's.
  OpenClQueue(nanobind::object device, const Functions &functions, std::uintptr_t queue, std::size_t keep);

 protected:
  Status enqueue(const Commands &commands, const Command &command) override;
  Status end() override;
  bool takes(const Commands &commands) const override;

 private:
  Status launch(const Commands &commands, const Command &command);

  using Queue = void *;
  using Size = std::size_t;
  Queue queue_;
  std::int32_t (*set_argument_)(void *, std::uint32_t, Size, const void *);
  std::int32_t (*set_address_)(void *, std::uint32_t, const void *);
  std::int32_t (*launch_)(Queue, void *, std::uint32_t, const Size *, const Size *, const Size *, std::uint32_t,
                          const void *, void *);
  std::int32_t (*copy_)(Queue, std::uint32_t, void *, const void *, Size, std::uint32_t, const void *, void *);
  std::int32_t (*fill_)(Queue, void *, const void *, Size, Size, std::uint32_t, const void *, void *);
  std::int32_t (*flush_)(Queue);
};

}  // namespace mograph
