"""Settings of the HTTP server; a part of `runtime.settings`."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from runtime.setting_values import POSITIVE, Networks, is_file, is_http_url, write


class HttpSettings(BaseModel):
    """Settings of the HTTP server: addresses, limits, links, webhooks and the identity provider."""

    model_config = ConfigDict(defer_build=True)  # only `Settings`, which has all of them, is ever read

    http_host: str = Field(
        default="127.0.0.1",
        min_length=1,
        description="The address that `escalations serve` listens on. Any other than the default is reachable from other "
        "machines; put a proxy that terminates TLS before it.",
        json_schema_extra=write("an IP address of this machine, for example 127.0.0.1"),
    )
    http_port: int = Field(
        default=8088,
        ge=0,
        le=65535,
        description="The port of `escalations serve`; 0 takes a free one. `worker.py --dev` takes a free one if this is in use.",
        json_schema_extra=write("a port from 0 to 65535, for example 8088"),
    )
    http_proxies: Networks = Field(
        default=(),
        description="Proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are trusted, so that limits and logs see the "
        "caller instead of the proxy. Unset: none.",
        json_schema_extra=write("addresses or networks with blanks between them, for example 10.1.2.3"),
    )
    http_requests_per_minute: int = Field(
        default=600,
        ge=1,
        description="How many requests per minute one server accepts from one API key or token; more are answered with 429.",
        json_schema_extra=POSITIVE,
    )
    public_url: Annotated[str, AfterValidator(is_http_url)] | None = Field(
        default=None,
        description="The server's address as others reach it, outside any proxy. With it, messages to colleagues carry links "
        "to act, and letters to customers a link to their page. HubSpot signs requests with it. Unset: no links.",
        json_schema_extra=write("an address, for example https://escalations.example.com"),
    )
    customer_link_days: int = Field(
        default=30,
        ge=0,
        le=3650,
        description="For how many days after the end of a case the links to the customer's page work.",
        json_schema_extra=write("whole days, for example 30"),
    )
    webhooks: Annotated[Path, AfterValidator(is_file)] | None = Field(
        default=None,
        description="The file that lists the products whose webhooks are accepted (see webhooks.md). Servers and workers read "
        "it. Unset: none.",
        json_schema_extra=write("a file, for example webhooks.yaml"),
    )
    webhooks_keep_days: int = Field(
        default=30,
        ge=1,
        description="After how many days the texts of applied webhooks and mails are deleted; their keys are kept forever.",
        json_schema_extra=POSITIVE,
    )
    oidc_issuer: Annotated[str, AfterValidator(is_http_url)] | None = Field(
        default=None,
        description="The identity provider (OpenID Connect) whose tokens the server accepts besides API keys, and by which "
        "people log in. Unset: none.",
        json_schema_extra=write(
            "the issuer as its tokens have it, for example https://login.example.com/realms/support"
        ),
    )
    oidc_audience: str | None = Field(
        default=None,
        description="The audience that a token for the API must have. Needed with an issuer, unless it only serves for the login.",
        json_schema_extra=write("the audience of the tokens, for example escalations"),
    )
    oidc_client_id: str | None = Field(
        default=None,
        description="This server's client id at the provider. With it, people log in to the pages by the provider; it needs the "
        "public URL.",
        json_schema_extra=write("the id of a client that the provider knows, for example escalations"),
    )
    oidc_client_secret: SecretStr | None = Field(
        default=None,
        description="The client's secret at the provider. Unset: a public client, which needs PKCE only. Never printed.",
        json_schema_extra=write("the secret that the provider gave the client"),
    )
    oidc_scope: str = Field(
        default="openid profile",
        pattern=r"(^|\s)openid(\s|$)",
        description="The scope of a login; add the scopes that put person and roles into the ID token.",
        json_schema_extra=write("scopes with blanks between them, with openid, for example openid profile groups"),
    )
    oidc_jwks_url: Annotated[str, AfterValidator(is_http_url)] | None = Field(
        default=None,
        description="The address of the provider's keys. Unset: taken from its discovery document.",
        json_schema_extra=write("an address, for example https://login.example.com/realms/support/certs"),
    )
    oidc_algorithms: str = Field(
        default="RS256,ES256",
        description="Accepted signature algorithms; never `none`, never one with a shared secret.",
        json_schema_extra=write("algorithms, for example RS256,ES256"),
    )
    oidc_person_claim: str = Field(
        default="sub",
        min_length=1,
        description="The claim with the person's id in the roster.",
        json_schema_extra=write("the name of a claim, for example preferred_username"),
    )
    oidc_role_claim: str = Field(
        default="roles",
        min_length=1,
        description="The claim with the person's roles: a text, or a list of texts; a dot leads into a nested object.",
        json_schema_extra=write("the name of a claim, for example realm_access.roles"),
    )
    oidc_roles: str = Field(
        default="viewer=viewer,agent=agent,lead=lead,admin=admin",
        description="Which values of that claim mean which role: viewer, agent, lead or admin. The highest counts; without any, a token or login is refused.",
        json_schema_extra=write("pairs, for example support=agent,support-leads=lead"),
    )
    oidc_leeway_seconds: int = Field(
        default=60,
        ge=0,
        le=600,
        description="How far the provider's clock may be off.",
        json_schema_extra=write("whole seconds, for example 60"),
    )

    @property
    def people_url(self) -> str:
        """The address at which people open the server, without a slash at its end."""
        return self.public_url or f"http://{self.http_host}:{self.http_port}"
