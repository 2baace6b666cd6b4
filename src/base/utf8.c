/* SPDX-License-Identifier: MIT */
#include "base/utf8.h"

#include <wchar.h>

size_t utf8_decode(const char *bytes, size_t length, uint32_t *point)
{
    /* The smallest code point of each size: anything below it is an overlong form. */
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char first = (unsigned char)bytes[0];
    if (first < 0x80) {
        *point = first;
        return 1;
    }
    size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC0 || first > 0xF7 || size > length)
        return 0;
    uint32_t value = first & (0x7Fu >> size);
    for (size_t i = 1; i < size; i++) {
        unsigned char next = (unsigned char)bytes[i];
        if ((next & 0xC0) != 0x80)
            return 0;
        value = value << 6 | (next & 0x3F);
    }
    if (value < smallest[size] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return 0;
    *point = value;
    return size;
}

size_t utf8_encode(uint32_t point, char out[4])
{
    if (point < 0x80) {
        out[0] = (char)point;
        return 1;
    }
    size_t size = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (size_t i = size - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (point & 0x3F));
        point >>= 6;
    }
    out[0] = (char)((0xF00u >> size & 0xFF) | point);
    return size;
}

struct range {
    uint32_t first, last;
    int columns;
};

/* What must never reach a terminal, whatever the C library says of it: it moves the cursor,
 * reverses the direction of writing, hides text, or has no meaning that two terminals share. */
static const struct range forbidden[] = {
    {0x0000, 0x001F, -1},     /* C0 controls */
    {0x007F, 0x009F, -1},     /* DEL and C1 controls */
    {0x061C, 0x061C, -1},     /* Arabic letter mark */
    {0x180E, 0x180E, -1},     /* Mongolian vowel separator */
    {0x200B, 0x200F, -1},     /* zero-width characters, direction marks */
    {0x2028, 0x202E, -1},     /* line and paragraph separators, embeddings and overrides */
    {0x2060, 0x206F, -1},     /* invisible operators, direction isolates */
    {0xD800, 0xF8FF, -1},     /* surrogates, private use */
    {0xFDD0, 0xFDEF, -1},     /* noncharacters */
    {0xFEFF, 0xFEFF, -1},     /* byte order mark */
    {0xFFF9, 0xFFFB, -1},     /* interlinear annotation */
    {0xE0000, 0xE007F, -1},   /* tags: invisible ASCII */
    {0xF0000, 0xFFFFFFFF, -1} /* private use, beyond Unicode */
};

/* Widths for when the C library knows only ASCII, as it does in the locale "C", where frames are
 * still dumped as UTF-8.  Only the ranges that real names hold: anything else counts as one
 * column.  From Unicode's East Asian Width (W, F) and general categories Mn and Me. */
static const struct range fallback[] = {
    {0x0300, 0x036F, 0},   {0x0483, 0x0489, 0},   {0x0591, 0x05BD, 0},   {0x064B, 0x065F, 0},
    {0x1100, 0x115F, 2},   {0x1AB0, 0x1ACE, 0},   {0x1DC0, 0x1DFF, 0},   {0x20D0, 0x20F0, 0},
    {0x2E80, 0x303E, 2},   {0x3041, 0x4DBF, 2},   {0x4E00, 0xA4CF, 2},   {0xA960, 0xA97C, 2},
    {0xAC00, 0xD7A3, 2},   {0xF900, 0xFAFF, 2},   {0xFE00, 0xFE0F, 0},   {0xFE20, 0xFE2F, 0},
    {0xFE30, 0xFE6F, 2},   {0xFF01, 0xFF60, 2},   {0xFFE0, 0xFFE6, 2},   {0x1F300, 0x1F64F, 2},
    {0x1F680, 0x1F6FF, 2}, {0x1F900, 0x1FAFF, 2}, {0x20000, 0x3FFFD, 2}, {0x40000, 0xDFFFF, -1},
    {0xE0100, 0xE01EF, 0},
};

