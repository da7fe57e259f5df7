# SPDX-License-Identifier: GPL-2.0
#
# All cases on one screen: a line each, and on it a mark for each contestant where its
# cost is beside that of vnicx, with the range of its rounds.
#
#	gnuplot -e "points='FILE'; picture='FILE'" plot.gnuplot
series = "veth macvlan ipvlan veth+bridge veth+ovs netkit macvtap tap+bridge others lost"
colours = "#d95f02 #1b9e77 #7570b3 #a6761d #e7298a #66a61e #1b9e77 #a6761d #999999 #000000"
kinds = "7 5 9 11 13 15 4 10 6 2"

stats points using 2 nooutput
lines = -STATS_min
set terminal svg size 1150, 120 + 15 * lines noenhanced font "sans-serif,11" background "white"
set output picture
set datafile separator tab
set title "Cost beside vnicx, whose is 1: left of the line is cheaper, right of it dearer"
set logscale x 2
set xrange [0.25:8]
set x2range [0.25:8]
set logscale x2 2
set yrange [-lines - 0.7:-0.3]
set xtics (0.25, 0.35, 0.5, 0.7, 0.85, 1, 1.2, 1.5, 2, 3, 4, "8 or more" 8)
set x2tics (0.25, 0.5, 0.7, 1, 1.5, 2, 3, 4, "8 or more" 8)
set ytics font ",10"
set grid xtics ytics lc rgb "#dddddd"
set arrow from 1, graph 0 to 1, graph 1 nohead lc rgb "#2a6fb0" lw 2 back
set key outside below horizontal samplen 1
set bars 0.5
plot for [i = 1:words(series)] points \
	using (strcol(1) eq word(series, i) ? $3 : NaN):2:4:5:ytic(6) with xerrorbars \
	pt int(word(kinds, i)) ps 0.7 lc rgb word(colours, i) title word(series, i)
