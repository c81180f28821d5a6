/* SPDX-License-Identifier: GPL-2.0-only */
/* What fits nowhere else, and what has no name. */
#include "lines.h"

#include <linux/aio_abi.h>
#include <linux/fs.h>
#include <linux/io_uring.h>
#include <sys/ioctl.h>
#include <termios.h>

static void ioctls(int fd, int pipe_fd)
{
	struct termios tio;
	struct winsize size = {24, 80, 0, 0};
	int n = 0;

	sys(ioctl, pipe_fd, FIONREAD, &n);
	line("ioctl(%d, FIONREAD, [0])", pipe_fd);
	n = 1;
	sys(ioctl, pipe_fd, FIONBIO, &n);
	line("ioctl(%d, FIONBIO, [1])", pipe_fd);
	sys(ioctl, pipe_fd, FIOCLEX);
	line("ioctl(%d, FIOCLEX)", pipe_fd);
	sys(ioctl, fd, TCGETS, &tio);
	line("ioctl(%d, TCGETS, %p)", fd, (void *)&tio);
	sys(ioctl, fd, TIOCGWINSZ, &size);
	line("ioctl(%d, TIOCGWINSZ, %p)", fd, (void *)&size);
	sys(ioctl, fd, TIOCSWINSZ, &size);
	line("ioctl(%d, TIOCSWINSZ, {ws_row=24, ws_col=80, ws_xpixel=0, ws_ypixel=0})", fd);
	sys(ioctl, -1, TIOCGPGRP, &n);
	line("ioctl(-1, TIOCGPGRP, %p)", (void *)&n);
	sys(ioctl, fd, FICLONE, -1);
	line("ioctl(%d, BTRFS_IOC_CLONE or FICLONE, -1)", fd);
	sys(ioctl, fd, _IOC(_IOC_READ | _IOC_WRITE, 0xfe, 0x42, 16), 7);
	line("ioctl(%d, _IOC(_IOC_READ|_IOC_WRITE, 0xfe, 0x42, 0x10), 0x7)", fd);
}

static void queues(void)
{
	struct io_uring_params params = {.flags = 0x80000000};
	aio_context_t ctx = 0;
	struct timespec ts = {0, 1};

	sys(io_uring_setup, 4, &params);
	line("io_uring_setup(4, {flags=0x80000000 /* IORING_SETUP_??? */, sq_thread_cpu=0, "
	     "sq_thread_idle=0})");
	sys(io_uring_enter, -1, 1, 2, IORING_ENTER_GETEVENTS | IORING_ENTER_SQ_WAKEUP, NULL, 8);
	line("io_uring_enter(-1, 1, 2, IORING_ENTER_GETEVENTS|IORING_ENTER_SQ_WAKEUP, NULL, 8)");
	sys(io_uring_register, -1, IORING_UNREGISTER_BUFFERS, NULL, 0);
	line("io_uring_register(-1, IORING_UNREGISTER_BUFFERS, NULL, 0)");
	sys(io_setup, 8, &ctx);
	line("io_setup(8, [%#lx])", (long)ctx);
	sys(io_getevents, ctx, 0, 1, NULL, &ts);
	line("io_getevents(%#lx, 0, 1, NULL, {tv_sec=0, tv_nsec=1})", (long)ctx);
	sys(io_submit, ctx, 0, NULL);
	line("io_submit(%#lx, 0, NULL)", (long)ctx);
	sys(io_destroy, ctx);
	line("io_destroy(%#lx)", (long)ctx);
	sys(io_destroy, ctx);
	line("io_destroy(%#lx)", (long)ctx);
	sys(io_setup, 0, &ctx);
	line("io_setup(0, %p)", (void *)&ctx);
}

