/* SPDX-License-Identifier: MIT */
#include "engine/ladder_row.h"

#include <math.h>

#include "model/content.h"
#include "model/mapping.h"
#include "quant/grid.h"
#include "quant/scheme.h"

/* Magnitudes between which single precision is as good as its 24 bits. */
#define LEAST_MAGNITUDE 1e-30
#define MOST_MAGNITUDE  1e30

/* The last digits of single precision average out over many elements, to 1e-6 of the mean square
 * error at 8 bits over so many; fewer are rounded in double. */
#define FEW_ELEMENTS 65536

/* Powers about 0 stand for those about the mean while the mean is below 4 standard deviations: not
 * two digits cancel. */
#define MEAN_SQUARE_SHARE (16.0 / 17)

/* Below this mean of f^2, thousands of times smaller than an even spread's 1/12, the error of f
 * itself would show: elements that lie on the grid. */
#define LEAST_SQUARE 1e-3

/* ---- reading ---- */

/* A stretch of plain numbers in a map. */
struct stretch {
    void (*decode)(const unsigned char *bytes, size_t n, float x[]);
    const unsigned char *bytes;
    size_t n;
    float *x;
};

static void decode_stretch(void *argument)
{
    const struct stretch *stretch = argument;
    stretch->decode(stretch->bytes, stretch->n, stretch->x);
}

/* Binary digits behind the first one of a type that the kernels decode; 0 for all others. */
static int mantissa_digits(const struct dtype *dtype)
{
    return dtype == &dtype_bf16 ? 7 : dtype == &dtype_f16 ? 10 : dtype == &dtype_f32 ? 23 : 0;
}

/* Whether a part lies in the map just as it is to be read. */
static bool lies_plain(const struct rows *rows)
{
    const struct tensor *tensor = rows->tensor;
    return mantissa_digits(tensor->dtype) > 0 && !tensor->strides && !tensor->big_endian &&
           !(rows->view.scaled && tensor->scale) && (rows->view.axis == 0 || tensor->rank < 2) &&
           rows->block == 1 && rows->shift == 0 && rows->chunk == 0 && rows->unit_lines == 1 &&
           rows->unit_columns == rows->columns && content_mapped(tensor->content, tensor->offset);
}

/* Decodes a part straight from the map. */
static bool read_plain(struct ladder_row *row, const struct rows *rows, size_t part,
                       struct error *error)
{
    const struct tensor *tensor = rows->tensor;
    const struct dtype *dtype = tensor->dtype;
    const uint64_t first = rows_channel(rows, rows_part_channel(rows, part)) * rows->columns +
                           rows_part_column(rows, part);
    const uint64_t offset = tensor->offset + first * dtype->block_bytes;
    struct stretch stretch = {
        .decode = dtype == &dtype_bf16  ? row->kernels->decode_bf16
                  : dtype == &dtype_f16 ? row->kernels->decode_half
                                        : row->kernels->decode_single,
        .bytes = content_mapped(tensor->content, offset),
        .n = row->n,
        .x = row->x,
    };
    row->digits = dtype == &dtype_f32 ? 0 : mantissa_digits(dtype);
    return mapping_guard(decode_stretch, &stretch) ||
           mapping_truncated(tensor->content->mapping, offset, error);
}

/* The elements in double, widened if they have come as singles. */
static const double *in_double(struct ladder_row *row)
{
    for (size_t i = 0; !row->w_read && i < row->n; i++)
        row->w[i] = (double)row->x[i];
    row->w_read = true;
    return row->w;
}

/* Moments from powers about 0; false if they would cancel, overflow or underflow. */
static bool moments_of_look(const struct ladder_look *look, size_t n, struct moments *moments)
{
    const double count = (double)n, mean = look->power[0] / count, square = mean * mean;
    const double p2 = look->power[1], p3 = look->power[2], p4 = look->power[3];
    const double abs_max = fmax(-(double)look->min, (double)look->max);
    if (!isfinite(p2) || !(abs_max > LEAST_MAGNITUDE && abs_max < MOST_MAGNITUDE) ||
        !(square * count < MEAN_SQUARE_SHARE * p2) || look->min == look->max)
        return false;
    *moments = (struct moments){
        .count = n,
        .mean = mean,
        .m2 = p2 - square * count,
        .m3 = p3 - mean * (3 * p2 - 2 * square * count),
        .m4 = p4 - mean * (4 * p3 - mean * (6 * p2 - 3 * square * count)),
        .min = (double)look->min,
        .max = (double)look->max,
    };
    return true;
}

static void find_moments(struct ladder_row *row)
{
    struct ladder_look look;
    row->kernels->look(row->x, row->n, &look);
    /* What was not read as singles may have been rounded to them. */
    row->plain = moments_of_look(&look, row->n, &row->moments);
    if (row->plain && !row->w_read)
        return;
    row->moments = (struct moments){0};
    moments_add(&row->moments, in_double(row), row->n);
}

bool ladder_row_read(struct ladder_row *row, const struct rows *rows, size_t part,
                     struct workspace *workspace, struct error *error)
{
    *row = (struct ladder_row){.kernels = ladder_kernels_best(),
                               .n = rows_part_length(rows, part),
                               .x = (float *)workspace->scratch,
                               .w = workspace->values};
    if (row->n == 0)
        return true;
    if (lies_plain(rows)) {
        if (!read_plain(row, rows, part, error))
            return false;
    } else {
        if (!rows_read(rows, part, workspace->values, workspace->scratch, error))
            return false;
        row->w_read = true;
        for (size_t i = 0; i < row->n; i++)
            row->x[i] = (float)row->w[i];
    }
    for (size_t i = row->n; i % LADDER_LANES != 0; i++)
        row->x[i] = 0;
    find_moments(row);
    row->plain = row->plain && rows_elements(rows) >= FEW_ELEMENTS;
    return true;
}

