/* SPDX-License-Identifier: MIT */
#include "ui/outlier_words.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

void outlier_words_counts(struct text *out, const struct outlier_limits *limits,
                          const uint64_t count[OUTLIER_RULES], bool ascii)
{
    static const char *const units[2][OUTLIER_RULES] = {
        {[OUTLIER_SIGMA] = "σ", [OUTLIER_VALUE] = "", [OUTLIER_RATIO] = "·p99.9"},
        {[OUTLIER_SIGMA] = " std", [OUTLIER_VALUE] = "", [OUTLIER_RATIO] = " p99.9"},
    };
    char number[TEXT_NUMBER];
    for (int i = 0; i < OUTLIER_RULES; i++)
        text_printf(out, "%s>%.3g%s %s", i > 0 ? "   " : "", limits->limit[i],
                    units[ascii][i], count[i] ? text_count(number, count[i]) : "none");
}

/* "input 200 holds 16 of 20" if it holds at least a tenth of more than two. */
static void describe_line(struct text *out, const char *name, const struct outlier_line *line,
                          uint64_t count)
{
    char held[TEXT_NUMBER], all[TEXT_NUMBER];
    if (line->count < 3 || line->count * 10 < count)
        return;
    text_printf(out, "%s%s %" PRIu64 " holds %s of %s", out->length > 0 ? ", " : "", name,
                line->index, text_count(held, line->count), text_count(all, count));
}

void outlier_words_gathering(struct text *out, const struct outliers *outliers)
{
    uint64_t count = outliers->count[OUTLIER_SIGMA];
    struct text words = {0};
    describe_line(&words, "input", &outliers->column, count);
    describe_line(&words, "channel", &outliers->row, count);
    if (words.length > 0)
        text_puts(out, words.data);
    text_done(&words);
}

static void describe_elements(struct text *out, const char *name,
                              const struct audit_elements *elements, size_t most)
{
    char number[TEXT_NUMBER];
    if (elements->count == 0)
        return;
    text_printf(out, "  %s %s at", text_count(number, elements->count), name);
    for (size_t i = 0; i < elements->listed && i < most; i++)
        text_printf(out, " (%" PRIu64 ", %" PRIu64 ")", elements->place[i].channel,
                    elements->place[i].column);
    if (elements->count > most)
        text_puts(out, " ..");
}

static void describe_channels(struct text *out, const char *name,
                              const struct audit_channels *channels, bool pairs, size_t most)
{
    char number[TEXT_NUMBER];
    if (channels->count == 0)
        return;
    text_printf(out, "  %s %s channel%s:", text_count(number, channels->count), name,
                channels->count == 1 ? "" : "s");
    for (size_t i = 0; i < channels->listed && i < most; i++) {
        text_printf(out, "%s %" PRIu64, i > 0 ? "," : "", channels->channel[i]);
        if (pairs)
            text_printf(out, "=%" PRIu64, channels->same_as[i]);
    }
    if (channels->count > most)
        text_puts(out, " ..");
}

void outlier_words_audit(struct text *out, const struct audit *audit, size_t most)
{
    text_puts(out, "audit:");
    if (audit->dead)
        text_printf(out, " every element is %.6g", audit->dead_value);
    for (int i = 0; i < AUDIT_DENORMAL; i++)
        describe_elements(out, audit_kind_name((enum audit_kind)i), &audit->elements[i], most);
    if (!audit->dead) {
        describe_channels(out, "all-zero", &audit->zero, false, most);
        describe_channels(out, "constant", &audit->constant, false, most);
    }
    describe_channels(out, "duplicate", &audit->duplicate, true, most);
    if (audit_clean(audit))
        text_puts(out, " clean");
    describe_elements(out, audit_kind_name(AUDIT_DENORMAL), &audit->elements[AUDIT_DENORMAL], most);
}

/* Columns of the list in their order.  Those of the highest rank go first where room is short. */
enum list_column { ROW, COLUMN, VALUE, SIGMAS, CHANNEL_SIGMAS, CLIPPED, APART, LIST_COLUMNS };

