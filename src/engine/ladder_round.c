/* SPDX-License-Identifier: MIT */
#include "engine/ladder_row.h"

#include <math.h>
#include <string.h>

/* Below this mean of f^2, thousands of times smaller than an even spread's 1/12, the error of f
 * itself would show: elements that lie on the grid. */
#define LEAST_SQUARE 1e-3

/* Largest |w| over the clip: a slice's sum of the squares of what is cut off is a single, too. */
#define REACH_MOST 1e12

/* Steps of a grid up to which the kernels round. */
#define MOST_STEPS 512

/* A grid as singles see it. */
struct rung {
    const struct grid *grid;
    double half; /* of its steps: the quotient is w half / clip */
    struct ladder_range range;
    bool bounded; /* elements may lie beyond the outermost levels */
};

/* The single furthest from the centre, on the side of `outwards`, that is not clipped: as doubles
 * decide (grid_clipped), to the last bit. */
static float last_inside(double centre, double limit, float outwards)
{
    float x = (float)(centre + copysign(limit, (double)outwards));
    while (fabs((double)x - centre) > limit)
        x = nextafterf(x, -outwards);
    for (float next = x; !(fabs((double)next - centre) > limit); next = nextafterf(x, outwards))
        x = next;
    return x;
}

static struct rung rung_of(const struct grid *grid, const struct moments *unit)
{
    const double half = ((double)grid->highest - grid->lowest) / 2;
    const int each_side = -grid->lowest < grid->highest ? -grid->lowest : grid->highest;
    struct rung rung = {
        .grid = grid,
        .half = half,
        .range.scale = (float)(half / grid->clip),
        .bounded = moments_abs_max(unit) > each_side / half * grid->clip,
    };
    if (rung.bounded) {
        const double centre = grid_centre(grid), limit = grid->clip + grid->step / 2;
        rung.range.lowest = (float)grid->lowest;
        rung.range.highest = (float)grid->highest;
        rung.range.below = last_inside(centre, limit, -INFINITY);
        rung.range.above = last_inside(centre, limit, INFINITY);
    }
    return rung;
}

/* Half to even, in double as the quotient is defined. */
static int64_t exact_code(const struct rung *rung, double w)
{
    const double quotient = w * rung->half / rung->grid->clip;
    return (int64_t)nearbyint(fmin(fmax(quotient, rung->grid->lowest), rung->grid->highest));
}

/* The quotient and the code that the kernels give. */
static float quick_quotient(const struct rung *rung, float x)
{
    const float t = x * rung->range.scale;
    return rung->bounded ? fminf(fmaxf(t, rung->range.lowest), rung->range.highest) : t;
}

static float quick_code(float quotient)
{
    const float rounder = 0x1.8p23f;
    return (quotient + rounder) - rounder;
}

/* The 24 digits of a positive single that is normal. */
static uint32_t mantissa_of(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return (bits & 0x7fffff) | 0x800000;
}

