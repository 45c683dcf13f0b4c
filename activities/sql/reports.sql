-- Queries of reports and of the audit. They only read.

-- name: timeline
-- $1 escalation.
select seq, data from timeline where escalation = $1 order by seq;

-- name: lives
-- The escalations of a ticket, in order. $1 ticket, $2 number of one of them, 0 for all.
select id, life, stage from escalations where ticket = $1 and $2::integer in (0, life) order by life;

-- name: by_stage
select stage as name, count(*) as number from escalations group by stage order by stage;

-- name: by_outcome
select outcome as name, count(*) as number from escalations where outcome is not null group by outcome order by outcome;

-- name: sent_by_kind
select kind as name, count(*) as number from deliveries where status = 'sent' group by kind order by kind;

-- name: breaches_by_clock
select clock as name, count(*) as number from breaches group by clock order by clock;

-- name: totals
-- Totals over all escalations.
select (select count(*) from timeline where kind = 'climbed') as climbs,
       (select count(*) from timeline where kind = 'reopened') as reopenings,
       (select count(*) from escalations where cycle > 1) as reopened,
       (select coalesce(sum(kept), 0)::bigint from promises) as promises_kept,
       (select coalesce(sum(broken), 0)::bigint from promises) as promises_broken,
       (select coalesce(sum(replaced), 0)::bigint from promises) as promises_replaced,
       (select coalesce(sum(withdrawn), 0)::bigint from promises) as promises_withdrawn,
       (select coalesce(sum(dropped), 0)::bigint from promises) as promises_dropped,
       (select coalesce(sum(disputed), 0)::bigint from promises) as promises_disputed,
       (select count(*) from deliveries where possibly_repeated > 0) as possibly_repeated,
       (select count(*) from deliveries where status = 'failed')
       -- Those that never reached a channel, such as one to a person who is not in the directory.
       + (select count(distinct (failed.escalation, failed.data ->> 'key'))
          from timeline failed
          where failed.kind = 'delivery_failed'
            and not exists (
                select from deliveries d where d.escalation = failed.escalation and d.key = failed.data ->> 'key'
            )) as undelivered,
       (select count(*) from timeline_superseded) as superseded;

-- name: cases
-- What happens next comes first. $1 only open ones, $2 how many.
select id, view
from escalations
where not $1::boolean or stage not in ('closed', 'cancelled')
order by next_due nulls last, id
limit $2;

-- name: audit_gaps
-- Events whose predecessor is missing.
select escalation, 'event ' || (before + 1)::text || ' is missing; the next one is ' || seq::text as detail
from (
    select escalation, seq, lag(seq, 1, 0::bigint) over (partition by escalation order by seq) as before from timeline
) as stretch
where seq <> before + 1
order by escalation, seq;

-- name: audit_queued
-- Messages that were queued, never reported as failed, and are unknown to the ledger; not those that wait for quiet hours to
-- end, or went out within another one.
-- $1 instant: later ones may still be on their way.
select queued.escalation, queued.data ->> 'key' as detail
from timeline queued
where queued.kind = 'message_queued'
  and queued.at < $1
  and not exists (
      select from deliveries d where d.escalation = queued.escalation and d.key = queued.data ->> 'key'
  )
  and not exists (
      select from timeline failed
      where failed.escalation = queued.escalation and failed.kind = 'delivery_failed'
        and failed.data ->> 'key' = queued.data ->> 'key'
  )
  and not exists (
      select from timeline waited
      where waited.escalation = queued.escalation
        and (
            (
                waited.kind = 'message_held' and waited.data ->> 'key' = queued.data ->> 'key'
                and (waited.data ->> 'until')::timestamptz >= $1
            )
            or (
                waited.kind = 'messages_released' and waited.data -> 'keys' ? (queued.data ->> 'key')
                and waited.data ->> 'key' <> queued.data ->> 'key'
            )
        )
  )
order by queued.escalation, queued.seq;

-- name: audit_asleep
-- Open escalations without an armed clock.
select id as escalation, 'open (' || stage || ') and no clock is armed' as detail
from escalations
where stage not in ('closed', 'cancelled') and next_due is null
order by id;

-- name: audit_views
-- Views that do not reflect exactly what the timeline holds.
select e.id as escalation,
       'the view reflects event ' || e.last_seq::text || ', the timeline ends with ' || coalesce(ends.seq, 0)::text
           as detail
from escalations e
left join lateral (select max(seq) as seq from timeline where escalation = e.id) as ends on true
where e.last_seq <> coalesce(ends.seq, 0)
order by e.id;

-- name: audit_bookings
-- People still booked for escalations that have ended.
select a.escalation, a.person || ' is still booked by offer ' || a.offer::text as detail
from assignments a
join escalations e on e.id = a.escalation
where a.released_at is null and e.stage in ('closed', 'cancelled')
order by a.escalation;

