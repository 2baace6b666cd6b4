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
    double magnitudes; /* sum of these, from look_well alone */
    float min, max;
};

/* Numbers rounded to whole ones, half to even: f is what that leaves of x scale. */
struct ladder_rounding {
    int64_t codes;  /* their sum */
    double squares; /* of f */
    float most;     /* largest f^2 */
    float nearest;  /* the same, of elements between the outermost levels: the nearest to a tie */
    uint64_t clipped;
};

/* Levels with ends: codes lowest .. highest, and the numbers beyond which elements are clipped. */
struct ladder_range {
    float scale, lowest, highest;
    float below, above;
};

/* Where elements lie in pictures: on levels of codes lowest .. highest, step = clip / half, and in
 * two rows of bins, error_bins of e/step about 0 and weight_bins of w weight_scale + weight_low. */
struct ladder_picture {
    double half, clip, lowest, highest;
    double error_scale, error_bins;
    double weight_scale, weight_low, weight_bins;
};

/* Of each element: its level, from 0 on, and its bins, from 1 on: 0 and bins + 1 lie outside. */
struct ladder_places {
    int32_t level[LADDER_SLICE], error[LADDER_SLICE], weight[LADDER_SLICE];
};

struct ladder_kernels {
    const char *name;
    /* n little-endian numbers from any byte to x. */
    void (*decode_bf16)(const unsigned char *bytes, size_t n, float x[]);
    void (*decode_half)(const unsigned char *bytes, size_t n, float x[]);
    void (*decode_single)(const unsigned char *bytes, size_t n, float x[]);
    /* n >= 1 elements. */
    void (*look)(const float x[], size_t n, struct ladder_look *look);
    void (*look_well)(const float x[], size_t n, struct ladder_look *look);
    /* n up to 2^20 with zeros up to the next multiple of LADDER_LANES, |x scale| below 2^10. */
    struct ladder_rounding (*round)(const float x[], size_t n, float scale);
    /* The same on levels with ends; |x scale| may be anything. */
    struct ladder_rounding (*round_within)(const float x[], size_t n,
                                           const struct ladder_range *range);
    /* n up to LADDER_SLICE with zeros as above, in double, the quotient by a true division. */
    void (*place)(const float x[], size_t n, const struct ladder_picture *picture,
                  struct ladder_places *places);
    /* The range of n >= 1 elements. */
    void (*extent)(const float x[], size_t n, float *min, float *max);
    /* How many more elements are `value` than -value; n up to 2^31. */
    int64_t (*count)(const float x[], size_t n, float value);
};

/* The best of this machine, and all that it can run, the best first, up to NULL. */
const struct ladder_kernels *ladder_kernels_best(void);
#define LADDER_KERNELS_MOST 4
void ladder_kernels_all(const struct ladder_kernels *kernels[LADDER_KERNELS_MOST]);

#endif
