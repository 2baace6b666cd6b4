/* SPDX-License-Identifier: MIT */
#include "model/mapping.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/utf8.h"

/* The only writable variables of this layer.  A signal handler gets no argument of ours, so where
 * it must jump to can only be found in a variable; it is per thread, as the guards are, and
 * SIGBUS for a missing page is always delivered to the thread that touched it. */
static _Thread_local sigjmp_buf *volatile guard_exit;
static pthread_once_t handler_once = PTHREAD_ONCE_INIT;

/* Only a fault of memory (BUS_ADRERR) inside a guard is ours.  Anything else, such as a SIGBUS
 * sent by kill(1), must end the process as it would have without us. */
static void on_bus_error(int number, siginfo_t *info, void *context)
{
    (void)context;
    if (guard_exit && info->si_code == BUS_ADRERR)
        siglongjmp(*guard_exit, 1);
    signal(number, SIG_DFL);
    raise(number);
}

/* SA_NODEFER: the handler is left by a jump, which would otherwise leave SIGBUS blocked unless
 * every guard saved the signal mask, at the price of two system calls. */
static void install_handler(void)
{
    struct sigaction action = {.sa_sigaction = on_bus_error, .sa_flags = SA_SIGINFO | SA_NODEFER};
    sigemptyset(&action.sa_mask);
    sigaction(SIGBUS, &action, NULL);
}

bool mapping_guard(void (*body)(void *argument), void *argument)
{
    pthread_once(&handler_once, install_handler);
    sigjmp_buf exit;
    if (sigsetjmp(exit, 0) != 0) {
        guard_exit = NULL;
        return false;
    }
    guard_exit = &exit;
    /* The fences keep an inlined body from moving its reads out of the guard. */
    atomic_signal_fence(memory_order_seq_cst);
    body(argument);
    atomic_signal_fence(memory_order_seq_cst);
    guard_exit = NULL;
    return true;
}

/* What is wrong with an open descriptor as a model file; NULL if nothing is. */
static const char *fault_of(int descriptor, struct stat *status)
{
    if (fstat(descriptor, status) != 0)
        return strerror(errno);
    if (S_ISDIR(status->st_mode))
        return "is a directory";
    if (!S_ISREG(status->st_mode))
        return "is not a regular file";
    if ((uint64_t)status->st_size > SIZE_MAX)
        return "is too large for the address space of this machine";
    return NULL;
}

/* Maps path into *mapping; the reason if that fails, NULL if it does not. */
static const char *map_file(const char *path, struct mapping *mapping)
{
    /* O_NONBLOCK: opening a FIFO without a writer would wait for one. */
    int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0)
        return strerror(errno);
    struct stat status;
    const char *fault = fault_of(descriptor, &status);
    if (!fault && status.st_size > 0) {
        void *data = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, descriptor, 0);
        if (data == MAP_FAILED) {
            fault = strerror(errno);
        } else {
            mapping->data = data;
            mapping->size = (uint64_t)status.st_size;
            mapping->device = (uint64_t)status.st_dev;
            mapping->inode = (uint64_t)status.st_ino;
        }
    }
    close(descriptor); /* the map holds the file */
    return fault;
}

struct mapping *mapping_open(const char *path, struct error *error)
{
    struct mapping *mapping = mem_zero(1, sizeof *mapping);
    struct text label = {0};
    utf8_escape(&label, path, strlen(path));
    mapping->label = mem_string(label.data ? label.data : "", label.length);
    text_done(&label);
    mapping->path = mem_string(path, strlen(path));
    const char *fault = map_file(path, mapping);
    if (!fault)
        return mapping;
    error_set(error, ERROR_FILE, "%s: %s", mapping->label, fault);
    mapping_free(mapping);
    return NULL;
}

struct mapping *mapping_of_memory(const char *label, uint64_t size, unsigned char **memory,
                                  struct error *error)
{
    void *data = size > SIZE_MAX ? MAP_FAILED
                                 : mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE,
                                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (data == MAP_FAILED) {
        error_set(error, ERROR_SYSTEM, "no memory for %" PRIu64 " bytes of %s", size, label);
        return NULL;
    }
    struct mapping *mapping = mem_zero(1, sizeof *mapping);
    mapping->label = mem_string(label, strlen(label));
    mapping->data = *memory = data;
    mapping->size = size;
    return mapping;
}

void mapping_free(struct mapping *mapping)
{
    if (!mapping)
        return;
    if (mapping->data)
        munmap((void *)(uintptr_t)mapping->data, (size_t)mapping->size);
    mem_free(mapping->path);
    mem_free(mapping->label);
    mem_free(mapping);
}

struct copy {
    const unsigned char *from;
    void *to;
    size_t n;
};

static void copy_bytes(void *argument)
{
    const struct copy *copy = argument;
    memcpy(copy->to, copy->from, copy->n);
}

bool mapping_read(const struct mapping *mapping, uint64_t offset, size_t n, void *out,
                  struct error *error)
{
    assert(offset <= mapping->size && n <= mapping->size - offset);
    if (n == 0)
        return true;
    struct copy copy = {mapping->data + offset, out, n};
    return mapping_guard(copy_bytes, &copy) || mapping_truncated(mapping, offset, error);
}

/* By the path and not by a descriptor: a model of thousands of shards would run out of those. */
bool mapping_whole(const struct mapping *mapping, struct error *error)
{
    struct stat status;
    if (!mapping->path || stat(mapping->path, &status) != 0 ||
        (uint64_t)status.st_dev != mapping->device || (uint64_t)status.st_ino != mapping->inode ||
        (uint64_t)status.st_size >= mapping->size)
        return true;
    return mapping_truncated(mapping, (uint64_t)status.st_size, error);
}

bool mapping_truncated(const struct mapping *mapping, uint64_t offset, struct error *error)
{
    return error_set(error, ERROR_FILE, "%s: was truncated while open, at byte %" PRIu64,
                     mapping->label, offset);
}
