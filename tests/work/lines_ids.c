/* SPDX-License-Identifier: GPL-2.0-only */
/* Who a process is, what it may, and what machine it is on. */
#include "lines.h"

#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>

static void pids(void)
{
	int pidfd, pid = tid;

	sys(getpid);
	line("getpid()");
	sys(gettid);
	line("gettid()");
	sys(getppid);
	line("getppid()");
	sys(getpgid, 0);
	line("getpgid(0)");
	sys(getpgid, -1);
	line("getpgid(-1)");
	sys(setpgid, 0, 0);
	line("setpgid(0, 0)");
	sys(setpgid, -1, 5);
	line("setpgid(-1, 5)");
	sys(getsid, 0);
	line("getsid(0)");
	sys(setsid);
	line("setsid()");
#ifdef __NR_getpgrp
	sys(getpgrp);
	line("getpgrp()");
#endif
	pidfd = (int)sys(pidfd_open, pid, 0);
	line("pidfd_open(%d, 0)", pid);
	sys(pidfd_open, -1, 0);
	line("pidfd_open(-1, 0)");
	sys(pidfd_open, pid, O_NONBLOCK | 1);
	line("pidfd_open(%d, PIDFD_NONBLOCK|0x1)", pid);
	sys(pidfd_send_signal, pidfd, 0, NULL, 0);
	line("pidfd_send_signal(%d, 0, NULL, 0)", pidfd);
	sys(pidfd_getfd, pidfd, 99, 0);
	line("pidfd_getfd(%d, 99, 0)", pidfd);
	sys(close, pidfd);
	line("close(%d)", pidfd);
	sys(set_tid_address, &pidfd);
	line("set_tid_address(%p)", (void *)&pidfd);
	sys(kcmp, pid, pid, 0, 0, 1);
	line("kcmp(%d, %d, KCMP_FILE, 0, 1)", pid, pid);
}

static void users(void)
{
	gid_t groups[] = {1, 2, 3}, r, e, s;

	sys(getuid);
	line("getuid()");
	sys(geteuid);
	line("geteuid()");
	sys(getgid);
	line("getgid()");
	sys(getegid);
	line("getegid()");
	sys(setgroups, 3, groups);
	line("setgroups(3, [1, 2, 3])");
	sys(getgroups, 0, NULL);
	line("getgroups(0, NULL)");
	groups[0] = 0;
	sys(getgroups, 3, groups);
	line("getgroups(3, [1, 2, 3])");
	sys(getgroups, 1, groups);
	line("getgroups(1, %p)", (void *)groups);
	sys(setgroups, 0, NULL);
	line("setgroups(0, NULL)");
	sys(setfsuid, -1);
	line("setfsuid(-1)");
	sys(setfsgid, 0);
	line("setfsgid(0)");
	sys(setregid, -1, 7);
	line("setregid(-1, 7)");
	sys(setresgid, -1, 8, 9);
	line("setresgid(-1, 8, 9)");
	sys(getresgid, &r, &e, &s);
	line("getresgid([0], [8], [9])");
	sys(setgid, 0);
	line("setgid(0)");
	sys(setreuid, -1, 0);
	line("setreuid(-1, 0)");
	sys(setresuid, 0, 0, 1234);
	line("setresuid(0, 0, 1234)");
	sys(getresuid, &r, &e, &s);
	line("getresuid([0], [0], [1234])");
	sys(getresuid, NOWHERE, &e, NULL);
	line("getresuid(%p, %p, NULL)", NOWHERE, (void *)&e);
	sys(setuid, 0);
	line("setuid(0)");
	sys(setresuid, 0, 0, 0);
	line("setresuid(0, 0, 0)");
}

