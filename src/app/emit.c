/* SPDX-License-Identifier: MIT */
#include "app/emit.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <yajl/yajl_gen.h>

#include "app/columns.h"
#include "base/mem.h"

struct emit {
    struct output *output;
    enum form form;
    bool header;
    const struct emit_field *fields;
    size_t field_count;
    bool array;
    yajl_gen json;           /* NULL for other forms */
    struct columns *columns; /* NULL for other forms than text */
    struct text scratch;
};

struct emit_string emit_string_of(const char *printable)
{
    return (struct emit_string){printable, printable ? strlen(printable) : 0, printable};
}

void emit_undefine(const struct emit_field fields[], size_t field_count, void *record)
{
    for (size_t i = 0; i < field_count; i++) {
        char *member = (char *)record + fields[i].offset;
        switch (fields[i].type) {
        case EMIT_STRING:
        case EMIT_NOTE:
            *(struct emit_string *)member = (struct emit_string){0};
            break;
        case EMIT_COUNT:
            *(uint64_t *)member = EMIT_UNKNOWN;
            break;
        case EMIT_NUMBER:
            *(double *)member = NAN;
            break;
        case EMIT_BOOLEAN:
            *(bool *)member = false;
            break;
        case EMIT_SHAPE:
            *(struct emit_shape *)member = (struct emit_shape){0};
            break;
        case EMIT_POINTS:
            *(struct emit_points *)member = (struct emit_points){0};
            break;
        case EMIT_VECTOR:
            *(struct emit_vector *)member = (struct emit_vector){0};
            break;
        case EMIT_NAMES:
            *(struct emit_names *)member = (struct emit_names){0};
            break;
        }
    }
}

static void print_json(void *context, const char *bytes, size_t length)
{
    output_write(context, bytes, length);
}

struct emit *emit_begin(struct output *output, const struct options *options,
                        const struct emit_field fields[], size_t field_count)
{
    assert(field_count <= EMIT_FIELDS_MOST);
    struct emit *emit = mem_zero(1, sizeof *emit);
    emit->output = output;
    emit->form = options->form;
    emit->header = !options->no_header;
    emit->fields = fields;
    emit->field_count = field_count;
    if (emit->form == FORM_TEXT)
        emit->columns = columns_new(fields, field_count, emit->header, options->utf8);
    if (emit->form == FORM_JSON) {
        emit->json = yajl_gen_alloc(NULL);
        if (!emit->json)
            mem_panic("out of memory");
        yajl_gen_config(emit->json, yajl_gen_beautify, 1);
        yajl_gen_config(emit->json, yajl_gen_indent_string, "  ");
        yajl_gen_config(emit->json, yajl_gen_print_callback, print_json, output);
        yajl_gen_map_open(emit->json);
    }
    return emit;
}

static void print_line(void *context, const char *bytes, size_t length)
{
    text_add(context, bytes, length);
}

struct emit *emit_begin_line(struct text *out)
{
    struct emit *emit = mem_zero(1, sizeof *emit);
    emit->form = FORM_JSON;
    emit->json = yajl_gen_alloc(NULL);
    if (!emit->json)
        mem_panic("out of memory");
    yajl_gen_config(emit->json, yajl_gen_print_callback, print_line, out);
    yajl_gen_map_open(emit->json);
    return emit;
}

static void put_string(yajl_gen json, const char *bytes, size_t length)
{
    yajl_gen_string(json, (const unsigned char *)bytes, length);
}

static void put_count(yajl_gen json, uint64_t value)
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%" PRIu64, value);
    yajl_gen_number(json, digits, (size_t)length);
}

/* 17 significant digits bring back the same double. */
static void put_number(yajl_gen json, double value)
{
    char digits[TEXT_NUMBER];
    if (isfinite(value))
        yajl_gen_number(json, digits, (size_t)snprintf(digits, sizeof digits, "%.17g", value));
    else
        yajl_gen_null(json);
}

/* On one line: yajl would give every number its own.  It passes on whatever is called a number. */
static void put_shape(struct emit *emit, const struct emit_shape *shape)
{
    text_clear(&emit->scratch);
    text_puts(&emit->scratch, "[");
    for (unsigned i = 0; i < shape->rank; i++)
        text_printf(&emit->scratch, "%s%" PRIu64, i ? ", " : "", shape->dims[i]);
    text_puts(&emit->scratch, "]");
    yajl_gen_number(emit->json, emit->scratch.data, emit->scratch.length);
}

static void put_points(struct emit *emit, const struct emit_points *points)
{
    yajl_gen_array_open(emit->json);
    for (size_t i = 0; i < points->n; i++) {
        text_clear(&emit->scratch);
        text_printf(&emit->scratch, "[%.17g, %.17g]", points->point[i][0], points->point[i][1]);
        yajl_gen_number(emit->json, emit->scratch.data, emit->scratch.length);
    }
    yajl_gen_array_close(emit->json);
}

static void put_vector(yajl_gen json, const struct emit_vector *vector)
{
    yajl_gen_array_open(json);
    for (size_t i = 0; i < vector->n; i++)
        put_number(json, vector->value[i]);
    yajl_gen_array_close(json);
}

static void put_names(yajl_gen json, const struct emit_names *names)
{
    yajl_gen_array_open(json);
    for (size_t i = 0; i < names->n; i++)
        put_string(json, names->name[i].bytes, names->name[i].length);
    yajl_gen_array_close(json);
}

