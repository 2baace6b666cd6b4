/* SPDX-License-Identifier: MIT */
#include "golden.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a field's tolerance is relative to. */
enum scale {
    SCALE_EXACT,
    SCALE_SELF,  /* the value */
    SCALE_STD,   /* the value or the standard deviation, whichever is larger */
    SCALE_STEP,  /* the step, for means of errors that cancel */
    SCALE_TIES,  /* the step, and step/n for each tie that may be decided the other way */
    SCALE_ONE,   /* 1 or the value, whichever is larger */
    SCALE_SHARE, /* a channel of all */
};

static const struct rule {
    const char *name;
    enum scale scale;
    double tolerance;
} rules[] = {
    { "channels", SCALE_EXACT, 0 },
    { "elements", SCALE_EXACT, 0 },
    { "nonfinite", SCALE_EXACT, 0 },
    { "outliers_6sigma", SCALE_EXACT, 0 },
    { "clipped_share", SCALE_SELF, 1e-12 }, /* a count over a count, printed with 13 digits */
    /* The reference's p has half a percent of error, so a channel next to 0.05 may change sides. */
    { "normal_share", SCALE_SHARE, 1 + 1e-9 },
    { "mean", SCALE_STD, 1e-9 },
    { "std", SCALE_SELF, 1e-9 },
    { "min", SCALE_SELF, 1e-9 },
    { "max", SCALE_SELF, 1e-9 },
    { "abs_max", SCALE_SELF, 1e-9 },
    { "step", SCALE_SELF, 1e-9 },
    { "clip", SCALE_SELF, 1e-9 },
    { "step_over_std", SCALE_SELF, 1e-9 },
    { "step_median", SCALE_SELF, 1e-9 },
    { "step_over_std_median", SCALE_SELF, 1e-9 },
    { "step_over_std_max", SCALE_SELF, 1e-9 },
    { "skewness", SCALE_ONE, 1e-7 },
    { "excess_kurtosis", SCALE_ONE, 1e-7 },
    { "ks_gaussian", SCALE_SELF, 1e-9 },
    { "ks_laplace", SCALE_SELF, 1e-9 },
    { "shapiro_w", SCALE_ONE, 1e-5 },
    { "shapiro_p", SCALE_SELF, 5e-3 },
    { "error_mean", SCALE_TIES, 1e-6 },
    { "error_std", SCALE_SELF, 1e-6 },
    { "error_mse", SCALE_SELF, 1e-6 },
    { "theory_error_mean", SCALE_STEP, 1e-6 },
    { "theory_error_std", SCALE_SELF, 1e-6 },
    { "pqn_error_std", SCALE_SELF, 1e-9 },
    { "sqnr_db", SCALE_ONE, 1e-5 },
};

#define RULES (sizeof rules / sizeof rules[0])

/* The clip rules mse and lp.  Both programs are near the least error, where it is flat: two clips
 * apart by a hundredth or two may differ in it by less than a thousandth. */
static const struct rule searched_rules[] = {
    { "mean", SCALE_STD, 1e-9 },
    { "std", SCALE_SELF, 1e-9 },
    { "abs_max", SCALE_SELF, 1e-9 },
    { "clip", SCALE_SELF, 2e-2 },
};

#define SEARCHED_RULES (sizeof searched_rules / sizeof searched_rules[0])

struct check {
    const char *program, *model;
    struct golden_field fields[RULES];
    struct golden_field searched[SEARCHED_RULES];
    struct golden_field searched_mse;
    size_t missing; /* records that the program did not print */
};

static double allowed(const struct rule *rule, yajl_val theirs, double n)
{
    double value = fabs(golden_number(golden_member(theirs, rule->name)));
    double step = golden_number(golden_member(theirs, "step"));
    if (isnan(step))
        step = golden_number(golden_member(theirs, "step_median"));
    switch (rule->scale) {
    case SCALE_EXACT:
        return 0;
    case SCALE_SELF:
        return rule->tolerance * value;
    case SCALE_STD:
        return rule->tolerance * fmax(value, golden_number(golden_member(theirs, "std")));
    case SCALE_STEP:
        return rule->tolerance * step;
    case SCALE_TIES:
        return step * (rule->tolerance +
                       fmax(golden_number(golden_member(theirs, "ties")), 0) / n);
    case SCALE_ONE:
        return rule->tolerance * fmax(value, 1);
    case SCALE_SHARE:
        return rule->tolerance / golden_number(golden_member(theirs, "channels"));
    }
    return 0;
}

