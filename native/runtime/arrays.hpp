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

// An array whose memory compiled code reads, or writes, where it is. It is kept until the view is gone.
class ArrayView {
 public:
  ArrayView() = default;
  ArrayView(const ArrayView &) = delete;
  ArrayView &operator=(const ArrayView &) = delete;
  ~ArrayView();

  // Views `array` when compiled code can use it as it is: of this element type and rank, native byte order,
  // C-contiguous, aligned, and writable where it is to be written. False, with no Python error set, when it cannot.
  bool take(PyObject *array, ElementType type, int rank, bool writable = false);

  void *data() const { return data_; }
  std::int64_t bytes() const { return bytes_; }
  int rank() const { return rank_; }
  std::int64_t extent(int axis) const { return shape_[axis]; }

 private:
  bool take_numpy(PyObject *array, ElementType type, int rank, bool writable);
  bool take_buffer(PyObject *array, ElementType type, int rank, bool writable);

  void *data_ = nullptr;
  const Py_ssize_t *shape_ = nullptr;
  std::int64_t bytes_ = 0;
  int rank_ = 0;
  PyObject *array_ = nullptr;  // of numpy, where it is one
  Py_buffer buffer_;           // the view of any other
  bool is_buffer_ = false;
};

// Has to be called before any array is viewed or made; imports numpy. Throws nanobind::python_error.
void need_numpy();

// Makes the Python type that owns a block of memory; called once. Throws nanobind::python_error.
void define_block_owner();

// A new array over the block `block`, which it releases when it dies. Throws nanobind::python_error.
nanobind::object adopt_block(void *block, nanobind::handle dtype, int rank, const std::int64_t *sizes);

}  // namespace mograph
