-- A question that is withdrawn ends the wait for the customer, as their reply does.

-- migrate:up

create or replace view time_in_stage as
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
               when 'withdrawn' then 'working'
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
    where kind not in ('customer_replied', 'withdrawn') or kind_before = 'information_requested'
), entries as (
    select * from stages where stage_before is distinct from stage
)
select escalation, stage, at as entered_at, lead(at) over one as left_at,
       extract(epoch from lead(at) over one - at) as seconds
from entries
window one as (partition by escalation order by seq);

-- migrate:down

create or replace view time_in_stage as
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
