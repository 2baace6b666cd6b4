/* SPDX-License-Identifier: MIT */
#include "engine/layer.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "engine/layer_basis.h"
#include "engine/layer_rounding.h"
#include "engine/layer_turned.h"
#include "linear/token_grid.h"

/* Samples that the errors of a block of rows are multiplied with at a time. */
#define TOKENS_AT_ONCE 256

/* Weights, at most, that the family of a whole matrix is told by: whole rows, evenly spread. */
#define FAMILY_WEIGHTS (1u << 20)

bool input_grid_equal(const struct input_grid *a, const struct input_grid *b)
{
    return a->bits == b->bits && a->symmetric == b->symmetric && a->fixed == b->fixed;
}

/* A worker's memory; matrices have room for layer_rows_at_once. */
struct bench {
    double *original, *w, *e; /* rows as they are, behind the transform, and their errors */
    double *scratch;          /* of the basis */
    double *columns[2];       /* some columns of w and e, for moments in blocks */
    struct layer_rounder *rounder;
};

/* What a block of rows adds. */
struct block_sums {
    struct layer_error error;
    struct concentration weight;
    double abs_max;          /* of W T⁻¹ */
    double deviation, power; /* the largest |W T⁻¹ T x - W x|, and the sum of |W x|² */
};

struct job {
    const struct layer_group *group;
    const struct layer_request *request;
    const struct basis *basis;
    const struct layer_turned *turned;
    const struct books *books;
    size_t member;
    size_t rows_at_once;
    struct bench *bench;      /* by worker */
    struct block_sums *block; /* by unit */
};

static double dot(const double a[], const double b[], size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

static size_t block_rows(const struct job *job, size_t unit)
{
    const size_t left = job->group->member[job->member].rows - unit * job->rows_at_once;
    return left < job->rows_at_once ? left : job->rows_at_once;
}

/* Reads a block of rows and turns it. */
static bool read_block(const struct job *job, size_t unit, const struct bench *bench,
                       struct error *error)
{
    const size_t n = block_rows(job, unit);
    if (!layer_read_rows(job->group, job->member, unit * job->rows_at_once, n, bench->original,
                         error))
        return false;
    memcpy(bench->w, bench->original, n * job->group->columns * sizeof *bench->w);
    basis_turn_weights(job->basis, bench->w, n, bench->scratch);
    return true;
}

/* ---- what is to be known of a whole weight ---- */

static bool abs_max_work(void *context, size_t unit, struct workspace *workspace,
                         struct error *error)
{
    const struct job *job = context;
    const struct bench *bench = &job->bench[workspace->index];
    if (!read_block(job, unit, bench, error))
        return false;
    double *most = &job->block[unit].abs_max;
    for (size_t i = 0; i < block_rows(job, unit) * job->group->columns; i++)
        *most = fmax(*most, fabs(bench->w[i]));
    return true;
}

static bool find_family(const struct job *job, bool *laplace, struct error *error)
{
    const size_t columns = job->group->columns, rows = job->group->member[job->member].rows;
    const size_t fitting = FAMILY_WEIGHTS / columns > 0 ? FAMILY_WEIGHTS / columns : 1;
    const size_t taken = rows < fitting ? rows : fitting;
    double *w = mem_alloc(taken, columns * sizeof *w);
    bool ok = true;
    for (size_t i = 0; ok && i < taken; i++)
        ok = layer_read_rows(job->group, job->member, i * rows / taken, 1, w + i * columns, error);
    if (ok) {
        basis_turn_weights(job->basis, w, taken, job->bench[0].scratch);
        *laplace = layer_rounding_family(w, taken * columns);
    }
    mem_free(w);
    return ok;
}

static bool find_facts(const struct job *job, struct pool *pool, struct watch *watch, size_t units,
                       struct layer_facts *facts, struct error *error)
{
    const struct scheme *scheme = &job->request->scheme;
    *facts = (struct layer_facts){.abs_max = 0};
    if (layer_rounding_wants_family(scheme) && !find_family(job, &facts->laplace, error))
        return false;
    if (!layer_rounding_wants_abs_max(scheme))
        return true;
    if (!pool_run(pool, units, abs_max_work, (void *)job, watch, error))
        return false;
    for (size_t i = 0; i < units; i++)
        facts->abs_max = fmax(facts->abs_max, job->block[i].abs_max);
    return true;
}

/* ---- a block of rows ---- */

static void add_samples(const struct job *job, const struct layer_rows *rows,
                        struct layer_error *error)
{
    const size_t tokens = job->group->inputs->tokens;
    const struct layer_turned *turned = job->turned;
    for (size_t first = 0, n; first < tokens; first += n) {
        n = tokens - first < TOKENS_AT_ONCE ? tokens - first : TOKENS_AT_ONCE;
        layer_error_add_samples(error, rows, turned->x + first * rows->d,
                                turned->f ? turned->f + first * rows->d : NULL, n);
    }
}

static void gather(const double rows[], size_t count, size_t d, size_t start, size_t width,
                   double out[])
{
    for (size_t i = 0; i < count; i++)
        memcpy(out + i * width, rows + i * d + start, width * sizeof *out);
}

/* Each block of the moment meets its columns alone. */
static void add_blocks(const struct job *job, const struct bench *bench,
                       const struct layer_rows *rows, struct layer_error *error)
{
    const struct moment *moment = &job->turned->moment;
    double *square = mem_alloc(moment->block, moment->block * sizeof *square);
    for (size_t start = 0; start < rows->d; start += moment->block) {
        const size_t width = moment_block_columns(rows->d, moment->block, start);
        gather(rows->w, rows->count, rows->d, start, width, bench->columns[0]);
        gather(rows->e, rows->count, rows->d, start, width, bench->columns[1]);
        gather(moment->value, width, rows->d, start, width, square);
        const struct layer_rows some = {bench->columns[0], bench->columns[1], rows->count, width};
        layer_error_add_moment(error, &some, square);
    }
    mem_free(square);
}

static void add_errors(const struct job *job, const struct bench *bench, size_t n,
                       struct layer_error *error)
{
    const struct moment *moment = &job->turned->moment;
    const struct layer_rows rows = {bench->w, bench->e, n, job->group->columns};
    if (job->turned->x)
        add_samples(job, &rows, error);
    else if (moment->block == 1)
        layer_error_add_diagonal(error, &rows, moment->value);
    else if (moment->block == rows.d)
        layer_error_add_moment(error, &rows, moment->value);
    else
        add_blocks(job, bench, &rows, error);
}

/* Compares W T⁻¹ T x with W x. */
static void compare(const struct job *job, const struct bench *bench, size_t n,
                    struct block_sums *sums)
{
    const struct layer_turned *turned = job->turned;
    const size_t d = job->group->columns;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < turned->probes; k++) {
            const double y = dot(bench->original + i * d, turned->probe + k * d, d);
            const double same = dot(bench->w + i * d, turned->probe_turned + k * d, d);
            sums->power += y * y;
            sums->deviation = fmax(sums->deviation, fabs(same - y));
        }
}

