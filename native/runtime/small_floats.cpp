// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "small_floats.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

namespace mograph {
namespace {

// The bits of the nearest float with `mantissa` bits and the given bias and bits of infinity; ties go to even.
std::uint32_t narrow(double value, int mantissa, int bias, std::uint32_t infinity) {
  std::uint32_t sign = std::signbit(value) ? 0x8000 : 0;
  double magnitude = std::fabs(value);
  if (std::isnan(value)) return sign | infinity | 1u << (mantissa - 1);
  if (magnitude == 0) return sign;
  int exponent = std::max(std::ilogb(magnitude), 1 - bias);
  // In units of the last place; std::nearbyint rounds to even.
  auto units = std::nearbyint(std::ldexp(magnitude, mantissa - exponent));
  auto biased = static_cast<double>(exponent + bias - 1) * (1 << mantissa);
  auto bits = units + biased;  // a carry out of the mantissa raises the exponent, as it should
  return sign | (bits >= infinity ? infinity : static_cast<std::uint32_t>(bits));
}

}  // namespace

float double_to_bf16(double value) { return std::bit_cast<float>(narrow(value, 7, 127, 0x7f80)); }
float float_to_bf16(float value) { return double_to_bf16(value); }
float double_to_f16(double value) { return std::bit_cast<float>(narrow(value, 10, 15, 0x7c00)); }
float float_to_f16(float value) { return double_to_f16(value); }

float f16_to_float(float bits) {
  auto half = std::bit_cast<std::uint32_t>(bits) & 0xffff;
  int exponent = half >> 10 & 0x1f;
  auto mantissa = static_cast<float>(half & 0x3ff);
  float magnitude = exponent == 0    ? std::ldexp(mantissa, -24)
                    : exponent == 31 ? (mantissa == 0 ? INFINITY : NAN)
                                     : std::ldexp(1024 + mantissa, exponent - 25);
  return half & 0x8000 ? -magnitude : magnitude;
}

}  // namespace mograph
