/* SPDX-License-Identifier: MIT
 *
 * The files that benchmarks read, made here: Gaussian weights, blocks of codes, and models of
 * nothing but a header.
 */
#ifndef TESTS_BENCH_INPUTS_H
#define TESTS_BENCH_INPUTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "bench.h"
#include "model/model.h"

enum bench_input {
    INPUT_WIDE, /* one BF16 tensor, the usual shape of a down projection: 4096 x 11008, 90 MB */
    INPUT_BF16, /* one tensor of 4096 x 4096 of each type */
    INPUT_F16,
    INPUT_F32,
    INPUT_F8,         /* E4M3 */
    INPUT_Q4_K,       /* 4096 rows of 16 blocks, as bytes */
    INPUT_MODEL,      /* a transformer of 660 M weights in BF16, 1.32 GB */
    INPUT_SMALL,      /* the same of a few megabytes, which a survey is done with at once */
    INPUT_HEADER_300, /* as many tensors without bytes: the file is sparse */
    INPUT_HEADER_3000,
    INPUT_HEADER_100000,
    INPUT_COUNT
};

/* Makes those inputs (bits) in the settings' folder that it has not got yet.  The model is made
 * smaller if the disk is short.  False with ERROR_SYSTEM. */
bool bench_inputs_make(const struct bench_settings *settings, unsigned inputs, struct error *error);

/* Removes all of them. */
void bench_inputs_remove(const struct bench_settings *settings);

/* The path of an input; text_done when done. */
struct text bench_input_path(const struct bench_settings *settings, enum bench_input input);

/* An input opened. */
struct bench_file {
    struct model *model;
    const struct tensor *tensor; /* the first */
    const unsigned char *bytes;  /* of all tensors, mapped: nobody truncates these files */
    uint64_t size;
};

bool bench_file_open(const struct bench_settings *settings, enum bench_input input,
                     struct bench_file *file, struct error *error);
void bench_file_close(struct bench_file *file);

#endif
