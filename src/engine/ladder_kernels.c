/* SPDX-License-Identifier: MIT */
#include "engine/ladder_kernels.h"

#include <stdbool.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "model/loads.h"

/* Adding and taking this away rounds a single of less than 2^22 to the nearest integer, ties to
 * even; these are its bits. */
#define ROUNDER      0x1.8p23f
#define ROUNDER_BITS 0x4B400000u

/* The same for doubles of less than 2^51. */
#define DOUBLE_ROUNDER 0x1.8p52

#if defined(__x86_64__)

#define WIDE               16
#define TARGET             __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))
#define TITLE              "AVX-512"
#define LEAST(a, b)        ((singles_16)_mm512_min_ps((__m512)(a), (__m512)(b)))
#define MOST(a, b)         ((singles_16)_mm512_max_ps((__m512)(a), (__m512)(b)))
#define LEAST_DOUBLE(a, b) ((doubles_16)_mm512_min_pd((__m512d)(a), (__m512d)(b)))
#define MOST_DOUBLE(a, b)  ((doubles_16)_mm512_max_pd((__m512d)(a), (__m512d)(b)))
#include "engine/ladder_lanes.inc"

#define WIDE               8
#define TARGET             __attribute__((target("avx2")))
#define TITLE              "AVX2"
#define LEAST(a, b)        ((singles_8)_mm256_min_ps((__m256)(a), (__m256)(b)))
#define MOST(a, b)         ((singles_8)_mm256_max_ps((__m256)(a), (__m256)(b)))
#define LEAST_DOUBLE(a, b) ((doubles_8)_mm256_min_pd((__m256d)(a), (__m256d)(b)))
#define MOST_DOUBLE(a, b)  ((doubles_8)_mm256_max_pd((__m256d)(a), (__m256d)(b)))
#include "engine/ladder_lanes.inc"

#define WIDE 4
#define TARGET
#define TITLE              "SSE2"
#define LEAST(a, b)        ((singles_4)_mm_min_ps((__m128)(a), (__m128)(b)))
#define MOST(a, b)         ((singles_4)_mm_max_ps((__m128)(a), (__m128)(b)))
#define LEAST_DOUBLE(a, b) ((doubles_4)_mm_min_pd((__m128d)(a), (__m128d)(b)))
#define MOST_DOUBLE(a, b)  ((doubles_4)_mm_max_pd((__m128d)(a), (__m128d)(b)))
#include "engine/ladder_lanes.inc"

void ladder_kernels_all(const struct ladder_kernels *kernels[LADDER_KERNELS_MOST])
{
    size_t n = 0;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
        kernels[n++] = &kernels_16;
    if (__builtin_cpu_supports("avx2"))
        kernels[n++] = &kernels_8;
    kernels[n++] = &kernels_4;
    kernels[n] = NULL;
}

#else

/* a where the mask is set, else b. */
#define CHOOSE(type, mask_type, mask, a, b) \
    ((type)(((mask_type)(a) & (mask)) | ((mask_type)(b) & ~(mask))))

#define WIDE 4
#define TARGET
#define TITLE              "plain"
#define LEAST(a, b)        CHOOSE(singles_4, masks_4, (a) < (b), a, b)
#define MOST(a, b)         CHOOSE(singles_4, masks_4, (a) > (b), a, b)
#define LEAST_DOUBLE(a, b) CHOOSE(doubles_4, longs_4, (a) < (b), a, b)
#define MOST_DOUBLE(a, b)  CHOOSE(doubles_4, longs_4, (a) > (b), a, b)
#include "engine/ladder_lanes.inc"

void ladder_kernels_all(const struct ladder_kernels *kernels[LADDER_KERNELS_MOST])
{
    kernels[0] = &kernels_4;
    kernels[1] = NULL;
}

#endif

const struct ladder_kernels *ladder_kernels_best(void)
{
    const struct ladder_kernels *kernels[LADDER_KERNELS_MOST];
    ladder_kernels_all(kernels);
    return kernels[0];
}
