-- What happened to incidents: one cause, many escalations.

-- migrate:up

create table incidents (
    name        text primary key,
    recorded    bigint not null,                 -- number of the last event in the timeline
    title       text not null,
    cause       text not null,
    stage       text not null,
    opened_at   timestamptz not null,
    resolved_at timestamptz,
    linked      integer not null,                -- how many escalations are linked now
    bulletins   integer not null
);

-- In order. Only ever added to.
create table incident_timeline (
    incident text not null references incidents (name),
    seq      bigint not null check (seq > 0),
    at       timestamptz not null,
    kind     text not null,
    data     jsonb not null,                     -- the whole event, `kind` and `at` included
    primary key (incident, seq)
);

create trigger incident_timeline_is_append_only
    before update or delete or truncate on incident_timeline
    for each statement execute function refuse_change();

-- migrate:down

drop table incident_timeline;
drop table incidents;
