/* SPDX-License-Identifier: MIT */
#include "engine/record_store.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/mem.h"

/* Records that room is made for at once. */
#define CHUNK_RECORDS 512

struct chunk {
    struct survey_record *record;
    bool filed; /* mapped from the file */
};

struct record_store {
    struct chunk *chunk;
    size_t chunks, capacity;
    size_t taken; /* records, of all chunks */
    int file;     /* -1 before it is needed, and if there can be none */
    bool tried;   /* to make the file */
};

/* Bytes of a chunk in whole pages, which is what can be mapped. */
static size_t chunk_bytes(void)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    return (CHUNK_RECORDS * sizeof(struct survey_record) + page - 1) / page * page;
}

struct record_store *record_store_new(void)
{
    struct record_store *store = mem_zero(1, sizeof *store);
    store->file = -1;
    return store;
}

void record_store_clear(struct record_store *store)
{
    for (size_t i = 0; i < store->chunks; i++) {
        if (store->chunk[i].filed)
            munmap(store->chunk[i].record, chunk_bytes());
        else
            mem_free(store->chunk[i].record);
    }
    store->chunks = store->taken = 0;
    /* What is left of the file is of no use, and its disk may be small. */
    if (store->file >= 0)
        close(store->file);
    store->file = -1;
    store->tried = false;
}

void record_store_free(struct record_store *store)
{
    if (!store)
        return;
    record_store_clear(store);
    mem_free(store->chunk);
    mem_free(store);
}

/* Makes a file without a name.  /tmp often is memory itself, which would gain nothing. */
static void make_file(struct record_store *store)
{
    const char *folder = getenv("TMPDIR");
    char path[4096];
    const int length =
        snprintf(path, sizeof path, "%s/roundoff-XXXXXX", folder && *folder ? folder : "/var/tmp");
    store->tried = true;
    if (length < 0 || (size_t)length >= sizeof path)
        return;
    store->file = mkostemp(path, O_CLOEXEC);
    if (store->file >= 0)
        unlink(path);
}

/* The next part of the file, whose blocks are there: a full disk must show here, not as a signal at
 * the first write.  NULL if there is none. */
static struct survey_record *map_chunk(struct record_store *store)
{
    if (!store->tried)
        make_file(store);
    const size_t bytes = chunk_bytes();
    const off_t at = (off_t)(store->chunks * bytes);
    if (store->file < 0 || posix_fallocate(store->file, at, (off_t)bytes) != 0)
        return NULL;
    void *map = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, store->file, at);
    return map == MAP_FAILED ? NULL : map;
}

static void add_chunk(struct record_store *store)
{
    struct chunk chunk = {NULL, true};
    if (store->taken >= RECORD_STORE_RESIDENT)
        chunk.record = map_chunk(store);
    if (!chunk.record)
        chunk = (struct chunk){mem_alloc(CHUNK_RECORDS, sizeof *chunk.record), false};
    store->chunk =
        mem_grow(store->chunk, &store->capacity, store->chunks + 1, sizeof *store->chunk);
    store->chunk[store->chunks++] = chunk;
}

struct survey_record *record_store_take(struct record_store *store)
{
    if (store->taken == store->chunks * CHUNK_RECORDS)
        add_chunk(store);
    const size_t i = store->taken++;
    return &store->chunk[i / CHUNK_RECORDS].record[i % CHUNK_RECORDS];
}

size_t record_store_filed(const struct record_store *store)
{
    size_t filed = 0;
    for (size_t i = 0; i < store->taken; i++)
        filed += store->chunk[i / CHUNK_RECORDS].filed;
    return filed;
}
