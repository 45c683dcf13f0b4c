"""Each Temporal setting that is missing, wrong, unreachable or without rights has one line that names what to correct."""

from pathlib import Path

import pytest

from runtime.connection import connect, silent_runtime, worker_runtime
from runtime.embedded.ports import HOST, PortBook
from runtime.refused_connection import explain
from runtime.settings import Settings, SettingsError
from runtime.start_checks.checks import NotReady, require
from runtime.start_checks.start import start_checks
from runtime.temporal_settings import TemporalConfig
from runtime.unreachable import TemporalUnreachable
from tests.integration.ground.certificates import Certificates
from tests.integration.ground.peers import Peer, RefusingTemporal, pump

UNAUTHENTICATED, PERMISSION_DENIED = 16, 7


async def refusal(kind: type[Exception]) -> str:
    """What is said about the environment; always one line, never a part of a word."""
    with pytest.raises(kind) as caught:
        await connect(Settings(), runtime=silent_runtime())
    said = str(caught.value)
    assert "\n" not in said
    assert "Custom {" not in said
    return said


FILES = [
    ("CLIENT_CERT_PATH=/nowhere.pem", "TEMPORAL_TLS_CLIENT_CERT_PATH: `/nowhere.pem`: no such file or directory"),
    ("CLIENT_CERT_PATH=folder.pem", "TEMPORAL_TLS_CLIENT_CERT_PATH: `{}/folder.pem`: is a directory"),
    ("CLIENT_CERT_PATH=client.pem", "TEMPORAL_TLS_CLIENT_KEY_PATH: is not set, but TEMPORAL_TLS_CLIENT_CERT_PATH is"),
    ("CLIENT_KEY_PATH=client.key", "TEMPORAL_TLS_CLIENT_CERT_PATH: is not set, but TEMPORAL_TLS_CLIENT_KEY_PATH is"),
    ("CLIENT_CERT_PATH=garbage.pem CLIENT_KEY_PATH=client.key", "CERT_PATH: `{}/garbage.pem` holds no certificate"),
    ("CLIENT_CERT_PATH=empty.pem CLIENT_KEY_PATH=client.key", "CERT_PATH: `{}/empty.pem` holds no certificate"),
    ("CLIENT_CERT_PATH=client.key CLIENT_KEY_PATH=client.pem", "CERT_PATH: `{}/client.key` holds no certificate"),
    ("CLIENT_CERT_PATH=client.pem CLIENT_KEY_PATH=garbage.pem", "KEY_PATH: `{}/garbage.pem` holds no private key"),
    ("CLIENT_CERT_PATH=client.pem CLIENT_KEY_PATH=binary.pem", "KEY_PATH: `{}/binary.pem` holds no private key"),
    ("CLIENT_CERT_PATH=client.pem CLIENT_KEY_PATH=locked.key", "KEY_PATH: `{}/locked.key` is protected by a password"),
    ("CLIENT_CERT_PATH=client.pem CLIENT_KEY_PATH=other.key", "`{}/other.key` is not the key of the certificate in"),
    (
        "CLIENT_CERT_PATH=expired.pem CLIENT_KEY_PATH=client.key",
        "CERT_PATH: the certificate in `{}/expired.pem` expired",
    ),
    (
        "CLIENT_CERT_PATH=early.pem CLIENT_KEY_PATH=client.key",
        "CERT_PATH: the certificate in `{}/early.pem` is valid only",
    ),
    ("SERVER_CA_CERT_PATH=/nowhere.pem", "TEMPORAL_TLS_SERVER_CA_CERT_PATH: `/nowhere.pem`: no such file"),
    ("SERVER_CA_CERT_PATH=garbage.pem", "TEMPORAL_TLS_SERVER_CA_CERT_PATH: `{}/garbage.pem` holds no certificate"),
    ("SERVER_CA_CERT_PATH=expired.pem", "SERVER_CA_CERT_PATH: the certificate in `{}/expired.pem` expired"),
    ("SERVER_CA_CERT_PATH=empty.pem", "TEMPORAL_TLS_SERVER_CA_CERT_PATH: `{}/empty.pem` holds no certificate"),
    ("CLIENT_CERT_PATH=client.pem CLIENT_CERT_DATA=x", "TEMPORAL_TLS_CLIENT_CERT_PATH: "),
    ("CLIENT_CERT_DATA=x CLIENT_KEY_DATA=y", "TEMPORAL_TLS_CLIENT_CERT_DATA: its value holds no certificate"),
]


