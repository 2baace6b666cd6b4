/* SPDX-License-Identifier: MIT */
#include "engine/layer_turned.h"

#include <math.h>
#include <string.h>

#include <gsl/gsl_rng.h>

#include "base/mem.h"
#include "engine/layer_basis.h"
#include "linear/token_grid.h"

#define TOKENS_AT_ONCE 32
#define PROBE_SEED     1

struct block_sums {
    struct concentration concentration;
    double low, high;
};

struct job {
    struct layer_turned *turned;
    const struct basis *basis;
    const struct input_grid *grid;
    struct token_grid fixed; /* for all tokens, if grid->fixed */
    size_t tokens, columns;
    struct block_sums *block; /* by unit */
    double **scratch;         /* by worker */
};

static size_t block_tokens(const struct job *job, size_t unit)
{
    const size_t left = job->tokens - unit * TOKENS_AT_ONCE;
    return left < TOKENS_AT_ONCE ? left : TOKENS_AT_ONCE;
}

static bool turn_block(void *context, size_t unit, struct workspace *workspace, struct error *error)
{
    (void)error;
    const struct job *job = context;
    const size_t n = block_tokens(job, unit);
    double *x = job->turned->x + unit * TOKENS_AT_ONCE * job->columns;
    struct block_sums *sums = &job->block[unit];
    basis_turn_tokens(job->basis, x, n, job->scratch[workspace->index]);
    sums->low = sums->high = x[0];
    for (size_t i = 0; i < n * job->columns; i++) {
        sums->low = fmin(sums->low, x[i]);
        sums->high = fmax(sums->high, x[i]);
    }
    return true;
}

static bool round_block(void *context, size_t unit, struct workspace *workspace,
                        struct error *error)
{
    (void)workspace, (void)error;
    const struct job *job = context;
    const struct input_grid *input = job->grid;
    for (size_t i = 0; i < block_tokens(job, unit); i++) {
        const size_t at = (unit * TOKENS_AT_ONCE + i) * job->columns;
        const double *x = job->turned->x + at;
        struct token_grid grid = job->fixed;
        if (input->bits > 0 && !input->fixed)
            grid = token_grid_of(x, job->columns, input->bits, input->symmetric);
        if (input->bits > 0)
            token_grid_round(&grid, x, job->columns, job->turned->f + at);
        concentration_add(&job->block[unit].concentration, x, job->columns, grid.range);
    }
    return true;
}

static struct token_grid fixed_grid(const struct job *job, size_t units)
{
    double low = job->block[0].low, high = job->block[0].high;
    for (size_t i = 1; i < units; i++) {
        low = fmin(low, job->block[i].low);
        high = fmax(high, job->block[i].high);
    }
    return token_grid_make(low, high, job->grid->bits, job->grid->symmetric);
}

static bool run_blocks(struct job *job, struct pool *pool, struct watch *watch, struct error *error)
{
    const size_t units = (job->tokens + TOKENS_AT_ONCE - 1) / TOKENS_AT_ONCE;
    watch_begin(watch, "inputs", 2 * units);
    job->block = mem_zero(units, sizeof *job->block);
    bool ok = pool_run(pool, units, turn_block, job, watch, error);
    if (ok && job->grid->bits > 0 && job->grid->fixed)
        job->fixed = fixed_grid(job, units);
    ok = ok && pool_run(pool, units, round_block, job, watch, error);
    for (size_t i = 0; ok && i < units; i++)
        concentration_merge(&job->turned->concentration, &job->block[i].concentration);
    mem_free(job->block);
    return ok;
}

/* Room for the samples, a copy of them and their errors. */
static bool copy_samples(struct layer_turned *turned, const struct layer_inputs *inputs,
                         bool rounded, struct error *error)
{
    const size_t row = inputs->columns * sizeof(double);
    turned->x = mem_try(inputs->tokens, row);
    turned->f = rounded ? mem_try(inputs->tokens, row) : NULL;
    if (!turned->x || (rounded && !turned->f))
        return error_set(error, ERROR_SYSTEM, "no memory for %zu samples of %zu numbers",
                         inputs->tokens, inputs->columns);
    memcpy(turned->x, inputs->x, inputs->tokens * row);
    return true;
}

static bool turn_samples(struct layer_turned *turned, struct pool *pool, struct watch *watch,
                         const struct layer_inputs *inputs, const struct basis *basis,
                         const struct input_grid *grid, struct error *error)
{
    if (!copy_samples(turned, inputs, grid->bits > 0, error))
        return false;
    const unsigned workers = pool_size(pool);
    struct job job = {.turned = turned,
                      .basis = basis,
                      .grid = grid,
                      .tokens = inputs->tokens,
                      .columns = inputs->columns,
                      .scratch = mem_alloc(workers, sizeof *job.scratch)};
    for (unsigned i = 0; i < workers; i++)
        job.scratch[i] = mem_alloc(basis_scratch(basis), sizeof **job.scratch);
    const bool ok = run_blocks(&job, pool, watch, error);
    for (unsigned i = 0; i < workers; i++)
        mem_free(job.scratch[i]);
    mem_free(job.scratch);
    return ok;
}

/* Evenly spread samples; draws where there are none, of the moment's size in each column, so that
 * what is compared is what matters. */
static void choose_probes(struct layer_turned *turned, const struct layer_inputs *inputs)
{
    const size_t columns = inputs->columns, tokens = inputs->tokens;
    turned->probes = inputs->x && tokens < LAYER_PROBES ? tokens : LAYER_PROBES;
    turned->probe = mem_alloc(turned->probes, columns * sizeof *turned->probe);
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, PROBE_SEED);
    for (size_t i = 0; i < turned->probes; i++)
        for (size_t j = 0; j < columns; j++)
            turned->probe[i * columns + j] =
                inputs->x ? inputs->x[i * tokens / turned->probes * columns + j]
                          : sqrt(moment_at(&inputs->moment, j, j)) * (2 * gsl_rng_uniform(rng) - 1);
    gsl_rng_free(rng);
}

static void turn_probes(struct layer_turned *turned, const struct basis *basis)
{
    const size_t values = turned->probes * basis_columns(basis);
    turned->probe_turned = mem_alloc(values, sizeof *turned->probe_turned);
    memcpy(turned->probe_turned, turned->probe, values * sizeof *turned->probe);
    double *scratch = mem_alloc(basis_scratch(basis), sizeof *scratch);
    basis_turn_tokens(basis, turned->probe_turned, turned->probes, scratch);
    mem_free(scratch);
}

bool layer_turned_make(struct layer_turned *turned, struct pool *pool, struct watch *watch,
                       const struct layer_group *group, const struct basis *basis,
                       const struct input_grid *grid, struct error *error)
{
    const struct layer_inputs *inputs = group->inputs;
    *turned = (struct layer_turned){.moment = {.columns = group->columns, .block = 1}};
    choose_probes(turned, inputs);
    turn_probes(turned, basis);
    if (inputs->x)
        return turn_samples(turned, pool, watch, inputs, basis, grid, error);
    if (!layer_basis_moment(basis, &inputs->moment, &turned->moment, error))
        return false;
    turned->concentration.power = moment_trace(&turned->moment);
    return true;
}

void layer_turned_done(struct layer_turned *turned)
{
    mem_free(turned->probe_turned);
    mem_free(turned->probe);
    mem_free((double *)turned->moment.value);
    mem_free(turned->f);
    mem_free(turned->x);
}
