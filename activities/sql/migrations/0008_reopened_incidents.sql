-- How often a solution of an incident did not hold.

-- migrate:up

alter table incidents add column reopened integer not null default 0;

-- migrate:down

alter table incidents drop column reopened;
