/* SPDX-License-Identifier: MIT
 *
 * Opcodes that make texts and bytes.
 */
#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "model/pickle_machine.h"

bool pickle_run_text(struct pickle_machine *machine)
{
    const unsigned char *bytes;
    uint64_t length;
    return pickle_take_counted(machine, &bytes, &length) &&
           pickle_push_text(machine, machine->opcode->kind, (const char *)bytes, (size_t)length);
}

/* The value of exactly count hexadecimal digits at the start of text; -1 if they are not there. */
static int64_t hex_value(const char *text, size_t length, size_t count)
{
    int64_t value = 0;
    for (size_t i = 0; i < count; i++) {
        if (i == length || !isxdigit((unsigned char)text[i]))
            return -1;
        int digit = tolower((unsigned char)text[i]);
        value = value * 16 + (isdigit(digit) ? digit - '0' : digit - 'a' + 10);
    }
    return value;
}

/* The value of up to three octal digits; returns how many there are. */
static size_t octal_value(const char *text, size_t length, unsigned *value)
{
    size_t count = 0;
    *value = 0;
    for (; count < 3 && count < length && text[count] >= '0' && text[count] <= '7'; count++)
        *value = *value * 8 + (unsigned)(text[count] - '0');
    return count;
}

static void add_byte(struct text *out, char byte)
{
    text_add(out, &byte, 1);
}

static void add_point(struct text *out, uint32_t point)
{
    char utf8[4];
    text_add(out, utf8, utf8_encode(point, utf8));
}

/* Each of the following appends what an escape stands for, whose backslash lies before escape[0],
 * and returns its length without that; 0 if it is broken. */

/* As in a string of Python 2.  An unknown escape stands for itself. */
static size_t add_byte_escape(struct text *out, const char *escape, size_t length)
{
    static const char letters[] = "\\'\"abfnrtv", bytes[] = "\\'\"\a\b\f\n\r\t\v";
    const char *letter = length > 0 ? memchr(letters, *escape, sizeof letters - 1) : NULL;
    unsigned octal;
    size_t digits = octal_value(escape, length, &octal);
    if (digits > 0) {
        add_byte(out, (char)octal);
        return digits;
    }
    if (length == 0)
        return 0;
    if (*escape == 'x') {
        int64_t byte = hex_value(escape + 1, length - 1, 2);
        add_byte(out, (char)byte);
        return byte < 0 ? 0 : 3;
    }
    if (!letter)
        add_byte(out, '\\');
    add_byte(out, letter ? bytes[letter - letters] : *escape);
    return 1;
}

/* Only \uXXXX and \UXXXXXXXX mean something: pickles write the backslash itself as \u005c. */
static size_t add_point_escape(struct text *out, const char *escape, size_t length)
{
    if (length == 0)
        return 0;
    size_t digits = *escape == 'u' ? 4 : *escape == 'U' ? 8 : 0;
    if (digits == 0) {
        add_byte(out, '\\');
        add_point(out, (unsigned char)*escape);
        return 1;
    }
    int64_t point = hex_value(escape + 1, length - 1, digits);
    if (point < 0 || point > 0x10ffff)
        return 0;
    add_point(out, (uint32_t)point);
    return 1 + digits;
}

/* Pushes a line with its escapes resolved.  What is no escape is Latin-1 in text. */
static bool push_line(struct pickle_machine *machine, enum pickle_kind kind, const char *line,
                      size_t length)
{
    struct text out = {0};
    bool good = true;
    text_add(&out, "", 0); /* so that there is a text if the line is empty */
    for (size_t at = 0; good && at < length; at++) {
        if (line[at] == '\\') {
            const char *escape = line + at + 1;
            size_t rest = length - at - 1;
            size_t used = kind == PICKLE_BYTES ? add_byte_escape(&out, escape, rest)
                                               : add_point_escape(&out, escape, rest);
            good = used > 0;
            at += used;
        } else if (kind == PICKLE_BYTES) {
            add_byte(&out, line[at]);
        } else {
            add_point(&out, (unsigned char)line[at]);
        }
    }
    good = good ? pickle_push_text(machine, kind, out.data, out.length)
                : pickle_fail(machine, "the line of %s has an escape that is broken",
                              machine->opcode->name);
    text_done(&out);
    return good;
}

bool pickle_run_string(struct pickle_machine *machine)
{
    const char *line;
    size_t length;
    if (!pickle_take_line(machine, &line, &length))
        return false;
    if (length < 2 || line[0] != line[length - 1] || (line[0] != '\'' && line[0] != '"'))
        return pickle_fail_line(machine, "in quotes");
    return push_line(machine, PICKLE_BYTES, line + 1, length - 2);
}

bool pickle_run_unicode(struct pickle_machine *machine)
{
    const char *line;
    size_t length;
    return pickle_take_line(machine, &line, &length) &&
           push_line(machine, PICKLE_TEXT, line, length);
}
