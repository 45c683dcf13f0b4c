-- What an event of a help desk or chat is to become, stored before it is sent, so that a repeat sends the same.

-- migrate:up

alter table deliveries_in add column planned jsonb;

-- migrate:down

alter table deliveries_in drop column planned;
