// What connections that differ from the others need of OpenSSL's macros.
#ifndef FAUXGUARD_COPENSSL_HANDSHAKE_H
#define FAUXGUARD_COPENSSL_HANDSHAKE_H

#include <openssl/crypto.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

static inline long c_SSL_set_min_proto_version(SSL *ssl, int version) {
    return SSL_set_min_proto_version(ssl, version);
}

static inline long c_SSL_set_max_proto_version(SSL *ssl, int version) {
    return SSL_set_max_proto_version(ssl, version);
}

static inline long c_SSL_set_dh_auto(SSL *ssl, long isOn) { return SSL_set_dh_auto(ssl, isOn); }

static inline long c_SSL_set1_groups_list(SSL *ssl, const char *names) { return SSL_set1_groups_list(ssl, names); }

static inline long c_SSL_CTX_set1_groups_list(SSL_CTX *context, const char *names) {
    return SSL_CTX_set1_groups_list(context, names);
}

static inline long c_SSL_set1_verify_cert_store(SSL *ssl, X509_STORE *store) {
    return SSL_set1_verify_cert_store(ssl, store);
}

static inline long c_SSL_add1_chain_cert(SSL *ssl, X509 *certificate) { return SSL_add1_chain_cert(ssl, certificate); }

// OpenSSL frees the answer, so it gets a copy from its own allocator.
static inline int c_SSL_set_tlsext_status_ocsp_resp(SSL *ssl, const void *answer, long count) {
    void *copy = OPENSSL_memdup(answer, (size_t)count);
    if (copy == NULL) return 0;
    return SSL_set_tlsext_status_ocsp_resp(ssl, copy, count) == 1;
}

static inline int c_sk_SSL_CIPHER_num(const STACK_OF(SSL_CIPHER) *stack) { return sk_SSL_CIPHER_num(stack); }
static inline const SSL_CIPHER *c_sk_SSL_CIPHER_value(const STACK_OF(SSL_CIPHER) *stack, int index) {
    return sk_SSL_CIPHER_value(stack, index);
}

static inline int c_sk_GENERAL_NAME_num(const GENERAL_NAMES *names) { return sk_GENERAL_NAME_num(names); }
static inline GENERAL_NAME *c_sk_GENERAL_NAME_value(const GENERAL_NAMES *names, int index) {
    return sk_GENERAL_NAME_value(names, index);
}

static inline void c_OPENSSL_free(void *memory) { OPENSSL_free(memory); }

#endif
