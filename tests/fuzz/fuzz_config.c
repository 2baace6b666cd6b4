/* SPDX-License-Identifier: MIT
 *
 * The input is a config.json.
 */
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"
#include "fuzz_model.h"
#include "model/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct metadata metadata = {0};
    struct arena arena = {0};
    config_flatten(&metadata, &arena, (const char *)data, size);
    for (size_t i = 0; i < metadata.count; i++)
        fuzz_entry(&metadata.entries[i]);
    mem_free(metadata.entries);
    arena_done(&arena);
    return 0;
}
