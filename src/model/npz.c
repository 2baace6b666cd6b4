/* SPDX-License-Identifier: MIT */
#include "model/npz.h"

#include <inttypes.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "model/label.h"
#include "model/npy.h"
#include "model/parts.h"

#define SUFFIX        ".npy"
#define SUFFIX_LENGTH 4u

/* Members are checked against their sums on opening, as a wrong one shows up nowhere else: larger
 * ones are not, nor those beyond a total, as opening a model reads its headers and not the whole of
 * it (and an archive may have a million members).  What is deflated and damaged is mostly found
 * when it is read. */
#define VERIFIED_MOST (UINT64_C(64) << 20)  /* bytes of a member */
#define VERIFIED_SUM  (UINT64_C(256) << 20) /* bytes of all, which takes a second or less */

struct reader {
    struct model *model;
    const struct zip *zip;
    uint64_t verified;  /* bytes so far */
    bool has_numbers;   /* some member is an array of numbers */
    struct error fault; /* of the first that is not */
    struct error *error;
};

static bool is_array(const struct zip_member *member)
{
    return member->name_length >= SUFFIX_LENGTH &&
           memcmp(member->name + member->name_length - SUFFIX_LENGTH, SUFFIX, SUFFIX_LENGTH) == 0;
}

/* Names in an archive may be of any old character set: those that are not UTF-8 go by their
 * escapes. */
static void set_name(struct reader *reader, const struct zip_member *member, struct tensor *tensor)
{
    struct arena *arena = &reader->model->parts->arena;
    tensor->name_length = member->name_length - SUFFIX_LENGTH;
    tensor->name = arena_string(arena, member->name, tensor->name_length);
    tensor->label = label_of(arena, tensor->name, tensor->name_length);
    if (!label_valid(tensor->name, tensor->name_length)) {
        tensor->name = tensor->label;
        tensor->name_length = strlen(tensor->label);
    }
}

static bool verify(struct reader *reader, const struct zip_member *member)
{
    if (member->size > VERIFIED_MOST || member->size > VERIFIED_SUM - reader->verified)
        return true;
    reader->verified += member->size;
    return zip_verify(reader->zip, member, reader->error);
}

/* Keeps why a member is no array of numbers, in case that no other is one. */
static struct error *fault_of(struct reader *reader)
{
    return reader->fault.code == ERROR_NONE ? &reader->fault : NULL;
}

/* Lists a member of which nothing is known but its name. */
static bool add_sealed(struct reader *reader, const struct zip_member *member)
{
    static const uint64_t nothing[] = {0};
    const struct npy_file file = {reader->zip->content, member->offset, 0, member->label};
    struct arena *arena = &reader->model->parts->arena;
    struct tensor tensor = {
        .content = file.content, .dtype_name = "unknown", .rank = 1, .dims = nothing};
    struct text reason = {0};
    text_printf(&reason, "its member of the archive %s", member->fault);
    tensor.reason = arena_string(arena, reason.data, reason.length);
    text_done(&reason);
    set_name(reader, member, &tensor);
    parts_add_tensor(reader->model, &tensor);
    npy_fail(&file, member->offset, fault_of(reader), "%s", member->fault);
    return true;
}

/* Reads the header of a member.  A deflated one is opened for that alone: an archive may have a
 * million members, and a content that has been read from keeps what it unpacked. */
static bool read_header(struct reader *reader, const struct zip_member *member,
                        struct npy_array *array)
{
    struct content *owned;
    struct npy_file file = {.size = member->size};
    file.content = zip_open(reader->zip, member, &file.offset, &owned, reader->error);
    file.member = owned ? NULL : member->label; /* a content of its own has it in its label */
    bool good = file.content && npy_read(reader->model, &file, array, reader->error);
    if (good && array->tensor.dtype)
        reader->has_numbers = true;
    else if (good)
        npy_refuse(&file, array, fault_of(reader));
    content_free(owned);
    return good;
}

static bool add_array(struct reader *reader, const struct zip_member *member)
{
    struct npy_array array = {.type_at = 0};
    struct tensor *tensor = &array.tensor;
    set_name(reader, member, tensor);
    if (!verify(reader, member) || !read_header(reader, member, &array))
        return false;
    struct content *owned;
    uint64_t offset;
    tensor->content = zip_open(reader->zip, member, &offset, &owned, reader->error);
    if (owned)
        parts_add_content(reader->model, owned);
    if (tensor->content)
        parts_add_tensor(reader->model, tensor);
    return tensor->content != NULL;
}

static bool check_twins(const struct reader *reader, size_t first)
{
    size_t count = reader->model->count - first;
    const struct tensor **ordered = parts_by_name(reader->model->tensors + first, count);
    const struct tensor *const *twin = parts_twin(ordered, count);
    struct quote name;
    if (twin)
        error_set(reader->error, ERROR_FILE, "%s: has two arrays of the name %s",
                  reader->zip->content->label,
                  label_quote(&name, twin[0]->name, twin[0]->name_length));
    mem_free(ordered);
    return !twin;
}

bool npz_read(struct model *model, const struct zip *zip, struct error *error)
{
    struct reader reader = {.model = model, .zip = zip, .error = error};
    size_t first = model->count;
    for (size_t i = 0; i < zip->count; i++) {
        const struct zip_member *member = &zip->members[i];
        if (is_array(member) &&
            !(member->fault ? add_sealed(&reader, member) : add_array(&reader, member)))
            return false;
    }
    if (!model->format)
        model->format = "npz";
    if (reader.has_numbers)
        return check_twins(&reader, first);
    if (model->count == first)
        return error_set(error, ERROR_FILE, "%s: has no member that is a NumPy array",
                         zip->content->label);
    if (error)
        *error = reader.fault;
    return false;
}
