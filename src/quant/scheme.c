/* SPDX-License-Identifier: MIT */
#include "quant/scheme.h"

#include <math.h>

/* Bits of what a unit or a channel stores beside its codes: a number in half precision. */
#define STORED_BITS 16

struct scheme scheme_default(void)
{
    return (struct scheme){
        .bits = 4,
        .clip = {.rule = CLIP_MAX},
        .levels = {.kind = LEVELS_UNIFORM},
        .granularity = GRANULARITY_CHANNEL,
    };
}

/* One bit of a symmetric grid is the sign times mean |w|, whatever the clip rule. */
static bool is_sign(const struct scheme *scheme)
{
    return scheme->levels.kind == LEVELS_UNIFORM && scheme->bits == 1 && !scheme->asymmetric;
}

bool scheme_endless(const struct scheme *scheme)
{
    if (scheme->levels.kind != LEVELS_UNIFORM)
        return false;
    return scheme->clip.rule == CLIP_STEP || (scheme->clip.rule == CLIP_MAX && !is_sign(scheme));
}

bool scheme_searches(const struct scheme *scheme)
{
    const enum clip_rule rule = scheme->clip.rule;
    return levels_take_clip(&scheme->levels) && !is_sign(scheme) &&
           (rule == CLIP_PERCENTILE || rule == CLIP_ACIQ || rule == CLIP_MSE || rule == CLIP_LP);
}

bool scheme_equal(const struct scheme *a, const struct scheme *b)
{
    return a->bits == b->bits && clip_equal(&a->clip, &b->clip) &&
           levels_equal(&a->levels, &b->levels) &&
           granularity_equal(&a->granularity, &b->granularity) && a->asymmetric == b->asymmetric &&
           a->full_range == b->full_range && a->correct_mean == b->correct_mean &&
           a->correct_norm == b->correct_norm;
}

static bool check_bits(const struct scheme *scheme, struct error *error)
{
    int least, most;
    struct text title = {0};
    levels_bits(&scheme->levels, &least, &most);
    if (scheme->bits >= least && scheme->bits <= most)
        return true;
    if (scheme->levels.kind == LEVELS_CODEBOOK)
        return codebook_check_bits(scheme->levels.codebook, scheme->bits, error);
    levels_title(&title, &scheme->levels, scheme->bits);
    if (least == most)
        error_set(error, ERROR_USAGE, "%s has %d bits, not %d", title.data, least, scheme->bits);
    else
        error_set(error, ERROR_USAGE, "%s takes %d to %d bits, not %d", title.data, least, most,
                  scheme->bits);
    text_done(&title);
    return false;
}

bool scheme_check(const struct scheme *scheme, struct error *error)
{
    const bool uniform = scheme->levels.kind == LEVELS_UNIFORM;
    const bool endless = scheme->clip.rule == CLIP_STEP;
    if (!check_bits(scheme, error))
        return false;
    if (!uniform && scheme->asymmetric)
        return error_set(error, ERROR_USAGE, "only uniform levels can be asymmetric");
    if (!uniform && scheme->full_range)
        return error_set(error, ERROR_USAGE, "only uniform levels can have the full range");
    if (scheme->asymmetric && scheme->full_range)
        return error_set(error, ERROR_USAGE,
                         "the full range is that of a symmetric grid: asymmetric ones have it");
    if (endless && levels_take_clip(&scheme->levels) && !uniform)
        return error_set(error, ERROR_USAGE, "only uniform levels have a step");
    if (endless && (scheme->asymmetric || scheme->full_range))
        return error_set(error, ERROR_USAGE,
                         "a grid of a given step has no ends to be asymmetric or full");
    return true;
}

struct granularity scheme_granularity(const struct scheme *scheme)
{
    if (scheme->levels.kind == LEVELS_BLOCKS)
        return (struct granularity){1, scheme->levels.format->block};
    return scheme->granularity;
}

/* Bits that a unit stores beside its codes. */
static double unit_bits(const struct scheme *scheme)
{
    const struct levels *levels = &scheme->levels;
    switch (levels->kind) {
    case LEVELS_UNIFORM:
        return STORED_BITS + (scheme->asymmetric ? scheme->bits : 0);
    case LEVELS_CODEBOOK:
        return levels->codebook->scale == CODEBOOK_BY_SPREAD ? 2 * STORED_BITS : STORED_BITS;
    case LEVELS_EMPIRICAL:
        return STORED_BITS * ldexp(1, scheme->bits);
    case LEVELS_BLOCKS:
        break;
    }
    const struct block_format *format = levels->format;
    return (format->bits_per_weight - format->element_bits) * format->block;
}

double scheme_bits_per_weight(const struct scheme *scheme, uint64_t rows, uint64_t columns)
{
    const struct granularity granularity = scheme_granularity(scheme);
    const double weights = (double)rows * (double)columns;
    const double units = (double)granularity_units(&granularity, rows, columns);
    const int corrections = scheme->correct_mean + scheme->correct_norm;
    if (weights == 0)
        return NAN;
    return scheme->bits +
           (units * unit_bits(scheme) + (double)rows * corrections * STORED_BITS) / weights;
}

void scheme_print(struct text *out, const struct scheme *scheme)
{
    const struct levels *levels = &scheme->levels;
    const bool uniform = levels->kind == LEVELS_UNIFORM;
    if (!levels_title_has_bits(levels) && !(uniform && scheme->clip.rule == CLIP_STEP))
        text_printf(out, "%d-bit ", scheme->bits);
    levels_title(out, levels, scheme->bits);
    if (levels->kind != LEVELS_BLOCKS) {
        text_puts(out, ", ");
        granularity_print(out, &scheme->granularity);
    }
    if (scheme->asymmetric)
        text_puts(out, ", asymmetric");
    if (scheme->full_range)
        text_puts(out, ", full range");
    if (levels_take_clip(levels)) {
        text_puts(out, ", clip ");
        clip_print(out, &scheme->clip);
    }
    if (scheme->correct_mean && scheme->correct_norm)
        text_puts(out, ", mean and norm corrected");
    else if (scheme->correct_mean || scheme->correct_norm)
        text_puts(out, scheme->correct_mean ? ", mean corrected" : ", norm corrected");
}
