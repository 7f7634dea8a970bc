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

// OpenSSL gives a connection two buffers of a record each while there is something to read or to write.
#define RECORD 16384
#define RECORD_LARGEST 17408
#define RECORDS_KEPT (KEPT ? 4 : 0)

struct shelf {
    void *top; // the blocks, linked through their first words
    size_t count;
};

enum { FRESH, OPEN, ENDED };

static _Thread_local struct {
    int state;
    struct shelf shelves[LARGEST / UNIT + 1];
    struct shelf records;
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
    for (struct shelf *shelf = kept.shelves; shelf <= &kept.records; shelf++)
        for (void *block = shelf->top, *next; block; block = next) {
            next = *(void **)block;
            free(block);
        }
}

static void *pop(struct shelf *shelf) {
    void *block = shelf->top;
    shelf->top = *(void **)block;
    shelf->count--;
    return block;
}

static void push(struct shelf *shelf, void *block) {
    *(void **)block = shelf->top;
    shelf->top = block;
    shelf->count++;
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
        if (shelf->top) return pop(shelf);
    } else if (kept.records.top && size > RECORD && size <= malloc_usable_size(kept.records.top)) {
        return pop(&kept.records);
    }
    return malloc(size);
}

void blocks_give_back(void *block) {
    if (!block) return;
    // A block may be larger than it was asked for, and is kept as what it is.
    size_t size = malloc_usable_size(block) + WORD, place = size / UNIT;
    if (kept.state == OPEN) {
        if (place <= LARGEST / UNIT) {
            struct shelf *shelf = &kept.shelves[place];
            if (shelf->count * size < KEPT) return push(shelf, block);
        } else if (size > RECORD && size <= RECORD_LARGEST && kept.records.count < RECORDS_KEPT) {
            return push(&kept.records, block);
        }
    } else if (kept.state == FRESH) {
        open_shelves();
    }
    free(block);
}

void *blocks_resize(void *block, size_t size) { return realloc(block, size); }

size_t blocks_capacity(void *block) { return malloc_usable_size(block); }

size_t blocks_capacity_for(size_t size) { return units(size) * UNIT - WORD; }

void *blocks_crypto_malloc(size_t size, const char *file, int line) {
    (void)file, (void)line;
    return blocks_take(size);
}

void *blocks_crypto_realloc(void *block, size_t size, const char *file, int line) {
    (void)file, (void)line;
    return blocks_resize(block, size);
}

void blocks_crypto_free(void *block, const char *file, int line) {
    (void)file, (void)line;
    blocks_give_back(block);
}
