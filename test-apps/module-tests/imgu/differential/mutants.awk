# SPDX-License-Identifier: GPL-2.0-or-later
# Prints the mutants of a C source in kernel style, one a line: LINE, RULE and the line's new text, with tabs between. A
# mutant changes one line: a comparison is moved by one or turned round, an operator becomes its opposite, a number one
# more, a statement, a condition, an operand of a condition or of a sum goes away.

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

# Each number becomes one more. Not what is part of a name, nor the text of a string, nor how many elements a local array
# has.
function numbers(    head, tail, number, before) {
	if ($0 ~ /^\t[a-z][a-z0-9_ ]* \**[a-z_]+\[[0-9]+\];$/)
		return
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

# Where the operand that begins at @from ends: before the next operator of its depth, or what ends the condition. 0 if it
# goes on in the next line.
function operand_end(from,    at, depth, letter) {
	depth = 0
	for (at = from; at <= length($0); at++) {
		letter = substr($0, at, 1)
		if (letter == "(")
			depth++
		else if (letter == ")" && depth-- == 0)
			return at
		else if (depth == 0 && (letter == ";" || letter == "," || substr($0, at, 3) ~ /^ (&&|\|\||\?)/))
			return at
	}
	return depth == 0 ? at : 0
}

# Where the operand that ends before @to begins. 0 if it began in the line before.
function operand_start(to,    at, depth, letter) {
	depth = 0
	for (at = to - 1; at > 0; at--) {
		letter = substr($0, at, 1)
		if (letter == ")")
			depth++
		else if (letter == "(" && depth-- == 0)
			return at + 1
		else if (letter == "\t")
			return depth == 0 ? at + 1 : 0
		else if (depth == 0 && (substr($0, at - 2, 3) ~ /(&&|\|\|| =| \?| :) $/ || substr($0, at - 6, 7) == "return "))
			return at + 1
	}
	return 0
}

# Each operand of a condition counts for nothing, in turn.
function operands(    at, operator, neutral, from, to) {
	if (pending != "") {
		match($0, /^\t* */)
		from = RLENGTH + 1
		to = operand_end(from)
		if (to)
			emit("operand", substr($0, 1, from - 1) (pending == "||" ? 0 : 1) substr($0, to))
	}
	for (at = 1; at < length($0); at++) {
		operator = substr($0, at + 1, 2)
		if (substr($0, at, 1) != " " || (operator != "&&" && operator != "||"))
			continue
		neutral = operator == "||" ? 0 : 1
		from = operand_start(at)
		# The line's first operand has had its turn if it belongs to the line before.
		if (from && (pending == "" || substr($0, 1, from - 1) !~ /^\t*$/))
			emit("operand", substr($0, 1, from - 1) neutral substr($0, at))
		if (at + 3 < length($0)) {
			to = operand_end(at + 4)
			if (to)
				emit("operand", substr($0, 1, at + 3) neutral substr($0, to))
		}
	}
}

# Each plain term of a sum but the first goes away.
function terms(    head, tail) {
	head = ""
	tail = $0
	while (match(tail, / [+-] [A-Za-z0-9_][A-Za-z0-9_>.\[\]-]*/)) {
		if (substr(tail, RSTART + RLENGTH, 1) != "(")
			emit("term", head substr(tail, 1, RSTART - 1) substr(tail, RSTART + RLENGTH))
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
/static_assert/ { assertion = 1 }
assertion {
	if (/;$/)
		assertion = 0
	next
}
/^#/ || /^\/\// || /^[^\t]/ { pending = ""; next }
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
	terms()
	operands()
	pending = match($0, / (&&|\|\|)$/) ? substr($0, RSTART + 1, 2) : ""
}
# A whole statement of one line: an assignment, a call.
/^\t+[a-z][A-Za-z0-9_>.\[\]-]* [|&+-]?= .*;$/ || /^\t+\*[a-z]+ = .*;$/ { emit("statement", "\t;") }
/^\t+[a-z][a-z0-9_]*\(.*\);$/ { emit("statement", "\t;") }
/^\t+\.[a-z][A-Za-z0-9_.]* = .*,$/ { emit("member", "") }
/^\t+if \(.*(\)( \{)?| &&| \|\|)$/ {
	line = $0
	sub(/if \(/, "if (0 \\&\\& ", line)
	emit("never", line)
	line = $0
	sub(/if \(/, "if (1 || ", line)
	emit("always", line)
}
