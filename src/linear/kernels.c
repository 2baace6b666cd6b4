/* SPDX-License-Identifier: MIT */
#include "linear/kernels.h"

#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* Bytes that are transformed as far as possible before the next: half a first-level cache. */
#define CACHED 16384

#define SMALLER(a, b) ((a) < (b) ? (a) : (b))
#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* The compiler unrolls: every vector then has a register of its own. */
#if defined(__clang__)
#define UNROLLED _Pragma("clang loop unroll(full)")
#else
#define UNROLLED _Pragma("GCC unroll 16")
#endif
#define EACH(i, count) UNROLLED for (size_t i = 0; i < (count); i++)

/* Lists with one item for each lane of a vector. */
#define LANES_2(item, x, gap) item(x, 0, gap), item(x, 1, gap)
#define LANES_4(item, x, gap) LANES_2(item, x, gap), item(x, 2, gap), item(x, 3, gap)
#define LANES_8(item, x, gap) \
    LANES_4(item, x, gap), item(x, 4, gap), item(x, 5, gap), item(x, 6, gap), item(x, 7, gap)
#define LANES_16(item, x, gap)                                                                   \
    LANES_8(item, x, gap), item(x, 8, gap), item(x, 9, gap), item(x, 10, gap), item(x, 11, gap), \
        item(x, 12, gap), item(x, 13, gap), item(x, 14, gap), item(x, 15, gap)

/* Of lane i: the number of the lane that differs from it in the bit `gap`, and 1 or -1. */
#define PARTNER(x, i, gap) (x)[((i) ^ (gap)) % WIDE]
#define SIGN(x, i, gap)    ((i) & (gap) ? -1 : 1)

#define PASTE_(a, b, c) a##_##b##_##c
#define PASTE(a, b, c)  PASTE_(a, b, c)
#define NAME(name)      PASTE(name, NUMBER, WIDE)
#define LANES_OF_(wide) LANES_##wide
#define LANES_OF(wide)  LANES_OF_(wide)
#define LANES           LANES_OF(WIDE)

#define KERNELS(title, singles, doubles)                                                       \
    {                                                                                          \
        .name = title, .walsh = walsh_double_##doubles, .walsh_single = walsh_float_##singles, \
        .sign_product = sign_product_double_##doubles, .product = product_double_##doubles,    \
        .rotate = rotate_double_##doubles                                                      \
    }

/* Sixteen bytes: every processor's vectors. */
#define TARGET
#define RADIX               8
#define ADD_SIGNED(b, s, a) ((b) + (s) * (a))
#define NUMBER              float
#define WIDE                4
#include "linear/walsh_lanes.inc"
#undef NUMBER
#undef WIDE
#define NUMBER double
#define WIDE   2
#include "linear/walsh_lanes.inc"

#include "linear/dense_lanes.inc"
#undef NUMBER
#undef WIDE
#undef ADD_SIGNED
#undef RADIX
#undef TARGET

#if defined(__x86_64__)

#define TARGET              __attribute__((target("avx2,fma")))
#define RADIX               8
#define NUMBER              float
#define WIDE                8
#define ADD_SIGNED(b, s, a) (numbers_float_8) _mm256_fmadd_ps((__m256)(s), (__m256)(a), (__m256)(b))
#include "linear/walsh_lanes.inc"
#undef ADD_SIGNED
#undef NUMBER
#undef WIDE
#define ADD_SIGNED(b, s, a) \
    (numbers_double_4) _mm256_fmadd_pd((__m256d)(s), (__m256d)(a), (__m256d)(b))
#define NUMBER double
#define WIDE   4
#include "linear/walsh_lanes.inc"

#include "linear/dense_lanes.inc"
#undef NUMBER
#undef WIDE
#undef ADD_SIGNED
#undef RADIX
#undef TARGET

#define TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))
#define RADIX  16
#define NUMBER float
#define WIDE   16
#define ADD_SIGNED(b, s, a) \
    (numbers_float_16) _mm512_fmadd_ps((__m512)(s), (__m512)(a), (__m512)(b))
#include "linear/walsh_lanes.inc"
#undef ADD_SIGNED
#undef NUMBER
#undef WIDE
#define ADD_SIGNED(b, s, a) \
    (numbers_double_8) _mm512_fmadd_pd((__m512d)(s), (__m512d)(a), (__m512d)(b))
#define NUMBER double
#define WIDE   8
#include "linear/walsh_lanes.inc"

#include "linear/dense_lanes.inc"

static const struct kernels kernels_avx512 = KERNELS("AVX-512", 16, 8);
static const struct kernels kernels_avx2 = KERNELS("AVX2", 8, 4);
static const struct kernels kernels_plain = KERNELS("SSE2", 4, 2);

void kernels_all(const struct kernels *kernels[KERNELS_MOST])
{
    size_t n = 0;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
        kernels[n++] = &kernels_avx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        kernels[n++] = &kernels_avx2;
    kernels[n++] = &kernels_plain;
    kernels[n] = NULL;
}

#else

static const struct kernels kernels_plain = KERNELS("plain", 4, 2);

void kernels_all(const struct kernels *kernels[KERNELS_MOST])
{
    kernels[0] = &kernels_plain;
    kernels[1] = NULL;
}

#endif

const struct kernels *kernels_best(void)
{
    const struct kernels *kernels[KERNELS_MOST];
    kernels_all(kernels);
    return kernels[0];
}
