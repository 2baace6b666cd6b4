/* SPDX-License-Identifier: MIT */
#include "app/schemes_table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 80 /* columns */
#define CELL 8  /* columns of a number, with the star or the blank behind it */

/* What is told of each scheme. */
struct quantity {
    const char *title;
    bool scientific; /* 1.23e-5 rather than 12.34 */
    bool starred;    /* the best of each width has a star */
    double (*of)(const struct comparison_figures *figures);
    /* The same of a bound; NULL: it has none. */
    double (*bound)(const struct comparison *comparison, enum comparison_bound bound, double bits);
};

static double sqnr(const struct comparison_figures *figures)
{
    return figures->sqnr_db;
}

static double theory(const struct comparison_figures *figures)
{
    return figures->theory_sqnr_db;
}

static double mse(const struct comparison_figures *figures)
{
    return figures->mse;
}

static double bits_per_weight(const struct comparison_figures *figures)
{
    return figures->bits_per_weight;
}

static const struct quantity quantities[] = {
    {"SQNR, dB", false, true, sqnr, comparison_bound_db},
    {"MSE", true, false, mse, comparison_bound_mse},
    {"bits/w", false, false, bits_per_weight, NULL},
    {"theory", false, false, theory, NULL},
};

#define QUANTITIES   (sizeof quantities / sizeof *quantities)
#define COLUMNS_MOST (QUANTITIES * SCHEME_BITS_MOST)

struct column {
    const struct quantity *quantity;
    int bits;
    size_t best; /* entry with a star, or SIZE_MAX */
};

static size_t make_columns(const struct comparison *comparison, unsigned widths,
                           struct column columns[COLUMNS_MOST])
{
    size_t n = 0;
    for (size_t q = 0; q < QUANTITIES; q++)
        for (int bits = SCHEME_BITS_LEAST; bits <= SCHEME_BITS_MOST; bits++)
            if (widths & COMPARISON_WIDTH(bits))
                columns[n++] = (struct column){
                    &quantities[q], bits,
                    quantities[q].starred ? comparison_best(comparison, bits) : SIZE_MAX};
    return n;
}

/* How many of n columns stand side by side: as many as fit, but no quantity is torn that another
 * line has room for. */
static size_t columns_of_line(const struct column columns[], size_t n)
{
    /* What is left over is enough for the gaps: of as many columns, no more than three quantities
     * share a line, unless each is one column wide. */
    const size_t most = (PAGE - LINEUP_TITLE) / CELL;
    size_t fit = n < most ? n : most;
    if (fit == n)
        return n;
    size_t whole = fit;
    while (whole > 0 && columns[whole].quantity == columns[whole - 1].quantity)
        whole--;
    return whole ? whole : fit;
}

static void end_line(struct text *out)
{
    while (out->length && out->data[out->length - 1] == ' ')
        out->length--;
    text_puts(out, "\n");
}

/* Whether a column is the first one of its quantity on the line. */
static bool begins(const struct column columns[], size_t i)
{
    return i == 0 || columns[i].quantity != columns[i - 1].quantity;
}

/* Between two quantities, for the star would touch the next number. */
static void print_gap(struct text *out, const struct column columns[], size_t i)
{
    text_puts(out, i > 0 && begins(columns, i) ? " " : "");
}

/* Each quantity's title over the first of its columns, and below it the widths. */
static void print_heading(struct text *out, const struct column columns[], size_t n)
{
    text_printf(out, "%*s", LINEUP_TITLE, "");
    for (size_t i = 0; i < n; i++) {
        print_gap(out, columns, i);
        text_printf(out, "%*s ", CELL - 1, begins(columns, i) ? columns[i].quantity->title : "");
    }
    end_line(out);
    text_printf(out, "%-*s", LINEUP_TITLE, "scheme");
    for (size_t i = 0; i < n; i++) {
        print_gap(out, columns, i);
        text_printf(out, "%*d-bit ", CELL - 5, columns[i].bits);
    }
    end_line(out);
}

