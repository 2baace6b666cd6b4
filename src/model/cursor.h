/* SPDX-License-Identifier: MIT
 *
 * Reading the header of a binary file from front to back: numbers in either byte order and bytes,
 * never beyond the end.  Bytes come through a small window, so that a header of any length takes
 * little memory, and one that is packed is inflated once.
 */
#ifndef MODEL_CURSOR_H
#define MODEL_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/content.h"

#define CURSOR_WINDOW 16384 /* bytes */

struct cursor {
    const struct content *content;
    struct error *error;
    const char *part;   /* what is being read, in messages: "header", "tensor" */
    uint64_t number;    /* which of several such parts, from 1; 0 if there is but one */
    bool big_endian;    /* the order of numbers from here on */
    uint64_t at;        /* of the next byte */
    uint64_t window_at; /* this and the rest are private */
    size_t window_length;
    unsigned char window[CURSOR_WINDOW];
};

/* At the first byte of content, little-endian; all failures below set *error. */
void cursor_start(struct cursor *cursor, const struct content *content, const char *part,
                  struct error *error);

/* Bytes from here to the end. */
uint64_t cursor_left(const struct cursor *cursor);

/* Copies n bytes to out and goes behind them.  False with *error if there are fewer. */
bool cursor_take(struct cursor *cursor, void *out, uint64_t n);

/* Takes an unsigned number of size bytes, at most 8. */
bool cursor_take_number(struct cursor *cursor, unsigned size, uint64_t *number);

/* Takes a number of size bytes that counts things of at least `least` bytes each, which are still
 * to come: false if there is no room for them.  things are what the message calls them. */
bool cursor_take_count(struct cursor *cursor, unsigned size, uint64_t least, const char *things,
                       uint64_t *count);

/* Goes behind n bytes without looking at them; false with *error if there are fewer. */
bool cursor_skip(struct cursor *cursor, uint64_t n);

/* Sets ERROR_FILE, "FILE: PART NUMBER: TEXT (byte AT)", and returns false. */
bool cursor_fail(const struct cursor *cursor, uint64_t at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
