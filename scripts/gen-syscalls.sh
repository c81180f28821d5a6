#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# usage: gen-syscalls.sh
# Writes include/syscall_names_ARCH.h for each architecture from the newest kernel headers that Debian has.
set -eu

cd "$(dirname "$0")/.."
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# One package holds the headers of every architecture.
version=$(scripts/debian-fetch amd64 '^linux-libc-dev$' "$tmp" trixie-backports sid)

for arch in x86_64 aarch64; do
	out=include/syscall_names_$arch.h
	# The preprocessor, not a reading of the file: which header defines the numbers differs by architecture and release.
	printf '#include <asm/unistd.h>\n' |
		${CC:-cc} -E -dM -nostdinc -I "$tmp/usr/include/$arch-linux-gnu" -I "$tmp/usr/include" - |
		awk '$2 ~ /^__NR_/ && $2 !~ /^__NR_(syscalls|arch_specific_syscall)$/ && $3 ~ /^[0-9]+$/ { print $3, substr($2, 6) }' | sort -n >"$tmp/$arch"
	# A header that is read the wrong way must not replace a good table.
	if [ "$(wc -l <"$tmp/$arch")" -lt 300 ] || [ -n "$(cut -d' ' -f1 "$tmp/$arch" | uniq -d)" ]; then
		echo "$0: $arch: the headers of $version give no sound table" >&2
		exit 1
	fi
	{
		echo '/* SPDX-License-Identifier: GPL-2.0-only */'
		echo "/* Made by scripts/gen-syscalls.sh from the headers of Linux ${version%%-*}, $arch: do not edit. */"
		echo '/* clang-format off */'
		awk '{ printf "SYSCALL(%s, %s)\n", $1, $2 }' "$tmp/$arch"
	} >"$tmp/header"
	cp "$tmp/header" "$out"
done
