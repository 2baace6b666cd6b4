/* SPDX-License-Identifier: MIT */
#include "app/report_page.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "app/reason_words.h"
#include "app/report_totals.h"
#include "base/utf8.h"

#define WIDTH 80

/* Gains and losses that are worth a word, in decibels. */
#define GAIN_LEAST 0.1
#define LOSS_LEAST 0.1

struct page {
    struct text *out;
    bool markdown;
    const struct report_content *content;
};

/* Words broken into lines, all but the first indented.  Markdown is broken where it is shown. */
static void put_wrapped(const struct page *page, const char *first, const char *indent,
                        const char *words)
{
    text_puts(page->out, first);
    if (page->markdown) {
        text_printf(page->out, "%s\n", words);
        return;
    }
    size_t column = utf8_width(first, strlen(first)), start = column;
    while (*words) {
        size_t length = strcspn(words, " "), width = utf8_width(words, length);
        if (column > start && column + 1 + width > WIDTH) {
            text_printf(page->out, "\n%s", indent);
            column = start = strlen(indent);
        }
        if (column > start) {
            text_puts(page->out, " ");
            column++;
        }
        text_add(page->out, words, length);
        column += width;
        words += length;
        words += strspn(words, " ");
    }
    text_puts(page->out, "\n");
}

static void put_heading(const struct page *page, const char *heading)
{
    text_printf(page->out, page->markdown ? "\n## %s\n\n" : "\n%s\n\n", heading);
}

