#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# bats file_tags=host
# What dist/ has for others to run sonde by: the unit file leaves it what it needs and little else; so does the DaemonSet.

bats_require_minimum_version 1.5.0
load helpers

UNIT_FILE=$ROOT/dist/systemd/sonde.service

# unit KEY: all values of it.
unit() {
	sed -n "s/^$1=//p" "$UNIT_FILE" | paste -sd ' '
}

@test "the unit's exposure is 2.0 or less" {
	require systemd-analyze
	run -0 systemd-analyze security --offline=true "$UNIT_FILE"
	[[ ${lines[-1]} =~ level\ for\ sonde.service:\ ([0-9.]+) ]]
	echo "exposure ${BASH_REMATCH[1]}"
	awk -v it="${BASH_REMATCH[1]}" 'BEGIN { exit !(it <= 2.0) }'
}

@test "the unit has no key that systemd does not know" {
	require systemd-analyze
	sed 's|/usr/bin/sonde|/bin/true|' "$UNIT_FILE" >"$BATS_TEST_TMPDIR/sonde.service"
	cat "$ROOT/dist/systemd/realtime.conf" >>"$BATS_TEST_TMPDIR/sonde.service"
	run systemd-analyze verify --man=no "$BATS_TEST_TMPDIR/sonde.service"
	! grep sonde <<<"$output"
}

# Runs its arguments as the unit does, as far as that goes without systemd: another user, its capabilities and no others, /proc
# without what may not be traced, nothing to write to but /run/sonde, none of the files that ProtectKernelTunables= hides.
as_unit() {
	local caps
	caps=-all$(unit CapabilityBoundingSet | sed 's/CAP_/,+/g; s/ //g' | tr '[:upper:]' '[:lower:]')
	# Arguments: the capabilities, then the command; the shell must be in the namespace to mount.
	# shellcheck disable=SC2016
	exec unshare --mount bash -euc '
		mount --make-rprivate /
		mount -t proc -o "hidepid=$1" proc /proc
		mount -t tmpfs run /run
		install -d -o 65534 -m 755 /run/sonde
		install -m 0 /dev/null /run/nothing
		mount --bind /run/nothing /proc/kallsyms
		mount -o remount,bind,ro /sys
		mount -o remount,bind,ro /
		! touch /tmp/.writable 2>/dev/null
		exec setpriv --reuid 65534 --regid 65534 --clear-groups --no-new-privs \
			--bounding-set "$2" --inh-caps "$2" --ambient-caps "$2" "${@:3}"
	' unit "$(unit ProtectProc)" "$caps" "$@"
}

# confined [ARG]...: 3 s of sonde run as the unit's, while root's own program makes calls; a rule on its executable must find it.
confined() {
	touch "$BATS_TEST_TMPDIR/out"
	(as_unit "$SONDE" run --probes all --interval 1 --max-series 100000 --service 'exact=exe:/calls$') \
		>"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" &
	local pid=$!
	echo "$pid $(start_time "$pid")" >>"$BATS_TEST_TMPDIR/.pids"
	wait_for said_or_dead "$BATS_TEST_TMPDIR/err" '^sonde: attached' "$pid"
	"$WORK/calls" -t 2 -n 1000 getppid
	stop_bg "$pid"
	cat "$BATS_TEST_TMPDIR/err"
	[ "$(cat "$BATS_TEST_TMPDIR/err")" = "sonde: attached" ]
	equal calls "$(graphite_sum "$BATS_TEST_TMPDIR/out" '\.exact\..*\.syscalls\.getppid\.count$')" 2000
	for set in syscalls tcp block sched; do
		[ "$(graphite_sum "$BATS_TEST_TMPDIR/out" "\.self\.$set\.running$")" -ge 1 ]
	done
}

@test "with the unit's capabilities, all sets attach and count" {
	require root btf setpriv
	[ "$(unit CapabilityBoundingSet)" = "$(unit AmbientCapabilities)" ]
	join_root_cgroups
	confined
}

@test "so they do on perf's events, as from Linux 7.0 on" {
	require root btf setpriv
	"$SONDE" check --json | jq -e '.notes.storage | not' || kernel_lacks "programs on perf's events that may allocate"
	join_root_cgroups
	SONDE_WITHOUT=preemptible confined
}

