/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "app/command.h"
#include "app/document.h"
#include "app/emit.h"
#include "app/output.h"

struct record {
    struct emit_string name, dtype;
    struct emit_shape shape;
    uint64_t elements, bytes;
    bool readable;
    struct emit_string reason;
};

static const struct emit_field fields[] = {
    EMIT_FIELD(record, EMIT_STRING, name, "name", 0),
    EMIT_FIELD(record, EMIT_STRING, dtype, "type", 0),
    EMIT_FIELD(record, EMIT_SHAPE, shape, "shape", 0),
    EMIT_FIELD(record, EMIT_COUNT, elements, "elements", 0),
    EMIT_FIELD(record, EMIT_COUNT, bytes, "bytes", 0),
    EMIT_FIELD(record, EMIT_BOOLEAN, readable, NULL, 0),
    EMIT_FIELD(record, EMIT_STRING, reason, "", 0),
};

static struct record describe(const struct tensor *tensor)
{
    const char *reason = NULL;
    bool readable = tensor_readable(tensor, &reason);
    return (struct record){
        .name = document_name(tensor),
        .dtype = emit_string_of(tensor->dtype_name),
        .shape = {tensor->dims, tensor->rank},
        .elements = tensor->elements,
        .bytes = tensor->bytes,
        .readable = readable,
        .reason = emit_string_of(readable ? NULL : reason),
    };
}

/* "39 tensors, 3.03 M elements, 5.78 MiB, safetensors" */
static void print_total(struct output *output, const struct model *model, size_t shown,
                        uint64_t elements, uint64_t bytes)
{
    char count[TEXT_NUMBER], size[TEXT_NUMBER];
    struct text line = {0};
    text_printf(&line, "%zu tensor%s, %s element%s, %s, %s\n", shown, shown == 1 ? "" : "s",
                text_count(count, elements), elements == 1 ? "" : "s", text_bytes(size, bytes),
                model->format);
    output_write(output, line.data, line.length);
    text_done(&line);
}

static void print(const struct options *options, const struct model *model, struct output *output)
{
    struct emit *emit = emit_begin(output, options, fields, sizeof fields / sizeof fields[0]);
    document_head(emit, model);
    emit_text(emit, "format", model->format);
    emit_array(emit, "tensors");
    size_t shown = 0;
    uint64_t elements = 0, bytes = 0;
    for (size_t i = 0; i < model->count && !output_broken(output); i++) {
        if (!options_match(options, model->tensors[i].label))
            continue;
        struct record record = describe(&model->tensors[i]);
        emit_record(emit, &record);
        shown++;
        elements += record.elements;
        bytes += record.bytes;
    }
    emit_end(emit);
    if (options->form == FORM_TEXT)
        print_total(output, model, shown, elements, bytes);
}

int cmd_list(const struct options *options, struct error *error)
{
    struct model *model = command_open_model(options->operands, options->operand_count, error);
    if (!model)
        return command_status(error);
    struct output output;
    if (output_open(&output, options->output, error)) {
        print(options, model, &output);
        output_close(&output, true, error);
    }
    model_free(model);
    return command_status(error);
}
