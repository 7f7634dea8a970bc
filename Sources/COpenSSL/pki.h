// What minting certificates needs of OpenSSL beyond what Swift's importer sees.
#ifndef FAUXGUARD_COPENSSL_PKI_H
#define FAUXGUARD_COPENSSL_PKI_H

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

// Macros over the variadic EVP_PKEY_Q_keygen.
static inline EVP_PKEY *c_EVP_EC_gen(const char *curve) { return EVP_EC_gen(curve); }
static inline EVP_PKEY *c_EVP_RSA_gen(size_t bits) { return EVP_RSA_gen(bits); }

// A combination of flags that the importer does not fold.
static inline unsigned long c_XN_FLAG_RFC2253(void) { return XN_FLAG_RFC2253; }

#endif