static uint32_t common_divisor(uint32_t a, uint32_t b)
{
    while (b > 0) {
        const uint32_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* What the kernels' codes of a row of short mantissas sum up to too little, on a symmetric grid
 * that ends at such a number.
 *
 * Numbers of 8 or 11 bits either tie exactly or are further from a tie than single precision errs:
 * 2 w N and (2k+1) c, whole multiples of one small unit, are equal or differ by 2^-19 of
 * themselves.  They tie where w = c j / (2g) for odd j below 2g, g the common divisor of N and
 * the digits of c, which are few values; the kernels decide each of them in one way, for all
 * elements alike. */
static int64_t mend_ties(const struct ladder_row *row, const struct rung *rung)
{
    const float clip = (float)rung->grid->clip;
    const uint32_t digits = mantissa_of(clip);
    const uint32_t g = common_divisor(digits, (uint32_t)rung->grid->highest);
    int64_t missing = 0;
    for (uint32_t j = 1; j < 2 * g; j += 2) {
        const uint32_t doubled = digits / g * j; /* of w, below 2^25 */
        if (doubled >> __builtin_ctz(doubled) >> row->digits > 1)
            continue; /* no element can be it: it has too many digits */
        const double w = (double)clip / (2 * g) * j;
        const int64_t wrong =
            exact_code(rung, w) - (int64_t)quick_code(quick_quotient(rung, (float)w));
        if (wrong != 0)
            missing += wrong * row->kernels->count(row->x, row->n, (float)w);
    }
    return missing;
}

/* Whether that is how its ties can be found. */
static bool ties_are_few(const struct ladder_row *row, const struct rung *rung)
{
    const struct grid *grid = rung->grid;
    return row->digits > 0 && !rung->bounded && grid->lowest == -grid->highest &&
           (double)(float)grid->clip == grid->clip &&
           mantissa_of((float)grid->clip) << row->digits << 9 == 0;
}

/* The same of a slice of any singles, which hardly ever come so near to a tie. */
static int64_t mend_slice(const struct ladder_row *row, const struct rung *rung, size_t begin,
                          size_t end, float near)
{
    int64_t missing = 0;
    for (size_t i = begin; i < end; i++) {
        const float t = quick_quotient(rung, row->x[i]), code = quick_code(t), f = t - code;
        if (f * f >= near)
            missing +=
                exact_code(rung, row->w_read ? row->w[i] : (double)row->x[i]) - (int64_t)code;
    }
    return missing;
}

static void add_rounding(struct ladder_sums *sums, const struct ladder_rounding *rounding)
{
    sums->codes += rounding->codes;
    sums->squares += rounding->squares;
    sums->most = fmax(sums->most, (double)rounding->most);
    sums->clipped += rounding->clipped;
}

/* f^2 from which on singles may err about a tie: by three roundings, of the element, the scale and
 * their product. */
static float near_tie(const struct rung *rung)
{
    const double most = fmax(-(double)rung->grid->lowest, rung->grid->highest);
    const double least = 0.5 - most * 0x1p-22;
    return (float)(least * least * (1 - 0x1p-22));
}

static struct ladder_rounding round_slice(const struct ladder_row *row, const struct rung *rung,
                                          size_t begin, size_t end)
{
    const float *x = row->x + begin;
    return rung->bounded ? row->kernels->round_within(x, end - begin, &rung->range)
                         : row->kernels->round(x, end - begin, rung->range.scale);
}

static struct ladder_sums round_quickly(const struct ladder_row *row, const struct rung *rung)
{
    struct ladder_sums sums = {0};
    if (ties_are_few(row, rung)) {
        const struct ladder_rounding rounding = round_slice(row, rung, 0, row->n);
        add_rounding(&sums, &rounding);
        sums.codes += mend_ties(row, rung);
    } else {
        const float near = near_tie(rung);
        for (size_t begin = 0, end; begin < row->n; begin = end) {
            end = row->n - begin < LADDER_SLICE ? row->n : begin + LADDER_SLICE;
            const struct ladder_rounding rounding = round_slice(row, rung, begin, end);
            add_rounding(&sums, &rounding);
            if (rounding.nearest >= near)
                sums.codes += mend_slice(row, rung, begin, end, near);
        }
    }
    if (!rung->bounded)
        sums.most = fmin(sums.most, 0.25);
    return sums;
}

/* As the definition has it, for rows that single precision is no match for. */
static struct ladder_sums round_exactly(struct ladder_row *row, const struct grid *grid)
{
    const double *w = ladder_row_values(row);
    double e[LADDER_SLICE];
    int32_t code[LADDER_SLICE];
    struct ladder_sums sums = {0};
    for (size_t begin = 0, m; begin < row->n && grid->step > 0; begin += m) {
        m = row->n - begin < LADDER_SLICE ? row->n - begin : LADDER_SLICE;
        grid_round(grid, w + begin, m, e, code);
        sums.clipped += grid_clipped(grid, w + begin, m);
        for (size_t i = 0; i < m; i++) {
            const double f = e[i] / grid->step, square = isfinite(w[begin + i]) ? f * f : 0;
            sums.codes += code[i];
            sums.squares += square;
            sums.most = fmax(sums.most, square);
        }
    }
    return sums;
}

bool ladder_row_plain(const struct ladder_row *row, const struct moments *unit)
{
    const double abs_max = moments_abs_max(unit);
    return row->many && unit->count > 0 && unit->nonfinite == 0 && unit->min < unit->max &&
           abs_max > LADDER_LEAST && abs_max < LADDER_MOST;
}

struct ladder_sums ladder_row_round(struct ladder_row *row, const struct grid *grid,
                                    const struct moments *unit)
{
    const int64_t steps = (int64_t)grid->highest - grid->lowest;
    if (ladder_row_plain(row, unit) && grid->clip > LADDER_LEAST &&
        moments_abs_max(unit) < REACH_MOST * grid->clip && steps <= MOST_STEPS) {
        const struct rung rung = rung_of(grid, unit);
        const struct ladder_sums sums = round_quickly(row, &rung);
        if (sums.squares >= LEAST_SQUARE * (double)row->n)
            return sums;
    }
    return round_exactly(row, grid);
}
