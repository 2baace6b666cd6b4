/* SPDX-License-Identifier: MIT
 *
 * A linear layer's figures behind one transform, as `sqnr` prints them.
 */
#ifndef APP_SQNR_RECORD_H
#define APP_SQNR_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "app/emit.h"
#include "engine/layer.h"

/* Members are called as the fields of JSON are, a contract; decibels are NaN where undefined. */
struct sqnr_record {
    struct emit_string name;
    uint64_t in, out, tokens;
    struct emit_string activations; /* "samples", "second_moment", "diagonal", "isotropic" */
    struct emit_string transform;
    struct emit_names group; /* the layers that share the transform, this one among them */
    double bits_term_db, concentration_db, alignment_db, max_alignment_db;
    double weight_concentration_db, activation_concentration_db;
    double approx_sqnr_db, measured_sqnr_db, weight_only_sqnr_db, activation_only_sqnr_db;
    double transform_error;         /* struct layer_figures' deviation */
    struct emit_string basis;       /* what the transform came to */
    uint64_t bits, activation_bits; /* of the weights; of the inputs, where they are rounded */
    const char *label;              /* of the transform and these, for people */
};

extern const struct emit_field sqnr_fields[];
extern const size_t sqnr_field_count;

/* A record of the layer's shape and of what is known of its input; no figures yet.  names are those
 * of the group's members, lent; transform, basis, bits and label stay empty. */
struct sqnr_record sqnr_record_of(const struct layer_group *group, size_t member,
                                  const struct emit_string names[]);

void sqnr_record_bits(struct sqnr_record *record, const struct layer_request *request);

/* Fills the figures in. */
void sqnr_record_fill(struct sqnr_record *record, const struct layer_figures *figures);

#endif
