/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "quant/grid.h"
#include "ui/lab.h"

static struct scheme scheme_of(int bits, enum clip_rule rule, double parameter)
{
    struct scheme scheme = scheme_default();
    scheme.bits = bits;
    scheme.clip = (struct clip){rule, parameter};
    return scheme;
}

/* The step is the one that the grid has on a sample of standard deviation 1, symmetric or of the
 * full range. */
static void test_the_step_is_the_grids(void **state)
{
    (void)state;
    const struct moments unit = {.count = 100, .m2 = 100, .min = -4, .max = 4};
    for (int bits = 2; bits <= 16; bits++) {
        for (int i = 0; i < 4; i++) {
            struct scheme scheme = scheme_of(bits, i & 1 ? CLIP_SIGMA : CLIP_VALUE, 2.5);
            scheme.full_range = i & 2;
            assert_true(lab_knows_step(&scheme));
            const double step = grid_cover(&scheme, &unit, NULL).step;
            assert_true(fabs(lab_step(&scheme) - step) <= 1e-15 * step);
        }
    }
    const struct scheme given = scheme_of(4, CLIP_STEP, 0.3);
    assert_true(lab_knows_step(&given) && lab_step(&given) == 0.3);
}

static void test_the_sample_decides(void **state)
{
    (void)state;
    struct scheme scheme[] = {
        scheme_of(4, CLIP_MAX, 0),   scheme_of(4, CLIP_MSE, 0),   scheme_of(1, CLIP_SIGMA, 2),
        scheme_of(4, CLIP_VALUE, 2), scheme_of(4, CLIP_VALUE, 2), scheme_of(4, CLIP_SIGMA, 2),
    };
    scheme[3].asymmetric = true;
    scheme[4].levels = (struct levels){.kind = LEVELS_CODEBOOK, .codebook = &codebook_nf};
    scheme[5].granularity = (struct granularity){1, 64}; /* each group's own σ */
    for (size_t i = 0; i < sizeof scheme / sizeof *scheme; i++) {
        assert_false(lab_knows_step(&scheme[i]));
        assert_true(lab_step(&scheme[i]) == 1);
        const struct clip before = scheme[i].clip;
        lab_scale_step(&scheme[i], 2);
        assert_true(clip_equal(&scheme[i].clip, &before));
    }
    scheme[5].clip.rule = CLIP_VALUE;
    assert_true(lab_knows_step(&scheme[5]));
}

static void test_the_step_is_scaled_within_limits(void **state)
{
    (void)state;
    struct scheme scheme = scheme_of(4, CLIP_STEP, 1);
    for (int i = 0; i < 8; i++)
        lab_scale_step(&scheme, exp2(0.125));
    assert_true(lab_step(&scheme) == 2); /* a whole power of two again */
    lab_scale_step(&scheme, 1e6);
    assert_true(lab_step(&scheme) == 100);
    lab_scale_step(&scheme, 1e-9);
    assert_true(lab_step(&scheme) == 0.01);
}

static void test_the_laws_go_round(void **state)
{
    (void)state;
    const struct lab first = lab_default();
    struct lab lab = first;
    size_t laws = 0;
    do {
        lab_next_law(&lab, 1);
        laws++;
    } while (!lab_equal(&lab, &first) && laws < 100);
    assert_int_equal(laws, 6);
    lab_next_law(&lab, -1);
    assert_ptr_equal(lab.law.type, &source_mixture);
}

/* A layer is asked for in a tensor's place, with nothing of what speaks of a vector. */
static void test_a_layer(void **state)
{
    (void)state;
    const struct scheme scheme = scheme_of(4, CLIP_STEP, 0.5);
    struct lab lab = lab_default();
    struct request request = {.belief = BELIEF_LAW, .channel = 3};
    uint64_t rows, columns;
    lab.phase = 0.25;
    lab_shape(&lab, &rows, &columns);
    assert_true(rows == 1 && columns == lab.draws);
    lab_request(&request, &lab, &scheme);
    assert_true(request.shift == 0.125 && request.belief == BELIEF_LAW);
    assert_int_equal(request.draws, lab.draws);
    const struct lab vector = lab;
    assert_true(synthetic_layer_parse("12x8:20", &lab.layer, NULL));
    assert_false(lab_equal(&lab, &vector));
    lab_shape(&lab, &rows, &columns);
    assert_true(rows == 12 && columns == 8);
    request = (struct request){.belief = BELIEF_LAW, .channel = 3};
    lab_request(&request, &lab, &scheme);
    assert_int_equal(request.draws, 96);
    assert_int_equal(request.channel, REQUEST_ALL_CHANNELS);
    assert_true(request.shift == 0 && request.belief == BELIEF_FAMILY);
    assert_true(synthetic_layer_equal(&request.layer, &lab.layer));
    assert_int_equal(lab_belief(&lab, BELIEF_LAPLACE), BELIEF_LAPLACE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_step_is_the_grids),
        cmocka_unit_test(test_the_sample_decides),
        cmocka_unit_test(test_the_step_is_scaled_within_limits),
        cmocka_unit_test(test_the_laws_go_round),
        cmocka_unit_test(test_a_layer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
