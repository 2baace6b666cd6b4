/* SPDX-License-Identifier: MIT
 *
 * Numbers as arguments of options.  Each reader gives false with ERROR_USAGE that says what is
 * wanted.
 */
#ifndef APP_OPTION_VALUE_H
#define APP_OPTION_VALUE_H

#include <stdbool.h>

#include "base/error.h"

/* A whole number from least to most, nothing else. */
bool option_whole(const char *text, long least, long most, long *value, struct error *error);

/* A finite number. */
bool option_number(const char *text, double *value, struct error *error);

/* A place, and a step or a standard deviation: of such size that the squares of their ratios stay
 * doubles; the latter are above 0. */
bool option_place(const char *text, double *value, struct error *error);
bool option_length(const char *text, double *value, struct error *error);

#endif