static void put_member(struct emit *emit, const struct emit_field *field, const void *member)
{
    const struct emit_string *string = member;
    if (field->type == EMIT_NOTE)
        return;
    put_string(emit->json, field->name, strlen(field->name));
    switch (field->type) {
    case EMIT_STRING:
        if (string->bytes)
            put_string(emit->json, string->bytes, string->length);
        else
            yajl_gen_null(emit->json);
        break;
    case EMIT_COUNT:
        if (*(const uint64_t *)member == EMIT_UNKNOWN)
            yajl_gen_null(emit->json);
        else
            put_count(emit->json, *(const uint64_t *)member);
        break;
    case EMIT_NUMBER:
        put_number(emit->json, *(const double *)member);
        break;
    case EMIT_BOOLEAN:
        yajl_gen_bool(emit->json, *(const bool *)member);
        break;
    case EMIT_SHAPE:
        put_shape(emit, member);
        break;
    case EMIT_POINTS:
        put_points(emit, member);
        break;
    case EMIT_VECTOR:
        put_vector(emit->json, member);
        break;
    case EMIT_NAMES:
        put_names(emit->json, member);
        break;
    case EMIT_NOTE:
        break;
    }
}

static void put_key(struct emit *emit, const char *key)
{
    put_string(emit->json, key, strlen(key));
}

void emit_name(struct emit *emit, const char *key, const char *bytes, size_t length)
{
    if (!emit->json)
        return;
    put_key(emit, key);
    put_string(emit->json, bytes, length);
}

void emit_text(struct emit *emit, const char *key, const char *value)
{
    emit_name(emit, key, value, strlen(value));
}

void emit_count(struct emit *emit, const char *key, uint64_t value)
{
    if (!emit->json)
        return;
    put_key(emit, key);
    put_count(emit->json, value);
}

void emit_number(struct emit *emit, const char *key, double value)
{
    if (!emit->json)
        return;
    put_key(emit, key);
    put_number(emit->json, value);
}

void emit_truth(struct emit *emit, const char *key, bool value)
{
    if (!emit->json)
        return;
    put_key(emit, key);
    yajl_gen_bool(emit->json, value);
}

/* yajl passes on whatever is called a number. */
void emit_json(struct emit *emit, const char *key, const char *json)
{
    if (!emit->json)
        return;
    put_key(emit, key);
    yajl_gen_number(emit->json, json, strlen(json));
}

void emit_object(struct emit *emit, const char *key)
{
    if (!emit->json)
        return;
    put_key(emit, key);
    yajl_gen_map_open(emit->json);
}

void emit_close(struct emit *emit)
{
    if (emit->json)
        yajl_gen_map_close(emit->json);
}

static bool is_in_tsv(const struct emit_field *field)
{
    return field->type != EMIT_POINTS && field->type != EMIT_VECTOR && field->type != EMIT_NOTE;
}

/* The line of names. */
static void write_tsv_header(struct emit *emit)
{
    text_clear(&emit->scratch);
    const char *separator = "";
    for (size_t i = 0; i < emit->field_count; i++) {
        if (!is_in_tsv(&emit->fields[i]))
            continue;
        text_printf(&emit->scratch, "%s%s", separator, emit->fields[i].name);
        separator = "\t";
    }
    text_puts(&emit->scratch, "\n");
    output_write(emit->output, emit->scratch.data, emit->scratch.length);
}

static void write_tsv_record(struct emit *emit, const char *record)
{
    text_clear(&emit->scratch);
    const char *separator = "";
    for (size_t i = 0; i < emit->field_count; i++) {
        const struct emit_field *field = &emit->fields[i];
        if (!is_in_tsv(field))
            continue;
        text_puts(&emit->scratch, separator);
        columns_print_exact(&emit->scratch, field->type, record + field->offset);
        separator = "\t";
    }
    text_puts(&emit->scratch, "\n");
    output_write(emit->output, emit->scratch.data, emit->scratch.length);
}

void emit_array(struct emit *emit, const char *key)
{
    emit->array = true;
    if (!emit->json)
        return;
    put_key(emit, key);
    yajl_gen_array_open(emit->json);
}

void emit_record(struct emit *emit, const void *record)
{
    const char *bytes = record;
    switch (emit->form) {
    case FORM_TEXT:
        columns_add(emit->columns, record);
        break;
    case FORM_TSV:
        if (emit->header)
            write_tsv_header(emit);
        emit->header = false;
        write_tsv_record(emit, record);
        break;
    case FORM_JSON:
        if (emit->array)
            yajl_gen_map_open(emit->json);
        for (size_t i = 0; i < emit->field_count; i++)
            put_member(emit, &emit->fields[i], bytes + emit->fields[i].offset);
        if (emit->array)
            yajl_gen_map_close(emit->json);
        break;
    }
}

void emit_end(struct emit *emit)
{
    if (emit->json) {
        if (emit->array)
            yajl_gen_array_close(emit->json);
        yajl_gen_map_close(emit->json);
        yajl_gen_free(emit->json);
    }
    if (emit->form == FORM_TSV && emit->header)
        write_tsv_header(emit);
    if (emit->columns) {
        text_clear(&emit->scratch);
        columns_print(emit->columns, emit->array, &emit->scratch);
        output_write(emit->output, emit->scratch.data, emit->scratch.length);
        columns_free(emit->columns);
    }
    text_done(&emit->scratch);
    mem_free(emit);
}
