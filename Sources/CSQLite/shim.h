// SQLite's C interface.
#ifndef FAUXGUARD_CSQLITE_H
#define FAUXGUARD_CSQLITE_H

#include <sqlite3.h>

// SQLITE_TRANSIENT is a cast of -1 to a function pointer, which the importer drops.
static inline sqlite3_destructor_type c_SQLITE_TRANSIENT(void) {
    return SQLITE_TRANSIENT;
}

// The importer knows no functions with a variable number of arguments. SQLite counts what it takes under a lock that
// all threads share, and nobody asks for the count. Only before the first connection; SQLITE_OK or an error.
static inline int c_sqlite3_use_memory(const sqlite3_mem_methods *methods) {
    int code = sqlite3_config(SQLITE_CONFIG_MALLOC, methods);
    return code == SQLITE_OK ? sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) : code;
}

#endif
