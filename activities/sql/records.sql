-- Queries of the record: `escalations`, `timeline`, `timeline_superseded`, `reviews`.

-- name: append
-- Write events and the view, which the other columns are derived from, in one statement, provided that they follow
-- exactly what is there and nothing newer was taken. The row of the escalation is the lock: two writers cannot both
-- find the same place free.
-- $1 escalation, $2 number of the first event, $3 instants, $4 kinds, $5 events as JSON, $6 the view as JSON,
-- $7 when they were handed over. One row when written, none when the events do not follow.
with written as (
    insert into escalations as stored (id, recorded, as_of, view)
    select $1::text, $2::bigint - 1 + cardinality($5::text[]), as_of, v
    from (
        -- The newer of the two views.
        select v, as_of
        from (
            select $6::text::jsonb as v, $7::timestamptz as as_of
            union all select view, as_of from escalations where id = $1
        ) as views
        order by as_of desc, (v ->> 'last_seq')::bigint desc
        limit 1
    ) as newest
    where $2 = 1 or exists (select from escalations where id = $1)
    on conflict (id) do update set
        (recorded, as_of, view) = (excluded.recorded, excluded.as_of, excluded.view)
    where stored.recorded = $2 - 1 and stored.as_of <= $7
    returning id
), happened as (
    insert into timeline (escalation, seq, at, kind, data, as_of)
    select written.id, $2 - 1 + event.number, event.at, event.kind, event.data::jsonb, $7
    from written, unnest($3::timestamptz[], $4::text[], $5::text[]) with ordinality
        as event (at, kind, data, number)
    returning escalation, seq, at, kind, data
), learned as (
    insert into reviews (escalation, seq, at, by, root_cause, prevention)
    select escalation, seq, at, data ->> 'by', data ->> 'root_cause', data ->> 'prevention'
    from happened
    where kind = 'reviewed'
), behind as (
    -- The help desk's ticket, where there is one, does not show this yet.
    update desk_tickets set changed = changed + 1, handed_at = null
    where ticket = ($6::text::jsonb ->> 'ticket') and exists (select from written)
)
select id from written;

-- name: lock
-- The number of the last recorded event, and when the newest batch was handed over. Holds the escalation until the
-- transaction ends. $1 escalation.
select recorded, as_of from escalations where id = $1 for update;

-- name: set_aside
-- Keep a copy of the events from one number on; only then may they go. $1 escalation, $2 that number, $3 instant.
insert into timeline_superseded (escalation, seq, at, kind, data, as_of, superseded_at)
select escalation, seq, at, kind, data, as_of, $3 from timeline where escalation = $1 and seq >= $2;

-- name: unlearn
-- What these events taught never became true. $1 escalation, $2 number of the first.
delete from reviews where escalation = $1 and seq >= $2;

-- name: take_away
-- The record ends before this event again. $1 escalation, $2 number of the first event that goes.
with gone as (delete from timeline where escalation = $1 and seq >= $2)
update escalations set recorded = $2 - 1 where id = $1;

-- name: events
-- A stretch of the timeline. $1 escalation, $2 first number, $3 last number.
select seq, data, as_of from timeline where escalation = $1 and seq between $2 and $3 order by seq;

-- name: events_of_kinds
-- The events of some kinds. $1 escalation, $2 kinds.
select data from timeline where escalation = $1 and kind = any ($2::text[]) order by seq;

-- name: timeline
-- All that happened to one escalation of a ticket. $1 ticket, $2 number of the escalation, 0 for the latest.
select data
from timeline
where escalation = (
    select id from escalations where ticket = $1 and (life = $2 or $2 = 0) order by life desc limit 1
)
order by seq;

-- name: view
-- The current view. $1 escalation.
select view from escalations where id = $1;

-- name: claim_life
-- The number of an escalation among those of its ticket. $1 ticket, $2 first run id of its workflow, $3 instant.
select claim_life($1, $2, $3);

-- name: customer_history
-- The customer's other escalations, without cancelled ones; those opened before this one where it is recorded already.
-- $1 escalation, or the first run id of its workflow, $2 customer, $3 the earliest opening that counts, null for all.
with this as (select coalesce((select escalation from lives where run = $1), $1) as id)
select count(*) as total,
       count(*) filter (where cycle > 1) as reopened,
       count(*) filter (where jsonb_path_exists(breaches, '$.* ? (@ > 0)')) as breached,
       coalesce((array_agg(id order by opened_at desc, life desc, id desc))[1:10], '{}') as escalations
from escalations
where customer_id = $2
  and id <> (select id from this)
  and stage <> 'cancelled'
  and opened_at >= coalesce($3::timestamptz, '-infinity')
  and opened_at <= coalesce((select opened_at from escalations where id = (select id from this)), 'infinity');
