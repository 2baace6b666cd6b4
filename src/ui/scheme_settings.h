/* SPDX-License-Identifier: MIT
 *
 * Settings of the quantizer: what keys and commands make of them.  What a change does not go
 * together with is given up or the change refused, and the user is told.
 */
#ifndef UI_SCHEME_SETTINGS_H
#define UI_SCHEME_SETTINGS_H

#include "base/error.h"
#include "ui/session.h"

/* Takes this scheme; false with ERROR_USAGE if its members do not go together. */
bool scheme_settings_change(struct session *session, const struct scheme *scheme,
                            struct error *error);

/* Takes these levels with so many bits, and without what they cannot have: a symmetry, a step. */
bool scheme_settings_choose(struct session *session, const struct levels *levels, int bits,
                            struct error *error);

/* The scheme that a key for the next clip rule leads to: of the n rules, in turn, the next that
 * goes with the levels.  False, having said why, if levels take none. */
bool scheme_settings_next_clip(struct session *session, const struct clip rules[], size_t n,
                               struct scheme *scheme);

/* Actions: a bit more or less, the next levels, granularity, half or twice the size of its units,
 * the next symmetry, clip rule, its threshold, the next bias correction. */
void scheme_settings_bits_key(struct session *session, int key);
void scheme_settings_levels_key(struct session *session, int key);
void scheme_settings_granularity_key(struct session *session, int key);
void scheme_settings_size_key(struct session *session, int key);
void scheme_settings_symmetry_key(struct session *session, int key);
void scheme_settings_clip_key(struct session *session, int key);
void scheme_settings_threshold_key(struct session *session, int key);
void scheme_settings_correction_key(struct session *session, int key);

#endif
