// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The extension module `mograph._runtime`: what compiled programs need at run time. It links nothing of MLIR.
#include <nanobind/nanobind.h>

#include "arrays.hpp"
#include "call.hpp"
#include "devices.hpp"
#include "function.hpp"
#include "library.hpp"
#include "memory.hpp"
#include "plan.hpp"
#include "pool.hpp"
#include "program.hpp"

namespace nb = nanobind;
using namespace nb::literals;

NB_MODULE(_runtime, module) {
  module.doc() = "Thread pool, memory and callable functions of compiled programs, and what devices are made of.";
  nb::set_leak_warnings(false);  // devices and what lies on them live until the process ends
  mograph::define_block_owner();
  mograph::define_function(module);
  mograph::define_devices(module);
  module.def(
      "make_function",
      [](nb::str name, std::uintptr_t address, nb::sequence inputs, nb::sequence weights, nb::sequence outputs,
         nb::sequence expressions, nb::sequence names, nb::object checker, nb::object code) {
        return mograph::make_function({name, address, inputs, weights, outputs, expressions, names, checker, code});
      },
      "name"_a, "address"_a, "inputs"_a, "weights"_a, "outputs"_a, "expressions"_a, "names"_a, "checker"_a, "code"_a,
      "Makes a Function.");
  module.def(
      "symbols",
      [] {
        nb::dict addresses;
        for (auto [name, address] : mograph::runtime_symbols())
          addresses[name] = reinterpret_cast<std::uintptr_t>(address);
        for (auto [name, address] : mograph::library_functions())
          addresses[name] = reinterpret_cast<std::uintptr_t>(address);
        for (auto [name, address] : mograph::device_symbols())
          addresses[name] = reinterpret_cast<std::uintptr_t>(address);
        return addresses;
      },
      "Addresses of the functions that compiled code calls, by name.");
  module.def("thread_count", &mograph::thread_count, "Threads that share a parallel loop.");
  module.def(
      "set_thread_count",
      [](int count) {
        if (count < 1 || count > mograph::kMostThreads) throw nb::value_error("the number of threads is from 1 to 1024");
        mograph::set_thread_count(count);
      },
      "count"_a, nb::call_guard<nb::gil_scoped_release>(), "Sets the number of threads that share a parallel loop.");
  module.def(
      "parallel_costs",
      [] {
        auto costs = mograph::parallel_costs();
        return nb::make_tuple(costs.share, costs.chunk, costs.chunks_per_thread, costs.spin);
      },
      "When a loop is shared, in what pieces, and how long threads look out for the next: picoseconds but the third.");
  module.def(
      "set_parallel_costs",
      [](std::int64_t share, std::int64_t chunk, std::int64_t chunks_per_thread, std::int64_t spin) {
        if (share < 0 || chunk < 1 || chunks_per_thread < 1 || spin < 0)
          throw nb::value_error("expected share >= 0, chunk >= 1, chunks_per_thread >= 1 and spin >= 0");
        mograph::set_parallel_costs({share, chunk, chunks_per_thread, spin});
      },
      "share"_a, "chunk"_a, "chunks_per_thread"_a, "spin"_a, "Sets what parallel_costs tells.");
  module.def("live_bytes", &mograph::live_bytes, "Bytes of memory that compiled code and its results hold.");
  module.def(
      "plan_arena",
      [](nb::list lifetimes, nb::list sizes) {
        std::vector<mograph::Lifetime> times;
        std::vector<std::int64_t> bytes;
        for (nb::handle each : lifetimes)
          times.push_back({nb::cast<std::int64_t>(each[0]), nb::cast<std::int64_t>(each[1])});
        for (nb::handle each : sizes) bytes.push_back(nb::cast<std::int64_t>(each));
        if (times.size() != bytes.size()) throw nb::value_error("plan_arena: expected as many sizes as lifetimes");
        auto plan = mograph::plan_arena(times, bytes);
        nb::list offsets;
        for (auto offset : plan.offsets) offsets.append(offset);
        return nb::make_tuple(offsets, plan.bytes, plan.bound);
      },
      "lifetimes"_a, "sizes"_a,
      "Offsets of buffers in one arena, the arena's bytes, and the most bytes that are alive at one moment. Lifetimes are "
      "pairs of the first and the last moment.");
  module.def("trim_memory", &mograph::trim_memory, "Returns memory that is kept for reuse to the system.");
}