@pytest.mark.parametrize(("variables", "line"), FILES)
async def test_a_tls_file_that_cannot_be_used_is_named_with_its_variable(
    monkeypatch: pytest.MonkeyPatch, certificates: Certificates, variables: str, line: str
) -> None:
    for each in variables.split():
        name, _, value = each.partition("=")
        is_file = name.endswith("_PATH") and not value.startswith("/")
        monkeypatch.setenv(f"TEMPORAL_TLS_{name}", certificates[value] if is_file else value)

    assert line.format(certificates.folder) in await refusal(SettingsError)


WORDS = [
    ("ADDRESS", "https://h:7233", "TEMPORAL_ADDRESS: `https://h:7233` is a URL; write h:7233, and TEMPORAL_TLS=true"),
    ("ADDRESS", "https://h", "write h:7233"),
    ("ADDRESS", "http://h:7233/", "TEMPORAL_ADDRESS: `http://h:7233/` is a URL; write h:7233"),
    ("ADDRESS", "dns:///h:7233", "TEMPORAL_ADDRESS: `dns:///h:7233` is a URL; write h:7233"),
    ("ADDRESS", "h", "TEMPORAL_ADDRESS: `h` has no port; write h:7233"),
    ("ADDRESS", "h:port", "TEMPORAL_ADDRESS: `h:port` is not a host and a port; write HOST:PORT"),
    ("ADDRESS", "h:0", "TEMPORAL_ADDRESS: `h:0` is not a host and a port"),
    ("ADDRESS", "h:70000", "TEMPORAL_ADDRESS: `h:70000` is not a host and a port"),
    ("ADDRESS", " h:7233", "TEMPORAL_ADDRESS: ` h:7233` is not a host and a port"),
    ("ADDRESS", "h:7233/x", "TEMPORAL_ADDRESS: `h:7233/x` is not a host and a port"),
    ("ADDRESS", "::1:7233", "TEMPORAL_ADDRESS: `::1:7233` is not a host and a port"),
    ("ADDRESS", "me:secret@h:7233", "TEMPORAL_ADDRESS: is not a host and a port alone; write h:7233"),
    ("TLS", "maybe", "TEMPORAL_TLS: `maybe` is neither true nor false; write true or false"),
    ("API_KEY", "abc\n", "TEMPORAL_API_KEY: holds a blank, a line end"),
    ("API_KEY", "Bearer abc", "TEMPORAL_API_KEY: holds a blank, a line end"),
    ("NAMESPACE", " support", "TEMPORAL_NAMESPACE: begins or ends with a blank"),
    ("PROFILE", "nope", "TEMPORAL_PROFILE: no profile `nope`"),
    ("CONFIG_FILE", "/nowhere.toml", "TEMPORAL_CONFIG_FILE: `/nowhere.toml` does not exist"),
    ("CONFIG_FILE", "/", "TEMPORAL_CONFIG_FILE: `/`: is a directory"),
]


