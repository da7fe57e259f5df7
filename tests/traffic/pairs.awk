# SPDX-License-Identifier: GPL-2.0
#
# Chooses cases such that every two levels of different factors are together in
# one, where no rule forbids it. Reads "factors"; the same seed gives the same
# cases. Greedy: a case begins with a pair that is missing and takes, factor by
# factor, the level that adds most.
#
#	awk -v seed=N [-v share=I -v shares=N] -f pairs.awk factors
#
# Prints a case a line, of those only number I, I + N and so on if there are shares.

BEGIN { nr = rules = pairs = cases = left = 0 }

$1 == "factor" {
	names[nr] = $2
	number[$2] = nr
	levels[nr] = NF - 2
	for (i = 3; i <= NF; i++)
		level[nr, i - 3] = $i
	nr++
}

$1 == "never" {
	conditions[rules] = NF - 1
	for (i = 2; i <= NF; i++)
		condition(rules, i - 1, $i)
	rules++
}

# Every awk's own generator is another.
function below(n) {
	state = (state * 16807) % 2147483647
	return int(state / 2147483647 * n)
}

function condition(rule, at, text,    unlike, halves, values, n, j, f, v) {
	unlike = index(text, "!=") > 0
	split(text, halves, unlike ? "!=" : "=")
	if (!(halves[1] in number)) {
		print "no factor " halves[1] > "/dev/stderr"
		bad = 1
		exit 1
	}
	f = number[halves[1]]
	of[rule, at] = f
	n = split(halves[2], values, ",")
	for (v = 0; v < levels[f]; v++)
		holds[rule, at, v] = unlike
	for (j = 1; j <= n; j++)
		for (v = 0; v < levels[f]; v++)
			if (level[f, v] == values[j])
				holds[rule, at, v] = !unlike
}

# Whether the chosen levels, as far as they are chosen, break a rule
function is_forbidden(    rule, at, f) {
	for (rule = 0; rule < rules; rule++) {
		for (at = 1; at <= conditions[rule]; at++) {
			f = of[rule, at]
			if (chosen[f] < 0 || !holds[rule, at, chosen[f]])
				break
		}
		if (at > conditions[rule])
			return 1
	}
	return 0
}

function key(f, v, g, w) {
	return f < g ? f " " v " " g " " w : g " " w " " f " " v
}

# How many missing pairs this level would add
function gain(f, v,    g, sum) {
	for (g = 0; g < nr; g++)
		if (g != f && chosen[g] >= 0 && (key(f, v, g, chosen[g]) in missing))
			sum++
	return sum + 0
}

# The level of a factor that adds most, of equals by chance; -1: none is allowed
function best_level(f,    v, first, i, best, most, g) {
	best = most = -1
	first = below(levels[f])
	for (i = 0; i < levels[f]; i++) {
		v = (first + i) % levels[f]
		chosen[f] = v
		if (is_forbidden())
			continue
		g = gain(f, v)
		if (g > most) {
			most = g
			best = v
		}
	}
	chosen[f] = best
	return best
}

# Completes a case that begins with that pair; returns whether it can be.
function complete(pair,    p, f, i, j, order, swap) {
	split(pair, p, " ")
	for (f = 0; f < nr; f++) {
		chosen[f] = -1
		order[f] = f
	}
	chosen[p[1]] = p[2]
	chosen[p[3]] = p[4]
	if (is_forbidden())
		return 0
	for (i = nr - 1; i > 0; i--) {
		j = below(i + 1)
		swap = order[i]
		order[i] = order[j]
		order[j] = swap
	}
	for (i = 0; i < nr; i++)
		if (chosen[order[i]] < 0 && best_level(order[i]) < 0)
			return 0
	return 1
}

function added(    f, g, sum) {
	for (f = 0; f < nr; f++)
		for (g = f + 1; g < nr; g++)
			if (key(f, chosen[f], g, chosen[g]) in missing)
				sum++
	return sum + 0
}

function strike(    f, g) {
	for (f = 0; f < nr; f++)
		for (g = f + 1; g < nr; g++)
			if (key(f, chosen[f], g, chosen[g]) in missing) {
				delete missing[key(f, chosen[f], g, chosen[g])]
				left--
			}
}

# Without the first levels, which are what is not named
function text(    f, line) {
	for (f = 0; f < nr; f++)
		if (chosen[f] > 0 || f == 0)
			line = line names[f] "=" level[f, chosen[f]] " "
	return line "seed=" seed
}

# The best of some attempts at the pair, 0 if there is none: no case has it.
function attempt(pair,    try, most, f) {
	most = 0
	for (try = 0; try < 12; try++) {
		if (!complete(pair) || added() <= most)
			continue
		most = added()
		for (f = 0; f < nr; f++)
			best[f] = chosen[f]
	}
	for (f = 0; f < nr && most; f++)
		chosen[f] = best[f]
	return most
}

# The first missing pair from a place on that chance has chosen
function some_pair(    i) {
	for (i = below(pairs); !(all[i] in missing);)
		i = (i + 1) % pairs
	return all[i]
}

END {
	if (bad)
		exit 1
	state = seed * 7919 + 12345
	below(2)
	below(2)
	for (f = 0; f < nr; f++)
		for (g = f + 1; g < nr; g++)
			for (v = 0; v < levels[f]; v++)
				for (w = 0; w < levels[g]; w++) {
					all[pairs++] = key(f, v, g, w)
					missing[key(f, v, g, w)] = 1
					left++
				}
	while (left > 0) {
		pair = some_pair()
		if (!attempt(pair)) {
			delete missing[pair]
			left--
			continue
		}
		strike()
		if (!shares || cases % shares == share)
			print text()
		cases++
	}
}
