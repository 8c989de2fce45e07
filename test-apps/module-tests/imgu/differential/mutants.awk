# SPDX-License-Identifier: GPL-2.0-or-later
# Prints the mutants of a C source in kernel style, one a line: LINE, RULE and the line's new text, with tabs between. A
# mutant changes one line: a comparison is moved by one or turned round, an operator becomes its opposite, a number one
# more, a statement or a condition goes away.

function emit(rule, text) {
	if (text != $0)
		printf "%d\t%s\t%s\n", NR, rule, text
}

# Each occurrence of the words @from, in turn, becomes @to.
function replace(rule, from, to,    head, tail, at) {
	head = ""
	tail = $0
	while ((at = index(tail, from)) > 0) {
		emit(rule, head substr(tail, 1, at - 1) to substr(tail, at + length(from)))
		head = head substr(tail, 1, at + length(from) - 1)
		tail = substr(tail, at + length(from))
	}
}

# Each number becomes one more. Not what is part of a name, nor the text of a string.
function numbers(    head, tail, number, before) {
	head = ""
	tail = $0
	while (match(tail, /[0-9]+/)) {
		number = substr(tail, RSTART, RLENGTH)
		before = RSTART > 1 ? substr(tail, RSTART - 1, 1) : (head == "" ? " " : substr(head, length(head)))
		if (before !~ /[A-Za-z0-9_]/ && substr(tail, RSTART + RLENGTH, 1) !~ /[A-Za-z0-9_]/)
			emit("one-more", head substr(tail, 1, RSTART - 1) (number + 1) substr(tail, RSTART + RLENGTH))
		head = head substr(tail, 1, RSTART + RLENGTH - 1)
		tail = substr(tail, RSTART + RLENGTH)
	}
}

/^\/\*/ || /^\t*\/\*/ { comment = 1 }
comment {
	if (/\*\//)
		comment = 0
	next
}
/^#/ || /^\/\// || /static_assert/ || /^[^\t]/ { next }

{
	replace("comparison", " < ", " <= ")
	replace("comparison", " <= ", " < ")
	replace("comparison", " > ", " >= ")
	replace("comparison", " >= ", " > ")
	replace("equality", " == ", " != ")
	replace("equality", " != ", " == ")
	replace("logic", " && ", " || ")
	replace("logic", " || ", " && ")
	replace("sign", " + ", " - ")
	replace("sign", " - ", " + ")
	replace("factor", " * ", " / ")
	replace("factor", " / ", " * ")
	replace("shift", " << ", " >> ")
	replace("shift", " >> ", " << ")
	replace("bits", " & ", " | ")
	replace("bits", " | ", " & ")
	replace("not", "!", "")
	replace("extreme", "min(", "max(")
	replace("extreme", "max(", "min(")
	replace("rounding", "DIV_ROUND_UP(", "DIV_ROUND_UP(1 + ")
	replace("rounding", "ALIGN(", "ALIGN_DOWN(")
	replace("accept", "return IMGU_REASON_", "return 0 * IMGU_REASON_")
	numbers()
}
# A whole statement of one line: an assignment, a call.
/^\t+[a-z][A-Za-z0-9_>.\[\]-]* [|&+-]?= .*;$/ || /^\t+\*[a-z]+ = .*;$/ { emit("statement", "\t;") }
/^\t+[a-z][a-z0-9_]*\(.*\);$/ { emit("statement", "\t;") }
/^\t+\.[a-z][A-Za-z0-9_.]* = .*,$/ { emit("member", "") }
/^\t+if \(.*\)( \{)?$/ {
	line = $0
	sub(/if \(/, "if (0 \\&\\& ", line)
	emit("never", line)
	line = $0
	sub(/if \(/, "if (1 || ", line)
	emit("always", line)
}
