-- Which escalations a ticket had: each is a life of its own, numbered from 1.

-- migrate:up

create table lives (
    ticket     text not null,
    number     integer not null check (number > 0),
    escalation text not null unique,             -- id in `escalations`, `deliveries` and `assignments`
    run        text unique,                      -- first run id of the workflow; null for those opened before this table
    claimed_at timestamptz not null,
    primary key (ticket, number)
);

-- Until now a ticket had one escalation.
insert into lives (ticket, number, escalation, claimed_at)
select ticket, 1, id, opened_at from escalations
on conflict do nothing;

alter table escalations add column life integer not null default 1;
create index escalations_by_ticket on escalations (ticket, life);

-- The number of the escalation that runs in a workflow: the one it has, or the next one of its ticket. What the earlier
-- ones of the ticket booked is given back, because their workflows have ended, some without a chance to do so.
create function claim_life(of_ticket text, of_run text, at timestamptz) returns integer
language plpgsql as $$
declare
    found_number integer;
begin
    perform pg_advisory_xact_lock(hashtextextended('life of ' || of_ticket, 0));
    select l.number into found_number from lives l where l.run = of_run;
    if found then
        return found_number;
    end if;
    select coalesce(max(l.number), 0) + 1 into found_number from lives l where l.ticket = of_ticket;
    insert into lives (ticket, number, escalation, run, claimed_at)
    values (
        of_ticket, found_number,
        'escalation-' || of_ticket || case when found_number = 1 then '' else '~' || found_number::text end,
        of_run, at
    );
    update assignments a set released_at = greatest(at, a.taken_at)
    from lives l
    where l.ticket = of_ticket and l.number < found_number and a.escalation = l.escalation and a.released_at is null;
    return found_number;
end
$$;

-- migrate:down

drop function claim_life(text, text, timestamptz);
drop index escalations_by_ticket;
alter table escalations drop column life;
drop table lives;
