/* SPDX-License-Identifier: MIT
 *
 * What the terminal understands, from its terminfo description: of all that curses knows, the
 * part that frames are written with.
 */
#ifndef UI_TERM_CODES_H
#define UI_TERM_CODES_H

#include <stdbool.h>

#include "base/text.h"
#include "ui/term_palette.h"

/* Strings of terminfo, borrowed from its description; NULL where the terminal has none. */
struct term_codes {
    const char *move;                            /* to a row and a column */
    const char *forward;                         /* by so many columns */
    const char *erase;                           /* so many characters, the cursor stays */
    const char *clear;                           /* the whole screen */
    const char *reset;                           /* no attributes, no colours, usual characters */
    const char *plain;                           /* no attributes and no colours */
    const char *attribute[4];                    /* by the bits of enum look_attribute */
    const char *foreground, *background;         /* a colour by its number */
    const char *own_colours;                     /* the terminal's own, both */
    const char *own_foreground, *own_background; /* the same, one by one */
    int colours;          /* 0 if it cannot show any over its own background */
    bool erases_coloured; /* erased cells have the colour of the background */
    bool wraps_at_once;   /* the last column moves the cursor on, so that the last cell scrolls */
    bool utf8;            /* the locale's characters; else '?' stands for all but ASCII */
};

/* Reads the description that setupterm or newterm has opened; it must stay open. */
void term_codes_read(struct term_codes *codes, bool utf8);

/* Append a string with its parameters, without its padding, which no terminal has needed for long;
 * nothing if it is NULL. */
void term_codes_put(struct text *out, const char *code);
void term_codes_put_one(struct text *out, const char *code, int parameter);
void term_codes_put_two(struct text *out, const char *code, int first, int second);

#endif
