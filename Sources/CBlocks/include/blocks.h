// Memory for OpenSSL and SQLite: small blocks that a thread gives back are kept for it, by their size.
//
// A handshake takes and gives back some 700 blocks, a provision a dozen for each statement that runs. The C library
// keeps seven of a size for a thread, and takes the others apart and puts them together again each time; and SQLite's
// own answer, its lookaside, is left out of Debian's library.
#ifndef FAUXGUARD_CBLOCKS_H
#define FAUXGUARD_CBLOCKS_H

#include <stddef.h>

// A block of at least `size` bytes; NULL where there is no memory. Any thread may give it back.
void *blocks_take(size_t size);

// Takes a block back; NULL is none.
void blocks_give_back(void *block);

// The block, or a larger one with its bytes in its place; NULL where there is no memory, and the block stays.
void *blocks_resize(void *block, size_t size);

// How many bytes a block has.
size_t blocks_capacity(void *block);

// How many bytes a block for `size` has at least.
size_t blocks_capacity_for(size_t size);

// The same as OpenSSL calls them (CRYPTO_set_mem_functions(3)).
void *blocks_crypto_malloc(size_t size, const char *file, int line);
void *blocks_crypto_realloc(void *block, size_t size, const char *file, int line);
void blocks_crypto_free(void *block, const char *file, int line);

#endif
