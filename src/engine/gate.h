/* SPDX-License-Identifier: MIT
 *
 * A gate that background work passes between its units, and that others close while they need the
 * processors.
 */
#ifndef ENGINE_GATE_H
#define ENGINE_GATE_H

#include <stdatomic.h>
#include <stdbool.h>

struct gate;

struct gate *gate_new(void); /* open */
void gate_free(struct gate *gate);

/* Never waits. */
void gate_set(struct gate *gate, bool closed);

/* Waits while the gate is closed and *cancel is false; NULL is a gate that is always open. */
void gate_pass(struct gate *gate, const atomic_bool *cancel);

/* Those who wait look at their *cancel again: to be called when it was set. */
void gate_knock(struct gate *gate);

#endif
