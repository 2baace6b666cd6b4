/* SPDX-License-Identifier: MIT
 *
 * A model while it is being read; private to model/.
 */
#ifndef MODEL_PARTS_H
#define MODEL_PARTS_H

#include <stddef.h>

#include "model/arena.h"
#include "model/mapping.h"
#include "model/model.h"

/* What a model owns besides its array of tensors. */
struct model_parts {
    struct mapping **files;
    size_t file_count, file_capacity;
    size_t tensor_capacity;
    struct arena arena; /* names, labels and shapes */
};

/* An empty model of this path, whose last component becomes the label. */
struct model *parts_new_model(const char *path);

/* Gives the model a file that its tensors will point to. */
void parts_add_file(struct model *model, struct mapping *file);

/* Appends a copy of a tensor whose memory the model owns. */
void parts_add_tensor(struct model *model, const struct tensor *tensor);

/* Compares tensors by the bytes of their names: for qsort over pointers to tensors. */
int parts_compare_names(const void *a, const void *b);

/* Pointers to tensors[0..n-1] ordered by name; the caller's to mem_free. */
const struct tensor **parts_by_name(const struct tensor *tensors, size_t n);

/* The first of n ordered tensors that has the name of the one behind it; NULL if there is none. */
const struct tensor *const *parts_twin(const struct tensor *const ordered[], size_t n);

/* Refuses two tensors of one name in n ordered ones, naming the files of both. */
bool parts_check_twins(const struct tensor *const ordered[], size_t n, struct error *error);

#endif
