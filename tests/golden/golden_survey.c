/* SPDX-License-Identifier: MIT
 *
 * The survey's records against the reference's figures of whole tensors, at every width that both
 * have.
 */
#include "golden.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/survey_tensor.h"

enum {
    ELEMENTS, NONFINITE, MEAN, STD, SKEWNESS, KURTOSIS, LEAST, MOST, OUTLIERS, NORMAL, GAUSSIAN,
    LAPLACE, RATIO_MEDIAN, RATIO_MOST, ERROR_MEAN, ERROR_STD, THEORY_MEAN, THEORY_STD, PQN, SQNR,
    FIELDS
};

struct check {
    struct golden_field field[FIELDS];
    yajl_val tensors;
    const struct model *model;
};

/* A reference figure: its name, ours, and what they may differ by. */
struct pair {
    int field;
    const char *name;
    double ours, allowed;
};

static void compare(struct check *check, const struct pair pair[], size_t n, yajl_val theirs,
                    const char *where)
{
    for (size_t i = 0; i < n; i++) {
        yajl_val value = golden_member(theirs, pair[i].name);
        check->field[pair[i].field].name = pair[i].name;
        if (value)
            golden_compare(&check->field[pair[i].field], pair[i].ours, golden_number(value),
                           pair[i].allowed, where);
    }
}

static void compare_weights(struct check *check, const struct survey_record *record,
                            yajl_val theirs, const char *where)
{
    const struct record_weights *weights = &record->weights;
    const struct record_normality *normality = &record->normality;
    const double std = weights->std, most = weights->abs_max;
    const struct pair pairs[] = {
        {ELEMENTS, "elements", (double)weights->elements, 0},
        {NONFINITE, "nonfinite", (double)weights->nonfinite, 0},
        {MEAN, "mean", weights->mean, 1e-9 * fmax(std, fabs(weights->mean))},
        {STD, "std", std, 1e-9 * std},
        {SKEWNESS, "skewness", weights->skewness, 1e-7 * fmax(fabs(weights->skewness), 1)},
        {KURTOSIS, "excess_kurtosis", weights->excess_kurtosis,
         1e-7 * fmax(fabs(weights->excess_kurtosis), 1)},
        {LEAST, "min", weights->min, 1e-9 * most},
        {MOST, "max", weights->max, 1e-9 * most},
        {OUTLIERS, "outliers_6sigma", (double)record->outliers.count[0], 0},
        /* The reference's p has half a percent of error, so a channel may change sides. */
        {NORMAL, "normal_share", record_normal_share(record),
         (1 + 1e-9) / (double)weights->channels},
        {GAUSSIAN, "ks_gaussian", normality->ks_gaussian, 1e-9},
        {LAPLACE, "ks_laplace", normality->ks_laplace, 1e-9},
    };
    compare(check, pairs, sizeof pairs / sizeof *pairs, theirs, where);
}

static void compare_width(struct check *check, const struct survey_record *record, int bits,
                          yajl_val theirs, const char *where)
{
    const struct record_error *error = record_error(record, bits);
    const double step = golden_number(golden_member(theirs, "step_median"));
    const double ties = fmax(golden_number(golden_member(theirs, "ties")), 0);
    const double median = record_step_over_std_median(record, bits);
    const double most = record_step_over_std_max(record, bits);
    const struct pair pairs[] = {
        {RATIO_MEDIAN, "step_over_std_median", median, 1e-9 * median},
        {RATIO_MOST, "step_over_std_max", most, 1e-9 * most},
        {ERROR_MEAN, "error_mean", error->mean,
         step * (1e-6 + ties / (double)record->weights.elements)},
        {ERROR_STD, "error_std", error->std, 1e-6 * error->std},
        {THEORY_MEAN, "theory_error_mean", error->theory_mean, 1e-6 * step},
        {THEORY_STD, "theory_error_std", error->theory_std, 1e-6 * error->theory_std},
        {PQN, "pqn_error_std", error->pqn_std, 1e-9 * error->pqn_std},
        {SQNR, "sqnr_db", error->sqnr_db, 1e-5 * fmax(fabs(error->sqnr_db), 1)},
    };
    compare(check, pairs, sizeof pairs / sizeof *pairs, theirs, where);
}

static bool compare_record(void *user, size_t tensor, const struct survey_record *record,
                           struct error *error)
{
    struct check *check = user;
    const char *label = check->model->tensors[tensor].label;
    yajl_val theirs = golden_member(check->tensors, label);
    char where[512];
    for (int bits = RECORD_BITS_LEAST; theirs && bits <= RECORD_BITS_MOST; bits++) {
        char name[4];
        snprintf(name, sizeof name, "%d", bits);
        yajl_val width = golden_member(theirs, name);
        if (!width)
            continue;
        snprintf(where, sizeof where, "%s, %d bits", label, bits);
        compare_weights(check, record, width, where);
        compare_width(check, record, bits, width, where);
    }
    return record->failure[0] == '\0' ||
           error_set(error, ERROR_FILE, "%s: %s", label, record->failure);
}

bool golden_survey(const char *reference, const char *path)
{
    struct error error = {0};
    struct watch watch = {.cancel = false};
    const struct survey_settings settings = {.scheme = scheme_default()};
    char *text = golden_file(reference);
    yajl_val golden = golden_parse(text, reference);
    struct model *model = model_open(&path, 1, NULL, &error);
    struct pool *pool = model ? pool_new(2, &error) : NULL;
    struct check check = {.tensors = golden_member(golden, "tensors"), .model = model};
    bool ok = pool != NULL;
    for (size_t i = 0; ok && i < model->count; i++)
        ok = survey_run(pool, &watch, model, &i, 1, &settings, compare_record, &check, &error);
    if (!ok)
        printf("%s\n", error.text);
    ok = golden_report(check.field, FIELDS) && ok && check.field[SQNR].compared > 0;
    pool_free(pool);
    if (model)
        model_free(model);
    yajl_tree_free(golden);
    free(text);
    return ok;
}