@pytest.mark.parametrize(("name", "value", "line"), WORDS)
async def test_a_setting_that_makes_no_sense_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, line: str
) -> None:
    monkeypatch.setenv(f"TEMPORAL_{name}", value)

    said = await refusal(SettingsError)
    assert line in said, said
    assert "secret" not in said


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("no toml at all", "is not a TOML file"),
        ('[profile.default]\naddress = "https://h:7233"\n', "`address` of the profile `default` in `{}`: `https://h"),
        (
            '[profile.default.tls]\nclient_cert_path = "/nowhere.pem"\n',
            "`client_cert` of the profile `default` in `{}`: `/nowhere.pem`: no such file",
        ),
    ],
)
async def test_a_profile_file_is_named_with_what_is_wrong_in_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, line: str
) -> None:
    file = tmp_path / "profiles.toml"
    file.write_text(text)
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(file))

    assert line.format(file) in await refusal(SettingsError)


PEERS = [
    ("plain", "TLS=true", "answers without TLS, but TLS is on (TEMPORAL_TLS=true); set TEMPORAL_TLS=false"),
    ("plain", "API_KEY=abc", "answers without TLS, but TLS is on (TEMPORAL_API_KEY, which turns TLS on)"),
    ("plain", "TLS_SERVER_NAME=h", "answers without TLS, but TLS is on (TEMPORAL_TLS_SERVER_NAME)"),
    ("encrypted", "", "expects TLS, but TLS is off (TEMPORAL_TLS, which is not set); set TEMPORAL_TLS=true"),
    ("encrypted", "API_KEY=abc TLS=false", "expects TLS, but TLS is off (TEMPORAL_TLS=false)"),
    ("encrypted", "TLS=true", "is signed by an unknown authority; set TEMPORAL_TLS_SERVER_CA_CERT_PATH"),
    ("encrypted", "TLS_SERVER_CA_CERT_PATH=stranger.pem", "is signed by an unknown authority"),
    (
        "encrypted",
        "TLS_SERVER_CA_CERT_PATH=authority.pem TLS_SERVER_NAME=other.example.com",
        "is for another name (localhost, 127.0.0.1); set TEMPORAL_TLS_SERVER_NAME",
    ),
    (
        "mutual",
        "TLS_SERVER_CA_CERT_PATH=authority.pem",
        "it may ask for a client certificate: set TEMPORAL_TLS_CLIENT_CERT",
    ),
    (
        "mutual",
        "TLS_SERVER_CA_CERT_PATH=authority.pem TLS_CLIENT_CERT_PATH=stranger-client.pem TLS_CLIENT_KEY_PATH=client.key",
        "may not accept the client certificate in TEMPORAL_TLS_CLIENT_CERT_PATH",
    ),
    ("mutual", "", "expects TLS, but TLS is off"),
    ("silent", "", "(no answer within "),
]


@pytest.mark.parametrize(
    "said",
    [
        'Status { message: "transport error", source: Some(tonic::transport::Error(Transport, hyper::Error(Io, "x"))) }',
        "received fatal alert: AlertReceived(CertificateUnknown)",
        'message: "operation was canceled", source: Some(Error(Transport, Error(Canceled, "connection closed")))',
        'source: Os { code: 104, kind: ConnectionReset, message: "Connection reset by peer" }',
        'source: Os { code: 32, kind: BrokenPipe, message: "Broken pipe" }',
    ],
)
async def test_a_tls_connection_that_the_server_ends_is_known_whatever_it_was_busy_with(said: str) -> None:
    config = TemporalConfig({"TEMPORAL_TLS": "true"})
    assert "ended the TLS connection" in await explain(said, "127.0.0.1:1", config)


@pytest.mark.parametrize(("peer", "variables", "line"), PEERS)
async def test_a_connection_that_does_not_come_about_names_the_setting_to_correct(
    peers: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    certificates: Certificates,
    peer: str,
    variables: str,
    line: str,
) -> None:
    address = peers[peer]
    monkeypatch.setattr("runtime.connection.CONNECT_SECONDS", 2.0)
    set_all(monkeypatch, certificates, address, variables)

    said = await refusal(TemporalUnreachable)
    assert line in said, said
    assert address in said


