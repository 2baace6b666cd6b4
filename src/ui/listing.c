/* SPDX-License-Identifier: MIT */
#include "ui/listing.h"

#include <math.h>

#include "base/mem.h"

struct known {
    double value[COLUMN_COUNT];
};

/* Modules whose values are kept: more than a screen shows at once. */
#define KEPT 256

/* What a module shows of its tensors. */
struct kept {
    size_t node;
    uint64_t version; /* of the listing at that time; 0: nothing is kept */
    double value[COLUMN_COUNT];
};

struct listing {
    const struct model *model;
    struct known *known; /* by tensor */
    uint64_t version;    /* counts what was learnt and forgotten, from 1 */
    struct kept kept[KEPT]; /* by node, modulo KEPT */
};

struct listing *listing_new(const struct model *model)
{
    struct listing *listing = mem_zero(1, sizeof *listing);
    listing->model = model;
    listing->version = 1;
    listing->known = mem_alloc(model->count, sizeof *listing->known);
    for (size_t i = 0; i < model->count; i++) {
        for (int column = 0; column < COLUMN_COUNT; column++)
            listing->known[i].value[column] = NAN;
        listing->known[i].value[COLUMN_SIZE] = (double)model->tensors[i].elements;
    }
    return listing;
}

void listing_free(struct listing *listing)
{
    if (!listing)
        return;
    mem_free(listing->known);
    mem_free(listing);
}

void listing_learn_report(struct listing *listing, size_t tensor, const struct report *report)
{
    listing->version++;
    for (int column = 0; column < COLUMN_COUNT; column++) {
        const double value =
            column_types[column].of_report ? column_types[column].of_report(report) : (double)NAN;
        if (!isnan(value))
            listing->known[tensor].value[column] = value;
    }
}

void listing_learn_record(struct listing *listing, size_t tensor,
                          const struct survey_record *record)
{
    listing->version++;
    for (int column = 0; column < COLUMN_COUNT; column++) {
        const double value =
            column_types[column].of_record ? column_types[column].of_record(record) : (double)NAN;
        if (!isnan(value))
            listing->known[tensor].value[column] = value;
    }
}

void listing_forget(struct listing *listing, enum column_basis basis)
{
    listing->version++;
    for (int column = 0; column < COLUMN_COUNT; column++)
        if (column_types[column].basis >= basis)
            for (size_t i = 0; i < listing->model->count; i++)
                listing->known[i].value[column] = NAN;
}

const double *listing_values(const struct listing *listing, size_t tensor)
{
    return listing->known[tensor].value;
}

/* What is seen of the tensors of a module, matrices or vectors. */
struct gathered {
    double worst, sum, product, elements; /* product: of values and elements */
    size_t n;
};

static void gather(struct gathered *gathered, double value, double elements, bool low_is_bad)
{
    if (isnan(value))
        return;
    const bool worse = low_is_bad ? value < gathered->worst : value > gathered->worst;
    if (gathered->n++ == 0 || worse)
        gathered->worst = value;
    gathered->sum += value;
    gathered->product += value * elements;
    gathered->elements += elements;
}

static double conclude(const struct gathered *matrices, const struct gathered *vectors,
                       enum column_gathering gathering)
{
    if (gathering == GATHER_SUM)
        return matrices->n + vectors->n > 0 ? matrices->sum + vectors->sum : (double)NAN;
    const struct gathered *of = matrices->n > 0 ? matrices : vectors;
    if (of->n == 0)
        return NAN;
    return gathering == GATHER_WORST ? of->worst : of->product / of->elements;
}

/* All columns in one pass: what takes time in a large module is to come by its tensors. */
static void gather_module(const struct listing *listing, const struct tree *tree, size_t node,
                          double value[COLUMN_COUNT])
{
    struct gathered matrices[COLUMN_COUNT] = {{.n = 0}}, vectors[COLUMN_COUNT] = {{.n = 0}};
    for (size_t i = node + 1; i < tree->node[node].end; i++) {
        const size_t tensor = tree->node[i].tensor;
        if (tensor == TREE_NO_TENSOR)
            continue;
        const struct tensor *of = &listing->model->tensors[tensor];
        struct gathered *gathered = of->rank >= 2 ? matrices : vectors;
        for (int column = 0; column < COLUMN_COUNT; column++)
            gather(&gathered[column], listing->known[tensor].value[column], (double)of->elements,
                   column_types[column].low_is_bad);
    }
    for (int column = 0; column < COLUMN_COUNT; column++)
        value[column] =
            conclude(&matrices[column], &vectors[column], column_types[column].gathering);
}

double listing_value(struct listing *listing, const struct tree *tree, size_t node,
                     enum column column)
{
    const size_t tensor = tree->node[node].tensor;
    if (tensor != TREE_NO_TENSOR)
        return listing->known[tensor].value[column];
    struct kept *kept = &listing->kept[node % KEPT];
    if (kept->node != node || kept->version != listing->version) {
        gather_module(listing, tree, node, kept->value);
        kept->node = node;
        kept->version = listing->version;
    }
    return kept->value[column];
}
