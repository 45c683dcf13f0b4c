-- Which commands an event of a help desk or chat became, by their wire names.

-- migrate:up

alter table deliveries_in add column became text[] not null default '{}';

-- migrate:down

alter table deliveries_in drop column became;