/* A paragraph. */
static void put_words(const struct page *page, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void put_words(const struct page *page, const char *format, ...)
{
    char words[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    put_wrapped(page, "", "", words);
}

static void put_transform(const struct page *page)
{
    struct text transform = {0};
    transform_spec_print(page->content->transform, &transform);
    put_words(page, "All figures are of the weights behind the transform %s.", transform.data);
    text_done(&transform);
}

static void put_title(const struct page *page)
{
    const struct scan *scan = page->content->scan;
    const struct model *model = scan->model;
    char elements[TEXT_NUMBER], bytes[TEXT_NUMBER];
    text_printf(page->out, page->markdown ? "# %s\n\n" : "%s\n\n", model->label);
    put_words(page, "%zu tensor%s, %s weight%s, %s, %s.", model->count,
              model->count == 1 ? "" : "s", text_count(elements, model->elements),
              model->elements == 1 ? "" : "s", text_bytes(bytes, model->bytes), model->format);
    if (page->content->transform->count > 0)
        put_transform(page);
    if (!scan->complete)
        put_words(page, "The scan was not finished: %zu tensors have figures.", scan->count);
}

static void put_totals(const struct page *page, const struct report_totals *totals)
{
    text_puts(page->out, page->markdown ? "\n" : "");
    if (totals->tested > 0)
        put_words(page,
                  "Normal channels: %.0f %% of %" PRIu64
                  " in %zu matrices (Shapiro-Wilk, p at least 0.05); %zu of the matrices are "
                  "nearer to Laplace than to Gauss.",
                  100 * (double)totals->normal / (double)totals->tested, totals->tested,
                  totals->matrices, totals->laplace);
    if (totals->nonfinite > 0)
        put_words(page, "%zu tensor%s NaN or infinite elements.", totals->nonfinite,
                  totals->nonfinite == 1 ? " has" : "s have");
    if (totals->unread > 0)
        put_words(page, "No figures for %zu tensor%s.", totals->unread,
                  totals->unread == 1 ? "" : "s");
}

static void put_decibels(const struct page *page, const char *name, const double decibels[])
{
    text_printf(page->out, page->markdown ? "| %s |" : "%-9s", name);
    for (size_t i = 0; i < RECORD_WIDTHS; i++) {
        char number[TEXT_NUMBER] = "-";
        if (isfinite(decibels[i]))
            snprintf(number, sizeof number, "%.1f", decibels[i]);
        text_printf(page->out, page->markdown ? " %s |" : "%8s", number);
    }
    text_puts(page->out, "\n");
}

static void put_table(const struct page *page, const struct report_totals *totals)
{
    if (totals->matrices == 0)
        return;
    put_heading(page, "SQNR of all matrices in dB, symmetric grids by channel");
    text_puts(page->out, page->markdown ? "| bits |" : "bits     ");
    for (int bits = RECORD_BITS_LEAST; bits <= RECORD_BITS_MOST; bits++)
        text_printf(page->out, page->markdown ? " %d |" : "%8d", bits);
    text_puts(page->out, "\n");
    for (int i = 0; page->markdown && i <= RECORD_WIDTHS; i++)
        text_puts(page->out, i ? " ---: |" : "| --- |");
    text_puts(page->out, page->markdown ? "\n" : "");
    put_decibels(page, "measured", totals->sqnr_db);
    put_decibels(page, "theory", totals->theory_sqnr_db);
}

/* "BF16 128x344, SQNR 16.2 dB at 4 bits, 4.1 dB below Gaussian". */
static void put_facts(struct text *out, const struct report_content *content,
                      const struct report_spot *spot)
{
    const struct tensor *tensor = &content->scan->model->tensors[spot->tensor];
    double sqnr_db = record_error(content->scan->records[spot->tensor], content->bits)->sqnr_db;
    text_printf(out, "%s ", tensor->dtype_name);
    for (unsigned i = 0; i < tensor->rank; i++)
        text_printf(out, "%s%" PRIu64, i ? "x" : "", tensor->dims[i]);
    if (isfinite(sqnr_db))
        text_printf(out, ", SQNR %.1f dB at %d bits", sqnr_db, content->bits);
    if (spot->reasons.loss_db >= LOSS_LEAST)
        text_printf(out, ", steps %.1f dB above Gaussian's", spot->reasons.loss_db);
}

static void put_gains(struct text *out, const struct report_content *content,
                      const struct report_spot *spot)
{
    if (spot->clip_gain_db >= GAIN_LEAST)
        text_printf(out, "; clipping at %.1fσ gains %.1f dB at %d bits", spot->clip_over_std,
                    spot->clip_gain_db, content->bits);
    if (spot->asymmetric_gain_db >= GAIN_LEAST)
        text_printf(out, "; measured, an asymmetric grid gains %.1f dB at %d bits",
                    spot->asymmetric_gain_db, content->bits);
}

static void put_spot(const struct page *page, const struct report_spot *spot, size_t number)
{
    const struct report_content *content = page->content;
    const bool vector = content->scan->records[spot->tensor]->vector;
    const char *label = content->scan->model->tensors[spot->tensor].label;
    struct text words = {0};
    text_printf(page->out, page->markdown ? "%zu. `%s`: " : "%2zu. %s\n", number, label);
    put_facts(&words, content, spot);
    put_wrapped(page, page->markdown ? "" : "    ", "    ", words.data);
    for (size_t i = 0; i < spot->reasons.count; i++) {
        text_clear(&words);
        reason_words(&words, &spot->reasons.list[i], vector);
        if (i + 1 == spot->reasons.count)
            put_gains(&words, content, spot);
        text_puts(&words, i + 1 == spot->reasons.count ? "." : ";");
        put_wrapped(page, page->markdown ? "   - " : "    ", "    ", words.data);
    }
    text_done(&words);
}

static void put_spots(const struct page *page, const char *heading,
                      const struct report_spot spots[], size_t n)
{
    size_t shown = n < page->content->top ? n : page->content->top;
    if (n == 0)
        return;
    put_heading(page, heading);
    for (size_t i = 0; i < shown; i++)
        put_spot(page, &spots[i], i + 1);
    if (shown < n)
        put_words(page, "%s%zu more: --top %zu shows them.", page->markdown ? "\n" : "", n - shown,
                  n);
}

/* For a shell, which takes nothing between single quotes for its own. */
static void quote(struct text *out, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_-./:,+@%";
    if (*word && word[strspn(word, plain)] == '\0') {
        text_puts(out, word);
        return;
    }
    text_puts(out, "'");
    for (; *word; word++)
        text_printf(out, *word == '\'' ? "'\\''" : "%c", *word);
    text_puts(out, "'");
}

/* One command for each kind of reason, of the first tensor that has it. */
static void put_next(const struct page *page)
{
    const struct report_content *content = page->content;
    const struct model *model = content->scan->model;
    struct text path = {0}, name = {0}, commands = {0};
    uint32_t told = 0;
    quote(&path, model->path);
    for (size_t i = 0; i < content->matrices + content->vectors; i++) {
        const struct report_spot *spot = &content->spots[i];
        text_clear(&name);
        quote(&name, model->tensors[spot->tensor].label);
        for (size_t j = 0; j < spot->reasons.count; j++) {
            const struct reason *reason = &spot->reasons.list[j];
            text_puts(&commands, "");
            size_t before = commands.length;
            if (!(told & UINT32_C(1) << reason->code) &&
                reason_command(&commands, reason, path.data, name.data))
                text_puts(&commands, "\n");
            told |= commands.length > before ? UINT32_C(1) << reason->code : 0;
        }
    }
    if (commands.length > 0) {
        put_heading(page, "What to look at next");
        text_printf(page->out, page->markdown ? "```sh\n%s```\n" : "%s", commands.data);
    }
    text_done(&path);
    text_done(&name);
    text_done(&commands);
}

void report_page(struct text *out, const struct report_content *content, bool markdown)
{
    const struct page page = {out, markdown, content};
    const struct report_totals totals = report_totals(content->scan);
    put_title(&page);
    put_totals(&page, &totals);
    put_table(&page, &totals);
    put_spots(&page, "Matrices, worst first", content->spots, content->matrices);
    put_spots(&page, "Norms and biases, usually left in 16 bits",
              content->spots + content->matrices, content->vectors);
    if (content->matrices + content->vectors == 0)
        put_words(&page, "\nNothing stands out: all tensors round as Gaussian weights would.");
    put_next(&page);
}
