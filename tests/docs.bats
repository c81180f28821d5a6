#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# What is said of options and metrics in several places: help, man pages, completions, the example configuration, docs/.

bats_require_minimum_version 1.5.0
# bats file_tags=host
load helpers

setup_file() {
	"$BATS_TEST_DIRNAME/../scripts/gen-man" "${SONDE:-$BATS_TEST_DIRNAME/../sonde}" "$BATS_FILE_TMPDIR/man" 1.2.3 2020-02-02
	for shell in bash zsh; do
		"$BATS_TEST_DIRNAME/../scripts/gen-completion" "${SONDE:-$BATS_TEST_DIRNAME/../sonde}" $shell >"$BATS_FILE_TMPDIR/$shell"
	done
}

setup() {
	MAN=$BATS_FILE_TMPDIR/man
	cd "$BATS_TEST_TMPDIR" || return 1
}

commands() {
	"$SONDE" --help | sed -n '/^Recipes/q; s/^  sonde \([a-z]*\) .*/\1/p'
}

# same WHAT: the lines of the files `one` and `other`, in any order.
same() {
	[ -s one ] && [ -s other ] || fail "$1: nothing found"
	diff <(sort -u one) <(sort -u other) || fail "$1 differ (<, >)"
}

# help_options COMMAND: read without scripts/options.awk, which is what is tested here.
help_options() {
	"$SONDE" "$1" --help | sed -n -E '/^Recipes/q; s/^ {2}( {4}|-., )?--([a-z-]+).*/\2/p'
}

page_options() {
	sed -n '/^\.SH OPTIONS/,/^\.SH EXAMPLES/p' "$1" | sed -n -E 's/^(\\fB.*, )?\\fB\\-\\-([a-z\\-]+)\\fR.*/\2/p' | tr -d '\\'
}

words() {
	tr '[:upper:]' '[:lower:]' | grep -oE '[a-z]{3,}' | sort
}

@test "man pages: a page for each command, with its options, and none without" {
	commands | sed 's/.*/sonde-&.1/' >one
	printf '%s\n' sonde.1 sonde.conf.5 sonde-metrics.7 >>one
	ls "$MAN" >other
	same "pages"
	ls "$ROOT/docs/man" >other
	same "what is written by hand"
	for command in $(commands); do
		help_options "$command" >one
		page_options "$MAN/sonde-$command.1" >other
		same "options of sonde $command and its page"
		[ "$(wc -l <one)" = "$(wc -l <other)" ]
		# And no word of what is said of them is missing.
		"$SONDE" "$command" --help | sed -n '/^Options/,/^Recipes/p' | sed '1d; $d' | words >one
		sed -n '/^\.SH OPTIONS/,/^\.SH EXAMPLES/p' "$MAN/sonde-$command.1" | sed '1d; $d; s/\\f[BIR]//g' | words >other
		diff one other
		for section in NAME SYNOPSIS DESCRIPTION OPTIONS EXAMPLES "EXIT STATUS" "SEE ALSO"; do
			grep -qx "\.SH $section" "$MAN/sonde-$command.1" || fail "sonde-$command.1 has no $section"
		done
	done
}

@test "man pages are correct, and tell the version and nothing of the build" {
	require mandoc man
	mandoc -T lint "$MAN"/*
	for page in "$MAN"/*; do
		run -0 --separate-stderr man -l --warnings "$page"
		[ -z "$stderr" ] || fail "$stderr"
		grep -q '^\.TH [A-Z.-]* [157] 2020-02-02 "sonde 1.2.3"$' "$page"
	done
	"$ROOT/scripts/gen-man" "$SONDE" again 1.2.3 2020-02-02
	diff -r "$MAN" again
}

@test "keys: sonde.conf(5), the commands that read a file, and the example" {
	# `include` is no option.
	for command in $(commands); do
		! help_options "$command" | grep -qx config || help_options "$command"
	done | sed 's/^config$/include/' | grep -vxE 'help|version' >one
	sed -n -E 's/^\\fB([a-z\\-]+)\\fR = .*/\1/p' "$MAN/sonde.conf.5" | tr -d '\\' >other
	same "keys and sonde.conf(5)"
	help_options run | sed 's/^config$/include/' | grep -vxE 'help|version' >one
	sed -n -E 's/^#?([a-z-]+)(\.[a-z]+)? = .*/\1/p' "$ROOT/dist/sonde.conf" >other
	same "options of sonde run and dist/sonde.conf"
}

@test "metrics: sonde-metrics(7) has the sets and operations of docs/metrics.md" {
	sed -n -E 's/^## (.*)/\1/p; /^\| (operation|---) /d; s/^\| ([^|]*) \|.*/\1/p' "$ROOT/docs/metrics.md" >one
	sed -n '/^\.SH OPERATIONS/,/^\.SH OWN/p' "$MAN/sonde-metrics.7" |
		sed -n -E 's/^\.SS (.*)/\1/p; s/^\\fB(.*)\\fR$/\1/p' | tr -d '\\' >other
	same "docs/metrics.md and sonde-metrics(7)"
	[ "$(wc -l <one)" = "$(wc -l <other)" ]
	"$SONDE" probes --json | jq -r '.[] | .name, .operations[].name' >other
	same "docs/metrics.md and sonde probes"
}

