/* SPDX-License-Identifier: MIT */
#include "ui/term_diff.h"

#include <string.h>

#include "base/utf8.h"

/* Fewer blanks are sent as such: a command that erases and one that moves on are not shorter. */
#define ERASE_LEAST 9

/* Unchanged cells that may be written again instead of moving over them. */
#define REWRITE_MOST 6

#define FULL_BLOCK 0x2588

/* Shown as nothing but their background, so that their foreground does not matter. */
#define LOOK_SEEN_ON_BLANKS (LOOK_UNDERLINE | LOOK_REVERSE)

static const struct look plain = {0, -1, -1};

/* What a cell is on this terminal. */
struct glyph {
    uint32_t point, combining;
    struct look look;
    bool blank; /* nothing but a background */
};

/* The terminal while it is written to. */
struct writer {
    const struct term_codes *codes;
    const struct palette *palette;
    const struct cells *shown, *next;
    struct text *out;
    struct text sgr; /* parameters of a command that has not been sent */
    struct look pen; /* how it writes */
    int x, y;        /* its cursor; x < 0: unknown */
};

/* ---- cells ---- */

static struct glyph glyph_of(const struct writer *writer, const struct cell *cell)
{
    const struct palette *palette = writer->palette;
    struct glyph glyph = {cell->point, cell->combining, palette->look[cell->style], false};
    if (cell->reverse)
        glyph.look.attributes |= LOOK_REVERSE;
    if (cell->filled)
        glyph.look.background = palette->fill;
    /* A full bar is its background: blanks take one byte each, and can be erased all at once. */
    if (cell->point == FULL_BLOCK && palette->fill >= 0 && !cell->reverse &&
        glyph.look.foreground == palette->fill) {
        glyph.point = ' ';
        glyph.look.background = palette->fill;
    }
    glyph.blank =
        glyph.point == ' ' && !glyph.combining && !(glyph.look.attributes & LOOK_SEEN_ON_BLANKS);
    return glyph;
}

static bool look_equal(const struct look *a, const struct look *b)
{
    return a->attributes == b->attributes && a->foreground == b->foreground &&
           a->background == b->background;
}

static bool glyph_equal(const struct glyph *a, const struct glyph *b)
{
    if (a->blank && b->blank)
        return a->look.background == b->look.background;
    return a->point == b->point && a->combining == b->combining && a->blank == b->blank &&
           look_equal(&a->look, &b->look);
}

static const struct cell *cell_of(const struct cells *cells, int x, int y)
{
    return &cells->cell[(size_t)y * (size_t)cells->width + (size_t)x];
}

static struct glyph next_glyph(const struct writer *writer, int x, int y)
{
    return glyph_of(writer, cell_of(writer->next, x, y));
}

/* A terminal just cleared shows blanks. */
static bool has_changed(const struct writer *writer, int x, int y)
{
    static const struct cell blank = {.point = ' ', .style = STYLE_TEXT};
    const struct cell *before = writer->shown ? cell_of(writer->shown, x, y) : &blank;
    const struct cell *after = cell_of(writer->next, x, y);
    if (cell_equal(before, after))
        return false;
    const struct glyph a = glyph_of(writer, before), b = glyph_of(writer, after);
    return !glyph_equal(&a, &b);
}

/* ---- attributes ---- */

static void flush_sgr(struct writer *writer)
{
    if (writer->sgr.length == 0)
        return;
    const bool zero = strcmp(writer->sgr.data, "0") == 0;
    text_printf(writer->out, "\033[%sm", zero ? "" : writer->sgr.data);
    text_clear(&writer->sgr);
}

/* Adds a command; those of ECMA-48's form are joined to one.  Takes the command from `code`. */
static void add_sgr(struct writer *writer, struct text *code)
{
    const size_t length = code->length;
    const char *data = length > 0 ? code->data : "";
    const bool joins = length >= 3 && data[0] == '\033' && data[1] == '[' &&
                       data[length - 1] == 'm' && strspn(data + 2, "0123456789;:") == length - 3;
    if (joins) {
        text_puts(&writer->sgr, writer->sgr.length > 0 ? ";" : "");
        if (length == 3)
            text_puts(&writer->sgr, "0");
        text_add(&writer->sgr, data + 2, length - 3);
    } else {
        flush_sgr(writer);
        text_add(writer->out, data, length);
    }
    text_clear(code);
}

static void add_code(struct writer *writer, const char *code)
{
    struct text text = {0};
    term_codes_put(&text, code);
    add_sgr(writer, &text);
    text_done(&text);
}

static void add_colour(struct writer *writer, const char *code, int colour)
{
    struct text text = {0};
    term_codes_put_one(&text, code, colour);
    add_sgr(writer, &text);
    text_done(&text);
}

/* Goes back to the terminal's own colours where `to` has them. */
static void drop_colours(struct writer *writer, const struct look *to)
{
    const struct term_codes *codes = writer->codes;
    struct look *pen = &writer->pen;
    const bool foreground = pen->foreground >= 0 && to->foreground < 0;
    const bool background = pen->background >= 0 && to->background < 0;
    if (foreground && !background && codes->own_foreground) {
        add_code(writer, codes->own_foreground);
        pen->foreground = -1;
    } else if (background && !foreground && codes->own_background) {
        add_code(writer, codes->own_background);
        pen->background = -1;
    } else if ((foreground || background) && codes->own_colours) {
        add_code(writer, codes->own_colours);
        pen->foreground = pen->background = -1;
    } else if (foreground || background) {
        add_code(writer, codes->plain);
        *pen = plain;
    }
}

