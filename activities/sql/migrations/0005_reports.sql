-- Views that answer what people ask of the record.

-- migrate:up

-- Every broken promise, with what helps to find its cause.
create view breaches as
select t.escalation, t.seq, t.at,
       t.data ->> 'clock' as clock,
       (t.data ->> 'cycle')::integer as cycle,
       t.data ->> 'threshold' as threshold,
       (t.data ->> 'due')::timestamptz as due,
       (t.data ->> 'late')::boolean as late,
       e.severity, e.category, e.reasons, e.policy_name, e.policy_version
from timeline t
join escalations e on e.id = t.escalation
where t.kind = 'threshold_reached' and (t.data ->> 'breach')::boolean;

-- Broken promises by clock and by why the ticket was escalated. An escalation with two reasons counts under both.
create view breaches_by_cause as
select b.clock, reason, b.category, b.severity, count(*) as breaches, count(distinct b.escalation) as escalations
from breaches b
cross join unnest(b.reasons) as reason
group by b.clock, reason, b.category, b.severity;

-- What was promised to the customer with a time, and what became of it, per escalation.
create view promises as
select escalation,
       count(*) filter (where kind = 'promised') as made,
       count(*) filter (where kind = 'promise_kept') as kept,
       count(*) filter (where kind = 'promise_lapsed') as broken
from timeline
where kind in ('promised', 'promise_kept', 'promise_lapsed')
group by escalation;

-- How many resolved escalations came back, by category.
create view reopen_rate as
select category, count(*) as resolved, count(*) filter (where cycle > 1) as reopened,
       round(count(*) filter (where cycle > 1)::numeric / count(*), 4) as rate
from escalations
where resolved_at is not null or cycle > 1
group by category;

-- When each escalation entered and left its stages, in time that passed on the wall. `left_at` is null for the
-- stage it is in. A customer's reply ends a wait for it and changes no other stage.
create view time_in_stage as
with moves as (
    select t.escalation, t.seq, t.at, t.kind,
           case t.kind
               when 'opened' then 'unassigned'
               when 'owner_sought' then 'unassigned'
               when 'offered' then 'offered'
               when 'acknowledged' then 'working'
               when 'overseer_held' then 'working'
               when 'information_requested' then 'waiting_on_customer'
               when 'customer_replied' then 'working'
               when 'resolved' then 'resolved'
               when 'reopened' then 'unassigned'
               when 'closed' then 'closed'
               when 'cancelled' then 'cancelled'
           end as stage
    from timeline t
), steps as (
    select *, lag(kind) over (partition by escalation order by seq) as kind_before
    from moves
    where stage is not null
), stages as (
    select *, lag(stage) over (partition by escalation order by seq) as stage_before
    from steps
    where kind <> 'customer_replied' or kind_before = 'information_requested'
), entries as (
    select * from stages where stage_before is distinct from stage
)
select escalation, stage, at as entered_at, lead(at) over one as left_at,
       extract(epoch from lead(at) over one - at) as seconds
from entries
window one as (partition by escalation order by seq);

-- How much was sent for each escalation, and how much effort it took.
create view messages_per_escalation as
select escalation,
       count(*) filter (where status = 'sent' and recipient = 'customer') as to_customer,
       count(*) filter (where status = 'sent' and recipient <> 'customer') as to_team,
       count(*) filter (where status = 'failed') as failed,
       sum(attempts) as attempts,
       sum(possibly_repeated) as possibly_repeated
from deliveries
group by escalation;

-- migrate:down

drop view messages_per_escalation;
drop view time_in_stage;
drop view reopen_rate;
drop view promises;
drop view breaches_by_cause;
drop view breaches;
