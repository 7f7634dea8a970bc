"""What a TLS scanner finds: no old protocol, no weak cipher, no known hole, a chain that holds for the lab CA alone."""

import pathlib

import pytest
import sslyze
from sslyze import ScanCommand, ScanCommandAttemptStatusEnum

OLD = ("ssl_2_0", "ssl_3_0", "tls_1_0", "tls_1_1")
NEW = ("tls_1_2", "tls_1_3")
ASKED = {
    ScanCommand.CERTIFICATE_INFO,
    *(ScanCommand[f"{version.upper()}_CIPHER_SUITES"] for version in OLD + NEW),
    ScanCommand.TLS_COMPRESSION,
    ScanCommand.TLS_1_3_EARLY_DATA,
    ScanCommand.TLS_FALLBACK_SCSV,
    ScanCommand.HEARTBLEED,
    ScanCommand.ROBOT,
    ScanCommand.OPENSSL_CCS_INJECTION,
    ScanCommand.SESSION_RENEGOTIATION,
    ScanCommand.SESSION_RESUMPTION,
    ScanCommand.ELLIPTIC_CURVES,
}


@pytest.fixture(scope="module")
def scan(server) -> sslyze.AllScanCommandsAttempts:
    place = sslyze.ServerNetworkLocation("localhost", server.port, ip_address="127.0.0.1")
    trust = sslyze.CertificateInfoExtraArgument(custom_ca_file=pathlib.Path(server.authority))
    request = sslyze.ServerScanRequest(
        place,
        scan_commands=ASKED,
        scan_commands_extra_arguments=sslyze.ScanCommandsExtraArguments(certificate_info=trust),
    )
    scanner = sslyze.Scanner()
    scanner.queue_scans([request])
    (result,) = scanner.get_results()
    assert result.scan_result is not None, result.connectivity_error_trace
    for command in ASKED:
        attempt = getattr(result.scan_result, command.value)
        assert attempt.status == ScanCommandAttemptStatusEnum.COMPLETED, f"{command}: {attempt.error_trace}"
    return result.scan_result


@pytest.mark.parametrize("version", OLD)
def test_an_old_protocol_is_not_spoken(scan, version):
    suites = getattr(scan, f"{version}_cipher_suites").result.accepted_cipher_suites
    assert [suite.cipher_suite.name for suite in suites] == []


@pytest.mark.parametrize("version", NEW)
def test_every_cipher_is_strong_and_forward_secret(scan, version):
    suites = [each.cipher_suite for each in getattr(scan, f"{version}_cipher_suites").result.accepted_cipher_suites]
    assert suites
    for suite in suites:
        assert not suite.is_anonymous and suite.key_size >= 128, suite.name
        assert not any(weak in suite.name for weak in ("NULL", "EXPORT", "RC4", "DES", "MD5")), suite.name
        assert version == "tls_1_3" or suite.name.startswith("TLS_ECDHE_"), suite.name


def test_the_chain_holds_for_the_lab_authority_and_for_no_public_one(scan):
    (deployment,) = scan.certificate_info.result.certificate_deployments
    held = {each.trust_store.name: each.was_validation_successful for each in deployment.path_validation_results}
    assert held.pop("Supplied CA file"), held
    assert not any(held.values()), held
    assert deployment.received_chain_has_valid_order
    assert not deployment.received_chain_contains_anchor_certificate
    assert not deployment.verified_chain_has_sha1_signature


def test_no_known_hole_is_open(scan):
    assert not scan.heartbleed.result.is_vulnerable_to_heartbleed
    assert not scan.openssl_ccs_injection.result.is_vulnerable_to_ccs_injection
    assert scan.robot.result.robot_result.name.startswith("NOT_VULNERABLE")
    assert not scan.tls_compression.result.supports_compression
    assert not scan.tls_1_3_early_data.result.supports_early_data
    assert scan.tls_fallback_scsv.result.supports_fallback_scsv


def test_a_client_cannot_renegotiate(scan):
    result = scan.session_renegotiation.result
    assert result.supports_secure_renegotiation
    assert not result.is_vulnerable_to_client_renegotiation_dos


def test_only_sound_groups_are_offered(scan):
    names = {curve.name for curve in scan.elliptic_curves.result.supported_curves}
    assert names >= {"X25519", "secp256r1"}
    assert names <= {"X25519", "X448", "secp256r1", "secp384r1", "secp521r1"}, names
