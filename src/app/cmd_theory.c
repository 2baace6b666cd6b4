/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "app/command.h"
#include "app/emit.h"
#include "app/output.h"
#include "base/mem.h"
#include "quant/conditions.h"
#include "quant/theory.h"

/* Where the density of a grid with ends is left: so many standard deviations from the mean, beyond
 * which is a billionth of a Gaussian, or where less than this share of another source is. */
#define TAIL_SIGMA 6.0
#define TAIL_SHARE 1e-6

struct record {
    struct emit_string source;
    double mean, std, step;
    uint64_t levels_each_side;
    double error_mean, error_std, error_mse, granular_mse, overload_mse, covariance;
    double pqn_mse, pqn_deviation;
    struct emit_points density;
    double correlation, qt1, qt2, sripad_snyder;
    struct emit_string verdict;
    double holds_below_step;
    struct emit_string reason;
    double offset;
};

/* What a sweep shows people; the headings of one record are longer and more. */
static const struct emit_field sweep_fields[] = {
    EMIT_FIELD(record, EMIT_NUMBER, mean, "mean", 4),
    EMIT_FIELD(record, EMIT_NUMBER, std, "std", 4),
    EMIT_FIELD(record, EMIT_NUMBER, step, "step", 4),
    EMIT_FIELD(record, EMIT_NUMBER, error_mean, "error mean", 4),
    EMIT_FIELD(record, EMIT_NUMBER, error_std, "error std", 4),
    EMIT_FIELD(record, EMIT_NUMBER, error_mse, "error mse", 4),
    EMIT_FIELD(record, EMIT_NUMBER, correlation, "corr(w, e)", 4),
    EMIT_FIELD(record, EMIT_NUMBER, pqn_deviation, "PQN deviation", 4),
    EMIT_FIELD(record, EMIT_STRING, verdict, "PQN", 0),
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
    EMIT_FIELD(record, EMIT_NUMBER, correlation, "corr(w, e)", 4),
    EMIT_FIELD(record, EMIT_NUMBER, qt1, "|CF| beyond pi/q", 4),
    EMIT_FIELD(record, EMIT_NUMBER, qt2, "|CF| beyond 2 pi/q", 4),
    EMIT_FIELD(record, EMIT_NUMBER, sripad_snyder, "|CF| at 2 pi l/q", 4),
    EMIT_FIELD(record, EMIT_STRING, verdict, "PQN", 0),
    EMIT_FIELD(record, EMIT_NUMBER, holds_below_step, "holds below step", 4),
    EMIT_FIELD(record, EMIT_STRING, reason, "because", 0),
    EMIT_FIELD(record, EMIT_NUMBER, offset, "offset", 4),
};

struct point {
    double error, density;
};

static const struct emit_field point_fields[] = {
    EMIT_FIELD(point, EMIT_NUMBER, error, "error", 6),
    EMIT_FIELD(point, EMIT_NUMBER, density, "density", 6),
};

static struct theory_grid grid_of(const struct options *options, double step)
{
    struct theory_grid grid = theory_grid_symmetric(step, options->levels_each_side);
    grid.offset += options->offset;
    return grid;
}

/* The range of errors that the density is worth printing for: the cell of a level; and on a grid
 * with ends, where the error of a value x beyond the outermost level is that level - x, as far as
 * the values go. */
