/* SPDX-License-Identifier: MIT */
#include "model/torch_zip.h"

#include <inttypes.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "model/label.h"
#include "model/parts.h"
#include "model/torch.h"

#define PICKLE_MOST (256u << 20) /* bytes, unpacked */
#define SMALL_MOST  4096u        /* bytes of version, byteorder */

/* An archive that is being read. */
struct reader {
    struct torch torch;
    const struct zip *zip;
    struct text prefix;            /* "FOLDER/", or "" */
    const struct content **opened; /* of deflated members, by their index; NULL if not opened yet */
};

static const char data_name[] = "data.pkl";

/* Bytes of a member's name before data.pkl, if it is one at the top or in a folder there. */
static bool is_data(const struct zip_member *member, size_t *folder)
{
    const size_t length = sizeof data_name - 1;
    if (member->name_length < length)
        return false;
    *folder = member->name_length - length;
    const char *slash = memchr(member->name, '/', member->name_length);
    return memcmp(member->name + *folder, data_name, length) == 0 &&
           (slash ? slash + 1 == member->name + *folder : *folder == 0);
}

const struct zip_member *torch_zip_pickle(const struct zip *zip)
{
    const struct zip_member *first = NULL;
    size_t folder;
    for (size_t i = 0; i < zip->count; i++) {
        const struct zip_member *member = &zip->members[i];
        if (!is_data(member, &folder))
            continue;
        if (zip->members[0].name_length >= folder &&
            memcmp(zip->members[0].name, member->name, folder) == 0)
            return member;
        if (!first)
            first = member;
    }
    return first;
}

/* The member FOLDER/NAME or FOLDER/NAME/KEY. */
static const struct zip_member *find(const struct reader *reader, const char *name, const char *key)
{
    struct text path = {0};
    text_add(&path, reader->prefix.data, reader->prefix.length);
    text_puts(&path, name);
    if (key) {
        text_puts(&path, "/");
        text_puts(&path, key);
    }
    const struct zip_member *member = zip_find(reader->zip, path.data);
    text_done(&path);
    return member;
}

/* The content in which a member lies, which the model owns. */
static const struct content *open_member(struct reader *reader, const struct zip_member *member,
                                         uint64_t *offset)
{
    size_t index = (size_t)(member - reader->zip->members);
    *offset = 0;
    if (reader->opened[index])
        return reader->opened[index];
    struct content *owned = NULL;
    const struct content *content =
        zip_open(reader->zip, member, offset, &owned, reader->torch.error);
    if (owned) {
        parts_add_content(reader->torch.model, owned);
        reader->opened[index] = owned;
    }
    return content;
}

/* Finds the member of a storage, and checks that it is as large as the pickle says. */
static bool find_storage(struct reader *reader, struct torch_storage *storage)
{
    const struct torch *torch = &reader->torch;
    const struct zip_member *member = find(reader, storage->folder, storage->key);
    struct quote quote;
    uint64_t bytes = 0;
    if (!member)
        return torch_fail(torch, storage->at, "it names storage %s, which the archive has not",
                          label_quote(&quote, storage->key, storage->key_length));
    if (storage->type && !torch_storage_bytes(torch, storage, &bytes))
        return false;
    if (bytes > member->size && !member->fault)
        return torch_fail(torch, storage->at,
                          "storage %s should have %" PRIu64 " bytes, but has %" PRIu64,
                          label_quote(&quote, storage->key, storage->key_length), bytes,
                          member->size);
    storage->content = open_member(reader, member, &storage->offset);
    return storage->content != NULL;
}

/* Copies a short member into text; false if there is none. */
static bool read_small(struct reader *reader, const char *name, struct text *text)
{
    const struct zip_member *member = find(reader, name, NULL);
    unsigned char *bytes = member ? zip_extract(reader->zip, member, SMALL_MOST, NULL) : NULL;
    if (bytes)
        text_add(text, (const char *)bytes, (size_t)member->size);
    while (text->length > 0 && text->data[text->length - 1] == '\n')
        text->data[--text->length] = '\0';
    mem_free(bytes);
    return bytes != NULL;
}

static bool read_byte_order(struct reader *reader)
{
    struct torch *torch = &reader->torch;
    struct text text = {0};
    bool good = true;
    if (read_small(reader, "byteorder", &text)) {
        const struct zip_member *member = find(reader, "byteorder", NULL);
        const char *order = text.data ? text.data : "";
        torch->big_endian = strcmp(order, "big") == 0;
        good = torch->big_endian || strcmp(order, "little") == 0 ||
               torch_fail(torch, member->offset, "its byteorder is neither little nor big");
        if (good)
            torch_add_text(torch, "byteorder", "string", order);
    }
    text_clear(&text);
    if (good && read_small(reader, "version", &text) && text.length > 0)
        torch_add_text(torch, "version", "string", text.data);
    text_done(&text);
    return good;
}

/* Collects the tensors of one of the archive's pickles, whose storages lie in `folder`. */
static bool walk_pickle(struct reader *reader, const struct zip_member *member, const char *part,
                        const char *folder, const char *name)
{
    struct torch *torch = &reader->torch;
    unsigned char *bytes = zip_extract(reader->zip, member, PICKLE_MOST, torch->error);
    if (!bytes)
        return false;
    torch->part = part;
    torch->folder = folder;
    /* What is deflated has no places in the file; they count from its own start. */
    struct pickle_place place = {torch->file->label, part, member->deflated ? 0 : member->offset,
                                 TORCH_ADVICE};
    struct pickle_value *root =
        pickle_read(&place, bytes, (size_t)member->size, torch_globals(torch), &torch->pickles,
                    NULL, torch->error);
    mem_free(bytes);
    return root && torch_walk(torch, name, root);
}

static bool read_archive(struct reader *reader, const struct zip_member *pickle)
{
    struct torch *torch = &reader->torch;
    const struct zip_member *constants = find(reader, "constants.pkl", NULL);
    if (!torch->model->format)
        torch->model->format = constants ? "TorchScript" : "PyTorch";
    if (!read_byte_order(reader) || !walk_pickle(reader, pickle, "data.pkl: ", "data", "") ||
        (constants && !walk_pickle(reader, constants, "constants.pkl: ", "constants", "constants")))
        return false;
    for (size_t i = 0; i < torch->storage_count; i++)
        if (!find_storage(reader, &torch->storages[i]))
            return false;
    return torch_finish(torch);
}

bool torch_zip_read(struct model *model, const struct zip *zip, const struct zip_member *pickle,
                    struct error *error)
{
    struct reader reader = {.zip = zip};
    size_t folder = pickle->name_length - (sizeof data_name - 1);
    text_add(&reader.prefix, pickle->name, folder);
    reader.opened = mem_zero(zip->count, sizeof(const struct content *));
    torch_begin(&reader.torch, model, zip->content, error);
    bool good = read_archive(&reader, pickle);
    torch_done(&reader.torch);
    mem_free(reader.opened);
    text_done(&reader.prefix);
    return good;
}
