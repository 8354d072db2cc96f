// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the machine can do at most, by two threads: multiply-adds of f32, in registers and beside loads, and reading, writing
// and copying memory. Prints "NAME VALUE" lines, in operations or bytes per second: of each the median of several trials. Arguments
// name those that are wanted; without any, all are.
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum { THREADS = 2, TRIALS = 5, CHAINS = 14, LANES = 16 };
typedef float vector __attribute__((vector_size(LANES * sizeof(float))));

static const size_t BYTES = (size_t)32 << 20; // each array, per thread: as the rows' arrays, more than a private cache holds

typedef struct {
  int kind;
  char *from, *also, *to;
  double operations;
  float kept;
} work;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

static void multiply_add(work *w) {
  const long trips = 4000000;
  vector sums[CHAINS], factor, term;
  for (int lane = 0; lane < LANES; ++lane)
    factor[lane] = 0.999f, term[lane] = 0.001f;
  for (int chain = 0; chain < CHAINS; ++chain)
    sums[chain] = term * (float)chain;
  for (long trip = 0; trip < trips; ++trip)
#pragma GCC unroll 14
    for (int chain = 0; chain < CHAINS; ++chain)
      sums[chain] = sums[chain] * factor + term;
  for (int chain = 0; chain < CHAINS; ++chain)
    w->kept += sums[chain][0];
  w->operations = 2.0 * LANES * CHAINS * trips;
}

// The same beside loads from the first cache, of which a product of matrices needs about as many as here: tiles of 6 rows
// and 4 vectors. Processors lower their clock by what runs at once, so that this is less than registers alone give.
static void multiply_add_loaded(work *w) {
  enum { ROWS = 6, VECTORS = 4, STEPS = 128 };
  const long trips = 12000;
  const float *a = (const float *)w->from;
  const vector *b = (const vector *)w->also;
  vector sums[ROWS][VECTORS] = {{{0}}};
  for (long trip = 0; trip < trips; ++trip)
    for (int step = 0; step < STEPS; ++step)
#pragma GCC unroll 6
      for (int row = 0; row < ROWS; ++row)
#pragma GCC unroll 4
        for (int column = 0; column < VECTORS; ++column)
          sums[row][column] += a[step * ROWS + row] * b[step * VECTORS + column];
  for (int row = 0; row < ROWS; ++row)
    for (int column = 0; column < VECTORS; ++column)
      w->kept += sums[row][column][0];
  w->operations = 2.0 * LANES * ROWS * VECTORS * STEPS * trips;
}

// In several places at once, each asked for ahead, as the hardware alone does not go on from page to page.
static void read_memory(work *w) {
  enum { PLACES = 4, AHEAD = 1 << 10 };
  const size_t part = BYTES / PLACES;
  vector sums[8] = {{0}};
  for (size_t at = 0; at < part; at += 2 * sizeof(vector))
#pragma GCC unroll 4
    for (int place = 0; place < PLACES; ++place) {
      const char *from = w->from + place * part + at;
      __builtin_prefetch(from + AHEAD);
      __builtin_prefetch(from + AHEAD + sizeof(vector));
      sums[2 * place] += *(const vector *)from;
      sums[2 * place + 1] += *(const vector *)(from + sizeof(vector));
    }
  for (int k = 0; k < 8; ++k)
    w->kept += sums[k][0];
  w->operations = BYTES;
}

// A store past the caches, where the instruction set has one: without it, a line is read before it is written.
static void store(vector *to, vector value) {
#if defined(__AVX512F__)
  _mm512_stream_ps((float *)to, (__m512)value);
#elif defined(__AVX__)
  for (int part = 0; part < 2; ++part)
    _mm256_stream_ps((float *)to + 8 * part, ((__m256 *)&value)[part]);
#else
  *to = value;
#endif
}

static void fence(void) {
#if defined(__x86_64__)
  _mm_sfence();
#endif
}

static void write_memory(work *w) {
  vector *to = (vector *)w->to, value = {1};
  for (size_t i = 0; i < BYTES / sizeof(vector); ++i)
    store(to + i, value);
  fence();
  w->operations = BYTES;
}

static void copy_memory(work *w) {
  const vector *from = (const vector *)w->from;
  vector *to = (vector *)w->to;
  for (size_t i = 0; i < BYTES / sizeof(vector); ++i)
    store(to + i, from[i]);
  fence();
  w->operations = 2.0 * BYTES;
}

static void add_memory(work *w) {
  const vector *from = (const vector *)w->from, *also = (const vector *)w->also;
  vector *to = (vector *)w->to;
  for (size_t i = 0; i < BYTES / sizeof(vector); ++i)
    store(to + i, from[i] + also[i]);
  fence();
  w->operations = 3.0 * BYTES;
}

static void (*const KINDS[])(work *) = {multiply_add, multiply_add_loaded, read_memory, write_memory, copy_memory, add_memory};
static const char *const NAMES[] = {"fma", "fma_loads", "read", "write", "copy", "add"};

static void *run(void *argument) {
  work *w = argument;
  KINDS[w->kind](w);
  return NULL;
}

static int compare(const void *one, const void *other) {
  double a = *(const double *)one, b = *(const double *)other;
  return (a > b) - (a < b);
}

static int wanted(int kind, int count, char **names) {
  for (int i = 1; i < count; ++i)
    if (strcmp(names[i], NAMES[kind]) == 0)
      return 1;
  return count < 2;
}

int main(int count, char **names) {
  work works[THREADS];
  memset(works, 0, sizeof works);
  const int registers_alone = count == 2 && wanted(0, count, names);
  for (int t = 0; t < THREADS && !registers_alone; ++t) {
    char **arrays[] = {&works[t].from, &works[t].also, &works[t].to};
    for (int k = 0; k < 3; ++k) {
      *arrays[k] = aligned_alloc(2 << 20, BYTES);
      if (*arrays[k] == NULL)
        return fprintf(stderr, "no memory for %zu bytes\n", BYTES), 1;
#ifdef MADV_HUGEPAGE
      madvise(*arrays[k], BYTES, MADV_HUGEPAGE);
#endif
      memset(*arrays[k], 0, BYTES);
    }
  }
  float kept = 0;
  for (int kind = 0; kind < (int)(sizeof KINDS / sizeof *KINDS); ++kind) {
    if (!wanted(kind, count, names))
      continue;
    double rates[TRIALS];
    for (int trial = 0; trial < TRIALS; ++trial) {
      pthread_t threads[THREADS];
      double start = now(), operations = 0;
      for (int t = 0; t < THREADS; ++t) {
        works[t].kind = kind;
        if (pthread_create(&threads[t], NULL, run, &works[t]) != 0)
          return fprintf(stderr, "no thread\n"), 1;
      }
      for (int t = 0; t < THREADS; ++t) {
        pthread_join(threads[t], NULL);
        operations += works[t].operations;
        kept += works[t].kept;
      }
      rates[trial] = operations / (now() - start);
    }
    qsort(rates, TRIALS, sizeof *rates, compare);
    printf("%s %.6g\n", NAMES[kind], rates[TRIALS / 2]);
  }
  return kept == 42.0f ? 2 : 0; // what was computed must be needed
}
