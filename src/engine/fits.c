/* SPDX-License-Identifier: MIT */
#include "engine/fits.h"

#include <math.h>

#include "base/mem.h"
#include "engine/percentile.h"

struct job {
    const struct rows *rows;
    const double *median; /* by row */
    double *sum;          /* of |w - median|, by part */
};

static bool work(void *context, size_t unit, struct workspace *workspace, struct error *error)
{
    const struct job *job = context;
    struct rows_batch range = rows_batch(job->rows, unit);
    for (size_t i = range.part; i < range.part + range.parts; i++) {
        if (!rows_read(job->rows, i, workspace->values, workspace->scratch, error))
            return false;
        double median = job->median[rows_part_channel(job->rows, i)], sum = 0;
        for (size_t k = 0, n = rows_part_length(job->rows, i); k < n; k++)
            if (isfinite(workspace->values[k]))
                sum += fabs(workspace->values[k] - median);
        job->sum[i] = sum;
    }
    return true;
}

bool fits_compute(const struct stage *stage, const struct profile *profile, struct fit fit[],
                  struct error *error)
{
    const struct rows *rows = stage->rows;
    double *median = mem_alloc(rows->channels, sizeof *median);
    struct job job = {rows, median, mem_zero(rows_parts(rows), sizeof *job.sum)};
    bool ok = percentile_compute(stage, profile, PERCENTILE_OF_VALUES, 50, median, error);
    if (ok) {
        watch_begin(stage->watch, "fits", rows->batches);
        ok = pool_run(stage->pool, rows->batches, work, &job, stage->watch, error);
    }
    for (size_t i = 0; ok && i < rows->channels; i++)
        fit[i] = (struct fit){median[i], 0};
    for (size_t i = 0; ok && i < rows_parts(rows); i++)
        fit[rows_part_channel(rows, i)].deviation += job.sum[i];
    for (size_t i = 0; ok && i < rows->channels; i++)
        fit[i].deviation /= (double)profile->channel[i].count;
    mem_free(job.sum);
    mem_free(median);
    return ok;
}
