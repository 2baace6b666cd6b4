/* SPDX-License-Identifier: MIT
 *
 * Threads that leave signals alone: those belong to the thread of the interface.
 */
#ifndef ENGINE_THREAD_H
#define ENGINE_THREAD_H

#include <stdbool.h>
#include <pthread.h>

#include "base/error.h"

/* Starts body(argument) with every signal blocked but those of faults. */
bool thread_start(pthread_t *thread, void *(*body)(void *argument), void *argument,
                  struct error *error);

#endif