@pytest.mark.parametrize(
    ("peer", "variables"),
    [
        ("plain", ""),
        ("plain", "API_KEY=abc TLS=false"),
        ("encrypted", "TLS_SERVER_CA_CERT_PATH=authority.pem"),
        ("encrypted", "TLS_SERVER_CA_CERT_PATH=authority.pem API_KEY=abc"),
        ("encrypted", "TLS_SERVER_CA_CERT_PATH=bundle.pem"),
        (
            "mutual",
            "TLS_SERVER_CA_CERT_PATH=authority.pem TLS_CLIENT_CERT_PATH=client.pem TLS_CLIENT_KEY_PATH=client.key",
        ),
    ],
)
async def test_the_right_settings_connect(
    peers: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    certificates: Certificates,
    peer: str,
    variables: str,
) -> None:
    set_all(monkeypatch, certificates, peers[peer], variables)

    client = await connect(Settings(), runtime=silent_runtime())
    assert await client.service_client.check_health()


def set_all(monkeypatch: pytest.MonkeyPatch, certificates: Certificates, address: str, variables: str) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", address)
    for each in variables.split():
        name, _, value = each.partition("=")
        monkeypatch.setenv(f"TEMPORAL_{name}", certificates[value] if name.endswith("_PATH") else value)


async def test_a_server_that_is_not_temporal_is_called_so(monkeypatch: pytest.MonkeyPatch) -> None:
    async with Peer(pump) as echo:
        monkeypatch.setenv("TEMPORAL_ADDRESS", echo.address)
        assert f"No Temporal server at {echo.address} (" in await refusal(TemporalUnreachable)


@pytest.mark.parametrize("status", [UNAUTHENTICATED, PERMISSION_DENIED])
async def test_wrong_credentials_name_the_key(monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    async with RefusingTemporal(status) as temporal:
        monkeypatch.setenv("TEMPORAL_ADDRESS", temporal.address)
        monkeypatch.setenv("TEMPORAL_API_KEY", "abc")
        monkeypatch.setenv("TEMPORAL_TLS", "false")
        said = await refusal(TemporalUnreachable)
    assert said == (
        f"Temporal at {temporal.address} refused our credentials: Request unauthorized.; "
        "check TEMPORAL_API_KEY and TEMPORAL_NAMESPACE"
    )


async def test_a_namespace_that_we_may_not_use_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    async with RefusingTemporal(PERMISSION_DENIED, answered=1) as temporal:
        monkeypatch.setenv("TEMPORAL_ADDRESS", temporal.address)
        monkeypatch.setenv("TEMPORAL_NAMESPACE", "theirs")
        with pytest.raises(NotReady) as caught:
            await require(start_checks(Settings())[:1])
    assert str(caught.value) == (
        f"Temporal at {temporal.address} does not let us use namespace `theirs`: Request unauthorized; "
        "check TEMPORAL_NAMESPACE, TEMPORAL_API_KEY and the client certificate"
    )


async def test_a_metrics_port_in_use_names_its_setting() -> None:
    async with Peer(pump) as other:
        with pytest.raises(SettingsError) as caught:
            worker_runtime(Settings(metrics_address=other.address))
    assert str(caught.value) == (
        f"ESCALATIONS_METRICS_ADDRESS: metrics can't be served at {other.address} (the port is in use); "
        "write a free port of this machine, for example 127.0.0.1:9465, or unset it"
    )


async def test_an_address_of_another_machine_cannot_serve_metrics() -> None:
    with pytest.raises(SettingsError, match="this machine does not have that address"):
        worker_runtime(Settings(metrics_address="192.0.2.1:9464"))


async def test_nothing_listening_is_said_with_the_address(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    address = f"{HOST}:{PortBook(tmp_path / 'closed.json').take('nobody')}"
    monkeypatch.setenv("TEMPORAL_ADDRESS", address)
    assert f"No Temporal server at {address} (connection refused)" in await refusal(TemporalUnreachable)
