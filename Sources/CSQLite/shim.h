// SQLite's C interface.
#ifndef FAUXGUARD_CSQLITE_H
#define FAUXGUARD_CSQLITE_H

#include <sqlite3.h>

// SQLITE_TRANSIENT is a cast of -1 to a function pointer, which the importer drops.
static inline sqlite3_destructor_type c_SQLITE_TRANSIENT(void) {
    return SQLITE_TRANSIENT;
}

#endif
