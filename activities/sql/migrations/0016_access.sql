-- Who may act from outside: keys of programs and people, links in letters, and what repeated requests were answered with.
-- Secrets are not in it: of keys and links it has the SHA-256 alone.

-- migrate:up

create table api_keys (
    id             text primary key,             -- its public part, shown in lists and logs
    secret_hash    bytea not null,
    name           text not null,
    role           text not null check (role in ('viewer', 'agent', 'lead', 'admin')),
    person         text not null default '',     -- whom it acts as; empty for an integration
    names_actors   boolean not null default false,
    sources        text[] not null default '{}', -- empty: all
    tickets        text[] not null default '{}', -- patterns such as ACME-*; empty: all
    created_at     timestamptz not null,
    expires_at     timestamptz,
    revoked_at     timestamptz,
    used_at        timestamptz,                  -- the hour of its last use
    replaces       text references api_keys (id)
);

create table http_answers (
    actor        text not null,                  -- the credential's owner; keys of two of them never meet
    key          text not null,
    request_hash bytea not null,
    status       integer,                        -- null until the request was answered
    body         text,
    first_at     timestamptz not null,
    answered_at  timestamptz,
    primary key (actor, key)
);

create index http_answers_by_age on http_answers (first_at);

create table action_links (
    token_hash  bytea primary key,
    escalation  text not null,                   -- no foreign key: as in `deliveries`
    message_key text not null,                   -- each attempt at sending has a link of its own; they are used up together
    person      text not null,
    subject     text not null,                   -- what it is about: offer, consult, approval, action, case
    number      integer not null,
    acts        text[] not null,
    confirms    boolean not null default false,  -- whether a hand-off packet has to be confirmed
    minted_at   timestamptz not null,
    expires_at  timestamptz not null,
    used_at     timestamptz,
    used_for    text not null default '',
    revoked_at  timestamptz
);

create index action_links_of_message on action_links (escalation, message_key);
create index action_links_by_age on action_links (expires_at);

-- migrate:down

drop table action_links;
drop table http_answers;
drop table api_keys;