static bool work(void *context, size_t unit, struct workspace *workspace, struct error *error)
{
    const struct job *job = context;
    const struct bench *bench = &job->bench[workspace->index];
    const size_t n = block_rows(job, unit);
    struct block_sums *sums = &job->block[unit];
    if (!read_block(job, unit, bench, error))
        return false;
    layer_rounder_round(bench->rounder, bench->w, n, job->group->columns, bench->e, &sums->weight);
    add_errors(job, bench, n, &sums->error);
    compare(job, bench, n, sums);
    return true;
}

/* ---- a member ---- */

static struct layer_figures figures_of(const struct job *job, size_t units)
{
    const struct input_grid *inputs = &job->request->inputs;
    struct layer_sums sums = {
        .activation = job->turned->concentration,
        .weight_steps = layer_rounding_steps(&job->request->scheme),
        .activation_steps =
            inputs->bits > 0 ? token_grid_steps(inputs->bits, inputs->symmetric) : 0,
        .max_alignment = job->group->member[job->member].max_alignment,
    };
    double deviation = 0, power = 0;
    for (size_t i = 0; i < units; i++) {
        layer_error_merge(&sums.error, &job->block[i].error);
        concentration_merge(&sums.weight, &job->block[i].weight);
        deviation = fmax(deviation, job->block[i].deviation);
        power += job->block[i].power;
    }
    const double outputs = (double)(job->group->member[job->member].rows * job->turned->probes);
    return (struct layer_figures){
        .sqnr = layer_sqnr_of(&sums),
        .deviation = power > 0 ? deviation / sqrt(power / outputs) : (double)NAN,
    };
}

