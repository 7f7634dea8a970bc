"""What Python's ssl module, and so any script, finds in a handshake."""

import socket
import ssl
import warnings

import pytest


def connect(server, context: ssl.SSLContext, name: str = "localhost") -> ssl.SSLSocket:
    plain = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    try:
        return context.wrap_socket(plain, server_hostname=name)
    except BaseException:
        plain.close()
        raise


def trusting(server) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=server.authority)


@pytest.mark.parametrize("name", ["localhost", "globalftm.fortinet.net", "fortitokenmobile.fortinet.com", "127.0.0.1"])
def test_the_certificate_holds_for_every_emulated_name(server, name):
    with connect(server, trusting(server), name) as connection:
        certificate = connection.getpeercert()
    authority = dict(pair for part in certificate["issuer"] for pair in part)
    assert "LAB" in f"{authority}".upper()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_version_is_spoken_with_forward_secrecy_and_an_authenticated_cipher(server, version):
    context = trusting(server)
    context.minimum_version = context.maximum_version = version
    with connect(server, context) as connection:
        cipher, _, _ = connection.cipher()
        assert connection.version() == version.name.replace("_", ".")
    assert "GCM" in cipher or "CHACHA20" in cipher
    assert version == ssl.TLSVersion.TLSv1_3 or cipher.startswith("ECDHE-ECDSA-")


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_an_outdated_version_is_refused_with_its_alert(server, version):
    context = trusting(server)
    # Level 0, or the client would refuse by itself what the server is to refuse.
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = version
    with pytest.raises(ssl.SSLError, match="(?i)alert protocol version"):
        connect(server, context)


@pytest.mark.parametrize(
    ("offered", "chosen"), [(["h2", "http/1.1"], "http/1.1"), (["http/1.1"], "http/1.1"), ([], None)]
)
def test_http_1_1_is_chosen_where_protocols_are_offered(server, offered, chosen):
    context = trusting(server)
    if offered:
        context.set_alpn_protocols(offered)
    with connect(server, context) as connection:
        assert connection.selected_alpn_protocol() == chosen


def test_nothing_is_compressed(server):
    with connect(server, trusting(server)) as connection:
        assert connection.compression() is None


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_session_is_resumed(server, version):
    context = trusting(server)
    context.minimum_version = context.maximum_version = version
    with connect(server, context) as first:
        # TLS 1.3 brings its tickets after the handshake, so they come with the first answer.
        first.sendall(b"GET /SoftToken/Provisioning.asmx HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert first.recv(65536).startswith(b"HTTP/1.1 200")
        session = first.session
    plain = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    with context.wrap_socket(plain, server_hostname="localhost", session=session) as second:
        assert second.session_reused
