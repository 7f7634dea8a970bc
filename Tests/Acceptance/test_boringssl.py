"""A client whose TLS is BoringSSL: its verifier knows no constraints of addresses, which the lab's roots have."""

import json
import subprocess
import sys

import pytest
from curl_cffi import CurlOpt, requests
from curl_cffi.requests.exceptions import CertificateVerifyError, SSLError

HOST = "globalftm.fortinet.net"
SERIAL = "FG140E4Q17000494"


def session(server, authority) -> requests.Session:
    """A client that trusts one file, and finds the emulated host on loopback."""
    return requests.Session(
        verify=str(authority), curl_options={CurlOpt.RESOLVE: [f"{HOST}:{server.port}:127.0.0.1"]}, trust_env=False
    )


def activation(code: str) -> bytes:
    return json.dumps(
        {
            "d": {
                "__type": "SoftToken.ActivationLicenseRequest",
                "__version": "4",
                "license_activation_code": code,
                "serial_number": SERIAL,
                "__device_version": "7.4",
                "__device_build": "2573",
                "__clustered_sns": [{"sn": SERIAL}],
            }
        }
    ).encode()


# Every certificate of the lab was refused: "unsupported name constraint type", since it held addresses.
def test_a_license_is_activated_by_name(server):
    issued = requests.post(
        f"{server.admin}/api/v1/labs/default/licenses", json={"size": 2}, headers={"Accept": "application/json"}
    ).json()
    url = f"https://{HOST}:{server.port}/SoftToken/Provisioning.asmx/Process"
    with session(server, server.authority) as client:
        answer = client.post(url, data=activation(issued["code"]), timeout=10).json()["d"]
    assert answer["error"] is None and len(answer["tokens"]) == 2, answer


@pytest.mark.parametrize("host", ["localhost", HOST])
def test_a_name_verifies(server, host):
    with session(server, server.authority) as client:
        assert client.get(f"https://{host}:{server.port}/SoftToken/Provisioning.asmx", timeout=10).status_code == 200


@pytest.mark.parametrize("profile, verifies", [("trusted-rsa", True), ("expired", False), ("dpi", False)])
def test_a_profile_shows_its_one_defect_and_no_other(server_apart, profile, verifies):
    rule = {"do": "tls.certificate", "with": {"profile": profile}}
    added = requests.post(f"{server_apart.admin}/api/v1/labs/default/faults", json=rule, timeout=30)
    assert added.status_code == 201, added.text
    with session(server_apart, server_apart.authority) as client:
        url = f"https://{HOST}:{server_apart.port}/SoftToken/Provisioning.asmx"
        if verifies:
            assert client.get(url, timeout=10).status_code == 200
        else:
            with pytest.raises((CertificateVerifyError, SSLError)) as refusal:
                client.get(url, timeout=10)
            assert "constraint" not in str(refusal.value)


def test_another_authority_is_refused(server, tmp_path):
    other = tmp_path / "other.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    command += ["-keyout", tmp_path / "other.key", "-out", other, "-subj", "/CN=Another Authority"]
    subprocess.run(command, check=True, capture_output=True)
    with session(server, other) as client, pytest.raises((CertificateVerifyError, SSLError)):
        client.get(f"https://{HOST}:{server.port}/SoftToken/Provisioning.asmx", timeout=10)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", HOST])
def test_openssl_takes_addresses_as_before(server, host):
    """The certificate for those who ask for no name still holds the addresses."""
    connect = "import socket, ssl, sys; trust = ssl.create_default_context(cafile=sys.argv[1]); " \
        "trust.wrap_socket(socket.create_connection(('127.0.0.1', int(sys.argv[2])), 10), server_hostname=sys.argv[3])"
    done = subprocess.run(
        [sys.executable, "-c", connect, server.authority, str(server.port), host], capture_output=True, timeout=30
    )
    assert done.returncode == 0, done.stderr.decode()
