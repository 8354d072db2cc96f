// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The Python types over which devices are written and programs run.
#include "devices.hpp"

#include <nanobind/ndarray.h>
#include <nanobind/stl/array.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "commands.hpp"
#include "cuda_queue.hpp"
#include "opencl_queue.hpp"
#include "program.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace mograph {
namespace {

constexpr std::size_t kKeep = std::size_t{1} << 30;  // bytes

using Grid = std::array<std::int64_t, 3>;

// The list, which is about to change.
Commands &changing(Commands &commands) {
  if (commands.readers) throw nb::value_error("a list of commands cannot change while it is submitted");
  return commands;
}

// While a thread reads a list without the GIL.
struct Reading {
  explicit Reading(Commands &commands) : commands(commands) { ++commands.readers; }
  ~Reading() { --commands.readers; }
  Commands &commands;
};

void launch(Commands &commands, const Kernel &kernel, Grid grid, const std::vector<std::int64_t> &words) {
  if (kernel.arguments != "?" && kernel.arguments.size() != words.size())
    throw nb::value_error(("kernel " + kernel.name + " takes " + std::to_string(kernel.arguments.size()) +
                           " words, found " + std::to_string(words.size()))
                              .c_str());
  for (auto extent : grid)
    if (extent < 0)
      throw nb::value_error(("kernel " + kernel.name + ": a grid of " + std::to_string(extent) + " blocks").c_str());
  changing(commands).launch(&kernel, grid, words.data(), words.size());
}

template <Action action>
void copy(Commands &commands, Address target, Address source, std::int64_t bytes) {
  if (bytes < 0) throw nb::value_error("a copy of a negative number of bytes");
  changing(commands).copy(action, target, source, bytes);
}

void fill(Commands &commands, Address target, std::uint8_t byte, std::int64_t bytes) {
  if (bytes < 0) throw nb::value_error("a fill of a negative number of bytes");
  changing(commands).fill(target, byte, bytes);
}

template <Action action>
void event(Commands &commands, std::int64_t number) {
  changing(commands).event(action, number);
}

nb::list records(const Commands &commands) {
  nb::list list;
  for (const auto &command : commands.all()) list.append(describe(commands, command));
  return list;
}

nb::list trace(const Commands &commands) {
  nb::list list;
  for (const auto &command : commands.all()) {
    nb::tuple whole = describe(commands, command);
    if (command.action == Action::launch)
      list.append(nb::make_tuple("launch", command.stream, command.kernel->name, whole[3],
                                 nb::tuple(nb::cast(command.kernel->block)), command.kernel->shared));
    else if (command.action == Action::record || command.action == Action::wait)
      list.append(whole);
    else
      list.append(nb::make_tuple(whole[0], command.stream, command.n[2]));
  }
  return list;
}

// Raises what a function of a queue went like.
void check(Went went, std::int64_t bytes = 0) {
  if (went == Went::error) throw nb::python_error();
  if (went == Went::well) return;
  PyErr_Format(PyExc_MemoryError, "out of memory, asked for %lld bytes of a device", static_cast<long long>(bytes));
  throw nb::python_error();
}

std::shared_ptr<Memory> allocate(std::shared_ptr<PythonQueue> queue, std::int64_t bytes) {
  DeviceBlock block;
  Went went;
  {
    nb::gil_scoped_release unlocked;
    went = queue->take(bytes, block);
  }
  check(went, bytes);
  return std::make_shared<Memory>(std::move(queue), block, bytes);
}

nb::tuple run(Program &program, const std::string &name, std::uintptr_t entry, const std::vector<std::int64_t> &words,
              const std::vector<std::pair<std::int64_t, std::int64_t>> &outputs, bool keep) {
  std::vector<DeviceOutput> wanted;
  for (auto [rank, itemsize] : outputs) wanted.push_back({rank, itemsize});
  Ran ran;
  {
    nb::gil_scoped_release unlocked;
    ran = program.run(reinterpret_cast<Entry>(entry), words, wanted, keep);
  }
  if (ran.outcome.failure == Failure::python) throw nb::python_error();
  if (ran.outcome.failure != Failure::none) {
    bool memory = ran.outcome.failure == Failure::memory;
    auto message = name + ": " + (memory ? "out of memory, asked for " : "") + ran.outcome.message;
    PyErr_SetString(memory ? PyExc_MemoryError : PyExc_ValueError, message.c_str());
    throw nb::python_error();
  }
  nb::list results, owned;
  for (auto &result : ran.results)
    results.append(nb::make_tuple(std::move(result.memory), nb::tuple(nb::cast(result.shape))));
  for (auto &memory : ran.owned) owned.append(std::move(memory));
  return nb::make_tuple(results, std::move(ran.commands), owned);
}

// Calls a function of a queue without the GIL; raises what it went like.
template <class Function>
void calling(const Function &function) {
  Went went;
  {
    nb::gil_scoped_release unlocked;
    went = function();
  }
  check(went);
}

// A capsule of DLPack over memory that `owner` keeps.
nb::object dlpack(Address address, const std::vector<std::size_t> &shape, std::uint8_t code, std::uint8_t bits, int device,
                  int number, nb::object owner) {
  nb::ndarray<> array(reinterpret_cast<void *>(address), shape.size(), shape.data(), owner, nullptr,
                      nb::dlpack::dtype{code, bits, 1}, device, number);
  return nb::cast(array);
}

// The collector of cycles sees that a queue holds its device.
int traverse(PyObject *self, visitproc visit, void *arg) {
  Py_VISIT(Py_TYPE(self));
  if (nb::inst_ready(self)) Py_VISIT(nb::inst_ptr<PythonQueue>(self)->device_.ptr());
  return 0;
}

int clear(PyObject *self) {
  nb::inst_ptr<PythonQueue>(self)->device_.reset();
  return 0;
}

PyType_Slot queue_slots[] = {
    {Py_tp_traverse, reinterpret_cast<void *>(&traverse)},
    {Py_tp_clear, reinterpret_cast<void *>(&clear)},
    {0, nullptr},
};

}  // namespace