static bool measure_units(struct job *job, struct pool *pool, struct watch *watch, size_t units,
                          struct error *error)
{
    struct layer_facts facts;
    if (!find_facts(job, pool, watch, units, &facts, error))
        return false;
    for (unsigned i = 0; i < pool_size(pool); i++) {
        layer_rounder_free(job->bench[i].rounder);
        job->bench[i].rounder = layer_rounder_new(&job->request->scheme, job->books, &facts);
    }
    watch_begin(watch, "layer", units);
    return pool_run(pool, units, work, job, watch, error);
}

static bool measure_member(struct job *job, struct pool *pool, struct watch *watch,
                           struct layer_figures *figures, struct error *error)
{
    const size_t rows = job->group->member[job->member].rows;
    const size_t units = (rows + job->rows_at_once - 1) / job->rows_at_once;
    job->block = mem_zero(units, sizeof *job->block);
    const bool ok = measure_units(job, pool, watch, units, error);
    if (ok)
        *figures = figures_of(job, units);
    mem_free(job->block);
    return ok;
}

/* ---- all members ---- */

static struct bench bench_new(const struct job *job)
{
    const size_t values = job->rows_at_once * job->group->columns;
    return (struct bench){
        .original = mem_alloc(values, sizeof(double)),
        .w = mem_alloc(values, sizeof(double)),
        .e = mem_alloc(values, sizeof(double)),
        .scratch = mem_alloc(basis_scratch(job->basis), sizeof(double)),
        .columns = {mem_alloc(values, sizeof(double)), mem_alloc(values, sizeof(double))},
    };
}

static void bench_done(struct bench *bench)
{
    layer_rounder_free(bench->rounder);
    mem_free(bench->columns[1]);
    mem_free(bench->columns[0]);
    mem_free(bench->scratch);
    mem_free(bench->e);
    mem_free(bench->w);
    mem_free(bench->original);
}

static bool measure_members(struct job *job, struct pool *pool, struct watch *watch,
                            struct layer *layer, struct error *error)
{
    const unsigned workers = pool_size(pool);
    job->rows_at_once = layer_rows_at_once(job->group->columns);
    job->bench = mem_alloc(workers, sizeof *job->bench);
    for (unsigned i = 0; i < workers; i++)
        job->bench[i] = bench_new(job);
    bool ok = true;
    for (size_t i = 0; ok && i < layer->count; i++) {
        job->member = i;
        ok = measure_member(job, pool, watch, &layer->member[i], error);
    }
    for (unsigned i = 0; i < workers; i++)
        bench_done(&job->bench[i]);
    mem_free(job->bench);
    return ok;
}

static char *describe(const struct basis *basis)
{
    struct text text = {0};
    basis_print(basis, &text);
    return text.data;
}

static void layer_free(struct part *part)
{
    struct layer *layer = (struct layer *)part;
    mem_free(layer->basis);
    mem_free(layer->member);
    mem_free(layer);
}

static struct layer *layer_new(const struct layer_group *group, const struct basis *basis)
{
    struct layer *layer = mem_zero(1, sizeof *layer);
    layer->count = group->count;
    layer->member = mem_zero(group->count, sizeof *layer->member);
    layer->basis = describe(basis);
    part_init(&layer->part, sizeof *layer + group->count * sizeof *layer->member, layer_free);
    return layer;
}

static const struct layer *measure(struct pool *pool, struct watch *watch, const struct job *all,
                                   struct error *error)
{
    struct layer_turned turned;
    struct job job = *all;
    struct layer *layer = layer_new(job.group, job.basis);
    job.turned = &turned;
    bool ok =
        layer_turned_make(&turned, pool, watch, job.group, job.basis, &job.request->inputs, error);
    ok = ok && measure_members(&job, pool, watch, layer, error);
    layer_turned_done(&turned);
    if (ok)
        return layer;
    part_unref(&layer->part);
    return NULL;
}

const struct layer *layer_compute(struct pool *pool, struct watch *watch,
                                  const struct layer_group *group,
                                  const struct layer_request *request, struct error *error)
{
    struct job job = {.group = group, .request = request};
    if (!layer_rounding_check(&request->scheme, error))
        return NULL;
    struct books *books = books_make(&request->scheme, error);
    struct basis *basis = books ? layer_basis_new(group, &request->transform, error) : NULL;
    job.books = books;
    job.basis = basis;
    const struct layer *layer = basis ? measure(pool, watch, &job, error) : NULL;
    basis_free(basis);
    books_free(books);
    return layer;
}
