/* SPDX-License-Identifier: MIT
 *
 * Rotating the rows takes nearly all of the time.  Rotations are therefore collected over several
 * sweeps, and then all applied to a few columns after the other, which stay in a cache.
 */
#include "linear/tridiagonal.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "linear/kernels.h"

/* Sweeps that are collected, and how many an eigenvalue may take on average: two or three do. */
#define BATCH       16
#define SWEEPS_MOST 30

/* Columns that are rotated at a time. */
#define COLUMNS 32

struct solver {
    size_t n;
    double *diagonal, *beside;
    gsl_matrix *rows;
    size_t sweeps; /* that are collected */
    struct kernels_sweep sweep[BATCH];
    struct kernels_rotation *rotation; /* [BATCH, n] */
    double *copy;                      /* [n, COLUMNS] of the rows */
};

/* Some columns at a time in a copy without gaps: in place, rows of a power of two of columns would
 * share the few cache lines of one set. */
static void apply(struct solver *solver)
{
    const gsl_matrix *rows = solver->rows;
    for (size_t j = 0; solver->sweeps > 0 && j < rows->size2; j += COLUMNS) {
        const size_t left = rows->size2 - j, columns = left < COLUMNS ? left : COLUMNS;
        const size_t bytes = columns * sizeof *solver->copy;
        for (size_t i = 0; i < solver->n; i++)
            memcpy(solver->copy + i * columns, rows->data + i * rows->tda + j, bytes);
        kernels_best()->rotate(solver->copy, columns, columns, solver->sweep, solver->sweeps);
        for (size_t i = 0; i < solver->n; i++)
            memcpy(rows->data + i * rows->tda + j, solver->copy + i * columns, bytes);
    }
    solver->sweeps = 0;
}

/* Sets an element beside the diagonal to 0 if it makes no difference to its neighbours. */
static bool vanishes(struct solver *solver, size_t i)
{
    const double *diagonal = solver->diagonal;
    if (!(fabs(solver->beside[i]) <= DBL_EPSILON * (fabs(diagonal[i]) + fabs(diagonal[i + 1]))))
        return false;
    solver->beside[i] = 0;
    return true;
}

/* The eigenvalue of the last two rows that is nearer to the last element. */
static double shift(const struct solver *solver, size_t last)
{
    const double b = solver->beside[last - 1];
    const double half = (solver->diagonal[last - 1] - solver->diagonal[last]) / 2;
    return solver->diagonal[last] - b * (b / (half + copysign(hypot(half, b), half)));
}

/* The rotation that makes (x, z) to (r, 0).  hypot, which takes ten times as long as a root, is for
 * squares that would overflow or lose digits. */
static struct kernels_rotation rotation_of(double x, double z, double *r)
{
    const double square = x * x + z * z;
    *r = square > 1e-280 && square < 1e280 ? sqrt(square) : hypot(x, z);
    return *r > 0 ? (struct kernels_rotation){x / *r, z / *r} : (struct kernels_rotation){1, 0};
}

/* Turns rows and columns k and k + 1 of the matrix. */
static void turn(struct solver *solver, size_t k, const struct kernels_rotation *rotation)
{
    const double c = rotation->cosine, s = rotation->sine;
    double *upper = &solver->diagonal[k], *lower = &solver->diagonal[k + 1];
    double *between = &solver->beside[k];
    const double p = c * *upper + s * *between, q = c * *between + s * *lower;
    const double u = c * *between - s * *upper, v = c * *lower - s * *between;
    *upper = c * p + s * q;
    *between = c * u + s * v;
    *lower = c * v - s * u;
}

/* One step on the rows first .. last: what the first rotation brings about beside the tridiagonal
 * is chased to the end by the others. */
static void sweep(struct solver *solver, size_t first, size_t last)
{
    double *beside = solver->beside, r;
    struct kernels_rotation *rotation = solver->rotation + solver->sweeps * solver->n;
    double x = solver->diagonal[first] - shift(solver, last), z = beside[first];
    for (size_t k = first; k < last; k++) {
        rotation[k - first] = rotation_of(x, z, &r);
        if (k > first)
            beside[k - 1] = r;
        turn(solver, k, &rotation[k - first]);
        x = beside[k];
        if (k + 1 < last) {
            z = rotation[k - first].sine * beside[k + 1];
            beside[k + 1] *= rotation[k - first].cosine;
        }
    }
    solver->sweep[solver->sweeps++] =
        (struct kernels_sweep){.first = first, .count = last - first, .rotation = rotation};
    if (solver->sweeps == BATCH)
        apply(solver);
}

bool tridiagonal_solve(gsl_vector *diagonal, gsl_vector *beside, gsl_matrix *rows)
{
    const size_t n = diagonal->size;
    assert(n > 0 && beside->size == n - 1 && rows->size1 == n);
    assert(diagonal->stride == 1 && beside->stride == 1);
    struct solver solver = {
        .n = n,
        .diagonal = diagonal->data,
        .beside = beside->data,
        .rows = rows,
        .rotation = mem_alloc(BATCH * n, sizeof *solver.rotation),
        .copy = mem_alloc(COLUMNS * n, sizeof *solver.copy),
    };
    size_t left = SWEEPS_MOST * n, last = n - 1;
    while (last > 0 && left > 0) {
        if (vanishes(&solver, last - 1)) {
            last--;
            continue;
        }
        size_t first = last - 1;
        while (first > 0 && !vanishes(&solver, first - 1))
            first--;
        sweep(&solver, first, last);
        left--;
    }
    apply(&solver);
    mem_free(solver.copy);
    mem_free(solver.rotation);
    return last == 0;
}
