/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a traced process can make last for ever, done by a process of our own: its memory and its
 * files may be on a file system of its own that never answers. Whoever reads them then sleeps, and
 * where the question has been taken already not even SIGKILL wakes him: a program with a thread
 * that sleeps so never ends.
 */
#ifndef SONDE_TRACE_APART_H
#define SONDE_TRACE_APART_H

#include <stdbool.h>
#include <sys/types.h>

#include "types.h"

#define APART_IN_MAX 5000

/* Done elsewhere: writes what comes of it to @to. Returns 0 or -errno. */
typedef int (*apart_fn)(int to, u32 pid, const void *in);

/* While this program is small and has nothing open: what is started later starts from there. */
void apart__prepare(void);

/* Whether that is one of our own processes. */
bool apart__is_own(u32 pid);

/*
 * Has @fn done for process @pid with a copy of @in, and waits until then. Returns a file that holds
 * what came of it until the next call here, or the function's -errno, or
 * -EAGAIN: it has slept for longer than can be waited for, 100 ms and a tenth of all time. It goes
 * on, and can be asked for by *@id; if @id is NULL nobody will
 * -EBUSY: it was not begun, since an earlier one of that process still goes on, or too many do
 */
int apart__do(u64 *id, u32 pid, apart_fn fn, const void *in, size_t size);

/* Such a file if that has ended; -EAGAIN if not yet. */
int apart__later(u64 id);
void apart__forget(u64 id);

/* Of at most a page, as process_vm_readv. Returns how many bytes were read, or -errno. */
ssize_t apart__memory(u32 pid, u64 addr, void *to, size_t size);

#endif
