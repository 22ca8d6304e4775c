/*
 * The authors' statistics tool as its description tells it (docs/contiguity.md, 4.2 to 4.4), with everything that is wrong
 * with it (Q1 to Q14), written from that description alone. `--compat` must print the same bytes.
 *
 *   page-collect KPAGEFLAGS MAPS PAGEMAP [MAPS PAGEMAP …]
 *
 * Word i of KPAGEFLAGS and PAGEMAP is entry i. Maps lines are two addresses each. Prints the tool's output file; the lines that
 * the tool prints besides go to stderr. Where the tool does not end: "endless" on stderr, exit code 2.
 */
#define _FILE_OFFSET_BITS 64
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SIZES 65536

typedef struct {
    uint64_t size, count;
} bucket;
typedef struct {
    bucket buckets[SIZES];
    int used;
} histogram;

static histogram areas, virtuals, anchors, ranges, offsets, spots;
static uint64_t present, small_pages, huge_pages;

static void add(histogram *h, uint64_t size, uint64_t count) {
    int i = 0;
    while (i < h->used && h->buckets[i].size != size) i++;
    if (i == SIZES) exit(3);
    if (i == h->used) h->buckets[h->used++] = (bucket){size, 0};
    h->buckets[i].count += count;
}

typedef struct {
    uint64_t *words;
    uint64_t count;
} file;

static file contents(const char *path) {
    FILE *f = fopen(path, "rb");
    if (!f) exit(3);
    fseek(f, 0, SEEK_END);
    file found = {0, (uint64_t)ftell(f) / 8};
    found.words = malloc(found.count * 8 + 8);
    rewind(f);
    if (fread(found.words, 8, found.count, f) != found.count) exit(3);
    fclose(f);
    return found;
}

static int distance(void) {
    int chosen = 14;
    uint32_t best = UINT32_MAX;
    for (int i = 0; i <= 21; i++) {
        uint32_t cost = 0, step = 1u << i;
        for (int b = 0; b < ranges.used; b++) {
            uint32_t size = (uint32_t)ranges.buckets[b].size;
            cost += (size / step + size % step / 512 + size % step % 512) * (uint32_t)ranges.buckets[b].count;
        }
        if (cost <= best) best = cost, chosen = i;
    }
    return chosen;
}

static void anchor(uint64_t start, uint64_t size) {
    uint64_t step = 1ull << distance(), end = start + size, border = (start / step + 1) * step;
    while (start < end && start < border) {
        uint64_t entry = start % 512 == 0 && start + 512 <= end && start + 512 <= border ? 512 : 1;
        add(&anchors, entry, 1);
        start += entry;
    }
    for (; start < end; start += step) add(&anchors, end - start < step ? end - start : step, 1);
}

static uint64_t word, flags, step;

static void walk(file pagemap, file kpageflags, const char *maps) {
    FILE *f = fopen(maps, "r");
    if (!f) exit(3);
    char line[512];
    uint64_t virtual_run = 1, range_run = 1;
    while (fgets(line, sizeof line, f)) {
        unsigned long first, last;
        if (sscanf(line, "%lx-%lx", &first, &last) != 2) continue;
        int32_t n = (int32_t)((last - first) / 4096);
        uint64_t v = first / 4096, anchor_start = v, previous_v = 0, previous_f = 0, position = v;
        add(&areas, (uint64_t)(int64_t)n, 1);
        while (n > 0) {
            int is_behind = position >= pagemap.count;
            if (!is_behind) word = pagemap.words[position++];
            if (word >> 63) {
                uint64_t frame = word & ((1ull << 55) - 1);
                if (frame < kpageflags.count) flags = kpageflags.words[frame];
                if (!(flags >> 22 & 1)) small_pages++, step = 1;
                else if (v % 512 == 0 && frame % 512 == 0) huge_pages++, step = 512;
                else fprintf(stderr, "What is going on %llu %llu\n", (unsigned long long)v, (unsigned long long)frame);
                if (v == previous_v + 1) virtual_run += step;
                else add(&virtuals, virtual_run, 1), virtual_run = step;
                if (v == previous_v + 1 && frame == previous_f + 1) range_run += step;
                else {
                    add(&ranges, range_run, 1);
                    anchor(anchor_start, range_run);
                    range_run = step;
                    anchor_start = v;
                }
                add(&offsets, v - frame, step);
                previous_v = v + step - 1;
                previous_f = frame + step - 1;
                present += step;
            }
            if (is_behind && step == 0) fputs("endless\n", stderr), exit(2);
            n -= (int32_t)step;
            v += step;
            if (step == 512 && n != 0) position = v;
        }
    }
    fclose(f);
}

