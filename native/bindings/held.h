// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef MOGRAPH_BINDINGS_HELD_H
#define MOGRAPH_BINDINGS_HELD_H
#include <memory>
#include <nanobind/nanobind.h>

/// A Python object that C++ keeps, and may drop in any thread, without the interpreter's lock or after the interpreter's end.
using Held = std::shared_ptr<nanobind::object>;

inline Held hold(nanobind::object object) {
  return Held(new nanobind::object(std::move(object)), [](nanobind::object *held) {
    if (!Py_IsInitialized()) return; // too late to free anything of Python's
    nanobind::gil_scoped_acquire gil;
    delete held;
  });
}
#endif
