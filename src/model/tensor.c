/* SPDX-License-Identifier: MIT */
#include "model/tensor.h"

#include <assert.h>

uint64_t tensor_channels(const struct tensor *tensor)
{
    return tensor->rank < 2 ? 1 : tensor->dims[0];
}

uint64_t tensor_channel_length(const struct tensor *tensor)
{
    uint64_t channels = tensor_channels(tensor);
    return channels ? tensor->elements / channels : 0;
}

bool tensor_readable(const struct tensor *tensor, const char **reason)
{
    const struct dtype *dtype = tensor->dtype;
    if (dtype && dtype->decode)
        return true;
    *reason = dtype ? dtype->reason : "this element type is not known";
    return false;
}

/* One call of tensor_read, as the guard's argument. */
struct block {
    const struct dtype *dtype;
    const unsigned char *bytes;
    size_t n;
    double *out;
};

static void decode_block(void *argument)
{
    const struct block *block = argument;
    block->dtype->decode(block->bytes, block->n, block->out);
}

bool tensor_read(const struct tensor *tensor, uint64_t first, size_t n, double *out,
                 struct error *error)
{
    assert(tensor->dtype && tensor->dtype->decode);
    assert(first <= tensor->elements && n <= tensor->elements - first);
    if (n == 0)
        return true;
    /* Types of fewer than 8 bits are not decoded, so an element never begins inside a byte. */
    uint64_t offset = tensor->offset + first * (tensor->dtype->bits / 8);
    struct block block = {tensor->dtype, tensor->file->data + offset, n, out};
    return mapping_guard(decode_block, &block) || mapping_truncated(tensor->file, offset, error);
}
