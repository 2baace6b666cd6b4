/* SPDX-License-Identifier: MIT */
#include "engine/thread.h"

#include <signal.h>
#include <string.h>

bool thread_start(pthread_t *thread, void *(*body)(void *argument), void *argument,
                  struct error *error)
{
    static const int faults[] = {SIGBUS, SIGSEGV, SIGFPE, SIGILL, SIGABRT};
    sigset_t blocked, old;
    sigfillset(&blocked);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        sigdelset(&blocked, faults[i]);
    pthread_sigmask(SIG_SETMASK, &blocked, &old);
    int status = pthread_create(thread, NULL, body, argument);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (status != 0)
        return error_set(error, ERROR_SYSTEM, "cannot start a thread: %s", strerror(status));
    return true;
}
