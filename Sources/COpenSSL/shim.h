// OpenSSL, with a static inline function, named c_<ORIGINAL>, for each macro or variadic function that
// Swift's importer cannot see.
#ifndef FAUXGUARD_COPENSSL_H
#define FAUXGUARD_COPENSSL_H

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "engine.h"
#include "handshake.h"
#include "pki.h"

#endif