/* The columns of the range that holds point, or otherwise if none does. */
static int range_columns(const struct range *ranges, size_t count, uint32_t point, int otherwise)
{
    for (size_t i = 0; i < count && ranges[i].first <= point; i++)
        if (point <= ranges[i].last)
            return ranges[i].columns;
    return otherwise;
}

int utf8_columns(uint32_t point)
{
    if (point >= 0x20 && point < 0x7F)
        return 1;
    if (range_columns(forbidden, sizeof forbidden / sizeof *forbidden, point, 1) < 0 ||
        (point & 0xFFFE) == 0xFFFE)
        return -1;
    int columns = wcwidth((wchar_t)point);
    if (columns >= 0)
        return columns;
    bool library_knows = wcwidth(0xE9) == 1; /* é: any locale that has UTF-8 has it */
    return library_knows ? -1
                         : range_columns(fallback, sizeof fallback / sizeof *fallback, point, 1);
}

/* Steps over one character, or one byte that is not UTF-8: its size in bytes; its columns go to
 * *columns, 1 for what is not printable. */
static size_t step(const char *bytes, size_t length, size_t *columns)
{
    uint32_t point;
    size_t size = utf8_decode(bytes, length, &point);
    int wide = size ? utf8_columns(point) : -1;
    *columns = wide < 0 ? 1 : (size_t)wide;
    return size ? size : 1;
}

size_t utf8_width(const char *bytes, size_t length)
{
    size_t width = 0, columns;
    for (size_t i = 0; i < length; width += columns)
        i += step(bytes + i, length - i, &columns);
    return width;
}

bool utf8_printable(const char *bytes, size_t length)
{
    uint32_t point;
    size_t size;
    for (size_t i = 0; i < length; i += size) {
        size = utf8_decode(bytes + i, length - i, &point);
        if (size == 0 || utf8_columns(point) < 0)
            return false;
    }
    return true;
}

static void escape_point(struct text *out, uint32_t point)
{
    if (point == '\n')
        text_puts(out, "\\n");
    else if (point == '\t')
        text_puts(out, "\\t");
    else
        text_printf(out, "\\u{%X}", (unsigned)point);
}

void utf8_escape(struct text *out, const char *bytes, size_t length)
{
    if (utf8_printable(bytes, length)) {
        text_add(out, bytes, length);
        return;
    }
    for (size_t i = 0; i < length;) {
        uint32_t point;
        size_t size = utf8_decode(bytes + i, length - i, &point);
        if (size == 0)
            text_printf(out, "\\x%02X", (unsigned char)bytes[i]);
        else if (point == '\\')
            text_puts(out, "\\\\");
        else if (utf8_columns(point) < 0)
            escape_point(out, point);
        else
            text_add(out, bytes + i, size);
        i += size ? size : 1;
    }
}

/* Bytes of the longest beginning that takes at most `columns`, combining characters included. */
static size_t head_bytes(const char *bytes, size_t length, size_t columns)
{
    size_t i = 0, used = 0;
    while (i < length) {
        size_t wide, size = step(bytes + i, length - i, &wide);
        if (used + wide > columns)
            break;
        used += wide;
        i += size;
    }
    return i;
}

/* Where the longest end that takes at most `columns` begins, never at a combining character. */
static size_t tail_start(const char *bytes, size_t length, size_t width, size_t columns)
{
    size_t i = 0;
    while (i < length) {
        size_t wide, size = step(bytes + i, length - i, &wide);
        if (width <= columns && wide > 0)
            break;
        width -= wide;
        i += size;
    }
    return i;
}

void utf8_cut_middle(struct text *out, const char *bytes, size_t length, size_t columns, bool ascii)
{
    size_t width = utf8_width(bytes, length);
    if (width <= columns) {
        text_add(out, bytes, length);
        return;
    }
    if (columns == 0)
        return;
    /* The odd column goes to the end: in names of weights the last part says most. */
    size_t head = (columns - 1) / 2;
    text_add(out, bytes, head_bytes(bytes, length, head));
    text_puts(out, ascii ? "~" : "…");
    size_t tail = tail_start(bytes, length, width, columns - 1 - head);
    text_add(out, bytes + tail, length - tail);
}
