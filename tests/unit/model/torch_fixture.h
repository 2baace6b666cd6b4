/* SPDX-License-Identifier: MIT
 *
 * Checkpoints of PyTorch for the tests: pickles from a short notation, storages of the numbers
 * 0, 1, 2, ..., and models as text.
 */
#ifndef TESTS_TORCH_FIXTURE_H
#define TESTS_TORCH_FIXTURE_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "archive.h"
#include "base/text.h"
#include "fixture.h"
#include "model/tensor.h"

static inline void torch_put_text(struct text *out, const char *text, size_t length)
{
    text_puts(out, "X");
    archive_put(out, 4, length);
    text_add(out, text, length);
}

static inline void torch_put_integer(struct text *out, long value)
{
    text_puts(out, "J");
    archive_put(out, 4, (uint64_t)value);
}

/* "module.name" */
static inline void torch_put_global(struct text *out, const char *global, size_t length)
{
    size_t dot = length;
    while (global[dot - 1] != '.')
        dot--;
    text_printf(out, "c%.*s\n%.*s\n", (int)(dot - 1), global, (int)(length - dot), global + dot);
}

/* "CLASS:KEY:COUNT" */
static inline void torch_put_storage(struct text *out, const char *text)
{
    char type[64], key[64];
    long count;
    assert_int_equal(sscanf(text, "%63[^:]:%63[^:]:%ld", type, key, &count), 3);
    text_puts(out, "(");
    torch_put_text(out, "storage", 7);
    text_printf(out, "ctorch\n%s\n", type);
    torch_put_text(out, key, strlen(key));
    torch_put_text(out, "cpu", 3);
    torch_put_integer(out, count);
    text_puts(out, "tQ");
}

/* "2,3" */
static inline void torch_put_numbers(struct text *out, const char *text)
{
    text_puts(out, "(");
    for (char *end; *text && *text != ':' && *text != ' '; text = *end == ',' ? end + 1 : end)
        torch_put_integer(out, strtol(text, &end, 10));
    text_puts(out, "t");
}

/* "KEY:COUNT:FIRST:SIZE:STRIDE": _rebuild_tensor_v2 of a FloatStorage */
static inline void torch_put_tensor(struct text *out, const char *text)
{
    char key[64], storage[128];
    long count, first;
    int at;
    assert_int_equal(sscanf(text, "%63[^:]:%ld:%ld:%n", key, &count, &first, &at), 3);
    snprintf(storage, sizeof storage, "FloatStorage:%s:%ld", key, count);
    text_puts(out, "ctorch._utils\n_rebuild_tensor_v2\n(");
    torch_put_storage(out, storage);
    torch_put_integer(out, first);
    torch_put_numbers(out, text + at);
    torch_put_numbers(out, strchr(text + at, ':') + 1);
    text_puts(out, "\x89}tR");
}

/* Words with a space between: 'text', #integer, @module.name, =2,3 (a tuple of integers),
 * $CLASS:KEY:COUNT (a storage), *KEY:COUNT:FIRST:SIZE:STRIDE (a tensor), >N and <N (into the memo
 * and out of it), NEWOBJ, FALSE; all else is opcodes as they stand.  PROTO 2 comes first and STOP
 * last. */
static inline void torch_put_pickle(struct text *out, const char *program)
{
    text_puts(out, "\x80\2");
    for (size_t length; *program; program += length + (program[length] == ' ')) {
        length = strcspn(program, " ");
        const char *rest = program + 1;
        switch (*program) {
        case '\'':
            torch_put_text(out, rest, length - 2);
            break;
        case '#':
            torch_put_integer(out, strtol(rest, NULL, 10));
            break;
        case '@':
            torch_put_global(out, rest, length - 1);
            break;
        case '=':
            torch_put_numbers(out, rest);
            break;
        case '$':
            torch_put_storage(out, rest);
            break;
        case '*':
            torch_put_tensor(out, rest);
            break;
        case '>':
        case '<':
            text_puts(out, *program == '>' ? "q" : "h");
            archive_put(out, 1, (uint64_t)strtol(rest, NULL, 10));
            break;
        default:
            if (strncmp(program, "NEWOBJ", length) == 0 && length == 6)
                text_puts(out, "\x81");
            else if (strncmp(program, "FALSE", length) == 0 && length == 5)
                text_puts(out, "\x89");
            else
                text_add(out, program, length);
        }
    }
    text_puts(out, ".");
}

/* count numbers of F32: 0, 1, 2, ... */
static inline void torch_put_floats(struct text *out, unsigned count, bool big)
{
    for (unsigned i = 0; i < count; i++) {
        float value = (float)i;
        uint32_t bits;
        memcpy(&bits, &value, sizeof bits);
        archive_put(out, 4, big ? __builtin_bswap32(bits) : bits);
    }
}

static inline void torch_show_tensor(struct text *out, const struct tensor *tensor)
{
    struct error error = {0};
    const char *reason = NULL;
    double values[16];
    text_printf(out, "%s %s (", tensor->label, tensor->dtype_name);
    for (unsigned i = 0; i < tensor->rank; i++)
        text_printf(out, "%s%" PRIu64, i ? "," : "", tensor->dims[i]);
    text_puts(out, ")");
    if (tensor->alias_of)
        text_printf(out, " in %s", tensor->alias_of);
    if (!tensor_readable(tensor, &reason)) {
        text_printf(out, ": %s", reason);
    } else {
        size_t n = tensor->elements < 16 ? (size_t)tensor->elements : 16;
        const struct tensor_view view = {0};
        if (!tensor_read(tensor, view, 0, n, values, &error))
            fail_msg("%s", error.text);
        for (size_t i = 0; i < n; i++)
            text_printf(out, " %g", values[i]);
    }
    text_puts(out, "\n");
}

/* Asserts that a file is opened as this: its format, its tensors, and its metadata but what tells
 * of the machine, a line each. */
static inline void torch_expect(const char *path, const char *expected)
{
    struct error error = {0};
    struct model *model = fixture_open(path, &error);
    if (!model)
        fail_msg("%s", error.text);
    struct text shown = {0};
    text_printf(&shown, "%s\n", model->format);
    for (size_t i = 0; i < model->count; i++)
        torch_show_tensor(&shown, &model->tensors[i]);
    for (size_t i = 0; i < model->metadata.count; i++) {
        const struct metadata_entry *entry = &model->metadata.entries[i];
        text_printf(&shown, "%s: %s %s\n", entry->key, entry->type, entry->value);
    }
    assert_string_equal(shown.data, expected);
    text_done(&shown);
    model_free(model);
}

#endif
