/* SPDX-License-Identifier: MIT
 *
 * The config.json that lies beside a model of Hugging Face, as metadata.
 */
#ifndef MODEL_CONFIG_H
#define MODEL_CONFIG_H

#include <stddef.h>

#include "model/metadata.h"
#include "model/model.h"

#define CONFIG_SOURCE "config.json"

/* Adds what config.json in the folder of the model's first file says, if there is one.  One that
 * cannot be read is no error: a single entry of key "not read" says what is wrong with it. */
void config_read(struct model *model);

/* Adds what a JSON object says: each string, number, true, false and null under the keys and
 * numbers of the containers around it, "rope_scaling.factor" or "architectures.0".  Of a longer
 * array, METADATA_ARRAY_SHOWN elements, and one entry of the array's own key that counts the
 * others.  A text that is no such object, or is nested too deep, adds a single entry "not read". */
void config_flatten(struct metadata *metadata, struct arena *arena, const char *text,
                    size_t length);

#endif
