# SPDX-License-Identifier: GPL-2.0-only
# What `sonde COMMAND --help` prints, as lines of fields with tabs between them, for scripts/gen-man and gen-completion:
# usage TEXT; what TEXT; option LETTER NAME ARG HELP; recipe COMMAND WHAT. LETTER, ARG and WHAT may be empty.
BEGIN { OFS = "\t" }
function flush(   words, letter) {
	if (name == "")
		return
	letter = ""
	if (name ~ /^-., /) {
		letter = substr(name, 2, 1)
		name = substr(name, 5)
	}
	words[2] = ""
	split(name, words, " ")
	print "option", letter, substr(words[1], 3), words[2], text
	name = ""
}
/^Usage: / { part = "usage" }
/^$/ { flush(); part = "" }
part == "usage" && /^(Usage:)? +sonde/ { sub(/^(Usage:)? +/, ""); print "usage", $0; next }
part == "usage" { print "what", $0; next }
/^Options/ { part = "options"; next }
/^Recipes:$/ { part = "recipes"; next }
part == "options" && /^  (    )?-/ {
	flush()
	sub(/^ +/, "")
	at = match($0, /  +/)
	name = substr($0, 1, at - 1)
	text = substr($0, at + RLENGTH)
	sub(/ +$/, "", text)
	next
}
part == "options" { gsub(/^ +| +$/, ""); text = text " " $0; next }
part == "recipes" {
	sub(/^ +/, "")
	at = match($0, /   *[^ ]/)
	if (at)
		print "recipe", substr($0, 1, at - 1), substr($0, at + RLENGTH - 1)
	else
		print "recipe", $0, ""
}
END { flush() }
