-- The columns of `escalations` that repeat its view are derived from it: a new one is one line of a migration.

-- migrate:up

-- Immutable, although a cast to an instant is not: every instant in a view is written with its offset.
create function instant_in(text) returns timestamptz language sql immutable strict parallel safe
    as $$ select $1::timestamptz $$;
create function texts_in(jsonb) returns text[] language sql immutable strict parallel safe
    as $$ select array(select jsonb_array_elements_text($1)) $$;

-- They depend on the columns, and come back below.
drop view breaches_by_cause;
drop view breaches;
drop view reopen_rate;

alter table escalations
    drop column last_seq, drop column ticket, drop column summary, drop column customer_id,
    drop column customer_tier, drop column contact, drop column severity, drop column category,
    drop column reasons, drop column frustration, drop column our_fault, drop column stage,
    drop column tier, drop column owner, drop column offered_to, drop column overseer,
    drop column policy_name, drop column policy_version, drop column policy_checksum,
    drop column opened_at, drop column cycle, drop column next_due, drop column next_due_clock,
    drop column next_due_threshold, drop column breaches, drop column messages, drop column outcome,
    drop column resolved_at, drop column closed_at, drop column score, drop column life;

alter table escalations
    add column last_seq bigint not null generated always as ((view ->> 'last_seq')::bigint) stored,
    add column ticket text not null generated always as (view ->> 'ticket') stored,
    add column summary text not null generated always as (view ->> 'summary') stored,
    add column customer_id text not null generated always as (view #>> '{customer,id}') stored,
    add column customer_tier text not null generated always as (view #>> '{customer,tier}') stored,
    add column contact text not null generated always as (view ->> 'contact') stored,
    add column severity text not null generated always as (view ->> 'severity') stored,
    add column category text not null generated always as (view ->> 'category') stored,
    add column reasons text[] not null generated always as (texts_in(view -> 'reasons')) stored,
    add column frustration smallint not null generated always as ((view ->> 'frustration')::smallint) stored,
    add column our_fault boolean not null generated always as ((view ->> 'our_fault')::boolean) stored,
    add column stage text not null generated always as (view ->> 'stage') stored,
    add column tier smallint not null generated always as ((view ->> 'tier')::smallint) stored,
    add column owner text not null generated always as (view ->> 'owner') stored,
    add column offered_to text not null generated always as (view ->> 'offered_to') stored,
    add column overseer text not null generated always as (view ->> 'overseer') stored,
    add column policy_name text not null generated always as (view #>> '{policy,name}') stored,
    add column policy_version integer not null generated always as ((view #>> '{policy,version}')::integer) stored,
    add column policy_checksum text not null generated always as (view #>> '{policy,checksum}') stored,
    add column opened_at timestamptz not null generated always as (instant_in(view ->> 'opened_at')) stored,
    add column cycle integer not null generated always as ((view ->> 'cycle')::integer) stored,
    add column next_due timestamptz generated always as (instant_in(view ->> 'next_due')) stored,
    add column next_due_clock text generated always as (view ->> 'next_due_clock') stored,
    add column next_due_threshold text not null generated always as (view ->> 'next_due_threshold') stored,
    add column breaches jsonb not null generated always as (view -> 'breaches') stored,
    add column messages integer not null generated always as ((view ->> 'messages')::integer) stored,
    add column outcome text generated always as (view ->> 'outcome') stored,
    add column resolved_at timestamptz generated always as (instant_in(view ->> 'resolved_at')) stored,
    add column closed_at timestamptz generated always as (instant_in(view ->> 'closed_at')) stored,
    add column score smallint generated always as ((view ->> 'score')::smallint) stored,
    add column life integer not null generated always as (coalesce((view ->> 'life')::integer, 1)) stored;

create index escalations_open_by_next_due on escalations (next_due, id) where stage not in ('closed', 'cancelled');
create index escalations_by_customer on escalations (customer_id, opened_at desc);
create index escalations_by_ticket on escalations (ticket, life);

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

create view breaches_by_cause as
select b.clock, reason, b.category, b.severity, count(*) as breaches, count(distinct b.escalation) as escalations
from breaches b
cross join unnest(b.reasons) as reason
group by b.clock, reason, b.category, b.severity;

create view reopen_rate as
select category, count(*) as resolved, count(*) filter (where cycle > 1) as reopened,
       round(count(*) filter (where cycle > 1)::numeric / count(*), 4) as rate
from escalations
where resolved_at is not null or cycle > 1
group by category;

-- migrate:down

-- The columns stay as they are, and are written by hand again.
alter table escalations
    alter column last_seq drop expression, alter column ticket drop expression,
    alter column summary drop expression, alter column customer_id drop expression,
    alter column customer_tier drop expression, alter column contact drop expression,
    alter column severity drop expression, alter column category drop expression,
    alter column reasons drop expression, alter column frustration drop expression,
    alter column our_fault drop expression, alter column stage drop expression,
    alter column tier drop expression, alter column owner drop expression,
    alter column offered_to drop expression, alter column overseer drop expression,
    alter column policy_name drop expression, alter column policy_version drop expression,
    alter column policy_checksum drop expression, alter column opened_at drop expression,
    alter column cycle drop expression, alter column next_due drop expression,
    alter column next_due_clock drop expression, alter column next_due_threshold drop expression,
    alter column breaches drop expression, alter column messages drop expression,
    alter column outcome drop expression, alter column resolved_at drop expression,
    alter column closed_at drop expression, alter column score drop expression,
    alter column life drop expression, alter column life set default 1;
drop function texts_in(jsonb);
drop function instant_in(text);
