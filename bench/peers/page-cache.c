/* The page cache in C11 atomics, with the accesses of the original (4.2): a 64-bit head of 16 bits of tag and 48 of address,
 * a link and a flag in each page, a count and three counters a node.
 *
 *   page-cache default|weakest THREADS shared|own PAIRS
 *
 * default: C11's own order, sequentially consistent, what JavaScript's Atomics promise. weakest: relaxed links and flags, acquire
 * and release at the head. Prints pairs of push and pop per microsecond: of CPU time with one thread, of wall time, in total, with
 * more.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { NODES = 2, PAGES = 1023 };

struct page {
    _Atomic(struct page *) link;
    atomic_int state;
    char rest[48];
};

struct list {
    _Alignas(64) _Atomic uint64_t head;
    atomic_int count;
    _Alignas(64) _Atomic uint64_t hits;
    _Atomic uint64_t misses, returns;
};

static struct list lists[NODES];
static struct page *pages[NODES];
static atomic_int gate;

#define ADDRESS(head) ((struct page *)(uintptr_t)((int64_t)((head) << 16) >> 16))
#define HEAD(old, page) ((((old) >> 48) + 1) << 48 | ((uint64_t)(uintptr_t)(page) & 0xffffffffffff))

#define STORE(at, value) \
    (weak ? atomic_store_explicit(at, value, memory_order_relaxed) : atomic_store(at, value))
#define LOAD(at, order) (weak ? atomic_load_explicit(at, order) : atomic_load(at))
#define ADD(at, value) (weak ? atomic_fetch_add_explicit(at, value, memory_order_relaxed) : atomic_fetch_add(at, value))
#define SWAP(at, old, next) \
    (weak ? atomic_compare_exchange_weak_explicit(at, old, next, memory_order_acq_rel, memory_order_acquire) \
          : atomic_compare_exchange_weak(at, old, next))

static inline __attribute__((always_inline)) void push_as(struct page *page, int node, int weak) {
    struct list *list = &lists[node];
    STORE(&page->state, 1);
    uint64_t head = LOAD(&list->head, memory_order_acquire);
    do
        STORE(&page->link, ADDRESS(head));
    while (!SWAP(&list->head, &head, HEAD(head, page)));
    ADD(&list->count, 1);
    ADD(&list->returns, 1);
}

static inline __attribute__((always_inline)) struct page *pop_as(int node, int weak) {
    struct list *list = &lists[node];
    uint64_t head = LOAD(&list->head, memory_order_acquire);
    struct page *page, *next;
    do {
        page = ADDRESS(head);
        if (!page) {
            ADD(&list->misses, 1);
            return NULL;
        }
        next = LOAD(&page->link, memory_order_relaxed);
    } while (!SWAP(&list->head, &head, HEAD(head, next)));
    ADD(&list->count, -1);
    ADD(&list->hits, 1);
    STORE(&page->link, NULL);
    STORE(&page->state, 2);
    return page;
}

/* Two pops, then two pushes. */
static inline __attribute__((always_inline)) void work_as(int node, long pairs, int weak) {
    for (long done = 0; done < pairs; done += 2) {
        struct page *one = pop_as(node, weak), *other = pop_as(node, weak);
        if (other) push_as(other, node, weak);
        if (one) push_as(one, node, weak);
    }
}

static int weakest;

static void work(int node, long pairs) {
    if (weakest) work_as(node, pairs, 1);
    else work_as(node, pairs, 0);
}

struct job { int node; long pairs; };

static void *run(void *argument) {
    struct job *job = argument;
    atomic_fetch_sub(&gate, 1);
    while (atomic_load(&gate) > 0) { }
    work(job->node, job->pairs);
    return NULL;
}

static double seconds(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
    if (argc != 5) return 2;
    weakest = !strcmp(argv[1], "weakest");
    int threads = atoi(argv[2]), own = !strcmp(argv[3], "own");
    long pairs = atol(argv[4]);
    if (threads < 1 || threads > 2 || pairs < 2) return 2;
    for (int node = 0; node < NODES; node++) {
        pages[node] = aligned_alloc(64, PAGES * sizeof(struct page));
        memset(pages[node], 0, PAGES * sizeof(struct page));
        for (int i = 0; i < PAGES; i++) push_as(&pages[node][i], node, 0);
    }
    if (threads == 1) {
        work(0, pairs / 10);
        double begun = seconds(CLOCK_PROCESS_CPUTIME_ID);
        work(0, pairs);
        printf("%.4f\n", pairs / (seconds(CLOCK_PROCESS_CPUTIME_ID) - begun) / 1e6);
        return 0;
    }
    pthread_t thread[2];
    struct job jobs[2];
    atomic_store(&gate, threads + 1);
    for (int i = 0; i < threads; i++) {
        jobs[i] = (struct job){ own ? i : 0, pairs };
        pthread_create(&thread[i], NULL, run, &jobs[i]);
    }
    while (atomic_load(&gate) > 1) { }
    double begun = seconds(CLOCK_MONOTONIC);
    atomic_fetch_sub(&gate, 1);
    for (int i = 0; i < threads; i++) pthread_join(thread[i], NULL);
    printf("%.4f\n", threads * pairs / (seconds(CLOCK_MONOTONIC) - begun) / 1e6);
    return 0;
}
