/* SPDX-License-Identifier: MIT
 *
 * What the kinds of transforms have in common when they read and write their names.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "linear/transform_type.h"

#define COUNT_MOST (1ul << 30)

bool transform_add(struct transform_spec *spec, const struct transform_part *part,
                   struct error *error)
{
    if (spec->count == TRANSFORM_PARTS)
        return error_set(error, ERROR_USAGE, "a transform has at most %d parts", TRANSFORM_PARTS);
    spec->part[spec->count++] = *part;
    return true;
}

/* Digits only: strtoul would take signs and blanks. */
static bool parse_digits(const char *text, unsigned long most, unsigned long *value)
{
    if (*text == '\0' || text[strspn(text, "0123456789")] != '\0' || strlen(text) > 10)
        return false;
    const unsigned long long number = strtoull(text, NULL, 10);
    *value = (unsigned long)number;
    return number <= most;
}

bool transform_parse_count(const char *text, size_t *count)
{
    unsigned long value;
    if (!parse_digits(text, COUNT_MOST, &value) || value == 0)
        return false;
    *count = value;
    return true;
}

bool transform_parse_number(const char *text, double least, double most, double *number)
{
    char *end;
    if (text[strspn(text, "0123456789.eE-")] != '\0')
        return false; /* strtod would take "nan", " 1" and "0x1" */
    const double value = strtod(text, &end);
    if (end == text || *end != '\0' || !(value >= least && value <= most))
        return false;
    *number = value == 0 ? 0 : value; /* "-0" is 0 */
    return true;
}

bool transform_parse_seed(const char *text, uint32_t *seed)
{
    unsigned long value = 1;
    if (text && !parse_digits(text, UINT32_MAX, &value))
        return false;
    *seed = (uint32_t)value;
    return true;
}

bool transform_say_usage(const char *wanted, const char *argument, struct error *error)
{
    return error_set(error, ERROR_USAGE, "transform is %s, not \"%.60s\" after the colon", wanted,
                     argument ? argument : "");
}

void transform_print_number(double value, struct text *out)
{
    char number[32];
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(number, sizeof number, "%.*g", digits, value);
        if (strtod(number, NULL) == value)
            break;
    }
    text_puts(out, number);
}
