-- Queries of the inbox: `deliveries_in`.

-- name: store
-- New events of one request; those that are known already count one more repeat.
-- $1 source, $2 hash of the body, $3 instant, $4 request, then one array each: $5 key, $6 ticket, $7 kind, $8 fact, $9 at,
-- $10 state, $11 reason, $12 event. The request is kept with the first of them.
insert into deliveries_in as known (
    source, hash, received_at, tried_since, request, key, ticket, kind, fact, at, state, reason, event, also, settled_at
)
select
    $1, $2, $3, $3, case when part.number = 1 then $4::jsonb end,
    part.key, part.ticket, part.kind, part.fact, part.at, part.state, part.reason, part.event,
    coalesce(part.event ->> 'also', ''),
    case when part.state <> 'stored' then $3::timestamptz end
from unnest(
    $5::text[], $6::text[], $7::text[], $8::text[], $9::timestamptz[], $10::text[], $11::text[], $12::jsonb[]
) with ordinality as part (key, ticket, kind, fact, at, state, reason, event, number)
on conflict (source, key) do update set repeats = known.repeats + 1
returning repeats = 0 as is_new, state;

-- name: same_body
-- Events whose body had this hash, the latest last. $1 source, $2 hash.
select key, received_at from deliveries_in where source = $1 and hash = $2 order by received_at, id;

-- name: claim
-- Tickets with events of which Temporal was not notified, or not lately; this caller is to notify it.
-- $1 instant, $2 notified before that does not count, $3 at most.
with waiting as (
    select id, source, ticket from deliveries_in
    where state = 'stored' and (handed_at is null or handed_at < $2)
    order by handed_at nulls first, id
    limit $3
    for update skip locked
), claimed as (
    update deliveries_in set handed_at = $1 from waiting where deliveries_in.id = waiting.id
)
select distinct source, ticket from waiting;

-- name: notified
-- Temporal was notified of these. $1 sources, $2 tickets, $3 the instant they were claimed at, $4 instant.
update deliveries_in set handed_at = $4
from unnest($1::text[], $2::text[]) as pair (source, ticket)
where
    deliveries_in.source = pair.source and deliveries_in.ticket = pair.ticket
    and state = 'stored' and handed_at = $3;

-- name: release
-- Temporal could not be notified of these. $1 sources, $2 tickets, $3 the instant they were claimed at.
update deliveries_in set handed_at = null
from unnest($1::text[], $2::text[]) as pair (source, ticket)
where
    deliveries_in.source = pair.source and deliveries_in.ticket = pair.ticket
    and state = 'stored' and handed_at = $3;

-- name: waiting
-- What is to be applied to a ticket, by the sender's time where it is known. $1 source, $2 ticket, $3 at most.
select * from deliveries_in
where source = $1 and ticket = $2 and state = 'stored'
order by coalesce(at, received_at), id
limit $3;

-- name: newest
-- For each fact of a ticket, the sender's time of the newest event that was looked at. $1 source, $2 ticket.
select fact, max(at) as at from deliveries_in
where source = $1 and ticket = $2 and state in ('applied', 'ignored') and fact <> '' and at is not null
group by fact;

-- name: also_known_as
-- Tickets that had this other id, the latest first. $1 source, $2 the id.
select ticket from deliveries_in
where source = $1 and also = $2 and also <> '' and ticket <> ''
group by ticket
order by max(id) desc
limit 10;

-- name: priority_before
-- The priority that the ticket had when a body showed it last, or null. Those that say something else of the ticket have
-- the priority of that moment beside it, which may be the very change that another event of the same moment brings.
-- $1 source, $2 ticket, $3 instant of the request, $4 hash of its body.
select event ->> 'priority'
from deliveries_in
where source = $1 and ticket = $2 and kind in ('priority', 'opened', 'tagged') and state in ('applied', 'ignored')
  and event ->> 'priority' <> '' and not (received_at = $3 and hash = $4)
order by coalesce(at, received_at) desc, id desc
limit 1;

-- name: applied_since
-- How many events of a ticket became commands. $1 source, $2 ticket, $3 since.
select count(*) from deliveries_in
where source = $1 and ticket = $2 and settled_at >= $3 and state = 'applied' and commands > 0;

-- name: settle
-- $1 id, $2 state, $3 reason, $4 the commands it became, $5 instant.
update deliveries_in
set state = $2, reason = $3, commands = cardinality($4::text[]), became = $4, settled_at = $5, error = '', attempts = attempts + 1,
    planned = null
where id = $1 and state = 'stored';

-- name: begin
-- $1 id, $2 what is sent to its case, or null where that is to be found again.
update deliveries_in set planned = $2 where id = $1 and state = 'stored';

-- name: postpone
-- $1 id, $2 what the attempt said.
update deliveries_in set error = $2, attempts = attempts + 1 where id = $1 and state = 'stored';

-- name: list
-- The latest first. $1 source or null, $2 ticket or null, $3 states or null, $4 at most.
select * from deliveries_in
where ($1::text is null or source = $1) and ($2::text is null or ticket = $2) and ($3::text[] is null or state = any($3))
order by id desc
limit $4;

-- name: counts
-- How many there are of each source, by state.
select source, state, count(*) as number, max(received_at) as latest from deliveries_in group by source, state;

-- name: entry
-- $1 id.
select * from deliveries_in where id = $1;

-- name: retry
-- A dead or dropped event is to be applied again, for another day. $1 id, $2 instant.
update deliveries_in
set state = 'stored', reason = '', handed_at = null, settled_at = null, tried_since = $2
where id = $1 and state in ('dead', 'dropped') and event is not null
returning id;

-- name: correct
-- What is read of a dead or dropped event now. $1 id, $2 ticket, $3 kind, $4 fact, $5 at, $6 event.
update deliveries_in
set ticket = $2, kind = $3, fact = $4, at = $5, event = $6, also = coalesce($6::jsonb ->> 'also', '')
where id = $1 and state in ('dead', 'dropped');

-- name: drop
-- An event that no one wants to apply any more. $1 id, $2 instant, $3 reason.
update deliveries_in set state = 'dropped', settled_at = $2, reason = $3
where id = $1 and state in ('stored', 'dead')
returning id;

-- name: forget
-- The texts of old events; key and hash stay forever. $1 received before.
update deliveries_in set event = null, request = null
where id in (
    select id from deliveries_in
    where received_at < $1 and state <> 'stored' and (request is not null or event is not null)
    order by received_at
    limit 1000
);
