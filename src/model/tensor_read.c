/* SPDX-License-Identifier: MIT
 *
 * Elements of a tensor in the order of its channels.  Whatever the strides and the channel axis,
 * the elements asked for are cut into runs along one dimension: a run without gaps is decoded
 * straight from the map, one with gaps is gathered first.
 */
#include <assert.h>
#include <string.h>

#include "model/mapping.h"
#include "model/tensor.h"

/* Bytes that are gathered, reversed or copied out of packed content before they are decoded. */
#define STAGE_BYTES 16384

/* The dimensions in the order in which elements are asked for, neighbours that lie as one merged
 * into one. */
struct walk {
    unsigned rank; /* at least 1 */
    uint64_t dims[TENSOR_RANK_MOST], strides[TENSOR_RANK_MOST];
};

static void add_dimension(struct walk *walk, uint64_t dim, uint64_t stride)
{
    if (dim == 1)
        return;
    unsigned last = walk->rank - 1;
    if (walk->rank > 0 && walk->strides[last] == dim * stride) {
        walk->dims[last] *= dim;
        walk->strides[last] = stride;
        return;
    }
    walk->dims[walk->rank] = dim;
    walk->strides[walk->rank++] = stride;
}

/* Strides of a tensor that lies row by row. */
static uint64_t natural_stride(const struct tensor *tensor, unsigned dimension)
{
    uint64_t stride = 1;
    for (unsigned i = dimension + 1; i < tensor->rank; i++)
        stride *= tensor->dims[i];
    return stride;
}

static struct walk walk_of(const struct tensor *tensor, unsigned axis)
{
    struct walk walk = {.rank = 0};
    for (unsigned i = 0; i < tensor->rank; i++) {
        /* The channel axis comes first, those before it move back by one. */
        unsigned dimension = axis >= tensor->rank ? i : i == 0 ? axis : i <= axis ? i - 1 : i;
        add_dimension(&walk, tensor->dims[dimension],
                      tensor->strides ? tensor->strides[dimension]
                                      : natural_stride(tensor, dimension));
    }
    if (walk.rank == 0) {
        walk.dims[0] = walk.strides[0] = 1;
        walk.rank = 1;
    }
    return walk;
}

/* Elements at first, first + stride, ... of the stored ones. */
struct run {
    const struct tensor *tensor;
    uint64_t first, stride;
    size_t n;
    double *out;
};

static uint64_t block_offset(const struct tensor *tensor, uint64_t element)
{
    const struct dtype *dtype = tensor->dtype;
    return tensor->offset + element / dtype->block * dtype->block_bytes;
}

/* Decodes a run of whole blocks without gaps from the map; inside a guard. */
static void decode_mapped(void *argument)
{
    const struct run *run = argument;
    const struct dtype *dtype = run->tensor->dtype;
    dtype->decode(content_mapped(run->tensor->content, block_offset(run->tensor, run->first)),
                  run->n / dtype->block, run->out);
}

/* Decodes blocks that were copied out of the content. */
static void decode_staged(const struct tensor *tensor, unsigned char *bytes, size_t blocks,
                          double *out)
{
    if (tensor->big_endian && tensor->dtype->reverse)
        tensor->dtype->reverse(bytes, blocks);
    tensor->dtype->decode(bytes, blocks, out);
}

/* Reads whole blocks without gaps. */
static bool read_blocks(const struct tensor *tensor, uint64_t first, size_t n, double *out,
                        struct error *error)
{
    const struct dtype *dtype = tensor->dtype;
    uint64_t offset = block_offset(tensor, first);
    bool reversed = tensor->big_endian && dtype->reverse;
    if (n == 0)
        return true;
    if (!reversed && content_mapped(tensor->content, offset)) {
        struct run run = {tensor, first, 1, n, out};
        return mapping_guard(decode_mapped, &run) ||
               mapping_truncated(tensor->content->mapping, offset, error);
    }
    unsigned char stage[STAGE_BYTES];
    size_t most = STAGE_BYTES / dtype->block_bytes;
    for (size_t left = n / dtype->block; left > 0;) {
        size_t blocks = left < most ? left : most;
        if (!content_read(tensor->content, offset, blocks * dtype->block_bytes, stage, error))
            return false;
        decode_staged(tensor, stage, blocks, out);
        out += blocks * dtype->block;
        offset += blocks * dtype->block_bytes;
        left -= blocks;
    }
    return true;
}

/* Reads n elements that lie within one block. */
static bool read_within_block(const struct tensor *tensor, uint64_t first, size_t n, double *out,
                              struct error *error)
{
    double values[DTYPE_BLOCK_MOST];
    unsigned block = tensor->dtype->block;
    if (!read_blocks(tensor, first - first % block, block, values, error))
        return false;
    memcpy(out, values + first % block, n * sizeof *out);
    return true;
}

/* Reads elements without gaps, which may begin and end inside blocks. */
static bool read_dense(const struct tensor *tensor, uint64_t first, size_t n, double *out,
                       struct error *error)
{
    unsigned block = tensor->dtype->block;
    size_t head = (size_t)(first % block);
    if (head > 0) {
        size_t some = block - head < n ? block - head : n;
        if (!read_within_block(tensor, first, some, out, error))
            return false;
        first += some;
        out += some;
        n -= some;
    }
    size_t whole = n - n % block;
    return read_blocks(tensor, first, whole, out, error) &&
           (whole == n ||
            read_within_block(tensor, first + whole, n - whole, out + whole, error));
}

