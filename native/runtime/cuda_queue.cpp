// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "cuda_queue.hpp"

#include "room.hpp"

namespace mograph {
namespace {

constexpr int kInvalidValue = 1;             // CUDA_ERROR_INVALID_VALUE
constexpr unsigned kDisableTiming = 2;       // CU_EVENT_DISABLE_TIMING
constexpr int kThreadLocal = 1;              // CU_STREAM_CAPTURE_MODE_THREAD_LOCAL
constexpr unsigned long long kAutoFree = 1;  // CUDA_GRAPH_INSTANTIATE_FLAG_AUTO_FREE_ON_LAUNCH
constexpr std::int64_t kMostGrid = 0x7fffffff;

}  // namespace

CudaQueue::CudaQueue(nanobind::object device, const Functions &functions, std::uintptr_t context,
                     const std::vector<std::uintptr_t> &streams, std::uintptr_t capturing, std::size_t keep,
                     bool synchronous)
    : DriverQueue(std::move(device), keep),
      synchronous_(synchronous),
      context_(reinterpret_cast<void *>(context)),
      capturing_(reinterpret_cast<void *>(capturing)) {
  if (streams.empty()) throw nanobind::value_error("a queue needs a stream");
  for (auto stream : streams) streams_.push_back(reinterpret_cast<void *>(stream));
  first_ = streams_[0];
  bind(functions, "cuCtxSetCurrent", set_context_);
  bind(functions, "cuLaunchKernel", launch_);
  bind(functions, "cuMemcpyDtoDAsync_v2", copy_);
  bind(functions, "cuMemcpyHtoDAsync_v2", upload_);
  bind(functions, "cuMemcpyDtoHAsync_v2", download_);
  bind(functions, "cuMemsetD8Async", fill_);
  bind(functions, "cuEventCreate", create_event_);
  bind(functions, "cuEventDestroy_v2", destroy_event_);
  bind(functions, "cuEventRecord", record_);
  bind(functions, "cuStreamWaitEvent", wait_event_);
  bind(functions, "cuStreamSynchronize", synchronize_);
  bind(functions, "cuStreamBeginCapture_v2", begin_capture_);
  bind(functions, "cuStreamEndCapture", end_capture_);
  bind(functions, "cuGraphInstantiateWithFlags", instantiate_);
  bind(functions, "cuGraphDestroy", destroy_graph_);
  bind(functions, "cuGraphLaunch", launch_graph_);
  bind(functions, "cuGraphExecDestroy", destroy_executable_);
}

CudaQueue::~CudaQueue() {
  if (!nanobind::is_alive()) return;  // the process ends
  for (auto *event : events_)
    if (event) destroy_event_(event);
}

CudaQueue::Stream CudaQueue::stream(const Command &command) const {
  auto number = static_cast<std::size_t>(command.stream);
  return number == 0 ? first_ : number < streams_.size() ? streams_[number] : nullptr;
}

Status CudaQueue::begin() { return {set_context_(context_), "cuCtxSetCurrent"}; }

Status CudaQueue::enqueue(const Commands &commands, const Command &command) {
  auto *stream = this->stream(command);
  if (!stream) return {kInvalidValue, "a stream that there is not"};
  auto status = put(commands, command, stream);
  if (status.number || !synchronous_ || first_ == capturing_) return status;
  return {synchronize_(stream), status.function};
}

Status CudaQueue::put(const Commands &commands, const Command &command, Stream stream) {
  auto [a, b, c] = command.n;
  auto target = static_cast<Device>(a), source = static_cast<Device>(b);
  auto bytes = static_cast<std::size_t>(c);
  switch (command.action) {
    case Action::launch: {
      const auto &kernel = *command.kernel;
      for (auto extent : command.n)
        if (extent > kMostGrid) return {kInvalidValue, "cuLaunchKernel"};
      Room<void *, 32> arguments(command.count);
      for (std::size_t i = 0; i < command.count; ++i)
        arguments[i] = const_cast<std::int64_t *>(commands.words(command) + i);
      auto size = [](std::int64_t extent) { return static_cast<unsigned>(extent); };
      return {launch_(reinterpret_cast<void *>(kernel.handle), size(a), size(b), size(c), size(kernel.block[0]),
                      size(kernel.block[1]), size(kernel.block[2]), size(kernel.shared), stream, arguments.data(),
                      nullptr),
              "cuLaunchKernel"};
    }
    case Action::copy:
      return {copy_(target, source, bytes, stream), "cuMemcpyDtoDAsync"};
    case Action::upload:
      return {upload_(target, reinterpret_cast<const void *>(source), bytes, stream), "cuMemcpyHtoDAsync"};
    case Action::download:
      return {download_(reinterpret_cast<void *>(target), source, bytes, stream), "cuMemcpyDtoHAsync"};
    case Action::fill:
      return {fill_(target, static_cast<unsigned char>(b), bytes, stream), "cuMemsetD8Async"};
    default:
      return event(command, stream);
  }
}

Status CudaQueue::event(const Command &command, Stream stream) {
  auto number = static_cast<std::size_t>(command.n[0]);
  bool known = number < events_.size() && events_[number];
  if (command.action == Action::wait) {
    if (!known) return {kInvalidValue, "an event that was never recorded"};
    return {wait_event_(stream, events_[number], 0), "cuStreamWaitEvent"};
  }
  if (number >= 1024) return {kInvalidValue, "an event of a number that is not below 1024"};
  if (!known) {
    if (number >= events_.size()) events_.resize(number + 1);
    if (auto status = create_event_(&events_[number], kDisableTiming)) return {status, "cuEventCreate"};
  }
  return {record_(events_[number], stream), "cuEventRecord"};
}

Went CudaQueue::wait() {
  Status status = begin();
  for (auto *stream : streams_)
    if (!status.number) status = {synchronize_(stream), "cuStreamSynchronize"};
  return status.number ? refused(status.number, status.function) : Went::well;
}

Went CudaQueue::capture(const std::shared_ptr<Commands> &commands, std::uintptr_t &graph) {
  Status status;
  auto index = commands->all().size();
  {
    std::lock_guard lock(mutex_);
    status = begin();
    if (!status.number) {
      first_ = capturing_;
      status = instantiate(*commands, index, graph);
      first_ = streams_[0];
    }
  }
  if (!status.number) return Went::well;
  bool one = index < commands->all().size();
  return refused(status.number, status.function, one ? commands.get() : nullptr, index);
}

Status CudaQueue::instantiate(const Commands &commands, std::size_t &index, std::uintptr_t &graph) {
  if (auto status = begin_capture_(capturing_, kThreadLocal)) return {status, "cuStreamBeginCapture"};
  Status status;
  std::size_t failed = index;
  for (std::size_t i = 0; !status.number && i < commands.all().size(); ++i) {
    status = enqueue(commands, commands.all()[i]);
    if (status.number) failed = i;
  }
  void *captured = nullptr, *executable = nullptr;
  auto ended = end_capture_(capturing_, &captured);  // in any case, or the stream stays as it is
  index = failed;
  if (!status.number) status = {ended, "cuStreamEndCapture"};
  if (!status.number) status = {instantiate_(&executable, captured, kAutoFree), "cuGraphInstantiateWithFlags"};
  if (captured) destroy_graph_(captured);
  graph = reinterpret_cast<std::uintptr_t>(executable);
  return status;
}

Went CudaQueue::launch(std::uintptr_t graph) {
  Status status;
  {
    std::lock_guard lock(mutex_);
    status = begin();
    if (!status.number) status = {launch_graph_(reinterpret_cast<void *>(graph), streams_[0]), "cuGraphLaunch"};
  }
  return status.number ? refused(status.number, status.function) : Went::well;
}

Went CudaQueue::destroy(std::uintptr_t graph) {
  Status status{destroy_executable_(reinterpret_cast<void *>(graph)), "cuGraphExecDestroy"};
  return status.number ? refused(status.number, status.function) : Went::well;
}

}  // namespace mograph
