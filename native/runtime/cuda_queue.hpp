// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The queue of a device of CUDA, over the functions of its driver.
#pragma once

#include <vector>

#include "driver_queue.hpp"

namespace mograph {

class CudaQueue : public DriverQueue {
 public:
  // `streams` are the driver's, of which the first is stream 0; graphs are captured on `capturing`, which nothing else
  // uses. A queue that is `synchronous` waits for each command, so that the one that fails is known.
  CudaQueue(nanobind::object device, const Functions &functions, std::uintptr_t context,
            const std::vector<std::uintptr_t> &streams, std::uintptr_t capturing, std::size_t keep,
            bool synchronous);
  ~CudaQueue() override;

  Went wait() override;

  // The driver's executable graph of commands, and what runs and destroys one. The commands must live as long.
  Went capture(const std::shared_ptr<Commands> &commands, std::uintptr_t &graph);
  Went launch(std::uintptr_t graph);
  Went destroy(std::uintptr_t graph);

 protected:
  Status begin() override;
  Status enqueue(const Commands &commands, const Command &command) override;

 private:
  using Stream = void *;
  using Device = std::uintptr_t;  // an address of the device

  Status put(const Commands &commands, const Command &command, Stream stream);
  Status event(const Command &command, Stream stream);
  Status instantiate(const Commands &commands, std::size_t &index, std::uintptr_t &graph);
  Stream stream(const Command &command) const;

  bool synchronous_;
  void *context_;
  std::vector<Stream> streams_;
  Stream capturing_;
  Stream first_;               // what stands for stream 0
  std::vector<void *> events_;  // by number, null where it was never recorded

  int (*set_context_)(void *);
  int (*launch_)(void *, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, Stream, void **, void **);
  int (*copy_)(Device, Device, std::size_t, Stream);
  int (*upload_)(Device, const void *, std::size_t, Stream);
  int (*download_)(void *, Device, std::size_t, Stream);
  int (*fill_)(Device, unsigned char, std::size_t, Stream);
  int (*create_event_)(void **, unsigned);
  int (*destroy_event_)(void *);
  int (*record_)(void *, Stream);
  int (*wait_event_)(Stream, void *, unsigned);
  int (*synchronize_)(Stream);
  int (*begin_capture_)(Stream, int);
  int (*end_capture_)(Stream, void **);
  int (*instantiate_)(void **, void *, unsigned long long);
  int (*destroy_graph_)(void *);
  int (*launch_graph_)(void *, Stream);
  int (*destroy_executable_)(void *);
};

}  // namespace mograph
