// SPDX-License-Identifier: GPL-2.0
/*
 * Prints who is reached by whom, for many pairs at once. Reads lines
 *
 *	QUESTION NAMESPACE/DEVICE DESTINATION SOURCE
 *
 * sends one frame for each and prints, in the same order,
 *
 *	QUESTION NAMESPACE/DEVICE...
 *
 * the devices, in any namespace, whose stacks received it, in alphabetical order,
 * with :COUNT behind one that did not get it once.
 */
#include "listen.h"

#define TYPE		0x88b5
#define QUESTIONS_MAX	512
#define RECEIVERS_MAX	64
#define SENDERS_MAX	64
/* The last frame may still be in a worker's queue. */
#define PATIENCE	4

struct frame {
	struct ether_header eth;
	uint32_t question;
	char padding[ETH_ZLEN - sizeof(struct ether_header) - sizeof(uint32_t)];
} __attribute__((packed));

static struct {
	char name[NAME_SIZE];
	unsigned int count[QUESTIONS_MAX];
} receivers[RECEIVERS_MAX];
static int nr_receivers;

static struct sender {
	char device[NAME_SIZE];
	struct sockaddr_ll to;
	int fd;
} senders[SENDERS_MAX];
static int nr_senders;

static char questions[QUESTIONS_MAX][NAME_SIZE];
static unsigned int nr_questions;

static unsigned int *counts_of(const char *name)
{
	int i;

	for (i = 0; i < nr_receivers; i++)
		if (!strcmp(receivers[i].name, name))
			return receivers[i].count;
	if (nr_receivers == RECEIVERS_MAX)
		errx(1, "too many receivers");
	memcpy(receivers[nr_receivers].name, name, NAME_SIZE);
	return receivers[nr_receivers++].count;
}

static void receive(int socket)
{
	struct sockaddr_ll from;
	socklen_t size = sizeof(from);
	char name[NAME_SIZE] = "";
	struct frame frame;

	while (recvfrom(sockets[socket].fd, &frame, sizeof(frame), 0,
			(struct sockaddr *)&from, &size) == sizeof(frame)) {
		receiver_name(socket, from.sll_ifindex, name);
		if (frame.question >= nr_questions)
			errx(1, "%s got a frame that nobody sent", name);
		counts_of(name)[frame.question]++;
	}
}

static void collect(void)
{
	int i, silence = 0;

	while (silence < PATIENCE) {
		silence = poll(sockets, nr_sockets, SETTLE_MS) ? 0 : silence + 1;
		for (i = 0; i < nr_sockets; i++)
			if (sockets[i].revents)
				receive(i);
	}
}

/* One socket for all that a device sends: to close one is slow. */
static struct sender *find_sender(const char *device)
{
	struct sender *s;
	char *name;

	for (s = senders; s < senders + nr_senders; s++)
		if (!strcmp(s->device, device))
			return s;
	if (nr_senders == SENDERS_MAX)
		errx(1, "too many senders");
	nr_senders++;

	snprintf(s->device, NAME_SIZE, "%s", device);
	name = strchr(s->device, '/');
	if (!name)
		errx(1, "not NAMESPACE/DEVICE: %s", device);
	*name = '\0';
	enter(s->device);
	*name++ = '/';
	s->to.sll_family = AF_PACKET;
	s->to.sll_ifindex = if_nametoindex(name);
	s->fd = socket(AF_PACKET, SOCK_RAW, 0);
	return s;
}

static void send_frame(const char *device, const char *destination,
		       const char *source)
{
	struct frame frame = { .question = nr_questions };
	struct sender *s = find_sender(device);

	parse_address(destination, frame.eth.ether_dhost);
	parse_address(source, frame.eth.ether_shost);
	frame.eth.ether_type = htons(TYPE);
	/* ENOBUFS says that it was dropped on the way */
	if (sendto(s->fd, &frame, sizeof(frame), 0, (struct sockaddr *)&s->to,
		   sizeof(s->to)) < 0 && errno != ENOBUFS)
		err(1, "send by %s", device);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void report(void)
{
	unsigned int i;
	int r;

	qsort(receivers, nr_receivers, sizeof(*receivers), by_name);
	for (i = 0; i < nr_questions; i++) {
		printf("%s", questions[i]);
		for (r = 0; r < nr_receivers; r++) {
			unsigned int count = receivers[r].count[i];

			if (count)
				printf(" %s", receivers[r].name);
			if (count > 1)
				printf(":%u", count);
		}
		printf("\n");
	}
}

int main(void)
{
	char device[NAME_SIZE], destination[18], source[18];

	listen_everywhere(TYPE);
	while (scanf("%63s %63s %17s %17s", questions[nr_questions], device,
		     destination, source) == 4) {
		send_frame(device, destination, source);
		if (++nr_questions == QUESTIONS_MAX)
			errx(1, "too many questions");
	}
	collect();
	report();
	return 0;
}
