/* SPDX-License-Identifier: MIT */
#include "app/option_value.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LENGTH_LEAST 1e-60
#define LENGTH_MOST  1e60

bool option_whole(const char *text, long least, long most, long *value, struct error *error)
{
    char *end;
    errno = 0;
    *value = strtol(text, &end, 10);
    bool plain = (*text >= '0' && *text <= '9') || *text == '-';
    if (!plain || *end || end == text || errno || *value < least || *value > most)
        return error_set(error, ERROR_USAGE, "a whole number from %ld to %ld is wanted", least,
                         most);
    return true;
}

/* strtod takes '.' because LC_NUMERIC is never set. */
bool option_number(const char *text, double *value, struct error *error)
{
    char *end;
    *value = strtod(text, &end);
    if (end == text || *end || !isfinite(*value) || strchr(" \t\n\v\f\r", *text))
        return error_set(error, ERROR_USAGE, "a number is wanted");
    return true;
}

bool option_place(const char *text, double *value, struct error *error)
{
    if (!option_number(text, value, error))
        return false;
    return fabs(*value) <= LENGTH_MOST ||
           error_set(error, ERROR_USAGE, "a number from %g to %g is wanted", -LENGTH_MOST,
                     LENGTH_MOST);
}

bool option_length(const char *text, double *value, struct error *error)
{
    if (option_number(text, value, NULL) && *value >= LENGTH_LEAST && *value <= LENGTH_MOST)
        return true;
    return error_set(error, ERROR_USAGE, "a number above 0 is wanted, from %g to %g", LENGTH_LEAST,
                     LENGTH_MOST);
}
