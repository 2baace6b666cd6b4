/* SPDX-License-Identifier: MIT */
#include "ui/listing.h"

#include <math.h>

#include "base/mem.h"

struct known {
    double value[COLUMN_COUNT];
};

struct listing {
    const struct model *model;
    struct known *known; /* by tensor */
};

struct listing *listing_new(const struct model *model)
{
    struct listing *listing = mem_zero(1, sizeof *listing);
    listing->model = model;
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
    for (int column = 0; column < COLUMN_COUNT; column++) {
        const double value =
            column_types[column].of_record ? column_types[column].of_record(record) : (double)NAN;
        if (!isnan(value))
            listing->known[tensor].value[column] = value;
    }
}

void listing_forget(struct listing *listing, enum column_basis basis)
{
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

static double module_value(const struct listing *listing, const struct tree *tree, size_t node,
                           enum column column)
{
    struct gathered matrices = {.n = 0}, vectors = {.n = 0};
    for (size_t i = node + 1; i < tree->node[node].end; i++) {
        const size_t tensor = tree->node[i].tensor;
        if (tensor == TREE_NO_TENSOR)
            continue;
        const struct tensor *of = &listing->model->tensors[tensor];
        gather(of->rank >= 2 ? &matrices : &vectors, listing->known[tensor].value[column],
               (double)of->elements, column_types[column].low_is_bad);
    }
    if (column_types[column].gathering == GATHER_SUM)
        return matrices.n + vectors.n > 0 ? matrices.sum + vectors.sum : (double)NAN;
    const struct gathered *of = matrices.n > 0 ? &matrices : &vectors;
    if (of->n == 0)
        return NAN;
    return column_types[column].gathering == GATHER_WORST ? of->worst : of->product / of->elements;
}

double listing_value(const struct listing *listing, const struct tree *tree, size_t node,
                     enum column column)
{
    const size_t tensor = tree->node[node].tensor;
    return tensor == TREE_NO_TENSOR ? module_value(listing, tree, node, column)
                                    : listing->known[tensor].value[column];
}
