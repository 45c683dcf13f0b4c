-- The roster over time: its versions, who is on which shift when, and booking somebody in one round trip.

-- migrate:up

-- Every roster that was loaded. The newest one holds; a shift that was running when it came may follow the one before
-- until it is over.
create table rosters (
    version      integer primary key,
    checksum     text not null,
    loaded_at    timestamptz not null,
    covers_until timestamptz not null,            -- shifts were worked out up to here
    source       jsonb not null                   -- file name to its text
);

alter table people
    add column languages text[] not null default '{}',          -- what they can write to customers in
    add column scheduled boolean not null default false;        -- on shift only when a shift says so; else always

-- A row without a roster was written by hand or by an earlier release: whoever has one is scheduled as well.
alter table shifts
    add column tier   integer not null default 0,               -- 0: every tier the person serves
    add column shift  text not null default '',
    add column roster integer references rosters (version),
    drop constraint shifts_pkey,
    add primary key (person, tier, shift, starts);
create index shifts_by_end on shifts (ends);
create index shifts_by_hand on shifts (person) where roster is null;
-- Finds the few that run at an instant among the many of a year.
create index shifts_running on shifts using gist (tstzrange(starts, ends));

-- When people are away who are on no shift.
create table absences (
    person text not null references people (id) on delete cascade,
    starts timestamptz not null,
    ends   timestamptz not null,
    primary key (person, starts),
    check (ends > starts)
);

-- Whether somebody works at an instant, at a tier or (0) at any of theirs.
create function works(who text, at timestamptz, at_tier integer default 0) returns boolean
language sql stable as $$
    select people.active
       and (at_tier = 0 or at_tier = any (people.tiers))
       and not exists (select from absences a where a.person = people.id and a.starts <= at and at < a.ends)
       and (
           exists (
               select from shifts s
               where s.person = people.id and tstzrange(s.starts, s.ends) @> at
                 and (at_tier = 0 or s.tier in (0, at_tier))
           )
           or not people.scheduled
              and not exists (select from shifts s where s.person = people.id and s.roster is null)
       )
    from people
    where people.id = who
$$;

-- Book the best person for an offer, or give the answer that was given before.
-- Bookings queue up behind each other, so that no load changes while one is decided. Everything after the lock sees
-- what the one before wrote, because each statement of the function looks anew.
create function book(
    of_escalation text, of_offer integer, at timestamptz, wanted text, at_tier integer,
    needed text[], least_authority integer, tried text[], spoken text
) returns text
language plpgsql as $$
declare
    found_person text;
    best text;
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise 'people are booked in READ COMMITTED only' using errcode = 'feature_not_supported';
    end if;
    select a.person into found_person from assignments a where a.escalation = of_escalation and a.offer = of_offer;
    if found then
        return found_person;
    end if;
    perform pg_advisory_xact_lock(x'626f6f6b696e6773'::bigint);
    select a.person into found_person from assignments a where a.escalation = of_escalation and a.offer = of_offer;
    if found then
        return found_person;
    end if;
    if exists (select from assignments a where a.escalation = of_escalation and a.offer > of_offer) then
        return null;
    end if;
    if wanted <> '' then
        select p.id into best from people p where p.id = wanted and works(p.id, at);
    else
        select p.id into best
        from people p
        cross join lateral (
            select count(*) as open
            from assignments a
            where a.person = p.id and a.released_at is null and a.escalation <> of_escalation
        ) as load
        where at_tier = any (p.tiers)
          and p.skills @> needed
          and p.authority >= least_authority
          and p.id <> all (tried)
          and load.open < p.max_open
          and p.active
          and not exists (select from absences a where a.person = p.id and a.starts <= at and at < a.ends)
          and (
              p.id in (
                  select s.person from shifts s where tstzrange(s.starts, s.ends) @> at and s.tier in (0, at_tier)
              )
              or not p.scheduled and p.id not in (select s.person from shifts s where s.roster is null)
          )
        order by
            -- A preference: without anybody who speaks it, the others are as good.
            spoken <> '' and not exists (
                select from unnest(case p.languages when '{}' then array[p.language] else p.languages end) as language
                where lower(split_part(language, '-', 1)) = lower(split_part(spoken, '-', 1))
            ),
            load.open,
            greatest(
                (select max(a.taken_at) from assignments a where a.person = p.id),
                (select max(a.released_at) from assignments a where a.person = p.id)
            ) nulls first,
            p.id
        limit 1;
    end if;
    if best is null then
        return null;
    end if;
    update assignments a set released_at = at where a.escalation = of_escalation and a.released_at is null;
    insert into assignments (escalation, offer, person, taken_at) values (of_escalation, of_offer, best, at)
    -- Given back by somebody else at this very moment: the offer is over.
    on conflict (escalation, offer) do nothing
    returning person into found_person;
    return found_person;
end
$$;

-- A booking is given back once, and never becomes somebody else's.
create function refuse_rebooking() returns trigger
language plpgsql as $$
begin
    if (new.escalation, new.offer, new.taken_at) is distinct from (old.escalation, old.offer, old.taken_at)
       or new.person is distinct from old.person
       or old.released_at is not null and new.released_at is distinct from old.released_at
    then
        raise 'the booking of offer % of % can only be given back', old.offer, old.escalation
            using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;

create trigger assignments_are_given_back before update on assignments
for each row execute function refuse_rebooking();

-- What everybody holds now, beside what they may.
create view load as
select p.id as person,
       (select count(*) from assignments a where a.person = p.id and a.released_at is null)::integer as open,
       p.max_open as most,
       works(p.id, now()) as on_shift
from people p;

-- migrate:down

drop view load;
drop trigger assignments_are_given_back on assignments;
drop function refuse_rebooking();
drop function book(text, integer, timestamptz, text, integer, text[], integer, text[], text);
drop function works(text, timestamptz, integer);
drop table absences;
-- Before, people had no tiers and no names for their shifts; the same stretch may stand there for several.
delete from shifts;
alter table shifts
    drop constraint shifts_pkey,
    drop column tier,
    drop column shift,
    drop column roster,
    add primary key (person, starts);
drop index shifts_by_end;
drop index shifts_running;
alter table people drop column languages, drop column scheduled;
drop table rosters;
