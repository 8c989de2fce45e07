// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * imgu-staging-reference MEMORY SOCKET: runs the packaged driver's computations in a process of their own, since they
 * overrun what they are given, and worse. MEMORY is the descriptor of the memory that it shares with the comparer; each
 * byte on SOCKET asks for one case, and one comes back when it is done.
 */
#include "reference.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <signal.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct reference_exchange *exchange;
	char byte;
	int socket;

	if (argc != 3) {
		fputs("usage: imgu-staging-reference MEMORY SOCKET\n", stderr);
		return 2;
	}
	socket = atoi(argv[2]);
	exchange = mmap(NULL, sizeof(*exchange), PROT_READ | PROT_WRITE, MAP_SHARED, atoi(argv[1]), 0);
	if (exchange == MAP_FAILED) {
		perror("imgu-staging-reference: mmap");
		return 1;
	}
	/* Gone with the comparer, even out of a loop that has no end. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (read(socket, &byte, 1) == 1) {
		reference_run(exchange);
		if (write(socket, &byte, 1) != 1)
			return 1;
	}
	return 0;
}
