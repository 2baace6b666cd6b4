/* SPDX-License-Identifier: MIT
 *
 * Opcodes that make numbers.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "model/pickle_machine.h"

/* Digits that Python itself converts at most; it bounds a step that is quadratic in them. */
#define DIGITS_MAX 4300

/* Words of 32 bits for DIGITS_MAX digits, log2(10) = 3.33 bits each, and a sign. */
#define DIGITS_WORDS (DIGITS_MAX * 10 / 3 / 32 + 2)

bool pickle_run_none(struct pickle_machine *machine)
{
    return pickle_push(machine, pickle_new(machine, PICKLE_NONE));
}

static bool push_number(struct pickle_machine *machine, enum pickle_kind kind, int64_t number)
{
    struct pickle_value *value = pickle_new(machine, kind);
    value->integer = number;
    return pickle_push(machine, value);
}

bool pickle_run_boolean(struct pickle_machine *machine)
{
    return push_number(machine, PICKLE_BOOLEAN, machine->opcode->size);
}

bool pickle_run_unsigned(struct pickle_machine *machine)
{
    uint64_t number;
    return pickle_take_number(machine, machine->opcode->size, &number) &&
           push_number(machine, PICKLE_INTEGER, (int64_t)number);
}

/* Pushes a number in two's complement, little-endian; no bytes are 0. */
static bool push_complement(struct pickle_machine *machine, const unsigned char *bytes,
                            size_t length)
{
    unsigned char sign = length > 0 && bytes[length - 1] >= 0x80 ? 0xff : 0;
    while (length > 1 && bytes[length - 1] == sign && ((bytes[length - 2] ^ sign) & 0x80) == 0)
        length--;
    if (length > 8)
        return pickle_push_text(machine, PICKLE_BIG, (const char *)bytes, length);
    uint64_t number = 0;
    for (size_t i = 0; i < 8; i++)
        number |= (uint64_t)(i < length ? bytes[i] : sign) << 8 * i;
    return push_number(machine, PICKLE_INTEGER, (int64_t)number);
}

bool pickle_run_signed(struct pickle_machine *machine)
{
    const unsigned char *bytes;
    return pickle_take(machine, machine->opcode->size, &bytes) &&
           push_complement(machine, bytes, machine->opcode->size);
}

bool pickle_run_long_n(struct pickle_machine *machine)
{
    const unsigned char *bytes;
    uint64_t length;
    return pickle_take_counted(machine, &bytes, &length) &&
           push_complement(machine, bytes, (size_t)length);
}

/* Takes the sign away and checks that there are digits behind it, and nothing else. */
static bool check_decimal(struct pickle_machine *machine, const char **line, size_t *length,
                          bool *negative)
{
    *negative = *length > 0 && **line == '-';
    if (*length > 0 && (**line == '-' || **line == '+')) {
        ++*line;
        --*length;
    }
    for (size_t i = 0; i < *length; i++)
        if (!isdigit((unsigned char)(*line)[i]))
            return pickle_fail_line(machine, "a whole number");
    if (*length > DIGITS_MAX)
        return pickle_fail(machine, "%s has more than %d digits", machine->opcode->name,
                           DIGITS_MAX);
    return *length > 0 || pickle_fail_line(machine, "a whole number");
}

/* words * scale + more, in words that are wide enough. */
static void scale_words(uint32_t words[DIGITS_WORDS], size_t *used, uint32_t scale, uint32_t more)
{
    uint64_t carry = more;
    for (size_t i = 0; i < *used; i++) {
        carry += (uint64_t)words[i] * scale;
        words[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry > 0)
        words[(*used)++] = (uint32_t)carry;
}

/* Words of the value, and a zero above them.  Nine digits at a time are the most whose power of
 * ten fits a word. */
static size_t words_of_digits(const char *digits, size_t length, uint32_t words[DIGITS_WORDS])
{
    size_t used = 0;
    while (length > 0) {
        uint32_t scale = 1, part = 0;
        for (int i = 0; i < 9 && length > 0; i++, digits++, length--) {
            scale *= 10;
            part = part * 10 + (uint32_t)(*digits - '0');
        }
        scale_words(words, &used, scale, part);
    }
    words[used] = 0;
    return used;
}

static bool push_decimal(struct pickle_machine *machine, const char *line, size_t length)
{
    bool negative;
    if (!check_decimal(machine, &line, &length, &negative))
        return false;
    uint32_t words[DIGITS_WORDS];
    unsigned char bytes[sizeof words];
    size_t used = words_of_digits(line, length, words);
    /* The complement is the inverse plus one; the zero above leaves room for the sign. */
    uint64_t carry = negative;
    for (size_t i = 0; i <= used; i++) {
        carry += negative ? ~words[i] : words[i];
        for (unsigned k = 0; k < 4; k++)
            bytes[4 * i + k] = (unsigned char)(carry >> 8 * k);
        carry >>= 32;
    }
    return push_complement(machine, bytes, 4 * (used + 1));
}

/* 00 and 01 are how protocol 0 writes the booleans. */
bool pickle_run_int(struct pickle_machine *machine)
{
    const char *line;
    size_t length;
    if (!pickle_take_line(machine, &line, &length))
        return false;
    if (length == 2 && line[0] == '0' && (line[1] == '0' || line[1] == '1'))
        return push_number(machine, PICKLE_BOOLEAN, line[1] - '0');
    return push_decimal(machine, line, length);
}

/* The L behind the digits may be missing. */
bool pickle_run_long(struct pickle_machine *machine)
{
    const char *line;
    size_t length;
    if (!pickle_take_line(machine, &line, &length))
        return false;
    return push_decimal(machine, line, length - (length > 0 && line[length - 1] == 'L'));
}

bool pickle_take_decimal(struct pickle_machine *machine, uint64_t *number)
{
    const char *line;
    size_t length;
    if (!pickle_take_line(machine, &line, &length))
        return false;
    *number = 0;
    for (size_t i = 0; i < length; i++) {
        if (!isdigit((unsigned char)line[i]) || *number > UINT32_MAX)
            return pickle_fail_line(machine, "a number of 32 bits");
        *number = *number * 10 + (uint64_t)(line[i] - '0');
    }
    return length > 0 || pickle_fail_line(machine, "a number of 32 bits");
}

static bool push_real(struct pickle_machine *machine, double real)
{
    struct pickle_value *value = pickle_new(machine, PICKLE_REAL);
    value->real = real;
    return pickle_push(machine, value);
}

/* strtod would skip blanks, even the newline at the end of the line. */
bool pickle_run_float(struct pickle_machine *machine)
{
    const char *line;
    size_t length;
    if (!pickle_take_line(machine, &line, &length))
        return false;
    char *end = NULL;
    double real = isspace((unsigned char)*line) ? 0 : strtod(line, &end);
    return end == line + length ? push_real(machine, real) : pickle_fail_line(machine, "a number");
}

/* The one big-endian number of pickles. */
bool pickle_run_binfloat(struct pickle_machine *machine)
{
    uint64_t bits;
    double real;
    if (!pickle_take_number(machine, sizeof bits, &bits))
        return false;
    bits = __builtin_bswap64(bits);
    memcpy(&real, &bits, sizeof real);
    return push_real(machine, real);
}
