-- Queries of the tickets that are kept in step: `desk_tickets`.

-- name: link
-- $1 ticket, $2 source, $3 the help desk's ticket, $4 instant. A link that is there stays.
insert into desk_tickets (ticket, source, desk_ticket, linked_at) values ($1, $2, $3, $4) on conflict do nothing;

-- name: resume
-- Write to a ticket again that was given up. $1 ticket.
update desk_tickets set lost_at = null, error = '', changed = changed + 1, handed_at = null
where ticket = $1 and lost_at is not null;

-- name: claim
-- Tickets that are behind, of which Temporal was not notified lately; this caller is to notify it.
-- $1 instant, $2 notified before that does not count, $3 at most.
with behind as (
    select ticket from desk_tickets
    where changed > done and lost_at is null and (handed_at is null or handed_at < $2)
    order by handed_at nulls first, ticket
    limit $3
    for update skip locked
)
update desk_tickets set handed_at = $1 from behind where desk_tickets.ticket = behind.ticket
returning desk_tickets.source, desk_tickets.ticket;

-- name: notified
-- Temporal was notified of these. $1 tickets, $2 the instant they were claimed at, $3 instant.
update desk_tickets set handed_at = $3 where ticket = any ($1::text[]) and handed_at = $2;

-- name: release
-- Temporal could not be notified of these. $1 tickets, $2 the instant they were claimed at.
update desk_tickets set handed_at = null where ticket = any ($1::text[]) and handed_at = $2;

-- name: link_of
-- $1 ticket.
select * from desk_tickets where ticket = $1;

-- name: newest
-- The newest escalation of a ticket. $1 ticket.
select id, recorded, view from escalations where ticket = $1 order by life desc limit 1;

-- name: since
-- Events after one number. $1 escalation, $2 number, $3 at most.
select seq, data from timeline where escalation = $1 and seq > $2 order by seq limit $3;

-- name: plan
-- The note that is written next. $1 ticket, $2 escalation, $3 the last event it covers, $4 the note.
update desk_tickets set escalation = $2, planned = $3, note = $4 where ticket = $1;

-- name: in_step
-- The help desk took it. $1 ticket, $2 the count it reflects, $3 instant.
update desk_tickets
set done = greatest(done, $2), noted = coalesce(planned, noted), planned = null, note = '', in_step_at = $3, error = '',
    handed_at = null
where ticket = $1;

-- name: failed
-- $1 ticket, $2 what the attempt said.
update desk_tickets set error = $2 where ticket = $1;

-- name: lost
-- $1 ticket, $2 why, $3 instant.
update desk_tickets set lost_at = $3, error = $2, planned = null, note = '' where ticket = $1 and lost_at is null;

-- name: list
-- Tickets that were given up, or are behind since before an instant. $1 instant, $2 at most.
select * from desk_tickets
where lost_at is not null or (changed > done and coalesce(in_step_at, linked_at) < $1)
order by linked_at desc
limit $2;
