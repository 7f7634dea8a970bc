"""Every certificate profile as a client meets it, held against Certs/profiles.yaml by OpenSSL's verifier and by a scanner.

By the host's clock, and by a lab's that is years ahead where its certificates follow it: so the server's, so the
verifiers', and so the list of what was revoked.
"""

import datetime
import pathlib
import re
import subprocess

import httpx
import pytest
import sslyze
import yaml
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import DNSName

from conftest import ROOT, Server, serving

PROFILES = {each["name"]: each for each in yaml.safe_load((ROOT / "Certs/profiles.yaml").read_text())}
HOST = "globalftm.fortinet.net"
YEARS_AHEAD = datetime.timedelta(days=4 * 365)
PEM = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n", re.DOTALL)
# What the scanner's verifier, which is another than OpenSSL's, lets pass: it looks at no revocation, at no signature of
# the handshake and at no key's length, which it only shows.
PASSES_THE_SCANNER = {"revoked", "key-mismatch", "weak-key"}


@pytest.fixture(scope="module", params=["host", "lab"])
def world(request, tmp_path_factory):
    """A server, and the moment by which its certificates are good or bad."""
    with serving(tmp_path_factory.mktemp("profiles")) as server:
        moment = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
        if request.param == "lab":
            moment += YEARS_AHEAD
            clock = {"mode": "frozen", "now": moment.strftime("%Y-%m-%dT%H:%M:%SZ"), "certificates": "lab"}
            httpx.put(f"{server.admin}/api/v1/labs/default/clock", json=clock, timeout=30).raise_for_status()
        yield server, moment


@pytest.fixture
def presented(world, profile):
    """The server while it presents a profile to everybody."""
    server, moment = world
    faults = f"{server.admin}/api/v1/labs/default/faults"
    rule = {"name": "profile", "do": "tls.certificate", "with": {"profile": profile}}
    httpx.post(faults, json=rule, timeout=30).raise_for_status()
    yield server, moment
    httpx.delete(faults, timeout=30).raise_for_status()


def chain(server: Server, folder: pathlib.Path) -> tuple[pathlib.Path, pathlib.Path]:
    """What the server shows, as files of the leaf and of the rest."""
    # Level 0, so that a weak certificate is shown and not refused here.
    command = ["openssl", "s_client", "-connect", f"127.0.0.1:{server.port}", "-servername", HOST, "-showcerts"]
    done = subprocess.run([*command, "-cipher", "DEFAULT@SECLEVEL=0"], input=b"", capture_output=True, timeout=30)
    shown = PEM.findall(done.stdout.decode("latin1"))
    assert shown, done.stderr.decode()
    leaf, rest = folder / "leaf.pem", folder / "rest.pem"
    leaf.write_text(shown[0])
    rest.write_text("".join(shown[1:]))
    return leaf, rest


def verdict(server, moment, folder, further) -> tuple[int, int, str]:
    """The first error that OpenSSL's verifier reports, with its depth; 0 for none."""
    leaf, rest = chain(server, folder)
    command = ["openssl", "verify", "-CAfile", server.authority, "-auth_level", "2", "-purpose", "sslserver"]
    command += ["-verify_hostname", HOST, "-attime", str(int(moment.timestamp())), *further]
    if rest.read_text():
        command += ["-untrusted", str(rest)]
    done = subprocess.run([*command, str(leaf)], capture_output=True, text=True, timeout=30)
    found = re.search(r"error (\d+) at (\d+) depth", done.stdout + done.stderr)
    return (int(found[1]), int(found[2]), done.stderr) if found else (0, 0, done.stdout)


@pytest.mark.parametrize("profile", PROFILES)
def test_openssl_finds_the_one_defect(presented, profile, tmp_path):
    server, moment = presented
    wanted = PROFILES[profile].get("verifier", {})
    further = []
    if 23 in wanted.get("codes", []):
        clean, _, text = verdict(server, moment, tmp_path, [])
        assert clean == 0, text
        crl = tmp_path / "crl.pem"
        crl.write_bytes(httpx.get(f"{server.pki}/service.crl.pem", timeout=30).raise_for_status().content)
        further = ["-crl_check", "-CRLfile", str(crl)]
    code, depth, text = verdict(server, moment, tmp_path, further)
    if not wanted:
        assert code == 0, text
    else:
        assert code in wanted["codes"] and depth == wanted.get("depth", 0), text


@pytest.mark.parametrize("profile", PROFILES)
def test_the_scanner_agrees(presented, profile):
    server, moment = presented
    place = sslyze.ServerNetworkLocation(HOST, server.port, ip_address="127.0.0.1")
    trust = sslyze.CertificateInfoExtraArgument(custom_ca_file=pathlib.Path(server.authority))
    request = sslyze.ServerScanRequest(
        place,
        scan_commands={sslyze.ScanCommand.CERTIFICATE_INFO},
        scan_commands_extra_arguments=sslyze.ScanCommandsExtraArguments(certificate_info=trust),
    )
    scanner = sslyze.Scanner()
    scanner.queue_scans([request])
    (result,) = scanner.get_results()
    if result.scan_result is None or result.scan_result.certificate_info.result is None:
        # A client that cannot finish the handshake sees nothing of the chain.
        assert PROFILES[profile]["class"] == "defect", result.connectivity_error_trace
        return
    (deployment, *_) = result.scan_result.certificate_info.result.certificate_deployments
    (own,) = [each for each in deployment.path_validation_results if each.trust_store.name == "Supplied CA file"]
    # A scan goes by the host's clock; the scanner's verifier takes another time, and judges what the scan saw by it.
    seen = [each.public_bytes(Encoding.PEM).decode() for each in deployment.received_certificate_chain]
    found = own.trust_store.verify_certificate_chain(seen, DNSName(HOST), validation_time=moment)
    match PROFILES[profile]["class"]:
        case "good":
            assert found.was_validation_successful, found.validation_error
        case "defect" if profile not in PASSES_THE_SCANNER:
            assert not found.was_validation_successful, profile
        case _:
            pass
    assert (deployment.received_certificate_chain[0].public_key().key_size == 1024) == (profile == "weak-key")
    others = [each for each in deployment.path_validation_results if each is not own]
    assert not any(each.was_validation_successful for each in others)
