// SPDX-License-Identifier: GPL-2.0-only
/* A confined process is refused what sonde never asks for, and nothing of what it asks for. */
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <netdb.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "confine/confine.h"

/* Arguments that the kernel itself refuses with another error, or that change nothing. */
static const struct {
	const char *name;
	long nr, arg[6];
} refused[] = {
	{"execve", SYS_execve, {(long)"/nonexistent", 0, 0}},
	{"execveat", SYS_execveat, {-1, (long)"nonexistent", 0, 0, 0}},
	{"process_vm_readv", SYS_process_vm_readv, {1, 0, 0, 0, 0, 99}},
	{"pidfd_getfd", SYS_pidfd_getfd, {-1, 0, 0}},
	{"program load", SYS_bpf, {BPF_PROG_LOAD, 0, 0}},
	{"map create", SYS_bpf, {BPF_MAP_CREATE, 0, 0}},
	{"type information load", SYS_bpf, {BPF_BTF_LOAD, 0, 0}},
	{"program attach", SYS_bpf, {BPF_PROG_ATTACH, 0, 0}},
	{"perf_event_open", SYS_perf_event_open, {0, 0, -1, -1, 0}},
	{"mount", SYS_mount, {0, (long)"/nonexistent", 0, 0, 0}},
	{"umount2", SYS_umount2, {(long)"/nonexistent", 0}},
	{"pivot_root", SYS_pivot_root, {(long)"/nonexistent", (long)"/nonexistent"}},
	{"chroot", SYS_chroot, {(long)"/nonexistent"}},
	{"setns", SYS_setns, {-1, 0}},
	{"unshare", SYS_unshare, {0}},
	{"init_module", SYS_init_module, {0, 0, 0}},
	{"finit_module", SYS_finit_module, {-1, 0, 0}},
	{"delete_module", SYS_delete_module, {0, 0}},
	{"kexec_load", SYS_kexec_load, {0, 0, 0, -1}},
	{"keyctl", SYS_keyctl, {9999, 0, 0, 0, 0}},
	{"add_key", SYS_add_key, {0, 0, 0, 0, 0}},
	{"open_by_handle_at", SYS_open_by_handle_at, {-1, 0, 0}},
	{"io_uring_setup", SYS_io_uring_setup, {0, 0}},
	{"setuid", SYS_setresuid, {-1, -1, -1}},
	{"chmod", SYS_fchmodat, {-1, (long)"nonexistent", 0}},
	{"chown", SYS_fchownat, {-1, (long)"nonexistent", 0, 0, 0}},
	{"mknod", SYS_mknodat, {-1, (long)"nonexistent", 0, 0}},
	{"link", SYS_linkat, {-1, (long)"nonexistent", -1, (long)"nonexistent", 0}},
	{"kill", SYS_kill, {0x3fffffff, 0}},
	{"signal to another process", SYS_tgkill, {0x3fffffff, 0x3fffffff, 0}},
	{"packet socket", SYS_socket, {AF_PACKET, -1, 0}},
	{"ioctl TIOCSTI", SYS_ioctl, {-1, TIOCSTI, 0}},
	{"limits", SYS_prlimit64, {0, -1, 8, 0}},
	{"scheduling", SYS_sched_setscheduler, {0, -1, 0}},
#ifndef __SANITIZE_ADDRESS__
	/* Which the search for leaks needs. */
	{"ptrace", SYS_ptrace, {PTRACE_CONT, 0, 0, 0}},
	{"fork", SYS_clone, {CLONE_THREAD}},
	{"prctl", SYS_prctl, {PR_GET_DUMPABLE, 0, 0, 0, 0}},
#endif
};

#define NREFUSED (sizeof(refused) / sizeof(refused[0]))

/* What the call gives: 0 or an errno. */
static int outcome(size_t i)
{
	const long *a = refused[i].arg;
	/* A process, which CLONE_THREAD alone could not make. */
	long first = refused[i].nr == SYS_clone ? CLONE_SIGHAND : a[0];

	return syscall(refused[i].nr, first, a[1], a[2], a[3], a[4], a[5]) < 0 ? errno : 0;
}

static void *thread(void *arg)
{
	*(int *)arg = 1;
	return NULL;
}

