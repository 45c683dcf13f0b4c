-- Pages of the list of escalations are read from an index, however many there are.

-- migrate:up

create index escalations_by_opening on escalations (opened_at desc, id desc);
create index escalations_open_by_opening on escalations (opened_at desc, id desc)
    where stage not in ('closed', 'cancelled');
create index escalations_by_owner on escalations (owner, opened_at desc, id desc) where owner <> '';
create index escalations_with_breaches on escalations (opened_at desc, id desc) where breaches <> '{}';
create index incidents_by_opening on incidents (opened_at desc, name desc);

-- migrate:down

drop index incidents_by_opening;
drop index escalations_with_breaches;
drop index escalations_by_owner;
drop index escalations_open_by_opening;
drop index escalations_by_opening;
