/* SPDX-License-Identifier: MIT */
#include "stats/counts.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/mem.h"

#define BINS    ((uint32_t)1 << COUNTS_BITS)
#define REST    (32 - COUNTS_BITS) /* bits of a single that its bin does not tell */
#define SIGN    ((uint32_t)1 << 31)
#define PLUS_0  (BINS / 2) /* the bins of +0 and -0, and of the tiniest values beside them */
#define MINUS_0 (BINS / 2 - 1)

struct counts *counts_new(void)
{
    struct counts *counts = mem_zero(1, sizeof *counts);
    counts->bin = mem_zero(BINS, sizeof *counts->bin);
    return counts;
}

void counts_free(struct counts *counts)
{
    if (!counts)
        return;
    mem_free(counts->bin);
    mem_free(counts);
}

/* Bits of a single in an order like that of the values: a larger value has a larger key. */
static uint32_t key_of(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits & SIGN ? ~bits : bits | SIGN;
}

static float value_of(uint32_t key)
{
    uint32_t bits = key & SIGN ? key & ~SIGN : ~key;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* As a single; values beyond them become the largest one. */
static float narrow(double x)
{
    if (x > (double)FLT_MAX)
        return FLT_MAX;
    return x < (double)-FLT_MAX ? -FLT_MAX : (float)x;
}

void counts_add(struct counts *counts, const double x[], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(x[i]))
            continue;
        float value = narrow(x[i]);
        uint32_t bits;
        memcpy(&bits, &value, sizeof bits);
        counts->bin[key_of(value) >> REST]++;
        counts->rounded += (bits & (((uint32_t)1 << REST) - 1)) != 0 || (double)value != x[i];
        counts->total++;
    }
}

void counts_merge(struct counts *counts, const struct counts *other)
{
    for (size_t i = 0; i < BINS; i++)
        counts->bin[i] += other->bin[i];
    counts->total += other->total;
    counts->rounded += other->rounded;
}

/* The value `share` (0..1) of the way through a bin.  An exact sample has only the value whose
 * further bits are 0 there, the one nearest to 0. */
static double value_in_bin(uint32_t bin, double share, bool exact)
{
    if (bin == PLUS_0 || bin == MINUS_0)
        return 0;
    uint32_t first = bin << REST, last = first + (((uint32_t)1 << REST) - 1);
    double low = (double)value_of(first), high = (double)value_of(last);
    if (exact)
        return bin > PLUS_0 ? low : high;
    return low + (high - low) * share;
}

void counts_quantiles(const struct counts *counts, const uint64_t rank[], size_t n, double out[])
{
    uint64_t below = 0; /* values in the bins before this one */
    uint32_t bin = 0;
    for (size_t i = 0; i < n; i++) {
        assert(rank[i] < counts->total && (i == 0 || rank[i] >= rank[i - 1]));
        while (rank[i] - below >= counts->bin[bin])
            below += counts->bin[bin++];
        double share = ((double)(rank[i] - below) + 0.5) / (double)counts->bin[bin];
        out[i] = value_in_bin(bin, share, counts->rounded == 0);
    }
}

bool counts_next(const struct counts *counts, size_t *bin, double *low, double *high,
                 uint64_t *count)
{
    while (*bin < BINS && counts->bin[*bin] == 0)
        ++*bin;
    if (*bin >= BINS)
        return false;
    bool exact = counts->rounded == 0;
    *low = value_in_bin((uint32_t)*bin, 0, exact);
    *high = value_in_bin((uint32_t)*bin, 1, exact);
    *count = counts->bin[(*bin)++];
    return true;
}
