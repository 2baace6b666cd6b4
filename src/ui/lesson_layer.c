/* SPDX-License-Identifier: MIT */
#include "ui/lesson_layer.h"

#include <string.h>

#include "base/decibels.h"
#include "linear/concentration.h"
#include "stats/source.h"

/* Which entry of the line-up. */
enum which { OWN, NONE, HADAMARD, CAT, MORE_1, MORE_2 };

/* A figure of the layer behind a transform, or what a source's draws would have in its place. */
struct row {
    struct lesson_key key;
    enum which which;
    size_t offset;                    /* in struct layer_sqnr */
    const struct source_type *source; /* NULL for a figure */
    bool weights;                     /* in the place of its weights, not of its inputs */
};

/* clang-format off */
#define FIGURE(name, member, suffix, which) \
    { { name suffix, 0, false, NULL }, which, offsetof(struct layer_sqnr, member), NULL, false }
#define FIGURES(suffix, which)                                                       \
    FIGURE("bits_term_db", bits, suffix, which),                                     \
    FIGURE("concentration_db", concentration, suffix, which),                        \
    FIGURE("weight_concentration_db", weight_concentration, suffix, which),          \
    FIGURE("activation_concentration_db", activation_concentration, suffix, which),  \
    FIGURE("alignment_db", alignment, suffix, which),                                \
    FIGURE("max_alignment_db", max_alignment, suffix, which),                        \
    FIGURE("approx_sqnr_db", approximation, suffix, which),                          \
    FIGURE("measured_sqnr_db", measured, suffix, which),                             \
    FIGURE("weight_only_sqnr_db", weights_only, suffix, which),                      \
    FIGURE("activation_only_sqnr_db", activations_only, suffix, which)
#define REFERENCE(name, source, weights) { { name, 0, false, NULL }, OWN, 0, &source, weights }

static const struct row rows[] = {
    FIGURES("", OWN),
    FIGURES("@none", NONE),
    FIGURES("@hadamard", HADAMARD),
    FIGURES("@cat", CAT),
    FIGURES("@+1", MORE_1),
    FIGURES("@+2", MORE_2),
    REFERENCE("weight_concentration_db@gaussian", source_gaussian, true),
    REFERENCE("weight_concentration_db@laplace", source_laplace, true),
    REFERENCE("activation_concentration_db@gaussian", source_gaussian, false),
    REFERENCE("activation_concentration_db@laplace", source_laplace, false),
};
/* clang-format on */

static const struct row *find(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strlen(rows[i].key.name) == length && memcmp(rows[i].key.name, name, length) == 0)
            return &rows[i];
    return NULL;
}

const struct lesson_key *lesson_layer_key(const char *name, size_t length)
{
    const struct row *row = find(name, length);
    return row ? &row->key : NULL;
}

/* Entries of more bits are those behind the own one's transforms that have other bits. */
static const struct layer_lineup_entry *find_more(const struct layer_lineup *lineup, int more)
{
    const int bits = lineup->entry[0].request.scheme.bits;
    for (size_t i = 0; i < lineup->count; i++)
        if (lineup->entry[i].request.scheme.bits == bits + more)
            return &lineup->entry[i];
    return NULL;
}

static const struct layer_lineup_entry *find_entry(const struct layer_lineup *lineup,
                                                   enum which which)
{
    static const char *const labels[] = {[NONE] = "none", [HADAMARD] = "hadamard", [CAT] = "cat"};
    if (which == MORE_1 || which == MORE_2)
        return find_more(lineup, which == MORE_1 ? 1 : 2);
    if (which != OWN)
        return layer_lineup_find(lineup, labels[which]);
    return layer_lineup_own(lineup);
}

static bool get_reference(const struct report *report, const struct row *row, double *value)
{
    const struct request *request = &report->request;
    const uint64_t group = row->weights ? scheme_granularity(&request->scheme).columns : 0;
    const bool symmetric = row->weights ? !request->scheme.asymmetric : request->inputs.symmetric;
    *value = decibels(concentration_reference_grouped(row->source, (double)report->lineup->columns,
                                                      group, symmetric));
    return true;
}

bool lesson_layer_figure(const struct report *report, const char *name, double *value)
{
    const struct row *row = find(name, strlen(name));
    const struct layer_lineup *lineup = report ? report->lineup : NULL;
    if (!row || !lineup || lineup->refusal[0])
        return false;
    if (row->source)
        return get_reference(report, row, value);
    const struct layer_lineup_entry *entry = find_entry(lineup, row->which);
    /* The lab's layer is alone, and may have been drawn again since. */
    const size_t member = report->synthetic ? 0 : layer_lineup_member(lineup, report->rows.tensor);
    if (!entry || !entry->layer || member == lineup->members)
        return false;
    memcpy(value, (const char *)&entry->layer->member[member].sqnr + row->offset, sizeof *value);
    return true;
}
