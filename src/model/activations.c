/* SPDX-License-Identifier: MIT */
#include "model/activations.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/imatrix.h"
#include "model/label.h"
#include "model/parts.h"

static const char *const names[ACTIVATION_KINDS] = {
    [ACTIVATION_UNKNOWN] = "unknown",
    [ACTIVATION_SAMPLES] = "samples",
    [ACTIVATION_SECOND_MOMENT] = "second-moment",
    [ACTIVATION_DIAGONAL] = "diagonal",
    [ACTIVATION_RANGES] = "absmax",
};

/* How metadata and names tell the kind. */
static const struct sign {
    const char *text;
    enum activation_kind kind;
} metadata_signs[] =
    {
        {"E[x x^T]", ACTIVATION_SECOND_MOMENT}, {"E[x_i^2]", ACTIVATION_DIAGONAL},
        {"max |x_i|", ACTIVATION_RANGES},       {"inputs", ACTIVATION_SAMPLES},
        {"second", ACTIVATION_SECOND_MOMENT},   {"diagonal", ACTIVATION_DIAGONAL},
        {"absmax", ACTIVATION_RANGES},          {"samples", ACTIVATION_SAMPLES},
},
  suffixes[] = {
      {".input", ACTIVATION_SAMPLES},
      {".second_moment", ACTIVATION_SECOND_MOMENT},
      {".diagonal", ACTIVATION_DIAGONAL},
      {".absmax", ACTIVATION_RANGES},
};

/* Rows and columns of a square matrix that tell a second moment from samples, the elements of each
 * that are looked at, and what sums in another order may make of an element. */
#define ROWS_COMPARED 4
#define COMPARED      512
#define ASYMMETRY     1e-3

/* Counts of one entry: several times as many experts as any model has. */
#define COUNTS_MOST 65536

enum {
    METADATA_SIGNS = sizeof metadata_signs / sizeof *metadata_signs,
    SUFFIXES = sizeof suffixes / sizeof *suffixes
};

/* A file while its entries are told apart. */
struct reader {
    struct activations *activations;
    const struct tensor **by_name; /* the tensors in the order of their names */
    enum activation_kind given;    /* by the user */
    enum activation_kind told;     /* by the metadata */
    struct error *error;
};

const char *activation_kind_name(enum activation_kind kind)
{
    return names[kind];
}

bool activation_kind_parse(const char *text, enum activation_kind *kind, struct error *error)
{
    for (int i = ACTIVATION_UNKNOWN + 1; i < ACTIVATION_KINDS; i++)
        if (strcmp(text, names[i]) == 0) {
            *kind = (enum activation_kind)i;
            return true;
        }
    struct quote quote;
    return error_set(error, ERROR_USAGE,
                     "activation kind is samples, second-moment, diagonal or absmax, not %s",
                     label_quote(&quote, text, strlen(text)));
}

static bool ends_with(const char *text, size_t length, const char *tail)
{
    size_t size = strlen(tail);
    return length > size && memcmp(text + length - size, tail, size) == 0;
}

static const struct sign *suffix_of(const char *label)
{
    for (size_t i = 0; i < SUFFIXES; i++)
        if (ends_with(label, strlen(label), suffixes[i].text))
            return &suffixes[i];
    return NULL;
}

static enum activation_kind kind_of_metadata(const struct metadata *metadata)
{
    for (size_t i = 0; i < metadata->count; i++)
        for (size_t j = 0; strcmp(metadata->entries[i].key, "kind") == 0 && j < METADATA_SIGNS; j++)
            if (strncmp(metadata->entries[i].value, metadata_signs[j].text,
                        strlen(metadata_signs[j].text)) == 0)
                return metadata_signs[j].kind;
    return ACTIVATION_UNKNOWN;
}

/* The tensor of this name; NULL if there is none. */
static const struct tensor *find(const struct reader *reader, const struct text *name)
{
    const struct tensor wanted = {.name = name->data, .name_length = name->length};
    const struct tensor *key = &wanted;
    const struct tensor **found = bsearch(&key, reader->by_name, reader->activations->model->count,
                                          sizeof *reader->by_name, parts_compare_names);
    return found ? *found : NULL;
}

