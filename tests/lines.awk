# SPDX-License-Identifier: GPL-2.0-only
# A tracer's lines that count: of each thread those from the marker of begins() to that of ends() in tests/work/lines.h.
# With joined=1 both halves of a call that others interrupted become one line, and alignment does not count, since
# where that happens is chance.

function mark(text) {
	if (text ~ /^close\(-1001/) return 1
	if (text ~ /^close\(-1002/) return 2
	return 0
}

function apply(which) {
	if (which) on[tid] = which == 1
}

{
	tid = $1
	text = substr($0, length(tid) + 1)
	sub(/^ +/, "", text)
	which = mark(text)
	half = text ~ / <unfinished \.\.\.>$/
	if (half) {
		marked[tid] = which
		sub(/ ?<unfinished \.\.\.>$/, "", text)
		begun[tid] = text
		if (which || joined || !on[tid]) next
	} else if (text ~ /^<\.\.\. [a-z0-9_]+ resumed>/) {
		if (marked[tid]) {
			apply(marked[tid])
			marked[tid] = 0
			next
		}
		if (joined) {
			sub(/^<\.\.\. [a-z0-9_]+ resumed>/, "", text)
			text = begun[tid] text
		}
	} else if (which) {
		apply(which)
		next
	}
	if (!on[tid]) next
	# What a new program does before its own begins() is the C library's.
	if (text ~ /^execve(at)?\(.* = 0$/ || text ~ /^<\.\.\. execve(at)? resumed>.* = 0$/) on[tid] = 0
	if (joined) {
		sub(/\) +=/, ") =", text)
		print tid " " text
	} else {
		print
	}
}