static void check_allowed(void)
{
	struct addrinfo *list = NULL;
	const char *path = "/tmp";
	pthread_t t;
	int ran = 0, fd;
	char key[8];

	CHECK(!pthread_create(&t, NULL, thread, &ran) && !pthread_join(t, NULL) && ran);
	CHECK(!getaddrinfo("localhost", "2003", NULL, &list) && list);
	freeaddrinfo(list);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CHECK(fd >= 0 && !close(fd));
	fd = open(path, O_RDONLY | O_CLOEXEC);
	CHECK(fd >= 0 && !isatty(fd) && errno == ENOTTY && !close(fd));
	CHECK(bpf_map_get_next_key(-1, NULL, key) && errno == EBADF);
	CHECK(bpf_iter_create(-1) < 0 && errno == EBADF);
	CHECK(mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
	      MAP_FAILED);
	CHECK(mmap(NULL, 4096, PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
		      MAP_FAILED &&
	      errno == EPERM);
	CHECK(!raise(0));
}

static void check_status(const char *expected)
{
	char line[128];
	bool found = false;
	FILE *f = fopen("/proc/self/status", "re");

	while (f && fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = 0;
		found |= !strcmp(line, expected);
	}
	CHECK(found);
	if (!found)
		printf("no '%s'\n", expected);
	if (f)
		fclose(f);
}

/* With all capabilities, so that nothing else refuses. */
static void check_calls(void)
{
	for (size_t i = 0; i < NREFUSED; i++) {
		int err = outcome(i);

		CHECK(err != EPERM);
		if (err == EPERM)
			printf("%s is refused in any case\n", refused[i].name);
	}
	CHECK(!prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) && !confine__filter_calls(false));
	for (size_t i = 0; i < NREFUSED; i++) {
		int err = outcome(i);

		CHECK(err == EPERM);
		if (err != EPERM)
			printf("%s: %s\n", refused[i].name, strerror(err));
	}
}

static void check_confined(void)
{
	const struct confine_needs needs = {};
	char kept[256];

	CHECK(!confine__enter(&needs, kept, sizeof(kept)));
	check_allowed();
	check_status("NoNewPrivs:\t1");
	check_status("Seccomp:\t2");
}

/* Where it is asked for; the kernel decides. */
static void check_priority(void)
{
	const struct confine_needs needs = {.priority = true};
	struct sched_param param = {.sched_priority = 1};
	char kept[256];

	CHECK(!confine__enter(&needs, kept, sizeof(kept)));
	CHECK(strstr(kept, "sys_nice"));
	CHECK(!sched_setscheduler(0, SCHED_FIFO, &param));
}

static void check_writes(const char *path, bool overrides)
{
	const struct confine_needs needs = {.writes = (const char *const[]){path, NULL}};
	char kept[256];
	int fd;

	confine__drop_capabilities(&needs, kept, sizeof(kept));
	CHECK(!strstr(kept, "dac_override") == !overrides);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	CHECK(fd >= 0 && !close(fd) && !unlink(path));
}

/* In a directory of ours, and in one of somebody else. */
static void check_own_directory(void)
{
	char dir[] = "/tmp/sonde-confine-XXXXXX", path[64];

	CHECK(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/file", dir);
	check_writes(path, false);
	CHECK(!rmdir(dir));
}

static void check_foreign_directory(void)
{
	char dir[] = "/tmp/sonde-confine-XXXXXX", path[64];

	CHECK(mkdtemp(dir) && !chown(dir, 65534, 65534));
	snprintf(path, sizeof(path), "%s/file", dir);
	check_writes(path, true);
	CHECK(!rmdir(dir));
}

/* Each in a process of its own, since it is for good. */
static void in_child(void (*fn)(void))
{
	int status = -1;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		failed = 0;
		fn();
		fflush(stdout);
		_exit(!!failed);
	}
	CHECK(pid > 0 && waitpid(pid, &status, 0) == pid && status == 0);
}

int main(void)
{
	if (geteuid()) {
		printf("skipped: needs root\n");
		return 0;
	}
	in_child(check_calls);
	in_child(check_confined);
	in_child(check_priority);
	in_child(check_own_directory);
	in_child(check_foreign_directory);
	return report();
}
