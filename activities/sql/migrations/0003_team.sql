-- The team: who works here, when, and who is booked for what.

-- migrate:up

create table people (
    id        text primary key,
    name      text not null,
    address   text not null,
    language  text not null default 'en',
    zone      text not null default 'UTC',
    skills    text[] not null default '{}',       -- a category's skill is the category's own name
    tiers     integer[] not null default '{}',    -- the tiers they serve, from 1
    authority integer not null default 0,         -- the amount they may decide on alone
    max_open  integer not null default 5,         -- how many escalations they hold at once
    active    boolean not null default true
);

-- When people work. A person with no rows here at all is always on shift; one whose rows all lie in the past or
-- in the future is not on shift now.
create table shifts (
    person text not null references people (id) on delete cascade,
    starts timestamptz not null,
    ends   timestamptz not null,
    primary key (person, starts),
    check (ends > starts)
);

-- Who was booked for which offer. A row without a person stands for an offer that was given back before anybody was
-- booked for it: a booking that arrives late then books nobody.
create table assignments (
    escalation  text not null,                   -- no foreign key: people are booked before the record hears of it
    offer       integer not null,
    person      text references people (id),
    taken_at    timestamptz not null,
    released_at timestamptz,
    primary key (escalation, offer),
    check (person is not null or released_at is not null)
);

-- At most one open booking per escalation: nobody's load counts an escalation twice.
create unique index assignments_open on assignments (escalation) where released_at is null;
create index assignments_open_by_person on assignments (person) where released_at is null;
-- For "longest idle first": the latest booking and the latest release of a person.
create index assignments_taken on assignments (person, taken_at);
create index assignments_released on assignments (person, released_at);

-- migrate:down

drop table assignments;
drop table shifts;
drop table people;
