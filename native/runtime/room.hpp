// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An array of a size that is known when it is made, on the stack where it is small.
#pragma once

#include <cstddef>
#include <memory>

namespace mograph {

template <class T, std::size_t kSmall>
class Room {
 public:
  explicit Room(std::size_t size) : size_(size) {
    if (size > kSmall) large_ = std::make_unique<T[]>(size);
  }
  Room(const Room &) = delete;
  Room &operator=(const Room &) = delete;

  T *data() { return large_ ? large_.get() : small_; }
  const T *data() const { return large_ ? large_.get() : small_; }
  T &operator[](std::size_t i) { return data()[i]; }
  const T &operator[](std::size_t i) const { return data()[i]; }
  std::size_t size() const { return size_; }

 private:
  std::size_t size_;
  T small_[kSmall];
  std::unique_ptr<T[]> large_;
};

}  // namespace mograph
