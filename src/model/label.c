/* SPDX-License-Identifier: MIT */
#include "model/label.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

/* Columns of a name in a message. */
#define QUOTE_COLUMNS 80

/* True for printable ASCII, as nearly all names are: a quick answer to everything below. */
static bool plain(const char *name, size_t length)
{
    unsigned other = 0;
    for (size_t i = 0; i < length; i++)
        other |= (unsigned char)(name[i] - ' ') > '~' - ' ';
    return !other;
}

bool label_valid(const char *name, size_t length)
{
    if (plain(name, length))
        return true;
    uint32_t point;
    for (size_t size; length > 0; name += size, length -= size) {
        size = utf8_decode(name, length, &point);
        if (size == 0)
            return false;
    }
    return true;
}

const char *label_of(struct arena *arena, const char *name, size_t length)
{
    if (length == 0)
        return "\"\"";
    if (plain(name, length) || utf8_printable(name, length))
        return name;
    struct text escaped = {0};
    utf8_escape(&escaped, name, length);
    const char *label = arena_string(arena, escaped.data, escaped.length);
    text_done(&escaped);
    return label;
}

const char *label_quote(struct quote *out, const char *name, size_t length)
{
    struct text escaped = {0}, cut = {0};
    utf8_escape(&escaped, name, length);
    if (escaped.length > 0)
        utf8_cut_middle(&cut, escaped.data, escaped.length, QUOTE_COLUMNS, false);
    /* Combining characters take bytes but no columns; whole characters are kept. */
    size_t kept = cut.length;
    if (kept > sizeof out->text - 3) {
        kept = sizeof out->text - 3;
        while ((cut.data[kept] & 0xc0) == 0x80)
            kept--;
    }
    snprintf(out->text, sizeof out->text, "\"%.*s\"", (int)kept, cut.data ? cut.data : "");
    text_done(&escaped);
    text_done(&cut);
    return out->text;
}

void label_last(struct text *out, const char *path)
{
    size_t end = strlen(path);
    while (end > 1 && path[end - 1] == '/')
        end--;
    size_t begin = end;
    while (begin > 0 && path[begin - 1] != '/')
        begin--;
    if (begin == end)
        begin = 0; /* "/" and "" are their own names */
    utf8_escape(out, path + begin, end - begin);
}
