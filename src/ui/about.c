/* SPDX-License-Identifier: MIT */
#include "ui/about.h"

#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "ui/keys.h"
#include "ui/pane.h"

/* Columns that keys get at least; at most two fifths of the box. */
#define KEY_LEAST 8

void about_open(struct session *session, int key)
{
    (void)key;
    session->mode = MODE_ABOUT;
    session->about_whole = false;
    session->about_top = 0;
}

void about_select(struct session *session, long entry)
{
    long last = (long)session->model->metadata.count - 1;
    entry = entry > last ? last : entry;
    session->about = (size_t)(entry < 0 ? 0 : entry);
    session->about_top = 0;
}

void about_search(struct session *session, size_t from, bool forward, bool inclusive)
{
    const struct metadata *metadata = &session->model->metadata;
    size_t n = metadata->count;
    for (size_t k = inclusive ? 0 : 1; k < n + !inclusive; k++) {
        size_t i = (from + (forward ? k : n - k % n)) % n;
        if (tree_matches(metadata->entries[i].key, session->pattern) ||
            tree_matches(metadata->entries[i].value, session->pattern)) {
            about_select(session, (long)i);
            return;
        }
    }
    session_say(session, STYLE_WARN, "no metadata matches \"%.200s\"", session->pattern);
}

static void search_again(struct session *session, bool forward)
{
    if (session->pattern[0])
        about_search(session, session->about, forward, false);
    else
        session_say(session, STYLE_DIM, "nothing was searched for yet: / finds");
}

/* Closes the entry if that alone is shown, else the list. */
static void leave(struct session *session)
{
    if (session->about_whole)
        session->about_whole = false;
    else
        session->mode = MODE_BROWSE;
    session->about_top = 0;
}

static void move(struct session *session, int key)
{
    long count = (long)session->model->metadata.count;
    if (!session->about_whole) {
        long row = keys_row(key, (long)session->about, count, session->page);
        if (row != (long)session->about)
            about_select(session, row);
        return;
    }
    /* More lines than any value has: drawing clamps. */
    const long lines = METADATA_VALUE_MOST * 8;
    session->about_top = (int)keys_row(key, session->about_top, lines, session->page);
}

void about_key(struct session *session, int key)
{
    switch (key) {
    case '/':
    case KEY_FUNCTION + 3:
        session->mode = MODE_ABOUT_SEARCH;
        session->line[0] = '\0';
        session->origin = session->about;
        break;
    case 'n':
    case 'N':
        search_again(session, key == 'n');
        break;
    case KEY_ENTER_CODE:
        session->about_whole = !session->about_whole && session->model->metadata.count > 0;
        session->about_top = 0;
        break;
    case 'q':
    case 'M':
    case KEY_ESCAPE:
        leave(session);
        break;
    default:
        move(session, key);
        break;
    }
}

/* Columns for the keys: the longest one's, but values must have the larger part. */
static int key_width(const struct metadata *metadata, int width)
{
    int most = width * 2 / 5, wanted = KEY_LEAST;
    for (size_t i = 0; i < metadata->count && wanted < most; i++) {
        int columns = (int)utf8_width(metadata->entries[i].key, strlen(metadata->entries[i].key));
        wanted = columns > wanted ? columns : wanted;
    }
    return wanted < most ? wanted : most;
}

/* A text in one line, with a mark at its end if that is not all of it. */
static void put_cut(struct cells *cells, int x, int y, int width, enum style style,
                    const char *text, bool ascii)
{
    bool whole = (int)utf8_width(text, strlen(text)) <= width;
    cells_text(cells, x, y, whole ? width : width - 1, style, text);
    if (!whole && width > 0)
        cells_put(cells, x + width - 1, y, ascii ? '~' : 0x2026, STYLE_DIM);
}

static void draw_list(const struct session *session, struct cells *cells, struct rect rect,
                      bool ascii)
{
    const struct metadata *metadata = &session->model->metadata;
    int chosen = (int)session->about, count = (int)metadata->count;
    int top = chosen - rect.height / 2;
    if (top > count - rect.height)
        top = count - rect.height;
    if (top < 0)
        top = 0;
    int keys = key_width(metadata, rect.width);
    for (int i = 0; i < rect.height && top + i < count; i++) {
        const struct metadata_entry *entry = &metadata->entries[top + i];
        struct text key = {0};
        utf8_cut_middle(&key, entry->key, strlen(entry->key), (size_t)keys, ascii);
        int y = rect.y + i, at = keys + 2;
        cells_text(cells, rect.x, y, keys, STYLE_TEXT, key.data ? key.data : "");
        put_cut(cells, rect.x + at, y, rect.width - at, STYLE_VALUE, entry->value, ascii);
        if (top + i == chosen)
            cells_reverse(cells, (struct rect){rect.x, y, rect.width, 1});
        text_done(&key);
    }
}

/* A text in as many lines as it needs, from line y of rect on; returns the line behind.  Draws what
 * is in rect if cells is not NULL. */