/* Every field of the reference that has a rule; n is the number of elements. */
static void compare_by(const struct rule rule[], size_t count, struct golden_field field[],
                       yajl_val ours, yajl_val theirs, double n, const char *where)
{
    for (size_t i = 0; i < count; i++) {
        yajl_val value = golden_member(theirs, rule[i].name);
        if (value)
            golden_compare(&field[i], golden_number(golden_member(ours, rule[i].name)),
                           golden_number(value), allowed(&rule[i], theirs, n), where);
    }
}

static bool is_searched(const char *clip)
{
    return strcmp(clip, "mse") == 0 || strncmp(clip, "lp:", 3) == 0;
}

/* Under the rule mse the reference's error is an upper bound of the least one; under lp, where the
 * squared error still changes with the clip, the two are only near each other. */
static void compare_searched(struct check *check, yajl_val ours, yajl_val theirs, double n,
                             const char *clip, const char *where)
{
    double error = golden_number(golden_member(ours, "error_mse"));
    double reference = golden_number(golden_member(theirs, "error_mse"));
    bool mse = strcmp(clip, "mse") == 0;
    if (mse && error < reference)
        error = reference;
    compare_by(searched_rules, SEARCHED_RULES, check->searched, ours, theirs, n, where);
    golden_compare(&check->searched_mse, error, reference, (mse ? 1e-3 : 1e-2) * reference,
                   where);
}

static void compare_records(struct check *check, yajl_val ours, yajl_val theirs, double n,
                            const char *clip, const char *where)
{
    if (!ours) {
        printf("no record for %s\n", where);
        check->missing++;
        return;
    }
    if (is_searched(clip))
        compare_searched(check, ours, theirs, n, clip, where);
    else
        compare_by(rules, RULES, check->fields, ours, theirs, n, where);
}

/* The element of an array whose member `key` is this string. */
static yajl_val find_name(yajl_val array, const char *key, const char *name)
{
    for (size_t i = 0; YAJL_IS_ARRAY(array) && i < YAJL_GET_ARRAY(array)->len; i++) {
        const char *found =
            YAJL_GET_STRING(golden_member(YAJL_GET_ARRAY(array)->values[i], key));
        if (found && strcmp(found, name) == 0)
            return YAJL_GET_ARRAY(array)->values[i];
    }
    return NULL;
}

/* The element whose "index" is this number. */
static yajl_val find_index(yajl_val array, double index)
{
    for (size_t i = 0; YAJL_IS_ARRAY(array) && i < YAJL_GET_ARRAY(array)->len; i++)
        if (golden_number(golden_member(YAJL_GET_ARRAY(array)->values[i], "index")) == index)
            return YAJL_GET_ARRAY(array)->values[i];
    return NULL;
}

static void check_stats(struct check *check, yajl_val tensors, const char *bits)
{
    const char *const arguments[] = { check->program, "stats", "--json", "--bits", bits,
                                      check->model, NULL };
    char *text = golden_run(arguments), where[512];
    yajl_val ours = golden_parse(text, "stats");
    for (size_t i = 0; i < YAJL_GET_OBJECT(tensors)->len; i++) {
        const char *name = YAJL_GET_OBJECT(tensors)->keys[i];
        yajl_val theirs = golden_member(YAJL_GET_OBJECT(tensors)->values[i], bits);
        if (!theirs)
            continue;
        snprintf(where, sizeof where, "%s, %s bits", name, bits);
        compare_records(check, find_name(golden_member(ours, "tensors"), "name", name), theirs,
                        golden_number(golden_member(theirs, "elements")), "max", where);
    }
    yajl_tree_free(ours);
    free(text);
}

/* Elements of a channel of a tensor of this shape. */
static double channel_length(yajl_val shape)
{
    double n = 1;
    size_t rank = YAJL_GET_ARRAY(shape)->len;
    for (size_t i = rank >= 2; i < rank; i++)
        n *= golden_number(YAJL_GET_ARRAY(shape)->values[i]);
    return n;
}

