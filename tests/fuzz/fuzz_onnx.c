/* SPDX-License-Identifier: MIT
 *
 * The input is an ONNX model, in a folder with 64 bytes of data in the file "d", which tensors may
 * have their elements in.
 */
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz_model.h"

#define DATA_BYTES 64

static char folder[] = "/tmp/roundoff-fuzz-XXXXXX";
static char model_path[64], data_path[64];

static void remove_folder(void)
{
    unlink(model_path);
    unlink(data_path);
    rmdir(folder);
}

/* The model is a link to a file in memory: most of the time went into the disk otherwise. */
static int make_folder(void)
{
    char memory[32];
    fuzz_require(mkdtemp(folder) != NULL, "a temporary folder can be made");
    atexit(remove_folder);
    snprintf(model_path, sizeof model_path, "%s/model.onnx", folder);
    snprintf(data_path, sizeof data_path, "%s/d", folder);
    unsigned char bytes[DATA_BYTES];
    for (unsigned i = 0; i < DATA_BYTES; i++)
        bytes[i] = (unsigned char)i;
    int data = open(data_path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    fuzz_replace(data, bytes, sizeof bytes);
    close(data);
    int file = memfd_create("model", MFD_CLOEXEC);
    snprintf(memory, sizeof memory, "/proc/self/fd/%d", file);
    fuzz_require(symlink(memory, model_path) == 0, "a link can be made");
    return file;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int file = -1;
    if (file < 0)
        file = make_folder();
    fuzz_replace(file, data, size);
    fuzz_model(model_path);
    return 0;
}
