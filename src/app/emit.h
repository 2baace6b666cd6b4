/* SPDX-License-Identifier: MIT
 *
 * Records to JSON, tab-separated values or text for people.  One table of fields drives all three
 * forms: the names are those of DESIGN §3, a contract.
 */
#ifndef APP_EMIT_H
#define APP_EMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/options.h"
#include "app/output.h"

/* What a member of a record is, and how "not defined" is told: null, an empty field, "-". */
enum emit_type {
    EMIT_STRING,  /* struct emit_string; bytes == NULL */
    EMIT_COUNT,   /* uint64_t; EMIT_UNKNOWN */
    EMIT_NUMBER,  /* double; NaN and infinities */
    EMIT_BOOLEAN, /* bool */
    EMIT_SHAPE,   /* struct emit_shape; in TSV and text 256x128, or "scalar" */
    EMIT_POINTS,  /* struct emit_points; in JSON only */
    EMIT_VECTOR,  /* struct emit_vector; in JSON only */
    EMIT_NAMES,   /* struct emit_names; in TSV separated by commas */
    EMIT_NOTE,    /* struct emit_string; in text only */
};

#define EMIT_UNKNOWN UINT64_MAX

struct emit_string {
    const char *bytes;
    size_t length;
    const char *label; /* printable, for TSV and text */
};

struct emit_shape {
    const uint64_t *dims;
    unsigned rank;
};

struct emit_points {
    const double (*point)[2];
    size_t n;
};

struct emit_vector {
    const double *value;
    size_t n;
};

struct emit_names {
    const struct emit_string *name;
    size_t n;
};

/* A string that is printable already. */
struct emit_string emit_string_of(const char *printable);

struct emit_field {
    const char *name;
    enum emit_type type;
    size_t offset;       /* of the member of the record */
    const char *heading; /* of the column for people; NULL: too much for them */
    int digits;          /* significant, for people */
};

/* A member that is called as the field is. */
#define EMIT_FIELD(record, type, member, heading, digits) \
    { #member, type, offsetof(struct record, member), heading, digits }

#define EMIT_FIELDS_MOST 48

struct emit;

/* Begins a document in the form that the options ask for; output and fields are lent until
 * emit_end.  JSON and TSV are written record by record; text is held back until emit_end, for the
 * widths of its columns. */
struct emit *emit_begin(struct output *output, const struct options *options,
                        const struct emit_field fields[], size_t field_count);

/* Begins a JSON document of one line without records, which emit_end leaves in out. */
struct emit *emit_begin_line(struct text *out);

/* Members of the JSON document before its records; nothing in other forms.  emit_object opens an
 * object that emit_close closes. */
void emit_text(struct emit *emit, const char *key, const char *value);
void emit_name(struct emit *emit, const char *key, const char *bytes, size_t length);
void emit_count(struct emit *emit, const char *key, uint64_t value);
void emit_number(struct emit *emit, const char *key, double value);
void emit_truth(struct emit *emit, const char *key, bool value);
void emit_json(struct emit *emit, const char *key, const char *json); /* that is JSON already */
void emit_object(struct emit *emit, const char *key);
void emit_close(struct emit *emit);

/* The records that follow are the members of this array.  Without it there is one record, which
 * is the document itself; as text it is a line for each field. */
void emit_array(struct emit *emit, const char *key);

/* Sets the members of a record that are fields to "not defined". */
void emit_undefine(const struct emit_field fields[], size_t field_count, void *record);

/* One record: the struct that the fields' offsets are of. */
void emit_record(struct emit *emit, const void *record);

/* Ends the document and frees emit. */
void emit_end(struct emit *emit);

#endif