static uint64_t last_dimension(const struct tensor *tensor)
{
    return tensor->dims[tensor->rank - 1];
}

/* True if all elements are along the last dimension. */
static bool is_vector(const struct tensor *tensor)
{
    return tensor->elements == last_dimension(tensor);
}

static bool is_square(const struct tensor *tensor)
{
    return tensor->rank == 2 && tensor->dims[0] == tensor->dims[1];
}

static bool fits(const struct tensor *tensor, enum activation_kind kind)
{
    return kind == ACTIVATION_SAMPLES || kind == ACTIVATION_UNKNOWN ||
           (kind == ACTIVATION_SECOND_MOMENT ? is_square(tensor) : is_vector(tensor));
}

/* Whether a square matrix begins with rows that are its columns: samples never do. */
static bool is_symmetric(const struct tensor *tensor, bool *symmetric, struct error *error)
{
    const struct tensor_view by_row = {.axis = 0}, by_column = {.axis = 1};
    const uint64_t d = tensor->dims[0];
    const size_t n = d < COMPARED ? (size_t)d : COMPARED;
    double row[COMPARED], column[COMPARED];
    *symmetric = true;
    for (uint64_t i = 0; i < d && i < ROWS_COMPARED; i++) {
        if (!tensor_read(tensor, by_row, i * d, n, row, error) ||
            !tensor_read(tensor, by_column, i * d, n, column, error))
            return false;
        for (size_t j = 0; j < n; j++)
            *symmetric = *symmetric &&
                         fabs(row[j] - column[j]) <= ASYMMETRY * (fabs(row[j]) + fabs(column[j]));
    }
    return true;
}

/* What the shape alone says. */
static bool kind_of_shape(const struct tensor *tensor, enum activation_kind *kind,
                          struct error *error)
{
    bool symmetric = false;
    if (tensor->rank == 1)
        return parts_fail(
            tensor, tensor->offset, error,
            "a vector of %llu may be a diagonal or ranges: say which by "
            "--activation-kind diagonal or absmax, by \"kind\" in __metadata__, or by "
            "a name that ends with .diagonal or .absmax",
            (unsigned long long)tensor->elements);
    if (is_square(tensor) && !is_symmetric(tensor, &symmetric, error))
        return false;
    *kind = symmetric ? ACTIVATION_SECOND_MOMENT : ACTIVATION_SAMPLES;
    return true;
}

static struct activation *add_entry(struct reader *reader, const struct tensor *tensor,
                                    enum activation_kind kind, size_t weight_length)
{
    struct activations *activations = reader->activations;
    struct activation *entry = &activations->entries[activations->count++];
    *entry = (struct activation){
        .weight = arena_string(&activations->model->parts->arena, tensor->label, weight_length),
        .kind = kind,
        .tensor = tensor,
    };
    if (kind != ACTIVATION_UNKNOWN) {
        entry->width = last_dimension(tensor);
        entry->rows = tensor->elements / entry->width;
    }
    return entry;
}

static bool add_tensor(struct reader *reader, const struct tensor *tensor)
{
    const struct sign *suffix = suffix_of(tensor->label);
    size_t length = strlen(tensor->label) - (suffix ? strlen(suffix->text) : 0);
    const char *reason;
    enum activation_kind kind = reader->given ? reader->given
                                : suffix      ? suffix->kind
                                              : reader->told;
    if (!tensor_readable(tensor, &reason) || tensor->rank == 0 || tensor->elements == 0)
        kind = ACTIVATION_UNKNOWN;
    else if (!kind && !kind_of_shape(tensor, &kind, reader->error))
        return false;
    if (!fits(tensor, kind))
        return parts_fail(tensor, tensor->offset, reader->error,
                          "is said to be of kind %s, but its shape is of another", names[kind]);
    add_entry(reader, tensor, kind, length);
    return true;
}

