// What the TLS engine needs of OpenSSL's macros.
#ifndef FAUXGUARD_COPENSSL_ENGINE_H
#define FAUXGUARD_COPENSSL_ENGINE_H

#include <openssl/ssl.h>

static inline long c_SSL_CTX_set_mode(SSL_CTX *context, long mode) { return SSL_CTX_set_mode(context, mode); }

static inline long c_SSL_CTX_set_read_ahead(SSL_CTX *context, long isOn) {
    return SSL_CTX_set_read_ahead(context, isOn);
}

static inline long c_SSL_CTX_set_min_proto_version(SSL_CTX *context, int version) {
    return SSL_CTX_set_min_proto_version(context, version);
}

static inline long c_SSL_CTX_set_max_proto_version(SSL_CTX *context, int version) {
    return SSL_CTX_set_max_proto_version(context, version);
}

static inline long c_SSL_CTX_set_session_cache_mode(SSL_CTX *context, long mode) {
    return SSL_CTX_set_session_cache_mode(context, mode);
}

// The keys are only read; the macro's parameter lacks the const.
static inline long c_SSL_CTX_set_tlsext_ticket_keys(SSL_CTX *context, const void *keys, long count) {
    return SSL_CTX_set_tlsext_ticket_keys(context, (void *)keys, count);
}

static inline long c_SSL_CTX_add1_chain_cert(SSL_CTX *context, X509 *certificate) {
    return SSL_CTX_add1_chain_cert(context, certificate);
}

static inline long c_SSL_CTX_set_tlsext_status_cb(SSL_CTX *context, int (*callback)(SSL *, void *)) {
    return SSL_CTX_set_tlsext_status_cb(context, callback);
}

static inline long c_SSL_CTX_set_tlsext_status_arg(SSL_CTX *context, void *argument) {
    return SSL_CTX_set_tlsext_status_arg(context, argument);
}

static inline long c_SSL_set_msg_callback_arg(SSL *ssl, void *argument) {
    return SSL_set_msg_callback_arg(ssl, argument);
}

static inline long c_SSL_set_tlsext_host_name(SSL *ssl, const char *name) {
    return SSL_set_tlsext_host_name(ssl, name);
}

// The 64-bit option macros are casts, which the importer skips.
static inline uint64_t c_SSL_OP_NO_RENEGOTIATION(void) { return SSL_OP_NO_RENEGOTIATION; }
static inline uint64_t c_SSL_OP_NO_COMPRESSION(void) { return SSL_OP_NO_COMPRESSION; }
static inline uint64_t c_SSL_OP_IGNORE_UNEXPECTED_EOF(void) { return SSL_OP_IGNORE_UNEXPECTED_EOF; }

// Numbers of OpenSSL's error queue, packed by inline functions with library-internal types.
static inline int c_ERR_GET_LIB(unsigned long code) { return ERR_GET_LIB(code); }
static inline int c_ERR_GET_REASON(unsigned long code) { return ERR_GET_REASON(code); }

#endif