void define_devices(nb::module_ &module) {
  module.def("dlpack", &dlpack, "address"_a, "shape"_a, "code"_a, "bits"_a, "device"_a, "number"_a, "owner"_a,
             "A capsule of DLPack over a contiguous array.");
  nb::class_<Kernel>(module, "Kernel", "A kernel that a device has loaded.")
      .def("__init__",
           [](Kernel *self, std::string name, std::uintptr_t handle, Grid block, std::int64_t shared,
              std::string arguments, std::string source,
              nb::handle) { new (self) Kernel{name, handle, block, shared, arguments, source}; },
           "name"_a, "handle"_a, "block"_a, "shared"_a = 0, "arguments"_a = "?", "source"_a = "",
           "owner"_a.none() = nb::none(), nb::keep_alive<1, 8>())
      .def_ro("name", &Kernel::name)
      .def_ro("handle", &Kernel::handle)
      .def_prop_ro("block", [](const Kernel &kernel) { return nb::tuple(nb::cast(kernel.block)); })
      .def_ro("shared", &Kernel::shared)
      .def_ro("arguments", &Kernel::arguments)
      .def_ro("source", &Kernel::source);
  nb::class_<Commands>(module, "Commands", "A list of what a device is to do, in order.")
      .def(nb::init<>())
      .def_rw("stream", &Commands::stream)
      .def("launch", &launch, "kernel"_a, "grid"_a, "words"_a, nb::keep_alive<1, 2>())
      .def("copy", &copy<Action::copy>, "target"_a, "source"_a, "bytes"_a)
      .def("upload", &copy<Action::upload>, "target"_a, "host"_a, "bytes"_a)
      .def("download", &copy<Action::download>, "host"_a, "source"_a, "bytes"_a)
      .def("fill", &fill, "target"_a, "byte"_a, "bytes"_a)
      .def("record", &event<Action::record>, "event"_a)
      .def("wait", &event<Action::wait>, "event"_a)
      .def("records", &records)
      .def("trace", &trace)
      .def("__len__", [](const Commands &commands) { return commands.all().size(); });
  nb::class_<PythonQueue>(module, "Queue", nb::type_slots(queue_slots), "What the commands of a device go through.")
      .def(nb::init<nb::object, std::size_t>(), "device"_a, "keep"_a = kKeep)
      .def(
          "submit",
          [](PythonQueue &queue, std::shared_ptr<Commands> commands) {
            Reading reading(*commands);
            calling([&] { return queue.submit(commands); });
          },
          "commands"_a)
      .def("wait", [](PythonQueue &queue) { calling([&] { return queue.wait(); }); })
      .def("allocate", &allocate, "bytes"_a)
      .def("trim", &Queue::trim, nb::call_guard<nb::gil_scoped_release>());
  nb::class_<OpenClQueue, PythonQueue>(module, "OpenClQueue", nb::type_slots(queue_slots),
                                       "A queue over a driver of OpenCL.")
      .def(nb::init<nb::object, const Functions &, std::uintptr_t, std::size_t>(), "device"_a, "functions"_a, "queue"_a,
           "keep"_a = kKeep);
  nb::class_<CudaQueue, PythonQueue>(module, "CudaQueue", nb::type_slots(queue_slots), "A queue over a driver of CUDA.")
      .def(nb::init<nb::object, const Functions &, std::uintptr_t, const std::vector<std::uintptr_t> &, std::uintptr_t,
                    std::size_t, bool>(),
           "device"_a, "functions"_a, "context"_a, "streams"_a, "capturing"_a, "keep"_a = kKeep, "synchronous"_a = false)
      .def(
          "capture",
          [](CudaQueue &queue, std::shared_ptr<Commands> commands) {
            std::uintptr_t graph = 0;
            Reading reading(*commands);
            calling([&] { return queue.capture(commands, graph); });
            return graph;
          },
          "commands"_a)
      .def(
          "launch", [](CudaQueue &queue, std::uintptr_t graph) { calling([&] { return queue.launch(graph); }); },
          "graph"_a)
      .def(
          "destroy", [](CudaQueue &queue, std::uintptr_t graph) { calling([&] { return queue.destroy(graph); }); },
          "graph"_a);
  nb::class_<Memory>(module, "Memory", "Memory of a device, which goes back to its queue with this object.")
      .def_prop_ro("address", &Memory::address)
      .def_prop_ro("bytes", &Memory::bytes);
  nb::class_<Program>(module, "Program", "Kernels and constants of a model on a device, and the runs of its host code.")
      .def("__init__",
           [](Program *self, std::shared_ptr<PythonQueue> queue, std::string device,
              Kernels kernels) {
             new (self) Program(std::move(queue), std::move(device), std::move(kernels));
           },
           "queue"_a, "device"_a, "kernels"_a)
      .def_prop_ro("address", [](Program &program) { return reinterpret_cast<std::uintptr_t>(&program); })
      .def_prop_ro("kernels", [](const Program &program) { return *program.kernels(); })
      .def("run", &run, "name"_a, "entry"_a, "words"_a, "outputs"_a, "keep"_a = false);
}

}  // namespace mograph