static int descending(const void *a, const void *b) {
    const bucket *one = a, *other = b;
    return one->size < other->size ? 1 : one->size > other->size ? -1 : 0;
}

static float percent(uint64_t pages) { return (float)pages / (float)present * 100.0f; }

static void print(const char *name, histogram *h) {
    printf("\n----------\n%s\n----------\n", name);
    if (h->used == 0) {
        printf("\n\ntotal_%s_entries: 0\ntotal_%s_working_set: 0 (KB)\ntotal_%s_working_percent: 0 (%%)\n", name, name, name);
        printf("avg_%s_contiguity: 0\n\nrange_%s_hist: 1 0 100\n", name, name);
        return;
    }
    qsort(h->buckets, h->used, sizeof(bucket), descending);
    static const int limits[] = {32, 64, 128, 256};
    static const double shares[] = {0.8, 0.9, 0.99};
    uint64_t of_largest[4] = {0}, needed[3] = {0}, exact[3] = {0}, entries = 0, pages = 0;
    int filled[4] = {0};
    for (int b = 0; b < h->used; b++) {
        uint64_t size = h->buckets[b].size, count = h->buckets[b].count;
        for (int k = 0; k < 4; k++)
            if (!filled[k] && entries + count > (uint64_t)limits[k])
                of_largest[k] = pages + (limits[k] - entries) * size, filled[k] = 1;
        for (int p = 0; p < 3; p++)
            if (needed[p] == 0 && (double)((float)(pages + count * size) / (float)present) >= shares[p]) {
                uint64_t missing = (uint64_t)ceil(shares[p] * (float)present) - pages;
                uint64_t more = (uint64_t)ceil((float)missing / (float)size);
                needed[p] = entries + more;
                exact[p] = pages + more * size;
            }
        entries += count;
        pages += count * size;
    }
    printf("total_%s_entries: %lld\ntotal_%s_coverage: %llu (MB)\n\n", name, (long long)entries, name,
           (unsigned long long)(pages * 4096 / 1024 / 1024));
    for (int k = 0; k < 4; k++)
        printf("%d entries coverage: %.2f%% (%llu 4K pages)\n", limits[k], percent(of_largest[k]),
               (unsigned long long)of_largest[k]);
    puts("");
    for (int p = 0; p < 3; p++)
        printf("Number of entries for at least %d%% coverage: %llu (exact coverage %.2f%%)\n", (int)(shares[p] * 100 + 0.5),
               (unsigned long long)needed[p], percent(exact[p]));
}

int main(int argc, char **argv) {
    if (argc < 4 || argc % 2) return 3;
    file kpageflags = contents(argv[1]);
    for (int i = 2; i < argc; i += 2) walk(contents(argv[i + 1]), kpageflags, argv[i]);
    for (int b = 0; b < offsets.used; b++) add(&spots, offsets.buckets[b].count, 1);
    print("VMA_TLB", &areas);
    print("Virtual_TLB", &virtuals);
    print("Anchor_TLB", &anchors);
    print("Range_TLB", &ranges);
    print("SpOT", &spots);
    printf("\n----------\nworking_set\n----------\ntotal_present_pages: %llu\n4K pages: %llu\n2M pages: %llu\n",
           (unsigned long long)present, (unsigned long long)small_pages, (unsigned long long)huge_pages);
    printf("total_present_working_set: %llu (MB)\n", (unsigned long long)(present * 4096 / 1024 / 1024));
    return 0;
}
