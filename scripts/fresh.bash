# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# Fresh Debian systems, for test-fresh and test-deb, which source this. Needs root and debootstrap; the mirror is debian-mirror's.
#
# Base systems and packages are kept in .output/fresh, so that only the first time is long. All mounts are in mount namespaces of
# their own: they end with the commands that needed them, and nothing is left to unmount.

cache=$PWD/.output/fresh

say() {
	printf '[%4d s] %s\n' "$SECONDS" "$*" >&2
}

fail() {
	say "FAILED: $*"
	exit 1
}

# Makes $work, which goes away at the end, and $root, which is there after fresh__unpack.
fresh__start() {
	[ "$(id -u)" = 0 ] || fail "needs root"
	command -v debootstrap >/dev/null || fail "needs the program debootstrap; install it"
	[ -z "$(git status --porcelain)" ] || say "note: changes that are not committed are not tested"
	mkdir -p "$cache/archives"
	work=$(mktemp -d "$cache/run.XXXXXX")
	root=$work/root
	trap 'rm -rf --one-file-system "$work"' EXIT
	trap 'exit 130' INT TERM
}

fresh__make_base() {
	local suite=$1 uri
	say "making the base system ($suite)"
	uri=$(scripts/debian-mirror) || exit
	debootstrap --variant=minbase --include=git,make,ca-certificates "$suite" "$work/base" "$uri" >"$work/log" 2>&1 ||
		{ tail -n 20 "$work/log" >&2; fail "debootstrap"; }
	rm -rf "$work/base/var/cache/apt/archives" "$work/base/debootstrap"
	tar -C "$work/base" -cf "$work/base.tar" .
	mv "$work/base.tar" "$cache/$suite.tar"
	rm -rf --one-file-system "$work/base"
}

# fresh__unpack SUITE: a new $root, in the place of the one before.
fresh__unpack() {
	[ -e "$cache/$1.tar" ] || fresh__make_base "$1"
	rm -rf --one-file-system "$root"
	mkdir "$root"
	tar -C "$root" -xf "$cache/$1.tar"
	mkdir -p "$root/var/cache/apt/archives"
	cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
	# It need not outlive a crash.
	echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/unsafe-io"
	# As in every container: installing a daemon does not start it.
	printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
	chmod +x "$root/usr/sbin/policy-rc.d"
}

# A clone of this repository's HEAD, in $root/sonde.
fresh__clone() {
	git bundle create -q "$root/sonde.bundle" HEAD
	fresh__run 60 'git -c advice.detachedHead=false -c init.defaultBranch=main clone -q /sonde.bundle sonde'
}

# fresh__run LIMIT COMMAND: in the fresh system, in the clone once there is one. OFFLINE=1: without a network.
fresh__run() {
	local proxies
	mapfile -t proxies < <(env | grep -iE '^(https?|no)_proxy=' || true)
	# Its own shell, because the mounts must be made in its namespace. Arguments: root, cache, then the command.
	# shellcheck disable=SC2016
	unshare --mount ${OFFLINE:+--net} bash -euc '
		root=$1 archives=$2
		mount --bind "$root" "$root"
		for dir in proc sys dev; do
			mount --rbind "/$dir" "$root/$dir"
		done
		mount -t tmpfs none "$root/run"
		mount --bind "$archives" "$root/var/cache/apt/archives"
		exec chroot "$root" "${@:3}"
	' mounts "$root" "$cache/archives" \
		env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 ${CI:+CI="$CI"} "${proxies[@]}" \
		timeout "$1" bash -o pipefail -c "cd /sonde 2>/dev/null || cd /; $2"
}
