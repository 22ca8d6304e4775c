/*
 * The peer of bench/page-table.ts: four-level x86-64 tables with N copies of every table, one per node, in C.
 *
 *   cc -O2 -o page-table bench/peers/page-table.c && ./page-table COPIES ascending|shuffled PASSES
 *
 * Each pass maps the pages one by one (tables are made and linked into rings as needed), walks each of them from every
 * node's root in turn, and unmaps them again. The work is the work of the implementation: a set goes through the ring
 * by the links of the table pages and is counted where there is a ring, a pointer in a copy names the child's copy of the
 * same node, a walk stops at large leaves and sets A where it is clear, an unmap exchanges the entry of every member
 * with 0 and gathers the A and D of those that name the same frame. New tables are zero already, on both sides.
 *
 * Prints one line: million operations per CPU second for map, walk, unmap; the median of the passes.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LEVELS = 4, ENTRIES = 512, NODES_MAX = 8, POOL = 1024, PAGES = 65536, PASSES_MAX = 99 };

#define PRESENT 0x1ull
#define WRITABLE 0x2ull
#define USER 0x4ull
#define ACCESSED 0x20ull
#define DIRTY 0x40ull
#define LARGE 0x80ull
#define NO_EXECUTE (1ull << 63)
#define FRAME_MASK 0x000ffffffffff000ull
#define TABLE_FLAGS (PRESENT | WRITABLE | USER)
#define FIRST_PAGE 0x7f0000000ull

/* Frame f lies on node f / POOL; one page of padding between the pools, as in the implementation. */
static uint64_t *memory;
static uint32_t links[NODES_MAX * POOL];
static uint32_t used[NODES_MAX];
static int copies;
static uint64_t sets, clears;
static uint64_t pages[PAGES];

static uint64_t *table(uint32_t frame) {
  return memory + ((size_t)frame + frame / POOL) * ENTRIES;
}

static uint32_t allocate(int node) {
  if (used[node] == POOL) exit(3);
  return (uint32_t)(node * POOL) + used[node]++;
}

/* A new table on every node, linked into a ring; the member on node 0. */
static uint32_t allocate_ring(void) {
  uint32_t first = allocate(0), last = first;
  for (int node = 1; node < copies; node++) {
    uint32_t frame = allocate(node);
    links[last] = frame;
    last = frame;
  }
  links[last] = first;
  return first;
}

static uint32_t member_on(uint32_t frame, uint32_t node) {
  while (frame / POOL != node) frame = links[frame];
  return frame;
}

static void set_pointer(uint32_t parent, unsigned index, uint32_t child) {
  uint32_t member = parent;
  do {
    table(member)[index] = (uint64_t)member_on(child, member / POOL) << 12 | TABLE_FLAGS;
    member = links[member];
  } while (member != parent);
}

static uint32_t leaf_table(uint32_t root, uint64_t page, int make) {
  uint32_t frame = root;
  for (int level = LEVELS; level > 1; level--) {
    unsigned index = (page >> (9 * (level - 1))) & (ENTRIES - 1);
    uint64_t entry = table(frame)[index];
    if ((entry & (PRESENT | LARGE)) != PRESENT) {
      if (!make) exit(4);
      uint32_t child = allocate_ring();
      set_pointer(frame, index, child);
      frame = child;
    } else {
      frame = (uint32_t)((entry & FRAME_MASK) >> 12);
    }
  }
  return frame;
}

__attribute__((noinline)) static void map(uint32_t root, uint64_t page, uint64_t frame) {
  uint32_t leaf = leaf_table(root, page, 1), member = leaf;
  uint64_t value = NO_EXECUTE | frame << 12 | PRESENT | WRITABLE | USER;
  if (links[leaf] != leaf) sets++;
  do {
    table(member)[page & (ENTRIES - 1)] = value;
    member = links[member];
  } while (member != leaf);
}

