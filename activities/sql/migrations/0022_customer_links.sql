-- Links to the customer's page, one for each letter that was sent. The table has the SHA-256 of each, never the link.

-- migrate:up

create table customer_links (
    token_hash   bytea primary key,
    escalation   text not null,            -- no foreign key: as in `deliveries`
    message_key  text not null,
    address_hash bytea not null,           -- SHA-256 of where the letter went; another address ends the link
    language     text not null default '', -- what the reader chose; empty for the case's
    minted_at    timestamptz not null,
    revoked_at   timestamptz
);

create index customer_links_of_escalation on customer_links (escalation);

-- migrate:down

drop table customer_links;
