// SPDX-License-Identifier: GPL-2.0-only
/* Files, block devices, timers and the rest. */
#include "ioctl_types.h"

#include <asm/ioctls.h>
#include <linux/fs.h>
#include <linux/kvm.h>
#include <linux/loop.h>
#include <linux/perf_event.h>
#include <linux/random.h>

static void show_clone_range(struct decoder *d, struct value *v, const void *memory)
{
	static const struct member members[] = {
		MEMBER(struct file_clone_range, src_fd, FD),
		MEMBER(struct file_clone_range, src_offset, UNSIGNED),
		MEMBER(struct file_clone_range, src_length, UNSIGNED),
		MEMBER(struct file_clone_range, dest_offset, UNSIGNED),
	};

	SHOW_MEMBERS(d, v, memory, sizeof(struct file_clone_range), members);
}

static void show_trim(struct decoder *d, struct value *v, const void *memory)
{
	static const struct member members[] = {
		MEMBER(struct fstrim_range, start, HEX),
		MEMBER(struct fstrim_range, len, HEX),
		MEMBER(struct fstrim_range, minlen, HEX),
	};

	SHOW_MEMBERS(d, v, memory, sizeof(struct fstrim_range), members);
}

#define STRUCT(what, function) .size = sizeof(struct what), .show = function

const struct ioctl_desc ioctls_other[] = {
	IOCTL(FIONREAD, INT_OUT),
	IOCTL(FIONBIO, INT_IN),
	IOCTL(FIOASYNC, INT_IN),
	IOCTL(FIOCLEX, NONE),
	IOCTL(FIONCLEX, NONE),
	IOCTL(FIOQSIZE, LONG_OUT),
	IOCTL(FIGETBSZ, INT_OUT),
	IOCTL(FIBMAP, INT_OUT),
	IOCTL(FS_IOC_GETFLAGS, FLAGS_OUT, .with = &c_inode_flags),
	IOCTL(FS_IOC_SETFLAGS, FLAGS_IN, .with = &c_inode_flags),
	IOCTL(FS_IOC_GETVERSION, INT_OUT),
	IOCTL(FICLONE, FD),
	IOCTL(FICLONERANGE, IN, STRUCT(file_clone_range, show_clone_range)),
	IOCTL(FITRIM, IN, STRUCT(fstrim_range, show_trim)),
	IOCTL(FIFREEZE, NONE),
	IOCTL(FITHAW, NONE),
	IOCTL(BLKGETSIZE64, LONG_OUT),
	IOCTL(BLKGETSIZE, LONG_OUT),
	IOCTL(BLKSSZGET, INT_OUT),
	IOCTL(BLKPBSZGET, INT_OUT),
	IOCTL(BLKIOMIN, INT_OUT),
	IOCTL(BLKIOOPT, INT_OUT),
	IOCTL(BLKROGET, INT_OUT),
	IOCTL(BLKROSET, INT_IN),
	IOCTL(BLKRRPART, NONE),
	IOCTL(BLKFLSBUF, NONE),
	IOCTL(LOOP_CTL_GET_FREE, NONE),
	IOCTL(LOOP_SET_FD, FD),
	IOCTL(LOOP_CLR_FD, NONE),
	IOCTL(RNDGETENTCNT, INT_OUT),
	IOCTL(PERF_EVENT_IOC_ENABLE, INT),
	IOCTL(PERF_EVENT_IOC_DISABLE, INT),
	IOCTL(PERF_EVENT_IOC_RESET, INT),
	IOCTL(PERF_EVENT_IOC_REFRESH, INT),
	IOCTL(PERF_EVENT_IOC_ID, LONG_OUT),
	IOCTL(PERF_EVENT_IOC_SET_OUTPUT, FD),
	IOCTL(PERF_EVENT_IOC_SET_BPF, FD),
	IOCTL(KVM_GET_API_VERSION, INT),
	IOCTL(KVM_CREATE_VM, INT),
	IOCTL(KVM_RUN, INT),
	{.kind = IOCTL_END},
};
