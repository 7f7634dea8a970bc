// The compiler reads the files and notes them as dependencies, so that a changed one is in the next build. A test holds
// the list against the folder of scenarios.
#include "supplied.h"

const struct supplied_document supplied_registry = {"Config/registry.yaml", (const unsigned char[]){
#embed "../../Config/registry.yaml"
, 0}};
const struct supplied_document supplied_profiles = {"Certs/profiles.yaml", (const unsigned char[]){
#embed "../../Certs/profiles.yaml"
, 0}};
static const struct supplied_document scenarios[] = {
{"Config/scenarios/activation-code-expired.yaml", (const unsigned char[]){
#embed "../../Config/scenarios/activation-code-expired.yaml"
, 0}},
{"Config/scenarios/anycast-fips.yaml", (const unsigned char[]){
#embed "../../Config/scenarios/anycast-fips.yaml"
, 0}},
{"Config/scenarios/card-not-found.yaml", (const unsigned char[]){
#embed "../../Config/scenarios/card-not-found.yaml"
, 0}},
{"Config/scenarios/dpi-in-path.yaml", (const unsigned char[]){
#embed "../../Config/scenarios/dpi-in-path.yaml"
, 0}},
{"Config/scenarios/dpi-trusted-by-box.yaml", (const unsigned char[]){
#embed "../../Config/scenarios/dpi-trusted-by-box.yaml"
, 0}},
{"Config/scenarios/expired-license.yaml", (const unsigned char[]){
#embed "../../Config/scenarios/expired-license.yaml"
, 0}},
{"Config/scenarios/flapping-service.yaml", (const unsigned char[]){
#embed "../../Config/scenarios/flapping-service.yaml"
, 0}},
{"Config/scenarios/foreign-token.yaml", (const unsigned char[]){
#embed "../../Config/scenarios/foreign-token.yaml"
, 0}},
{"Config/scenarios/license-on-the-peer.yaml", (const unsigned char[]){
#embed "../../Config/scenarios/license-on-the-peer.yaml"
, 0}},
{"Config/scenarios/license-transferred.yaml", (const unsigned char[]){
#embed "../../Config/scenarios/license-transferred.yaml"
, 0}},
{"Config/scenarios/lists-itself-alone.yaml", (const unsigned char[]){
#embed "../../Config/scenarios/lists-itself-alone.yaml"
, 0}},
{"Config/scenarios/lost-answer-then-retry.yaml", (const unsigned char[]){
#embed "../../Config/scenarios/lost-answer-then-retry.yaml"
, 0}},
{"Config/scenarios/migrated-config.yaml", (const unsigned char[]){
#embed "../../Config/scenarios/migrated-config.yaml"
, 0}},
{"Config/scenarios/peer-not-registered.yaml", (const unsigned char[]){
#embed "../../Config/scenarios/peer-not-registered.yaml"
, 0}},
{"Config/scenarios/polling-comm-layer.yaml", (const unsigned char[]){
#embed "../../Config/scenarios/polling-comm-layer.yaml"
, 0}},
{"Config/scenarios/polling-timeout.yaml", (const unsigned char[]){
#embed "../../Config/scenarios/polling-timeout.yaml"
, 0}},
{"Config/scenarios/port-filtered.yaml", (const unsigned char[]){
#embed "../../Config/scenarios/port-filtered.yaml"
, 0}},
{"Config/scenarios/rma-replacement.yaml", (const unsigned char[]){
#embed "../../Config/scenarios/rma-replacement.yaml"
, 0}},
{"Config/scenarios/second-phone.yaml", (const unsigned char[]){
#embed "../../Config/scenarios/second-phone.yaml"
, 0}},
{"Config/scenarios/ssl-session-failed.yaml", (const unsigned char[]){
#embed "../../Config/scenarios/ssl-session-failed.yaml"
, 0}},
{"Config/scenarios/stale-trial.yaml", (const unsigned char[]){
#embed "../../Config/scenarios/stale-trial.yaml"
, 0}},
{"Config/scenarios/unreachable.yaml", (const unsigned char[]){
#embed "../../Config/scenarios/unreachable.yaml"
, 0}},
};
const size_t supplied_scenario_count = sizeof scenarios / sizeof scenarios[0];

const struct supplied_document *supplied_scenario(size_t number) { return &scenarios[number]; }
