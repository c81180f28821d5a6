/* SPDX-License-Identifier: GPL-2.0-only */
/* Made by scripts/gen-constants from the headers of Linux 7.3.4: do not edit. */
/* clang-format off */
#ifndef SONDE_TRACE_CONSTANTS_H
#define SONDE_TRACE_CONSTANTS_H

#include "decode.h"

extern const struct constants c_errno;
extern const struct constants c_signal;
extern const struct constants c_at_fd;
extern const struct constants c_open_flags;
extern const struct constants c_fd_flags;
extern const struct constants c_access_mode;
extern const struct constants c_at_access;
extern const struct constants c_at_stat;
extern const struct constants c_at_unlink;
extern const struct constants c_at_link;
extern const struct constants c_at_nofollow;
extern const struct constants c_seek;
extern const struct constants c_fcntl_cmd;
extern const struct constants c_fcntl_lock;
extern const struct constants c_flock_op;
extern const struct constants c_seals;
extern const struct constants c_notify_flags;
extern const struct constants c_rename_flags;
extern const struct constants c_fallocate_mode;
extern const struct constants c_fadvise;
extern const struct constants c_stat_type;
extern const struct constants c_statx_mask;
extern const struct constants c_statx_attr;
extern const struct constants c_resolve;
extern const struct constants c_mount_flags;
extern const struct constants c_umount_flags;
extern const struct constants c_sync_range;
extern const struct constants c_memfd;
extern const struct constants c_close_range;
extern const struct constants c_xattr_flags;
extern const struct constants c_prot;
extern const struct constants c_map_flags;
extern const struct constants c_mremap;
extern const struct constants c_msync;
extern const struct constants c_madvise;
extern const struct constants c_mlockall;
extern const struct constants c_mlock2;
extern const struct constants c_clone_flags;
extern const struct constants c_wait_options;
extern const struct constants c_wait_id;
extern const struct constants c_rlimit;
extern const struct constants c_rusage_who;
extern const struct constants c_prio_which;
extern const struct constants c_sched_policy;
extern const struct constants c_prctl;
extern const struct constants c_sigmask_how;
extern const struct constants c_sa_flags;
extern const struct constants c_clock;
extern const struct constants c_timer_flags;
extern const struct constants c_itimer;

#endif
