-- Some bodies name a ticket by an id of its own alone, or by a number that it got later: Jira's comments and moved issues.

-- migrate:up

alter table deliveries_in add column also text not null default '';
create index deliveries_in_also on deliveries_in (source, also, ticket) where also <> '';

-- migrate:down

alter table deliveries_in drop column also;
