#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
bats_require_minimum_version 1.5.0
# An allocation or a system call of sonde's own fails: docs/faults.md. STRIDE=1 tries all of them.

# bats file_tags=load
load helpers
load faults/faults

setup() {
	require root btf netns jq curl strace
	[ -e "$WORK/fail_alloc.so" ] || skip "nothing can be put before the functions of a static program"
	cd "$BATS_TEST_TMPDIR" || return 1
}

# --- allocations -----------------------------------------------------------------------------------------------------

without_memory() {
	# shellcheck disable=SC2016 # Expanded there.
	FAIL_AT=$1 FAIL_COUNT=$PWD/count FAIL_WHERE=$PWD/where hurt "${WITHIN[@]}" bash -c 'LD_PRELOAD=$0 exec "$@"' "$WORK/fail_alloc.so" "${@:2}"
}

# each_place STRIDE PREPARE GOOD COMMAND...: lets the allocation of every STRIDEth place fail, and in turn with it all
# that come after.
each_place() {
	local stride=${STRIDE:-$1} places allocs at tried=0 went_on=0
	$2
	rm -f where
	without_memory 0 "${@:4}"
	[ "$HURT" = 0 ] && $3 || fail "it fails without a failure: $(cat err)"
	read -r places allocs <count
	[ "$places" -gt 20 ] || fail "only $places places allocate"
	for ((at = 1 + stride / 2; at <= places; at += stride)); do
		for and_on in '' +; do
			[ "$stride" = 1 ] || [ $((tried % 3 == 2)) = "$([ -z "$and_on" ]; echo $?)" ] || continue
			$2
			rm -f where
			without_memory "$at$and_on" "${@:4}"
			[ "$HURT" != 0 ] || [ ! -e where ] || went_on=$((went_on + 1))
			sound "place $at$and_on of $places" "$3"
		done
		tried=$((tried + 1))
	done
	all_sound "$places places, $allocs allocations" "$tried" "it went on after $went_on"
}

# A command's own output goes elsewhere.
trace_counted() {
	grep -q ' execve$' traced
}

trace_printed() {
	grep -q ' execve("/bin/true"' traced && grep -q 'exited with 0' traced
}

@test "no allocation that fails: sonde trace -c" {
	each_place 15 : trace_counted "$SONDE" trace -c -o traced -- /bin/true
}

@test "no allocation that fails: sonde trace, lines with stacks and names" {
	each_place 30 : trace_printed "$SONDE" trace -f -y -k -o traced -- /bin/true
}

@test "no allocation that fails: sonde check and probes" {
	SAID=is_json each_place 220 : is_json "$SONDE" check --json --config "$ROOT/dist/sonde.conf"
	each_place 220 : is_json "$SONDE" probes --json
}

@test "no allocation that fails: sonde hist and top" {
	each_place 120 : true "$SONDE" hist -d 1 syscalls
	each_place 120 : is_json "$SONDE" top --json -n 1 -i 500ms --probes all
}

@test "no allocation that fails: sonde query" {
	"$SONDE" run --probes syscalls --interval 1 --duration 1s --socket none --output json:json
	each_place 50 : true "$SONDE-query" --from-json json --op read
}

@test "no allocation that fails: sonde run with all outputs" {
	receivers_start
	each_place 60 fresh_stream stream_is_whole "$SONDE" "${STREAM[@]}"
}

# --- system calls ----------------------------------------------------------------------------------------------------

