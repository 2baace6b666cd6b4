/* SPDX-License-Identifier: MIT
 *
 * The input is a zip archive, taken for one of NumPy's whatever its members are.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>

#include "fuzz_model.h"
#include "model/npz.h"
#include "model/parts.h"
#include "model/zip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_archive(struct model *model, struct content *content)
{
    struct error error = {0};
    struct zip zip = {0};
    parts_add_content(model, content);
    if (zip_read(&zip, content, &model->parts->arena, &error) && npz_read(model, &zip, &error)) {
        for (size_t i = 0; i < model->count; i++)
            fuzz_tensor(&model->tensors[i]);
    } else {
        fuzz_require(error.code == ERROR_FILE, "a bad file is the file's fault");
        fuzz_require(utf8_printable(error.text, strlen(error.text)), "messages are printable");
    }
    zip_done(&zip);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int file = -1;
    static char path[32];
    if (file < 0) {
        file = memfd_create("input", MFD_CLOEXEC);
        snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    }
    fuzz_replace(file, data, size);
    struct content *content = content_open(path, NULL);
    if (!content)
        return 0;
    struct model *model = parts_new_model(path);
    read_archive(model, content);
    model_free(model);
    return 0;
}
