/* SPDX-License-Identifier: MIT */
#include "ui/scheme_words.h"

#include <inttypes.h>
#include <string.h>

/* By 1 for the mean and 2 for the norm. */
static const char *const corrections[] = {"none", "mean", "norm", "both"};

bool scheme_words_parse_correction(const char *text, struct scheme *scheme, struct error *error)
{
    for (unsigned i = 0; i < sizeof corrections / sizeof *corrections; i++)
        if (strcmp(text, corrections[i]) == 0) {
            scheme->correct_mean = i & 1;
            scheme->correct_norm = i & 2;
            return true;
        }
    return error_set(error, ERROR_USAGE, "none, mean, norm or both is wanted");
}

const char *scheme_words_correction(const struct scheme *scheme)
{
    return corrections[(scheme->correct_mean ? 1 : 0) + (scheme->correct_norm ? 2 : 0)];
}

bool scheme_words_parse_switch(const char *text, bool *on, struct error *error)
{
    *on = strcmp(text, "on") == 0;
    return *on || strcmp(text, "off") == 0 || error_set(error, ERROR_USAGE, "on or off is wanted");
}

bool scheme_words_given_step(const struct scheme *scheme)
{
    return scheme->levels.kind == LEVELS_UNIFORM && scheme->clip.rule == CLIP_STEP;
}

bool scheme_words_is_sign(const struct scheme *scheme)
{
    return scheme->levels.kind == LEVELS_UNIFORM && scheme->bits == 1 && !scheme->asymmetric &&
           scheme->clip.rule != CLIP_STEP;
}

const char *scheme_words_symmetry(const struct scheme *scheme, bool brief)
{
    if (scheme->levels.kind != LEVELS_UNIFORM)
        return NULL;
    if (scheme->full_range)
        return "full range";
    if (scheme->asymmetric)
        return brief ? "asym" : "asymmetric";
    return brief ? "sym" : "symmetric";
}

void scheme_words_granularity(struct text *out, const struct scheme *scheme)
{
    const struct granularity unit = scheme_granularity(scheme);
    if (unit.rows == 0)
        text_puts(out, "per tensor");
    else if (unit.columns == 0)
        text_puts(out, "per channel");
    else if (unit.rows == 1)
        text_printf(out, "groups of %" PRIu64, unit.columns);
    else
        text_printf(out, "blocks of %" PRIu64 "x%" PRIu64, unit.rows, unit.columns);
}
