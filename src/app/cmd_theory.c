/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "app/command.h"
#include "app/emit.h"
#include "app/output.h"
#include "base/mem.h"
#include "quant/theory.h"

/* Where the density of a grid with ends is left: values beyond are a Gaussian's billionth part. */
#define TAIL_SIGMA 6.0

struct record {
    struct emit_string source;
    double mean, std, step;
    uint64_t levels_each_side;
    double error_mean, error_std, error_mse, granular_mse, overload_mse, covariance;
    double pqn_mse, pqn_deviation;
    struct emit_points density;
};

static const struct emit_field fields[] = {
    EMIT_FIELD(record, EMIT_STRING, source, "source", 0),
    EMIT_FIELD(record, EMIT_NUMBER, mean, "mean", 4),
    EMIT_FIELD(record, EMIT_NUMBER, std, "std", 4),
    EMIT_FIELD(record, EMIT_NUMBER, step, "step", 4),
    EMIT_FIELD(record, EMIT_COUNT, levels_each_side, "levels each side", 0),
    EMIT_FIELD(record, EMIT_NUMBER, error_mean, "error mean", 4),
    EMIT_FIELD(record, EMIT_NUMBER, error_std, "error std", 4),
    EMIT_FIELD(record, EMIT_NUMBER, error_mse, "error mse", 4),
    EMIT_FIELD(record, EMIT_NUMBER, granular_mse, "  granular", 4),
    EMIT_FIELD(record, EMIT_NUMBER, overload_mse, "  overload", 4),
    EMIT_FIELD(record, EMIT_NUMBER, covariance, "cov(w, e)", 4),
    EMIT_FIELD(record, EMIT_NUMBER, pqn_mse, "PQN mse", 4),
    EMIT_FIELD(record, EMIT_NUMBER, pqn_deviation, "PQN deviation", 4),
    EMIT_FIELD(record, EMIT_POINTS, density, NULL, 0),
};

struct point {
    double error, density;
};

static const struct emit_field point_fields[] = {
    EMIT_FIELD(point, EMIT_NUMBER, error, "error", 6),
    EMIT_FIELD(point, EMIT_NUMBER, density, "density", 6),
};

/* The range of errors that the density is worth printing for: the cell of a level; and on a grid
 * with ends, where the error of a value x beyond the outermost level is that level - x, as far as
 * the values go. */
static void error_range(const struct source *source, const struct theory_grid *grid, double *low,
                        double *high)
{
    *low = -grid->step / 2;
    *high = grid->step / 2;
    if (grid->levels_each_side == THEORY_INFINITE)
        return;
    double top = grid->levels_each_side ? grid->levels_each_side * grid->step : grid->step / 2;
    *low = fmin(*low, top - (source->mean + TAIL_SIGMA * source->std));
    *high = fmax(*high, -top - (source->mean - TAIL_SIGMA * source->std));
}

static void fill_density(const struct source *source, const struct theory_grid *grid, size_t n,
                         double point[][2])
{
    double low, high;
    error_range(source, grid, &low, &high);
    for (size_t i = 0; i < n; i++) {
        double share = n > 1 ? (double)i / (double)(n - 1) : 0.5;
        point[i][0] = low * (1 - share) + high * share;
        point[i][1] = theory_density(source, grid, point[i][0]);
    }
}

static struct record describe(const struct source *source, const struct theory_grid *grid)
{
    struct prediction prediction = theory_predict(source, grid);
    bool endless = grid->levels_each_side == THEORY_INFINITE;
    return (struct record){
        .source = emit_string_of(source->type->name),
        .mean = source->mean,
        .std = source->std,
        .step = grid->step,
        .levels_each_side = endless ? EMIT_UNKNOWN : (uint64_t)grid->levels_each_side,
        .error_mean = prediction.mean,
        .error_std = sqrt(prediction.variance),
        .error_mse = prediction.mse,
        .granular_mse = prediction.granular,
        .overload_mse = prediction.overload,
        .covariance = prediction.covariance,
        .pqn_mse = grid->step * grid->step / 12,
        .pqn_deviation = theory_pqn_deviation(source, grid->step),
    };
}

static void print_points(const struct options *options, const struct record *record,
                         struct output *output)
{
    struct emit *emit =
        emit_begin(output, options, point_fields, sizeof point_fields / sizeof point_fields[0]);
    emit_array(emit, "density");
    for (size_t i = 0; i < record->density.n; i++) {
        struct point point = {record->density.point[i][0], record->density.point[i][1]};
        emit_record(emit, &point);
    }
    emit_end(emit);
}

/* The density is part of the JSON document; for people it follows the moments; as TSV, where two
 * tables would be one too many, it takes their place. */
static void print(const struct options *options, const struct record *record, struct output *output)
{
    bool points = record->density.n > 0 && options->form != FORM_JSON;
    if (!points || options->form == FORM_TEXT) {
        struct emit *emit = emit_begin(output, options, fields, sizeof fields / sizeof fields[0]);
        emit_record(emit, record);
        emit_end(emit);
    }
    if (points && options->form == FORM_TEXT)
        output_write(output, "\n", 1);
    if (points)
        print_points(options, record, output);
}

int cmd_theory(const struct options *options, struct error *error)
{
    if (isnan(options->std) || isnan(options->step)) {
        error_set(error, ERROR_USAGE, "theory needs --std and --step; see roundoff theory --help");
        return command_status(error);
    }
    struct source source = {options->source, options->mean, options->std};
    struct theory_grid grid = {options->step, options->levels_each_side};
    double(*point)[2] = mem_alloc(options->density, sizeof *point);
    fill_density(&source, &grid, options->density, point);
    struct record record = describe(&source, &grid);
    record.density = (struct emit_points){point, options->density};
    struct output output;
    if (output_open(&output, options->output, error)) {
        print(options, &record, &output);
        output_close(&output, true, error);
    }
    mem_free(point);
    return command_status(error);
}