/* ---- rounding ---- */

/* A width's grid for a channel. */
struct rung {
    int each_side;
    double clip;
    float scale; /* each_side / clip */
};

/* Half to even, in double as the quotient is defined. */
static int64_t exact_code(const struct rung *rung, double w)
{
    return (int64_t)nearbyint(w * rung->each_side / rung->clip);
}

/* The code that the kernels give. */
static int64_t quick_code(const struct rung *rung, float x)
{
    const float rounder = 0x1.8p23f, t = x * rung->scale;
    return (int64_t)((t + rounder) - rounder);
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

/* What the kernels' codes of a row of short mantissas sum up to too little.
 *
 * Numbers of 8 or 11 bits either tie exactly or are further from a tie than single precision errs:
 * 2 w N and (2k+1) c, whole multiples of one small unit, are equal or differ by 2^-19 of
 * themselves.  They tie where w = c j / (2g) for odd j below 2g, g the common divisor of N and
 * the digits of c, which are few values; the kernels decide each of them in one way, for all
 * elements alike. */
static int64_t mend_ties(const struct ladder_row *row, const struct rung *rung)
{
    int exponent;
    const double digits = frexp(rung->clip, &exponent) * 0x1p24;
    const uint32_t g = common_divisor((uint32_t)rung->each_side, (uint32_t)digits);
    int64_t missing = 0;
    for (uint32_t j = 1; j < 2 * g; j += 2) {
        const double w = rung->clip / (2 * g) * j, scaled = frexp(w, &exponent) * 2;
        if (scaled != floor(scaled * (1 << row->digits)) / (1 << row->digits))
            continue; /* no element can be it */
        const int64_t wrong = exact_code(rung, w) - quick_code(rung, (float)w);
        if (wrong != 0)
            missing += wrong * row->kernels->count(row->x, row->n, (float)w);
    }
    return missing;
}

/* The same of a slice of any singles, which hardly ever come so near to a tie. */
static int64_t mend_slice(const struct ladder_row *row, const struct rung *rung, size_t begin,
                          size_t end, float near)
{
    int64_t missing = 0;
    for (size_t i = begin; i < end; i++) {
        const float t = row->x[i] * rung->scale, f = t - (float)quick_code(rung, row->x[i]);
        if (f * f >= near)
            missing += exact_code(rung, row->w_read ? row->w[i] : (double)row->x[i]) -
                       quick_code(rung, row->x[i]);
    }
    return missing;
}

static void add_rounding(struct ladder_sums *sums, const struct ladder_rounding *rounding)
{
    sums->codes += rounding->codes;
    sums->squares += rounding->squares;
    sums->most = fmax(sums->most, (double)rounding->most);
}

/* f^2 from which on singles may err about a tie: by three roundings, of the element, the scale and
 * their product. */
static float near_tie(const struct rung *rung)
{
    const double least = 0.5 - rung->each_side * 0x1p-22;
    return (float)(least * least * (1 - 0x1p-22));
}

static struct ladder_sums round_quickly(const struct ladder_row *row, const struct rung *rung)
{
    struct ladder_sums sums = {0};
    if (row->digits > 0) {
        const struct ladder_rounding rounding = row->kernels->round(row->x, row->n, rung->scale);
        add_rounding(&sums, &rounding);
        sums.codes += mend_ties(row, rung);
        return sums;
    }
    const float near = near_tie(rung);
    for (size_t begin = 0, end; begin < row->n; begin = end) {
        end = row->n - begin < LADDER_SLICE ? row->n : begin + LADDER_SLICE;
        const struct ladder_rounding rounding =
            row->kernels->round(row->x + begin, end - begin, rung->scale);
        add_rounding(&sums, &rounding);
        if (rounding.most >= near)
            sums.codes += mend_slice(row, rung, begin, end, near);
    }
    return sums;
}

/* As the definition has it, for rows that single precision is no match for. */
static struct ladder_sums round_exactly(struct ladder_row *row, int bits,
                                        const struct moments *channel)
{
    struct scheme scheme = scheme_default();
    scheme.bits = bits;
    const struct grid grid = grid_make(&scheme, channel, moments_abs_max(channel));
    const double *w = in_double(row);
    double e[LADDER_SLICE];
    int32_t code[LADDER_SLICE];
    struct ladder_sums sums = {0};
    for (size_t begin = 0, m; begin < row->n && grid.step > 0; begin += m) {
        m = row->n - begin < LADDER_SLICE ? row->n - begin : LADDER_SLICE;
        grid_round(&grid, w + begin, m, e, code);
        for (size_t i = 0; i < m; i++) {
            const double f = e[i] / grid.step, square = isfinite(w[begin + i]) ? f * f : 0;
            sums.codes += code[i];
            sums.squares += square;
            sums.most = fmax(sums.most, square);
        }
    }
    return sums;
}

void ladder_row_round(struct ladder_row *row, const struct moments *channel,
                      struct ladder_sums sums[RECORD_WIDTHS])
{
    const double clip = moments_abs_max(channel);
    const bool plain = row->plain && clip < MOST_MAGNITUDE;
    for (int bits = RECORD_BITS_LEAST; bits <= RECORD_BITS_MOST; bits++) {
        const int each_side = (1 << (bits - 1)) - 1;
        const struct rung rung = {each_side, clip, (float)(each_side / clip)};
        struct ladder_sums *sum = &sums[bits - RECORD_BITS_LEAST];
        *sum = (struct ladder_sums){0};
        if (plain)
            *sum = round_quickly(row, &rung);
        if (!plain || sum->squares < LEAST_SQUARE * (double)row->n)
            *sum = round_exactly(row, bits, channel);
    }
}
