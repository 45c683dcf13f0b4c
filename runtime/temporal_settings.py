"""Reads the standard `TEMPORAL_*` configuration, and names the setting at fault where it can't be used."""

import os
import re
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from temporalio.envconfig import ClientConfigProfile, ClientConnectConfig

from runtime.settings import SettingsError
from runtime.tls_files import check_tls_files

_SWITCH = frozenset({"true", "false", "1", "0"})
_ADDRESS = re.compile(r"(?P<host>\[[0-9a-fA-F:.%]{2,64}\]|[^\s:/@\[\]]{1,253}):(?P<port>[0-9]{1,5})")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,20}://")
_DEFAULT_PROFILE = "default"
_TLS_SWITCHES = ("TEMPORAL_TLS", "TEMPORAL_TLS_DISABLE_HOST_VERIFICATION")


class TemporalConfig:
    """The Temporal configuration from the environment and the profile it names.

    Attributes:
        arguments: For `Client.connect`.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        # As everywhere in this project: a variable that is set to nothing counts as not set.
        self._environment = {name: value for name, value in environment.items() if value}
        self._check_switches()
        profile = self._load()
        if profile.tls is not None:
            now = datetime.now(UTC)  # noqa: TID251 (an edge: whether a certificate has expired is asked of the machine)
            check_tls_files(profile.tls, self.setting, now)
        if profile.address is not None:
            check_address(profile.address, self.setting("address"))
        self._check_words(profile)
        try:
            self.arguments: ClientConnectConfig = profile.to_client_connect_config()
        except (OSError, ValueError) as error:
            raise SettingsError(f"{self._file_setting}: {_one_line(error)}; correct it, or unset it") from error

    @classmethod
    def of_this_process(cls) -> "TemporalConfig":
        """With the process's environment.

        Raises:
            SettingsError: a setting can't be used; one line that names it.
        """
        return cls(os.environ)

    @property
    def has_client_certificate(self) -> bool:
        """Whether we show the server a certificate of ours."""
        tls = self.arguments.get("tls")
        return bool(tls) and not isinstance(tls, bool) and tls is not None and tls.client_cert is not None

    @property
    def uses_tls(self) -> bool:
        """Whether the connection is encrypted."""
        return bool(self.arguments.get("tls"))

    def why_tls(self) -> str:
        """The setting that turned TLS on or off."""
        named = [name for name in self._environment if name.startswith("TEMPORAL_TLS")]
        if "TEMPORAL_TLS" in named:
            return f"TEMPORAL_TLS={self._environment['TEMPORAL_TLS']}"
        if named:
            return sorted(named)[0]
        if "TEMPORAL_API_KEY" in self._environment:
            return "TEMPORAL_API_KEY, which turns TLS on"
        return self._entry("tls") if self.uses_tls else "TEMPORAL_TLS, which is not set"

    def setting(self, part: str) -> str:
        """The variable that sets a part of the configuration, or where it is in the profile."""
        variables = {
            "address": ("TEMPORAL_ADDRESS",),
            "namespace": ("TEMPORAL_NAMESPACE",),
            "api_key": ("TEMPORAL_API_KEY",),
            "client_cert": ("TEMPORAL_TLS_CLIENT_CERT_PATH", "TEMPORAL_TLS_CLIENT_CERT_DATA"),
            "client_key": ("TEMPORAL_TLS_CLIENT_KEY_PATH", "TEMPORAL_TLS_CLIENT_KEY_DATA"),
            "server_ca_cert": ("TEMPORAL_TLS_SERVER_CA_CERT_PATH", "TEMPORAL_TLS_SERVER_CA_CERT_DATA"),
        }[part]
        for name in variables:
            if name in self._environment:
                return name
        return self._entry(part) if self._file is not None else variables[0]

    def _entry(self, part: str) -> str:
        return f"`{part}` of the profile `{self._profile_name}` in `{self._file}`"

    @property
    def _profile_name(self) -> str:
        return self._environment.get("TEMPORAL_PROFILE", _DEFAULT_PROFILE)

    @property
    def _file(self) -> Path | None:
        """The profile file, if there is one."""
        named = self._environment.get("TEMPORAL_CONFIG_FILE")
        if named is not None:
            return Path(named)
        usual = _usual_file(self._environment)
        return usual if usual is not None and usual.exists() else None

    @property
    def _file_setting(self) -> str:
        return "TEMPORAL_CONFIG_FILE" if "TEMPORAL_CONFIG_FILE" in self._environment else f"`{self._file}`"

    def _check_switches(self) -> None:
        for name in _TLS_SWITCHES:
            value = self._environment.get(name)
            if value is not None and value.lower() not in _SWITCH:
                raise SettingsError(f"{name}: `{value}` is neither true nor false; write true or false")

    def _load(self) -> ClientConfigProfile:
        profiles = self._profiles()
        wanted = self._environment.get("TEMPORAL_PROFILE")
        if wanted is not None and wanted not in profiles:
            where = f"`{self._file}` has {', '.join(sorted(profiles)) or 'none'}" if self._file else "there is no file"
            raise SettingsError(f"TEMPORAL_PROFILE: no profile `{wanted}`; {where}; correct it, or unset it")
        try:
            return ClientConfigProfile.load(
                profile=wanted,
                config_source=self._file,
                disable_file=self._file is None,
                override_env_vars=self._environment,
            )
        except Exception as error:  # the SDK's own ConfigError is in no public module
            raise SettingsError(f"{self._at_fault(str(error))}: {_one_line(error)}; correct it, or unset it") from error

    def _at_fault(self, said: str) -> str:
        named = re.findall(r"TEMPORAL_[A-Z0-9_]+", said)
        return str(named[0]) if named else self._file_setting

    def _profiles(self) -> Mapping[str, object]:
        """The profiles of the file, by name; checks that the file can be read at all."""
        file, setting = self._file, self._file_setting
        if file is None:
            return {}
        try:
            read = tomllib.loads(file.read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise SettingsError(f"{setting}: `{file}` does not exist; name a file that does, or unset it") from error
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise SettingsError(f"{setting}: `{file}`: {reason}; name a file that can be read, or unset it") from error
        except ValueError as error:  # not TOML, or not UTF-8
            raise SettingsError(f"{setting}: `{file}` is not a TOML file: {_one_line(error)}; correct it") from error
        profiles = read.get("profile", {})
        return profiles if isinstance(profiles, dict) else {}

    def _check_words(self, profile: ClientConfigProfile) -> None:
        key = profile.api_key
        if key is not None and not re.fullmatch(r"[!-~]+", key):
            raise SettingsError(
                f"{self.setting('api_key')}: holds a blank, a line end or a letter that no key has; "
                "write the key alone, as it was issued"
            )
        namespace = profile.namespace
        if namespace is not None and (not namespace.strip() or namespace != namespace.strip()):
            raise SettingsError(f"{self.setting('namespace')}: begins or ends with a blank; write the name alone")


def check_address(address: str, setting: str) -> None:
    """Make sure that an address is a host and a port.

    Raises:
        SettingsError: it is not; one line that says what to write.
    """
    found = _ADDRESS.fullmatch(address)
    if found is not None and 0 < int(found["port"]) < 65536:
        return
    scheme = _SCHEME.match(address)
    # `dns:///host:port` has an empty part before the host.
    bare = address[scheme.end() if scheme else 0 :].lstrip("/").partition("/")[0].rpartition("@")[2].strip()
    if "@" in address:  # what comes before it may be a password
        raise SettingsError(f"{setting}: is not a host and a port alone; write {bare}")
    if scheme is not None:
        encrypted = scheme[0].lower() == "https://"
        tls = ", and TEMPORAL_TLS=true if the server uses TLS" if encrypted else ""
        port = "" if ":" in bare else ":7233"
        raise SettingsError(f"{setting}: `{address}` is a URL; write {bare}{port}{tls}")
    if ":" not in bare and bare == address:
        raise SettingsError(f"{setting}: `{address}` has no port; write {bare or 'HOST'}:7233")
    raise SettingsError(f"{setting}: `{address}` is not a host and a port; write HOST:PORT, for example localhost:7233")


def _usual_file(environment: Mapping[str, str]) -> Path | None:
    """The file in which the SDK looks for profiles when no variable names one."""
    base = environment.get("XDG_CONFIG_HOME")
    home = environment.get("HOME")
    if base is None and home is None:
        return None
    return Path(base or f"{home}/.config") / "temporalio" / "temporal.toml"


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".;")
