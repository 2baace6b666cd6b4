/* SPDX-License-Identifier: MIT
 *
 * Makes an ordinary test of a fuzz target: runs it over each file of its corpus, over the file cut
 * short at every byte, and over thousands of copies with one byte changed, always the same ones.
 * Failing means to crash.
 *
 * usage: fuzz_NAME [FILE...]      without FILE: all of $ROUNDOFF_TESTS/fuzz/corpus/fuzz_NAME
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MUTATIONS 3000
#define CUT_MAX 4096 /* bytes; a longer input is not cut at every one */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* In a block of its own size, so that a sanitizer sees a read behind it. */
static void run(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1);
    if (!copy)
        abort();
    memcpy(copy, data, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

/* Marsaglia's xorshift, to be the same on every machine. */
static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* A byte that means something to a parser, or any. */
static uint8_t mutant(uint64_t random)
{
    static const char telling[] = "\"{}[]:,\\u0 -.e9/\x7f\x80\xc0\xed\xff\n\x1b";
    size_t choice = random % (2 * sizeof telling);
    return (uint8_t)(choice < sizeof telling ? (uint64_t)(uint8_t)telling[choice] : random >> 32);
}

static void run_variants(uint8_t *data, size_t size)
{
    run(data, size);
    for (size_t cut = 0; cut < size && cut < CUT_MAX; cut++)
        run(data, cut);
    uint64_t state = 88172645463325252u;
    for (int i = 0; size > 0 && i < MUTATIONS; i++) {
        uint8_t *byte = data + next_random(&state) % size, old = *byte;
        *byte = mutant(next_random(&state));
        run(data, size);
        *byte = old;
    }
}

static int run_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        return 1;
    }
    size_t size = 0, room = 1 << 16;
    uint8_t *data = malloc(room);
    while (data && (size += fread(data + size, 1, room - size, file)) == room)
        data = realloc(data, room *= 2);
    fclose(file);
    if (!data)
        abort();
    fprintf(stderr, "%s\n", path); /* the last line before a crash */
    run_variants(data, size);
    free(data);
    return 0;
}

static int run_folder(const char *folder)
{
    DIR *stream = opendir(folder);
    int files = 0, status = 0;
    for (const struct dirent *entry; stream && (entry = readdir(stream)) != NULL;) {
        char path[4096 + 256];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        status |= run_file(path);
        files++;
    }
    if (stream)
        closedir(stream);
    if (files > 0)
        return status;
    fprintf(stderr, "%s: no corpus to run\n", folder);
    return 77;
}

int main(int count, char **arguments)
{
    int status = 0;
    for (int i = 1; i < count; i++)
        status |= run_file(arguments[i]);
    if (count > 1)
        return status;
    const char *tests = getenv("ROUNDOFF_TESTS"), *slash = strrchr(arguments[0], '/');
    char folder[4096];
    snprintf(folder, sizeof folder, "%s/fuzz/corpus/%s", tests ? tests : "tests",
             slash ? slash + 1 : arguments[0]);
    return run_folder(folder);
}
