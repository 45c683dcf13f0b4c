-- What help desks and chats send us: each event once, whatever its sender repeats.

-- migrate:up

create table deliveries_in (
    id          bigint generated always as identity primary key,
    source      text not null,                   -- name of the source, as the webhook file has it
    key         text not null,                   -- the sender's id of the event; a hash where there is none
    hash        text not null,                   -- SHA-256 of the body, hex; kept for ever, as is the key
    ticket      text not null default '',
    kind        text not null default '',
    fact        text not null default '',        -- what of the ticket it says, where only the newest counts
    at          timestamptz,                     -- the sender's own time
    state       text not null,
    reason      text not null default '',
    error       text not null default '',        -- what the latest attempt said
    commands    integer not null default 0,      -- how many commands it became
    attempts    integer not null default 0,
    repeats     integer not null default 0,
    received_at timestamptz not null,
    tried_since timestamptz not null,            -- a day later, it is dead
    handed_at   timestamptz,                     -- when Temporal was last notified of it
    settled_at  timestamptz,
    event       jsonb,                           -- what was read; dropped after a time
    request     jsonb,                           -- what came; dropped after a time
    constraint deliveries_in_once unique (source, key),
    constraint deliveries_in_state
        check (state in ('stored', 'applied', 'ignored', 'superseded', 'dead', 'dropped'))
);

create index deliveries_in_same_body on deliveries_in (source, hash);
create index deliveries_in_of_ticket on deliveries_in (source, ticket, settled_at);
create index deliveries_in_stored on deliveries_in (handed_at nulls first, id) where state = 'stored';
create index deliveries_in_dead on deliveries_in (id) where state = 'dead';
create index deliveries_in_kept on deliveries_in (received_at) where request is not null or event is not null;

-- migrate:down

drop table deliveries_in;
