/* SPDX-License-Identifier: MIT
 *
 * What a checkpoint holds besides tensors, as text.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/label.h"
#include "model/parts.h"
#include "model/torch.h"

#define ITEM_MOST 64u /* bytes of a text within a row */

bool torch_is_plain(const struct pickle_value *value)
{
    switch (value->kind) {
    case PICKLE_NONE:
    case PICKLE_BOOLEAN:
    case PICKLE_INTEGER:
    case PICKLE_BIG:
    case PICKLE_REAL:
    case PICKLE_BYTES:
    case PICKLE_TEXT:
    case PICKLE_GLOBAL:
        return true;
    default:
        return false;
    }
}

bool torch_is_row(const struct pickle_value *value)
{
    if (value->kind != PICKLE_LIST && value->kind != PICKLE_TUPLE && value->kind != PICKLE_SET)
        return false;
    for (size_t i = 0; i < value->length; i++)
        if (!torch_is_plain(value->items[i]))
            return false;
    return true;
}

/* True for a text, as far as it will be kept; else it is bytes. */
static bool is_text(const struct pickle_value *value)
{
    size_t length = value->length;
    if (length > METADATA_VALUE_MOST)
        for (length = METADATA_VALUE_MOST; length > 0 && (value->text[length] & 0xc0) == 0x80;)
            length--;
    return label_valid(value->text, length);
}

static const char *type_of(const struct pickle_value *value)
{
    switch (value->kind) {
    case PICKLE_NONE:
        return "none";
    case PICKLE_BOOLEAN:
        return "bool";
    case PICKLE_INTEGER:
    case PICKLE_BIG:
        return "int";
    case PICKLE_REAL:
        return "float";
    case PICKLE_GLOBAL:
        return "name";
    default:
        return is_text(value) ? "string" : "bytes";
    }
}

/* The fewest digits that mean the same number. */
static void add_real(struct text *out, double real)
{
    char digits[32];
    for (int precision = 15; precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, real);
        if (strtod(digits, NULL) == real)
            break;
    }
    text_puts(out, digits);
}

/* A value as text; a text is cut to ITEM_MOST bytes. */
static void add_value(struct text *out, const struct pickle_value *value)
{
    switch (value->kind) {
    case PICKLE_NONE:
        text_puts(out, "None");
        break;
    case PICKLE_BOOLEAN:
        text_puts(out, value->integer ? "True" : "False");
        break;
    case PICKLE_INTEGER:
        text_printf(out, "%" PRId64, value->integer);
        break;
    case PICKLE_BIG:
        text_printf(out, "(a number of %zu bytes)", value->length);
        break;
    case PICKLE_REAL:
        add_real(out, value->real);
        break;
    default:
        if (!is_text(value)) {
            text_printf(out, "(%zu bytes)", value->length);
            break;
        }
        text_add(out, value->text, value->length < ITEM_MOST ? value->length : ITEM_MOST);
        if (value->length > ITEM_MOST)
            text_puts(out, "…");
    }
}

static void add_entry(struct torch *torch, const char *type, const char *value, size_t length)
{
    static const char all[] = "(all)";
    bool named = torch->path.length > 0;
    metadata_add(&torch->model->metadata, &torch->model->parts->arena, torch->source, type,
                 named ? torch->path.data : all, named ? torch->path.length : sizeof all - 1, value,
                 length);
}

void torch_add_text(struct torch *torch, const char *key, const char *type, const char *value)
{
    metadata_add(&torch->model->metadata, &torch->model->parts->arena, torch->source, type, key,
                 strlen(key), value, strlen(value));
}

/* Whether anything more is kept. */
static bool is_full(struct torch *torch)
{
    struct metadata *metadata = &torch->model->metadata;
    metadata->dropped += metadata->count == METADATA_ENTRIES_MOST;
    return metadata->count == METADATA_ENTRIES_MOST;
}

void torch_add_plain(struct torch *torch, const struct pickle_value *value)
{
    if (is_full(torch))
        return;
    bool text = value->kind == PICKLE_TEXT || value->kind == PICKLE_BYTES;
    if (text && is_text(value)) {
        add_entry(torch, type_of(value), value->text, value->length);
        return;
    }
    struct text shown = {0};
    add_value(&shown, value);
    add_entry(torch, type_of(value), shown.data, shown.length);
    text_done(&shown);
}

static void add_items(struct text *out, const struct pickle_value *row)
{
    for (size_t i = 0; i < row->length && i < METADATA_ARRAY_SHOWN; i++) {
        if (i > 0)
            text_puts(out, ", ");
        add_value(out, row->items[i]);
    }
    if (row->length > METADATA_ARRAY_SHOWN)
        text_puts(out, ", …");
}

void torch_add_row(struct torch *torch, const struct pickle_value *value)
{
    if (value->length == 0 || is_full(torch))
        return;
    char type[48];
    struct text text = {0};
    struct arena *arena = &torch->model->parts->arena;
    int length = snprintf(type, sizeof type, "list of %zu", value->length);
    text_puts(&text, "[");
    add_items(&text, value);
    text_puts(&text, "]");
    add_entry(torch, arena_string(arena, type, (size_t)length), text.data, text.length);
    text_done(&text);
}

void torch_add_object(struct torch *torch, const struct pickle_value *call)
{
    if (is_full(torch))
        return;
    struct text text = {0};
    const struct pickle_value *arguments = call->items[1];
    const char *callee = torch_callee(call);
    text_puts(&text, *callee ? callee : "(what another call makes)");
    if (arguments->length > 0 && torch_is_row(arguments)) {
        text_puts(&text, "(");
        add_items(&text, arguments);
        text_puts(&text, ")");
    }
    add_entry(torch, "object", text.data, text.length);
    text_done(&text);
}
