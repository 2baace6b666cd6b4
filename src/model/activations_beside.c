/* SPDX-License-Identifier: MIT
 *
 * The activation file that lies beside a model.
 */
#include <string.h>
#include <unistd.h>

#include "model/activations.h"
#include "model/directory.h"

/* Sets path to FOLDER/NAME; true if there is such a file. */
static bool is_there(struct text *path, const char *folder, size_t folder_length, const char *name,
                     size_t name_length, const char *suffix)
{
    text_clear(path);
    text_add(path, folder, folder_length);
    text_add(path, name, name_length);
    text_puts(path, suffix);
    return access(path->data, R_OK) == 0;
}

bool activations_beside(const char *model_path, struct text *path)
{
    static const char *const imatrices[] = {"imatrix.gguf", "imatrix.dat"};
    struct text folder = {0}, found = {0};
    const char *slash = strrchr(model_path, '/'), *name = slash ? slash + 1 : model_path;
    const char *dot = strrchr(name, '.');
    size_t stem = dot ? (size_t)(dot - name) : strlen(name);
    text_add(&folder, model_path, (size_t)(name - model_path));
    if (directory_is(model_path)) {
        text_puts(&folder, name);
        text_puts(&folder, "/");
        name = "model";
        stem = strlen(name);
    }
    bool there =
        is_there(&found, folder.data, folder.length, name, stem, ".second-moments.safetensors");
    for (size_t i = 0; !there && i < sizeof imatrices / sizeof *imatrices; i++)
        there = is_there(&found, folder.data, folder.length, "", 0, imatrices[i]);
    if (there)
        text_add(path, found.data, found.length);
    text_done(&folder);
    text_done(&found);
    return there;
}
