/* SPDX-License-Identifier: MIT
 *
 * The values of an activation file's entries, checked: one value that is no number would make all
 * that is computed from it none.
 */
#include <assert.h>
#include <math.h>

#include "model/activations.h"
#include "model/parts.h"

/* Magnitudes that sums of squares and of their products can still hold. */
#define MOST 1e60

/* How much the halves of a second moment may differ: sums in another order do, by much less. */
#define ASYMMETRY 1e-3

/* The first of n values that is not within its bounds; n if there is none. */
static size_t find_wrong(const double values[], size_t n, double least)
{
    size_t i = 0;
    while (i < n && values[i] >= least && values[i] <= MOST)
        i++;
    return i;
}

/* Reads elements first .. first + n - 1 and refuses any that is below `least` or no number. */
static bool read_values(const struct activation *entry, uint64_t first, size_t n, double least,
                        double values[], struct error *error)
{
    const struct tensor *tensor = entry->tensor;
    if (!tensor_read(tensor, (struct tensor_view){0}, first, n, values, error))
        return false;
    size_t wrong = find_wrong(values, n, least);
    if (wrong == n)
        return true;
    uint64_t at = first + wrong;
    return parts_fail(tensor, tensor->offset, error, "element (%llu, %llu) is %g, which no %s",
                      (unsigned long long)(at / entry->width),
                      (unsigned long long)(at % entry->width), values[wrong],
                      least < 0 ? "activation can be" : "square or magnitude can be");
}

bool activation_read_samples(const struct activation *entry, uint64_t first, size_t n,
                             double rows[], struct error *error)
{
    assert(entry->kind == ACTIVATION_SAMPLES && first <= entry->rows && n <= entry->rows - first);
    return read_values(entry, first * entry->width, n * (size_t)entry->width, -MOST, rows, error);
}

/* Whether two elements are each other's mirror image, for mean squares a and b on the diagonal. */
static bool mirrored(double upper, double lower, double a, double b)
{
    return fabs(upper - lower) <= ASYMMETRY * (fabs(upper) + fabs(lower) + sqrt(a * b));
}

/* Makes row i and column i the mean of both, as far as the diagonal. */
static bool make_symmetric(const struct activation *entry, double moment[], size_t i,
                           struct error *error)
{
    const size_t d = (size_t)entry->width;
    const struct tensor *tensor = entry->tensor;
    if (moment[i * d + i] < 0)
        return parts_fail(tensor, tensor->offset, error,
                          "mean square %zu is negative: it is no second moment", i);
    for (size_t j = 0; j < i; j++) {
        double *lower = &moment[i * d + j], *upper = &moment[j * d + i];
        if (!mirrored(*upper, *lower, moment[i * d + i], moment[j * d + j]))
            return parts_fail(tensor, tensor->offset, error,
                              "elements (%zu, %zu) and (%zu, %zu) are %g and %g: it is no second "
                              "moment",
                              j, i, i, j, *upper, *lower);
        *lower = *upper = (*lower + *upper) / 2;
    }
    return true;
}

bool activation_read_second_moment(const struct activation *entry, double moment[],
                                   struct error *error)
{
    assert(entry->kind == ACTIVATION_SECOND_MOMENT);
    const size_t d = (size_t)entry->width;
    if (!read_values(entry, 0, d * d, -MOST, moment, error))
        return false;
    for (size_t i = 0; i < d; i++)
        if (!make_symmetric(entry, moment, i, error))
            return false;
    return true;
}

bool activation_seen(const struct activation *entry, uint64_t row)
{
    return !entry->counts || entry->counts[entry->count_rows == 1 ? 0 : row] > 0;
}

bool activation_read_vector(const struct activation *entry, uint64_t row, uint64_t width,
                            double values[], struct error *error)
{
    assert(entry->kind == ACTIVATION_DIAGONAL || entry->kind == ACTIVATION_RANGES);
    assert(width == entry->width || (entry->flat && entry->width % width == 0));
    assert(row < entry->rows * (entry->width / width));
    if (!read_values(entry, row * width, (size_t)width, 0, values, error))
        return false;
    for (size_t i = 0; entry->counts && i < width; i++)
        values[i] /= fmax(entry->counts[entry->count_rows == 1 ? 0 : row], 1);
    return true;
}
