"""Settings for incoming mail; a part of `runtime.settings`."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from runtime.setting_values import POSITIVE, Addresses, is_ip_and_port, is_mail_secret, is_sender, is_zone, write


class MailInSettings(BaseModel):
    """Settings for incoming mail: which mail is accepted and trusted."""

    model_config = ConfigDict(defer_build=True)  # only `Settings`, which has all of them, is ever read

    mail_in_address: Annotated[str, AfterValidator(is_sender)] | None = Field(
        default=None,
        description="The address that customers and colleagues answer to; mail to it is taken ([mail in](mail-in.md)). Unset: "
        "no mail is taken.",
        json_schema_extra=write("an address, for example replies@example.com"),
    )
    mail_in_secret: Annotated[SecretStr, AfterValidator(is_mail_secret)] | None = Field(
        default=None,
        description="Signs the Reply-To address of each letter, and keeps others from guessing its Message-ID. Unset: letters "
        "have no address of their own, and anyone who knows a ticket's number can forge an answer. Never printed.",
        json_schema_extra=write("at least 16 random characters, the same for workers and servers"),
    )
    mail_in_also: Addresses = Field(
        default=(),
        description="Further addresses whose mail is accepted. Mail for `ESCALATIONS_MAIL_FROM` is always accepted.",
        json_schema_extra=write("addresses with blanks between them, for example support@example.com"),
    )
    mail_in_listen: Annotated[str, AfterValidator(is_ip_and_port)] | None = Field(
        default=None,
        description="Where `escalations serve` accepts mail by SMTP, besides HTTP. Unset: nowhere.",
        json_schema_extra=write("an IP address and a port to listen on, for example 127.0.0.1:2525"),
    )
    mail_in_protocol: Literal["smtp", "lmtp"] = Field(
        default="smtp", description="The protocol of that address.", json_schema_extra=write("smtp or lmtp")
    )
    mail_in_most_bytes: int = Field(
        default=20_000_000,
        ge=10_000,
        le=100_000_000,
        description="The maximum size of a mail with its attachments, however it arrives; a larger one is refused.",
        json_schema_extra=write("bytes, for example 20000000"),
    )
    mail_in_new: Literal["triage", "refuse"] = Field(
        default="triage",
        description="What happens to mail that answers no letter: `triage` lets triage decide whether it escalates, `refuse` "
        "ignores it.",
        json_schema_extra=write("triage or refuse"),
    )
    mail_in_policy: str = Field(
        default="default",
        min_length=1,
        description="The policy of escalations that mail opens.",
        json_schema_extra=write("the name of a policy, for example default"),
    )
    mail_in_zone: Annotated[str, AfterValidator(is_zone)] = Field(
        default="UTC",
        description="The time zone of a customer whose mail opens a case.",
        json_schema_extra=write("an IANA time zone, for example Europe/Berlin"),
    )
    mail_in_per_hour: int = Field(
        default=30,
        ge=1,
        description="How many mails per hour are applied from one address, and to one ticket; more look like a loop and wait "
        "for a person.",
        json_schema_extra=POSITIVE,
    )
    mail_in_trusted: str | None = Field(
        default=None,
        min_length=1,
        description="The name under which your mail server writes `Authentication-Results`. Mail that failed this check counts "
        "as someone else's. Unset: the header is ignored.",
        json_schema_extra=write("a host name, for example mx.example.com"),
    )
