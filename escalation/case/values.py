"""Values in commands and events: the customer, the facts of a case, the hand-off packet, an option, the version of a policy."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from escalation.bounds import FEW, Address, Amount, Id, Line, LongText, Measure, Name, Person, Remark, Tag, Text
from escalation.vocabulary import Category, Proficiency


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRef:
    """Names one version of a policy.

    Attributes:
        version: Counts up with each change that was stored.
        checksum: SHA-256 over the compiled snapshot, hex.
    """

    name: str
    version: int
    checksum: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """The customer of an escalation.

    Attributes:
        id: The customer's id in the help desk.
        name: How to address them.
        address: Where messages go: a mail address.
        language: Language tag of their messages, such as `en`.
        zone: IANA time zone of the times in their messages.
        tier: Their contract tier, matched by targets; empty for none.
        proficiency: Whether letters use plain or technical words.
    """

    id: Id
    name: Name
    address: Address
    language: Tag = "en"
    zone: Tag = "UTC"
    tier: Tag = ""
    proficiency: Proficiency = Proficiency.PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """The facts of a case that can be wrong from the start, and corrected.

    Attributes:
        contact: Id of the customer's contact.
    """

    category: Category
    subcategory: Tag
    summary: Line
    customer: Customer
    contact: Person
    our_fault: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """The hand-off packet: what the next owner must know, so that no one starts from scratch.

    Attributes:
        concern: What the customer needs, ideally in their own words.
        tried: Steps already taken; those noted in the case come on top.
        nothing_tried: Says that nothing was tried yet, where `tried` is empty for that reason.
        evidence: Errors seen, logs, links.
        no_evidence: Why there is no evidence.
        proposed: Possible solutions.
        contact: Id of the customer's contact; the case's own where it is empty.
    """

    concern: LongText
    tried: Annotated[tuple[Remark, ...], FEW] = ()
    evidence: Annotated[tuple[LongText, ...], FEW] = ()
    proposed: Annotated[tuple[Remark, ...], FEW] = ()
    nothing_tried: bool = False
    no_evidence: Remark = ""
    contact: Person = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One solution offered to the customer.

    Attributes:
        id: Short, unique in its offer; what `Choose` names.
        title: What it is.
        pros: What speaks for it.
        cons: What speaks against it.
    """

    id: Id
    title: Name
    pros: Remark = ""
    cons: Remark = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeItem:
    """One line of an itemised outcome, such as a refund or a fee that was waived.

    Attributes:
        what: What the amount is for.
        amount: In units of the currency, with a point, such as `49.90`; negative for what the customer pays.
        currency: ISO 4217 code; the policy's where it is empty.
    """

    what: Line
    amount: Tag
    currency: Tag = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InLanguage:
    """An update in one language.

    Attributes:
        language: Language code, such as `de`.
        text: The update.
        next_step: What happens next.
    """

    language: Tag
    text: Text
    next_step: Remark = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """How much of the customer's business is hit.

    Attributes:
        users_affected: Number of people who cannot work; None when unknown.
        money_at_stake: In units of the policy's currency; None when unknown.
        deadline: The customer's own, aware; None when unknown.
        industry: The customer's line of business, such as `health`.
        compliance: Whether the case is under legal or contractual duties, such as reporting to an authority.
    """

    users_affected: Amount | None = None
    money_at_stake: Measure | None = None
    deadline: datetime | None = None
    industry: Tag = ""
    compliance: bool = False
