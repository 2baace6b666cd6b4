/* SPDX-License-Identifier: MIT */
#include "quant/block_format.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "quant/codebook.h"

const struct block_format *const block_formats[] = {
    &block_format_mxfp4, &block_format_mxfp6, &block_format_mxfp8, &block_format_mxint8,
    &block_format_nvfp4, &block_format_q4_0,  &block_format_q4_1,  &block_format_q5_0,
    &block_format_q5_1,  &block_format_q8_0,
};

const size_t block_format_count = sizeof block_formats / sizeof *block_formats;

const struct block_format *block_format_find(const char *name)
{
    for (size_t i = 0; i < block_format_count; i++)
        if (strcmp(block_formats[i]->name, name) == 0)
            return block_formats[i];
    return NULL;
}

static void copy_finite(const double w[], size_t n, double finite[BLOCK_FORMAT_MOST])
{
    assert(n <= BLOCK_FORMAT_MOST);
    for (size_t i = 0; i < n; i++)
        finite[i] = isfinite(w[i]) ? w[i] : 0;
}

static void round_block(const struct block_format *format, const double w[], size_t n, double outer,
                        double e[])
{
    double finite[BLOCK_FORMAT_MOST] = {0}, stored[BLOCK_FORMAT_MOST];
    copy_finite(w, n, finite);
    format->round(format, finite, n, outer, stored);
    /* w - w is 0, but NaN for what is not finite. */
    for (size_t i = 0; i < n; i++)
        e[i] = stored[i] - w[i] + (w[i] - w[i]);
}

void block_format_round(const struct block_format *format, const double w[], size_t n, double outer,
                        double e[])
{
    for (size_t i = 0; i < n; i += format->block)
        round_block(format, w + i, n - i < format->block ? n - i : format->block, outer, e + i);
}

struct block_place block_format_place(const struct block_format *format, const double w[], size_t n,
                                      double outer)
{
    double finite[BLOCK_FORMAT_MOST] = {0};
    copy_finite(w, n, finite);
    return format->place(format, finite, n, outer);
}

struct codebook *block_format_integers(int lowest, int highest, double divisor)
{
    const size_t n = (size_t)(highest - lowest + 1);
    double *level = mem_alloc(n, sizeof *level);
    for (size_t i = 0; i < n; i++)
        level[i] = (lowest + (int)i) / divisor;
    struct codebook *codebook = codebook_of_levels(level, n, NULL);
    mem_free(level);
    return codebook;
}
