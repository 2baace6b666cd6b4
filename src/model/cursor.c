/* SPDX-License-Identifier: MIT */
#include "model/cursor.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

void cursor_start(struct cursor *cursor, const struct content *content, const char *part,
                  struct error *error)
{
    cursor->content = content;
    cursor->error = error;
    cursor->part = part;
    cursor->number = 0;
    cursor->big_endian = false;
    cursor->at = 0;
    cursor->window_at = 0;
    cursor->window_length = 0;
}

uint64_t cursor_left(const struct cursor *cursor)
{
    return cursor->content->size - cursor->at;
}

bool cursor_fail(const struct cursor *cursor, uint64_t at, const char *format, ...)
{
    char reason[512], number[24] = "";
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    if (cursor->number > 0)
        snprintf(number, sizeof number, " %" PRIu64, cursor->number);
    return error_set(cursor->error, ERROR_FILE, "%s: %s%s: %s (byte %" PRIu64 ")",
                     cursor->content->label, cursor->part, number, reason, at);
}

static bool check_left(const struct cursor *cursor, uint64_t n)
{
    return n <= cursor_left(cursor) || cursor_fail(cursor, cursor->at,
                                                   "is cut short or damaged: %" PRIu64
                                                   " bytes should follow, %" PRIu64 " are there",
                                                   n, cursor_left(cursor));
}

/* Makes the window begin here; there is at least a byte left. */
static bool move_window(struct cursor *cursor)
{
    uint64_t left = cursor_left(cursor);
    size_t length = left < CURSOR_WINDOW ? (size_t)left : CURSOR_WINDOW;
    cursor->window_at = cursor->at;
    cursor->window_length = 0;
    if (!content_read(cursor->content, cursor->at, length, cursor->window, cursor->error))
        return false;
    cursor->window_length = length;
    return true;
}

/* Whether the next n bytes are in the window. */
static bool is_near(const struct cursor *cursor, uint64_t n)
{
    uint64_t passed = cursor->at - cursor->window_at;
    return passed <= cursor->window_length && n <= cursor->window_length - passed;
}

bool cursor_take(struct cursor *cursor, void *out, uint64_t n)
{
    if (!check_left(cursor, n))
        return false;
    if (n > CURSOR_WINDOW) {
        if (!content_read(cursor->content, cursor->at, n, out, cursor->error))
            return false;
    } else if (n > 0) {
        if (!is_near(cursor, n) && !move_window(cursor))
            return false;
        memcpy(out, cursor->window + (cursor->at - cursor->window_at), n);
    }
    cursor->at += n;
    return true;
}

bool cursor_take_number(struct cursor *cursor, unsigned size, uint64_t *number)
{
    unsigned char bytes[8];
    assert(size <= sizeof bytes);
    if (!cursor_take(cursor, bytes, size))
        return false;
    *number = 0;
    for (unsigned i = 0; i < size; i++)
        *number = *number << 8 | bytes[cursor->big_endian ? i : size - 1 - i];
    return true;
}

bool cursor_take_count(struct cursor *cursor, unsigned size, uint64_t least, const char *things,
                       uint64_t *count)
{
    uint64_t at = cursor->at;
    if (!cursor_take_number(cursor, size, count))
        return false;
    return *count <= cursor_left(cursor) / least ||
           cursor_fail(cursor, at,
                       "claims %" PRIu64 " %s, for which the %" PRIu64 " bytes behind are too few",
                       *count, things, cursor_left(cursor));
}

bool cursor_skip(struct cursor *cursor, uint64_t n)
{
    if (!check_left(cursor, n))
        return false;
    cursor->at += n;
    return true;
}
