/* SPDX-License-Identifier: MIT
 *
 * Files beside an ONNX model that have the elements of its tensors ("external data").
 */
#ifndef MODEL_ONNX_FILES_H
#define MODEL_ONNX_FILES_H

#include <stddef.h>
#include <stdint.h>

#include "model/model.h"

#define ONNX_FILES_MAX 16384 /* a quarter of the maps that Linux lets a process have */

/* Those that are open, ordered by location; all zero for none.  The model owns their contents. */
struct onnx_files {
    struct onnx_file *files;
    size_t count, capacity;
};

/* The content of the file at `location` (length bytes and a NUL), relative to the folder of the
 * model's file, which is tensor->content.  NULL with ERROR_FILE if the name could lead elsewhere or
 * the file cannot be opened; messages name the tensor and the byte `at`. */
const struct content *onnx_files_open(struct onnx_files *files, struct model *model,
                                      const struct tensor *tensor, uint64_t at,
                                      const char *location, size_t length, struct error *error);
void onnx_files_done(struct onnx_files *files);

#endif
