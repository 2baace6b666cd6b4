/* SPDX-License-Identifier: MIT */
#include "app/list_metadata.h"

#include <stdio.h>
#include <string.h>

#include "app/document.h"
#include "app/emit.h"
#include "base/utf8.h"

struct record {
    struct emit_string source, key, type, value;
};

static const struct emit_field fields[] = {
    EMIT_FIELD(record, EMIT_STRING, source, "source", 0),
    EMIT_FIELD(record, EMIT_STRING, key, "key", 0),
    EMIT_FIELD(record, EMIT_STRING, type, "type", 0),
    EMIT_FIELD(record, EMIT_STRING, value, "value", 0),
};
enum { FIELD_SOURCE, FIELD_KEY, FIELD_TYPE, FIELD_VALUE, FIELDS };

/* Columns of a line that is not for a terminal, that every value gets whatever stands before it,
 * and that a key gets at most. */
#define LINE_COLUMNS  100
#define VALUE_COLUMNS 20
#define KEY_COLUMNS   48

/* How text for people is laid out. */
struct table {
    struct emit_field fields[FIELDS];
    size_t value_columns;
    bool ascii;
};

static size_t widest(size_t width, const char *printable)
{
    size_t columns = utf8_width(printable, strlen(printable));
    return columns > width ? columns : width;
}

/* Where all entries are of one file there is no need to say so on every line. */
static bool has_sources(const struct metadata *metadata)
{
    for (size_t i = 1; i < metadata->count; i++)
        if (strcmp(metadata->entries[i].source, metadata->entries[0].source) != 0)
            return true;
    return false;
}

static struct table lay_out(const struct options *options, const struct metadata *metadata)
{
    struct table table = {.ascii = !options->utf8};
    memcpy(table.fields, fields, sizeof fields);
    size_t source = strlen("source"), key = strlen("key"), type = strlen("type");
    for (size_t i = 0; i < metadata->count; i++) {
        source = widest(source, metadata->entries[i].source);
        key = widest(key, metadata->entries[i].key);
        type = widest(type, metadata->entries[i].type);
    }
    size_t taken = (key < KEY_COLUMNS ? key : KEY_COLUMNS) + type + 4;
    if (has_sources(metadata))
        taken += source + 2;
    else
        table.fields[FIELD_SOURCE].heading = NULL;
    int terminal = output_columns(options->output);
    size_t line = terminal > 0 ? (size_t)terminal : LINE_COLUMNS;
    table.value_columns = line > taken + VALUE_COLUMNS ? line - taken : VALUE_COLUMNS;
    return table;
}

/* The beginning of a value that takes at most so many columns, "…" at its end if that is not all. */
static const char *cut(struct text *out, const char *printable, size_t columns, bool ascii)
{
    const char *mark = ascii ? "..." : "…";
    size_t length = strlen(printable), room = columns - utf8_width(mark, strlen(mark)), end = 0;
    if (utf8_width(printable, length) <= columns)
        return printable;
    for (size_t width = 0;;) {
        uint32_t point;
        size_t size = utf8_decode(printable + end, length - end, &point);
        width += utf8_width(printable + end, size);
        if (size == 0 || width > room)
            break;
        end += size;
    }
    text_clear(out);
    text_add(out, printable, end);
    text_puts(out, mark);
    return out->data;
}

static void print_entries(const struct metadata *metadata, const struct table *table,
                          struct emit *emit)
{
    struct text key = {0}, value = {0};
    for (size_t i = 0; i < metadata->count; i++) {
        const struct metadata_entry *entry = &metadata->entries[i];
        text_clear(&key);
        utf8_cut_middle(&key, entry->key, strlen(entry->key), KEY_COLUMNS, table->ascii);
        struct record record = {
            .source = emit_string_of(entry->source),
            .key = emit_string_of(key.data ? key.data : ""),
            .type = emit_string_of(entry->type),
            .value = emit_string_of(cut(&value, entry->value, table->value_columns, table->ascii)),
        };
        emit_record(emit, &record);
    }
    text_done(&key);
    text_done(&value);
}

/* JSON and TSV have everything whole. */
static void export_entries(const struct metadata *metadata, struct emit *emit)
{
    for (size_t i = 0; i < metadata->count; i++) {
        const struct metadata_entry *entry = &metadata->entries[i];
        struct record record = {
            .source = emit_string_of(entry->source),
            .key = emit_string_of(entry->key),
            .type = emit_string_of(entry->type),
            .value = emit_string_of(entry->value),
        };
        emit_record(emit, &record);
    }
}

/* "34 entries, 12 more were dropped" */
static void print_total(const struct metadata *metadata, struct text *out)
{
    if (metadata->count)
        text_printf(out, "%zu entr%s", metadata->count, metadata->count == 1 ? "y" : "ies");
    else
        text_puts(out, "no metadata");
    if (metadata->dropped)
        text_printf(out, ", %zu more were dropped", metadata->dropped);
    text_puts(out, "\n");
}

void list_metadata(const struct options *options, const struct model *model, struct output *output)
{
    const struct metadata *metadata = &model->metadata;
    bool text = options->form == FORM_TEXT;
    struct table table = lay_out(options, metadata);
    if (!text || metadata->count) {
        struct emit *emit = emit_begin(output, options, text ? table.fields : fields, FIELDS);
        document_head(emit, model);
        emit_text(emit, "format", model->format);
        emit_count(emit, "dropped", metadata->dropped);
        emit_array(emit, "metadata");
        if (text)
            print_entries(metadata, &table, emit);
        else
            export_entries(metadata, emit);
        emit_end(emit);
    }
    struct text total = {0};
    print_total(metadata, &total);
    if (text)
        output_write(output, total.data, total.length);
    else if (options->form == FORM_TSV && metadata->dropped)
        fprintf(stderr, "roundoff: %s", total.data);
    text_done(&total);
}
