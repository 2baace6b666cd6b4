/* SPDX-License-Identifier: MIT */
#include "quant/scheme.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

/* The distance to 100 is halved down to this; the next step is 100 itself. */
#define PERCENTILE_CLOSEST 0.001

static double step_sigma(double parameter, int direction);
static double step_percentile(double parameter, int direction);
static double step_power(double parameter, int direction);
static double step_value(double parameter, int direction);

static const struct rule {
    const char *name;
    double initial, least, most;                     /* of the parameter */
    double (*step)(double parameter, int direction); /* NULL if the rule has no parameter */
} rules[CLIP_RULES] = {
    /* clang-format off */
    [CLIP_MAX]        = { "max",        0,    0,      0,     NULL },
    [CLIP_SIGMA]      = { "sigma",      3,    0.01,   1000,  step_sigma },
    [CLIP_PERCENTILE] = { "percentile", 99.9, 0.1,    100,   step_percentile },
    [CLIP_ACIQ]       = { "aciq",       0,    0,      0,     NULL },
    [CLIP_MSE]        = { "mse",        0,    0,      0,     NULL },
    [CLIP_LP]         = { "lp",         2.4,  1,      8,     step_power },
    [CLIP_VALUE]      = { "value",      0.1,  1e-60,  1e60,  step_value },
    [CLIP_STEP]       = { "step",       1,    1e-6,   1e6,   step_value },
    /* clang-format on */
};

static double step_sigma(double parameter, int direction)
{
    return parameter + 0.1 * direction;
}

static double step_percentile(double parameter, int direction)
{
    double distance = 100 - parameter;
    if (direction < 0)
        return 100 - fmax(2 * distance, PERCENTILE_CLOSEST);
    return distance / 2 < PERCENTILE_CLOSEST ? 100 : 100 - distance / 2;
}

static double step_power(double parameter, int direction)
{
    return parameter + 0.2 * direction;
}

static double step_value(double parameter, int direction)
{
    return direction > 0 ? parameter * 1.05 : parameter / 1.05;
}

const char *clip_name(enum clip_rule rule)
{
    return rules[rule].name;
}

bool clip_has_parameter(enum clip_rule rule)
{
    return rules[rule].step != NULL;
}

struct clip clip_default(enum clip_rule rule)
{
    return (struct clip){.rule = rule, .parameter = rules[rule].initial};
}

static bool refuse_rule(const char *text, size_t length, struct error *error)
{
    struct text allowed = {0};
    for (size_t i = 0; i < CLIP_RULES; i++) {
        text_puts(&allowed, i == 0 ? "" : i + 1 < CLIP_RULES ? ", " : " or ");
        struct clip usual = clip_default((enum clip_rule)i);
        clip_print(&allowed, &usual);
    }
    struct text shown = {0};
    utf8_escape(&shown, text, length);
    error_set(error, ERROR_USAGE, "no clip rule is called \"%s\"; there are %s",
              shown.data ? shown.data : "", allowed.data);
    text_done(&shown);
    text_done(&allowed);
    return false;
}

/* A whole plain decimal number; strtod alone would also take "inf", "nan" and hexadecimals. */
static bool parse_number(const char *text, double *number)
{
    char *end;
    if (text[0] == '\0' || strspn(text, "0123456789.eE+-") != strlen(text))
        return false;
    *number = strtod(text, &end);
    return *end == '\0';
}

static bool parse_parameter(const struct rule *rule, const char *text, double *parameter,
                            struct error *error)
{
    if (!rule->step)
        return error_set(error, ERROR_USAGE, "clip %s takes no number", rule->name);
    if (!parse_number(text, parameter) || !(*parameter >= rule->least && *parameter <= rule->most))
        return error_set(error, ERROR_USAGE, "clip %s takes a number from %g to %g, as in %s:%g",
                         rule->name, rule->least, rule->most, rule->name, rule->initial);
    return true;
}

bool clip_parse(const char *text, struct clip *clip, struct error *error)
{
    size_t length = strcspn(text, ": ");
    for (enum clip_rule rule = 0; rule < CLIP_RULES; rule++) {
        if (strlen(rules[rule].name) != length || memcmp(rules[rule].name, text, length) != 0)
            continue;
        struct clip parsed = clip_default(rule);
        if (text[length] != '\0' &&
            !parse_parameter(&rules[rule], text + length + 1, &parsed.parameter, error))
            return false;
        *clip = parsed;
        return true;
    }
    return refuse_rule(text, length, error);
}

void clip_print(struct text *out, const struct clip *clip)
{
    const struct rule *rule = &rules[clip->rule];
    text_puts(out, rule->name);
    if (!rule->step)
        return;
    char number[TEXT_NUMBER];
    int digits = 6; /* %g drops the zeros at the end */
    do
        snprintf(number, sizeof number, "%.*g", digits, clip->parameter);
    while (strtod(number, NULL) != clip->parameter && ++digits <= 17);
    text_printf(out, ":%s", number);
}

/* To `digits` significant digits, so that a parameter changed by keys stays short to read. */
static double round_digits(double x, int digits)
{
    char number[TEXT_NUMBER];
    snprintf(number, sizeof number, "%.*g", digits, x);
    return strtod(number, NULL);
}

void clip_step(struct clip *clip, int direction)
{
    const struct rule *rule = &rules[clip->rule];
    if (!rule->step)
        return;
    double changed = round_digits(rule->step(clip->parameter, direction), 7);
    clip->parameter = fmin(fmax(changed, rule->least), rule->most);
}

bool clip_equal(const struct clip *a, const struct clip *b)
{
    return a->rule == b->rule && (!rules[a->rule].step || a->parameter == b->parameter);
}
