// What minting certificates needs of OpenSSL beyond what Swift's importer sees.
#ifndef FAUXGUARD_COPENSSL_PKI_H
#define FAUXGUARD_COPENSSL_PKI_H

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

// Macros over the variadic EVP_PKEY_Q_keygen.
static inline EVP_PKEY *c_EVP_EC_gen(const char *curve) { return EVP_EC_gen(curve); }
static inline EVP_PKEY *c_EVP_RSA_gen(size_t bits) { return EVP_RSA_gen(bits); }

// A combination of flags that the importer does not fold.
static inline unsigned long c_XN_FLAG_RFC2253(void) { return XN_FLAG_RFC2253; }

// Stacks of certificates are made by macros over untyped functions.
static inline STACK_OF(X509) *c_sk_X509_new_null(void) { return sk_X509_new_null(); }
static inline int c_sk_X509_push(STACK_OF(X509) *stack, X509 *certificate) { return sk_X509_push(stack, certificate); }
static inline void c_sk_X509_free(STACK_OF(X509) *stack) { sk_X509_free(stack); }

// OpenSSL can only set it to the host's present, and an answer at a lab's time needs another. The object that the
// getter lends belongs to the answer, which is ours to change.
static inline int c_OCSP_resp_set_produced_at(OCSP_BASICRESP *answer, time_t moment) {
    return ASN1_GENERALIZEDTIME_set((ASN1_GENERALIZEDTIME *)OCSP_resp_get0_produced_at(answer), moment) != NULL;
}

#endif