/* Copies the single elements of a run to a place where they lie side by side; inside a guard. */
struct gather {
    const struct run *run;
    unsigned char *stage;
};

static void gather_mapped(void *argument)
{
    const struct gather *gather = argument;
    const struct run *run = gather->run;
    unsigned size = run->tensor->dtype->block_bytes;
    const unsigned char *from =
        content_mapped(run->tensor->content, block_offset(run->tensor, run->first));
    for (size_t i = 0; i < run->n; i++)
        memcpy(gather->stage + i * size, from + i * run->stride * size, size);
}

/* Gathers run->n elements of one-element blocks into stage. */
static bool gather(const struct run *run, unsigned char *stage, struct error *error)
{
    const struct content *content = run->tensor->content;
    unsigned size = run->tensor->dtype->block_bytes;
    uint64_t offset = block_offset(run->tensor, run->first);
    struct gather gathering = {run, stage};
    if (content_mapped(content, offset))
        return mapping_guard(gather_mapped, &gathering) ||
               mapping_truncated(content->mapping, offset, error);
    for (size_t i = 0; i < run->n; i++)
        if (!content_read(content, offset + i * run->stride * size, size, stage + i * size, error))
            return false;
    return true;
}

/* Reads a run with gaps.  A stride of 0 repeats one element. */
static bool read_sparse(const struct run *whole, struct error *error)
{
    const struct dtype *dtype = whole->tensor->dtype;
    struct run run = *whole;
    if (dtype->block > 1) {
        for (size_t i = 0; i < run.n; i++)
            if (!read_within_block(run.tensor, run.first + i * run.stride, 1, run.out + i, error))
                return false;
        return true;
    }
    unsigned char stage[STAGE_BYTES];
    for (size_t left = whole->n; left > 0; left -= run.n) {
        size_t most = STAGE_BYTES / dtype->block_bytes;
        run.n = left < most ? left : most;
        if (!gather(&run, stage, error))
            return false;
        decode_staged(run.tensor, stage, run.n, run.out);
        run.first += run.n * run.stride;
        run.out += run.n;
    }
    return true;
}

/* Where element number `index` of the walk is stored, and how many follow it along the last
 * dimension, itself included. */
static uint64_t place_of(const struct walk *walk, uint64_t index, uint64_t *along)
{
    uint64_t place = 0;
    *along = walk->dims[walk->rank - 1] - index % walk->dims[walk->rank - 1];
    for (unsigned i = walk->rank; i-- > 0;) {
        place += index % walk->dims[i] * walk->strides[i];
        index /= walk->dims[i];
    }
    return place;
}

/* Reads run by run. */
static bool read_runs(const struct tensor *tensor, unsigned axis, uint64_t first, size_t n,
                        double *out, struct error *error)
{
    struct walk walk = walk_of(tensor, axis);
    uint64_t stride = walk.strides[walk.rank - 1], along;
    for (size_t some; n > 0; first += some, out += some, n -= some) {
        uint64_t place = place_of(&walk, first, &along);
        some = along < n ? (size_t)along : n;
        struct run run = {tensor, place, stride, some, out};
        if (!(stride == 1 ? read_dense(tensor, place, some, out, error)
                          : read_sparse(&run, error)))
            return false;
    }
    return true;
}

/* Multiplies values, which are elements first .. first + n - 1 of a matrix, by their scales: run by
 * run of those that share one. */
static bool multiply(const struct tensor *tensor, struct tensor_view view, uint64_t first, size_t n,
                     double *values, struct error *error)
{
    const struct tensor_scale *scale = tensor->scale;
    const struct tensor_view plain = {0};
    uint64_t columns = tensor->dims[1], across = (columns - 1) / scale->columns + 1;
    uint64_t length = tensor_channel_length(tensor, view);
    uint64_t step = view.axis == 1 ? scale->rows : scale->columns;
    for (size_t some; n > 0; first += some, values += some, n -= some) {
        uint64_t channel = first / length, position = first % length;
        uint64_t row = view.axis == 1 ? position : channel;
        uint64_t column = view.axis == 1 ? channel : position;
        uint64_t index = row / scale->rows * across + column / scale->columns;
        uint64_t left = length - position, shared = step - position % step;
        uint64_t run = left < shared ? left : shared;
        some = run < n ? (size_t)run : n;
        double factor;
        if (!tensor_read(&scale->values, plain, index, 1, &factor, error))
            return false;
        for (size_t i = 0; i < some; i++)
            values[i] *= factor;
    }
    return true;
}

bool tensor_read(const struct tensor *tensor, struct tensor_view view, uint64_t first, size_t n,
                 double *out, struct error *error)
{
    assert(tensor->dtype && tensor->dtype->decode && tensor->content && !tensor->reason);
    assert(first <= tensor->elements && n <= tensor->elements - first);
    unsigned axis = tensor->rank >= 2 && view.axis < tensor->rank ? view.axis : 0;
    bool dense = !tensor->strides && axis == 0;
    return n == 0 ||
           ((dense ? read_dense(tensor, first, n, out, error)
                   : read_runs(tensor, axis, first, n, out, error)) &&
            (!view.scaled || !tensor->scale || multiply(tensor, view, first, n, out, error)));
}
