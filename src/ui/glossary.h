/* SPDX-License-Identifier: MIT
 *
 * What every figure means: one table of all facts on the screen and all fields of the JSON
 * documents of `stats` and `channels`.
 */
#ifndef UI_GLOSSARY_H
#define UI_GLOSSARY_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/report.h"

/* A text that has signs beyond ASCII, and how it reads without them (NULL: it has none). */
struct glossary_text {
    const char *unicode, *ascii;
};
const char *glossary_text(const struct glossary_text *text, bool ascii);

enum glossary_unit {
    UNIT_NONE,           /* a number by itself */
    UNIT_WORD,           /* no number at all */
    UNIT_COUNT,
    UNIT_SHARE,          /* 0 .. 1 */
    UNIT_DECIBEL,
    UNIT_WEIGHT,         /* that of the weights */
    UNIT_WEIGHT_SQUARED,
};
const char *glossary_unit(enum glossary_unit unit);

struct glossary_entry {
    const char *key;             /* as in JSON: "error_std" */
    struct glossary_text name;   /* as in the facts, or in words if it is not there */
    enum glossary_unit unit;
    const char *definition;      /* one sentence */
    struct glossary_text formula; /* one line; unicode is NULL where there is nothing to add */
    struct glossary_text source; /* literature, likewise */
    /* NaN where the report has none: not defined, not known yet, or a channel's figure where the
     * report is of several.  NULL for UNIT_WORD. */
    double (*value)(const struct report *report);
};

extern const struct glossary_entry glossary[];
extern const size_t glossary_count;

/* The entry of that key, NULL if there is none. */
const struct glossary_entry *glossary_find(const char *key);

#endif
