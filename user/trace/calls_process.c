// SPDX-License-Identifier: GPL-2.0-only
/* Processes: birth, death, identity, limits, scheduling. */
#include "arg_types.h"

#include <linux/kcmp.h>

static void adjust_personality(struct decoder *d, struct value *args, struct value *ret)
{
	(void)args;
	if (!decode__succeeded(d))
		return;
	ret->kind = VALUE_HEX;
	ret->note = value__words(d->arena, decode__flags(d, NULL, &c_personality, (u32)d->ev->ret));
}

static void adjust_policy(struct decoder *d, struct value *args, struct value *ret)
{
	(void)args;
	if (decode__succeeded(d))
		ret->note = value__words(d->arena,
					 decode__flags(d, NULL, &c_sched_policy, (u32)d->ev->ret));
}

static void adjust_ioprio(struct decoder *d, struct value *args, struct value *ret)
{
	(void)args;
	if (decode__succeeded(d))
		ret->note = ioprio_text(d, (u32)d->ev->ret);
}

/* Only some commands have descriptors behind the type. */
static void adjust_kcmp(struct decoder *d, struct value *args, struct value *ret)
{
	u32 i = 0;

	(void)ret;
	for (struct value *v = args->first; v; v = v->next)
		v->absent = i++ >= 3 && d->ev->arg[2] != KCMP_FILE &&
			    d->ev->arg[2] != KCMP_EPOLL_TFD;
}

#define ARCH_SET_GS 0x1001
#define ARCH_SET_FS 0x1002
#define ARCH_GET_FS 0x1003
#define ARCH_GET_GS 0x1004

static struct value *decode_arch_prctl(struct decoder *d, u32 i)
{
	switch (d->ev->arg[0]) {
	case ARCH_SET_GS:
	case ARCH_SET_FS:
		return show_pointer(d, i);
	case ARCH_GET_FS:
	case ARCH_GET_GS:
		return t_pointer_out.decode(d, i);
	}
	return t_hex.decode(d, i);
}

static const struct arg_type t_arch_prctl = {
	.fetch = {.kind = FETCH_STRUCT, .flags = FETCH_AT_EXIT, .size = sizeof(u64)},
	.decode = decode_arch_prctl,
};

#define PROCESS CALL_IS_PROCESS
#define CREDS   CALL_IS_CREDS
#define PURE    CALL_IS_PURE
#define DESC    CALL_IS_DESC
#define NUMBER  RETURNS_NUMBER
#if defined(__x86_64__)
#define CLONE_REST ARG("child_tidptr", pointer), ARG("tls", pointer)
#else
#define CLONE_REST ARG("tls", pointer), ARG("child_tidptr", pointer)
#endif

