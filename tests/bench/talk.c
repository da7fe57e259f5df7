// SPDX-License-Identifier: GPL-2.0
/*
 * Two processes in two namespaces talk over TCP or UDP.
 *
 *	talk rr tcp|udp|connect FROM TO ADDRESS COUNT
 *		one byte there and one back, COUNT times: nanoseconds for each; with
 *		"connect", by a TCP connection of its own each time
 *	talk stream FLOWS FROM TO ADDRESS MILLISECONDS
 *		as much as will go by that many connections: Gbit/s
 *	talk file FLOWS FROM TO ADDRESS MILLISECONDS
 *		the same out of a file, dropped on arrival, so that nobody copies
 *		a byte: nanoseconds for a megabyte
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../netns/helpers/enter.h"
#include "mark.h"

#define PORT	7700
#define FLOWS	64

static struct sockaddr_in address = { .sin_family = AF_INET };
static char data[256 << 10];
/* what is sent, when it is a file */
static int file = -1;

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static int endpoint(int type)
{
	int fd = socket(AF_INET, type, 0), on = 1;

	if (fd < 0)
		err(1, "socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (type == SOCK_STREAM)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return fd;
}

static int connected(int type)
{
	int fd = endpoint(type);

	if (connect(fd, (struct sockaddr *)&address, sizeof(address)))
		err(1, "connect");
	return fd;
}

static int bound(int type)
{
	int fd = endpoint(type);

	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) ||
	    (type == SOCK_STREAM && listen(fd, FLOWS)))
		err(1, "bind");
	return fd;
}

static void answer(int type)
{
	struct sockaddr_in peer;
	socklen_t len;
	int fd = bound(type);
	char byte;

	while (type == SOCK_STREAM) {
		int peer_fd = accept(fd, NULL, NULL);

		while (recv(peer_fd, &byte, 1, 0) == 1)
			send(peer_fd, &byte, 1, 0);
		close(peer_fd);
	}
	for (;;) {
		len = sizeof(peer);
		if (recvfrom(fd, &byte, 1, 0, (struct sockaddr *)&peer, &len) == 1)
			sendto(fd, &byte, 1, 0, (struct sockaddr *)&peer, len);
	}
}

static void ask(int fd, long count)
{
	char byte = 0;

	while (count--)
		if (send(fd, &byte, 1, 0) != 1 || recv(fd, &byte, 1, 0) != 1)
			err(1, "no answer");
}

/* The same by a connection for each */
static void ask_anew(long count)
{
	int fd;

	while (count--) {
		fd = connected(SOCK_STREAM);
		ask(fd, 1);
		close(fd);
	}
}

static ssize_t send_some(int fd)
{
	off_t start = 0;

	return file < 0 ? send(fd, data, sizeof(data), 0) :
			  sendfile(fd, file, &start, sizeof(data));
}

/* Receives from all flows until one ends. */
static void receive(int flows)
{
	int flags = file < 0 ? 0 : MSG_TRUNC;
	struct pollfd pfds[FLOWS];
	int fd = bound(SOCK_STREAM), i;

	for (i = 0; i < flows; i++) {
		pfds[i].fd = accept(fd, NULL, NULL);
		pfds[i].events = POLLIN;
	}
	while (poll(pfds, flows, -1) > 0)
		for (i = 0; i < flows; i++)
			if (pfds[i].revents && recv(pfds[i].fd, data, sizeof(data), flags) <= 0)
				exit(0);
}

static double stream(int flows, double ns)
{
	double begin, sent = 0;
	struct pollfd pfds[FLOWS];
	ssize_t n;
	int i;

	for (i = 0; i < flows; i++) {
		pfds[i].fd = connected(SOCK_STREAM);
		pfds[i].events = POLLOUT;
		fcntl(pfds[i].fd, F_SETFL, O_NONBLOCK);
	}
	mark_begin();
	begin = now();
	while (now() - begin < ns) {
		poll(pfds, flows, 100);
		for (i = 0; i < flows; i++) {
			if (!(pfds[i].revents & POLLOUT))
				continue;
			n = send_some(pfds[i].fd);
			if (n > 0)
				sent += n;
		}
	}
	mark_end();
	return sent * 8 / (now() - begin);
}

int main(int argc, char **argv)
{
	int type = SOCK_STREAM, flows = 0, fd = -1, anew;
	double begin, gbits;
	pid_t child;
	long count;

	if (argc != 7 || inet_pton(AF_INET, argv[5], &address.sin_addr) != 1)
		errx(2, "usage: talk rr|stream|file WHAT FROM TO ADDRESS COUNT");
	address.sin_port = htons(PORT);
	count = atol(argv[6]);
	anew = !strcmp(argv[2], "connect");
	if (strcmp(argv[1], "rr"))
		flows = atoi(argv[2]);
	else if (!strcmp(argv[2], "udp"))
		type = SOCK_DGRAM;
	if (flows > FLOWS)
		errx(2, "too many flows");
	if (!strcmp(argv[1], "file")) {
		file = memfd_create("data", 0);
		if (file < 0 || ftruncate(file, sizeof(data)))
			err(1, "memfd");
	}
	signal(SIGPIPE, SIG_IGN);
	alarm(60);

	child = fork();
	if (!child) {
		enter(argv[4]);
		alarm(60);
		if (flows)
			receive(flows);
		else
			answer(type);
	}
	enter(argv[3]);
	usleep(100000);
	if (flows) {
		gbits = stream(flows, count * 1e6);
		printf("%.3f\n", file < 0 ? gbits : 8e6 / gbits);
	} else {
		if (anew) {
			ask_anew(50);
		} else {
			fd = connected(type);
			/* the way is found, the processes are where they stay */
			ask(fd, 50);
		}
		mark_begin();
		begin = now();
		if (anew)
			ask_anew(count);
		else
			ask(fd, count);
		mark_end();
		printf("%.1f\n", (now() - begin) / count);
	}
	fflush(stdout);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	return 0;
}
