-- Queries of the team: `people`, `shifts`, `assignments`.

-- name: one_at_a_time
-- Bookings queue up behind each other until their transaction ends: loads cannot change while one is decided.
-- $1 a number that stands for bookings.
select pg_advisory_xact_lock($1);

-- name: assign
-- Book the best person for an offer, or give the answer that was given before.
--   An offer that is there already answers with its person; one given back before it was booked, with nobody.
--   An offer older than the escalation's newest one books nobody.
--   A person named is booked if active and on shift. Otherwise the best: in the tier, with the category's skill and
--   all others asked for, with the authority, below their limit, not tried; fewest open first, then the one idle
--   for longest, then by id.
--   Earlier bookings of the escalation are given back first.
-- $1 escalation, $2 offer, $3 instant, $4 person or empty, $5 tier, $6 skills, $7 authority, $8 tried.
with known as (
    select person from assignments where escalation = $1 and offer = $2
), candidate as (
    select people.id
    from people
    cross join lateral (
        select (
            select count(*) from assignments mine
            where mine.person = people.id and mine.released_at is null and mine.escalation <> $1
        ) as open,
        greatest(
            (select max(taken_at) from assignments mine where mine.person = people.id),
            (select max(released_at) from assignments mine where mine.person = people.id)
        ) as busy_last
    ) as load
    where not exists (select from assignments where escalation = $1 and offer >= $2)
      and people.active
      and (
          not exists (select from shifts where shifts.person = people.id)
          or exists (
              select from shifts
              where shifts.person = people.id and shifts.starts <= $3::timestamptz and $3::timestamptz < shifts.ends
          )
      )
      and case when $4::text <> '' then people.id = $4::text
          else $5::integer = any (people.tiers)
               and people.skills @> $6::text[]
               and people.authority >= $7::integer
               and people.id <> all ($8::text[])
               and load.open < people.max_open
          end
    order by load.open, load.busy_last nulls first, people.id
    limit 1
), freed as (
    update assignments set released_at = $3
    where escalation = $1 and released_at is null and exists (select from candidate)
    returning offer
), booked as (
    -- Counting `freed` makes sure that the earlier booking is closed before this one is opened.
    insert into assignments (escalation, offer, person, taken_at)
    select $1, $2::integer, candidate.id, $3
    from candidate, (select count(*) from freed) as done
    -- Given back by somebody else at this very moment: the offer is over.
    on conflict (escalation, offer) do nothing
    returning person
)
select person from known union all select person from booked;

-- name: release
-- Give a booking back. Where there is none yet, remember that its offer is over. $1 escalation, $2 offer, $3 instant.
insert into assignments as booking (escalation, offer, taken_at, released_at)
values ($1, $2, $3, $3)
on conflict (escalation, offer) do update set released_at = excluded.released_at
where booking.released_at is null;

-- name: person
-- $1 person.
select id, name, address, language, zone from people where id = $1;

-- name: put_person
-- $1 id, $2 name, $3 address, $4 language, $5 zone, $6 skills, $7 tiers, $8 authority, $9 max_open, $10 active.
insert into people (id, name, address, language, zone, skills, tiers, authority, max_open, active)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
on conflict (id) do update set
    (name, address, language, zone, skills, tiers, authority, max_open, active)
    = (excluded.name, excluded.address, excluded.language, excluded.zone, excluded.skills, excluded.tiers,
       excluded.authority, excluded.max_open, excluded.active);

-- name: clear_shifts
-- $1 people.
delete from shifts where person = any ($1::text[]);

-- name: put_shift
-- $1 person, $2 start, $3 end.
insert into shifts (person, starts, ends) values ($1, $2, $3);
