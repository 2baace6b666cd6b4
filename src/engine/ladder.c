/* SPDX-License-Identifier: MIT */
#include "engine/ladder.h"

#include <math.h>
#include <string.h>

#include "base/decibels.h"
#include "base/mem.h"
#include "engine/ladder_row.h"
#include "engine/ladder_theory.h"
#include "stats/moments.h"
#include "stats/quantile.h"
#include "stats/source.h"

/* Pieces of work that keep sums of their own, added in the order of the pieces: the result is then
 * the same for any number of threads.  At most 6 MB, and a billion weights in pieces of a
 * millisecond, after which the work can be held. */
#define PIECES_MOST 2048

/* Weights of a piece, at least: its sums are then nothing beside its work. */
#define PIECE_LEAST 65536

/* q/σ beyond which PQN does not hold (MATH §3.7). */
#define WIDE 2.0

/* Sums of a width over the elements of channels. */
struct width_sums {
    double errors, squares; /* of e and e^2 */
    double most;            /* largest |e| */
    /* Channels that theory speaks of; pqn: of q^2/12 over their elements. */
    double elements, theory_errors, theory_squares, pqn;
    double known; /* sum of e^2 over the others, whose error needs no theory */
    uint64_t wide;
    struct regression std_fit[RECORD_CHANNELS], mean_fit[RECORD_CHANNELS];
};

struct piece {
    struct moments total;
    double abs_max_over_std;
    uint64_t worst_channel;
    uint32_t ratio[RECORD_RATIOS];
    struct width_sums width[RECORD_WIDTHS];
};

struct job {
    const struct stage *stage;
    const struct normality *normality;
    size_t per_piece, pieces; /* batches of whole channels, or cut channels, to a piece */
    struct piece *piece;      /* and one for the sum of all */
    double *ratio;            /* by channel: max |w|/σ, NaN where there is none */
    /* Of channels that are cut into parts, by part; else NULL. */
    struct moments *part;
    struct ladder_sums (*sums)[RECORD_WIDTHS];
};

/* ---- a channel ---- */

struct channel {
    size_t row;
    double n, mean, std, abs_max;
    bool normal;
};

static void add_width(struct width_sums *width, const struct channel *channel, int bits,
                      const struct ladder_sums *sums)
{
    const double step = channel->abs_max / ((1 << (bits - 1)) - 1), n = channel->n;
    const double errors = step * (double)sums->codes - n * channel->mean;
    const double squares = step * step * sums->squares, mean = errors / n;
    width->errors += errors;
    width->squares += squares;
    width->most = fmax(width->most, step * sqrt(sums->most));
    if (!(channel->std > 0 && step > 0)) {
        width->known += squares;
        return;
    }
    double theory_mean, theory_variance;
    ladder_theory(channel->mean, channel->std, step, &theory_mean, &theory_variance);
    width->elements += n;
    width->theory_errors += n * theory_mean;
    width->theory_squares += n * (theory_variance + theory_mean * theory_mean);
    width->pqn += n * step * step / 12;
    width->wide += step > WIDE * channel->std;
    const double std = sqrt(fmax(squares / n - mean * mean, 0));
    for (int kind = RECORD_ALL; kind <= (channel->normal ? RECORD_NORMAL : RECORD_ALL); kind++) {
        regression_add(&width->std_fit[kind], sqrt(theory_variance), std);
        regression_add(&width->mean_fit[kind], theory_mean, mean);
    }
}

static void add_ratio(struct piece *piece, const struct job *job, const struct channel *channel)
{
    const double ratio = channel->abs_max / channel->std;
    const double bin = log2(ratio) * RECORD_RATIOS_PER_OCTAVE;
    job->ratio[channel->row] = ratio;
    piece->ratio[(size_t)fmin(fmax(bin, 0), RECORD_RATIOS - 1)]++;
    if (ratio > piece->abs_max_over_std) {
        piece->abs_max_over_std = ratio;
        piece->worst_channel = rows_channel(job->stage->rows, channel->row);
    }
}

/* A channel is known: it goes into the piece's sums. */
static void add_channel(const struct job *job, struct piece *piece, size_t row,
                        const struct moments *moments, const struct ladder_sums sums[])
{
    const struct channel channel = {
        .row = row,
        .n = (double)moments->count,
        .mean = moments_mean(moments),
        .std = moments_std(moments),
        .abs_max = moments_abs_max(moments),
        .normal = job->normality && job->normality->channel[row].p >= NORMALITY_LEVEL,
    };
    moments_merge(&piece->total, moments);
    job->ratio[row] = NAN;
    if (moments->count == 0)
        return;
    if (channel.std > 0)
        add_ratio(piece, job, &channel);
    for (int bits = RECORD_BITS_LEAST; bits <= RECORD_BITS_MOST; bits++)
        add_width(&piece->width[bits - RECORD_BITS_LEAST], &channel, bits,
                  &sums[bits - RECORD_BITS_LEAST]);
}

