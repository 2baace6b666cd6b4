/* SPDX-License-Identifier: MIT
 *
 * The table of options.  A new option is one row of option.c, with the function that reads its
 * argument.
 */
#ifndef APP_OPTION_H
#define APP_OPTION_H

#include <stdbool.h>
#include <stddef.h>

#include "app/options.h"
#include "base/error.h"

/* Room for getopt's tables. */
#define OPTIONS_MOST 96

/* Two rows may have one name if no command has both their groups. */
struct option_row {
    const char *name;     /* "bits" */
    char letter;          /* 'o', or 0 */
    const char *argument; /* "B"; NULL if it takes none */
    enum option_group group;
    const char *help; /* lines of at most 52 columns; NULL: another row tells of it */
    /* False with ERROR_USAGE that says what the argument may be. */
    bool (*read)(struct options *options, const char *argument, struct error *error);
};

extern const struct option_row option_rows[];
extern const size_t option_count;

#endif
