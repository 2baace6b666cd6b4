/* SPDX-License-Identifier: MIT */
#include "engine/rows.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "engine/pool.h"

/* Short channels share a batch of about this many elements: small enough to stay in a core's
 * second-level cache and to be left within a millisecond, large enough to be cheap to claim. */
#define BATCH_ELEMENTS 16384

/* A sampled long channel is a worker's buffer full of chunks of about this size, whole blocks of
 * the transform. */
#define CHUNK_ELEMENTS 4096

/* What a part covers of the matrix. */
struct rectangle {
    uint64_t line, column;
    size_t lines, columns;
};

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* n / size, rounded up. */
static uint64_t pieces(uint64_t n, uint64_t size)
{
    return n == 0 ? 0 : (n - 1) / size + 1;
}

/* Units side by side; 1 if there are no columns. */
static uint64_t across(const struct rows *rows)
{
    return rows->columns > 0 ? pieces(rows->columns, rows->unit_columns) : 1;
}

/* Parts of a unit side by side. */
static size_t parts_across(const struct rows *rows)
{
    return rows->unit_columns > 0 ? (size_t)pieces(rows->unit_columns, rows->part_columns) : 1;
}

static void make_batches(struct rows *rows)
{
    rows->channels_per_batch = 1;
    if (rows->length < BATCH_ELEMENTS)
        rows->channels_per_batch = BATCH_ELEMENTS / (size_t)(rows->length > 0 ? rows->length : 1);
    rows->batches = rows->parts_per_channel > 1
                        ? rows->channels * rows->parts_per_channel
                        : (size_t)pieces(rows->channels, rows->channels_per_batch);
}

/* Lays out units, their parts and batches; columns of a part are a multiple of `multiple`, which a
 * buffer has room for. */
static void cut(struct rows *rows, size_t multiple)
{
    const size_t most = WORKSPACE_ELEMENTS - WORKSPACE_ELEMENTS % multiple;
    rows->channels = (size_t)(pieces(rows->lines, rows->unit_lines) * across(rows));
    rows->length = rows->unit_lines * rows->unit_columns;
    rows->part_columns = (size_t)least(rows->unit_columns, most);
    rows->part_lines = 1;
    if (rows->unit_columns <= WORKSPACE_ELEMENTS) {
        const uint64_t fit = WORKSPACE_ELEMENTS / (rows->unit_columns ? rows->unit_columns : 1);
        rows->part_columns = (size_t)rows->unit_columns;
        rows->part_lines = (size_t)least(rows->unit_lines, fit);
    }
    rows->parts_per_channel =
        (size_t)pieces(rows->unit_lines, rows->part_lines) * parts_across(rows);
    make_batches(rows);
}

static bool refuse_channel(const struct tensor *tensor, uint64_t channels, int64_t channel,
                           struct error *error)
{
    if (channels == 0)
        return error_set(error, ERROR_USAGE, "%s: has no channels", tensor->label);
    if (channels == 1)
        return error_set(error, ERROR_USAGE, "%s: has only channel 0, not %lld", tensor->label,
                         (long long)channel);
    return error_set(error, ERROR_USAGE, "%s: has channels 0 to %llu, not %lld", tensor->label,
                     (unsigned long long)channels - 1, (long long)channel);
}

bool rows_init(struct rows *rows, const struct tensor *tensor, struct tensor_view view,
               int64_t channel, struct error *error)
{
    const char *reason;
    if (!tensor_readable(tensor, &reason))
        return error_set(error, ERROR_USAGE, "%s: %s", tensor->label, reason);
    uint64_t channels = tensor_channels(tensor, view);
    if (channels > ROWS_CHANNELS_MOST)
        return error_set(error, ERROR_USAGE, "%s: has %llu channels, more than %llu", tensor->label,
                         (unsigned long long)channels, (unsigned long long)ROWS_CHANNELS_MOST);
    if (channel >= 0 && (uint64_t)channel >= channels)
        return refuse_channel(tensor, channels, channel, error);
    *rows = (struct rows){.tensor = tensor, .view = view, .block = 1};
    rows->lines = channel >= 0 ? 1 : channels;
    rows->of = rows->lines;
    rows->first = channel >= 0 ? (uint64_t)channel : 0;
    rows->columns = tensor_channel_length(tensor, view);
    rows->unit_lines = 1;
    rows->unit_columns = rows->columns;
    cut(rows, 1);
    return true;
}

/* A narrower transform that people may have meant. */
static bool refuse_width(const struct tensor *tensor, size_t width, uint64_t columns,
                         struct error *error)
{
    size_t power = 1;
    while (power < WORKSPACE_ELEMENTS && columns % (2 * power) == 0)
        power *= 2;
    char advice[48] = "";
    if (power > 1)
        snprintf(advice, sizeof advice, "; hadamard:%zu mixes fewer", power);
    return error_set(
        error, ERROR_USAGE,
        "%s: the transform mixes %zu columns, %d are the most that are read together%s",
        tensor->label, width, WORKSPACE_ELEMENTS, advice);
}

