/* SPDX-License-Identifier: MIT
 *
 * P. Royston, "Remark AS R94: A remark on Algorithm AS 181: the W-test for normality", Applied
 * Statistics 44 (1995).  Every table of numbers below is a polynomial of that paper.
 */
#include "stats/shapiro.h"

#include <assert.h>
#include <math.h>

#include <gsl/gsl_cdf.h>

#include "base/mem.h"

/* c[0] + c[1] x + ... */
static double polynomial(const double c[], size_t terms, double x)
{
    double sum = 0;
    for (size_t i = terms; i-- > 0;)
        sum = sum * x + c[i];
    return sum;
}

#define POLYNOMIAL(c, x) polynomial(c, sizeof(c) / sizeof *(c), x)

/* The outermost coefficients are corrected by polynomials in 1/sqrt(n); the others are the scores
 * m, scaled so that the squares of all sum to one. */
static void fill_coefficients(double a[], size_t n)
{
    static const double outer[] = {0, 0.221157, -0.147981, -2.071190, 4.434685, -2.706056};
    static const double next[] = {0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633};
    size_t half = n / 2;
    double sum = 0, root = 1 / sqrt((double)n);
    for (size_t i = 0; i < half; i++) {
        a[i] = gsl_cdf_ugaussian_Qinv(((double)i + 0.625) / ((double)n + 0.25));
        sum += 2 * a[i] * a[i];
    }
    double norm = sqrt(sum);
    size_t corrected = n > 5 ? 2 : 1;
    double first = a[0] / norm + POLYNOMIAL(outer, root);
    double second = n > 5 ? a[1] / norm + POLYNOMIAL(next, root) : 0;
    double scores = sum - 2 * a[0] * a[0] - (n > 5 ? 2 * a[1] * a[1] : 0);
    double scale = sqrt(scores / (1 - 2 * first * first - 2 * second * second));
    for (size_t i = corrected; i < half; i++)
        a[i] /= scale;
    a[0] = first;
    if (n > 5)
        a[1] = second;
}

struct shapiro *shapiro_new(size_t n)
{
    assert(n >= SHAPIRO_LEAST && n <= SHAPIRO_MOST);
    struct shapiro *shapiro = mem_alloc(1, sizeof *shapiro);
    shapiro->n = n;
    shapiro->a = mem_alloc(n / 2, sizeof *shapiro->a);
    if (n == 3)
        shapiro->a[0] = sqrt(0.5);
    else
        fill_coefficients(shapiro->a, n);
    return shapiro;
}

void shapiro_free(struct shapiro *shapiro)
{
    if (!shapiro)
        return;
    mem_free(shapiro->a);
    mem_free(shapiro);
}

/* 1 - W, formed as a product so that it keeps its digits for W near 1.  x is taken relative to its
 * middle element and its range, and halved first where the range would overflow. */
static double complement_of_w(const struct shapiro *shapiro, const double x[])
{
    size_t n = shapiro->n;
    double half = isfinite(x[n - 1] - x[0]) ? 1 : 0.5;
    double origin = x[n / 2] * half, range = x[n - 1] * half - x[0] * half;
    double mean = 0, squares = 0, ordered = 0, norm = 0;
    for (size_t i = 0; i < n; i++)
        mean += (x[i] * half - origin) / range / (double)n;
    for (size_t i = 0; i < n; i++) {
        double d = (x[i] * half - origin) / range - mean;
        squares += d * d;
    }
    for (size_t i = 0; i < n / 2; i++) {
        ordered += shapiro->a[i] * (x[n - 1 - i] * half - x[i] * half) / range;
        norm += 2 * shapiro->a[i] * shapiro->a[i];
    }
    double most = sqrt(norm * squares);
    return fmax((most - ordered) * (most + ordered) / (norm * squares), 0);
}

/* p for n > 3: a function of 1 - W is close to normal, with mean and standard deviation fitted by
 * simulation for n up to 11 and, in log n, above. */
static double p_value(size_t n, double complement)
{
    static const double bound[] = {-2.273, 0.459};
    static const double small_mean[] = {0.544, -0.39978, 0.025054, -6.714e-4};
    static const double small_std[] = {1.3822, -0.77857, 0.062767, -0.0020322};
    static const double mean[] = {-1.5861, -0.31082, -0.083751, 0.0038915};
    static const double std[] = {-0.4803, -0.082676, 0.0030302};
    double y = log(complement), size = (double)n;
    if (n > 11) {
        double x = log(size);
        return gsl_cdf_ugaussian_Q((y - POLYNOMIAL(mean, x)) / exp(POLYNOMIAL(std, x)));
    }
    double gamma = POLYNOMIAL(bound, size);
    if (y >= gamma)
        return 0;
    double z = (-log(gamma - y) - POLYNOMIAL(small_mean, size)) / exp(POLYNOMIAL(small_std, size));
    return gsl_cdf_ugaussian_Q(z);
}

/* For n = 3 the distribution of W is known exactly; W is at least 3/4. */
static double p_value_of_three(double w)
{
    const double pi = 3.14159265358979323846;
    return fmin(fmax(6 / pi * (asin(sqrt(w)) - asin(sqrt(0.75))), 0), 1);
}

bool shapiro_test(const struct shapiro *shapiro, const double x[], double *w, double *p)
{
    *w = *p = NAN;
    if (!(x[shapiro->n - 1] > x[0]))
        return false;
    double complement = complement_of_w(shapiro, x);
    *w = 1 - complement;
    *p = shapiro->n == 3 ? p_value_of_three(*w) : p_value(shapiro->n, complement);
    return true;
}

size_t shapiro_thinned_index(size_t i, size_t d)
{
    if (d <= SHAPIRO_MOST)
        return i;
    /* i d / 5000 without overflow for any d. */
    return d / SHAPIRO_MOST * i + d % SHAPIRO_MOST * i / SHAPIRO_MOST;
}