static void refused(int fd)
{
	sys(add_key, "user", "sonde", "payload", 7, 99999);
	line("add_key(\"user\", \"sonde\", \"payload\", 7, 99999)");
	sys(request_key, "user", "absent key", NULL, -3);
	line("request_key(\"user\", \"absent key\", NULL, KEY_SPEC_SESSION_KEYRING)");
	sys(keyctl, 9999, 1, 2, 3, 4);
	line("keyctl(0x270f /* KEYCTL_??? */, 0x1, 0x2, 0x3, 0x4)");
	sys(quotactl, 0, NULL, 0, NULL);
	line("quotactl(QCMD(0 /* Q_??? */, USRQUOTA), NULL, 0, NULL)");
	sys(acct, "/nonexistent");
	line("acct(\"/nonexistent\")");
	sys(swapon, "/nonexistent", 0x8000 | 3);
	line("swapon(\"/nonexistent\", SWAP_FLAG_PREFER|3)");
	sys(finit_module, fd, "a=1", 1);
	line("finit_module(%d, \"a=1\", MODULE_INIT_IGNORE_MODVERSIONS)", fd);
	sys(delete_module, "absent", O_NONBLOCK);
	line("delete_module(\"absent\", O_NONBLOCK)");
	sys(init_module, NOWHERE, 10, "b=2");
	line("init_module(%p, 10, \"b=2\")", NOWHERE);
	sys(userfaultfd, 0x100);
	line("userfaultfd(0x100 /* UFFD_??? */)");
	sys(fanotify_init, 1, O_RDWR | O_CREAT);
	line("fanotify_init(FAN_CLASS_NOTIF|FAN_CLOEXEC, O_RDWR|O_CREAT)");
	sys(fanotify_mark, -1, 1, 2, AT_FDCWD, "file");
	line("fanotify_mark(-1, FAN_MARK_ADD, FAN_MODIFY, AT_FDCWD, \"file\")");
	sys(perf_event_open, NULL, 0, -1, -1, 8);
	line("perf_event_open(NULL, 0, -1, -1, PERF_FLAG_FD_CLOEXEC)");
	sys(bpf, 9999, NULL, 0);
	line("bpf(0x270f /* BPF_??? */, NULL, 0)");
	sys(landlock_create_ruleset, NULL, 0, 1);
	line("landlock_create_ruleset(NULL, 0, LANDLOCK_CREATE_RULESET_VERSION)");
	sys(landlock_restrict_self, -1, 0);
	line("landlock_restrict_self(-1, 0)");
	sys(open_tree, AT_FDCWD, "absent", 1 | O_CLOEXEC);
	line("open_tree(AT_FDCWD, \"absent\", OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC)");
	sys(fsopen, "nosuchfs", 1);
	line("fsopen(\"nosuchfs\", FSOPEN_CLOEXEC)");
	sys(fsmount, -1, 0, 1);
	line("fsmount(-1, 0, MOUNT_ATTR_RDONLY)");
	sys(move_mount, -1, "", AT_FDCWD, "absent", 4);
	line("move_mount(-1, \"\", AT_FDCWD, \"absent\", MOVE_MOUNT_F_EMPTY_PATH)");
	sys(fspick, AT_FDCWD, "absent", 2);
	line("fspick(AT_FDCWD, \"absent\", FSPICK_SYMLINK_NOFOLLOW)");
}

static void handles(void)
{
	struct {
		struct file_handle head;
		unsigned char bytes[128];
	} handle = {.head = {.handle_bytes = 0}};
	int id = 0;

	sys(name_to_handle_at, AT_FDCWD, "absent", &handle, &id, AT_SYMLINK_FOLLOW);
	line("name_to_handle_at(AT_FDCWD, \"absent\", {handle_bytes=0}, %p, AT_SYMLINK_FOLLOW)",
	     (void *)&id);
	handle.head.handle_bytes = 4;
	handle.head.handle_type = 1;
	sys(open_by_handle_at, -1, &handle, O_RDONLY);
	line("open_by_handle_at(-1, {handle_bytes=4, handle_type=1, "
	     "f_handle=\"\\x00\\x00\\x00\\x00\"}, O_RDONLY)");
}

static void unknown(void)
{
	result = raw(4000, 1, 2, 3, 4, 5, 6);
	line("syscall_0xfa0(0x1, 0x2, 0x3, 0x4, 0x5, 0x6)");
}

int main(int argc, char **argv)
{
	int fd, fds[2];

	lines_begin(argc, argv);
	fd = (int)sys(openat, AT_FDCWD, "misc", O_RDWR | O_CREAT, 0600);
	line("openat(AT_FDCWD, \"misc\", O_RDWR|O_CREAT, 0600)");
	sys(pipe2, fds, 0);
	line("pipe2([%d, %d], 0)", fds[0], fds[1]);
	ioctls(fd, fds[0]);
	queues();
	refused(fd);
	handles();
	unknown();
	return lines_end();
}
