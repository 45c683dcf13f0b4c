"""What the HTTP server reads from its environment; a part of `runtime.settings`."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, SecretStr

from runtime.setting_values import POSITIVE, Networks, is_file, is_http_url, write


class HttpSettings(BaseModel):
    """Where the server listens, how people reach it, and whose tokens it takes."""

    http_host: str = Field(
        default="127.0.0.1",
        min_length=1,
        description="The address that `escalations serve` listens on. Another than the default is reached from other machines; "
        "put a proxy that ends TLS before it.",
        json_schema_extra=write("an IP address of this machine, for example 127.0.0.1"),
    )
    http_port: int = Field(
        default=8088,
        ge=0,
        le=65535,
        description="The port of `escalations serve`; 0 takes a free one. `worker.py --dev` takes a free one where this is in use.",
        json_schema_extra=write("a port from 0 to 65535, for example 8088"),
    )
    http_proxies: Networks = Field(
        default=(),
        description="Proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed, so that limits and logs see the "
        "caller instead of the proxy. Unset: none is.",
        json_schema_extra=write("addresses or networks with blanks between them, for example 10.1.2.3"),
    )
    http_requests_per_minute: int = Field(
        default=600,
        ge=1,
        description="How many requests a minute one server takes from one API key or token; more are answered 429.",
        json_schema_extra=POSITIVE,
    )
    public_url: Annotated[str, AfterValidator(is_http_url)] | None = Field(
        default=None,
        description="The server's address as others call it, before any proxy. With it, messages to colleagues carry links "
        "to act, and letters to customers a link to their page; without it, none. HubSpot signs it.",
        json_schema_extra=write("an address, for example https://escalations.example.com"),
    )
    customer_link_days: int = Field(
        default=30,
        ge=0,
        le=3650,
        description="For how many days after the end of a case the links in its letters open the customer's page.",
        json_schema_extra=write("whole days, for example 30"),
    )
    webhooks: Annotated[Path, AfterValidator(is_file)] | None = Field(
        default=None,
        description="The file that names the products whose webhooks are taken (see webhooks.md). Unset: none. Servers and "
        "workers read it.",
        json_schema_extra=write("a file, for example webhooks.yaml"),
    )
    webhooks_keep_days: int = Field(
        default=30,
        ge=1,
        description="After how many days the texts of webhooks that were applied are dropped; their keys are kept for ever.",
        json_schema_extra=POSITIVE,
    )
    oidc_issuer: Annotated[str, AfterValidator(is_http_url)] | None = Field(
        default=None,
        description="The identity provider (OpenID Connect) whose tokens the server takes besides API keys, and by which people "
        "log in. Unset: none.",
        json_schema_extra=write(
            "the issuer as its tokens have it, for example https://login.example.com/realms/support"
        ),
    )
    oidc_audience: str | None = Field(
        default=None,
        description="What a token for the API must be meant for. Needed with an issuer, unless people only log in by it.",
        json_schema_extra=write("the audience of the tokens, for example escalations"),
    )
    oidc_client_id: str | None = Field(
        default=None,
        description="What the provider calls this server. With it, people log in to the pages by the provider; the public URL "
        "has to be set too.",
        json_schema_extra=write("the id of a client that the provider knows, for example escalations"),
    )
    oidc_client_secret: SecretStr | None = Field(
        default=None,
        description="Proves to the provider that it is this server that asks. Unset: a public client, for which PKCE is proof "
        "enough. Never printed.",
        json_schema_extra=write("the secret that the provider gave the client"),
    )
    oidc_scope: str = Field(
        default="openid profile",
        pattern=r"(^|\s)openid(\s|$)",
        description="What a login asks the provider for; add what puts person and roles into its ID token.",
        json_schema_extra=write("scopes with blanks between them, with openid, for example openid profile groups"),
    )
    oidc_jwks_url: Annotated[str, AfterValidator(is_http_url)] | None = Field(
        default=None,
        description="Where the provider's keys are. Unset: its discovery document says where.",
        json_schema_extra=write("an address, for example https://login.example.com/realms/support/certs"),
    )
    oidc_algorithms: str = Field(
        default="RS256,ES256",
        description="Signatures that are accepted; never `none`, never one with a shared secret.",
        json_schema_extra=write("algorithms, for example RS256,ES256"),
    )
    oidc_person_claim: str = Field(
        default="sub",
        min_length=1,
        description="The claim with the id of the person, as the roster has it.",
        json_schema_extra=write("the name of a claim, for example preferred_username"),
    )
    oidc_role_claim: str = Field(
        default="roles",
        min_length=1,
        description="The claim with the person's roles: a text, or a list of texts; a dot leads into an object.",
        json_schema_extra=write("the name of a claim, for example realm_access.roles"),
    )
    oidc_roles: str = Field(
        default="viewer=viewer,agent=agent,lead=lead,admin=admin",
        description="Which of its values mean which role: viewer, agent, lead or admin. The highest counts; without any, a token or login is refused.",
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