/* clang-format off */
const struct call_desc calls_process[] = {
	CALL(arch_prctl, PROCESS, NUMBER, NULL, ARG_NAME("code", arch_prctl), ARG("addr", arch_prctl)),
	CALL(capget, CREDS, NUMBER, NULL, ARG("hdrp", cap_header), ARG("datap", cap_data_out)),
	CALL(capset, CREDS, NUMBER, NULL, ARG("hdrp", cap_header), ARG("datap", cap_data_in)),
	CALL(clone, PROCESS, NUMBER, adjust_clone,
	     ARG("flags", clone_flags), ARG("child_stack", pointer), ARG("parent_tid", int_out), CLONE_REST),
	CALL(clone3, PROCESS, NUMBER, NULL, ARG_LEN("cl_args", clone_args, 1), ARG("size", ulong)),
	CALL(execve, PROCESS | CALL_IS_FILE, NUMBER, NULL, ARG("pathname", path), ARG("argv", strings), ARG("envp", environ)),
	CALL(execveat, PROCESS | CALL_IS_FILE | DESC, NUMBER, NULL,
	     ARG("dirfd", dirfd), ARG("pathname", path), ARG("argv", strings), ARG("envp", environ), ARG_FLAGS("flags", at_exec)),
	CALL(exit, PROCESS, RETURNS_NOTHING, NULL, ARG("status", int)),
	CALL(exit_group, PROCESS, RETURNS_NOTHING, NULL, ARG("status", int)),
	CALL(fork, PROCESS, NUMBER, NULL),
	CALL(get_robust_list, 0, NUMBER, NULL, ARG("pid", int), ARG("head_ptr", pointer_out), ARG("len_ptr", long_out)),
	CALL(getcpu, 0, NUMBER, NULL, ARG("cpu", uint_out), ARG("node", uint_out), ARG("tcache", pointer)),
	CALL(getegid, CREDS | PURE, NUMBER, NULL),
	CALL(geteuid, CREDS | PURE, NUMBER, NULL),
	CALL(getgid, CREDS | PURE, NUMBER, NULL),
	CALL(getgroups, CREDS, NUMBER, NULL, ARG("size", int), ARG_LEN("list", groups_out, 0)),
	CALL(getpgid, 0, NUMBER, NULL, ARG("pid", int)),
	CALL(getpgrp, PURE, NUMBER, NULL),
	CALL(getpid, PURE, NUMBER, NULL),
	CALL(getppid, PURE, NUMBER, NULL),
	CALL(getpriority, 0, NUMBER, NULL, ARG_NAME("which", prio_which), ARG("who", int)),
	CALL(getrandom, 0, NUMBER, NULL, ARG_LEN("buf", random, 1), ARG("buflen", ulong), ARG_FLAGS("flags", getrandom)),
	CALL(getresgid, CREDS, NUMBER, NULL, ARG("rgid", uint_out), ARG("egid", uint_out), ARG("sgid", uint_out)),
	CALL(getresuid, CREDS, NUMBER, NULL, ARG("ruid", uint_out), ARG("euid", uint_out), ARG("suid", uint_out)),
	CALL(getrlimit, 0, NUMBER, NULL, ARG_NAME("resource", rlimit), ARG("rlim", rlimit_out)),
	CALL(getrusage, 0, NUMBER, NULL, ARG_NAME("who", rusage_who), ARG("usage", rusage)),
	CALL(getsid, 0, NUMBER, NULL, ARG("pid", int)),
	CALL(gettid, PURE, NUMBER, NULL),
	CALL(getuid, CREDS | PURE, NUMBER, NULL),
	CALL(ioprio_get, 0, NUMBER, adjust_ioprio, ARG_NAME("which", ioprio_who), ARG("who", int)),
	CALL(ioprio_set, 0, NUMBER, NULL, ARG_NAME("which", ioprio_who), ARG("who", int), ARG("ioprio", ioprio)),
	CALL(kcmp, 0, NUMBER, adjust_kcmp,
	     ARG("pid1", int), ARG("pid2", int), ARG_NAME("type", kcmp), ARG("idx1", fd), ARG("idx2", fd)),
	CALL(personality, 0, NUMBER, adjust_personality, ARG("persona", personality)),
	CALL(pidfd_getfd, DESC, RETURNS_FD, NULL, ARG("pidfd", fd), ARG("targetfd", int), ARG("flags", uint)),
	CALL(pidfd_open, DESC | PROCESS, RETURNS_FD, NULL, ARG("pid", int), ARG_FLAGS("flags", pidfd_flags)),
	CALL(prctl, 0, NUMBER, adjust_prctl,
	     ARG_NAME("option", prctl), ARG("arg2", prctl_second), ARG("arg3", prctl_third), ARG("arg4", hex), ARG("arg5", hex)),
	CALL(prlimit64, 0, NUMBER, NULL,
	     ARG("pid", int), ARG_NAME("resource", rlimit), ARG("new_limit", rlimit_in), ARG("old_limit", rlimit_out)),
	CALL(ptrace, 0, NUMBER, adjust_ptrace,
	     ARG_NAME("request", ptrace), ARG("pid", int), ARG("addr", pointer), ARG("data", ptrace_data)),
	CALL(rseq, 0, NUMBER, NULL, ARG("rseq", pointer), ARG("rseq_len", hex), ARG("flags", hex), ARG("sig", hex)),
	CALL(sched_get_priority_max, 0, NUMBER, NULL, ARG_FLAGS("policy", sched_policy)),
	CALL(sched_get_priority_min, 0, NUMBER, NULL, ARG_FLAGS("policy", sched_policy)),
	CALL(sched_getaffinity, 0, NUMBER, NULL, ARG("pid", int), ARG("cpusetsize", ulong), ARG_LEN("mask", cpus_out, 1)),
	CALL(sched_getattr, 0, NUMBER, NULL, ARG("pid", int), ARG("attr", sched_attr_out), ARG("size", uint), ARG("flags", uint)),
	CALL(sched_getparam, 0, NUMBER, NULL, ARG("pid", int), ARG("param", int_out)),
	CALL(sched_getscheduler, 0, NUMBER, adjust_policy, ARG("pid", int)),
	CALL(sched_rr_get_interval, 0, NUMBER, NULL, ARG("pid", int), ARG("tp", timespec_out)),
	CALL(sched_setaffinity, 0, NUMBER, NULL, ARG("pid", int), ARG("cpusetsize", ulong), ARG_LEN("mask", cpus_in, 1)),
	CALL(sched_setattr, 0, NUMBER, NULL, ARG("pid", int), ARG("attr", sched_attr_in), ARG("flags", uint)),
	CALL(sched_setparam, 0, NUMBER, NULL, ARG("pid", int), ARG("param", int_in)),
	CALL(sched_setscheduler, 0, NUMBER, NULL, ARG("pid", int), ARG_FLAGS("policy", sched_policy), ARG("param", int_in)),
	CALL(sched_yield, 0, NUMBER, NULL),
	CALL(set_robust_list, 0, NUMBER, NULL, ARG("head", pointer), ARG("len", ulong)),
	CALL(set_tid_address, 0, NUMBER, NULL, ARG("tidptr", pointer)),
	CALL(setdomainname, 0, NUMBER, NULL, ARG_LEN("name", buf_in, 1), ARG("len", ulong)),
	CALL(setfsgid, CREDS, NUMBER, NULL, ARG("fsgid", uid)),
	CALL(setfsuid, CREDS, NUMBER, NULL, ARG("fsuid", uid)),
	CALL(setgid, CREDS, NUMBER, NULL, ARG("gid", uid)),
	CALL(setgroups, CREDS, NUMBER, NULL, ARG("size", int), ARG_LEN("list", groups_in, 0)),
	CALL(sethostname, 0, NUMBER, NULL, ARG_LEN("name", buf_in, 1), ARG("len", ulong)),
	CALL(setns, DESC, NUMBER, NULL, ARG("fd", fd), ARG_FLAGS("nstype", ns_flags)),
	CALL(setpgid, 0, NUMBER, NULL, ARG("pid", int), ARG("pgid", int)),
	CALL(setpriority, 0, NUMBER, NULL, ARG_NAME("which", prio_which), ARG("who", int), ARG("prio", int)),
	CALL(setregid, CREDS, NUMBER, NULL, ARG("rgid", uid), ARG("egid", uid)),
	CALL(setresgid, CREDS, NUMBER, NULL, ARG("rgid", uid), ARG("egid", uid), ARG("sgid", uid)),
	CALL(setresuid, CREDS, NUMBER, NULL, ARG("ruid", uid), ARG("euid", uid), ARG("suid", uid)),
	CALL(setreuid, CREDS, NUMBER, NULL, ARG("ruid", uid), ARG("euid", uid)),
	CALL(setrlimit, 0, NUMBER, NULL, ARG_NAME("resource", rlimit), ARG("rlim", rlimit_in)),
	CALL(setsid, 0, NUMBER, NULL),
	CALL(setuid, CREDS, NUMBER, NULL, ARG("uid", uid)),
	CALL(sysinfo, 0, NUMBER, NULL, ARG("info", sysinfo)),
	CALL(times, 0, NUMBER, NULL, ARG("buf", tms)),
	CALL(uname, 0, NUMBER, NULL, ARG("buf", utsname)),
	CALL(unshare, 0, NUMBER, NULL, ARG_FLAGS("flags", ns_flags)),
	CALL(vfork, PROCESS, NUMBER, NULL),
	CALL(vhangup, 0, NUMBER, NULL),
	CALL(wait4, PROCESS, NUMBER, NULL,
	     ARG("pid", int), ARG("wstatus", wait_status), ARG_FLAGS("options", wait_options), ARG("rusage", wait_rusage)),
	CALL(waitid, PROCESS, NUMBER, NULL,
	     ARG_NAME("idtype", wait_id), ARG("id", int), ARG("infop", siginfo_out), ARG_FLAGS("options", wait_options),
	     ARG("rusage", rusage)),
	{}
};
