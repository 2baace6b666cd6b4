/* SPDX-License-Identifier: MIT
 *
 * What the lab asks of the engine under a step's settings, without a screen.
 */
#ifndef TESTS_UI_LAB_RUN_H
#define TESTS_UI_LAB_RUN_H

#include "engine/report.h"
#include "ui/lesson_settings.h"

/* Fails the test if there is no report.  To be freed by part_unref of its part. */
const struct report *lab_run(const struct lesson_settings *settings);

#endif
