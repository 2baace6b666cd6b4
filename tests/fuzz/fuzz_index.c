/* SPDX-License-Identifier: MIT
 *
 * The input is the index of a model, in a folder with two good shards: 1.safetensors has the
 * tensors "a" and "b", 2.safetensors has "c".
 */
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz_model.h"

#define HEADER_1 "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}," \
                 "\"b\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[1,5]}}"
#define HEADER_2 "{\"c\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}"

static char folder[] = "/tmp/roundoff-fuzz-XXXXXX";
static const char *const names[] = {"model.safetensors.index.json", "1.safetensors",
                                    "2.safetensors"};

static void path_of(char path[64], const char *name)
{
    snprintf(path, 64, "%s/%s", folder, name);
}

static void remove_folder(void)
{
    char path[64];
    for (int i = 0; i < 3; i++) {
        path_of(path, names[i]);
        unlink(path);
    }
    rmdir(folder);
}

static void write_shard(const char *name, const char *header, size_t header_length, size_t n)
{
    char path[64], bytes[256] = {(char)header_length};
    path_of(path, name);
    memcpy(bytes + 8, header, header_length);
    int file = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    fuzz_replace(file, bytes, 8 + header_length + n);
    close(file);
}

/* The index is a link to a file in memory: most of the time went into the disk otherwise. */
static int make_folder(void)
{
    char path[64], memory[32];
    fuzz_require(mkdtemp(folder) != NULL, "a temporary folder can be made");
    atexit(remove_folder);
    write_shard(names[1], HEADER_1, sizeof HEADER_1 - 1, 5);
    write_shard(names[2], HEADER_2, sizeof HEADER_2 - 1, 4);
    path_of(path, names[0]);
    int file = memfd_create("index", MFD_CLOEXEC);
    snprintf(memory, sizeof memory, "/proc/self/fd/%d", file);
    fuzz_require(symlink(memory, path) == 0, "a link can be made");
    return file;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int file = -1;
    static char path[64];
    if (file < 0) {
        file = make_folder();
        path_of(path, names[0]);
    }
    fuzz_replace(file, data, size);
    fuzz_model(path);
    return 0;
}
