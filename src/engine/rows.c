/* SPDX-License-Identifier: MIT */
#include "engine/rows.h"

#include "engine/pool.h"

/* Short channels share a unit of about this many elements: small enough to stay in a core's
 * second-level cache and to be left within a millisecond, large enough to be cheap to claim. */
#define UNIT_ELEMENTS 16384

/* A sampled long channel is a worker's buffer full of chunks, whole blocks of the transform, of
 * at least this size, a power of two. */
#define CHUNK_ELEMENTS 4096

static void cut(struct rows *rows)
{
    rows->parts_per_channel =
        (size_t)((rows->length + WORKSPACE_ELEMENTS - 1) / WORKSPACE_ELEMENTS);
    if (rows->parts_per_channel == 0)
        rows->parts_per_channel = 1;
    rows->channels_per_unit = 1;
    if (rows->length < UNIT_ELEMENTS)
        rows->channels_per_unit = UNIT_ELEMENTS / (size_t)(rows->length > 0 ? rows->length : 1);
    rows->units = rows->parts_per_channel > 1
                      ? rows->channels * rows->parts_per_channel
                      : (rows->channels + rows->channels_per_unit - 1) / rows->channels_per_unit;
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
               int64_t channel, enum transform transform, struct error *error)
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
    *rows = (struct rows){.tensor = tensor, .view = view, .transform = transform};
    rows->channels = channel >= 0 ? 1 : (size_t)channels;
    rows->of = rows->channels;
    rows->first = channel >= 0 ? (uint64_t)channel : 0;
    rows->length = tensor_channel_length(tensor, view);
    /* A transform acts on a layer's input: a bias or a norm has none. */
    rows->block = tensor->rank >= 2 ? transform_block(transform, rows->length) : 1;
    cut(rows);
    return true;
}

bool rows_sample(struct rows *rows)
{
    if (rows_elements(rows) <= 2 * ROWS_SAMPLE)
        return false;
    if (rows->length > WORKSPACE_ELEMENTS) {
        rows->chunk = rows->block > CHUNK_ELEMENTS ? rows->block : CHUNK_ELEMENTS;
        rows->length = WORKSPACE_ELEMENTS;
    }
    uint64_t wanted = ROWS_SAMPLE / rows->length;
    if (wanted < rows->channels)
        rows->channels = (size_t)wanted;
    cut(rows);
    return true;
}

uint64_t rows_elements(const struct rows *rows)
{
    return rows->channels * rows->length;
}

size_t rows_parts(const struct rows *rows)
{
    return rows->channels * rows->parts_per_channel;
}

struct rows_unit rows_unit(const struct rows *rows, size_t unit)
{
    if (rows->parts_per_channel > 1)
        return (struct rows_unit){unit, 1};
    size_t first = unit * rows->channels_per_unit;
    size_t left = rows->channels - first;
    return (struct rows_unit){first,
                              left < rows->channels_per_unit ? left : rows->channels_per_unit};
}

size_t rows_part_channel(const struct rows *rows, size_t part)
{
    return part / rows->parts_per_channel;
}

size_t rows_part_length(const struct rows *rows, size_t part)
{
    uint64_t from = (uint64_t)(part % rows->parts_per_channel) * WORKSPACE_ELEMENTS;
    uint64_t left = rows->length - from;
    return left < WORKSPACE_ELEMENTS ? (size_t)left : WORKSPACE_ELEMENTS;
}

uint64_t rows_channel(const struct rows *rows, size_t row)
{
    return rows->first + (uint64_t)row * rows->of / rows->channels;
}

/* Where chunk k of the sampled row begins: evenly spread, on a boundary of the transform. */
static uint64_t chunk_begin(const struct rows *rows, size_t k)
{
    uint64_t whole = tensor_channel_length(rows->tensor, rows->view);
    uint64_t chunks = rows->length / rows->chunk;
    uint64_t at = chunks > 1 ? (whole - rows->chunk) / (chunks - 1) * k : 0;
    return at - at % rows->block;
}

bool rows_read(const struct rows *rows, size_t part, double out[], struct error *error)
{
    size_t n = rows_part_length(rows, part);
    uint64_t channel = rows_channel(rows, rows_part_channel(rows, part));
    uint64_t begin = channel * tensor_channel_length(rows->tensor, rows->view);
    if (rows->chunk == 0) {
        uint64_t from = (uint64_t)(part % rows->parts_per_channel) * WORKSPACE_ELEMENTS;
        if (!tensor_read(rows->tensor, rows->view, begin + from, n, out, error))
            return false;
    } else {
        for (size_t k = 0; k < n / rows->chunk; k++)
            if (!tensor_read(rows->tensor, rows->view, begin + chunk_begin(rows, k), rows->chunk,
                             out + k * rows->chunk, error))
                return false;
    }
    if (rows->block > 1)
        transform_apply(rows->transform, out, n, rows->block);
    for (size_t i = 0; rows->shift != 0 && i < n; i++)
        out[i] += rows->shift;
    return true;
}