bool rows_transform(struct rows *rows, const struct basis *basis, struct error *error)
{
    assert(!basis || basis_columns(basis) == rows->columns);
    const size_t width = basis ? basis_width(basis) : 1;
    /* A block that a part cuts is turned in scratch, behind which the transform has its own. */
    if (basis && (width > WORKSPACE_ELEMENTS ||
                  basis_scratch(basis) > WORKSPACE_SCRATCH - WORKSPACE_ELEMENTS))
        return refuse_width(rows->tensor, width, rows->columns, error);
    rows->basis = basis;
    rows->block = width;
    return true;
}

bool rows_sample(struct rows *rows)
{
    if (rows_elements(rows) <= 2 * ROWS_SAMPLE)
        return false;
    if (rows->columns > WORKSPACE_ELEMENTS) {
        rows->chunk = rows->block;
        if (rows->block < CHUNK_ELEMENTS)
            rows->chunk = CHUNK_ELEMENTS - CHUNK_ELEMENTS % rows->block;
        rows->columns = rows->unit_columns = WORKSPACE_ELEMENTS - WORKSPACE_ELEMENTS % rows->chunk;
    }
    rows->lines = least(rows->lines, ROWS_SAMPLE / rows->columns);
    cut(rows, 1);
    return true;
}

static size_t common_divisor(size_t a, size_t b)
{
    while (b > 0) {
        const size_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

void rows_align(struct rows *rows, size_t columns)
{
    const size_t both = columns / common_divisor(columns, rows->block) * rows->block;
    cut(rows, both <= WORKSPACE_ELEMENTS ? both : columns);
}

void rows_units(const struct rows *rows, uint64_t lines, uint64_t columns, struct rows *units)
{
    *units = *rows;
    units->unit_lines = least(lines, rows->lines > 0 ? rows->lines : 1);
    units->unit_columns = least(columns, rows->columns);
    cut(units, 1);
}

void rows_one(const struct rows *units, size_t i, struct rows *one)
{
    *one = *units;
    one->skip = units->skip + i;
    one->channels = 1;
    make_batches(one);
}

/* All of a unit, counted from the first one read. */
static struct rectangle unit_rectangle(const struct rows *rows, size_t unit)
{
    const uint64_t at = rows->skip + unit, wide = across(rows);
    struct rectangle unit_at = {.line = at / wide * rows->unit_lines,
                                .column = at % wide * rows->unit_columns};
    unit_at.lines = (size_t)least(rows->unit_lines, rows->lines - unit_at.line);
    unit_at.columns = (size_t)least(rows->unit_columns, rows->columns - unit_at.column);
    return unit_at;
}

/* What is left of n behind the first `from`, at most `most`. */
static size_t left(size_t n, size_t from, size_t most)
{
    return from < n ? (size_t)least(n - from, most) : 0;
}

static struct rectangle part_rectangle(const struct rows *rows, size_t part)
{
    const struct rectangle unit = unit_rectangle(rows, part / rows->parts_per_channel);
    const size_t piece = part % rows->parts_per_channel, wide = parts_across(rows);
    const size_t below = piece / wide * rows->part_lines;
    const size_t beside = piece % wide * rows->part_columns;
    return (struct rectangle){.line = unit.line + below,
                              .column = unit.column + beside,
                              .lines = left(unit.lines, below, rows->part_lines),
                              .columns = left(unit.columns, beside, rows->part_columns)};
}

uint64_t rows_elements(const struct rows *rows)
{
    if (rows->channels != 1)
        return rows->lines * rows->columns;
    const struct rectangle unit = unit_rectangle(rows, 0);
    return (uint64_t)unit.lines * unit.columns;
}

size_t rows_parts(const struct rows *rows)
{
    return rows->channels * rows->parts_per_channel;
}

struct rows_batch rows_batch(const struct rows *rows, size_t batch)
{
    if (rows->parts_per_channel > 1)
        return (struct rows_batch){batch, 1};
    size_t first = batch * rows->channels_per_batch;
    size_t rest = rows->channels - first;
    return (struct rows_batch){first,
                               rest < rows->channels_per_batch ? rest : rows->channels_per_batch};
}

size_t rows_part_channel(const struct rows *rows, size_t part)
{
    return part / rows->parts_per_channel;
}

size_t rows_part_length(const struct rows *rows, size_t part)
{
    const struct rectangle at = part_rectangle(rows, part);
    return at.lines * at.columns;
}

uint64_t rows_part_column(const struct rows *rows, size_t part)
{
    return part_rectangle(rows, part).column;
}

/* The channel of the tensor that a line of the matrix is. */
static uint64_t line_channel(const struct rows *rows, uint64_t line)
{
    return rows->first + line * rows->of / rows->lines;
}

uint64_t rows_channel(const struct rows *rows, size_t row)
{
    return line_channel(rows, row);
}

/* Where chunk k of the sampled line begins: evenly spread, on a boundary of the transform. */
static uint64_t chunk_begin(const struct rows *rows, uint64_t k)
{
    uint64_t whole = tensor_channel_length(rows->tensor, rows->view);
    uint64_t chunks = rows->columns / rows->chunk;
    uint64_t at = chunks > 1 ? (whole - rows->chunk) / (chunks - 1) * k : 0;
    return at - at % rows->block;
}

/* Where in the tensor's channel a column of a line is, and how many of the n columns from it on lie
 * there side by side. */
static uint64_t stored_column(const struct rows *rows, uint64_t column, size_t n, size_t *side)
{
    *side = n;
    if (rows->chunk == 0)
        return column;
    const uint64_t inside = column % rows->chunk;
    *side = (size_t)least(n, rows->chunk - inside);
    return chunk_begin(rows, column / rows->chunk) + inside;
}

/* Reads n elements of a line, from a column on, as the tensor has them; or several whole lines that
 * lie one behind the other. */
static bool read_stored(const struct rows *rows, uint64_t line, uint64_t column, size_t n,
                        double out[], struct error *error)
{
    const uint64_t whole = tensor_channel_length(rows->tensor, rows->view);
    const uint64_t begin = line_channel(rows, line) * whole;
    for (size_t done = 0, m; done < n; done += m) {
        const uint64_t at = stored_column(rows, column + done, n - done, &m);
        if (!tensor_read(rows->tensor, rows->view, begin + at, m, out + done, error))
            return false;
    }
    return true;
}

/* Transforms some lines of n elements from a column on, whole blocks: all together, or where lines
 * are made of chunks a chunk at a time. */
static void turn(const struct rows *rows, uint64_t column, size_t n, double x[], size_t lines,
                 double scratch[])
{
    if (rows->chunk == 0)
        basis_turn_stretch(rows->basis, (size_t)column, n, x, lines, scratch);
    for (size_t done = 0, m; rows->chunk > 0 && done < n * lines; done += m) {
        const size_t inside = done % n;
        const uint64_t at = stored_column(rows, column + inside, n - inside, &m);
        basis_turn_stretch(rows->basis, (size_t)at, m, x + done, 1, scratch);
    }
}

/* Reads and transforms a line where it may begin or end inside of blocks, which are then read
 * whole. */
static bool read_cut(const struct rows *rows, uint64_t line, uint64_t column, size_t n,
                     double out[], double scratch[], struct error *error)
{
    for (size_t done = 0, m; done < n; done += m) {
        const size_t inside = (size_t)((column + done) % rows->block);
        const uint64_t begin = column + done - inside;
        const size_t width = (size_t)least(rows->block, rows->columns - begin);
        m = (size_t)least(n - done, width - inside);
        if (!read_stored(rows, line, begin, width, scratch, error))
            return false;
        turn(rows, begin, width, scratch, 1, scratch + WORKSPACE_ELEMENTS);
        memcpy(out + done, scratch + inside, m * sizeof *out);
    }
    return true;
}

/* Whether a rectangle's columns are whole blocks of the transform, the last of which may be
 * shorter. */
static bool has_whole_blocks(const struct rows *rows, const struct rectangle *at)
{
    const uint64_t end = at->column + at->columns;
    return at->column % rows->block == 0 && (end % rows->block == 0 || end == rows->columns);
}

static bool read_lines(const struct rows *rows, const struct rectangle *at, double out[],
                       struct error *error)
{
    const bool together =
        at->columns == rows->columns && rows->chunk == 0 && rows->of == rows->lines;
    if (together)
        return read_stored(rows, at->line, 0, at->lines * at->columns, out, error);
    for (size_t i = 0; i < at->lines; i++)
        if (!read_stored(rows, at->line + i, at->column, at->columns, out + i * at->columns, error))
            return false;
    return true;
}

/* The same behind the transform. */
static bool read_turned(const struct rows *rows, const struct rectangle *at, double out[],
                        double scratch[], struct error *error)
{
    if (has_whole_blocks(rows, at)) {
        if (!read_lines(rows, at, out, error))
            return false;
        turn(rows, at->column, at->columns, out, at->lines, scratch);
        return true;
    }
    for (size_t i = 0; i < at->lines; i++)
        if (!read_cut(rows, at->line + i, at->column, at->columns, out + i * at->columns, scratch,
                      error))
            return false;
    return true;
}

bool rows_read(const struct rows *rows, size_t part, double out[], double scratch[],
               struct error *error)
{
    const struct rectangle at = part_rectangle(rows, part);
    const size_t n = at.lines * at.columns;
    if (n == 0)
        return true;
    if (!(rows->basis ? read_turned(rows, &at, out, scratch, error)
                      : read_lines(rows, &at, out, error)))
        return false;
    for (size_t i = 0; rows->shift != 0 && i < n; i++)
        out[i] += rows->shift;
    return true;
}
