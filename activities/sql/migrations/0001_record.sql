-- The record: the current view of every escalation, what happened to it in order, and what was learned.

-- migrate:up

-- One row per escalation, written together with the events it reflects.
-- `view` is the whole view as the domain knows it; the columns are taken from it, for people to filter on.
create table escalations (
    id                 text primary key,
    recorded           bigint not null,          -- number of the last event in `timeline`
    last_seq           bigint not null,          -- number of the last event the view reflects
    as_of              timestamptz not null,     -- when the newest batch that was taken was handed over
    ticket             text not null,
    summary            text not null,
    customer_id        text not null,
    customer_tier      text not null,
    contact            text not null,
    severity           text not null,
    category           text not null,
    reasons            text[] not null,
    frustration        smallint not null,
    our_fault          boolean not null,
    stage              text not null,
    tier               smallint not null,
    owner              text not null,            -- empty between owners
    offered_to         text not null,            -- empty when nobody is asked
    overseer           text not null,
    policy_name        text not null,
    policy_version     integer not null,
    policy_checksum    text not null,
    opened_at          timestamptz not null,
    cycle              integer not null,
    next_due           timestamptz,              -- when something happens by itself next
    next_due_clock     text,
    next_due_threshold text not null,
    breaches           jsonb not null,           -- clock to number of broken promises
    messages           integer not null,         -- to the customer
    outcome            text,
    resolved_at        timestamptz,
    closed_at          timestamptz,
    score              smallint,
    view               jsonb not null
);

create index escalations_open_by_next_due on escalations (next_due, id) where stage not in ('closed', 'cancelled');
create index escalations_by_customer on escalations (customer_id, opened_at desc);

-- What happened, in order. Only ever added to; a row that stands in `timeline_superseded` as well may go.
create table timeline (
    escalation text not null references escalations (id),
    seq        bigint not null check (seq > 0),
    at         timestamptz not null,
    kind       text not null,
    data       jsonb not null,                   -- the whole event, `kind` and `at` included
    as_of      timestamptz not null,             -- when the workflow handed it over
    primary key (escalation, seq)
);

create index timeline_by_kind on timeline (kind, at);

-- What a workflow task wrote that was lost afterwards, and went another way when it was run again. Only ever added to.
create table timeline_superseded (
    escalation    text not null references escalations (id),
    seq           bigint not null,
    at            timestamptz not null,
    kind          text not null,
    data          jsonb not null,
    as_of         timestamptz not null,
    superseded_at timestamptz not null,          -- `as_of` of the batch that took its place
    primary key (escalation, seq, as_of)
);

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only: % refused', tg_table_name, tg_op using errcode = 'restrict_violation';
end
$$;

create function refuse_loss() returns trigger language plpgsql as $$
begin
    if not exists (
        select from timeline_superseded kept
        where (kept.escalation, kept.seq, kept.at, kept.kind, kept.data, kept.as_of)
            = (old.escalation, old.seq, old.at, old.kind, old.data, old.as_of)
    ) then
        raise exception '% is append-only: % refused', tg_table_name, tg_op using errcode = 'restrict_violation';
    end if;
    return old;
end
$$;

create trigger timeline_is_append_only
    before update or truncate on timeline
    for each statement execute function refuse_change();

create trigger timeline_loses_nothing
    before delete on timeline
    for each row execute function refuse_loss();

create trigger timeline_superseded_is_append_only
    before update or delete or truncate on timeline_superseded
    for each statement execute function refuse_change();

-- What the team learned; filled from the `reviewed` events as they are appended.
create table reviews (
    escalation text not null,
    seq        bigint not null,
    at         timestamptz not null,
    by         text not null,
    root_cause text not null,
    prevention text not null,
    primary key (escalation, seq),
    foreign key (escalation, seq) references timeline (escalation, seq)
);

-- migrate:down

drop table reviews;
drop table timeline_superseded;
drop table timeline;
drop function refuse_loss();
drop function refuse_change();
drop table escalations;