/* Rounds a part at all widths. */
static void round_row(struct ladder_row *row, const struct moments *channel,
                      struct ladder_sums sums[RECORD_WIDTHS])
{
    struct scheme scheme = scheme_default();
    for (size_t i = 0; i < RECORD_WIDTHS; i++) {
        scheme.bits = RECORD_BITS_LEAST + (int)i;
        const struct grid grid = grid_cover(&scheme, channel, NULL);
        sums[i] = ladder_row_round(row, &grid, channel);
    }
}

/* ---- channels that fit a worker's buffer ---- */

static bool whole_row(const struct job *job, size_t part, struct piece *piece,
                      struct workspace *workspace, struct error *error)
{
    struct ladder_row row;
    struct moments moments;
    struct ladder_sums sums[RECORD_WIDTHS];
    if (!ladder_row_read(&row, job->stage->rows, part, LADDER_MOMENTS, workspace, &moments, error))
        return false;
    round_row(&row, &moments, sums);
    add_channel(job, piece, part, &moments, sums);
    return true;
}

static bool whole_work(void *context, size_t unit, struct workspace *workspace, struct error *error)
{
    const struct job *job = context;
    const struct rows *rows = job->stage->rows;
    const size_t end = (unit + 1) * job->per_piece;
    for (size_t i = unit * job->per_piece; i < end && i < rows->batches; i++) {
        const struct rows_batch batch = rows_batch(rows, i);
        for (size_t part = batch.part; part < batch.part + batch.parts; part++) {
            if (!whole_row(job, part, &job->piece[unit], workspace, error))
                return false;
        }
        if (atomic_load(&job->stage->watch->cancel))
            return error_set(error, ERROR_CANCELLED, "cancelled");
    }
    return true;
}

/* ---- channels that are cut: all moments first, then the parts again ---- */

static bool look_work(void *context, size_t part, struct workspace *workspace, struct error *error)
{
    const struct job *job = context;
    struct ladder_row row;
    return ladder_row_read(&row, job->stage->rows, part, LADDER_MOMENTS, workspace,
                           &job->part[part], error);
}

static bool round_work(void *context, size_t part, struct workspace *workspace, struct error *error)
{
    const struct job *job = context;
    const struct rows *rows = job->stage->rows;
    struct ladder_row row;
    if (!ladder_row_read(&row, rows, part, LADDER_ELEMENTS, workspace, NULL, error))
        return false;
    /* The first part of a channel has become the sum of all. */
    round_row(&row, &job->part[part - part % rows->parts_per_channel], job->sums[part]);
    return true;
}

static void merge_parts(const struct job *job)
{
    const struct rows *rows = job->stage->rows;
    for (size_t part = 0; part < rows_parts(rows); part++) {
        const size_t first = part - part % rows->parts_per_channel;
        if (part != first)
            moments_merge(&job->part[first], &job->part[part]);
    }
}

static void collect_channels(const struct job *job)
{
    const size_t per = job->stage->rows->parts_per_channel;
    for (size_t row = 0; row < job->stage->rows->channels; row++) {
        struct ladder_sums *sum = job->sums[row * per];
        for (size_t k = 1; k < per; k++) {
            const struct ladder_sums *other = job->sums[row * per + k];
            for (size_t i = 0; i < RECORD_WIDTHS; i++) {
                sum[i].codes += other[i].codes;
                sum[i].squares += other[i].squares;
                sum[i].most = fmax(sum[i].most, other[i].most);
            }
        }
        add_channel(job, &job->piece[row / job->per_piece], row, &job->part[row * per], sum);
    }
}

static bool run_cut(struct job *job, struct error *error)
{
    const struct stage *stage = job->stage;
    const size_t parts = rows_parts(stage->rows);
    job->part = mem_zero(parts, sizeof *job->part);
    job->sums = mem_zero(parts, sizeof *job->sums);
    watch_begin(stage->watch, "survey", 2 * stage->rows->batches);
    bool ok = pool_run(stage->pool, parts, look_work, job, stage->watch, error);
    if (ok)
        merge_parts(job);
    ok = ok && pool_run(stage->pool, parts, round_work, job, stage->watch, error);
    if (ok)
        collect_channels(job);
    mem_free(job->part);
    mem_free(job->sums);
    return ok;
}

/* ---- all ---- */

static void merge_piece(struct piece *sum, const struct piece *other)
{
    moments_merge(&sum->total, &other->total);
    if (other->abs_max_over_std > sum->abs_max_over_std) {
        sum->abs_max_over_std = other->abs_max_over_std;
        sum->worst_channel = other->worst_channel;
    }
    for (size_t i = 0; i < RECORD_RATIOS; i++)
        sum->ratio[i] += other->ratio[i];
    for (size_t i = 0; i < RECORD_WIDTHS; i++) {
        struct width_sums *a = &sum->width[i];
        const struct width_sums *b = &other->width[i];
        a->errors += b->errors;
        a->squares += b->squares;
        a->most = fmax(a->most, b->most);
        a->elements += b->elements;
        a->theory_errors += b->theory_errors;
        a->theory_squares += b->theory_squares;
        a->pqn += b->pqn;
        a->known += b->known;
        a->wide += b->wide;
        for (int kind = 0; kind < RECORD_CHANNELS; kind++) {
            regression_merge(&a->std_fit[kind], &b->std_fit[kind]);
            regression_merge(&a->mean_fit[kind], &b->mean_fit[kind]);
        }
    }
}

