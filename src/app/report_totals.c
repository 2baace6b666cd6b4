/* SPDX-License-Identifier: MIT */
#include "app/report_totals.h"

#include <math.h>

#include "base/decibels.h"

/* Sums of squares over tensors: of weights, of their errors, and of those that theory expects. */
struct power {
    double signal, noise, theory;
};

static void add_power(struct power *power, const struct survey_record *record, int bits)
{
    const struct record_error *error = record_error(record, bits);
    double noise = error->mse * (double)(record->weights.elements - record->weights.nonfinite);
    double signal = noise * pow(10, error->sqnr_db / 10);
    double theory = signal * pow(10, -error->theory_sqnr_db / 10);
    if (!isfinite(signal) || !isfinite(theory))
        return; /* without error, or without theory */
    power->signal += signal;
    power->noise += noise;
    power->theory += theory;
}

static void add_record(struct report_totals *totals, struct power power[RECORD_WIDTHS],
                       const struct survey_record *record)
{
    totals->nonfinite += record->weights.nonfinite > 0;
    totals->vectors += record->vector;
    if (record->vector)
        return;
    totals->matrices++;
    totals->laplace += record->normality.laplace;
    totals->tested += record->normality.tested;
    totals->normal += record->normality.normal;
    for (int i = 0; i < RECORD_WIDTHS; i++)
        add_power(&power[i], record, RECORD_BITS_LEAST + i);
}

struct report_totals report_totals(const struct scan *scan)
{
    struct report_totals totals = {0};
    struct power power[RECORD_WIDTHS] = {{0, 0, 0}};
    for (size_t i = 0; i < scan->model->count; i++) {
        const struct survey_record *record = scan->records[i];
        if (record && (record->parts & RECORD_FAST))
            add_record(&totals, power, record);
        else if (record)
            totals.unread++;
    }
    for (size_t i = 0; i < RECORD_WIDTHS; i++) {
        totals.sqnr_db[i] = decibels(power[i].signal / power[i].noise);
        totals.theory_sqnr_db[i] = decibels(power[i].signal / power[i].theory);
    }
    return totals;
}