@test "the unit's user finds other users' descriptors, and viewers find its socket" {
	require root btf setpriv
	start_bg sleep 60
	local other=$BG_PID
	# shellcheck disable=SC2016
	(as_unit bash -c '
		"$1" run --duration 3s >/dev/null & run=$!
		while kill -0 $run 2>/dev/null && [ ! -S /run/sonde/sonde.sock ]; do sleep 0.1; done
		sleep 0.3
		stat -c %a /run/sonde/sonde.sock
		readlink "/proc/$2/fd/0" >/dev/null && echo seen
		wait $run
	' user "$SONDE" "$other") >"$BATS_TEST_TMPDIR/out"
	[ "$(cat "$BATS_TEST_TMPDIR/out")" = $'660\nseen' ]
}

# The names of the calls that the unit allows.
allowed_calls() {
	local line word
	unit_lines=$(sed -n 's/^SystemCallFilter=//p' "$UNIT_FILE")
	while read -r line; do
		for word in ${line#\~}; do
			expand_group "$word"
		done | sort -u >"$BATS_TEST_TMPDIR/these"
		if [ "${line#\~}" = "$line" ]; then
			sort -u -o "$BATS_TEST_TMPDIR/allowed" - "$BATS_TEST_TMPDIR/these" <"$BATS_TEST_TMPDIR/allowed"
		else
			comm -23 "$BATS_TEST_TMPDIR/allowed" "$BATS_TEST_TMPDIR/these" >"$BATS_TEST_TMPDIR/left"
			mv "$BATS_TEST_TMPDIR/left" "$BATS_TEST_TMPDIR/allowed"
		fi
	done <<<"$unit_lines"
}

expand_group() {
	local word
	[ "${1#@}" != "$1" ] || { echo "$1"; return; }
	for word in $(systemd-analyze syscall-filter "$1" | sed -n 's/^    \([-@a-z_0-9]*\)$/\1/p'); do
		expand_group "$word"
	done
}

@test "the unit allows each system call that a run makes" {
	require root btf systemd-analyze strace
	: >"$BATS_TEST_TMPDIR/allowed"
	allowed_calls
	[ "$(wc -l <"$BATS_TEST_TMPDIR/allowed")" -gt 200 ]
	start_bg strace -f -qq -e signal=none -o "$BATS_TEST_TMPDIR/calls" "$SONDE" run --probes all --interval 1 --duration 4s \
		--socket "$BATS_TEST_TMPDIR/sock" --socket-group root --prometheus 127.0.0.1:19435 --graphite localhost:1 \
		--spool "$BATS_TEST_TMPDIR/spool" --service 'exact=exe:/calls$' --output "json:$BATS_TEST_TMPDIR/json"
	local pid=$BG_PID
	wait_for test -S "$BATS_TEST_TMPDIR/sock"
	"$SONDE" top --socket "$BATS_TEST_TMPDIR/sock" --json -n 1 >/dev/null
	wait_for curl -sf -o /dev/null http://127.0.0.1:19435/metrics
	wait_bg "$pid"
	# Raising the limit of locked memory and real-time priority have other ways: see the unit and realtime.conf.
	sed -n -E 's/^[0-9]+ +([a-z_0-9]+)\(.*/\1/p' "$BATS_TEST_TMPDIR/calls" | sort -u >"$BATS_TEST_TMPDIR/made"
	grep -qx bpf "$BATS_TEST_TMPDIR/made"
	grep -qx chown "$BATS_TEST_TMPDIR/made"
	run -0 comm -23 "$BATS_TEST_TMPDIR/made" "$BATS_TEST_TMPDIR/allowed"
	output=$(grep -vxE 'setrlimit|sched_setscheduler' <<<"$output" || true)
	[ -z "$output" ] || fail "not allowed: $output"
}

@test "the DaemonSet has what sonde needs, and its capabilities by name" {
	require python3
	python3 - "$ROOT/dist/kubernetes/daemonset.yaml" "$(unit CapabilityBoundingSet)" <<-'END'
		import sys, yaml
		docs = {d["kind"]: d for d in yaml.safe_load_all(open(sys.argv[1]))}
		pod = docs["DaemonSet"]["spec"]["template"]["spec"]
		meta = docs["DaemonSet"]["spec"]["template"]["metadata"]
		wanted = docs["DaemonSet"]["spec"]["selector"]["matchLabels"]
		box = pod["containers"][0]
		security = box["securityContext"]
		assert wanted.items() <= meta["labels"].items()
		assert pod["hostPID"] is True
		assert security["readOnlyRootFilesystem"] is True and security["privileged"] is False
		assert security["capabilities"]["drop"] == ["ALL"]
		unit = {c.removeprefix("CAP_") for c in sys.argv[2].split()}
		added = set(security["capabilities"]["add"])
		assert added == unit | {"SYS_RESOURCE", "SYS_NICE"}, added
		at = {m["mountPath"]: m for m in box["volumeMounts"]}
		volumes = {v["name"]: v for v in pod["volumes"]}
		assert all(m["readOnly"] for m in at.values())
		for path in "/proc", "/sys/fs/cgroup", "/sys/kernel/btf", "/sys/kernel/tracing":
		    m = at.get(path) or at["/host" + path]
		    assert volumes[m["name"]]["hostPath"]["path"] == path
		assert volumes[at["/etc/sonde"]["name"]]["configMap"]["name"] == docs["ConfigMap"]["metadata"]["name"]
		assert "confine = true" in docs["ConfigMap"]["data"]["sonde.conf"].splitlines()
		assert box["resources"]["requests"] and box["resources"]["limits"]["memory"]
	END
}

@test "the DaemonSet's configuration and arguments are understood" {
	require root btf python3
	python3 -c 'import sys, yaml
print([d for d in yaml.safe_load_all(open(sys.argv[1])) if d["kind"] == "ConfigMap"][0]["data"]["sonde.conf"])' \
		"$ROOT/dist/kubernetes/daemonset.yaml" | sed 's|^root = /host|root = /|; s|0\.0\.0\.0:9435|127.0.0.1:19435|' >"$BATS_TEST_TMPDIR/conf"
	grep -q '^root = /$' "$BATS_TEST_TMPDIR/conf"
	run -0 "$SONDE" run --config "$BATS_TEST_TMPDIR/conf" --host node --duration 1s
}

@test "all packages are of the version that the Makefile has" {
	version=$(sed -n 's/^VERSION *:= *//p' "$ROOT/Makefile")
	[ -n "$version" ]
	cd "$ROOT" || return 1
	run -0 sed -n -E '1s/.*\(([^-+~)]*).*/\1/p; s/^Version: *//p; s/.*sonde[:_-]([0-9.]*[0-9])([_-].*|\.tar.*| .*|)$/\1/p' \
		dist/debian/changelog dist/rpm/sonde.spec dist/container/Containerfile dist/kubernetes/daemonset.yaml
	[ "${#lines[@]}" -ge 5 ]
	for line in "${lines[@]}"; do
		[ "$line" = "$version" ] || fail "$line is not $version"
	done
}

@test "the RPM spec is one, and asks for what install-deps installs" {
	require rpmspec
	run -0 --separate-stderr rpmspec -P "$ROOT/dist/rpm/sonde.spec"
	[ -z "$stderr" ] || fail "$stderr"
	# The static build is not in it.
	sed -n 's/^rpm_build="\(.*\)"/\1/p' "$ROOT/scripts/install-deps" | tr ' ' '\n' | grep -vx glibc-static | sort >"$BATS_TEST_TMPDIR/wanted"
	sed -n 's/^BuildRequires: *//p' <<<"$output" | grep -vx systemd-rpm-macros | sort >"$BATS_TEST_TMPDIR/asked"
	[ -s "$BATS_TEST_TMPDIR/wanted" ]
	diff "$BATS_TEST_TMPDIR/wanted" "$BATS_TEST_TMPDIR/asked"
}

# What Fedora's rpmbuild defines and Debian's does not; the optimization is the one that links differently.
@test "the RPM builds as Fedora would, and the program in it runs" {
	require root rpmbuild rpm
	top=$BATS_TEST_TMPDIR version=$(sed -n 's/^Version: *//p' "$ROOT/dist/rpm/sonde.spec")
	mkdir "$top/SOURCES"
	tar -C "$ROOT" --exclude=./.git --exclude=./.output --exclude=./sonde --exclude=./sonde-query --transform "s|^\.|sonde-$version|" \
		-czf "$top/SOURCES/sonde-$version.tar.gz" .
	run -0 env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u O rpmbuild -bb --nodeps --define "_topdir $top" \
		--define 'build_cflags -O2 -g -flto=auto -ffat-lto-objects -fexceptions -Wp,-D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection' \
		--define 'build_ldflags -Wl,-z,relro -Wl,--as-needed -Wl,-z,now -flto=auto' \
		--define '_unitdir /usr/lib/systemd/system' --define '_sysusersdir /usr/lib/sysusers.d' --define 'systemd_requires Requires: systemd' \
		--define 'systemd_post() :' --define 'systemd_preun() :' --define 'systemd_postun_with_restart() :' "$ROOT/dist/rpm/sonde.spec"
	rpm=$(echo "$top"/RPMS/*/sonde-"$version"-1*.rpm)
	run -0 rpm -qpl "$rpm"
	for file in /usr/bin/sonde /usr/libexec/sonde/sonde-query /etc/sonde/sonde.conf /usr/lib/systemd/system/sonde.service /usr/share/man/man7/sonde-metrics.7; do
		grep -q "^$file" <<<"$output" || fail "no $file in $output"
	done
	mkdir "$top/root"
	# Debian's has to be told that it is meant.
	force=$(rpm --help | grep -o -- --force-debian || true)
	run -0 rpm --root "$top/root" $force --nodeps --noscripts -i "$rpm"
	run -0 "$top/root/usr/bin/sonde" --version
	[[ $output = *"$version"* ]]
}

@test "the Containerfile takes what is there, and starts what the DaemonSet gives arguments to" {
	file=$ROOT/dist/container/Containerfile
	for word in $(sed -n 's/^COPY \([^-].*\) .*/\1/p' "$file") $(grep -oE '(scripts|dist)/[-a-z.]+(/[a-z.]+)?' "$file" | grep -v 'Containerfile$'); do
		[ -e "$ROOT/$word" ] || fail "no $word"
	done
	grep -qF 'install -D .output/static-"$(uname -m)"/sonde /out/usr/bin/sonde' "$file"
	grep -qx 'ENTRYPOINT \["/usr/bin/sonde"\]' "$file"
}
