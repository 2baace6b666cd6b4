/* SPDX-License-Identifier: MIT */
#include "model/training.h"

#include <stdio.h>
#include <string.h>

#include "model/parts.h"

/* What PyTorch's own recipes, Lightning, timm and others call the states of optimizers and of what
 * belongs to them. */
#define WORD(text) {text, sizeof text - 1}
static const struct {
    const char *text;
    size_t length;
} components[] = {
    WORD("optimizer"),        WORD("optimizers"),           WORD("optimizer_state"),
    WORD("optimizer_states"), WORD("optimizer_state_dict"), WORD("optim"),
    WORD("lr_scheduler"),     WORD("lr_schedulers"),        WORD("grad_scaler"),
    WORD("opt_state"),
};

static bool is_component(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof components / sizeof components[0]; i++)
        if (components[i].length == length && memcmp(components[i].text, name, length) == 0)
            return true;
    return false;
}

static bool is_training(const struct tensor *tensor)
{
    const char *at = tensor->name, *end = tensor->name + tensor->name_length;
    for (const char *dot; (dot = memchr(at, '.', (size_t)(end - at))) != NULL; at = dot + 1)
        if (is_component(at, (size_t)(dot - at)))
            return true;
    return false;
}

void training_leave_out(struct model *model)
{
    size_t kept = 0;
    for (size_t i = 0; i < model->count; i++)
        kept += !is_training(&model->tensors[i]);
    size_t left_out = model->count - kept;
    if (model->parts->options.training || kept == 0 || left_out == 0)
        return;
    kept = 0;
    for (size_t i = 0; i < model->count; i++)
        if (!is_training(&model->tensors[i]))
            model->tensors[kept++] = model->tensors[i];
    model->count = kept;
    char note[80];
    snprintf(note, sizeof note, "%zu tensors of an optimizer; --all shows them", left_out);
    parts_note(model, "left out", note);
}
