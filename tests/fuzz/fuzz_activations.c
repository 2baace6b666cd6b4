/* SPDX-License-Identifier: MIT
 *
 * The input is an activation file: an importance matrix of the older format, or any model file.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>

#include "base/mem.h"
#include "fuzz_model.h"
#include "model/activations.h"
#include "model/activations_match.h"

#define VALUES_MOST 4096 /* of an entry that are read */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Reads an entry; what is there is a number or an error of the file's. */
static void read_entry(const struct activation *entry)
{
    static double values[VALUES_MOST];
    struct error error = {0};
    bool good = true;
    if (entry->kind == ACTIVATION_UNKNOWN || entry->width > VALUES_MOST)
        return;
    if (entry->kind == ACTIVATION_SAMPLES)
        good = activation_read_samples(entry, entry->rows - 1, 1, values, &error);
    else if (entry->kind == ACTIVATION_SECOND_MOMENT && entry->width <= 64)
        good = activation_read_second_moment(entry, values, &error);
    else if (entry->kind != ACTIVATION_SECOND_MOMENT)
        good = activation_read_vector(entry, entry->rows - 1, entry->width, values, &error);
    fuzz_require(good || error.code == ERROR_FILE, "a bad value is the file's fault");
    fuzz_require(utf8_printable(error.text, strlen(error.text)), "messages are printable");
    for (size_t i = 0; good && i < entry->width; i++)
        fuzz_require(values[i] - values[i] == 0 || entry->kind == ACTIVATION_SECOND_MOMENT,
                     "values are finite");
}

/* Matches the file with itself as the model. */
static void match(const struct activations *activations)
{
    struct activation_matches matches;
    struct text out = {0};
    activations_match(&matches, activations, activations->model, (struct tensor_view){0},
                      &(struct name_map){0});
    activations_match_print(&matches, NULL, &out);
    fuzz_require(!out.data || out.data[out.length - 1] == '\n', "there are whole lines");
    text_done(&out);
    activations_match_done(&matches);
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
    struct error error = {0};
    struct activations *activations = activations_open(path, ACTIVATION_UNKNOWN, &error);
    if (!activations) {
        fuzz_require(error.code == ERROR_FILE, "a bad file is the file's fault");
        fuzz_require(utf8_printable(error.text, strlen(error.text)), "messages are printable");
        return 0;
    }
    for (size_t i = 0; i < activations->count; i++)
        read_entry(&activations->entries[i]);
    match(activations);
    activations_free(activations);
    return 0;
}
