// The compiler reads the files and notes them as dependencies, so that a changed one is in the next build. A test holds
// the list against the folder of scenarios.
#include "supplied.h"

static const unsigned char registry[] = {
#embed "../../Config/registry.yaml"
};
static const unsigned char profiles[] = {
#embed "../../Certs/profiles.yaml"
};
static const unsigned char activation_code_expired[] = {
#embed "../../Config/scenarios/activation-code-expired.yaml"
};
static const unsigned char anycast_fips[] = {
#embed "../../Config/scenarios/anycast-fips.yaml"
};
static const unsigned char card_not_found[] = {
#embed "../../Config/scenarios/card-not-found.yaml"
};
static const unsigned char dpi_in_path[] = {
#embed "../../Config/scenarios/dpi-in-path.yaml"
};
static const unsigned char dpi_trusted_by_box[] = {
#embed "../../Config/scenarios/dpi-trusted-by-box.yaml"
};
static const unsigned char expired_license[] = {
#embed "../../Config/scenarios/expired-license.yaml"
};
static const unsigned char flapping_service[] = {
#embed "../../Config/scenarios/flapping-service.yaml"
};
static const unsigned char foreign_token[] = {
#embed "../../Config/scenarios/foreign-token.yaml"
};
static const unsigned char license_on_the_peer[] = {
#embed "../../Config/scenarios/license-on-the-peer.yaml"
};
static const unsigned char license_transferred[] = {
#embed "../../Config/scenarios/license-transferred.yaml"
};
static const unsigned char lists_itself_alone[] = {
#embed "../../Config/scenarios/lists-itself-alone.yaml"
};
static const unsigned char lost_answer_then_retry[] = {
#embed "../../Config/scenarios/lost-answer-then-retry.yaml"
};
static const unsigned char migrated_config[] = {
#embed "../../Config/scenarios/migrated-config.yaml"
};
static const unsigned char peer_not_registered[] = {
#embed "../../Config/scenarios/peer-not-registered.yaml"
};
static const unsigned char polling_comm_layer[] = {
#embed "../../Config/scenarios/polling-comm-layer.yaml"
};
static const unsigned char polling_timeout[] = {
#embed "../../Config/scenarios/polling-timeout.yaml"
};
static const unsigned char port_filtered[] = {
#embed "../../Config/scenarios/port-filtered.yaml"
};
static const unsigned char rma_replacement[] = {
#embed "../../Config/scenarios/rma-replacement.yaml"
};
static const unsigned char second_phone[] = {
#embed "../../Config/scenarios/second-phone.yaml"
};
static const unsigned char ssl_session_failed[] = {
#embed "../../Config/scenarios/ssl-session-failed.yaml"
};
static const unsigned char stale_trial[] = {
#embed "../../Config/scenarios/stale-trial.yaml"
};
static const unsigned char unreachable[] = {
#embed "../../Config/scenarios/unreachable.yaml"
};

#define DOCUMENT(path, bytes) {path, bytes, sizeof bytes}
#define SCENARIO(name, bytes) DOCUMENT("Config/scenarios/" name ".yaml", bytes)

const struct supplied_document supplied_registry = DOCUMENT("Config/registry.yaml", registry);
const struct supplied_document supplied_profiles = DOCUMENT("Certs/profiles.yaml", profiles);
static const struct supplied_document scenarios[] = {
    SCENARIO("activation-code-expired", activation_code_expired),
    SCENARIO("anycast-fips", anycast_fips),
    SCENARIO("card-not-found", card_not_found),
    SCENARIO("dpi-in-path", dpi_in_path),
    SCENARIO("dpi-trusted-by-box", dpi_trusted_by_box),
    SCENARIO("expired-license", expired_license),
    SCENARIO("flapping-service", flapping_service),
    SCENARIO("foreign-token", foreign_token),
    SCENARIO("license-on-the-peer", license_on_the_peer),
    SCENARIO("license-transferred", license_transferred),
    SCENARIO("lists-itself-alone", lists_itself_alone),
    SCENARIO("lost-answer-then-retry", lost_answer_then_retry),
    SCENARIO("migrated-config", migrated_config),
    SCENARIO("peer-not-registered", peer_not_registered),
    SCENARIO("polling-comm-layer", polling_comm_layer),
    SCENARIO("polling-timeout", polling_timeout),
    SCENARIO("port-filtered", port_filtered),
    SCENARIO("rma-replacement", rma_replacement),
    SCENARIO("second-phone", second_phone),
    SCENARIO("ssl-session-failed", ssl_session_failed),
    SCENARIO("stale-trial", stale_trial),
    SCENARIO("unreachable", unreachable),
};
const size_t supplied_scenario_count = sizeof scenarios / sizeof scenarios[0];

const struct supplied_document *supplied_scenario(size_t number) { return &scenarios[number]; }
