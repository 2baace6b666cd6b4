/* SPDX-License-Identifier: MIT */
#include "ui/lesson_value.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS_DEFAULT 4
#define NUMBER_MOST    31 /* bytes */

bool lesson_number(const char *text, size_t length, double *number)
{
    char copy[NUMBER_MOST + 1] = "", *end;
    if (length == 0 || length > NUMBER_MOST)
        return false;
    memcpy(copy, text, length);
    /* strtod alone would also take "inf", "nan", hexadecimals and blanks. */
    if (strspn(copy, "0123456789.eE+-") != length)
        return false;
    *number = strtod(copy, &end);
    return *end == '\0' && isfinite(*number);
}

/* Cuts off the last part that `mark` begins: its length, or 0 with *length as it was. */
static size_t cut_tail(const char *text, size_t *length, char mark, const char **tail)
{
    const char *at = memrchr(text, mark, *length);
    if (!at)
        return 0;
    *tail = at + 1;
    size_t size = (size_t)(text + *length - *tail);
    *length = (size_t)(at - text);
    return size + 1;
}

static bool parse_digits(const char *text, size_t *length, int *digits, struct error *error)
{
    const char *tail;
    size_t size = cut_tail(text, length, ':', &tail);
    if (size == 0)
        return true;
    if (size != 2 || *tail < '1' || *tail > '9')
        return error_set(error, ERROR_FILE, "behind the colon 1 to 9 digits can be asked for");
    *digits = *tail - '0';
    return true;
}

static bool parse_factor(const char *text, size_t *length, double *factor, struct error *error)
{
    const char *tail;
    size_t size = cut_tail(text, length, '*', &tail);
    if (size > 0 && !lesson_number(tail, size - 1, factor))
        return error_set(error, ERROR_FILE, "behind the * a number is wanted");
    return true;
}

static bool parse_divisor(const char *text, size_t *length, enum lesson_divisor *divisor,
                          struct error *error)
{
    const char *tail;
    size_t size = cut_tail(text, length, '/', &tail);
    if (size == 2 && memcmp(tail, "q", 1) == 0)
        *divisor = LESSON_PER_STEP;
    else if (size == 4 && memcmp(tail, "pqn", 3) == 0)
        *divisor = LESSON_PER_PQN;
    else if (size > 0)
        return error_set(error, ERROR_FILE, "a figure can be divided by /q or /pqn only");
    return true;
}

static bool parse_key(const char *text, size_t length, struct lesson_value *value,
                      struct error *error)
{
    value->key = lesson_key_find(text, length);
    if (!value->key)
        return error_set(error, ERROR_FILE, "there is no figure \"%.*s\"", (int)length, text);
    if (value->divisor != LESSON_PLAIN && value->key->power == 0)
        return error_set(error, ERROR_FILE, "%s is no length, and cannot be divided by one",
                         value->key->name);
    return true;
}

bool lesson_value_parse(const char *text, size_t length, bool shown, struct lesson_value *value,
                        struct error *error)
{
    *value = (struct lesson_value){.factor = 1, .digits = DIGITS_DEFAULT};
    if (!shown && lesson_number(text, length, &value->factor))
        return true;
    return (!shown || parse_digits(text, &length, &value->digits, error)) &&
           parse_factor(text, &length, &value->factor, error) &&
           parse_divisor(text, &length, &value->divisor, error) &&
           parse_key(text, length, value, error);
}

bool lesson_value_get(const struct lesson_value *value, lesson_lookup *lookup, void *user,
                      double *number)
{
    double figure, step;
    if (!value->key) {
        *number = value->factor;
        return true;
    }
    if (!lookup(user, value->key->name, &figure))
        return false;
    if (value->divisor != LESSON_PLAIN) {
        if (!lookup(user, "q", &step))
            return false;
        double unit = value->divisor == LESSON_PER_PQN ? step / sqrt(12) : step;
        figure /= value->key->power == 2 ? unit * unit : unit;
    }
    *number = figure * value->factor;
    return true;
}

static void print_value(const struct lesson_value *value, struct text *out, lesson_lookup *lookup,
                        void *user)
{
    char digits[TEXT_NUMBER];
    double number;
    if (!lesson_value_get(value, lookup, user, &number))
        text_puts(out, "...");
    else if (value->key && value->key->count && number >= 0)
        text_puts(out, text_count(digits, (uint64_t)number));
    else
        text_puts(out, text_number(digits, number, value->digits));
}

/* ---- Words with figures */

/* The part of a text from `at` on that is shown alike: a run of plain words, `{{`, or a figure
 * with its braces.  0 for a brace that is never closed. */
static size_t piece_length(const char *at)
{
    if (*at != '{')
        return strcspn(at, "{");
    if (at[1] == '{')
        return 2;
    const char *end = strchr(at, '}');
    return end ? (size_t)(end - at) + 1 : 0;
}

static bool is_figure(const char *piece)
{
    return piece[0] == '{' && piece[1] != '{';
}

bool lesson_words_check(const char *words, struct error *error)
{
    struct lesson_value value;
    for (size_t length; *words; words += length) {
        length = piece_length(words);
        if (length == 0)
            return error_set(error, ERROR_FILE, "a { without its }; {{ stands for the brace");
        if (is_figure(words) && !lesson_value_parse(words + 1, length - 2, true, &value, error))
            return false;
    }
    return true;
}

void lesson_text(struct text *out, const char *words, lesson_lookup *lookup, void *user)
{
    struct lesson_value value;
    for (size_t length; *words; words += length) {
        length = piece_length(words);
        assert(length > 0);
        if (!is_figure(words))
            text_add(out, words, *words == '{' ? 1 : length);
        else if (lesson_value_parse(words + 1, length - 2, true, &value, NULL))
            print_value(&value, out, lookup, user);
    }
}
