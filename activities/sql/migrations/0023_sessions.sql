-- Who is logged in to the pages. Secrets are not in it: it has the SHA-256 alone.

-- migrate:up

create table sessions (
    token_hash bytea primary key,
    person     text not null,
    role       text not null check (role in ('viewer', 'agent', 'lead', 'admin')), -- with a key, the key's counts
    key        text references api_keys (id),     -- what they logged in with; null for a link or the identity provider
    begun_at   timestamptz not null,
    expires_at timestamptz not null,
    ended_at   timestamptz
);

create index sessions_of_person on sessions (person);
create index sessions_by_age on sessions (expires_at);

create table login_links (
    token_hash bytea primary key,
    person     text not null,
    role       text not null check (role in ('viewer', 'agent', 'lead', 'admin')),
    minted_at  timestamptz not null,
    expires_at timestamptz not null,
    used_at    timestamptz
);

-- migrate:down

drop table login_links;
drop table sessions;
