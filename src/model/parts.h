/* SPDX-License-Identifier: MIT
 *
 * A model while it is being read; private to model/.
 */
#ifndef MODEL_PARTS_H
#define MODEL_PARTS_H

#include <stddef.h>

#include "model/arena.h"
#include "model/content.h"
#include "model/model.h"

/* Tensors that one file may describe, where a description takes next to no bytes: more than twice as
 * many as the largest models have in all their files. */
#define PARTS_TENSORS_MOST (1u << 18)

/* What a model owns besides its array of tensors. */
struct model_parts {
    struct content **contents; /* one that is packed in another comes after it */
    size_t content_count, content_capacity;
    const struct content **siblings; /* those of contents that a reader opened by itself */
    size_t sibling_count, sibling_capacity;
    size_t tensor_capacity;
    struct model_options options;
    struct arena arena; /* names, labels and shapes */
};

/* An empty model of this path, whose last component becomes the label. */
struct model *parts_new_model(const char *path);

/* Gives the model bytes that its tensors will point to. */
void parts_add_content(struct model *model, struct content *content);

/* As parts_add_content, for a file that a reader opens by itself because it belongs to the one that
 * it was given. */
void parts_add_sibling(struct model *model, struct content *content);

/* True if this is a file, by whatever name, that a reader has added to the model by itself. */
bool parts_is_sibling(const struct model *model, const struct content *content);

/* The name of a file as a source of metadata: the last component of its path. */
const char *parts_source(struct model *model, const struct content *content);

/* Sets elements and bytes of a tensor that has its name, type, shape, strides, content and offset,
 * and checks that all of it can be: products within 64 bits, whole blocks (of rows, for types with
 * blocks), all elements inside the content.  Else false with ERROR_FILE, `FILE: tensor "NAME":
 * what is wrong (byte AT)`; at is where the file describes the tensor.  A tensor of an unknown type
 * gets its elements and no bytes. */
bool parts_place(struct tensor *tensor, uint64_t at, struct error *error);

/* The failure of a tensor's description: `FILE: tensor "NAME": TEXT (byte AT)`; false. */
bool parts_fail(const struct tensor *tensor, uint64_t at, struct error *error, const char *format,
                ...) __attribute__((format(printf, 4, 5)));

/* Makes room for so many tensors more. */
void parts_reserve(struct model *model, size_t n);

/* Appends a copy of a tensor whose memory the model owns. */
void parts_add_tensor(struct model *model, const struct tensor *tensor);

/* Adds a line that tells the user what was done with the files: metadata of source MODEL_NOTES. */
void parts_note(struct model *model, const char *key, const char *value);

/* Compares tensors by the bytes of their names: for qsort over pointers to tensors. */
int parts_compare_names(const void *a, const void *b);

/* Pointers to tensors[0..n-1] ordered by name; the caller's to mem_free. */
const struct tensor **parts_by_name(const struct tensor *tensors, size_t n);

/* The first of n ordered tensors that has the name of the one behind it; NULL if there is none. */
const struct tensor *const *parts_twin(const struct tensor *const ordered[], size_t n);

/* Refuses two tensors of one name in n ordered ones, naming the files of both. */
bool parts_check_twins(const struct tensor *const ordered[], size_t n, struct error *error);

#endif
