-- Queries of the team: `people`, `shifts`, `assignments`.

-- name: assign
-- Book the best person for an offer, or repeat the earlier answer; one statement, one transaction.
--   An existing offer returns its person; one released before it was booked returns no one.
--   An offer older than the escalation's newest one books no one.
--   A named person is booked if active and on shift. Otherwise the best one: on shift at the tier, with the category's
--   skill and all other required skills, the authority, room below their limit, not tried; those who speak the customer's
--   language first, then fewest open cases, then idle longest, then by id.
--   Earlier bookings of the escalation are released first.
-- $1 escalation, $2 offer, $3 instant, $4 person or empty, $5 tier, $6 skills, $7 authority, $8 tried, $9 language.
-- The rule is the function of migration 0006_roster.sql; simulation/staffing.py has it again for simulations.
select book($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: release
-- Release a booking. If there is none yet, record that its offer has ended. $1 escalation, $2 offer, $3 instant.
insert into assignments as booking (escalation, offer, taken_at, released_at)
values ($1, $2, $3, $3)
on conflict (escalation, offer) do update set released_at = excluded.released_at
where booking.released_at is null;

-- name: approver
-- The person on shift at a tier with enough authority and the fewest open cases. $1 instant, $2 tier,
-- $3 authority, $4 people who must not decide.
select people.id
from people
join load on load.person = people.id
where works(people.id, $1::timestamptz, $2::integer)
  and people.authority >= $3
  and people.id <> all ($4::text[])
order by load.open, people.id
limit 1;

-- name: people
-- $1 their ids.
select id, name, address, language, zone, languages, active, addresses, urgent from people where id = any ($1);

-- name: person_at
-- Who is reached at an address. $1 channel and address, such as `slack:U123`.
select id
from people
where active and ($1 = any (addresses) or $1 = any (urgent) or lower($1) = lower('email:' || address))
order by id
limit 2;

-- name: addresses
-- Of those who get messages.
select id, addresses, urgent from people where active order by id;

-- name: colleagues
-- Everyone, also those who left.
select id, name, active, writes_to_customers from people;

-- name: on_shift_until
-- When a person's shift ends; consecutive shifts without a gap count as one. No row: unknown id. $1 person,
-- $2 instant.
--   Null: it has no end. A past instant: they are not on shift, and their last one ended then.
with mine as (
    select starts, ends, max(ends) over (order by starts, ends rows between unbounded preceding and 1 preceding) as reached
    from shifts
    where person = $1 and ends > $2::timestamptz
), broken as (
    -- The first duty that does not follow on from what comes before it.
    select min(starts) as at from mine where starts > coalesce(reached, $2::timestamptz)
)
select case
    when people.scheduled or exists (select from shifts where person = people.id and roster is null) then coalesce(
        (select max(ends) from mine where starts < coalesce((select at from broken), 'infinity')),
        (select max(ends) from shifts where person = people.id and ends <= $2::timestamptz),
        $2::timestamptz
    )
    else (
        select greatest(min(starts), min($2::timestamptz))
        from absences
        where person = people.id and ends > $2::timestamptz
    )
end as until
from people
where id = $1;

-- name: who
-- Who is on shift at a tier. $1 instant, $2 tier.
--   Without `until` they are available around the clock.
select people.id as person,
       people.name,
       load.open,
       load.most,
       coalesce((
           select array_agg(distinct shift order by shift)
           from shifts
           where person = people.id and starts <= $1 and $1 < ends and tier in (0, $2)
       ), '{}') as shifts,
       (select max(ends) from shifts where person = people.id and starts <= $1 and $1 < ends and tier in (0, $2)) as until
from people
join load on load.person = people.id
where works(people.id, $1::timestamptz, $2::integer)
order by load.open, people.id;

-- name: duties
-- Who is on which shift when. $1 first instant, $2 instant it ends at.
select person, tier, shift, starts as start, ends as "end"
from shifts
where ends > $1 and starts < $2
order by starts, shift, tier, person;

-- name: always_there
-- The people of a tier who are available around the clock.
select id
from people
where active and not scheduled and tiers <> '{}'
  and not exists (select from shifts where person = people.id and roster is null)
order by id;

-- name: team
-- Everyone the directory knows, with the names of their shifts that are to come. $1 instant.
select id, name, address, addresses, urgent, language, zone, skills, tiers, authority, max_open, active,
       languages, scheduled, writes_to_customers,
       coalesce((
           select array_agg(distinct shift order by shift) from shifts where person = people.id and ends > $1::timestamptz
       ), '{}') as shifts
from people
order by id;

-- name: one_booking_at_a_time
-- The lock of `book`: no one is booked for a case while it is decided who may be.
select pg_advisory_xact_lock(x'626f6f6b696e6773'::bigint);

-- name: deactivate_others
-- People who are not listed get no more offers; their names stay in the history. $1 people.
update people set active = false where active and id <> all ($1::text[]);

-- name: cases_without_a_home
-- Open cases of inactive people. No view: the record does not know the case yet.
select a.escalation, a.person, e.view
from assignments a
join people on people.id = a.person
left join escalations e on e.id = a.escalation
where a.released_at is null and not people.active
order by a.person, a.escalation;

-- name: left_behind
-- What inactive people still have to do in cases that are not booked for them, as `escalation.vocabulary.LeftBehind`.
select e.id as escalation, owed.person, array_agg(distinct owed.what order by owed.what) as what, e.view
from escalations e
cross join lateral (
    select 'advice' as what, e.view #>> '{consult,to}' as person
    union all
    select 'approval', e.view #>> '{approval,approver}'
    union all
    select 'contact', e.view ->> 'contact' where e.stage <> 'closed'
    union all
    select 'aftercare', e.owner where e.stage = 'resolved' or e.stage = 'closed' and exists (
        -- Its latest word on the review is that one is due.
        select from timeline t
        where t.escalation = e.id and t.kind = 'closed' and (t.data ->> 'review_due')::boolean and not exists (
            select from timeline later
            where later.escalation = e.id and later.seq > t.seq
              and later.kind in ('closed', 'reviewed', 'review_skipped')
        )
    )
    union all
    select 'actions', action ->> 'owner'
    from jsonb_array_elements(coalesce(e.view -> 'actions', '[]')) as action
    -- A closed case in which nothing is due has ended, and takes no command.
    where action ->> 'done_at' is null and not coalesce((action ->> 'lapsed')::boolean, false)
      and (e.stage <> 'closed' or e.view ->> 'next_due' is not null)
) as owed
join people p on p.id = owed.person
where not p.active and e.stage <> 'cancelled'
group by e.id, owed.person, e.view
order by owed.person, e.id;

-- name: still_named
-- Inactive people whom a policy in force names as overseer or contact, or whom open cases have as overseer.
with newest as (
    select distinct on (name) name, compiled from policies order by name, stored_at desc, version desc
), named as (
    select compiled #>> '{ladder,overseer}' as person, 'overseer' as role, name as policy, null as escalation from newest
    union all
    select compiled #>> '{ladder,contact}', 'contact', name, null from newest
    union all
    select view ->> 'overseer', 'overseer', null, id from escalations where stage not in ('closed', 'cancelled')
)
select named.person, named.role,
       coalesce(array_agg(distinct named.policy order by named.policy) filter (where named.policy is not null), '{}')
           as policies,
       count(distinct named.escalation) as cases
from named
join people on people.id = named.person
where not people.active
group by named.person, named.role
order by named.person, named.role desc;

-- name: put_person
-- $1 id, $2 name, $3 address, $4 language, $5 zone, $6 skills, $7 tiers, $8 authority, $9 max_open, $10 active,
-- $11 languages, $12 scheduled, $13 writes_to_customers, $14 addresses, $15 addresses for urgent messages.
insert into people (
    id, name, address, language, zone, skills, tiers, authority, max_open, active, languages, scheduled,
    writes_to_customers, addresses, urgent
)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
on conflict (id) do update set
    (name, address, language, zone, skills, tiers, authority, max_open, active, languages, scheduled,
     writes_to_customers, addresses, urgent)
    = (excluded.name, excluded.address, excluded.language, excluded.zone, excluded.skills, excluded.tiers,
       excluded.authority, excluded.max_open, excluded.active, excluded.languages, excluded.scheduled,
       excluded.writes_to_customers, excluded.addresses, excluded.urgent);

-- name: clear_shifts
-- Those that no roster wrote. $1 people.
delete from shifts where person = any ($1::text[]) and roster is null;

-- name: put_shift
-- $1 person, $2 start, $3 end.
insert into shifts (person, starts, ends) values ($1, $2, $3);

-- name: clear_absences
-- $1 people.
delete from absences where person = any ($1::text[]);

-- name: put_absence
-- $1 person, $2 start, $3 end.
insert into absences (person, starts, ends) values ($1, $2, $3);

-- name: one_roster_at_a_time
-- Loads of a roster run one at a time.
select pg_advisory_xact_lock(x'726f73746572'::bigint);

-- name: newest_roster
select version, checksum, loaded_at, covers_until from rosters order by version desc limit 1;

-- name: horizon
-- The instant until which the current roster has shifts; no row if it has none.
select newest.covers_until, mine.last_shift_ends
from (select version, covers_until from rosters order by version desc limit 1) as newest
cross join lateral (select max(ends) as last_shift_ends from shifts where roster = newest.version) as mine
where mine.last_shift_ends is not null;

-- name: put_roster
-- $1 version, $2 checksum, $3 loaded at, $4 covers until, $5 source.
insert into rosters (version, checksum, loaded_at, covers_until, source)
values ($1, $2, $3, $4, $5)
on conflict (version) do update set covers_until = excluded.covers_until;

-- name: drop_duties
-- Duties of the previous version after the new one takes over. $1 now, $2 shifts that
-- change over at another instant, $3 these instants.
delete from shifts
where starts >= coalesce(
    (select min(at) from unnest($2::text[], $3::timestamptz[]) as over (shift, at) where over.shift = shifts.shift), $1
);

-- name: cut_duties
-- The same for duties that are already running then.
update shifts
set ends = cut.at
from (
    select each.person, each.tier, each.shift, each.starts,
           coalesce((
               select min(at) from unnest($2::text[], $3::timestamptz[]) as over (shift, at) where over.shift = each.shift
           ), $1::timestamptz) as at
    from shifts each
    where each.ends > $1
) as cut
where (shifts.person, shifts.tier, shifts.shift, shifts.starts) = (cut.person, cut.tier, cut.shift, cut.starts)
  and shifts.ends > cut.at;

-- name: put_duties
-- $1 roster, $2 people, $3 tiers, $4 shifts, $5 starts, $6 ends.
insert into shifts (roster, person, tier, shift, starts, ends)
select $1, * from unnest($2::text[], $3::integer[], $4::text[], $5::timestamptz[], $6::timestamptz[]);

-- name: open_cases
-- $1 people.
select person, open from load where person = any ($1::text[]) and open > 0;