/* 1.23e-5 or 1.2e-10: seven characters at most, down to 1e-99. */
static void print_scientific(char *out, size_t size, double value)
{
    char digits[32];
    snprintf(digits, sizeof digits, "%.2e", value);
    const int exponent = atoi(strchr(digits, 'e') + 1);
    const bool narrow = exponent > -10 && exponent < 10;
    snprintf(digits, sizeof digits, "%.*e", narrow ? 2 : 1, value);
    *strchr(digits, 'e') = '\0';
    snprintf(out, size, "%se%d", digits, exponent);
}

static void print_cell(struct text *out, const struct quantity *quantity, double value, char mark)
{
    char number[48];
    if (!isfinite(value))
        snprintf(number, sizeof number, "-");
    else if (quantity->scientific)
        print_scientific(number, sizeof number, value);
    else
        snprintf(number, sizeof number, "%.2f", value);
    text_printf(out, "%*s%c", CELL - 1, number, mark);
}

/* The contender's entry of that width; SIZE_MAX if it has none. */
static size_t find(const struct comparison *comparison, const struct contender *contender, int bits)
{
    for (size_t i = 0; i < comparison->count; i++)
        if (comparison->entry[i].contender == contender && comparison->entry[i].scheme.bits == bits)
            return i;
    return SIZE_MAX;
}

static void print_contender(struct text *out, const struct comparison *comparison,
                            const struct contender *contender, const struct column columns[],
                            size_t n)
{
    text_printf(out, "%-*s", LINEUP_TITLE, contender->title);
    for (size_t i = 0; i < n; i++) {
        print_gap(out, columns, i);
        const size_t entry = find(comparison, contender, columns[i].bits);
        if (entry == SIZE_MAX) {
            text_printf(out, "%*s", CELL, "");
            continue;
        }
        const struct comparison_figures figures = comparison_figures(comparison, entry);
        print_cell(out, columns[i].quantity, columns[i].quantity->of(&figures),
                   entry == columns[i].best ? '*' : ' ');
    }
    end_line(out);
}

static void print_bound(struct text *out, const struct comparison *comparison,
                        enum comparison_bound bound, const struct column columns[], size_t n)
{
    static const char *const titles[COMPARISON_BOUNDS] = {
        [COMPARISON_PANTER_DITE] = "Panter-Dite",
        [COMPARISON_SHANNON] = "Shannon bound",
    };
    text_printf(out, "%-*s", LINEUP_TITLE, titles[bound]);
    for (size_t i = 0; i < n; i++) {
        const struct quantity *quantity = columns[i].quantity;
        print_gap(out, columns, i);
        if (quantity->bound)
            print_cell(out, quantity, quantity->bound(comparison, bound, columns[i].bits), ' ');
        else
            text_printf(out, "%*s", CELL, "");
    }
    end_line(out);
}

static bool has_bounds(const struct column columns[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (columns[i].quantity->bound)
            return true;
    return false;
}

/* Contenders of none of the widths have no row. */
static bool is_present(const struct comparison *comparison, const struct contender *contender)
{
    for (size_t i = 0; i < comparison->count; i++)
        if (comparison->entry[i].contender == contender)
            return true;
    return false;
}

void schemes_table_print(struct text *out, const struct comparison *comparison, unsigned widths)
{
    struct column columns[COLUMNS_MOST];
    const size_t all = make_columns(comparison, widths, columns);
    size_t n;
    for (size_t first = 0; first < all; first += n) {
        n = columns_of_line(columns + first, all - first);
        text_puts(out, first ? "\n" : "");
        print_heading(out, columns + first, n);
        for (size_t i = 0; i < contender_count; i++)
            if (is_present(comparison, &contenders[i]))
                print_contender(out, comparison, &contenders[i], columns + first, n);
        for (int bound = 0; bound < COMPARISON_BOUNDS && has_bounds(columns + first, n); bound++)
            print_bound(out, comparison, (enum comparison_bound)bound, columns + first, n);
    }
}
