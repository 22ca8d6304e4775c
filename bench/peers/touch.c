/*
 * A process with so much memory: maps it, touches every page, says "ready" and waits until its input ends.
 *
 *   touch MEBIBYTES huge|small        huge: transparent huge pages are asked for; small: they are forbidden
 *
 * The memory is faulted by turns in two halves, as a program does it that fills two arrays.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096ul
#define HUGE (2ul << 20)

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    size_t bytes = strtoull(argv[1], 0, 10) << 20, half = bytes / 2;
    char *memory = mmap(0, bytes + HUGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return 1;
    memory += (HUGE - (size_t)memory % HUGE) % HUGE;
    if (madvise(memory, bytes, strcmp(argv[2], "huge") == 0 ? MADV_HUGEPAGE : MADV_NOHUGEPAGE) != 0) return 1;
    for (size_t at = 0; at < half; at += PAGE) memory[at] = memory[half + at] = 1;
    puts("ready");
    fflush(stdout);
    for (char byte; read(0, &byte, 1) > 0;) continue;
    return 0;
}