-- name: audit_overseers
-- People who are not active in the roster, and whom policies in force or open cases have as overseer.
with newest as (
    select distinct on (name) name, compiled from policies order by name, stored_at desc, version desc
), named as (
    select compiled #>> '{ladder,overseer}' as person, 'policy ' || name as place, null as escalation from newest
    union all
    select view ->> 'overseer', null, id from escalations where stage not in ('closed', 'cancelled')
)
select '' as escalation,
       people.id || ' is not active in the roster, and is the overseer of '
           || coalesce(string_agg(distinct named.place, ', '), 'no policy in force') || ' and '
           || count(distinct named.escalation)::text || ' open cases' as detail
from named
join people on people.id = named.person
where not people.active
group by people.id
order by people.id;

-- name: audit_deliveries
-- Messages in the ledger that no event queued. $1 instant: later ones may be ahead of a slow reader.
select d.escalation, d.key || ' went out by ' || d.channel || ' (' || d.status || '), and no event queued it' as detail
from deliveries d
where d.first_at < $1
  and not exists (
      select from timeline queued
      where queued.escalation = d.escalation and queued.kind = 'message_queued' and queued.data ->> 'key' = d.key
  )
  -- Sent before an operator reset the workflow to an earlier point.
  and not exists (
      select from timeline_superseded queued
      where queued.escalation = d.escalation and queued.kind = 'message_queued' and queued.data ->> 'key' = d.key
  )
order by d.escalation, d.key;

-- name: audit_stray_bookings
-- People booked for an escalation that the record does not know. $1 instant.
select a.escalation, a.person || ' is booked by offer ' || a.offer::text || ', and the record knows no such escalation'
           as detail
from assignments a
where a.released_at is null and a.taken_at < $1
  and not exists (select from escalations e where e.id = a.escalation)
order by a.escalation;

-- name: standing
-- A page of the record's view of each escalation, for a comparison. $1 the last id of the previous page, $2 how many.
select id, stage, last_seq, as_of, view from escalations where id > $1 order by id limit $2;

-- name: timelines
-- $1 escalations.
select escalation, seq, data from timeline where escalation = any($1::text[]) order by escalation, seq;

-- name: booked
-- Who is booked for these. $1 escalations.
select escalation, offer, person, taken_at from assignments where released_at is null and escalation = any($1::text[]);

-- name: audit_unrecorded
-- Escalations that have a number and no event. $1 instant: later ones may still be on their way.
select l.escalation, 'it was opened at ' || to_char(l.claimed_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI')
       || ' UTC, and nothing of it is recorded; see whether its workflow runs' as detail
from lives l
where l.claimed_at < $1 and not exists (select from escalations e where e.id = l.escalation)
order by l.escalation;

-- name: audit_policies
-- Policies that should have been looked through again: the newest of each name, and older ones that open cases follow.
-- $1 today.
select '' as escalation,
       'the review of policy ' || p.name || ' version ' || p.version::text || ' was due on ' || p.review_by::text || '; '
           || case count(e.id)
               when 0 then 'no open case follows it'
               when 1 then '1 open case follows it: '
               else count(e.id)::text || ' open cases follow it: '
           end
           || coalesce(array_to_string((array_agg(e.ticket order by e.opened_at))[1:10], ', '), '')
           || case when count(e.id) > 10 then ', ...' else '' end as detail
from policies p
left join escalations e
    on e.policy_name = p.name and e.policy_version = p.version and e.stage not in ('closed', 'cancelled')
where p.review_by < $1::date
group by p.name, p.version
having count(e.id) > 0 or not exists (
    select from policies later where later.name = p.name and (later.stored_at, later.version) > (p.stored_at, p.version)
)
order by p.name, p.version;

-- name: audit_webhooks
-- Events of help desks and chats that are dead, or wait for long. $1 instant: later ones may still be on their way.
select coalesce('escalation-' || nullif(ticket, ''), '') as escalation,
       'event ' || id::text || ' of ' || source
       || case when state = 'dead' then ' is dead: ' || reason else ' waits: ' || coalesce(nullif(error, ''), 'no worker took it') end
       || '; see `escalations webhooks show ' || id::text || '`' as detail
from deliveries_in
where state = 'dead' or (state = 'stored' and received_at < $1)
order by id
limit 100;

-- name: audit_desks
-- Tickets of help desks that were given up, or are behind since before an instant. $1 instant.
select 'escalation-' || ticket as escalation,
       desk_ticket || ' of ' || source
       || case when lost_at is not null then ' was given up: ' else ' is behind: ' end
       || coalesce(nullif(error, ''), 'no worker took it')
       || case when lost_at is not null then '; `escalations desk resume ' || ticket || '` writes to it again' else '' end as detail
from desk_tickets
where lost_at is not null or (changed > done and coalesce(in_step_at, linked_at) < $1)
order by ticket
limit 100;
