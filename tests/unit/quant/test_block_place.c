/* SPDX-License-Identifier: MIT
 *
 * What a block's levels are told to be, against what is stored.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "base/mem.h"
#include "quant/block_format.h"
#include "quant/codebook.h"

#define BLOCKS 400

/* Each stored value must be a level of the block, to the rounding of single precision. */
static void check_block(const struct block_format *format, const struct codebook *elements,
                        const double w[], size_t n, double outer)
{
    double e[BLOCK_FORMAT_MOST];
    const struct block_place place = block_format_place(format, w, n, outer);
    block_format_round(format, w, n, outer, e);
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(w[i]))
            continue;
        const double stored = w[i] + e[i], sign = place.mirrored ? -1 : 1;
        const double code = place.scale > 0 ? sign * (stored - place.location) / place.scale : 0;
        const double level = elements->level[codebook_nearest(elements, code)];
        const double found = place.location + sign * place.scale * (place.scale > 0 ? level : 0);
        const double slack = 1e-6 * (fabs(stored) + fabs(place.location));
        if (!(fabs(found - stored) <= slack))
            fail_msg("%s stores %.9g for %.9g, not %.9g", format->name, stored, w[i], found);
    }
}

static void test_stored_values_are_levels(void **state)
{
    (void)state;
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (size_t k = 0; k < block_format_count; k++) {
        const struct block_format *format = block_formats[k];
        struct codebook *elements = format->elements(format);
        const double outer = format->outer ? format->outer(5) : 1;
        bool mirrored[2] = {false, false};
        for (int block = 0; block < BLOCKS; block++) {
            double w[BLOCK_FORMAT_MOST];
            const size_t n = block % 7 == 0 ? 1 + (size_t)block % format->block : format->block;
            const double mean = block % 3 - 1.0, std = pow(10, block % 4 - 2.0);
            for (size_t i = 0; i < n; i++)
                w[i] = mean + gsl_ran_gaussian(rng, std);
            if (block % 50 == 0)
                w[0] = NAN;
            check_block(format, elements, w, n, outer);
            mirrored[block_format_place(format, w, n, outer).mirrored] = true;
        }
        /* Only where the two ends differ is there anything to mirror. */
        const bool even = elements->level[0] == -elements->level[elements->count - 1];
        assert_true(mirrored[0] && (!even || !mirrored[1]));
        assert_true(elements->count <= (size_t)1 << (int)format->element_bits);
        codebook_free(elements);
    }
    gsl_rng_free(rng);
}

static void test_degenerate_blocks(void **state)
{
    (void)state;
    static const double zeros[32] = {0}, huge[2] = {1e38, -1e37}, none[2] = {NAN, INFINITY};
    for (size_t k = 0; k < block_format_count; k++) {
        const struct block_format *format = block_formats[k];
        struct block_place place = block_format_place(format, zeros, format->block, 1);
        assert_true(place.location == 0 && place.scale >= 0 && isfinite(place.scale));
        place = block_format_place(format, none, 2, 1);
        assert_true(place.location == 0 && place.scale >= 0 && isfinite(place.scale));
        place = block_format_place(format, huge, 2, 1);
        assert_true(place.scale > 0 || isnan(place.scale));
    }
    assert_true(isinf(block_format_place(&block_format_q4_0, huge, 2, 1).scale));
    assert_true(isinf(block_format_place(&block_format_q4_1, huge, 2, 1).location));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stored_values_are_levels),
        cmocka_unit_test(test_degenerate_blocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