static void set_look(struct writer *writer, struct look to)
{
    const struct term_codes *codes = writer->codes;
    struct look *pen = &writer->pen;
    if (look_equal(pen, &to))
        return;
    if ((pen->attributes & ~to.attributes) || look_equal(&to, &plain)) {
        add_code(writer, codes->plain);
        *pen = plain;
    }
    drop_colours(writer, &to);
    for (unsigned i = 0; i < sizeof codes->attribute / sizeof *codes->attribute; i++)
        if (to.attributes & ~pen->attributes & 1u << i)
            add_code(writer, codes->attribute[i]);
    if (to.foreground != pen->foreground)
        add_colour(writer, codes->foreground, to.foreground);
    if (to.background != pen->background)
        add_colour(writer, codes->background, to.background);
    *pen = to;
    flush_sgr(writer);
}

/* Blanks are written in whatever look differs least from the present one. */
static struct look wanted_look(const struct writer *writer, const struct glyph *glyph)
{
    struct look look = glyph->look;
    if (glyph->blank && !(writer->pen.attributes & LOOK_SEEN_ON_BLANKS)) {
        look.attributes = writer->pen.attributes;
        look.foreground = writer->pen.foreground;
    } else if (glyph->blank) {
        look.attributes = 0;
        look.foreground = -1;
    }
    return look;
}

/* ---- the cursor ---- */

/* Whether the cells before x can be written again as they are, a byte each. */
static bool can_rewrite(const struct writer *writer, int x)
{
    if (x - writer->x > REWRITE_MOST)
        return false;
    for (int i = writer->x; i < x; i++) {
        const struct glyph glyph = next_glyph(writer, i, writer->y);
        const struct look look = wanted_look(writer, &glyph);
        if (glyph.point < ' ' || glyph.point > '~' || glyph.combining ||
            !look_equal(&look, &writer->pen))
            return false;
    }
    return true;
}

static void move(struct writer *writer, int x, int y)
{
    if (writer->x == x && writer->y == y)
        return;
    struct text far = {0}, near = {0};
    term_codes_put_two(&far, writer->codes->move, y, x);
    const bool ahead = writer->x >= 0 && writer->y == y && writer->x < x;
    if (ahead && can_rewrite(writer, x))
        for (int i = writer->x; i < x; i++) {
            const char byte = (char)next_glyph(writer, i, y).point;
            text_add(&near, &byte, 1);
        }
    else if (ahead)
        term_codes_put_one(&near, writer->codes->forward, x - writer->x);
    const bool is_near = near.length > 0 && near.length < far.length;
    text_add(writer->out, is_near ? near.data : far.data, is_near ? near.length : far.length);
    text_done(&far);
    text_done(&near);
    writer->x = x;
    writer->y = y;
}

/* ---- frames ---- */

/* Columns from x on that are the same blank, as far as there is anything to change among them. */
static int blanks_from(const struct writer *writer, int x, int y)
{
    const struct glyph first = next_glyph(writer, x, y);
    int last = x;
    for (int i = x; i < writer->next->width; i++) {
        const struct glyph glyph = next_glyph(writer, i, y);
        if (!glyph.blank || !glyph_equal(&glyph, &first))
            break;
        if (has_changed(writer, i, y))
            last = i;
    }
    return last + 1 - x;
}

static void put_point(struct writer *writer, uint32_t point)
{
    char bytes[4];
    if (!writer->codes->utf8 && point >= 0x80)
        point = '?';
    text_add(writer->out, bytes, utf8_encode(point, bytes));
}

static void write_glyph(struct writer *writer, const struct glyph *glyph)
{
    const int columns = writer->codes->utf8 ? utf8_columns(glyph->point) : 1;
    put_point(writer, glyph->point ? glyph->point : '?');
    if (glyph->combining && writer->codes->utf8)
        put_point(writer, glyph->combining);
    writer->x += columns;
    /* Terminals disagree about such characters, and about the end of a line. */
    if (columns > 1 || glyph->combining || writer->x >= writer->next->width)
        writer->x = -1;
}

/* Brings cells from (x, y) on up to date; returns how many. */
static int write_from(struct writer *writer, int x, int y)
{
    const struct term_codes *codes = writer->codes;
    const struct glyph glyph = next_glyph(writer, x, y);
    const bool last = x == writer->next->width - 1 && y == writer->next->height - 1;
    /* The right half of a wide character comes with the left one, but not so that of the '?' that
     * stands for one. */
    if ((glyph.point == 0 && codes->utf8) || (last && codes->wraps_at_once))
        return 1;
    move(writer, x, y);
    set_look(writer, wanted_look(writer, &glyph));
    const int blanks = glyph.blank ? blanks_from(writer, x, y) : 0;
    if (blanks >= ERASE_LEAST && codes->erase &&
        (glyph.look.background < 0 || codes->erases_coloured)) {
        term_codes_put_one(writer->out, codes->erase, blanks);
        return blanks;
    }
    write_glyph(writer, &glyph);
    return 1;
}

void term_diff(const struct term_codes *codes, const struct palette *palette,
               const struct cells *shown, const struct cells *next, struct text *out)
{
    struct writer writer = {codes, palette, shown, next, out, {0}, plain, -1, -1};
    if (!shown) {
        term_codes_put(out, codes->reset); /* another program may have left its own look */
        term_codes_put(out, codes->clear);
    }
    for (int y = 0; y < next->height; y++)
        for (int x = 0; x < next->width;)
            x += has_changed(&writer, x, y) ? write_from(&writer, x, y) : 1;
    set_look(&writer, plain);
    text_done(&writer.sgr);
}
