/* SPDX-License-Identifier: MIT */
#include "engine/audit.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "engine/duplicates.h"

/* Elements that are passed over in one go if none of them is odd. */
#define SLICE 256

/* What remains of a part. */
struct strip {
    uint64_t hash;
    double first; /* element */
    bool alike;   /* all elements equal the first one */
};

/* What a worker has found of a kind: places as the element's number, the first ones ascending. */
struct finds {
    uint64_t count;
    size_t listed;
    uint64_t place[AUDIT_PLACES];
};

struct job {
    const struct rows *rows;
    double least_normal;
    struct strip *strip;                /* by part */
    struct finds (*finds)[AUDIT_KINDS]; /* by worker */
};

const char *audit_kind_name(enum audit_kind kind)
{
    static const char *const names[AUDIT_KINDS] = {
        [AUDIT_NAN] = "NaN",
        [AUDIT_PLUS_INF] = "+inf",
        [AUDIT_MINUS_INF] = "-inf",
        [AUDIT_DENORMAL] = "denormal",
    };
    return names[kind];
}

/* The smallest normal magnitude of the type that the rows are stored in.  Where they are not read
 * as they are stored, or share scales, single precision is what computes with them. */
static double least_normal(const struct rows *rows)
{
    static const struct {
        const struct dtype *dtype;
        double least;
    } types[] = {
        {&dtype_f64, DBL_MIN},  {&dtype_f16, 0x1p-14},     {&dtype_e4m3, 0x1p-6},
        {&dtype_e5m2, 0x1p-14}, {&dtype_e4m3fnuz, 0x1p-7}, {&dtype_e5m2fnuz, 0x1p-15},
    };
    const struct tensor *tensor = rows->tensor;
    bool stored = !rows->basis && rows->shift == 0 && !(tensor->scale && rows->view.scaled);
    for (size_t i = 0; stored && i < sizeof types / sizeof *types; i++)
        if (types[i].dtype == tensor->dtype)
            return types[i].least;
    return FLT_MIN; /* of BF16 too */
}

static void note(struct finds *finds, uint64_t place)
{
    size_t at = finds->listed;
    finds->count++;
    if (at == AUDIT_PLACES && place > finds->place[--at])
        return;
    for (; at > 0 && finds->place[at - 1] > place; at--)
        finds->place[at] = finds->place[at - 1];
    finds->place[at] = place;
    finds->listed += finds->listed < AUDIT_PLACES;
}

static void note_odd(const struct job *job, struct finds finds[AUDIT_KINDS], uint64_t place,
                     double w)
{
    if (isnan(w))
        note(&finds[AUDIT_NAN], place);
    else if (isinf(w))
        note(&finds[w > 0 ? AUDIT_PLUS_INF : AUDIT_MINUS_INF], place);
    else if (w != 0 && fabs(w) < job->least_normal)
        note(&finds[AUDIT_DENORMAL], place);
}

static void look_for_odd(const struct job *job, struct finds finds[AUDIT_KINDS], uint64_t place,
                         const double w[], size_t n)
{
    for (size_t from = 0; from < n; from += SLICE) {
        size_t end = n - from < SLICE ? n : from + SLICE;
        bool ordinary = true;
        for (size_t i = from; i < end; i++) {
            double magnitude = fabs(w[i]);
            ordinary &= magnitude == 0 || (magnitude >= job->least_normal && magnitude <= DBL_MAX);
        }
        for (size_t i = from; !ordinary && i < end; i++)
            note_odd(job, finds, place + i, w[i]);
    }
}

static struct strip strip_of(const double w[], size_t n)
{
    struct strip strip = {.hash = DUPLICATES_SEED, .first = n > 0 ? w[0] : 0, .alike = true};
    for (size_t i = 0; i < n; i++) {
        uint64_t bits;
        memcpy(&bits, &w[i], sizeof bits);
        strip.hash = duplicates_mix(strip.hash, bits);
        strip.alike &= w[i] == strip.first;
    }
    return strip;
}

static bool work(void *context, size_t unit, struct workspace *workspace, struct error *error)
{
    const struct job *job = context;
    const struct rows *rows = job->rows;
    struct rows_batch range = rows_batch(rows, unit);
    for (size_t i = range.part; i < range.part + range.parts; i++) {
        if (!rows_read(rows, i, workspace->values, workspace->scratch, error))
            return false;
        size_t n = rows_part_length(rows, i);
        uint64_t place = rows_part_channel(rows, i) * rows->length + rows_part_column(rows, i);
        look_for_odd(job, job->finds[workspace->index], place, workspace->values, n);
        job->strip[i] = strip_of(workspace->values, n);
    }
    return true;
}

