/* SPDX-License-Identifier: MIT */
#include "quant/granularity.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

/* What a name without its number stands for, as most published results have it. */
#define GROUP_USUAL ((struct granularity){1, 128})
#define BLOCK_USUAL ((struct granularity){128, 128})

/* Larger units than any tensor's side are a slip of the finger. */
#define SIDE_MOST 1000000000u

static bool refuse(const char *text, struct error *error)
{
    struct text shown = {0};
    utf8_escape(&shown, text, strlen(text));
    error_set(error, ERROR_USAGE,
              "no granularity is called \"%s\"; there are tensor, channel, group:128 and "
              "block:128x128, with numbers from 1 to %u",
              shown.data ? shown.data : "", SIDE_MOST);
    text_done(&shown);
    return false;
}

/* Reads a side and returns what follows; NULL if it is none. */
static const char *read_side(const char *text, uint64_t *side)
{
    const size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 10)
        return NULL;
    *side = strtoull(text, NULL, 10);
    return *side >= 1 && *side <= SIDE_MOST ? text + digits : NULL;
}

/* What stands behind the name's colon. */
static bool read_sides(const char *text, struct granularity *granularity)
{
    const bool block = granularity->rows != 1;
    if (block) {
        text = read_side(text, &granularity->rows);
        if (!text || *text++ != 'x')
            return false;
    }
    text = read_side(text, &granularity->columns);
    return text && *text == '\0';
}

bool granularity_parse(const char *text, struct granularity *granularity, struct error *error)
{
    static const struct {
        const char *name;
        bool sides;
        struct granularity usual;
    } names[] = {
        {"tensor", false, GRANULARITY_TENSOR},
        {"channel", false, GRANULARITY_CHANNEL},
        {"group", true, GROUP_USUAL},
        {"block", true, BLOCK_USUAL},
    };
    const size_t length = strcspn(text, ": ");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strlen(names[i].name) != length || memcmp(names[i].name, text, length) != 0)
            continue;
        struct granularity parsed = names[i].usual;
        if (text[length] != '\0' && !(names[i].sides && read_sides(text + length + 1, &parsed)))
            break;
        *granularity = parsed;
        return true;
    }
    return refuse(text, error);
}

void granularity_print(struct text *out, const struct granularity *granularity)
{
    if (granularity_equal(granularity, &GRANULARITY_TENSOR))
        text_puts(out, "tensor");
    else if (granularity_equal(granularity, &GRANULARITY_CHANNEL))
        text_puts(out, "channel");
    else if (granularity->rows == 1)
        text_printf(out, "group:%" PRIu64, granularity->columns);
    else
        text_printf(out, "block:%" PRIu64 "x%" PRIu64, granularity->rows, granularity->columns);
}

bool granularity_equal(const struct granularity *a, const struct granularity *b)
{
    return a->rows == b->rows && a->columns == b->columns;
}

/* Units along a side of so many elements; `whole` is 0 for a unit that takes all of it. */
static uint64_t units_along(uint64_t side, uint64_t whole)
{
    if (side == 0)
        return 0;
    return whole == 0 ? 1 : (side - 1) / whole + 1;
}

static uint64_t unit_side(uint64_t side, uint64_t whole)
{
    return whole == 0 || whole > side ? side : whole;
}

uint64_t granularity_units(const struct granularity *granularity, uint64_t rows, uint64_t columns)
{
    return units_along(rows, granularity->rows) * units_along(columns, granularity->columns);
}

uint64_t granularity_elements(const struct granularity *granularity, uint64_t rows,
                              uint64_t columns)
{
    return unit_side(rows, granularity->rows) * unit_side(columns, granularity->columns);
}
