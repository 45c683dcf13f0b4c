-- Tickets of help desks that are kept in step with their escalations.

-- migrate:up

create table desk_tickets (
    ticket      text primary key,                -- as escalations call it
    source      text not null,                   -- the connection, as the webhook file calls it
    desk_ticket text not null,                   -- as the help desk calls it
    linked_at   timestamptz not null,
    changed     bigint not null default 1,       -- counts up with each batch that the record takes
    done        bigint not null default 0,       -- the count that the help desk reflects
    handed_at   timestamptz,                     -- when Temporal was last notified
    escalation  text not null default '',        -- whose events were noted last
    noted       bigint not null default 0,       -- the last event that a note in the ticket covers
    planned     bigint,                          -- the last event that the note being written covers
    note        text not null default '',        -- that note; stored before it is sent, so a repeat sends the same
    in_step_at  timestamptz,                     -- when the help desk last took everything
    error       text not null default '',        -- what the latest attempt said
    lost_at     timestamptz,                     -- when it was given up; nothing is written any more
    constraint desk_tickets_once unique (source, desk_ticket)
);

create index desk_tickets_behind on desk_tickets (handed_at nulls first, ticket) where changed > done and lost_at is null;

-- migrate:down

drop table desk_tickets;
