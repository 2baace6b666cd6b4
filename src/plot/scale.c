/* SPDX-License-Identifier: MIT */
#include "plot/scale.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

double scale_position(const struct scale *scale, double value)
{
    if (!isfinite(value) || (scale->log && value <= 0))
        return NAN;
    if (scale->log)
        return (log10(value) - log10(scale->low)) / (log10(scale->high) - log10(scale->low));
    /* Halved, because the difference of two huge numbers need not be finite. */
    return (value / 2 - scale->low / 2) / (scale->high / 2 - scale->low / 2);
}

double scale_value(const struct scale *scale, double position)
{
    if (scale->log)
        return pow(10, log10(scale->low) * (1 - position) + log10(scale->high) * position);
    return scale->low * (1 - position) + scale->high * position;
}

/* The number's power of ten, as in 3.2e-5: -5.  Exact powers are not lost to rounding. */
static int decimal_exponent(double value)
{
    return (int)floor(log10(fabs(value)) + 1e-9);
}

/* mantissa * 10^exponent.  Dividing by a whole power of ten gives 0.3 itself, not 3 * 0.1; the
 * powers that would overflow are left to multiplication. */
static double decimal(double mantissa, int exponent)
{
    if (exponent < 0 && exponent > -300)
        return mantissa / pow(10, -exponent);
    return mantissa * pow(10, exponent);
}

/* Writes value with `decimals` digits behind the point of its mantissa: 1.5e-5, 2e6. */
static void write_exponential(char *out, double value, int decimals)
{
    char number[TEXT_NUMBER];
    snprintf(number, sizeof number, "%.*e", decimals < 15 ? decimals : 15, value);
    char *mantissa_end = strchr(number, 'e');
    int exponent = atoi(mantissa_end + 1);
    *mantissa_end = '\0';
    snprintf(out, TEXT_NUMBER, "%.24se%d", number, exponent);
}

/* Labels for ticks that are multiples of a step of the power of ten `exponent`. */
static void label_linear(struct scale_ticks *ticks, int exponent)
{
    double largest = fmax(fabs(ticks->at[0]), fabs(ticks->at[ticks->count - 1]));
    bool plain = largest >= 1e-3 && largest < 1e6 && exponent >= -9;
    for (size_t i = 0; i < ticks->count; i++) {
        double value = ticks->at[i];
        if (plain)
            snprintf(ticks->label[i], TEXT_NUMBER, "%.*f", exponent < 0 ? -exponent : 0, value);
        else if (value == 0)
            strcpy(ticks->label[i], "0");
        else
            write_exponential(ticks->label[i], value,
                              (int)fmax(decimal_exponent(value) - exponent, 0));
    }
}

/* The ticks that are whole multiples of mantissa * 10^exponent, if they are at most `most`. */
static bool find_multiples(const struct scale *scale, int mantissa, int exponent, size_t most,
                           struct scale_ticks *ticks)
{
    double step = decimal(mantissa, exponent);
    if (!(step > 0) || !isfinite(step))
        return false;
    /* Ends of the axis that miss a multiple by rounding alone still have their tick. */
    double first = ceil(scale->low / step - 1e-9), last = floor(scale->high / step + 1e-9);
    if (!(step > 0) || !isfinite(step))
        return false;
    /* Beyond 2^53 multiples are not whole numbers any more. */
    if (!(last - first < (double)most) || !(fmax(fabs(first), fabs(last)) < 0x1p53))
        return false;
    ticks->count = 0;
    for (double multiple = first; multiple <= last; multiple++) {
        double value = decimal(multiple * mantissa, exponent);
        ticks->at[ticks->count++] = value == 0 ? 0 : value; /* no minus before a zero */
    }
    return true;
}

static void find_linear(const struct scale *scale, size_t most, struct scale_ticks *ticks)
{
    static const int mantissas[] = {1, 2, 5};
    ticks->count = 0;
    double rough = (scale->high / 2 - scale->low / 2) / (double)most * 2;
    if (!(rough > 0) || !isfinite(rough))
        return;
    int exponent = decimal_exponent(rough);
    for (int i = 0; i < 6; i++) {
        int decade = exponent + i / 3;
        if (find_multiples(scale, mantissas[i % 3], decade, most, ticks)) {
            if (ticks->count)
                label_linear(ticks, decade);
            return;
        }
    }
}

static void add_log_tick(const struct scale *scale, int mantissa, int exponent, bool plain,
                         struct scale_ticks *ticks)
{
    double value = decimal(mantissa, exponent);
    double position = scale_position(scale, value);
    if (ticks->count == SCALE_TICKS || !(position > -1e-9 && position < 1 + 1e-9))
        return;
    char *label = ticks->label[ticks->count];
    if (plain)
        snprintf(label, TEXT_NUMBER, "%.*f", exponent < 0 ? -exponent : 0, value);
    else
        snprintf(label, TEXT_NUMBER, "%de%d", mantissa, exponent);
    ticks->at[ticks->count++] = value;
}

/* Decades, every second or third of them if there are too many; with 2 and 5 if there is room. */
static void find_log(const struct scale *scale, size_t most, struct scale_ticks *ticks)
{
    int first = (int)ceil(log10(scale->low) - 1e-9), last = decimal_exponent(scale->high);
    bool plain = first >= -4 && last <= 4;
    bool fine = (size_t)(last - first + 2) * 3 <= most;
    int stride = 1;
    while (last >= first && (size_t)((last - first) / stride) + 1 > most)
        stride++;
    /* Multiples of the stride are rounder, but two ticks say more than one. */
    int start = first + ((-first % stride) + stride) % stride;
    if (start + stride > last)
        start = first;
    ticks->count = 0;
    for (int exponent = fine ? first - 1 : start; exponent <= last; exponent += stride) {
        add_log_tick(scale, 1, exponent, plain, ticks);
        if (fine) {
            add_log_tick(scale, 2, exponent, plain, ticks);
            add_log_tick(scale, 5, exponent, plain, ticks);
        }
    }
}

void scale_find_ticks(const struct scale *scale, size_t most, struct scale_ticks *ticks)
{
    assert(most <= SCALE_TICKS);
    ticks->count = 0;
    if (most == 0)
        return;
    if (scale->log)
        find_log(scale, most, ticks);
    /* An axis of less than a decade is almost linear. */
    if (!scale->log || (ticks->count < 2 && scale->high / scale->low < 10))
        find_linear(scale, most, ticks);
}
