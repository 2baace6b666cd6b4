/* SPDX-License-Identifier: MIT */
#include "golden.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Relative to the value, or to the step (its square for second moments) where that is larger. */
#define TOLERANCE 1e-10

enum { MEAN, STD, MSE, PARTS, COVARIANCE, DENSITY, FIELDS };

/* Points of the density that are asked for: so many that those of the reference, which do not lie
 * among them, can be interpolated, with NEIGHBOURS / 2 of them before any jump of the density. */
#define POINTS     20001
#define NEIGHBOURS 6

/* A line of the reference. */
struct row {
    char source[16], mean[32], std[32], step[32], levels[16];
    double error_mean, error_variance, error_mse, covariance;
    const char *density; /* "-0.45=4.0 0=4.0": e/step = f */
};

static bool read_row(const char *line, struct row *row)
{
    int end = 0;
    bool ok = sscanf(line, "%15s %31s %31s %31s %15s %lf %lf %lf %lf %n", row->source, row->mean,
                     row->std, row->step, row->levels, &row->error_mean, &row->error_variance,
                     &row->error_mse, &row->covariance, &end) == 9;
    row->density = line + end;
    return ok;
}

static double coordinate(yajl_val points, size_t i, size_t axis)
{
    return golden_number(YAJL_GET_ARRAY(YAJL_GET_ARRAY(points)->values[i])->values[axis]);
}

/* f at e by Lagrange's polynomial through the points around it; NaN if there are none. */
static double density_at(yajl_val points, double e)
{
    size_t n = YAJL_IS_ARRAY(points) ? YAJL_GET_ARRAY(points)->len : 0;
    if (n < NEIGHBOURS)
        return NAN;
    double low = coordinate(points, 0, 0), high = coordinate(points, n - 1, 0);
    double place = (e - low) / (high - low) * (double)(n - 1) - (NEIGHBOURS - 1) / 2.0;
    size_t first = (size_t)fmin(fmax(round(place), 0), (double)(n - NEIGHBOURS));
    double sum = 0;
    for (size_t i = first; i < first + NEIGHBOURS; i++) {
        double term = coordinate(points, i, 1);
        for (size_t j = first; j < first + NEIGHBOURS; j++)
            if (j != i)
                term *= (e - coordinate(points, j, 0)) /
                        (coordinate(points, i, 0) - coordinate(points, j, 0));
        sum += term;
    }
    return sum;
}

static void compare_density(struct golden_field *field, const struct row *row, yajl_val points,
                            const char *where)
{
    double step = atof(row->step), at, f;
    int used;
    for (const char *text = row->density; sscanf(text, "%lf=%lf%n", &at, &f, &used) == 2;
         text += used)
        golden_compare(field, density_at(points, at * step), f,
                       TOLERANCE * fmax(f, 1 / step), where);
}

static void compare_row(struct golden_field fields[FIELDS], const struct row *row, yajl_val ours,
                        const char *where)
{
    double step = atof(row->step), square = step * step;
    double mse = golden_number(golden_member(ours, "error_mse"));
    double parts = golden_number(golden_member(ours, "granular_mse")) +
                   golden_number(golden_member(ours, "overload_mse"));
    double std = sqrt(row->error_variance);
    golden_compare(&fields[MEAN], golden_number(golden_member(ours, "error_mean")),
                   row->error_mean, TOLERANCE * fmax(step, fabs(row->error_mean)), where);
    golden_compare(&fields[STD], golden_number(golden_member(ours, "error_std")), std,
                   TOLERANCE * fmax(step, std), where);
    golden_compare(&fields[MSE], mse, row->error_mse, TOLERANCE * row->error_mse, where);
    golden_compare(&fields[PARTS], parts, row->error_mse, TOLERANCE * row->error_mse, where);
    golden_compare(&fields[COVARIANCE], golden_number(golden_member(ours, "covariance")),
                   row->covariance, TOLERANCE * fmax(square, fabs(row->covariance)), where);
    compare_density(&fields[DENSITY], row, golden_member(ours, "density"), where);
}

static void check_row(struct golden_field fields[FIELDS], const char *program,
                      const struct row *row)
{
    bool endless = strcmp(row->levels, "inf") == 0;
    char points[16], where[160];
    snprintf(points, sizeof points, "%d", POINTS);
    snprintf(where, sizeof where, "mean %s, std %s, step %s, levels %s", row->mean, row->std,
             row->step, row->levels);
    const char *const arguments[] = {
        program,      "theory",    "--json",     "--source", row->source,
        "--mean",     row->mean,   "--std",      row->std,   "--step",
        row->step,    "--density", points,       endless ? NULL : "--levels-each-side",
        row->levels,  NULL
    };
    char *text = golden_run(arguments);
    yajl_val ours = golden_parse(text, "theory");
    compare_row(fields, row, ours, where);
    yajl_tree_free(ours);
    free(text);
}

bool golden_theory(const char *reference, const char *program)
{
    struct golden_field fields[FIELDS] = {
        [MEAN] = { .name = "error_mean" },       [STD] = { .name = "error_std" },
        [MSE] = { .name = "error_mse" },         [PARTS] = { .name = "granular + overload" },
        [COVARIANCE] = { .name = "covariance" }, [DENSITY] = { .name = "density" },
    };
    char *text = golden_file(reference), *rest = text;
    size_t rows = 0;
    for (char *line; (line = strsep(&rest, "\n"));) {
        struct row row;
        if (*line == '#' || !read_row(line, &row))
            continue;
        check_row(fields, program, &row);
        rows++;
    }
    free(text);
    printf("%zu rows\n", rows);
    return golden_report(fields, FIELDS) && rows > 0;
}
