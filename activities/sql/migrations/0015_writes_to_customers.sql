-- Who may write to customers.

-- migrate:up

alter table people add column writes_to_customers boolean not null default true;
-- A tier may require it as it requires a skill, so that `book` compares one list.
update people set skills = array_append(skills, 'writes_to_customers');

-- migrate:down

update people set skills = array_remove(skills, 'writes_to_customers');
alter table people drop column writes_to_customers;