__attribute__((noinline)) static uint64_t walk(uint32_t root, uint64_t page) {
  uint32_t frame = root;
  for (int level = LEVELS; ; level--) {
    uint64_t *entry = &table(frame)[(page >> (9 * (level - 1))) & (ENTRIES - 1)];
    uint64_t value = *entry;
    if (!(value & PRESENT) || (level > 1 && value & LARGE)) return 0;
    if (!(value & ACCESSED)) *entry = value | ACCESSED;
    if (level == 1) return (value & FRAME_MASK) >> 12;
    frame = (uint32_t)((value & FRAME_MASK) >> 12);
  }
}

__attribute__((noinline)) static uint64_t unmap(uint32_t root, uint64_t page) {
  uint32_t leaf = leaf_table(root, page, 0), member = leaf;
  uint64_t *entry = &table(leaf)[page & (ENTRIES - 1)], home = *entry, old = home;
  *entry = 0;
  if (links[leaf] != leaf) clears++;
  for (member = links[leaf]; member != leaf; member = links[member]) {
    entry = &table(member)[page & (ENTRIES - 1)];
    uint64_t value = *entry;
    *entry = 0;
    if (!((value ^ home) & (FRAME_MASK | PRESENT))) old |= value & (ACCESSED | DIRTY);
  }
  return old;
}

/* The order of bench/page-table.ts: the same generator, the same shuffle. */
static void order(int shuffled) {
  uint32_t state = 20061106;
  for (uint64_t i = 0; i < PAGES; i++) pages[i] = FIRST_PAGE + i;
  for (uint64_t i = PAGES - 1; shuffled && i > 0; i--) {
    state = state * 1664525 + 1013904223;
    uint64_t other = (uint64_t)state * (i + 1) >> 32, page = pages[i];
    pages[i] = pages[other];
    pages[other] = page;
  }
}

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec + now.tv_nsec * 1e-9;
}

static int ascending(const void *one, const void *other) {
  double a = *(const double *)one, b = *(const double *)other;
  return (a > b) - (a < b);
}

int main(int argc, char **argv) {
  if (argc != 4) return fprintf(stderr, "usage: page-table COPIES ascending|shuffled PASSES\n"), 2;
  copies = atoi(argv[1]);
  int passes = atoi(argv[3]);
  if (copies < 1 || copies > NODES_MAX || passes < 1 || passes > PASSES_MAX) return 2;
  order(strcmp(argv[2], "shuffled") == 0);
  size_t bytes = (size_t)copies * (POOL + 1) * ENTRIES * sizeof *memory;
  memory = aligned_alloc(4096, bytes);
  if (!memory) return 3;
  double results[3][PASSES_MAX];
  uint64_t sum = 0;
  for (int pass = 0; pass < passes; pass++) {
    memset(memory, 0, bytes);
    memset(used, 0, sizeof used);
    uint32_t root = allocate_ring();
    double start = seconds();
    for (uint64_t i = 0; i < PAGES; i++) map(root, pages[i], i + 1);
    double mapped = seconds();
    for (int node = 0; node < copies; node++) {
      uint32_t own = member_on(root, (uint32_t)node);
      for (uint64_t i = 0; i < PAGES; i++) sum += walk(own, pages[i]);
    }
    double walked = seconds();
    for (uint64_t i = 0; i < PAGES; i++) sum ^= unmap(root, pages[i]);
    double unmapped = seconds();
    results[0][pass] = PAGES / (mapped - start) / 1e6;
    results[1][pass] = (double)PAGES * copies / (walked - mapped) / 1e6;
    results[2][pass] = PAGES / (unmapped - walked) / 1e6;
  }
  for (int kind = 0; kind < 3; kind++) qsort(results[kind], passes, sizeof(double), ascending);
  printf("%.1f %.1f %.1f\n", results[0][passes / 2], results[1][passes / 2], results[2][passes / 2]);
  /* What was computed must be used, or a compiler may leave it out. */
  return sum + sets + clears == 1;
}
