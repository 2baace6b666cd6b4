/* SPDX-License-Identifier: MIT
 *
 * Records for tests that are only interested in what becomes of them.
 */
#ifndef TESTS_RECORD_FILLED_H
#define TESTS_RECORD_FILLED_H

#include <string.h>

#include "engine/record.h"

/* Another number each time, with all the digits that a double can have. */
static inline double record_next(unsigned *state)
{
    *state = *state * 1664525u + 1013904223u;
    return ((double)*state - 2147483648.0) / 3e-7;
}

static inline void record_fill_doubles(double *first, double *last, unsigned *state)
{
    for (double *at = first; at <= last; at++)
        *at = record_next(state);
}

static inline void record_fill_fits(struct regression fit[], unsigned *state)
{
    for (int i = 0; i < RECORD_CHANNELS; i++) {
        fit[i].n = *state % 1000;
        record_fill_doubles(&fit[i].mean_x, &fit[i].residual, state);
    }
}

static inline void record_fill_errors(struct survey_record *record, unsigned *state)
{
    for (int i = 0; i < RECORD_WIDTHS; i++) {
        struct record_error *error = &record->error[i];
        record_fill_doubles(&error->mean, &error->theory_sqnr_db, state);
        error->wide_channels = UINT64_MAX - *state;
        record_fill_fits(error->std_fit, state);
        record_fill_fits(error->mean_fit, state);
    }
}

static inline void record_fill_lines(struct record_lines *lines, bool same_as, unsigned *state)
{
    lines->count = *state;
    lines->listed = RECORD_PLACES;
    for (int i = 0; i < RECORD_PLACES; i++) {
        lines->channel[i] = *state + (unsigned)i;
        lines->same_as[i] = same_as ? *state - (unsigned)i : 0;
    }
}

static inline void record_fill_slow(struct survey_record *record, unsigned *state)
{
    record->normality =
        (struct record_normality){17, 5, record_next(state), record_next(state), true};
    struct record_outliers *outliers = &record->outliers;
    for (int i = 0; i < RECORD_OUTLIER_RULES; i++) {
        outliers->limit[i] = record_next(state);
        outliers->count[i] = *state;
    }
    outliers->row = (struct record_line){1, 2, 3};
    outliers->column = (struct record_line){4, 5, 6};
    outliers->listed = RECORD_WORST - 1;
    for (unsigned i = 0; i < outliers->listed; i++) {
        struct record_outlier *worst = &outliers->worst[i];
        worst->channel = *state;
        worst->column = i;
        record_fill_doubles(&worst->value, &worst->channel_sigmas, state);
    }
    for (int i = 0; i < RECORD_AUDIT_KINDS; i++) {
        struct record_elements *elements = &record->audit.elements[i];
        elements->count = *state;
        elements->listed = (uint32_t)i;
        for (int j = 0; j < i; j++)
            elements->place[j].channel = elements->place[j].column = 3 + (unsigned)j;
    }
    record_fill_lines(&record->audit.zero, false, state);
    record_fill_lines(&record->audit.constant, false, state);
    record_fill_lines(&record->audit.duplicate, true, state);
    record->audit.dead = true;
    record->audit.dead_value = record_next(state);
}

/* A record in which every member says something, another one for each seed; padding is zero. */
static inline void record_fill(struct survey_record *record, unsigned seed)
{
    unsigned *state = &seed;
    memset(record, 0, sizeof *record);
    record->parts = RECORD_FAST | RECORD_SLOW | RECORD_SCHEME;
    record->vector = true;
    strcpy(record->failure, "was truncated at \xc3\xa9");
    struct record_weights *weights = &record->weights;
    weights->channels = 64;
    weights->elements = UINT64_MAX;
    weights->nonfinite = 7;
    weights->worst_channel = seed;
    record_fill_doubles(&weights->mean, &weights->abs_max_expected, state);
    for (unsigned i = 3; i < RECORD_RATIOS - 5; i++)
        weights->ratio[i] = UINT32_MAX - i;
    record_fill_errors(record, state);
    record_fill_slow(record, state);
    record_fill_doubles(&record->scheme.error_mean, &record->scheme.bits_per_weight, state);
}

#endif
