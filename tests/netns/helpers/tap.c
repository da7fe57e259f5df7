// SPDX-License-Identifier: GPL-2.0
/*
 * The user's side of tap devices: does, one after the other, what its arguments
 * say, and prints a line for each.
 *
 *	open Q DEVICE		the character device of a vNIC or a macvtap, as Q
 *	node Q PATH		the same by a path
 *	many DEVICE N		N times, to stay open: how many could be, and why not more
 *	close Q
 *	vhost Q			from here on by vhost-net, whose rings are served here
 *	backend Q R		gives those rings the device of R, or none if that is "-"
 *	send Q DST SRC TYPE LEN	a frame of LEN bytes; TYPE may be 8100.VID.TYPE;
 *				what is behind a TYPE of 88b6, the receiver checks
 *	hex Q BYTES		a frame in hexadecimal, as craft -x prints it
 *	again Q N		the last frame, N times more
 *	vnet Q FLAGS TYPE HDRLEN SIZE START OFFSET LEN
 *				a frame of LEN bytes to ff:.. behind such a header
 *	tcp Q DST SRC LEN MSS	a TCP segment of LEN bytes, cut at MSS if not 0,
 *				its checksum left to others
 *	lie Q FLAGS TYPE HDRLEN SIZE START OFFSET
 *				the last frame again, behind such a header
 *	fuzz Q N		the same with N headers by chance, not the same each:
 *				how many of them were taken, and which errors others met
 *	udp Q DST SRC LEN TYPE SIZE
 *				a UDP datagram of LEN bytes, cut at SIZE in a header's
 *				way TYPE, its checksum left to others
 *	raw Q LEN		a write of LEN bytes in all
 *	split Q DST SRC LEN	a frame in three pieces, by writev
 *	recv Q [ROOM]		the next frame, if it comes within half a second
 *	drain Q			how many frames are there, and how many bytes
 *	poll Q			what it is ready for, once a frame has come
 *	wait Q			a blocking read that a signal ends
 *	stuff Q			the last frame again, blocking, until a signal ends that
 *	ioctl Q NAME [ARG]	after TUNSETVNETBE, in that order of bytes
 *	run COMMAND		by the shell
 *	fork Q			a child sends by its own copy of Q
 *	pass Q R		Q over a socket, received as R
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap-frames.h"
#include "tap-queue.h"
#include "vhost.h"

static void many(void)
{
	const char *vnic = next();
	unsigned long i, n = number();

	for (i = 0; i < n; i++)
		if (open_tap(vnic) < 0)
			break;
	printf("%lu %s\n", i, i < n ? strerrorname_np(errno) : "");
}

static void poll_frame(void)
{
	struct pollfd pfd = { .fd = queue()->fd, .events = POLLIN };

	poll(&pfd, 1, 20000);
	pfd.events |= POLLOUT;
	poll(&pfd, 1, 0);
	printf("%s%s%s\n", pfd.revents & POLLIN ? "in" : "",
	       pfd.revents & POLLOUT ? "out" : "",
	       pfd.revents & POLLERR ? "err" : "");
}

static void on_alarm(int sig)
{
	(void)sig;
}

/* From here on whoever waits for the device is sent a signal, or no longer. */
static void let_wait(int fd, bool wait)
{
	struct sigaction action = { .sa_handler = on_alarm };

	sigaction(SIGALRM, &action, NULL);
	fcntl(fd, F_SETFL, wait ? 0 : O_NONBLOCK);
	ualarm(wait ? 200000 : 0, 0);
}

static void wait_frame(void)
{
	int fd = queue()->fd;

	let_wait(fd, true);
	tell(read(fd, buf, ROOM));
	let_wait(fd, false);
}

/* A thousand are more than there is room for. */
static void stuff(void)
{
	struct queue *q = queue();
	int n = 0;

	let_wait(q->fd, true);
	while (n < 1000 && put(q, sent) > 0)
		n++;
	tell(n < 1000 ? -1 : n);
	let_wait(q->fd, false);
}

static void fork_frame(void)
{
	int fd = queue()->fd, status;

	memset(buf, 0, 200);
	memset(buf + HDR, 0xff, 6);
	buf[HDR + 6] = 2;
	buf[HDR + 12] = 0x88;
	fflush(stdout);
	if (!fork())
		_exit(write(fd, buf, HDR + 60) != HDR + 60);
	wait(&status);
	tell(WEXITSTATUS(status));
}

static void pass(void)
{
	union {
		char space[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control;
	struct iovec iov = { "x", 1 };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);
	int fd = queue()->fd, pair[2];
	char byte;

	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(cmsg), &fd, sizeof(int));
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) ||
	    sendmsg(pair[0], &msg, 0) != 1)
		exit(2);
	iov.iov_base = &byte;
	if (recvmsg(pair[1], &msg, 0) != 1)
		exit(2);
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(int));
	close(pair[0]);
	close(pair[1]);
	keep(next(), fd);
}