static void controls(void)
{
	char name[16] = "";
	int sig = 0;

	sys(prctl, PR_SET_NAME, "line\tids");
	line("prctl(PR_SET_NAME, \"line\\tids\")");
	sys(prctl, PR_GET_NAME, name);
	line("prctl(PR_GET_NAME, \"line\\tids\")");
	sys(prctl, PR_SET_PDEATHSIG, SIGTERM);
	line("prctl(PR_SET_PDEATHSIG, SIGTERM)");
	sys(prctl, PR_GET_PDEATHSIG, &sig);
	line("prctl(PR_GET_PDEATHSIG, [SIGTERM])");
	sys(prctl, PR_SET_DUMPABLE, 1);
	line("prctl(PR_SET_DUMPABLE, SUID_DUMP_USER)");
	sys(prctl, PR_GET_DUMPABLE);
	line_is("1 (SUID_DUMP_USER)", "prctl(PR_GET_DUMPABLE)");
	sys(prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	line("prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)");
	sys(prctl, PR_CAPBSET_READ, CAP_SYS_ADMIN);
	line("prctl(PR_CAPBSET_READ, CAP_SYS_ADMIN)");
	sys(prctl, PR_SET_CHILD_SUBREAPER, 1);
	line("prctl(PR_SET_CHILD_SUBREAPER, 1)");
	sys(prctl, 9999, 1, 2, 3, 4);
	line("prctl(0x270f /* PR_??? */, 0x1, 0x2, 0x3, 0x4)");
#ifdef __NR_arch_prctl
	sys(arch_prctl, 0x9999, 1);
	line("arch_prctl(0x9999 /* ARCH_??? */, 0x1)");
#endif
	sys(personality, 0xffffffff);
	line_is(result_text("%#lx (PER_LINUX)"), "personality(0xffffffff)");
	sys(seccomp, SECCOMP_SET_MODE_STRICT, 1, NULL);
	line("seccomp(SECCOMP_SET_MODE_STRICT, 0x1, NULL)");
	sys(ptrace, 16, 0x7fffff, NULL, NULL);
	line("ptrace(PTRACE_ATTACH, %d)", 0x7fffff);
	sys(unshare, 0);
	line("unshare(0)");
	sys(unshare, 0x04000000 | 0x40000000 | 1);
	line("unshare(CLONE_NEWUTS|CLONE_NEWNET|0x1)");
	sys(setns, -1, 0x20000000);
	line("setns(-1, CLONE_NEWPID)");
}

static void capabilities(void)
{
	struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct data[2];

	head.pid = -1;
	sys(capget, &head, data);
	line("capget({version=_LINUX_CAPABILITY_VERSION_3, pid=-1}, %p)", (void *)data);
	head.pid = 0;
	memset(data, 0, sizeof(data));
	data[0].effective = 1 << CAP_CHOWN | 1 << CAP_NET_RAW;
	data[0].permitted = data[0].effective;
	sys(capset, &head, data);
	line("capset({version=_LINUX_CAPABILITY_VERSION_3, pid=0}, "
	     "{effective=1<<CAP_CHOWN|1<<CAP_NET_RAW, permitted=1<<CAP_CHOWN|1<<CAP_NET_RAW, "
	     "inheritable=0})");
	sys(capget, &head, data);
	line("capget({version=_LINUX_CAPABILITY_VERSION_3, pid=0}, "
	     "{effective=1<<CAP_CHOWN|1<<CAP_NET_RAW, permitted=1<<CAP_CHOWN|1<<CAP_NET_RAW, "
	     "inheritable=0})");
}

/* Without capabilities by now: nothing here may change the machine. */
static void machine(void)
{
	struct utsname name;
	struct sysinfo info;
	unsigned int cpu, node;
	char random[40];

	sys(uname, &name);
	line("uname({sysname=\"Linux\", nodename=\"%s\", ...})", name.nodename);
	sys(uname, NULL);
	line("uname(NULL)");
	sys(sysinfo, &info);
	line("sysinfo({uptime=%ld, loads=[%lu, %lu, %lu], totalram=%lu, freeram=%lu, "
	     "sharedram=%lu, bufferram=%lu, totalswap=%lu, freeswap=%lu, procs=%u, totalhigh=0, "
	     "freehigh=0, mem_unit=%u})",
	     info.uptime, info.loads[0], info.loads[1], info.loads[2], info.totalram, info.freeram,
	     info.sharedram, info.bufferram, info.totalswap, info.freeswap, info.procs,
	     info.mem_unit);
	sys(getcpu, &cpu, &node, NULL);
	line("getcpu([%u], [%u], NULL)", cpu, node);
	sys(getrandom, random, 0, 0);
	line("getrandom(\"\", 0, 0)");
	sys(getrandom, NOWHERE, 8, 1 | 2);
	line("getrandom(%p, 8, GRND_NONBLOCK|GRND_RANDOM)", NOWHERE);
	sys(getrandom, random, 4, 8);
	line("getrandom(%p, 4, 0x8 /* GRND_??? */)", (void *)random);
	sys(getrandom, random, 4, 1);
	line("getrandom(\"\\x%02x\\x%02x\\x%02x\\x%02x\", 4, GRND_NONBLOCK)", random[0] & 0xff,
	     random[1] & 0xff, random[2] & 0xff, random[3] & 0xff);
	sys(reboot, 1, 2, 3, NULL);
	line("reboot(0x1 /* LINUX_REBOOT_MAGIC_??? */, 0x2 /* LINUX_REBOOT_MAGIC_??? */, 0x3 /* "
	     "LINUX_REBOOT_CMD_??? */)");
	sys(syslog, 10, NULL, 0);
	line("syslog(10 /* SYSLOG_ACTION_SIZE_BUFFER */)");
	sys(sethostname, "x", 1);
	line("sethostname(\"x\", 1)");
	sys(setdomainname, NOWHERE, 4);
	line("setdomainname(%p, 4)", NOWHERE);
	sys(vhangup);
	line("vhangup()");
}

int main(int argc, char **argv)
{
	lines_begin(argc, argv);
	pids();
	users();
	controls();
	capabilities();
	machine();
	return lines_end();
}