static const struct {
    const char *title, *ascii;
    int width, rank;
} list_columns[LIST_COLUMNS] = {
    [ROW] = {"channel", NULL, 8, 0},
    [COLUMN] = {"input", NULL, 8, 0},
    [VALUE] = {"value", NULL, 10, 2},
    [SIGMAS] = {"σ", "std", 6, 0},
    [CHANNEL_SIGMAS] = {"own σ", "own std", 8, 4},
    [CLIPPED] = {"cut dB", NULL, 8, 3},
    [APART] = {"apart dB", NULL, 9, 1},
};

/* Which columns are shown: all up to a rank at which they fit. */
static int rank_that_fits(int width)
{
    for (int rank = 4; rank > 0; rank--) {
        int columns = 0;
        for (int i = 0; i < LIST_COLUMNS; i++)
            columns += list_columns[i].rank <= rank ? list_columns[i].width : 0;
        if (columns <= width)
            return rank;
    }
    return 0;
}

char *outlier_words_decibels(char out[TEXT_NUMBER], double decibels)
{
    if (isnan(decibels))
        snprintf(out, TEXT_NUMBER, "-");
    else
        snprintf(out, TEXT_NUMBER, "%+.2f", fabs(decibels) < 0.005 ? 0 : decibels);
    return out;
}

static void describe_cell(char out[TEXT_NUMBER], enum list_column column,
                          const struct outlier *outlier, const struct outlier_cost *cost)
{
    switch (column) {
    case ROW:
        snprintf(out, TEXT_NUMBER, "%" PRIu64, outlier->channel);
        break;
    case COLUMN:
        snprintf(out, TEXT_NUMBER, "%" PRIu64, outlier->column);
        break;
    case VALUE:
        text_number(out, outlier->value, 4);
        break;
    case SIGMAS:
        snprintf(out, TEXT_NUMBER, "%.1f", outlier->sigmas);
        break;
    case CHANNEL_SIGMAS:
        if (isfinite(outlier->channel_sigmas))
            snprintf(out, TEXT_NUMBER, "%.1f", outlier->channel_sigmas);
        else
            snprintf(out, TEXT_NUMBER, "-"); /* its channel has no spread */
        break;
    case CLIPPED:
        outlier_words_decibels(out, cost ? cost->clipped_db : (double)NAN);
        break;
    case APART:
        outlier_words_decibels(out, cost ? cost->apart_db : (double)NAN);
        break;
    case LIST_COLUMNS:
        break;
    }
}

/* A text that ends where its column does, after at least one blank. */
static void put_right(struct cells *cells, int end, int y, int width, enum style style,
                      const char *text)
{
    int columns = (int)utf8_width(text, strlen(text));
    columns = columns < width ? columns : width - 1;
    cells_text(cells, end - columns, y, columns, style, text);
}

static void draw_row(struct cells *cells, struct rect line, int rank, const struct outlier *outlier,
                     const struct outlier_cost *cost, bool ascii)
{
    int end = line.x;
    for (int i = 0; i < LIST_COLUMNS; i++) {
        char text[TEXT_NUMBER];
        if (list_columns[i].rank > rank || end + list_columns[i].width > line.x + line.width)
            continue;
        end += list_columns[i].width;
        if (outlier)
            describe_cell(text, (enum list_column)i, outlier, cost);
        else
            snprintf(text, sizeof text, "%s",
                     ascii && list_columns[i].ascii ? list_columns[i].ascii
                                                    : list_columns[i].title);
        put_right(cells, end, line.y, list_columns[i].width, outlier ? STYLE_VALUE : STYLE_DIM,
                  text);
    }
}

void outlier_words_list(struct cells *cells, struct rect rect, const struct outliers *outliers,
                        const struct outlier_costs *costs, size_t selected, bool ascii)
{
    int visible = rect.height - 1, rank = rank_that_fits(rect.width);
    if (visible < 1)
        return;
    struct rect line = {rect.x, rect.y, rect.width, 1};
    draw_row(cells, line, rank, NULL, NULL, ascii);
    /* The selected one stays in the middle as long as there are others on both sides. */
    size_t listed = outliers->listed, shown = (size_t)visible < listed ? (size_t)visible : listed;
    size_t top = selected > shown / 2 ? selected - shown / 2 : 0;
    top = top > listed - shown ? listed - shown : top;
    for (size_t i = top; i < top + shown; i++) {
        line.y++;
        draw_row(cells, line, rank, &outliers->worst[i], costs ? &costs->cost[i] : NULL, ascii);
        if (i == selected)
            cells_reverse(cells, line);
    }
}