static const struct {
	const char *name;
	unsigned long request;
	enum { VALUE, POINTER, FLAGS, HWADDR, OUT } kind;
} ioctls[] = {
	{ "TUNSETIFF", TUNSETIFF, FLAGS },
	{ "TUNGETIFF", TUNGETIFF, FLAGS },
	{ "TUNSETQUEUE", TUNSETQUEUE, FLAGS },
	{ "TUNGETFEATURES", TUNGETFEATURES, OUT },
	{ "TUNSETSNDBUF", TUNSETSNDBUF, POINTER },
	{ "TUNGETVNETHDRSZ", TUNGETVNETHDRSZ, OUT },
	{ "TUNSETVNETHDRSZ", TUNSETVNETHDRSZ, POINTER },
	{ "TUNGETVNETLE", TUNGETVNETLE, OUT },
	{ "TUNSETVNETLE", TUNSETVNETLE, POINTER },
	{ "TUNGETVNETBE", TUNGETVNETBE, OUT },
	{ "TUNSETVNETBE", TUNSETVNETBE, POINTER },
	{ "TUNSETOFFLOAD", TUNSETOFFLOAD, VALUE },
	{ "SIOCGIFHWADDR", SIOCGIFHWADDR, HWADDR },
	{ "SIOCSIFHWADDR", SIOCSIFHWADDR, HWADDR },
	{ "TUNSETPERSIST", TUNSETPERSIST, VALUE },
	{ "TUNSETGROUP", TUNSETGROUP, VALUE },
};

static void do_ioctl(void)
{
	struct queue *q = queue();
	int fd = q->fd, value = 0, result;
	const char *name = next();
	struct ifreq ifr = {};
	unsigned int i;
	unsigned char *mac = (unsigned char *)ifr.ifr_hwaddr.sa_data;

	for (i = 0; i < sizeof(ioctls) / sizeof(ioctls[0]); i++)
		if (!strcmp(ioctls[i].name, name))
			break;
	if (i == sizeof(ioctls) / sizeof(ioctls[0]))
		exit(2);

	switch (ioctls[i].kind) {
	case VALUE:
		tell(ioctl(fd, ioctls[i].request, number()));
		return;
	case POINTER:
		value = number();
		result = ioctl(fd, ioctls[i].request, &value);
		if (!result && !strcmp(name, "TUNSETVNETHDRSZ"))
			q->hdr = value;
		if (!result && !strcmp(name, "TUNSETVNETBE"))
			q->big = value;
		tell(result);
		return;
	case OUT:
		result = ioctl(fd, ioctls[i].request, &value);
		tell(result ? result : value);
		return;
	case FLAGS:
		if (strcmp(name, "TUNGETIFF"))
			ifr.ifr_flags = number();
		result = ioctl(fd, ioctls[i].request, &ifr);
		if (!result && !strcmp(name, "TUNGETIFF"))
			printf("%s %#x\n", ifr.ifr_name, (unsigned short)ifr.ifr_flags);
		else
			tell(result);
		return;
	case HWADDR:
		ifr.ifr_hwaddr.sa_family = 1;
		if (!strcmp(name, "SIOCSIFHWADDR"))
			put_mac(mac, next());
		result = ioctl(fd, ioctls[i].request, &ifr);
		if (!result && !strcmp(name, "SIOCGIFHWADDR"))
			printf("%02x:%02x:%02x:%02x:%02x:%02x\n", mac[0], mac[1], mac[2],
			       mac[3], mac[4], mac[5]);
		else
			tell(result);
		return;
	}
}

static void start_vhost(void)
{
	struct queue *q = queue();

	q->vhost = vhost_start(q->fd);
	tell(q->vhost ? 0 : -1);
}

static void set_backend(void)
{
	struct queue *q = queue();
	const char *of = next();

	tell(vhost_backend(q->vhost, strcmp(of, "-") ? find(of)->fd : -1));
}

static void close_queue(void)
{
	struct queue *q = queue();

	if (q->vhost)
		vhost_end(q->vhost);
	q->name[0] = 0;
	tell(close(q->fd));
}

static void open_queue(void)
{
	const char *name = next();

	keep(name, open_tap(next()));
}

static void open_node(void)
{
	const char *name = next();

	keep(name, open(next(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
}

static void send_raw(void)
{
	struct queue *q = queue();

	memset(buf, 0, sizeof(buf));
	tell(put(q, number()));
}

static void run(void)
{
	fflush(stdout);
	tell(WEXITSTATUS(system(next())));
}

static const struct {
	const char *name;
	void (*function)(void);
} verbs[] = {
	{ "open", open_queue },
	{ "node", open_node },
	{ "many", many },
	{ "close", close_queue },
	{ "vhost", start_vhost },
	{ "backend", set_backend },
	{ "send", send_frame },
	{ "hex", send_hex },
	{ "again", send_again },
	{ "vnet", send_vnet },
	{ "tcp", send_tcp },
	{ "lie", send_lie },
	{ "fuzz", send_fuzz },
	{ "udp", send_udp },
	{ "raw", send_raw },
	{ "split", send_split },
	{ "recv", recv_frame },
	{ "drain", drain },
	{ "poll", poll_frame },
	{ "wait", wait_frame },
	{ "stuff", stuff },
	{ "ioctl", do_ioctl },
	{ "run", run },
	{ "fork", fork_frame },
	{ "pass", pass },
};

static void do_one(const char *verb)
{
	unsigned int i;

	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (!strcmp(verbs[i].name, verb)) {
			verbs[i].function();
			return;
		}
	}
	fprintf(stderr, "no such thing: %s\n", verb);
	exit(2);
}

int main(int argc, char **argv)
{
	(void)argc;
	setvbuf(stdout, NULL, _IOLBF, 0);
	arg = argv + 1;
	while (*arg)
		do_one(next());
	return 0;
}
