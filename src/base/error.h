/* SPDX-License-Identifier: MIT
 *
 * Why a call failed, told in the call itself: the last parameter of everything that can fail.
 * No allocation and no shared buffer, so it is safe in workers.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdbool.h>

enum error_code {
    ERROR_NONE,
    ERROR_USAGE,     /* the user asked for something that makes no sense: exit status 2 */
    ERROR_FILE,      /* a file is unreadable or corrupt: exit status 3 */
    ERROR_SYSTEM,    /* the machine refused: no memory, no thread, no output: exit status 3 */
    ERROR_CANCELLED, /* somebody asked for the work to stop; never shown */
};

struct error {
    enum error_code code;
    char text[1024]; /* a sentence for a person, without the program's name; printable UTF-8 */
};

/* Fills *error with a code and a formatted text, cut to fit, and returns false, so that a failing
 * function can end with `return error_set(...)`.  Strings that come from files must have been
 * made printable first (utf8_escape).  error may be NULL. */
bool error_set(struct error *error, enum error_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
