/* SPDX-License-Identifier: MIT
 *
 * The inner loops of the ladder, in single precision and for the widest vectors that the processor
 * has.  Sums are formed by a fixed number of lanes, so they are the same on all processors.
 */
#ifndef ENGINE_LADDER_KERNELS_H
#define ENGINE_LADDER_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/* Elements are taken so many at a time: a row needs room up to the next multiple, of zeros. */
#define LADDER_LANES 16

/* Elements of a sum in single precision: 64 to a lane, which keeps the relative error of a sum of
 * squares near 1e-8. */
#define LADDER_SLICE 1024

/* Sums of powers of the elements themselves, in double, and the range. */
struct ladder_look {
    double power[4];
    float min, max;
};

/* Numbers rounded to whole ones, half to even: f is what that leaves of x scale. */
struct ladder_rounding {
    int64_t codes;  /* their sum */
    double squares; /* of f */
    float most;     /* largest f^2 */
};

struct ladder_kernels {
    const char *name;
    /* n little-endian numbers from any byte to x. */
    void (*decode_bf16)(const unsigned char *bytes, size_t n, float x[]);
    void (*decode_half)(const unsigned char *bytes, size_t n, float x[]);
    void (*decode_single)(const unsigned char *bytes, size_t n, float x[]);
    /* n >= 1 elements. */
    void (*look)(const float x[], size_t n, struct ladder_look *look);
    /* n up to 2^20 with zeros up to the next multiple of LADDER_LANES, |x scale| below 2^10. */
    struct ladder_rounding (*round)(const float x[], size_t n, float scale);
    /* How many more elements are `value` than -value; n up to 2^31. */
    int64_t (*count)(const float x[], size_t n, float value);
};

/* The best of this machine, and all that it can run, the best first, up to NULL. */
const struct ladder_kernels *ladder_kernels_best(void);
#define LADDER_KERNELS_MOST 4
void ladder_kernels_all(const struct ladder_kernels *kernels[LADDER_KERNELS_MOST]);

#endif
