/* SPDX-License-Identifier: MIT */
#include "engine/ladder_row.h"

#include <math.h>

#include "model/content.h"
#include "model/mapping.h"

/* Fewer elements are rounded in double, where the last digits of single precision would not average
 * out: they do to 1e-6 of the mean square error at 8 bits over so many. */
#define FEW_ELEMENTS 65536

/* Elements decoded and looked at in one go: 16 KB that the first-level cache still has. */
#define STRETCH 4096

#define CACHE_LINE 64

/* Powers about 0 stand for those about the mean while the mean is below 4 standard deviations: not
 * two digits cancel. */
#define MEAN_SQUARE_SHARE (16.0 / 17)

/* ---- reading ---- */

/* Plain numbers in a map, on their way to a row. */
struct reading {
    const struct ladder_kernels *kernels;
    void (*decode)(const unsigned char *bytes, size_t n, float x[]);
    const unsigned char *bytes;
    size_t size, n; /* of an element, in bytes; elements */
    uint64_t left;  /* bytes from the first one to the tensor's end */
    float *x;
    enum ladder_want want;
    struct ladder_look look;
};

static void merge_look(struct ladder_look *look, const struct ladder_look *other)
{
    for (int k = 0; k < 4; k++)
        look->power[k] += other->power[k];
    look->magnitudes += other->magnitudes;
    look->min = other->min < look->min ? other->min : look->min;
    look->max = other->max > look->max ? other->max : look->max;
}

static void look_at(struct reading *reading, size_t begin, size_t n)
{
    const struct ladder_kernels *kernels = reading->kernels;
    struct ladder_look look;
    (reading->want == LADDER_MOMENTS ? kernels->look : kernels->look_well)(reading->x + begin, n,
                                                                           &look);
    if (begin == 0)
        reading->look = look;
    else
        merge_look(&reading->look, &look);
}

/* Asks the processor for what will be decoded next, while it computes. */
static void fetch(const struct reading *reading, size_t begin)
{
    const size_t end = (begin + STRETCH) * reading->size;
    for (size_t i = begin * reading->size; i < end && i < reading->left; i += CACHE_LINE)
        __builtin_prefetch(reading->bytes + i, 0, 2);
}

/* Under a guard. */
static void read_map(void *argument)
{
    struct reading *reading = argument;
    for (size_t begin = 0, m; begin < reading->n; begin += m) {
        m = reading->n - begin < STRETCH ? reading->n - begin : STRETCH;
        reading->decode(reading->bytes + begin * reading->size, m, reading->x + begin);
        fetch(reading, begin + m);
        if (reading->want > LADDER_ELEMENTS)
            look_at(reading, begin, m);
    }
}

/* Binary digits behind the first one of a type that the kernels decode; 0 for all others. */
static int mantissa_digits(const struct dtype *dtype)
{
    return dtype == &dtype_bf16 ? 7 : dtype == &dtype_f16 ? 10 : dtype == &dtype_f32 ? 23 : 0;
}

bool ladder_row_possible(const struct rows *rows)
{
    const struct tensor *tensor = rows->tensor;
    return mantissa_digits(tensor->dtype) > 0 && !tensor->strides && !tensor->big_endian &&
           !(rows->view.scaled && tensor->scale) && (rows->view.axis == 0 || tensor->rank < 2) &&
           !rows->basis && rows->shift == 0 && rows->chunk == 0 && rows->unit_lines == 1 &&
           rows->unit_columns == rows->columns && content_mapped(tensor->content, tensor->offset);
}

/* Where a part's bytes lie in the tensor. */
static uint64_t part_offset(const struct rows *rows, size_t part)
{
    const uint64_t channel = rows_channel(rows, rows_part_channel(rows, part));
    return (channel * rows->columns + rows_part_column(rows, part)) *
           rows->tensor->dtype->block_bytes;
}

/* Decodes a part straight from the map. */
static bool read_plain(struct ladder_row *row, const struct rows *rows, size_t part,
                       struct reading *reading, struct error *error)
{
    const struct tensor *tensor = rows->tensor;
    const struct dtype *dtype = tensor->dtype;
    const uint64_t offset = part_offset(rows, part);
    reading->decode = dtype == &dtype_bf16  ? row->kernels->decode_bf16
                      : dtype == &dtype_f16 ? row->kernels->decode_half
                                            : row->kernels->decode_single;
    reading->bytes = content_mapped(tensor->content, tensor->offset + offset);
    reading->size = dtype->block_bytes;
    row->digits = dtype == &dtype_f32 ? 0 : mantissa_digits(dtype);
    reading->left = tensor->bytes - offset;
    return mapping_guard(read_map, reading) ||
           mapping_truncated(tensor->content->mapping, tensor->offset + offset, error);
}

/* Reads a part by way of doubles. */
static bool read_other(struct ladder_row *row, const struct rows *rows, size_t part,
                       struct workspace *workspace, struct error *error)
{
    if (!rows_read(rows, part, workspace->values, workspace->scratch, error))
        return false;
    row->w_read = true;
    for (size_t i = 0; i < row->n; i++)
        row->x[i] = (float)row->w[i];
    return true;
}

const double *ladder_row_values(struct ladder_row *row)
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
    if (!isfinite(p2) || !(abs_max > LADDER_LEAST && abs_max < LADDER_MOST) ||
        !(square * count < MEAN_SQUARE_SHARE * p2) || look->min == look->max)
        return false;
    *moments = (struct moments){
        .count = n,
        .mean = mean,
        .m2 = p2 - square * count,
        .m3 = p3 - mean * (3 * p2 - 2 * square * count),
        .sum_abs = look->magnitudes,
        .m4 = p4 - mean * (4 * p3 - mean * (6 * p2 - 3 * square * count)),
        .min = (double)look->min,
        .max = (double)look->max,
    };
    return true;
}

/* What was not read as singles may have been rounded to them. */
static void find_moments(struct ladder_row *row, const struct reading *reading,
                         struct moments *moments)
{
    if (row->w_read || !moments_of_look(&reading->look, row->n, moments))
        moments_add(moments, ladder_row_values(row), row->n);
}

bool ladder_row_read(struct ladder_row *row, const struct rows *rows, size_t part,
                     enum ladder_want want, struct workspace *workspace, struct moments *moments,
                     struct error *error)
{
    *row = (struct ladder_row){.kernels = ladder_kernels_best(),
                               .n = rows_part_length(rows, part),
                               .x = (float *)workspace->scratch,
                               .w = workspace->values,
                               .many = rows_elements(rows) >= FEW_ELEMENTS};
    struct reading reading = {.kernels = row->kernels, .n = row->n, .x = row->x, .want = want};
    if (want > LADDER_ELEMENTS)
        *moments = (struct moments){0};
    if (row->n == 0)
        return true;
    if (!(ladder_row_possible(rows) ? read_plain(row, rows, part, &reading, error)
                                    : read_other(row, rows, part, workspace, error)))
        return false;
    for (size_t i = row->n; i % LADDER_LANES != 0; i++)
        row->x[i] = 0;
    if (want > LADDER_ELEMENTS)
        find_moments(row, &reading, moments);
    return true;
}
