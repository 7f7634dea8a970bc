#include "blocks.h"

#include <malloc.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

// How many bytes of blocks of one size a thread keeps: sixty-four handshakes at once end with five hundred of 64 bytes.
// Sanitizers watch what the C library gives out, so they see all of it.
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define KEPT 0
#else
#define KEPT 32768
#endif

// The C library's blocks are multiples of UNIT, of which it keeps a word.
#define UNIT 16
#define WORD sizeof(size_t)
#define LARGEST 1024

struct shelf {
    void *top; // the blocks, linked through their first words
    size_t count;
};

enum { FRESH, OPEN, ENDED };

static _Thread_local struct {
    int state;
    struct shelf shelves[LARGEST / UNIT + 1];
} kept;

static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool has_key;

static size_t units(size_t size) {
    size_t whole = (size + WORD + UNIT - 1) / UNIT;
    return whole < 2 ? 2 : whole;
}

// What a thread kept goes back when it ends; what its other destructors give back then is not kept any more.
static void end(void *unused) {
    (void)unused;
    kept.state = ENDED;
    for (size_t place = 0; place <= LARGEST / UNIT; place++)
        for (void *block = kept.shelves[place].top, *next; block; block = next) {
            next = *(void **)block;
            free(block);
        }
}

static void make_key(void) { has_key = pthread_key_create(&key, end) == 0; }

// The first block that a thread gives back.
static __attribute__((noinline)) void open_shelves(void) {
    pthread_once(&once, make_key);
    kept.state = has_key && pthread_setspecific(key, &kept) == 0 ? OPEN : ENDED;
}

void *blocks_take(size_t size) {
    if (size <= LARGEST - WORD) {
        // Of the C library's blocks some are a unit larger than they need be.
        struct shelf *shelf = &kept.shelves[units(size)];
        if (!shelf->top && shelf != &kept.shelves[LARGEST / UNIT]) shelf++;
        void *block = shelf->top;
        if (block) {
            shelf->top = *(void **)block;
            shelf->count--;
            return block;
        }
    }
    return malloc(size);
}

void blocks_give_back(void *block) {
    if (!block) return;
    // A block may be larger than it was asked for, and is kept as what it is.
    size_t place = (malloc_usable_size(block) + WORD) / UNIT;
    if (place <= LARGEST / UNIT && kept.state == OPEN) {
        struct shelf *shelf = &kept.shelves[place];
        if (shelf->count * place * UNIT < KEPT) {
            *(void **)block = shelf->top;
            shelf->top = block;
            shelf->count++;
            return;
        }
    } else if (kept.state == FRESH) {
        open_shelves();
    }
    free(block);
}

void *blocks_resize(void *block, size_t size) { return realloc(block, size); }

size_t blocks_capacity(void *block) { return malloc_usable_size(block); }

size_t blocks_capacity_for(size_t size) { return units(size) * UNIT - WORD; }
