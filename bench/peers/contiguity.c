/*
 * The walk and the counts of a contiguity report (docs/contiguity.md, 4.2 to 4.4), page by page, as a program that reads
 * /proc does it: one word of pagemap and one of kpageflags for each page, read from files in which word i is entry i.
 *
 *   contiguity PAGEMAP KPAGEFLAGS FIRST_PAGE PAGES
 *
 * Prints how many virtual runs, anchors, ranges, offsets and present pages there are, then its CPU time in microseconds and
 * its peak memory in KiB. Histograms are hash tables.
 */
#define _FILE_OFFSET_BITS 64
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#define PRESENT (1ull << 63)
#define FRAME_MASK ((1ull << 55) - 1)
#define HUGE_FLAG (1ull << 22)
#define HUGE_PAGES 512
#define FREE_KEY UINT64_MAX

struct table {
    uint64_t *keys, *counts, slots, used;
};

static struct table table_of(uint64_t slots) {
    struct table t = {malloc(slots * 8), calloc(slots, 8), slots, 0};
    if (!t.keys || !t.counts) exit(1);
    for (uint64_t i = 0; i < slots; i++) t.keys[i] = FREE_KEY;
    return t;
}

static void add(struct table *t, uint64_t key, uint64_t count) {
    if (2 * t->used >= t->slots) {
        struct table larger = table_of(2 * t->slots);
        for (uint64_t i = 0; i < t->slots; i++)
            if (t->keys[i] != FREE_KEY) add(&larger, t->keys[i], t->counts[i]);
        free(t->keys);
        free(t->counts);
        *t = larger;
    }
    uint64_t i = (key * 0x9e3779b97f4a7c15ull >> 20) & (t->slots - 1);
    while (t->keys[i] != key && t->keys[i] != FREE_KEY) i = (i + 1) & (t->slots - 1);
    if (t->keys[i] == FREE_KEY) {
        t->keys[i] = key;
        t->used++;
    }
    t->counts[i] += count;
}

static uint64_t sum(const struct table *t) {
    uint64_t total = 0;
    for (uint64_t i = 0; i < t->slots; i++) total += t->counts[i];
    return total;
}

static uint64_t word_at(int file, uint64_t index) {
    uint64_t word = 0;
    if (pread(file, &word, 8, (off_t)(index * 8)) != 8) return 0;
    return word;
}

/* 4.3: the distance 2^d that needs the fewest entries if all ranges so far were aligned; of equals the larger. */
static int distance(const struct table *sizes) {
    uint64_t best = UINT64_MAX;
    int chosen = 0;
    for (int d = 0; d < 22; d++) {
        uint64_t cost = 0, mask = (1ull << d) - 1;
        for (uint64_t i = 0; i < sizes->slots; i++) {
            uint64_t size = sizes->keys[i];
            if (size != FREE_KEY)
                cost += ((size >> d) + (size & mask) / HUGE_PAGES + (size & mask) % HUGE_PAGES) * sizes->counts[i];
        }
        if (cost <= best) best = cost, chosen = d;
    }
    return chosen;
}

static void cut(struct table *anchors, const struct table *sizes, uint64_t page, uint64_t size) {
    uint64_t end = page + size, step = 1ull << distance(sizes), border = (page + step - 1) & ~(step - 1);
    while (page < end && page < border) {
        int fits = page % HUGE_PAGES == 0 && page + HUGE_PAGES <= end && page + HUGE_PAGES <= border;
        uint64_t entry = fits ? HUGE_PAGES : 1;
        add(anchors, entry, 1);
        page += entry;
    }
    for (; page < end; page += step) add(anchors, end - page < step ? end - page : step, 1);
}

int main(int argc, char **argv) {
    if (argc != 5) return 2;
    int pagemap = open(argv[1], O_RDONLY), flags = open(argv[2], O_RDONLY);
    if (pagemap < 0 || flags < 0) return 2;
    uint64_t page = strtoull(argv[3], 0, 10), end = page + strtoull(argv[4], 0, 10);
    struct table virtual = table_of(64), ranges = table_of(64), anchors = table_of(64), offsets = table_of(64);
    uint64_t run = 0, size = 0, frame_next = 0, present = 0, step = 1;
    for (; page < end; page += step) {
        uint64_t word = word_at(pagemap, page), frame = word & FRAME_MASK;
        int there = (word & PRESENT) != 0;
        step = there && (word_at(flags, frame) & HUGE_FLAG) && page % HUGE_PAGES == 0 && frame % HUGE_PAGES == 0
                   ? HUGE_PAGES
                   : 1;
        if (!there && run) add(&virtual, run, 1), run = 0;
        if (size && (!there || frame != frame_next)) {
            add(&ranges, size, 1);
            cut(&anchors, &ranges, page - size, size);
            size = 0;
        }
        if (!there) continue;
        run += step;
        size += step;
        present += step;
        frame_next = frame + step;
        add(&offsets, page - frame, step);
    }
    if (run) add(&virtual, run, 1);
    if (size) {
        add(&ranges, size, 1);
        cut(&anchors, &ranges, page - size, size);
    }
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    long long cpu = (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000ll + used.ru_utime.tv_usec + used.ru_stime.tv_usec;
    printf("%llu %llu %llu %llu %llu %lld %ld\n", (unsigned long long)sum(&virtual), (unsigned long long)sum(&anchors),
           (unsigned long long)sum(&ranges), (unsigned long long)offsets.used, (unsigned long long)present, cpu, used.ru_maxrss);
    return 0;
}
