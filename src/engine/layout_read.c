/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "engine/layout.h"

static void clear_value(const struct layout *layout, char *around)
{
    char *value = around + layout->offset;
    if (layout->kind == LAYOUT_NUMBER) {
        *(double *)(void *)value = NAN;
    } else if (layout->kind == LAYOUT_LIST && !layout->counted) {
        for (size_t i = 0; i < layout->most; i++)
            clear_value(layout->members, value + i * layout->stride);
    } else if (layout->kind == LAYOUT_OBJECT) {
        for (const struct layout *member = layout->members; member->name; member++)
            clear_value(member, value);
    }
}

void layout_clear(const struct layout members[], void *base, size_t size)
{
    memset(base, 0, size);
    for (const struct layout *member = members; member->name; member++)
        clear_value(member, base);
}

void layout_begin(struct layout_reader *reader, const struct layout members[], void *base)
{
    memset(reader, 0, sizeof *reader);
    reader->level[0].table = members;
    reader->level[0].base = base;
    reader->depth = 1;
}

static bool refuse(struct layout_reader *reader, const char *wrong)
{
    reader->wrong = wrong;
    return false;
}

static bool take_number(struct layout_reader *reader, const char *digits, size_t length,
                        double *number)
{
    char copy[64];
    if (length >= sizeof copy)
        return refuse(reader, "a number is too long");
    memcpy(copy, digits, length);
    copy[length] = '\0';
    *number = strtod(copy, NULL);
    return isfinite(*number) || refuse(reader, "a number is too large");
}

static bool take_count(struct layout_reader *reader, const char *digits, size_t length,
                       uint64_t most, uint64_t *count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned digit = (unsigned char)digits[i] - (unsigned)'0';
        if (digit > 9)
            return refuse(reader, "a whole number is wanted");
        if (sum > (most - digit) / 10)
            return refuse(reader, "a whole number is too large");
        sum = sum * 10 + digit;
    }
    *count = sum;
    return true;
}

/* What does not fit is cut at a whole character. */
static void take_text(const struct layout *layout, char *value, const char *bytes, size_t length)
{
    struct text text = {0};
    utf8_escape(&text, bytes, length);
    size_t kept = text.length < layout->most ? text.length : layout->most - 1;
    while (kept < text.length && kept > 0 && (text.data[kept] & 0xc0) == 0x80)
        kept--;
    if (kept > 0)
        memcpy(value, text.data, kept);
    value[kept] = '\0';
    text_done(&text);
}

/* Null is a number that was not finite, also where an empty sum was cleared to 0; it leaves other
 * values as they were cleared. */
static bool take_scalar(struct layout_reader *reader, const struct layout *layout, char *value,
                        enum layout_event event, const char *bytes, size_t length)
{
    uint64_t count;
    if (event == LAYOUT_ON_NULL) {
        if (layout->kind == LAYOUT_NUMBER)
            *(double *)(void *)value = NAN;
        return true;
    }
    switch (layout->kind) {
    case LAYOUT_NUMBER:
        if (event != LAYOUT_ON_NUMBER)
            return refuse(reader, "a number is wanted");
        return take_number(reader, bytes, length, (double *)(void *)value);
    case LAYOUT_COUNT:
    case LAYOUT_COUNT32:
        if (event != LAYOUT_ON_NUMBER)
            return refuse(reader, "a whole number is wanted");
        if (!take_count(reader, bytes, length,
                        layout->kind == LAYOUT_COUNT ? UINT64_MAX : UINT32_MAX, &count))
            return false;
        if (layout->kind == LAYOUT_COUNT)
            *(uint64_t *)(void *)value = count;
        else
            *(uint32_t *)(void *)value = (uint32_t)count;
        return true;
    case LAYOUT_TRUTH:
    case LAYOUT_FLAG:
        if (event != LAYOUT_ON_FALSE && event != LAYOUT_ON_TRUE)
            return refuse(reader, "true or false is wanted");
        if (layout->kind == LAYOUT_TRUTH)
            *(bool *)value = event == LAYOUT_ON_TRUE;
        else if (event == LAYOUT_ON_TRUE)
            *(unsigned *)(void *)value |= layout->flag;
        return true;
    case LAYOUT_TEXT:
        if (event != LAYOUT_ON_STRING)
            return refuse(reader, "a string is wanted");
        take_text(layout, value, bytes, length);
        return true;
    case LAYOUT_OBJECT:
    case LAYOUT_LIST:
        break;
    }
    return refuse(reader, layout->kind == LAYOUT_LIST ? "a list is wanted" : "an object is wanted");
}

static void open_level(struct layout_reader *reader, const struct layout *layout, char *around)
{
    assert(reader->depth < LAYOUT_DEPTH);
    unsigned i = reader->depth++;
    reader->level[i].table = layout->members;
    reader->level[i].list = layout->kind == LAYOUT_LIST ? layout : NULL;
    reader->level[i].base = around + layout->offset;
    reader->level[i].around = around;
    reader->level[i].index = 0;
    reader->next = NULL;
}

/* The row that a value belongs to and the struct or list element around it. */
static bool find_row(struct layout_reader *reader, const struct layout **row, char **around)
{
    unsigned i = reader->depth - 1;
    const struct layout *list = reader->level[i].list;
    *row = list ? reader->level[i].table : reader->next;
    *around = reader->level[i].base;
    if (!list)
        return true;
    size_t index = reader->level[i].index++;
    if (index == list->most)
        return refuse(reader, "a list has too many elements");
    if (list->counted)
        *(uint32_t *)(void *)(reader->level[i].around + list->counter) = (uint32_t)index + 1;
    *around += index * list->stride;
    if (list->counted)
        clear_value(list->members, *around);
    return true;
}

static void take_key(struct layout_reader *reader, const char *bytes, size_t length)
{
    const struct layout *member = reader->level[reader->depth - 1].table;
    while (member->name &&
           (strlen(member->name) != length || memcmp(member->name, bytes, length) != 0))
        member++;
    reader->next = member->name ? member : NULL;
}

bool layout_take(struct layout_reader *reader, enum layout_event event, const char *bytes,
                 size_t length)
{
    bool opens = event == LAYOUT_ON_OBJECT || event == LAYOUT_ON_LIST;
    if (reader->skipped > 0) {
        reader->skipped += opens;
        reader->skipped -= event == LAYOUT_ON_END;
        return true;
    }
    if (event == LAYOUT_ON_END) {
        reader->depth--;
        return true;
    }
    if (event == LAYOUT_ON_KEY) {
        take_key(reader, bytes, length);
        return true;
    }
    const struct layout *row;
    char *around;
    if (!find_row(reader, &row, &around))
        return false;
    if (!row) {
        reader->skipped = opens;
        return true;
    }
    enum layout_event wanted = row->kind == LAYOUT_OBJECT ? LAYOUT_ON_OBJECT
                               : row->kind == LAYOUT_LIST ? LAYOUT_ON_LIST
                                                          : LAYOUT_ON_NULL;
    if (opens && event == wanted) {
        open_level(reader, row, around);
        return true;
    }
    return take_scalar(reader, row, around + row->offset, event, bytes, length);
}
