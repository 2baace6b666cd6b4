/* SPDX-License-Identifier: MIT */
#include "app/sqnr_text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "engine/layer_rounding.h"
#include "model/layer_name.h"
#include "stats/quantile.h"

#define PAGE_COLUMNS 80

/* Columns of names that leave room for six figures in 80. */
#define NAME_COLUMNS_MOST 32

/* Of a transform's name in a comparison. */
#define TRANSFORM_COLUMNS 30

/* Two blanks and a figure. */
#define FIGURE_COLUMNS 8

/* "  -16.85", of a gain "  +16.85", with a mark behind; a dash for what is not defined. */
static void put_figure(struct text *out, bool gain, double value, const char *mark)
{
    char figure[32];
    if (isnan(value))
        snprintf(figure, sizeof figure, "-");
    else
        snprintf(figure, sizeof figure, gain ? "%+.2f%s" : "%.2f%s", value, mark);
    text_printf(out, "%*s", FIGURE_COLUMNS, figure);
}

static void put_decibels(struct text *out, double value)
{
    put_figure(out, false, value, "");
}

static void put_headings(struct text *out, const char *const headings[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        text_printf(out, "%*s", FIGURE_COLUMNS, headings[i]);
    text_puts(out, "\n");
}

/* Cut or filled to so many columns. */
static void put_name(const struct sqnr_page *page, const char *name, size_t length, size_t columns)
{
    const size_t start = page->out->length;
    utf8_cut_middle(page->out, name, length, columns, !page->utf8);
    const size_t width = utf8_width(page->out->data + start, page->out->length - start);
    text_printf(page->out, "%*s", (int)(columns > width ? columns - width : 0), "");
}

static size_t name_columns(const struct sqnr_page *page)
{
    return page->name_columns < NAME_COLUMNS_MOST ? page->name_columns : NAME_COLUMNS_MOST;
}

static void put_asked(const struct sqnr_page *page, const struct sqnr_asked *asked)
{
    struct text *out = page->out;
    const double steps = layer_rounding_steps(asked->scheme);
    const char *known = asked->inputs ? asked->inputs : "nothing";
    text_puts(out, "weights: ");
    scheme_print(out, asked->scheme);
    if (steps > 0)
        text_printf(out, ", bits %.2f", 10 * log10(12 * steps * steps));
    text_puts(out, "\ninputs: ");
    if (asked->grid->bits > 0)
        text_printf(out, "%d-bit, %s, %s", asked->grid->bits,
                    asked->grid->symmetric ? "symmetric" : "asymmetric",
                    asked->grid->fixed ? "static" : "a grid for each token");
    else
        text_puts(out, "not rounded");
    text_puts(out, "\nknown from: ");
    utf8_cut_middle(out, known, strlen(known), PAGE_COLUMNS - strlen("known from: "), !page->utf8);
    text_puts(out, "\ntransform: ");
    if (asked->transform)
        transform_spec_print(asked->transform, out);
    else
        text_puts(out, "several, the gain of each over none");
    text_puts(out, "\n\n");
}

void sqnr_page_head(struct sqnr_page *page, const struct sqnr_asked *asked)
{
    static const char *const headings[] = {"input",  "conc.",   "align.",
                                           "(most)", "approx.", "meas."};
    if (!page->header)
        return;
    text_puts(page->out,
              "SQNR of linear layers in dB: bits + concentration + alignment, approximated "
              "and\nmeasured\n");
    put_asked(page, asked);
    if (page->compare)
        return;
    put_name(page, "layer", strlen("layer"), name_columns(page));
    put_headings(page->out, headings, sizeof headings / sizeof headings[0]);
}

/* How many tokens are known, or what else. */
static void put_input(struct text *out, const struct sqnr_record *record)
{
    static const char *const kinds[][2] = {
        {"second_moment", "E xxT"}, {"diagonal", "E x^2"}, {"isotropic", "none"}};
    char tokens[24];
    const char *input = tokens;
    snprintf(tokens, sizeof tokens, "%" PRIu64, record->tokens);
    for (size_t i = 0; record->tokens == EMIT_UNKNOWN && i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(record->activations.label, kinds[i][0]) == 0)
            input = kinds[i][1];
    text_printf(out, "%*s", FIGURE_COLUMNS, input);
}

/* Without samples, inputs cannot be rounded: what rounding the weights alone does is told then. */
static bool has_weights_alone(const struct sqnr_record *record)
{
    return isnan(record->measured_sqnr_db) && !isnan(record->weight_only_sqnr_db);
}

static double sqnr_of(const struct sqnr_record *record)
{
    return has_weights_alone(record) ? record->weight_only_sqnr_db : record->measured_sqnr_db;
}

static void put_sqnr(struct text *out, const struct sqnr_record *record)
{
    put_figure(out, false, sqnr_of(record), has_weights_alone(record) ? "w" : "");
}

static void put_line(const struct sqnr_page *page, const struct sqnr_record *record)
{
    put_name(page, record->name.label, layer_stem(record->name.label), name_columns(page));
    put_input(page->out, record);
    put_decibels(page->out, record->concentration_db);
    put_decibels(page->out, record->alignment_db);
    put_decibels(page->out, record->max_alignment_db);
    put_decibels(page->out, record->approx_sqnr_db);
    put_sqnr(page->out, record);
    text_puts(page->out, "\n");
}

/* The layer's name, and what all of its transforms have in common. */
static void put_title(const struct sqnr_page *page, const struct sqnr_record *record)
{
    struct text *out = page->out;
    utf8_cut_middle(out, record->name.label, layer_stem(record->name.label), PAGE_COLUMNS,
                    !page->utf8);
    text_printf(out, "\n  %" PRIu64 " x %" PRIu64, record->out, record->in);
    if (record->tokens != EMIT_UNKNOWN)
        text_printf(out, ", %" PRIu64 " tokens", record->tokens);
    else
        text_printf(out, ", %s", record->activations.label);
    if (record->group.n > 1)
        text_printf(out, ", T shared with %zu other%s", record->group.n - 1,
                    record->group.n > 2 ? "s" : "");
    if (!isnan(record->max_alignment_db))
        text_printf(out, ", best align. %.2f", record->max_alignment_db);
    text_puts(out, "\n");
}

static void put_transform(const struct sqnr_page *page, const struct sqnr_record *record,
                          const struct sqnr_record *none)
{
    text_puts(page->out, "  ");
    put_name(page, record->label, strlen(record->label), TRANSFORM_COLUMNS);
    put_decibels(page->out, record->concentration_db);
    put_decibels(page->out, record->alignment_db);
    put_decibels(page->out, record->approx_sqnr_db);
    put_sqnr(page->out, record);
    put_figure(page->out, true, record == none ? (double)NAN : sqnr_of(record) - sqnr_of(none), "");
    text_puts(page->out, "\n");
}

/* Where what CAT gains over the rotation alone comes from; the gain is NaN where it is not known. */
static struct sqnr_difference difference_of(const struct sqnr_page *page,
                                            const struct sqnr_record records[])
{
    const struct sqnr_record *hadamard = &records[page->hadamard], *cat = &records[page->cat];
    return (struct sqnr_difference){
        .gain = sqnr_of(cat) - sqnr_of(hadamard),
        .alignment = cat->alignment_db - hadamard->alignment_db,
        .concentration = cat->concentration_db - hadamard->concentration_db,
    };
}

static void put_difference(const struct sqnr_page *page, const struct sqnr_difference *difference)
{
    if (isnan(difference->gain))
        return;
    text_printf(page->out, "  cat gains %+.2f dB over hadamard: alignment %+.2f", difference->gain,
                difference->alignment);
    if (!isnan(difference->concentration))
        text_printf(page->out, ", concentration %+.2f", difference->concentration);
    text_puts(page->out, "\n");
}

static void put_comparison(const struct sqnr_page *page, const struct sqnr_record records[],
                           size_t n)
{
    static const char *const headings[] = {"conc.", "align.", "approx.", "meas.", "gain"};
    put_title(page, &records[0]);
    text_puts(page->out, "  ");
    put_name(page, "", 0, TRANSFORM_COLUMNS);
    put_headings(page->out, headings, sizeof headings / sizeof headings[0]);
    for (size_t i = 0; i < n; i++)
        put_transform(page, &records[i], &records[0]);
    const struct sqnr_difference difference = difference_of(page, records);
    put_difference(page, &difference);
    text_puts(page->out, "\n");
}

static void count_difference(struct sqnr_page *page, const struct sqnr_record records[])
{
    const struct sqnr_difference difference = difference_of(page, records);
    if (isnan(difference.gain))
        return;
    page->difference =
        mem_grow(page->difference, &page->room, page->differences + 1, sizeof *page->difference);
    page->difference[page->differences++] = difference;
}

static void count_layer(struct sqnr_page *page, const struct sqnr_record records[], size_t n)
{
    page->layers++;
    page->isotropic += strcmp(records[0].activations.label, "isotropic") == 0;
    page->weights_alone += has_weights_alone(&records[0]);
    page->candidates = n;
    for (size_t i = 0; i < n; i++) {
        const double gain = sqnr_of(&records[i]) - sqnr_of(&records[0]);
        page->error = fmax(page->error, records[i].transform_error);
        page->label[i] = records[i].label;
        if (isnan(gain))
            continue;
        page->gains[i]++;
        page->gain[i] += gain;
    }
    if (page->compare)
        count_difference(page, records);
}

void sqnr_page_layer(struct sqnr_page *page, const struct sqnr_record records[], size_t n)
{
    if (page->compare)
        put_comparison(page, records, n);
    else
        put_line(page, &records[0]);
    count_layer(page, records, n);
}

static void put_gains(const struct sqnr_page *page)
{
    text_puts(page->out, "mean gain over none\n");
    for (size_t i = 1; i < page->candidates; i++) {
        text_puts(page->out, "  ");
        put_name(page, page->label[i], strlen(page->label[i]), TRANSFORM_COLUMNS);
        put_figure(page->out, true,
                   page->gains[i] > 0 ? page->gain[i] / (double)page->gains[i] : (double)NAN, "");
        text_printf(page->out, "  dB, %zu layer%s\n", page->gains[i],
                    page->gains[i] == 1 ? "" : "s");
    }
}

/* Median and extremes of one member of the differences, unless one of them is not known. */
static void put_spread(const struct sqnr_page *page, const char *name, size_t offset)
{
    double *values = mem_alloc(page->differences, sizeof *values);
    double sum = 0;
    for (size_t i = 0; i < page->differences; i++) {
        memcpy(&values[i], (const char *)&page->difference[i] + offset, sizeof *values);
        sum += values[i];
    }
    if (!isnan(sum)) {
        quantile_sort(values, page->differences);
        const double least = values[0], most = values[page->differences - 1];
        text_puts(page->out, "  ");
        put_name(page, name, strlen(name), TRANSFORM_COLUMNS);
        put_figure(page->out, true, quantile_percentile(values, page->differences, 50), "");
        text_printf(page->out, "  dB, %+.2f to %+.2f\n", least, most);
    }
    mem_free(values);
}

static void put_spreads(const struct sqnr_page *page)
{
    if (page->differences == 0)
        return;
    text_printf(page->out, "what cat gains over hadamard, median and range of %zu layer%s\n",
                page->differences, page->differences == 1 ? "" : "s");
    put_spread(page, "in all", offsetof(struct sqnr_difference, gain));
    put_spread(page, "by alignment", offsetof(struct sqnr_difference, alignment));
    put_spread(page, "by concentration", offsetof(struct sqnr_difference, concentration));
}

void sqnr_page_end(struct sqnr_page *page)
{
    if (page->layers == 0)
        return;
    if (page->compare) {
        put_gains(page);
        put_spreads(page);
    } else {
        text_puts(page->out, "\n");
    }
    if (page->error > 0)
        text_printf(page->out, "W T^-1 T x is W x within %.1e of its size\n", page->error);
    if (page->weights_alone > 0)
        text_printf(page->out, "w: the weights' rounding alone, as %zu layer%s no samples\n",
                    page->weights_alone, page->weights_alone == 1 ? " has" : "s have");
    if (page->isotropic > 0)
        text_printf(page->out,
                    "isotropic input assumed for %zu layer%s of which nothing is known\n",
                    page->isotropic, page->isotropic == 1 ? "" : "s");
}

void sqnr_page_done(struct sqnr_page *page)
{
    mem_free(page->difference);
}
