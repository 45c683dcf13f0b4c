-- The board of a team's lead; queries only read. $1 to $5 of each are those of the function `chosen_cases`.

-- name: at_risk
-- Open cases, the next broken promise first. $6 how many.
select id as escalation, ticket, life, summary, severity, category, customer_tier, stage, tier, owner, offered_to, next_breach,
    next_breach_clock, (select coalesce(sum(number::integer), 0) from jsonb_each_text(breaches) as each (clock, number)) as broken
from chosen_cases($1, $2, $3, $4, $5)
where stage not in ('closed', 'cancelled')
order by next_breach nulls last, id
limit $6;

-- name: tiers
-- How much each tier has. $6 now, $7 until when a broken promise is near.
select tier, count(*) as cases, count(*) filter (where owner = '' and stage <> 'resolved') as unowned,
    count(*) filter (where next_breach < $7) as near, count(*) filter (where next_breach < $6) as late,
    count(*) filter (where breaches <> '{}') as broken
from chosen_cases($1, $2, $3, $4, $5)
where stage not in ('closed', 'cancelled')
group by tier
order by tier;

-- name: people
-- How much each person has, the fullest first. `room` is how many more they may get. $6 now, $7 until when a broken promise is
-- near, $8 how many.
with theirs as (
    select coalesce(nullif(owner, ''), offered_to) as person, count(*) filter (where owner <> '') as owned,
        count(*) filter (where owner = '') as offered, count(*) filter (where next_breach < $7) as near,
        count(*) filter (where breaches <> '{}') as broken
    from chosen_cases($1, $2, $3, $4, $5)
    where stage not in ('closed', 'cancelled', 'resolved')
    group by 1
)
select coalesce(people.id, theirs.person) as person, coalesce(people.name, '') as name,
    coalesce(theirs.owned, 0) as owned, coalesce(theirs.offered, 0) as offered, coalesce(theirs.near, 0) as near,
    coalesce(theirs.broken, 0) as broken,
    case when people.active then greatest(people.max_open - load.open, 0) end as room,
    people.active and exists (
        select from unnest(people.tiers) as tier where works(people.id, $6::timestamptz, tier)
    ) as on_shift
from theirs
full join people on people.id = theirs.person
left join load on load.person = people.id
where coalesce(theirs.person, '') <> '' or (people.active and $4 is null)
order by coalesce(theirs.owned, 0) + coalesce(theirs.offered, 0) desc, 1
limit $8;

-- name: skips
-- Tiers that no one was available in, the latest first. $6 since when, $7 how many.
select escalations.ticket, escalations.summary, skipped.at, (skipped.data ->> 'tier')::integer as skipped, escalations.stage,
    escalations.owner
from timeline skipped
join chosen_cases($1, $2, $3, $4, $5) as escalations on escalations.id = skipped.escalation
where skipped.kind = 'tier_skipped' and skipped.at >= $6
order by skipped.at desc, escalations.id, skipped.seq
limit $7;

-- name: undelivered
-- Messages that reached no one, the latest first. $6 since when, $7 how many.
select escalations.ticket, escalations.summary, failed.at, failed.data ->> 'to' as recipient, failed.data ->> 'error' as error,
    escalations.stage, escalations.owner
from timeline failed
join chosen_cases($1, $2, $3, $4, $5) as escalations on escalations.id = failed.escalation
where failed.kind = 'delivery_failed' and failed.at >= $6
order by failed.at desc, escalations.id, failed.seq
limit $7;

-- name: stuck
-- Open cases in which something was due and did not happen, or for which nothing is due at all. $6 instant: what was due later
-- may still be on its way. $7 how many.
select ticket, summary, stage, owner, next_due, next_due_clock, as_of
from chosen_cases($1, $2, $3, $4, $5)
where stage not in ('closed', 'cancelled')
  and (next_due < $6 or next_due is null and as_of < $6)
order by next_due nulls last, id
limit $7;

-- name: trend
-- Weeks from Monday in UTC, the earliest first. $6 the first Monday, $7 now.
with weeks as (
    select generate_series($6::timestamptz, $7::timestamptz, interval '7 days') as week
), happened as (
    select date_trunc('week', event.at, 'UTC') as week, event.kind, event.data
    from timeline event
    join chosen_cases($1, $2, $3, $4, $5) as escalations on escalations.id = event.escalation
    where event.at >= $6
      and event.kind in ('opened', 'threshold_reached', 'promise_kept', 'promise_lapsed')
      -- What a solution was said to keep is not kept where the case was reopened.
      and not (event.kind = 'promise_kept' and exists (
          select from timeline again
          where again.escalation = event.escalation and again.kind = 'reopened' and again.seq > event.seq
              and again.data ->> 'disputed' = event.data ->> 'what'
      ))
)
select weeks.week::date as week, count(*) filter (where kind = 'opened') as opened,
    count(*) filter (where kind = 'threshold_reached' and (data ->> 'breach')::boolean) as broken,
    count(*) filter (where kind = 'promise_kept') as kept, count(*) filter (where kind = 'promise_lapsed') as lapsed
from weeks
left join happened on happened.week = weeks.week
group by weeks.week
order by weeks.week;

-- name: choices
-- What the open cases can be chosen by, whatever is chosen now.
select array_agg(distinct owner) filter (where owner <> '') as owners,
    array_agg(distinct customer_tier) filter (where customer_tier <> '') as customer_tiers, array_agg(distinct tier) as tiers
from escalations
where stage not in ('closed', 'cancelled');

-- name: one_plan_each
-- With the values in it a plan leaves out what does not matter; one for all values cannot.
set local plan_cache_mode = force_custom_plan;