# What each call may plausibly say.
declare -gA SAYS=(
	[accept4]='EMFILE ECONNABORTED ENOMEM EINTR' [bind]='EADDRINUSE EACCES' [bpf]='ENOMEM EPERM EAGAIN EINTR EMFILE'
	[chdir]='EACCES EIO' [chmod]='EPERM EIO' [clock_nanosleep]=EINTR [clone]='EAGAIN ENOMEM' [clone3]='EAGAIN ENOMEM' [connect]='ECONNREFUSED ENETUNREACH EINTR ENOBUFS'
	[close_range]='EMFILE ENOSYS' [dup]=EMFILE [dup2]='EBUSY EINTR' [dup3]='EMFILE EINTR' [epoll_create1]='EMFILE ENFILE ENOMEM' [epoll_ctl]='ENOMEM ENOSPC' [epoll_wait]='EINTR EIO'
	[eventfd2]='EMFILE ENFILE ENOMEM' [faccessat2]='EACCES EIO' [access]='EACCES EIO' [fcntl]='EMFILE EAGAIN' [fdatasync]='EIO ENOSPC'
	[flock]='EINTR ENOLCK EAGAIN' [fstatfs]=EIO [ftruncate]='ENOMEM EPERM' [fsync]='EIO ENOSPC' [getdents64]='EIO ENOMEM' [getpeername]=ENOTCONN [getrandom]=EINTR
	[getsockname]=ENOBUFS [getsockopt]=ENOMEM [ioctl]='EINTR ENOTTY' [kill]=ESRCH [lseek]=EIO [listen]=EADDRINUSE [memfd_create]='EMFILE ENFILE ENOMEM' [mkdir]='ENOSPC EACCES EROFS'
	[mmap]='ENOMEM EPERM' [mprotect]=ENOMEM [mremap]=ENOMEM [newfstatat]='EIO ENOMEM ENOENT' [openat]='EMFILE ENFILE EACCES ENOMEM EINTR EIO'
	[perf_event_open]='EMFILE EPERM ENOMEM' [pipe2]='EMFILE ENFILE' [poll]='EINTR ENOMEM' [ppoll]='EINTR ENOMEM' [prctl]='EPERM EINVAL'
	[pread64]=EIO [pwrite64]='ENOSPC ENOMEM' [prlimit64]=EPERM [read]='EIO EINTR EAGAIN ENOMEM' [readlink]='ENOENT EACCES' [readlinkat]='ENOENT EACCES'
	[recvfrom]='ECONNRESET EINTR' [recvmsg]='ECONNRESET EINTR' [renameat]='ENOSPC EIO' [sched_getscheduler]=EPERM [sched_setscheduler]=EPERM
	[sendmsg]='ECONNRESET EPIPE ENOBUFS EINTR' [sendto]='ECONNRESET EPIPE ENOBUFS EINTR' [setsockopt]='ENOMEM ENOPROTOOPT' [shutdown]=ENOTCONN
	[signalfd4]='EMFILE ENOMEM' [socket]='EMFILE ENOBUFS EAFNOSUPPORT' [socketpair]='EMFILE ENFILE ENOMEM' [timerfd_create]='EMFILE ENOMEM' [timerfd_settime]=ECANCELED
	[unlink]='EIO EROFS' [unlinkat]='EIO EROFS' [wait4]=EINTR [waitid]=EINTR [write]='ENOSPC EIO EINTR EAGAIN'
)
# What cannot fail here, whose failure is no errno (brk), or what nobody looks at because nothing could be done, or what the loader does.
SURE=' arch_prctl brk close execve exit exit_group futex geteuid getpid getrusage gettid madvise munmap restart_syscall rseq rt_sigaction rt_sigprocmask rt_sigreturn set_robust_list set_tid_address sysinfo umask uname sigaltstack '

# calls_of COMMAND...: `CALL BEFORE ALL` for each call that it makes, BEFORE the ones of the loader, which ends with munmap.
calls_of() {
	hurt "${WITHIN[@]}" strace -f --seccomp-bpf -o calls "$@"
	[ "$HURT" = 0 ] || fail "it fails without a failure: $(cat err)"
	sed -n -E 's/^([0-9]+ +)?([a-z_0-9]+)\(.*/\2/p' calls |
		awk '{ all[$1]++ } $1 == "munmap" && !m++ { for (c in all) before[c] = all[c] }
			END { for (c in all) print c, before[c] + 0, all[c] }' | sort
}

# each_call STRIDE PREPARE GOOD COMMAND...: lets every STRIDEth of all pairs of call and error happen: the first time, in
# the middle, and always from then on.
each_call() {
	local stride=${STRIDE:-$1} call before all error when good said n=0 tried=0 happened=0 unknown=
	$2
	calls_of "${@:4}" >list
	[ "$(wc -l <list)" -gt 20 ]
	while read -r call before all; do
		[[ $SURE != *" $call "* && -z ${SAYS[$call]:-} ]] && unknown+=" $call"
		good=$3 said=
		# Without it nothing can be said either.
		[ "$call" != write ] || good=true said=true
		for error in ${SAYS[$call]:-}; do
			for when in $((before + 1)) $(((before + all) / 2 + 1)) $((before + 1))+; do
				# Who is only to try again does so.
				[[ $when != *+ || ! $error =~ EINTR|EAGAIN ]] || continue
				[ $((n++ % stride)) = $((stride / 2)) ] || continue
				tried=$((tried + 1))
				$2
				hurt "${WITHIN[@]}" strace -f --seccomp-bpf -o calls -e "trace=$call" -e "inject=$call:error=$error:when=$when" "${@:4}"
				! grep -q INJECTED calls || happened=$((happened + 1))
				SAID=${said:-${SAID:-}} sound "$call: $error, when=$when" "$good"
			done
		done
	done <list
	[ -z "$unknown" ] || fail "nothing is known of these calls:$unknown"
	[ $((happened * 3)) -gt "$tried" ] || fail "only $happened of $tried failures happened"
	all_sound "$(wc -l <list) calls" "$tried" "$happened happened"
}

@test "no system call that fails: sonde trace" {
	each_call 17 : trace_counted "$SONDE" trace -c -o traced -- /bin/true
	each_call 29 : trace_printed "$SONDE" trace -f -y -k -o traced -- /bin/true
}

@test "no system call that fails: sonde check and top" {
	SAID=is_json each_call 61 : is_json "$SONDE" check --json --config "$ROOT/dist/sonde.conf"
	each_call 41 : is_json "$SONDE" top --json -n 1 -i 500ms --probes all
}

@test "no system call that fails: sonde run with all outputs" {
	receivers_start
	each_call 31 fresh_stream stream_is_whole "$SONDE" "${STREAM[@]}"
}
