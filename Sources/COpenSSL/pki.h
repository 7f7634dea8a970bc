// What minting certificates needs of OpenSSL beyond what Swift's importer sees.
#ifndef FAUXGUARD_COPENSSL_PKI_H
#define FAUXGUARD_COPENSSL_PKI_H

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/ocsp.h>
#include <openssl/param_build.h>
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

// A key on P-256 of any public point and any private number: OSSL_PARAM keeps the pointers to names that it is given,
// which Swift's literals do not outlive.
static inline EVP_PKEY *c_EVP_PKEY_fromdata_P256(const unsigned char *point, size_t count, const BIGNUM *secret) {
    EVP_PKEY *key = NULL;
    OSSL_PARAM *parameters = NULL;
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    if (builder != NULL && context != NULL
        && OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0)
        && OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point, count)
        && OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PRIV_KEY, secret)
        && (parameters = OSSL_PARAM_BLD_to_param(builder)) != NULL && EVP_PKEY_fromdata_init(context) == 1
        && EVP_PKEY_fromdata(context, &key, EVP_PKEY_KEYPAIR, parameters) != 1) {
        key = NULL;
    }
    OSSL_PARAM_free(parameters);
    OSSL_PARAM_BLD_free(builder);
    EVP_PKEY_CTX_free(context);
    return key;
}

#endif
