-- Pages of lists: each begins after the last row of the page before, and is read from an index.

-- name: cases
-- Escalations, the one opened last first. $1 also closed and cancelled ones, $2 stage, $3 severity, $4 category, $5 owner,
-- $6 whether a promise was broken, $7 customer id, $8 patterns of tickets; each is null where it does not matter.
-- $9 and $10 opening and id of the last row of the page before, null for the first page. $11 how many.
select id as escalation, ticket, life, summary, customer_id as customer, stage, severity, category, owner, offered_to, tier,
    breaches <> '{}' as breached, opened_at, next_due, next_due_clock
from escalations
where ($1::boolean or stage not in ('closed', 'cancelled'))
  and ($2::text is null or stage = $2)
  and ($3::text is null or severity = $3)
  and ($4::text is null or category = $4)
  and ($5::text is null or owner = $5)
  and ($6::boolean is null or (breaches <> '{}') = $6)
  and ($7::text is null or customer_id = $7)
  and ($8::text[] is null or ticket like any ($8))
  and ($9::timestamptz is null or (opened_at, id) < ($9, $10::text))
order by opened_at desc, id desc
limit $11;

-- name: history
-- Events of a ticket, in order. $1 ticket, $2 number of one of its escalations, 0 for all. $3 and $4 number of the escalation
-- and of the last event of the page before, 0 for the first page. $5 how many.
select timeline.escalation, escalations.life, timeline.seq, timeline.data
from escalations
join timeline on timeline.escalation = escalations.id
where escalations.ticket = $1 and $2::integer in (0, escalations.life)
  and (escalations.life, timeline.seq) > ($3::integer, $4::bigint)
order by escalations.life, timeline.seq
limit $5;

-- name: incidents
-- Incidents, the one opened last first. $1 stage, or null. $2 and $3 opening and name of the last row of the page before, null
-- for the first page. $4 how many.
select name, title, stage, opened_at, resolved_at, linked, bulletins
from incidents
where ($1::text is null or stage = $1)
  and ($2::timestamptz is null or (opened_at, name) < ($2, $3::text))
order by opened_at desc, name desc
limit $4;

-- name: policies
-- The newest version of each policy. $1 name of the last row of the page before, empty for the first page. $2 how many.
select distinct on (name) name, version, checksum, stored_at
from policies
where name > $1
order by name, stored_at desc, version desc
limit $2;

-- name: one_plan_each
-- With the values in it a plan can use the index that fits them; one for all values cannot.
set local plan_cache_mode = force_custom_plan;
