/* SPDX-License-Identifier: MIT */
#include "model/npy_header.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "model/label.h"

#define DEPTH_MOST 64 /* of lists and tuples in a type; NumPy nests a few per level of structure */

struct parser {
    const struct npy_file *file;
    uint64_t base; /* of text, in the file's content */
    const char *text;
    size_t length, at;
    struct npy_header *header;
    unsigned seen; /* a bit for each of `fields` */
    struct error *error;
};

bool npy_fail(const struct npy_file *file, uint64_t at, struct error *error, const char *format,
              ...)
{
    char fault[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(fault, sizeof fault, format, arguments);
    va_end(arguments);
    return error_set(error, ERROR_FILE, "%s: %s%s%s (byte %" PRIu64 ")", file->content->label,
                     file->member ? file->member : "", file->member ? ": " : "", fault, at);
}

static bool fail(const struct parser *parser, const char *fault)
{
    return npy_fail(parser->file, parser->base + parser->at, parser->error, "header: %s", fault);
}

/* Skips space; the character behind it, or NUL at the end, which no rule takes either. */
static char next(struct parser *parser)
{
    while (parser->at < parser->length && strchr(" \t\r\n\f", parser->text[parser->at]) &&
           parser->text[parser->at] != '\0')
        parser->at++;
    return parser->at < parser->length ? parser->text[parser->at] : '\0';
}

/* Skips one character if it comes next. */
static bool take(struct parser *parser, char character)
{
    bool taken = next(parser) == character;
    parser->at += taken;
    return taken;
}

static bool is_quote(char character)
{
    return character == '\'' || character == '"';
}

static bool is_digit(char character)
{
    return character >= '0' && character <= '9';
}

/* Reads a string.  Those that NumPy writes have no escapes but in names of fields, so none is
 * taken. */
static bool read_string(struct parser *parser, const char **string, size_t *length)
{
    char quote = next(parser);
    if (!is_quote(quote))
        return fail(parser, "expected a string");
    *string = parser->text + parser->at + 1;
    const char *end = memchr(*string, quote, parser->length - parser->at - 1);
    if (!end)
        return fail(parser, "has a string without an end");
    *length = (size_t)(end - *string);
    if (memchr(*string, '\\', *length))
        return fail(parser, "has an escape in a string");
    parser->at += *length + 2;
    return true;
}

/* Skips the fields of a structure, which are lists and tuples of strings and sizes: all that is
 * checked is that there is nothing else, and that brackets match. */
static bool skip_structure(struct parser *parser)
{
    char closing[DEPTH_MOST];
    unsigned depth = 0;
    const char *string;
    size_t length;
    do {
        char character = next(parser);
        if (is_quote(character)) {
            if (!read_string(parser, &string, &length))
                return false;
            continue;
        }
        if (character == '[' || character == '(') {
            if (depth == DEPTH_MOST)
                return fail(parser, "is nested too deep");
            closing[depth++] = character == '[' ? ']' : ')';
        } else if (character == closing[depth - 1]) {
            depth--;
        } else if (!is_digit(character) && character != ',') {
            return fail(parser, "has a type that is no list of fields");
        }
        parser->at++;
    } while (depth > 0);
    return true;
}

static bool read_descr(struct parser *parser)
{
    struct npy_header *header = parser->header;
    header->structured = next(parser) == '[';
    header->descr_at = parser->base + parser->at;
    if (!header->structured)
        return read_string(parser, &header->descr, &header->descr_length);
    header->descr = parser->text + parser->at;
    bool good = skip_structure(parser);
    header->descr_length = (size_t)(parser->text + parser->at - header->descr);
    return good;
}

/* Skips a word of so many letters if it comes next. */
static bool take_word(struct parser *parser, const char *word, size_t length)
{
    next(parser);
    bool taken = parser->length - parser->at >= length &&
                 memcmp(parser->text + parser->at, word, length) == 0;
    parser->at += taken ? length : 0;
    return taken;
}

static bool read_fortran_order(struct parser *parser)
{
    parser->header->fortran_order = take_word(parser, "True", 4);
    return parser->header->fortran_order || take_word(parser, "False", 5) ||
           fail(parser, "expected fortran_order to be True or False");
}

static bool read_size(struct parser *parser, uint64_t *size)
{
    char first = next(parser);
    if (first == '-')
        return fail(parser, "has a negative size in its shape");
    if (!is_digit(first))
        return fail(parser, "expected a size in its shape");
    *size = 0;
    for (; parser->at < parser->length && is_digit(parser->text[parser->at]); parser->at++)
        if (!mem_multiply(*size, 10, size) ||
            !mem_sum(*size, (uint64_t)(parser->text[parser->at] - '0'), size))
            return fail(parser, "has a size beyond 64 bits in its shape");
    take(parser, 'L'); /* as Python 2 wrote sizes beyond its short integers */
    return true;
}

static bool read_shape(struct parser *parser)
{
    struct npy_header *header = parser->header;
    if (!take(parser, '('))
        return fail(parser, "expected the shape to be a tuple");
    header->shape_at = parser->base + parser->at - 1;
    bool comma = true;
    while (!take(parser, ')')) {
        if (!comma)
            return fail(parser, "expected ',' or ')' in its shape");
        if (header->rank == TENSOR_RANK_MOST)
            return fail(parser, "has a shape of too many dimensions");
        if (!read_size(parser, &header->dims[header->rank++]))
            return false;
        comma = take(parser, ',');
    }
    /* To Python, (5) is a number. */
    return header->rank != 1 || comma || fail(parser, "expected the shape to be a tuple");
}

static const struct field {
    const char *name;
    bool (*read)(struct parser *parser);
} fields[] = {{"descr", read_descr}, {"fortran_order", read_fortran_order}, {"shape", read_shape}};
enum { FIELDS = sizeof fields / sizeof fields[0] };

static bool fail_key(const struct parser *parser, const char *fault, const char *key, size_t length)
{
    struct quote quote;
    return npy_fail(parser->file, parser->base + parser->at, parser->error, "header: %s %s", fault,
                    label_quote(&quote, key, length));
}

/* Reads a key and its value. */
static bool read_pair(struct parser *parser)
{
    const char *key;
    size_t length;
    if (!read_string(parser, &key, &length))
        return false;
    unsigned i = 0;
    while (i < FIELDS &&
           (strlen(fields[i].name) != length || memcmp(fields[i].name, key, length) != 0))
        i++;
    if (i == FIELDS)
        return fail_key(parser, "has the unknown key", key, length);
    if (parser->seen & 1u << i)
        return fail_key(parser, "has twice the key", key, length);
    parser->seen |= 1u << i;
    return take(parser, ':') ? fields[i].read(parser) : fail(parser, "expected ':' behind a key");
}

static bool read_dictionary(struct parser *parser)
{
    if (!take(parser, '{'))
        return fail(parser, "expected '{'");
    bool comma = true;
    while (!take(parser, '}')) {
        if (!comma)
            return fail(parser, "expected ',' or '}'");
        if (!read_pair(parser))
            return false;
        comma = take(parser, ',');
    }
    for (unsigned i = 0; i < FIELDS; i++)
        if (!(parser->seen & 1u << i))
            return fail_key(parser, "does not have the key", fields[i].name,
                            strlen(fields[i].name));
    next(parser);
    return parser->at == parser->length || fail(parser, "goes on behind its dictionary");
}

bool npy_header_read(struct npy_header *header, const struct npy_file *file, uint64_t at,
                     const char *text, size_t length, struct error *error)
{
    *header = (struct npy_header){.rank = 0};
    struct parser parser = {
        .file = file, .base = at, .text = text, .length = length, .header = header, .error = error};
    return read_dictionary(&parser);
}
