// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "opencl_queue.hpp"

namespace mograph {

OpenClQueue::OpenClQueue(nanobind::object device, const Functions &functions, std::uintptr_t queue, std::size_t keep)
    : DriverQueue(std::move(device), keep), queue_(reinterpret_cast<void *>(queue)) {
  bind(functions, "clSetKernelArg", set_argument_);
  bind(functions, "clSetKernelArgSVMPointer", set_address_);
  bind(functions, "clEnqueueNDRangeKernel", launch_);
  bind(functions, "clEnqueueSVMMemcpy", copy_);
  bind(functions, "clEnqueueSVMMemFill", fill_);
  bind(functions, "clFlush", flush_);
}

bool OpenClQueue::takes(const Commands &commands) const {
  for (const auto &command : commands.all())
    if (command.stream || command.action == Action::record || command.action == Action::wait) return false;
  return true;
}

Status OpenClQueue::enqueue(const Commands &commands, const Command &command) {
  if (command.action == Action::launch) return launch(commands, command);
  auto *target = reinterpret_cast<void *>(command.n[0]);
  auto bytes = static_cast<Size>(command.n[2]);
  if (command.action == Action::fill) {
    auto byte = static_cast<std::uint8_t>(command.n[1]);
    return {fill_(queue_, target, &byte, 1, bytes, 0, nullptr, nullptr), "clEnqueueSVMMemFill"};
  }
  auto *source = reinterpret_cast<const void *>(command.n[1]);
  std::uint32_t blocking = command.action == Action::upload;
  return {copy_(queue_, blocking, target, source, bytes, 0, nullptr, nullptr), "clEnqueueSVMMemcpy"};
}

Status OpenClQueue::launch(const Commands &commands, const Command &command) {
  const auto &kernel = *command.kernel;
  auto *handle = reinterpret_cast<void *>(kernel.handle);
  const auto *words = commands.words(command);
  if (kernel.arguments.size() != command.count) return {-52, "clSetKernelArg"};  // CL_INVALID_KERNEL_ARGS
  for (std::uint32_t i = 0; i < command.count; ++i) {
    bool address = kernel.arguments[i] == 'p';
    auto status = address ? set_address_(handle, i, reinterpret_cast<const void *>(words[i]))
                          : set_argument_(handle, i, static_cast<Size>(kernel.arguments[i] - '0'), &words[i]);
    if (status) return {status, address ? "clSetKernelArgSVMPointer" : "clSetKernelArg"};
  }
  Size items[3], block[3];
  for (int axis = 0; axis < 3; ++axis) {
    block[axis] = static_cast<Size>(kernel.block[axis]);
    items[axis] = static_cast<Size>(command.n[axis]) * block[axis];
  }
  return {launch_(queue_, handle, 3, nullptr, items, block, 0, nullptr, nullptr), "clEnqueueNDRangeKernel"};
}

Status OpenClQueue::end() { return {flush_(queue_), "clFlush"}; }

}  // namespace mograph
