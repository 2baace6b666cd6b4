/* SPDX-License-Identifier: MIT
 *
 * UTF-8 from strangers: decoding, columns on a terminal, and escaping of whatever would move the
 * cursor, reverse the writing direction or simply is not UTF-8.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

/* Decodes the character at the start of bytes (length >= 1): its size in bytes, 1 to 4, and the
 * code point in *point; 0 if the bytes are not UTF-8 (overlong, surrogate, beyond U+10FFFF,
 * cut). */
size_t utf8_decode(const char *bytes, size_t length, uint32_t *point);

/* Writes point as UTF-8, 1 to 4 bytes, no NUL; returns their number. */
size_t utf8_encode(uint32_t point, char out[4]);

/* Columns that a character takes: 0 (combining), 1 or 2; -1 if it must not reach a terminal
 * (control, bidirectional control, line separators, unassigned by the C library). */
int utf8_columns(uint32_t point);

/* Columns of a whole printable string. */
size_t utf8_width(const char *bytes, size_t length);

/* True if every character is valid UTF-8 and may be sent to a terminal. */
bool utf8_printable(const char *bytes, size_t length);

/* Appends bytes with everything that may not reach a terminal escaped: \n \t \\ as in C, other
 * control and bidi characters as \u{202E}, bytes that are not UTF-8 as \xNN.  A backslash is
 * escaped only where the text is changed otherwise too, so that ordinary names stay as they are. */
void utf8_escape(struct text *out, const char *bytes, size_t length);

/* Appends bytes cut in the middle by "…" ("~" if ascii) so that it takes at most columns. */
void utf8_cut_middle(struct text *out, const char *bytes, size_t length, size_t columns,
                     bool ascii);

#endif
