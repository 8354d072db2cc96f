// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Python arrays on both sides of a call.
#pragma once

#include <nanobind/nanobind.h>

#include <cstdint>

namespace mograph {

// How the elements of an array are read. `kind` is the type code of the buffer protocol's family: 'f' float, 'i'
// signed, 'u' unsigned, 'b' bool, 'V' bytes that only compiled code interprets (bfloat16 and the 8-bit floats, which
// the buffer protocol has no code for).
struct ElementType {
  char kind;
  std::int64_t itemsize;
};

// Takes a view of `array` when compiled code can read it in place: of this element type and rank, native byte order,
// C-contiguous, aligned, and writable where it is to be written. False, with no Python error set, when it cannot.
bool view_in_place(PyObject *array, ElementType type, int rank, Py_buffer &view, bool writable = false);

// Makes the Python type that owns a block of memory and exports it by the buffer protocol; called once. Throws
// nanobind::python_error.
void define_block_owner();

// A new array over the block that `block` names, which it releases when it dies. Throws nanobind::python_error.
nanobind::object adopt_block(void *block, std::int64_t bytes, nanobind::handle dtype, int rank,
                             const std::int64_t *sizes);

}  // namespace mograph
