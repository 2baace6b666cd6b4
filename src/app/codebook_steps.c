/* SPDX-License-Identifier: MIT */
#include "app/codebook_steps.h"

#include <math.h>
#include <string.h>

#include "app/codebook_design.h"
#include "app/emit.h"
#include "app/output.h"
#include "base/decibels.h"
#include "quant/lloyd_max.h"

/* The start divides what lies between the quantiles of this share and of the rest into cells of
 * one width: of every source there is some mass in each. */
#define START_SHARE 1e-3

#define LEVELS_MOST (1 << LLOYD_MAX_BITS_MOST)

struct record {
    uint64_t step;
    double mse, sqnr_db;
    double excess; /* of the MSE over the least one, as a share of that */
    double moved;
    struct emit_vector levels;
};

static const struct emit_field fields[] = {
    EMIT_FIELD(record, EMIT_COUNT, step, "step", 0),
    EMIT_FIELD(record, EMIT_NUMBER, mse, "mse", 8),
    EMIT_FIELD(record, EMIT_NUMBER, sqnr_db, "SQNR dB", 6),
    EMIT_FIELD(record, EMIT_NUMBER, excess, "above the least mse", 3),
    EMIT_FIELD(record, EMIT_NUMBER, moved, "largest move", 4),
    EMIT_FIELD(record, EMIT_VECTOR, levels, NULL, 0),
};

static void start(const struct source *unit, size_t n, double level[])
{
    const double low = unit->type->quantile(unit, START_SHARE),
                 high = unit->type->quantile(unit, 1 - START_SHARE);
    for (size_t i = 0; i < n; i++) {
        const double share = ((double)i + 0.5) / (double)n;
        level[i] = low * (1 - share) + high * share;
    }
}

/* Alternates at mean 0 and standard deviation 1 and prints in the source's own units. */
static void print_records(const struct options *options, const struct source *source, size_t n,
                          const struct design *best, struct emit *emit)
{
    struct source unit = *source;
    double level[LEVELS_MOST], shown[LEVELS_MOST], moved = NAN;
    unit.mean = 0;
    unit.std = 1;
    start(&unit, n, level);
    for (int i = 0; i <= options->codebook.steps; i++) {
        double next;
        for (size_t k = 0; k < n; k++)
            shown[k] = source->mean + source->std * level[k];
        const double mse = source->std * source->std * lloyd_max_step(&unit, level, n, &next);
        const struct record record = {
            .step = (uint64_t)i,
            .mse = mse,
            .sqnr_db = decibels(best->signal / mse),
            .excess = mse / best->mse - 1,
            .moved = moved,
            .levels = {shown, n},
        };
        emit_record(emit, &record);
        moved = source->std * next;
    }
}

bool codebook_steps(const struct options *options, const struct source *source, struct error *error)
{
    struct design best;
    struct output output;
    char name[SOURCE_NAME];
    if (!design_make(&best, options, source, error))
        return false;
    bool ok = output_open(&output, options->output, error);
    if (ok) {
        struct emit *emit = emit_begin(&output, options, fields, sizeof fields / sizeof *fields);
        emit_text(emit, "scheme", options->scheme_name);
        emit_text(emit, "source", source_print(source, name));
        emit_count(emit, "bits", (uint64_t)best.bits);
        emit_number(emit, "mean", source->mean);
        emit_number(emit, "std", source->std);
        emit_array(emit, "steps");
        print_records(options, source, best.n, &best, emit);
        emit_end(emit);
        ok = output_close(&output, true, error);
    }
    design_done(&best);
    return ok;
}
