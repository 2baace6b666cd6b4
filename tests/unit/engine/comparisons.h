/* SPDX-License-Identifier: MIT
 *
 * Comparisons without weights: errors made by hand, of which the tests know what follows.
 */
#ifndef TESTS_COMPARISONS_H
#define TESTS_COMPARISONS_H

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "engine/comparison.h"

#define FAKE_ROWS    4
#define FAKE_COLUMNS 256
#define FAKE_COUNT   (FAKE_ROWS * FAKE_COLUMNS)

/* Weights of mean 0.5 and variance 4; each scheme's error has this mean, and a variance of 4^-bits,
 * twice that for schemes that are not uniform. */
#define FAKE_MEAN     0.5
#define FAKE_VARIANCE 4.0
#define FAKE_ERROR    0.01

struct fake {
    double scale;               /* of all errors */
    size_t measured;            /* schemes so far */
    size_t refused;             /* this one, counted from 1, is refused; 0: none is */
    size_t broken;              /* at this one the file breaks */
    size_t shown, known, exact; /* calls of show, and what the last one said */
};

static void fake_free(struct part *part)
{
    mem_free(part);
}

static double fake_variance(const struct scheme *scheme)
{
    return ldexp(scheme->levels.kind == LEVELS_UNIFORM ? 1 : 2, -2 * scheme->bits);
}

static const struct errors *fake_measure(void *context, const struct scheme *scheme,
                                         struct error *error)
{
    struct fake *fake = context;
    fake->measured++;
    if (fake->measured == fake->refused) {
        error_set(error, ERROR_USAGE, "not this one");
        return NULL;
    }
    if (fake->measured == fake->broken) {
        error_set(error, ERROR_FILE, "cut short");
        return NULL;
    }
    const double square = fake->scale * fake->scale, variance = fake_variance(scheme) * square;
    const double mse = variance + FAKE_ERROR * FAKE_ERROR * square;
    struct errors *errors = mem_zero(1, sizeof *errors);
    part_init(&errors->part, sizeof *errors, fake_free);
    errors->total.power = FAKE_COUNT * (FAKE_VARIANCE + FAKE_MEAN * FAKE_MEAN);
    errors->total.error.count = FAKE_COUNT;
    errors->total.error.mean = FAKE_ERROR * fake->scale;
    errors->total.error.m2 = FAKE_COUNT * variance;
    errors->total.error.min = -1;
    errors->total.error.max = 1;
    errors->theory_mean = 0;
    errors->theory_mse = 2 * mse;
    errors->theory_std = sqrt(2 * mse);
    errors->theory_noise = FAKE_COUNT * errors->theory_mse;
    return errors;
}

static void fake_show(void *context, const struct comparison *so_far)
{
    struct fake *fake = context;
    fake->shown++;
    fake->known = so_far->known;
    fake->exact = so_far->exact;
}

/* The comparison of a fake; NULL with *error. */
static inline const struct comparison *fake_compare(struct fake *fake, unsigned widths,
                                                    bool sampled, bool laplace,
                                                    const struct comparison *before,
                                                    struct error *error)
{
    const struct profile profile = {
        .total = {.count = FAKE_COUNT, .mean = FAKE_MEAN, .m2 = FAKE_COUNT * FAKE_VARIANCE}};
    const struct family family = {.laplace = laplace};
    const struct comparison_job job = {
        .widths = widths,
        .granularity = GRANULARITY_CHANNEL,
        .rows = FAKE_ROWS,
        .columns = FAKE_COLUMNS,
        .sampled = sampled,
        .profile = &profile,
        .family = &family,
        .before = before,
        .measure = fake_measure,
        .show = fake_show,
        .context = fake,
    };
    return comparison_compute(&job, error);
}

#endif
