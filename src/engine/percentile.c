/* SPDX-License-Identifier: MIT */
#include "engine/percentile.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "stats/quantile.h"

/* Short rows: one selection each. */
struct short_job {
    const struct rows *rows;
    enum percentile_of of;
    double p;
    double *out;
};

static bool short_work(void *context, size_t unit, struct workspace *workspace, struct error *error)
{
    const struct short_job *job = context;
    struct rows_batch range = rows_batch(job->rows, unit);
    double *x = workspace->values;
    for (size_t i = range.part; i < range.part + range.parts; i++) {
        if (!rows_read(job->rows, i, x, workspace->scratch, error))
            return false;
        size_t n = quantile_keep_finite(x, rows_part_length(job->rows, i));
        for (size_t k = 0; job->of == PERCENTILE_OF_MAGNITUDES && k < n; k++)
            x[k] = fabs(x[k]);
        job->out[i] = n > 0 ? quantile_percentile(x, n, job->p) : (double)NAN;
    }
    return true;
}

/* Long rows: the order statistic of a rank by its bits, from the top. */
#define DIGIT_BITS   16
#define DIGIT_VALUES ((size_t)1 << DIGIT_BITS)

#define SIGN (UINT64_C(1) << 63)

struct long_job {
    const struct rows *rows;
    enum percentile_of of;
    size_t row;
    uint64_t prefix;  /* leading digits found so far */
    unsigned shift;   /* bits below the digit counted now */
    uint64_t **count; /* [worker][DIGIT_VALUES] */
};

/* Bits that order as the values do: those of a positive double do so but for the sign. */
static uint64_t key_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits & SIGN ? ~bits : bits | SIGN;
}

static double value_of(uint64_t key)
{
    uint64_t bits = key & SIGN ? key & ~SIGN : ~key;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static bool long_work(void *context, size_t unit, struct workspace *workspace, struct error *error)
{
    const struct long_job *job = context;
    size_t part = job->row * job->rows->parts_per_channel + unit;
    if (!rows_read(job->rows, part, workspace->values, workspace->scratch, error))
        return false;
    uint64_t *count = job->count[workspace->index];
    size_t n = rows_part_length(job->rows, part);
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(workspace->values[i]))
            continue;
        double value = workspace->values[i];
        uint64_t bits = key_of(job->of == PERCENTILE_OF_MAGNITUDES ? fabs(value) : value);
        /* In two shifts, since a shift by 64 is undefined. */
        if ((bits >> job->shift >> DIGIT_BITS) == job->prefix)
            count[(bits >> job->shift) & (DIGIT_VALUES - 1)]++;
    }
    return true;
}

/* The digit in which rank lies, with rank made relative to that digit. */
static size_t find_digit(struct long_job *job, unsigned workers, uint64_t *rank)
{
    for (size_t digit = 0; digit < DIGIT_VALUES; digit++) {
        uint64_t sum = 0;
        for (unsigned i = 0; i < workers; i++)
            sum += job->count[i][digit];
        if (*rank < sum)
            return digit;
        *rank -= sum;
    }
    return DIGIT_VALUES - 1; /* not reached: rank is below the count of finite elements */
}

static bool order_statistic(const struct stage *stage, struct long_job *job, uint64_t rank,
                            double *value, struct error *error)
{
    unsigned workers = pool_size(stage->pool);
    job->prefix = 0;
    for (int shift = 64 - DIGIT_BITS; shift >= 0; shift -= DIGIT_BITS) {
        job->shift = (unsigned)shift;
        for (unsigned i = 0; i < workers; i++)
            memset(job->count[i], 0, DIGIT_VALUES * sizeof **job->count);
        if (!pool_run(stage->pool, stage->rows->parts_per_channel, long_work, job, stage->watch,
                      error))
            return false;
        job->prefix = job->prefix << DIGIT_BITS | find_digit(job, workers, &rank);
    }
    *value = value_of(job->prefix);
    return true;
}

/* From the nearer end, as quantile_percentile does. */
static double between(double low, double high, double share)
{
    double gap = high - low;
    return share < 0.5 ? low + gap * share : high - gap * (1 - share);
}

static bool long_rows(const struct stage *stage, const struct profile *profile,
                      enum percentile_of of, double p, double out[], struct error *error)
{
    unsigned workers = pool_size(stage->pool);
    struct long_job job = {
        .rows = stage->rows, .of = of, .count = mem_alloc(workers, sizeof *job.count)};
    for (unsigned i = 0; i < workers; i++)
        job.count[i] = mem_alloc(DIGIT_VALUES, sizeof **job.count);
    watch_begin(stage->watch, "percentiles", stage->rows->batches * 2 * 64 / DIGIT_BITS);
    bool ok = true;
    for (job.row = 0; ok && job.row < stage->rows->channels; job.row++) {
        uint64_t n = profile->channel[job.row].count;
        out[job.row] = NAN;
        if (n == 0)
            continue;
        double position = p / 100 * (double)(n - 1);
        uint64_t rank = (uint64_t)position;
        double low, high;
        ok = order_statistic(stage, &job, rank, &low, error);
        high = low;
        if (ok && position > (double)rank)
            ok = order_statistic(stage, &job, rank + 1, &high, error);
        if (ok)
            out[job.row] = between(low, high, position - (double)rank);
    }
    for (unsigned i = 0; i < workers; i++)
        mem_free(job.count[i]);
    mem_free(job.count);
    return ok;
}

bool percentile_compute(const struct stage *stage, const struct profile *profile,
                        enum percentile_of of, double p, double out[], struct error *error)
{
    if (stage->rows->parts_per_channel > 1)
        return long_rows(stage, profile, of, p, out, error);
    struct short_job job = {stage->rows, of, p, out};
    watch_begin(stage->watch, "percentiles", stage->rows->batches);
    return pool_run(stage->pool, stage->rows->batches, short_work, &job, stage->watch, error);
}
