/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../model/fixture.h"
#include "engine/measure.h"
#include "schemes.h"

#define LENGTH 5000

/* One channel, measured by one worker. */
struct bench {
    struct weights weights;
    struct weights_stage stage;
    struct rows rows;
    const struct profile *profile;
    const struct quantizers *quantizers;
    struct measurer measurer;
    struct workspace workspace;
};

static void begin(struct bench *bench, const struct scheme *scheme)
{
    bench->weights = random_weights(1, LENGTH);
    weights_stage_begin(&bench->stage, &bench->weights, 1);
    bench->rows = bench->stage.rows;
    bench->profile = profile_compute(&bench->stage.stage, NULL);
    bench->quantizers =
        weights_quantizers(&bench->stage.stage, scheme, bench->profile, NULL, NULL);
    bench->measurer = (struct measurer){ .rows = &bench->rows,
                                         .quantizers = bench->quantizers,
                                         .profile = bench->profile,
                                         .fitter = quantizers_fitter(bench->quantizers),
                                         .pictures = pictures_new(false, true) };
    bench->workspace.values = weights_memory(WORKSPACE_ELEMENTS);
    bench->workspace.scratch = weights_memory(WORKSPACE_ELEMENTS);
    memcpy(bench->workspace.values, bench->weights.x, LENGTH * sizeof(double));
}

static void end(struct bench *bench)
{
    free(bench->workspace.values);
    free(bench->workspace.scratch);
    fitter_free(bench->measurer.fitter);
    pictures_free(bench->measurer.pictures);
    part_unref(&bench->quantizers->part);
    part_unref(&bench->profile->part);
    weights_stage_end(&bench->stage);
    weights_free(&bench->weights);
}

/* Of units that end within slices and beyond them: every element is counted once. */
static void test_units_of_any_length(void **state)
{
    (void)state;
    static const char *const some[] = { "group:1", "group:7", "group:1023", "group:1500",
                                        "channel" };
    for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
        struct bench bench;
        struct measured measured = { .distortion = { .power = 0 } };
        const struct scheme scheme = scheme_of(&all_words[0], some[i]);
        begin(&bench, &scheme);
        measure_part(&bench.measurer, 0, NULL, &bench.workspace, &measured);
        double power = 0, units = 0;
        for (size_t k = 0; k < LENGTH; k++)
            power += bench.weights.x[k] * bench.weights.x[k];
        for (size_t k = 0; k < measured.steps.count; k++)
            units += measured.steps.entry[k].elements;
        assert_int_equal(measured.distortion.error.count, LENGTH);
        assert_true(fabs(measured.distortion.power / power - 1) < 1e-12);
        assert_true(units == LENGTH);
        assert_int_equal(histogram_total(bench.measurer.pictures->error), LENGTH);
        assert_true(scheme.granularity.columns != 1 || measured.distortion.error.max < 1e-15);
        steps_done(&measured.steps);
        end(&bench);
    }
}

/* A correction of one's own is that of the sums; the pictures do not know of it. */
static void test_correction(void **state)
{
    (void)state;
    struct bench bench;
    struct scheme scheme = scheme_of(&all_words[2], "group:32");
    scheme.bits = 2;
    begin(&bench, &scheme);
    struct measured own = { .distortion = { .power = 0 } }, given = own, none = own;
    struct correction_sums sums = { .weight = { .count = 0 } };
    measure_part(&bench.measurer, 0, NULL, &bench.workspace, &own);
    measure_sums(&bench.measurer, 0, &bench.workspace, &sums);
    const struct correction correction = correction_make(&scheme, &sums);
    measure_part(&bench.measurer, 0, &correction, &bench.workspace, &given);
    assert_memory_equal(&own.distortion, &given.distortion, sizeof own.distortion);
    assert_true(fabs(own.distortion.error.mean) < 1e-16); /* the mean is put back */
    const struct correction nothing = { .shift = 0, .gain = 1 };
    measure_part(&bench.measurer, 0, &nothing, &bench.workspace, &none);
    assert_true(distortion_mse(&none.distortion) < distortion_mse(&own.distortion));
    assert_true(fabs(none.distortion.error.mean) > 1e-9);
    assert_int_equal(histogram_total(bench.measurer.pictures->error), 3 * LENGTH);
    for (size_t i = 0; i < bench.measurer.pictures->error->bins; i++)
        assert_int_equal(bench.measurer.pictures->error->count[i] % 3, 0);
    steps_done(&own.steps);
    steps_done(&given.steps);
    steps_done(&none.steps);
    end(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_units_of_any_length),
        cmocka_unit_test(test_correction),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
