/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <string.h>

#include "app/command.h"
#include "app/document.h"
#include "app/emit.h"
#include "app/list_metadata.h"
#include "app/output.h"
#include "base/mem.h"

struct record {
    struct emit_string name, dtype;
    struct emit_shape shape;
    uint64_t elements, bytes;
    bool readable;
    struct emit_string reason, alias_of, scaled_by;
    struct emit_string note; /* the last three in words */
};

static const struct emit_field fields[] = {
    EMIT_FIELD(record, EMIT_STRING, name, "name", 0),
    EMIT_FIELD(record, EMIT_STRING, dtype, "type", 0),
    EMIT_FIELD(record, EMIT_SHAPE, shape, "shape", 0),
    EMIT_FIELD(record, EMIT_COUNT, elements, "elements", 0),
    EMIT_FIELD(record, EMIT_COUNT, bytes, "bytes", 0),
    EMIT_FIELD(record, EMIT_BOOLEAN, readable, NULL, 0),
    EMIT_FIELD(record, EMIT_STRING, reason, NULL, 0),
    EMIT_FIELD(record, EMIT_STRING, alias_of, NULL, 0),
    EMIT_FIELD(record, EMIT_STRING, scaled_by, NULL, 0),
    EMIT_FIELD(record, EMIT_NOTE, note, "", 0),
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
        .alias_of = emit_string_of(tensor->alias_of),
        .scaled_by = tensor->scale ? document_name(&tensor->scale->values) : emit_string_of(NULL),
    };
}

/* "tied to embed_tokens.weight; scales: lm_head.weight_scale_inv" */
static const char *describe_note(struct text *out, const struct record *record)
{
    const struct {
        const char *word;
        const struct emit_string *what;
    } parts[] = {
        {"", &record->reason},
        {"tied to ", &record->alias_of},
        {"scales: ", &record->scaled_by},
    };
    text_clear(out);
    text_puts(out, "");
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (parts[i].what->bytes)
            text_printf(out, "%s%s%s", out->length ? "; " : "", parts[i].word,
                        parts[i].what->label);
    return out->data;
}

/* Of the tensors shown; what several of them share counts once. */
struct total {
    size_t tensors;
    uint64_t elements, bytes;
};

/* A file may claim any number of elements: the sums stay at the most there can be. */
static void count(struct total *total, const struct options *options, const struct tensor *tensor)
{
    total->tensors++;
    if (tensor->alias_of && options_match(options, tensor->alias_of))
        return;
    if (!mem_sum(total->elements, tensor->elements, &total->elements))
        total->elements = UINT64_MAX;
    if (!mem_sum(total->bytes, tensor->bytes, &total->bytes))
        total->bytes = UINT64_MAX;
}

/* "39 tensors, 3.03 M elements, 5.78 MiB, safetensors", and what was done with the files. */
static void print_total(struct output *output, const struct model *model, const struct total *total)
{
    char elements[TEXT_NUMBER], bytes[TEXT_NUMBER];
    struct text line = {0};
    text_printf(&line, "%zu tensor%s, %s element%s, %s, %s", total->tensors,
                total->tensors == 1 ? "" : "s", text_count(elements, total->elements),
                total->elements == 1 ? "" : "s", text_bytes(bytes, total->bytes), model->format);
    text_puts(&line, "\n");
    for (size_t i = 0; i < model->metadata.count; i++) {
        const struct metadata_entry *entry = &model->metadata.entries[i];
        if (strcmp(entry->source, MODEL_NOTES) == 0)
            text_printf(&line, "%s: %s\n", entry->key, entry->value);
    }
    output_write(output, line.data, line.length);
    text_done(&line);
}

static void print_tensors(const struct options *options, const struct model *model,
                          struct output *output)
{
    struct emit *emit = emit_begin(output, options, fields, sizeof fields / sizeof fields[0]);
    document_head(emit, model);
    emit_text(emit, "format", model->format);
    emit_array(emit, "tensors");
    struct total total = {0};
    struct text note = {0};
    for (size_t i = 0; i < model->count && !output_broken(output); i++) {
        if (!options_match(options, model->tensors[i].label))
            continue;
        struct record record = describe(&model->tensors[i]);
        record.note = emit_string_of(describe_note(&note, &record));
        emit_record(emit, &record);
        count(&total, options, &model->tensors[i]);
    }
    text_done(&note);
    emit_end(emit);
    if (options->form == FORM_TEXT)
        print_total(output, model, &total);
}

int cmd_list(const struct options *options, struct error *error)
{
    struct model *model =
        command_open_model(options, options->operands, options->operand_count, error);
    if (!model)
        return command_status(error);
    struct output output;
    bool found = options->metadata || command_check_globs(options, model, error);
    if (found && output_open(&output, options->output, error)) {
        if (options->metadata)
            list_metadata(options, model, &output);
        else
            print_tensors(options, model, &output);
        output_close(&output, true, error);
    }
    model_free(model);
    return command_status(error);
}
