/* SPDX-License-Identifier: MIT
 *
 * The expected squared range of d independent draws, by quadrature over the tail a(t) = P(x > t).
 * With U the largest draw and V minus the smallest, both at least 0:
 *
 *   symmetric    r = 2 max(U, V)   E r² = 4 ∫ 2t [1 - (1 - 2a(t))^d] dt
 *   asymmetric   r = U + V         E r² = 2 E U² + 2 E UV
 *
 *   E U² = ∫ 2t [1 - (1 - a(t))^d] dt
 *   E UV = ∫∫ P(U > u, V > v) du dv
 *        = (E U)² + ∫∫ [(1 - a(u) - a(v))^d - (1 - a(u))^d (1 - a(v))^d] du dv
 */
#include <assert.h>
#include <math.h>

#include <gsl/gsl_integration.h>

#include "linear/concentration.h"

/* Points of Gauss and Legendre between 0 and where nothing is left of the tail. */
#define POINTS 128

/* The share of draws beyond the end, for all d of them together. */
#define LEFT 1e-17

/* A point of the quadrature. */
struct node {
    double t, weight;
    double tail; /* a(t) */
    double none; /* (1 - a(t))^d: that no draw is above */
};

/* (1 - share)^d. */
static double none_of(double share, double d)
{
    return share < 1 ? exp(d * log1p(-share)) : 0;
}

static void prepare(struct node nodes[POINTS], const struct source *source, double d)
{
    double end = -source->type->quantile(source, LEFT / d);
    gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc(POINTS);
    for (size_t i = 0; i < POINTS; i++) {
        struct node *node = &nodes[i];
        gsl_integration_glfixed_point(0, end, i, &node->t, &node->weight, table);
        node->tail = source->type->cdf(source, -node->t);
        node->none = none_of(node->tail, d);
    }
    gsl_integration_glfixed_table_free(table);
}

static double symmetric_range(const struct node nodes[POINTS], double d)
{
    double sum = 0;
    for (size_t i = 0; i < POINTS; i++)
        sum += nodes[i].weight * 2 * nodes[i].t * (1 - none_of(2 * nodes[i].tail, d));
    return 4 * sum;
}

/* E UV - E U E V, which is little: the largest and the smallest draw are nearly independent. */
static double dependence(const struct node nodes[POINTS], double d)
{
    double sum = 0;
    for (size_t i = 0; i < POINTS; i++)
        for (size_t j = 0; j < POINTS; j++)
            sum += nodes[i].weight * nodes[j].weight *
                   (none_of(nodes[i].tail + nodes[j].tail, d) - nodes[i].none * nodes[j].none);
    return sum;
}

static double asymmetric_range(const struct node nodes[POINTS], double d)
{
    double mean = 0, square = 0;
    for (size_t i = 0; i < POINTS; i++) {
        mean += nodes[i].weight * (1 - nodes[i].none);
        square += nodes[i].weight * 2 * nodes[i].t * (1 - nodes[i].none);
    }
    return 2 * square + 2 * (mean * mean + dependence(nodes, d));
}

double concentration_reference(const struct source *source, size_t d, bool symmetric)
{
    assert(d > 0 && source->mean == 0);
    struct node nodes[POINTS];
    prepare(nodes, source, (double)d);
    double range =
        symmetric ? symmetric_range(nodes, (double)d) : asymmetric_range(nodes, (double)d);
    return (double)d * source->std * source->std / range;
}

double concentration_reference_grouped(const struct source_type *type, double d, uint64_t group,
                                       bool symmetric)
{
    const struct source source = {.type = type, .std = 1};
    const double unit = group > 0 && (double)group < d ? (double)group : d;
    return d / unit * concentration_reference(&source, (size_t)unit, symmetric);
}