static void error_range(const struct source *source, const struct theory_grid *grid, double *low,
                        double *high)
{
    *low = -grid->step / 2;
    *high = grid->step / 2;
    if (grid->endless)
        return;
    const double top = grid->offset + grid->highest * grid->step,
                 bottom = grid->offset + grid->lowest * grid->step;
    const double far =
        fmax(TAIL_SIGMA * source->std, source->mean - source->type->quantile(source, TAIL_SHARE));
    *low = fmin(*low, top - (source->mean + far));
    *high = fmax(*high, bottom - (source->mean - far));
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

/* name and *conditions are lent to the record, which refers to them. */
static struct record describe(const struct options *options, const char *name,
                              const struct source *source, const struct theory_grid *grid,
                              struct conditions *conditions)
{
    const struct prediction prediction = theory_predict(source, grid);
    *conditions = conditions_of(source, grid->step);
    return (struct record){
        .source = emit_string_of(name),
        .mean = source->mean,
        .std = source->std,
        .step = grid->step,
        .levels_each_side = grid->endless ? EMIT_UNKNOWN : (uint64_t)options->levels_each_side,
        .error_mean = prediction.mean,
        .error_std = sqrt(prediction.variance),
        .error_mse = prediction.mse,
        .granular_mse = prediction.granular,
        .overload_mse = prediction.overload,
        .covariance = prediction.covariance,
        .pqn_mse = grid->step * grid->step / 12,
        .pqn_deviation = conditions->deviation,
        .correlation = theory_correlation(source, &prediction),
        .qt1 = conditions->qt1,
        .qt2 = conditions->qt2,
        .sripad_snyder = conditions->sripad_snyder,
        .verdict = emit_string_of(theory_pqn_word(conditions->verdict)),
        .holds_below_step = conditions->holds_below_step,
        .reason = emit_string_of(conditions->reason),
        .offset = options->offset,
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

static void print_one(const struct options *options, const struct source *source, const char *name,
                      struct output *output)
{
    const struct theory_grid grid = grid_of(options, options->step);
    struct conditions conditions;
    struct record record = describe(options, name, source, &grid, &conditions);
    double(*point)[2] = mem_alloc(options->density, sizeof *point);
    fill_density(source, &grid, options->density, point);
    record.density = (struct emit_points){point, options->density};
    print(options, &record, output);
    mem_free(point);
}

static double sweep_value(const struct sweep *sweep, size_t i)
{
    const double share = sweep->n > 1 ? (double)i / (double)(sweep->n - 1) : 0;
    if (sweep->logarithmic)
        return sweep->first * pow(sweep->last / sweep->first, share);
    return sweep->first * (1 - share) + sweep->last * share;
}

static void print_sweep(const struct options *options, struct source source, const char *name,
                        struct output *output)
{
    const bool text = options->form == FORM_TEXT;
    struct emit *emit =
        text ? emit_begin(output, options, sweep_fields, sizeof sweep_fields / sizeof *sweep_fields)
             : emit_begin(output, options, fields, sizeof fields / sizeof *fields);
    double step = options->step;
    emit_array(emit, "theory");
    for (size_t i = 0; i < options->sweep.n; i++) {
        const double value = sweep_value(&options->sweep, i);
        if (options->sweep.over == SWEEP_STEP)
            step = value;
        else
            *(options->sweep.over == SWEEP_STD ? &source.std : &source.mean) = value;
        const struct theory_grid grid = grid_of(options, step);
        struct conditions conditions;
        const struct record record = describe(options, name, &source, &grid, &conditions);
        emit_record(emit, &record);
    }
    emit_end(emit);
}

static bool check(const struct options *options, struct error *error)
{
    const enum sweep_over over = options->sweep.over;
    if ((isnan(options->std) && over != SWEEP_STD) || (isnan(options->step) && over != SWEEP_STEP))
        return error_set(error, ERROR_USAGE,
                         "theory needs --std and --step; see roundoff theory --help");
    if (over != SWEEP_NONE && options->density > 0)
        return error_set(error, ERROR_USAGE, "--density and --sweep exclude each other");
    return true;
}

int cmd_theory(const struct options *options, struct error *error)
{
    struct source source = options->source;
    source.mean = options->mean;
    source.std = options->std;
    char name[SOURCE_NAME];
    source_print(&source, name);
    struct output output;
    if (check(options, error) && output_open(&output, options->output, error)) {
        if (options->sweep.over == SWEEP_NONE)
            print_one(options, &source, name, &output);
        else
            print_sweep(options, source, name, &output);
        output_close(&output, true, error);
    }
    return command_status(error);
}