/* A channel from its parts. */
static struct strip join(const struct strip part[], size_t n)
{
    struct strip whole = part[0];
    for (size_t i = 1; i < n; i++) {
        whole.hash = duplicates_mix(whole.hash, part[i].hash);
        whole.alike &= part[i].alike && part[i].first == whole.first;
    }
    return whole;
}

static void collect_elements(struct audit *audit, const struct job *job, unsigned workers)
{
    const struct rows *rows = job->rows;
    for (int kind = 0; kind < AUDIT_KINDS; kind++) {
        struct finds all = {0};
        uint64_t count = 0;
        for (unsigned k = 0; k < workers; k++) {
            const struct finds *finds = &job->finds[k][kind];
            for (size_t i = 0; i < finds->listed; i++)
                note(&all, finds->place[i]);
            count += finds->count;
        }
        struct audit_elements *elements = &audit->elements[kind];
        elements->count = count;
        elements->listed = all.listed;
        for (size_t i = 0; i < all.listed; i++)
            elements->place[i] =
                (struct audit_place){rows_channel(rows, (size_t)(all.place[i] / rows->length)),
                                     all.place[i] % rows->length};
    }
}

static void name_channel(struct audit_channels *channels, uint64_t channel, uint64_t same_as)
{
    channels->count++;
    if (channels->listed == AUDIT_CHANNELS)
        return;
    channels->channel[channels->listed] = channel;
    channels->same_as[channels->listed++] = same_as;
}

/* Finds the channels that are all alike; the others become candidates for duplicates. */
static size_t collect_constant(struct audit *audit, const struct job *job,
                               struct duplicate candidate[])
{
    const struct rows *rows = job->rows;
    size_t candidates = 0;
    for (size_t row = 0; row < rows->channels; row++) {
        size_t parts = rows->parts_per_channel;
        struct strip strip = join(&job->strip[row * parts], parts);
        if (!strip.alike)
            candidate[candidates++] = (struct duplicate){strip.hash, row, row};
        else if (strip.first == 0)
            name_channel(&audit->zero, rows_channel(rows, row), 0);
        else
            name_channel(&audit->constant, rows_channel(rows, row), 0);
    }
    if (rows->tensor->rank < 2 && audit->zero.count + audit->constant.count > 0) {
        audit->dead = true;
        audit->dead_value = job->strip[0].first;
    }
    return candidates;
}

static bool collect_channels(struct audit *audit, const struct stage *stage, const struct job *job,
                             struct error *error)
{
    const struct rows *rows = stage->rows;
    if (rows->length < 2)
        return true;
    struct duplicate *candidate = mem_alloc(rows->channels, sizeof *candidate);
    size_t candidates = collect_constant(audit, job, candidate);
    bool ok = duplicates_find(stage, candidate, candidates, error);
    for (size_t i = 0; ok && i < candidates; i++)
        if (candidate[i].same_as != candidate[i].row)
            name_channel(&audit->duplicate, rows_channel(rows, candidate[i].row),
                         rows_channel(rows, candidate[i].same_as));
    mem_free(candidate);
    return ok;
}

static void audit_free(struct part *part)
{
    mem_free(part);
}

const struct audit *audit_compute(const struct stage *stage, struct error *error)
{
    const struct rows *rows = stage->rows;
    unsigned workers = pool_size(stage->pool);
    struct audit *audit = mem_zero(1, sizeof *audit);
    part_init(&audit->part, sizeof *audit, audit_free);
    audit->least_normal = least_normal(rows);
    struct job job = {
        .rows = rows,
        .least_normal = audit->least_normal,
        .strip = mem_zero(rows_parts(rows), sizeof *job.strip),
        .finds = mem_zero(workers, sizeof *job.finds),
    };
    watch_begin(stage->watch, "audit", rows->batches);
    bool ok = pool_run(stage->pool, rows->batches, work, &job, stage->watch, error);
    if (ok) {
        collect_elements(audit, &job, workers);
        ok = collect_channels(audit, stage, &job, error);
    }
    mem_free(job.strip);
    mem_free(job.finds);
    if (ok)
        return audit;
    part_unref(&audit->part);
    return NULL;
}

bool audit_clean(const struct audit *audit)
{
    uint64_t broken = audit->elements[AUDIT_NAN].count + audit->elements[AUDIT_PLUS_INF].count +
                      audit->elements[AUDIT_MINUS_INF].count;
    return broken + audit->zero.count + audit->constant.count + audit->duplicate.count == 0;
}
