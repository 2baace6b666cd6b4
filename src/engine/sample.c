/* SPDX-License-Identifier: MIT */
#include "engine/sample.h"

#include <string.h>

#include "base/mem.h"
#include "stats/quantile.h"

/* Up to so many elements are sorted. */
#define SORTED_MOST 262144

struct job {
    const struct rows *rows;
    double *sorted;         /* all elements, or NULL */
    struct counts **counts; /* by worker, or NULL */
    sample_look *look;
    void *context;
};

static bool work(void *context, size_t unit, struct workspace *workspace, struct error *error)
{
    const struct job *job = context;
    struct rows_batch range = rows_batch(job->rows, unit);
    for (size_t i = range.part; i < range.part + range.parts; i++) {
        size_t n = rows_part_length(job->rows, i);
        if (!rows_read(job->rows, i, workspace->values, workspace->scratch, error))
            return false;
        if (job->sorted)
            memcpy(job->sorted + i * job->rows->length, workspace->values, n * sizeof(double));
        else
            counts_add(job->counts[workspace->index], workspace->values, n);
        if (job->look)
            job->look(job->context, workspace->index, workspace->values, n);
    }
    return true;
}

static void take(struct sample *sample, struct job *job, unsigned workers)
{
    if (job->sorted) {
        sample->n = quantile_keep_finite(job->sorted, (size_t)rows_elements(job->rows));
        quantile_sort(job->sorted, (size_t)sample->n);
        sample->sorted = job->sorted;
        job->sorted = NULL;
        return;
    }
    for (unsigned i = 1; i < workers; i++)
        counts_merge(job->counts[0], job->counts[i]);
    sample->counts = job->counts[0];
    sample->n = sample->counts->total;
    job->counts[0] = NULL;
}

bool sample_read(struct sample *sample, const struct stage *stage, const char *name,
                 sample_look *look, void *context, struct error *error)
{
    unsigned workers = pool_size(stage->pool);
    uint64_t elements = rows_elements(stage->rows);
    struct job job = {.rows = stage->rows, .look = look, .context = context};
    *sample = (struct sample){0};
    /* Parts of channels that are cut would not lie where work() copies them to. */
    if (elements <= SORTED_MOST && stage->rows->parts_per_channel == 1)
        job.sorted = mem_alloc((size_t)elements, sizeof *job.sorted);
    else
        job.counts = mem_alloc(workers, sizeof *job.counts);
    for (unsigned i = 0; job.counts && i < workers; i++)
        job.counts[i] = counts_new();
    watch_begin(stage->watch, name, stage->rows->batches);
    bool ok = pool_run(stage->pool, stage->rows->batches, work, &job, stage->watch, error);
    if (ok)
        take(sample, &job, workers);
    for (unsigned i = 0; job.counts && i < workers; i++)
        counts_free(job.counts[i]);
    mem_free(job.sorted);
    mem_free(job.counts);
    return ok;
}

void sample_done(struct sample *sample)
{
    mem_free(sample->sorted);
    counts_free(sample->counts);
}

void sample_quantiles(const struct sample *sample, const uint64_t rank[], size_t n, double out[])
{
    if (!sample->sorted) {
        counts_quantiles(sample->counts, rank, n, out);
        return;
    }
    for (size_t k = 0; k < n; k++)
        out[k] = sample->sorted[rank[k]];
}
