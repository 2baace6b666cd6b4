/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Makes room for `more` bytes and the NUL behind them. */
static void text_reserve(struct text *text, size_t more)
{
    size_t needed;
    if (__builtin_add_overflow(text->length, more, &needed) || needed + 1 == 0)
        mem_panic("out of memory");
    text->data = mem_grow(text->data, &text->capacity, needed + 1, 1);
}

void text_add(struct text *text, const char *bytes, size_t length)
{
    text_reserve(text, length);
    if (length)
        memcpy(text->data + text->length, bytes, length);
    text->length += length;
    text->data[text->length] = '\0';
}

void text_puts(struct text *text, const char *string)
{
    text_add(text, string, strlen(string));
}

void text_printf(struct text *text, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length >= 0) {
        text_reserve(text, (size_t)length);
        vsnprintf(text->data + text->length, (size_t)length + 1, format, again);
        text->length += (size_t)length;
    }
    va_end(again);
}

void text_clear(struct text *text)
{
    text->length = 0;
    if (text->data)
        text->data[0] = '\0';
}

void text_done(struct text *text)
{
    mem_free(text->data);
    *text = (struct text){0};
}

char *text_number(char *out, double value, int digits)
{
    if (!isfinite(value) || value == 0) {
        strcpy(out, isnan(value) ? "-" : value == 0 ? "0" : value > 0 ? "inf" : "-inf");
        return out;
    }
    digits = digits < 1 ? 1 : digits > 17 ? 17 : digits;
    snprintf(out, TEXT_NUMBER, "%.*e", digits - 1, value);
    /* The exponent is read back from the rounded text, so that 999999.9 counts as 1e6. */
    int exponent = atoi(strchr(out, 'e') + 1);
    if (exponent >= -4 && exponent < 6) {
        int decimals = digits - 1 - exponent;
        snprintf(out, TEXT_NUMBER, "%.*f", decimals > 0 ? decimals : 0, value);
    }
    return out;
}

/* Drops zeros at the end of a decimal fraction, and the point if nothing is left behind it. */
static void trim_fraction(char *number)
{
    if (!strchr(number, '.'))
        return;
    char *end = number + strlen(number);
    while (end[-1] == '0')
        *--end = '\0';
    if (end[-1] == '.')
        end[-1] = '\0';
}

char *text_count(char *out, uint64_t count)
{
    if (count < 1000) {
        snprintf(out, TEXT_NUMBER, "%u", (unsigned)count);
        return out;
    }
    if (count < 1000000) {
        snprintf(out, TEXT_NUMBER, "%u %03u", (unsigned)(count / 1000), (unsigned)(count % 1000));
        return out;
    }
    double value = (double)count / 1e6;
    const char *unit = "MGTPE";
    for (; value >= 999.5; value /= 1000)
        unit++;
    snprintf(out, TEXT_NUMBER, "%.*f", value < 9.995 ? 2 : value < 99.95 ? 1 : 0, value);
    trim_fraction(out);
    size_t length = strlen(out);
    snprintf(out + length, TEXT_NUMBER - length, " %c", *unit);
    return out;
}

char *text_bytes(char *out, uint64_t bytes)
{
    if (bytes < 1024) {
        snprintf(out, TEXT_NUMBER, "%u B", (unsigned)bytes);
        return out;
    }
    double value = (double)bytes / 1024;
    const char *unit = "KMGTPE";
    for (; value >= 1023.5; value /= 1024)
        unit++;
    snprintf(out, TEXT_NUMBER, "%.*f %ciB",
             value < 9.995   ? 2
             : value < 99.95 ? 1
                             : 0,
             value, *unit);
    return out;
}

/* A name that is being read from left to right. */
struct reader {
    const char *at, *end;
};

static bool at_digit(const struct reader *reader)
{
    return reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9';
}

static size_t skip_zeros(struct reader *reader)
{
    const char *start = reader->at;
    while (reader->at < reader->end && *reader->at == '0')
        reader->at++;
    return (size_t)(reader->at - start);
}

static size_t skip_digits(struct reader *reader)
{
    const char *start = reader->at;
    while (at_digit(reader))
        reader->at++;
    return (size_t)(reader->at - start);
}

static int compare_sizes(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

/* Compares the runs of digits at a and b by value, of any length, and moves behind them.  The
 * first difference in leading zeros is kept in *tie, for names that are equal otherwise. */
static int compare_runs(struct reader *a, struct reader *b, int *tie)
{
    int zeros = compare_sizes(skip_zeros(a), skip_zeros(b));
    const char *a_digits = a->at, *b_digits = b->at;
    size_t a_count = skip_digits(a), b_count = skip_digits(b);
    if (*tie == 0)
        *tie = zeros;
    if (a_count != b_count)
        return compare_sizes(a_count, b_count);
    return memcmp(a_digits, b_digits, a_count);
}

int text_natural_compare(const char *a, size_t a_length, const char *b, size_t b_length)
{
    struct reader left = {a, a + a_length}, right = {b, b + b_length};
    int tie = 0;
    while (left.at < left.end && right.at < right.end) {
        int order;
        if (at_digit(&left) && at_digit(&right))
            order = compare_runs(&left, &right, &tie);
        else
            order = (unsigned char)*left.at++ - (unsigned char)*right.at++;
        if (order)
            return order;
    }
    int rest = compare_sizes((size_t)(left.end - left.at), (size_t)(right.end - right.at));
    return rest ? rest : tie;
}