static void check_channels(struct check *check, const char *name, const char *bits,
                           const char *clip, yajl_val records, double n)
{
    const char *const arguments[] = { check->program, "channels", "--json",     "--bits", bits,
                                      "--clip",       clip,       check->model, name,     NULL };
    char *text = golden_run(arguments), where[512];
    yajl_val ours = golden_parse(text, "channels");
    for (size_t i = 0; i < YAJL_GET_ARRAY(records)->len; i++) {
        yajl_val theirs = YAJL_GET_ARRAY(records)->values[i];
        double index = golden_number(golden_member(theirs, "index"));
        snprintf(where, sizeof where, "%s %g, %s bits, %s", name, index, bits, clip);
        compare_records(check, find_index(golden_member(ours, "channels"), index), theirs, n, clip,
                        where);
    }
    yajl_tree_free(ours);
    free(text);
}

/* by_bits: { "3": [record, ...], ... } */
static void check_bits(struct check *check, const char *name, const char *clip, yajl_val by_bits,
                       yajl_val tensors)
{
    double n = channel_length(golden_member(golden_member(tensors, name), "shape"));
    for (size_t i = 0; i < YAJL_GET_OBJECT(by_bits)->len; i++)
        check_channels(check, name, YAJL_GET_OBJECT(by_bits)->keys[i], clip,
                       YAJL_GET_OBJECT(by_bits)->values[i], n);
}

/* The rule as the program takes it; NULL if it knows none of that name.  The name of a rule
 * "value" is rounded: the clip of its records is what was used. */
static const char *clip_argument(const char *rule, yajl_val by_bits, char out[64])
{
    snprintf(out, 64, "%.60s", rule);
    if (strncmp(rule, "value:", 6) == 0) {
        yajl_val record = YAJL_GET_ARRAY(YAJL_GET_OBJECT(by_bits)->values[0])->values[0];
        snprintf(out, 64, "value:%.17g", golden_number(golden_member(record, "clip")));
        return out;
    }
    bool known = strcmp(rule, "max") == 0 || strncmp(rule, "sigma:", 6) == 0 ||
                 strncmp(rule, "percentile:", 11) == 0 || is_searched(rule);
    return known ? out : NULL;
}

/* by_rule: { "sigma:2.5": { "3": [record, ...] }, ... } */
static void check_clips(struct check *check, const char *name, yajl_val by_rule, yajl_val tensors)
{
    char argument[64];
    for (size_t i = 0; i < YAJL_GET_OBJECT(by_rule)->len; i++) {
        const char *rule = YAJL_GET_OBJECT(by_rule)->keys[i];
        yajl_val by_bits = YAJL_GET_OBJECT(by_rule)->values[i];
        const char *clip = clip_argument(rule, by_bits, argument);
        if (clip)
            check_bits(check, name, clip, by_bits, tensors);
        else
            printf("skipped: %s, clip rule %s\n", name, rule);
    }
}

static void name_fields(struct check *check)
{
    for (size_t i = 0; i < RULES; i++)
        check->fields[i].name = rules[i].name;
    for (size_t i = 0; i < SEARCHED_RULES; i++)
        check->searched[i].name = searched_rules[i].name;
    check->searched_mse.name = "error_mse";
}

bool golden_weights(const char *reference, const char *program, const char *model)
{
    static const char *const bits[] = { "2", "3", "4", "8" };
    struct check check = { .program = program, .model = model };
    name_fields(&check);
    char *text = golden_file(reference);
    yajl_val golden = golden_parse(text, reference);
    yajl_val tensors = golden_member(golden, "tensors");
    yajl_val channels = golden_member(golden, "channels"), clips = golden_member(golden, "clips");
    for (size_t i = 0; i < sizeof bits / sizeof bits[0]; i++)
        check_stats(&check, tensors, bits[i]);
    for (size_t i = 0; YAJL_IS_OBJECT(channels) && i < YAJL_GET_OBJECT(channels)->len; i++)
        check_bits(&check, YAJL_GET_OBJECT(channels)->keys[i], "max",
                   YAJL_GET_OBJECT(channels)->values[i], tensors);
    for (size_t i = 0; YAJL_IS_OBJECT(clips) && i < YAJL_GET_OBJECT(clips)->len; i++)
        check_clips(&check, YAJL_GET_OBJECT(clips)->keys[i], YAJL_GET_OBJECT(clips)->values[i],
                    tensors);
    yajl_tree_free(golden);
    free(text);
    bool ok = golden_report(check.fields, RULES);
    if (check.searched_mse.compared > 0) {
        printf("clip rules mse and lp:\n");
        ok &= golden_report(check.searched, SEARCHED_RULES);
        ok &= golden_report(&check.searched_mse, 1);
    }
    return ok && check.missing == 0;
}
