/* SPDX-License-Identifier: MIT */
#include "model/tensor.h"

static unsigned channel_axis(const struct tensor *tensor, struct tensor_view view)
{
    return view.axis < tensor->rank ? view.axis : 0;
}

uint64_t tensor_channels(const struct tensor *tensor, struct tensor_view view)
{
    return tensor->rank < 2 ? 1 : tensor->dims[channel_axis(tensor, view)];
}

uint64_t tensor_channel_length(const struct tensor *tensor, struct tensor_view view)
{
    uint64_t channels = tensor_channels(tensor, view);
    return channels ? tensor->elements / channels : 0;
}

bool tensor_readable(const struct tensor *tensor, const char **reason)
{
    const struct dtype *dtype = tensor->dtype;
    if (dtype && dtype->decode && tensor->content && !tensor->reason)
        return true;
    *reason = tensor->reason       ? tensor->reason
              : !dtype             ? "this element type is not known"
              : dtype->reason      ? dtype->reason
                                   : "its elements are not in the file";
    return false;
}
