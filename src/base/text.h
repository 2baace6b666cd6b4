/* SPDX-License-Identifier: MIT
 *
 * Text that grows, and numbers as people read them.  Numbers always use '.' whatever the locale
 * (the program never sets LC_NUMERIC).
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* A growable string; all zero is the empty one.  data is NUL-terminated once anything was added,
 * NULL before.  text_done frees it. */
struct text {
    char *data;
    size_t length, capacity;
};

void text_add(struct text *text, const char *bytes, size_t length);
void text_puts(struct text *text, const char *string);
void text_printf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_clear(struct text *text); /* length 0, memory kept */
void text_done(struct text *text);

/* Room for any number that the functions below write, with its NUL. */
#define TEXT_NUMBER 32

/* Each writes into out (at least TEXT_NUMBER bytes) and returns it. */

/* A value to `digits` significant digits, plain between 1e-4 and 1e6, else as 1.23e-05; "–" as
 * ASCII "-" for NaN, which stands for "not defined"; "inf" and "-inf". */
char *text_number(char *out, double value, int digits);

/* A count as people say it: 999, 65 536, 3.03 M, 7.2 G. */
char *text_count(char *out, uint64_t count);

/* A size in bytes: 512 B, 1.17 MiB, 4.00 GiB. */
char *text_bytes(char *out, uint64_t bytes);

/* Compares two names so that numbers inside compare by value ("h.2" before "h.10"); negative,
 * zero or positive.  Equal only for identical bytes. */
int text_natural_compare(const char *a, size_t a_length, const char *b, size_t b_length);

#endif