@test "links of the documents lead to documents that are installed with them" {
	for file in "$ROOT"/README.md "$ROOT"/docs/*.md "$ROOT"/docs/questions/*.md; do
		while read -r to; do
			to=$(realpath -m --relative-to="$ROOT" "$(dirname "$file")/$to")
			[ -e "$ROOT/$to" ] && [[ $to =~ ^(README|docs/[a-z-]+|docs/questions/[a-z-]+)\.md$ ]] || fail "$file leads to $to"
		done < <(grep -oE '\]\([^)#:]+[)#]' "$file" | sed 's/^](//; s/.$//')
	done
}

# complete WORD...: what bash offers for the last one.
complete_bash() {
	bash -c '. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _sonde 2>&1; printf "%s\n" "${COMPREPLY[@]}"' - "$BATS_FILE_TMPDIR/bash" "$@"
}

@test "completion: bash offers commands, options, and values" {
	{ commands && printf '%s\n' --help --version; } >one
	complete_bash sonde "" >other
	same "commands"
	for command in $(commands); do
		help_options "$command" | sed 's/^/--/' >one
		complete_bash sonde "$command" -- >other
		same "options of $command"
	done
	[ "$(complete_bash sonde run --graphite-)" = --graphite-tags ]
	[ "$(complete_bash sonde run --probes all,blo)" = all,block ]
	[ "$(complete_bash sonde run --probes all,-blo)" = all,-block ]
	[ "$(complete_bash sonde run -p sy)" = syscalls ]
	[ "$(complete_bash sonde top --view proc)" = processes ]
	[ "$(complete_bash sonde hist --by d)" = device ]
	[ "$(complete_bash sonde hist bl)" = block ]
	[ "$(complete_bash sonde hist tcp connect block flu)" = flush_total ]
	complete_bash sonde hist -d 10 syscalls read | grep -qx readv
	[ "$(complete_bash sonde top --sort connect-)" = connect-p95 ]
	[ "$(complete_bash sonde trace -e openat,%ne)" = openat,%network ]
	[ "$(complete_bash sonde trace --expr getpp)" = getppid ]
	[ "$(complete_bash sonde run --socket-group roo)" = root ]
	[ "$(complete_bash sonde run --interval "")" = "" ]
	mkdir dir && : >dir.conf
	[ "$(complete_bash sonde run --config dir.)" = dir.conf ]
	[ "$(complete_bash sonde run --spool di)" = dir ]
	complete_bash sonde run --output "" | tr '\n' ' ' >other
	[ "$(cat other)" = "graphite graphite-tags json csv statsd victoria " ]
	complete_bash sonde trace -p $$ | grep -qx $$
	complete_bash sonde trace -f bas | grep -qx bash
}

@test "completion: zsh has the commands and their options" {
	require zsh
	zsh -n "$BATS_FILE_TMPDIR/zsh"
	commands >one
	sed -n -E "s/^\t\t'([a-z]+):.*/\1/p" "$BATS_FILE_TMPDIR/zsh" >other
	same "commands"
	for command in $(commands); do
		help_options "$command" >one
		sed -n "/^\t$command)/,/;;/p" "$BATS_FILE_TMPDIR/zsh" | sed -n -E "s/^\t\t\t[^[]*--([a-z-]+)[]=}[].*/\1/p" >other
		same "options of $command"
	done
}

# Everything that it may have to say of itself.
own_figures() {
	"$SONDE" run --probes all --graphite 127.0.0.1:1 --spool "$PWD/spool" --prometheus 127.0.0.1:29435 --output json:json --output victoria:victoria \
		--interval 1 --duration "$((2 * SLOW))s" --socket none
	tail -n 1 json | jq -r '.self | to_entries[] | .key as $op | .value | keys[] | "\($op).\(.)"'
	sed -n -E 's/^sonde_self_totals_([a-z]+)_total;.*/totals.\1/p' victoria
}

@test "docs/operations.md has each figure that sonde has of itself, and no other" {
	require root btf jq
	sets=$("$SONDE" probes --json | jq -r 'map(.name) | join("|")')
	own_figures | sed -E "s/^($sets)\./SET./;  s/^(graphite|output|output_2)\.(.*[a-z])\$/DEST.\2/; s/^DEST\.lines\$/output.lines/" >one
	sed -n -E '/^## Its own/,/^## What it says/s/^\| `([A-Za-z_.0-9]+)` \|.*/\1/p' "$ROOT/docs/operations.md" >other
	same "figures and docs/operations.md"
}

# messages FILE...: the longest piece of the text of each warning and error that is not filled in.
messages() {
	local file
	for file; do
		# Strings that go on in the next line are joined.
		tr '\n\t' '  ' <"$file" | sed 's/" *" *//g' | grep -oE 'log_(warn|error)\( *"([^"\\]|\\.)*"' | sed -E 's/^[^"]*"(.*)"$/\1/' |
			awk '{ n = split($0, piece, /%[a-z.*]*[a-z]/); best = ""
				for (i = 1; i <= n; i++) if (length(piece[i]) > length(best)) best = piece[i]
				if (length(best) > 5) print best }'
	done | sed 's/^[: ]*//; s/[ (:]*$//' | sort -u
}

@test "docs/operations.md has each warning and error" {
	messages "$ROOT"/user/*.c "$ROOT"/user/*/*.c >all
	[ "$(wc -l <all)" -gt 30 ]
	while read -r text; do
		grep -qF -- "$text" "$ROOT/docs/operations.md" || fail "not in docs/operations.md: $text"
	done <all
}
