// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "python_queue.hpp"

#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>

namespace nb = nanobind;

namespace mograph {
namespace {

// Runs `body` with the GIL; a Python error that it raises stays set.
template <class Body>
Went in_python(const Body &body) {
  nb::gil_scoped_acquire locked;
  try {
    body();
    return Went::well;
  } catch (nb::python_error &error) {
    error.restore();
  } catch (const nb::cast_error &) {
    PyErr_SetString(PyExc_TypeError, "a method of a device gave a value of the wrong type");
  }
  return Went::error;
}

}  // namespace

Went PythonQueue::submit(const std::shared_ptr<Commands> &commands) {
  return in_python([&] { device_.attr("submit")(commands); });
}

Went PythonQueue::wait() {
  return in_python([&] { device_.attr("wait")(); });
}

Went PythonQueue::allocate(std::size_t bytes, Address &address) {
  bool exhausted = false;
  auto went = in_python([&] {
    try {
      address = nb::cast<Address>(device_.attr("allocate")(bytes));
    } catch (nb::python_error &error) {
      exhausted = error.matches(PyExc_MemoryError);
      if (!exhausted) throw;
    }
  });
  return exhausted ? Went::exhausted : went;
}

void PythonQueue::release(Address address) {
  if (!nb::is_alive() || !device_.is_valid()) return;  // the process ends, or the device does, and its memory with it
  auto went = in_python([&] { device_.attr("release")(address); });
  if (went == Went::well) return;
  nb::gil_scoped_acquire locked;
  PyErr_WriteUnraisable(device_.ptr());
}

Went PythonQueue::refused(std::int64_t status, const char *function, const Commands *commands, std::size_t index) {
  return in_python([&] {
    nb::object command = commands ? nb::object(describe(*commands, commands->all()[index])) : nb::object(nb::none());
    device_.attr("refused")(status, function, command);
  });
}

nb::tuple describe(const Commands &commands, const Command &command) {
  auto [a, b, bytes] = command.n;
  switch (command.action) {
    case Action::launch: {
      nb::list words;
      for (std::size_t i = 0; i < command.count; ++i) words.append(commands.words(command)[i]);
      auto kernel = nb::cast(command.kernel, nb::rv_policy::reference);
      return nb::make_tuple("launch", command.stream, kernel, nb::make_tuple(a, b, bytes), nb::tuple(words));
    }
    case Action::copy:
      return nb::make_tuple("copy", command.stream, a, b, bytes);
    case Action::upload:
      return nb::make_tuple("upload", command.stream, a, b, bytes);
    case Action::download:
      return nb::make_tuple("download", command.stream, a, b, bytes);
    case Action::fill:
      return nb::make_tuple("fill", command.stream, a, b, bytes);
    case Action::record:
      return nb::make_tuple("record", command.stream, a);
    default:
      return nb::make_tuple("wait", command.stream, a);
  }
}

}  // namespace mograph