static void describe_weights(const struct job *job, const struct piece *sum,
                             struct record_weights *weights)
{
    const struct moments *total = &sum->total;
    const struct rows *rows = job->stage->rows;
    const bool any = total->count > 0, ratio = sum->abs_max_over_std > 0;
    *weights = (struct record_weights){
        .channels = rows->channels,
        .elements = total->count + total->nonfinite,
        .nonfinite = total->nonfinite,
        .mean = moments_mean(total),
        .std = moments_std(total),
        .skewness = moments_skewness(total),
        .excess_kurtosis = moments_excess_kurtosis(total),
        .min = any ? total->min : (double)NAN,
        .max = any ? total->max : (double)NAN,
        .abs_max = any ? moments_abs_max(total) : (double)NAN,
        .abs_max_over_std_median = NAN,
        .abs_max_over_std = ratio ? sum->abs_max_over_std : (double)NAN,
        .abs_max_expected = source_gaussian_maximum_median((double)rows->length),
        .worst_channel = sum->worst_channel,
    };
    memcpy(weights->ratio, sum->ratio, sizeof sum->ratio);
    const size_t n = quantile_keep_finite(job->ratio, rows->channels);
    if (n > 0)
        weights->abs_max_over_std_median = quantile_percentile(job->ratio, n, 50);
}

static void describe_error(const struct piece *sum, const struct width_sums *width,
                           struct record_error *error)
{
    const struct moments *total = &sum->total;
    const double n = (double)total->count, power = total->m2 + n * total->mean * total->mean;
    const double mean = width->errors / n, mse = width->squares / n;
    const double theory = width->theory_errors / width->elements,
                 theory_mse = width->theory_squares / width->elements;
    *error = (struct record_error){
        .mean = mean,
        .std = isnan(mse) ? mse : sqrt(fmax(mse - mean * mean, 0)),
        .mse = mse,
        .abs_max = total->count > 0 ? width->most : (double)NAN,
        /* Without channels that have a theory these are 0/0, not defined. */
        .theory_mean = theory,
        .theory_std = isnan(theory) ? theory : sqrt(fmax(theory_mse - theory * theory, 0)),
        .pqn_std = sqrt(width->pqn / width->elements),
        .sqnr_db = decibels(power / width->squares),
        .theory_sqnr_db =
            theory_mse > 0 ? decibels(power / (width->theory_squares + width->known)) : (double)NAN,
        .wide_channels = width->wide,
    };
    memcpy(error->std_fit, width->std_fit, sizeof error->std_fit);
    memcpy(error->mean_fit, width->mean_fit, sizeof error->mean_fit);
}

static void make_pieces(struct job *job)
{
    const struct rows *rows = job->stage->rows;
    const size_t n = rows->parts_per_channel > 1 ? rows->channels : rows->batches;
    const uint64_t each = n > 0 ? rows_elements(rows) / n : 0;
    const size_t worth = each > 0 ? (size_t)(PIECE_LEAST / each) : 1;
    job->per_piece = n > PIECES_MOST ? (n + PIECES_MOST - 1) / PIECES_MOST : 1;
    job->per_piece = job->per_piece < worth ? worth : job->per_piece;
    job->pieces = (n + job->per_piece - 1) / job->per_piece;
    job->piece = mem_zero(job->pieces + 1, sizeof *job->piece);
    job->ratio = mem_alloc(rows->channels, sizeof *job->ratio);
}

bool ladder_compute(const struct stage *stage, const struct normality *normality,
                    struct record_weights *weights, struct record_error error[RECORD_WIDTHS],
                    struct error *why)
{
    struct job job = {.stage = stage, .normality = normality};
    make_pieces(&job);
    bool ok;
    if (stage->rows->parts_per_channel > 1) {
        ok = run_cut(&job, why);
    } else {
        watch_begin(stage->watch, "survey", job.pieces);
        ok = pool_run(stage->pool, job.pieces, whole_work, &job, stage->watch, why);
    }
    struct piece *sum = &job.piece[job.pieces];
    for (size_t i = 0; ok && i < job.pieces; i++)
        merge_piece(sum, &job.piece[i]);
    if (ok) {
        describe_weights(&job, sum, weights);
        for (size_t i = 0; i < RECORD_WIDTHS; i++)
            describe_error(sum, &sum->width[i], &error[i]);
    }
    mem_free(job.piece);
    mem_free(job.ratio);
    return ok;
}
