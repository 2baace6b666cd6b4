/* SPDX-License-Identifier: MIT
 *
 * Tensors of a PyTorch checkpoint from the values of its pickles; private to the readers of
 * PyTorch's formats.  They differ in where the bytes of storages lie: torch_walk collects tensors
 * and the storages that they name, the reader says where each storage is, and torch_finish puts
 * the two together.
 */
#ifndef MODEL_TORCH_H
#define MODEL_TORCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "model/arena.h"
#include "model/content.h"
#include "model/model.h"
#include "model/pickle.h"
#include "model/torch_types.h"

#define TORCH_DEPTH_MOST 256 /* containers within containers */
#define TORCH_NO_STORAGE SIZE_MAX
#define TORCH_NAME_MOST  4096u /* bytes of the name of a tensor */

/* A storage, once for every time that a pickle names it. */
struct torch_storage {
    const char *folder; /* of the archive */
    const char *key;    /* with a NUL behind it; a number as its digits */
    size_t key_length;
    const struct torch_type *type; /* NULL if it is not known */
    const char *type_name;         /* the global's last name, printable */
    uint64_t count;                /* elements of the whole storage */
    uint64_t first, shown;         /* the part that is meant, in elements */
    uint64_t at;                   /* byte of the file that names it */
    const struct content *content; /* where the whole lies, set by the reader */
    uint64_t offset;
};

struct torch_tensor {
    struct tensor tensor; /* without content and offset until torch_finish; with dtype NULL it has
                           * no bytes that could be placed */
    size_t storage;       /* index of the storage, or TORCH_NO_STORAGE */
    uint64_t first;       /* element of the storage */
    uint64_t at;          /* byte of the file that describes it */
};

struct torch {
    struct model *model;
    const struct content *file;
    struct error *error;
    const char *part;   /* that is being read, for messages: "data.pkl: ", or "" */
    const char *folder; /* of an archive, for the storages that are named now */
    const char *source; /* of metadata */
    bool big_endian;
    struct arena pickles; /* values, which go once the tensors are known */
    struct torch_storage *storages;
    size_t storage_count, storage_capacity;
    struct torch_tensor *tensors; /* in the order of the pickle */
    size_t tensor_count, tensor_capacity;

    /* What a persistent id means that is not a storage; NULL where there are only storages. */
    bool (*refer)(struct torch *torch, const struct pickle_value *id, uint64_t at);
    const void *context; /* for refer */

    /* Of the walk. */
    struct text path;                                  /* name of the value at hand */
    const struct pickle_value *open[TORCH_DEPTH_MOST]; /* containers around it */
    unsigned depth;
    bool repeating;    /* within a value that was visited before */
    size_t repeats;    /* values visited again */
    size_t unrepeated; /* containers not visited again because that were too many */
    size_t name_bytes; /* of tensors, in all */
};

/* Prepares *torch, which must be all zero but for what the reader sets besides. */
void torch_begin(struct torch *torch, struct model *model, const struct content *file,
                 struct error *error);

/* Reads the pickle at *at of the file, of at most `most` bytes, and moves *at behind it; NULL on
 * failure. */
struct pickle_value *torch_read_pickle(struct torch *torch, uint64_t *at, uint64_t most);

/* What to do about a file that names others. */
#define TORCH_ADVICE "--any-class reads past it"

/* Which globals may occur: those that checkpoints are made of, or, if the model's options say so,
 * any, since nothing is ever called. */
typedef bool torch_allowed(const char *global);
torch_allowed *torch_globals(const struct torch *torch);

/* Collects the tensors of a value, whose names begin with this one, and the metadata. */
bool torch_walk(struct torch *torch, const char *name, struct pickle_value *root);

/* Places all tensors, whose storages have their contents by now, and gives them to the model. */
bool torch_finish(struct torch *torch);

void torch_done(struct torch *torch);

/* Sets ERROR_FILE, "FILE: PART: TEXT (byte N)"; false. */
bool torch_fail(const struct torch *torch, uint64_t at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Reads the number of elements, 8 bytes at *at, that lies before the elements of a storage, and
 * moves behind these, each of `unit` bytes; all must end at `end`. */
bool torch_skip_elements(const struct torch *torch, uint64_t *at, uint64_t end, unsigned unit,
                         uint64_t *count);

/* Bytes of a storage, of a known type; false, with the error, if that is beyond 64 bits. */
bool torch_storage_bytes(const struct torch *torch, const struct torch_storage *storage,
                         uint64_t *bytes);

/* What the parts of the walk and the older readers share. */

/* Takes the storage that a persistent id names; *index is its place in torch->storages. */
bool torch_take_storage(struct torch *torch, const struct pickle_value *id, uint64_t at,
                        size_t *index);

/* Adds a tensor with the name of the path.  Its dims and strides are the arena's already. */
bool torch_add_tensor(struct torch *torch, const struct torch_tensor *tensor);

/* Walks a value under the path as it is, or with a component more. */
bool torch_walk_value(struct torch *torch, struct pickle_value *value);
bool torch_walk_child(struct torch *torch, const char *name, size_t length,
                      struct pickle_value *value);

/* Takes a call that makes a tensor; *known is false if it is a call of something else. */
bool torch_rebuild(struct torch *torch, struct pickle_value *call, bool *known);

/* Adds a storage that stands alone, as a tensor of rank 1. */
bool torch_rebuild_storage(struct torch *torch, size_t index, uint64_t at);

void torch_set_type(struct tensor *tensor, const struct torch_type *type);

/* Leaves out strides that say what is so without them. */
void torch_drop_strides(struct tensor *tensor);

/* What a CALL calls, "torch.nn.modules.conv.Conv2d"; "" if that is no global. */
const char *torch_callee(const struct pickle_value *call);

/* torch_metadata.c: values without tensors, as metadata under the path. */
bool torch_is_plain(const struct pickle_value *value); /* a scalar, a text, a global */
bool torch_is_row(const struct pickle_value *value);   /* items that are all plain */
void torch_add_plain(struct torch *torch, const struct pickle_value *value);
void torch_add_row(struct torch *torch, const struct pickle_value *value);
void torch_add_object(struct torch *torch, const struct pickle_value *call);
void torch_add_text(struct torch *torch, const char *key, const char *type, const char *value);

/* torch_alias.c: sets alias_of of the placed tensors that have all their bytes in an earlier
 * one. */
void torch_find_aliases(struct tensor *tensors, size_t count);

#endif
