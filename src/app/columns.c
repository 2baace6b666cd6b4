/* SPDX-License-Identifier: MIT */
#include "app/columns.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

struct columns {
    const struct emit_field *fields[EMIT_FIELDS_MOST]; /* those shown */
    size_t count;
    bool header, utf8;
    size_t width[EMIT_FIELDS_MOST]; /* of the widest cell and the heading */
    struct text cells;              /* each with a NUL behind it, record by record */
    size_t records;
};

/* Between two columns. */
#define GAP 2

struct columns *columns_new(const struct emit_field fields[], size_t field_count, bool header,
                            bool utf8)
{
    struct columns *columns = mem_zero(1, sizeof *columns);
    columns->header = header;
    columns->utf8 = utf8;
    for (size_t i = 0; i < field_count; i++) {
        if (!fields[i].heading)
            continue;
        if (header)
            columns->width[columns->count] = strlen(fields[i].heading);
        columns->fields[columns->count++] = &fields[i];
    }
    return columns;
}

void columns_free(struct columns *columns)
{
    text_done(&columns->cells);
    mem_free(columns);
}

static void print_shape(struct text *out, const struct emit_shape *shape)
{
    if (shape->rank == 0)
        text_puts(out, "scalar");
    for (unsigned i = 0; i < shape->rank; i++)
        text_printf(out, "%s%" PRIu64, i ? "x" : "", shape->dims[i]);
}

static void print_names(struct text *out, const struct emit_names *names)
{
    for (size_t i = 0; i < names->n; i++)
        text_printf(out, "%s%s", i ? "," : "", names->name[i].label);
}

void columns_print_exact(struct text *out, enum emit_type type, const void *member)
{
    const struct emit_string *string = member;
    switch (type) {
    case EMIT_STRING:
    case EMIT_NOTE:
        text_puts(out, string->bytes ? string->label : "");
        break;
    case EMIT_COUNT:
        if (*(const uint64_t *)member != EMIT_UNKNOWN)
            text_printf(out, "%" PRIu64, *(const uint64_t *)member);
        break;
    case EMIT_NUMBER:
        if (isfinite(*(const double *)member))
            text_printf(out, "%.17g", *(const double *)member);
        break;
    case EMIT_BOOLEAN:
        text_puts(out, *(const bool *)member ? "true" : "false");
        break;
    case EMIT_SHAPE:
        print_shape(out, member);
        break;
    case EMIT_NAMES:
        print_names(out, member);
        break;
    case EMIT_POINTS:
    case EMIT_VECTOR:
        break;
    }
}

static void print_rounded(struct text *out, const struct emit_field *field, const void *member)
{
    char number[TEXT_NUMBER];
    if (field->type == EMIT_NUMBER)
        text_puts(out, text_number(number, *(const double *)member, field->digits));
    else if (field->type == EMIT_BOOLEAN)
        text_puts(out, *(const bool *)member ? "yes" : "no");
    else if (field->type == EMIT_COUNT && *(const uint64_t *)member == EMIT_UNKNOWN)
        text_puts(out, "-");
    else
        columns_print_exact(out, field->type, member);
}

void columns_add(struct columns *columns, const void *record)
{
    const char *bytes = record;
    struct text cell = {0};
    for (size_t i = 0; i < columns->count; i++) {
        const struct emit_field *field = columns->fields[i];
        text_clear(&cell);
        text_puts(&cell, "");
        print_rounded(&cell, field, bytes + field->offset);
        size_t start = columns->cells.length;
        if (columns->utf8)
            text_add(&columns->cells, cell.data, cell.length);
        else
            output_fold(&columns->cells, cell.data, cell.length);
        text_add(&columns->cells, "", 1);
        size_t length = columns->cells.length - start - 1;
        size_t width = utf8_width(columns->cells.data + start, length);
        if (width > columns->width[i])
            columns->width[i] = width;
    }
    columns->records++;
    text_done(&cell);
}

static bool is_left(const struct emit_field *field)
{
    return field->type == EMIT_STRING || field->type == EMIT_NOTE || field->type == EMIT_BOOLEAN;
}

/* One cell of a row; the last one, if it is words, gets no blanks behind it. */
static void print_cell(const struct columns *columns, size_t i, const char *cell, struct text *out)
{
    size_t width = utf8_width(cell, strlen(cell));
    int blanks = (int)(columns->width[i] - width);
    if (i)
        text_printf(out, "%*s", GAP, "");
    if (!is_left(columns->fields[i]))
        text_printf(out, "%*s%s", blanks, "", cell);
    else if (i + 1 < columns->count)
        text_printf(out, "%s%*s", cell, blanks, "");
    else
        text_puts(out, cell);
}

static void end_line(struct text *out)
{
    while (out->length && out->data[out->length - 1] == ' ')
        out->length--;
    text_puts(out, "\n");
}

static void print_table(const struct columns *columns, struct text *out)
{
    for (size_t i = 0; columns->header && i < columns->count; i++)
        print_cell(columns, i, columns->fields[i]->heading, out);
    if (columns->header)
        end_line(out);
    const char *cell = columns->cells.data;
    for (size_t record = 0; record < columns->records; record++) {
        for (size_t i = 0; i < columns->count; i++) {
            print_cell(columns, i, cell, out);
            cell += strlen(cell) + 1;
        }
        end_line(out);
    }
}

static void print_sheet(const struct columns *columns, struct text *out)
{
    size_t width = 0;
    for (size_t i = 0; i < columns->count; i++)
        if (strlen(columns->fields[i]->heading) > width)
            width = strlen(columns->fields[i]->heading);
    const char *cell = columns->cells.data;
    for (size_t i = 0; i < columns->count && columns->records; i++) {
        text_printf(out, "%-*s  %s\n", (int)width, columns->fields[i]->heading, cell);
        cell += strlen(cell) + 1;
    }
}

void columns_print(const struct columns *columns, bool table, struct text *out)
{
    if (table)
        print_table(columns, out);
    else
        print_sheet(columns, out);
}
