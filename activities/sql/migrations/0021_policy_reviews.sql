-- Until when people should look through a policy again. No snapshot has it, because it moves no deadline.

-- migrate:up

alter table policies add column review_by date;

-- migrate:down

alter table policies drop column review_by;