static int paragraph(struct cells *cells, struct rect rect, int y, enum style style,
                     const char *text)
{
    for (; *text; y++) {
        struct text line = {0};
        text_add(&line, text, pane_line(text, rect.width > 1 ? (size_t)rect.width : 1));
        if (cells && y >= 0 && y < rect.height)
            cells_text(cells, rect.x, rect.y + y, rect.width, style, line.data);
        text += line.length;
        text += strspn(text, " ");
        text_done(&line);
    }
    return y;
}

/* The entry's key, where it comes from and its value, `top` lines of it scrolled away; returns the
 * lines that all takes. */
static int draw_entry(const struct metadata_entry *entry, int top, struct cells *cells,
                      struct rect rect, bool ascii)
{
    struct text origin = {0};
    text_printf(&origin, "%s%s%s", entry->type, ascii ? " - " : " · ", entry->source);
    int y = paragraph(cells, rect, -top, STYLE_TITLE, entry->key);
    y = paragraph(cells, rect, y, STYLE_DIM, origin.data);
    y = paragraph(cells, rect, y, STYLE_VALUE, entry->value);
    text_done(&origin);
    return y + top;
}

static void draw_foot(const struct session *session, struct cells *cells, struct rect rect,
                      bool ascii)
{
    const struct metadata *metadata = &session->model->metadata;
    bool whole = session->about_whole, wide = rect.width >= 60;
    struct text foot = {0};
    text_puts(&foot, " ");
    if (metadata->count > 0)
        text_printf(&foot, "%zu of %zu, ", session->about + 1, metadata->count);
    if (metadata->dropped > 0)
        text_printf(&foot, "%zu more were dropped, ", metadata->dropped);
    if (metadata->count > 0 && wide)
        text_printf(&foot, "%s %s, Enter %s, / finds, ", ascii ? "j k" : "↑ ↓",
                    whole ? "scroll" : "choose", whole ? "lists all" : "opens");
    text_printf(&foot, "Esc %s ", whole ? "goes back" : "closes");
    cells_text(cells, rect.x + 2, rect.y + rect.height - 1, rect.width - 4, STYLE_DIM, foot.data);
    text_done(&foot);
}

/* The list, and below a line the beginning of the entry under the cursor. */
static void draw_both(struct session *session, struct cells *cells, struct rect rect,
                      struct rect inside, bool ascii)
{
    const struct metadata *metadata = &session->model->metadata;
    const struct metadata_entry *entry = &metadata->entries[session->about];
    /* The list has the larger part if it needs it, and in a small box all of it. */
    int lines = inside.height < 8 ? 0 : inside.height * 2 / 5;
    if (lines > 0 && metadata->count + 1 < (size_t)(inside.height - lines))
        lines = inside.height - (int)metadata->count - 1;
    struct rect upper = inside, lower = inside;
    upper.height = lines > 0 ? inside.height - lines - 1 : inside.height;
    lower.y = upper.y + upper.height + 1;
    lower.height = lines;
    session->page = upper.height;
    draw_list(session, cells, upper, ascii);
    if (lines == 0)
        return;
    for (int x = rect.x + 1; x < rect.x + rect.width - 1; x++)
        cells_put(cells, x, lower.y - 1, ascii ? '-' : 0x2500, STYLE_FRAME);
    cells_put(cells, rect.x, lower.y - 1, ascii ? '+' : 0x251c, STYLE_FRAME);
    cells_put(cells, rect.x + rect.width - 1, lower.y - 1, ascii ? '+' : 0x2524, STYLE_FRAME);
    if (draw_entry(entry, 0, cells, lower, ascii) > lines)
        cells_text(cells, rect.x + rect.width - 11, lower.y - 1, 10, STYLE_DIM,
                   ascii ? " Enter: v " : " Enter: ↓ ");
}

static void draw_whole(struct session *session, struct cells *cells, struct rect inside, bool ascii)
{
    const struct metadata_entry *entry = &session->model->metadata.entries[session->about];
    int last = draw_entry(entry, 0, NULL, inside, ascii) - inside.height;
    if (session->about_top > last)
        session->about_top = last;
    if (session->about_top < 0)
        session->about_top = 0;
    session->page = inside.height;
    draw_entry(entry, session->about_top, cells, inside, ascii);
}

void about_draw(struct session *session, struct cells *cells, struct rect rect)
{
    bool ascii = session->options.glyphs == GLYPHS_ASCII;
    struct rect inside = {rect.x + 2, rect.y + 1, rect.width - 4, rect.height - 2};
    pane_box(cells, rect, "Metadata", ascii);
    if (session->model->metadata.count == 0)
        paragraph(cells, inside, inside.height / 3, STYLE_DIM,
                  "These files say nothing about themselves.  Metadata is what GGUF keeps in keys, "
                  "safetensors under __metadata__, ONNX in properties, PyTorch beside its tensors, "
                  "and config.json beside the model.");
    else if (session->about_whole)
        draw_whole(session, cells, inside, ascii);
    else
        draw_both(session, cells, rect, inside, ascii);
    draw_foot(session, cells, rect, ascii);
}
