/* SPDX-License-Identifier: MIT */
#include "app/schemes_select.h"

static bool is_whole(const struct dtype *dtype)
{
    static const struct dtype *const types[] = {&dtype_i64, &dtype_i32, &dtype_i16,
                                                &dtype_i8,  &dtype_u64, &dtype_u32,
                                                &dtype_u16, &dtype_u8,  &dtype_bool};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (types[i] == dtype)
            return true;
    return false;
}

enum left_out schemes_why_not(const struct options *options, const struct tensor *tensor)
{
    const char *reason;
    if (!tensor_readable(tensor, &reason))
        return LEFT_OUT_UNREAD;
    if (tensor->elements == 0)
        return LEFT_OUT_EMPTY;
    /* With its scales a whole number is a weight. */
    if (is_whole(tensor->dtype) && !(tensor->scale && options->tensor_view.scaled))
        return LEFT_OUT_WHOLE;
    if (tensor->rank < 2 && options->glob_count == 0)
        return LEFT_OUT_NARROW;
    return tensor->alias_of ? LEFT_OUT_SHARED : LEFT_OUT_NONE;
}

struct selection schemes_select(const struct options *options, const struct model *model)
{
    struct selection selection = {0};
    for (size_t i = 0; i < model->count; i++) {
        const struct tensor *tensor = &model->tensors[i];
        if (!options_match(options, tensor->label))
            continue;
        const enum left_out why = schemes_why_not(options, tensor);
        selection.left_out[why]++;
        if (why != LEFT_OUT_NONE)
            continue;
        selection.tensors++;
        selection.elements += tensor->elements;
        selection.bytes += tensor->bytes;
    }
    return selection;
}

void schemes_print_left_out(struct text *out, const struct selection *selection)
{
    static const char *const words[LEFT_OUT_REASONS] = {
        [LEFT_OUT_UNREAD] = "that cannot be read",
        [LEFT_OUT_EMPTY] = "without elements",
        [LEFT_OUT_WHOLE] = "of whole numbers",
        [LEFT_OUT_SHARED] = "whose bytes another one has",
        [LEFT_OUT_NARROW] = "of less than two dimensions (--tensor takes them in)",
    };
    const char *gap = "";
    for (int why = LEFT_OUT_NONE + 1; why < LEFT_OUT_REASONS; why++) {
        if (selection->left_out[why] == 0)
            continue;
        text_printf(out, "%s%zu %s", gap, selection->left_out[why], words[why]);
        gap = ", ";
    }
}
