-- Queries of the record of incidents: `incidents`, `incident_timeline`.

-- name: append
-- Write events and the summary in one statement, provided that they follow exactly what is there. The row of the incident
-- is the lock: two writers cannot both find the same place free.
-- $1 name, $2 number of the first event, $3 instants, $4 kinds, $5 events as JSON, $6 the summary as JSON.
-- One row when written, none when the events do not follow.
with written as (
    insert into incidents as stored
        (name, recorded, title, cause, stage, opened_at, resolved_at, linked, bulletins, reopened)
    select $1::text, $2::bigint - 1 + cardinality($5::text[]), s ->> 'title', s ->> 'cause', s ->> 'stage',
        (s ->> 'opened_at')::timestamptz, (s ->> 'resolved_at')::timestamptz, (s ->> 'linked')::integer,
        (s ->> 'bulletins')::integer, (s ->> 'reopened')::integer
    from (select $6::text::jsonb as s) as summary
    where $2 = 1 or exists (select from incidents where name = $1)
    on conflict (name) do update set
        (recorded, title, cause, stage, opened_at, resolved_at, linked, bulletins, reopened)
        = (excluded.recorded, excluded.title, excluded.cause, excluded.stage, excluded.opened_at, excluded.resolved_at,
           excluded.linked, excluded.bulletins, excluded.reopened)
    where stored.recorded = $2 - 1
    returning name
), happened as (
    insert into incident_timeline (incident, seq, at, kind, data)
    select written.name, $2 - 1 + event.number, event.at, event.kind, event.data::jsonb
    from written, unnest($3::timestamptz[], $4::text[], $5::text[]) with ordinality
        as event (at, kind, data, number)
)
select name from written;

-- name: recorded
-- The number of the last recorded event; holds the incident until the transaction ends. $1 name.
select recorded from incidents where name = $1 for update;

-- name: events
-- A stretch of the timeline. $1 name, $2 first number, $3 last number.
select seq, data from incident_timeline where incident = $1 and seq between $2 and $3 order by seq;