/* Reads the counts of an importance matrix's entry: one, or one for each row. */
static bool read_counts(struct reader *reader, struct activation *entry,
                        const struct tensor *counts)
{
    const char *reason;
    if (!counts || !tensor_readable(counts, &reason) ||
        (counts->elements != 1 && counts->elements != entry->rows) ||
        counts->elements > COUNTS_MOST)
        return parts_fail(entry->tensor, entry->tensor->offset, reader->error,
                          "an importance matrix without counts that fit");
    double *values = mem_alloc((size_t)counts->elements, sizeof *values);
    entry->counts = values;
    entry->count_rows = counts->elements;
    if (!tensor_read(counts, (struct tensor_view){0}, 0, (size_t)counts->elements, values,
                     reader->error))
        return false;
    for (uint64_t i = 0; i < counts->elements; i++)
        if (!(values[i] >= 0 && values[i] <= 1e18))
            return parts_fail(counts, counts->offset, reader->error, "element %llu is no count",
                              (unsigned long long)i);
    return true;
}

static bool add_imatrix_entry(struct reader *reader, const struct tensor *sums)
{
    const char *reason;
    if (!tensor_readable(sums, &reason) || sums->rank == 0 || sums->elements == 0)
        return parts_fail(sums, sums->offset, reader->error, "is no readable importance matrix");
    size_t length = strlen(sums->label) - strlen(IMATRIX_SUMS);
    struct activation *entry = add_entry(reader, sums, ACTIVATION_DIAGONAL, length);
    entry->relative = true;
    entry->flat = sums->rank == 1;
    struct text name = {0};
    text_add(&name, sums->name, sums->name_length - strlen(IMATRIX_SUMS));
    text_puts(&name, IMATRIX_COUNTS);
    bool good = read_counts(reader, entry, find(reader, &name));
    text_done(&name);
    return good;
}

/* Of an importance matrix every sum is an entry, and nothing else is (there are counts, and sums
 * without squares). */
static bool is_imatrix(const struct model *model)
{
    for (size_t i = 0; i < model->count; i++)
        if (ends_with(model->tensors[i].name, model->tensors[i].name_length, IMATRIX_SUMS))
            return true;
    return false;
}

static bool add_entries(struct reader *reader)
{
    const struct model *model = reader->activations->model;
    bool imatrix = is_imatrix(model), good = true, any = false;
    for (size_t i = 0; good && i < model->count; i++) {
        const struct tensor *tensor = &model->tensors[i];
        if (!imatrix)
            good = add_tensor(reader, tensor);
        else if (ends_with(tensor->name, tensor->name_length, IMATRIX_SUMS))
            good = add_imatrix_entry(reader, tensor);
    }
    for (size_t i = 0; i < reader->activations->count; i++)
        any = any || reader->activations->entries[i].kind != ACTIVATION_UNKNOWN;
    return good && (any || error_set(reader->error, ERROR_FILE, "%s: holds no activations",
                                     model->parts->contents[0]->label));
}

struct activations *activations_of(struct model *model_stolen, enum activation_kind kind,
                                   struct error *error)
{
    struct activations *activations = mem_zero(1, sizeof *activations);
    activations->model = model_stolen;
    activations->entries = mem_zero(model_stolen->count, sizeof *activations->entries);
    struct reader reader = {.activations = activations,
                            .by_name = parts_by_name(model_stolen->tensors, model_stolen->count),
                            .given = kind,
                            .told = kind_of_metadata(&model_stolen->metadata),
                            .error = error};
    bool good = add_entries(&reader);
    mem_free(reader.by_name);
    if (good)
        return activations;
    activations_free(activations);
    return NULL;
}

struct activations *activations_open(const char *path, enum activation_kind kind,
                                     struct error *error)
{
    struct model *model = model_open(&path, 1, NULL, error);
    return model ? activations_of(model, kind, error) : NULL;
}

void activations_free(struct activations *activations)
{
    if (!activations)
        return;
    for (size_t i = 0; i < activations->count; i++)
        mem_free((void *)activations->entries[i].counts);
    mem_free(activations->entries);
    model_free(activations->model);
    mem_free(activations);
}
