/* SPDX-License-Identifier: MIT */
#include "engine/scan.h"

#include <string.h>

#include "base/mem.h"
#include "model/outline.h"

struct scan *scan_new(const char *version, const char *settings, const struct model *model)
{
    struct scan *scan = mem_zero(1, sizeof *scan);
    scan->version = mem_string(version, strlen(version));
    text_puts(&scan->settings, settings);
    scan->part = scan->parts = 1;
    scan->model = model;
    scan->records = mem_zero(model->count, sizeof *scan->records);
    return scan;
}

void scan_free(struct scan *scan)
{
    if (!scan)
        return;
    for (size_t i = 0; scan->records && i < scan->model->count; i++)
        mem_free(scan->records[i]);
    mem_free(scan->records);
    mem_free(scan->version);
    text_done(&scan->settings);
    model_free(scan->outline);
    mem_free(scan);
}

void scan_keep(struct scan *scan, size_t tensor, const struct survey_record *record)
{
    if (!scan->records[tensor]) {
        scan->records[tensor] = mem_alloc(1, sizeof *record);
        scan->count++;
    }
    *scan->records[tensor] = *record;
}

/* The part in which the middle of a tensor lies. */
void scan_select(const struct model *model, unsigned part, unsigned parts, bool selected[])
{
    double all = 0, before = 0;
    for (size_t i = 0; i < model->count; i++)
        all += model->tensors[i].alias_of ? 0 : (double)model->tensors[i].bytes;
    for (size_t i = 0; i < model->count; i++) {
        const struct tensor *tensor = &model->tensors[i];
        double bytes = tensor->alias_of ? 0 : (double)tensor->bytes;
        double middle = all > 0 ? (before + bytes / 2) / all * parts : 0;
        unsigned its = middle < parts ? (unsigned)middle : parts - 1;
        selected[i] = !tensor->alias_of && its + 1 == part;
        before += bytes;
    }
}
