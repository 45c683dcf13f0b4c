-- Queries about the database itself, asked before anything is read from it or written to it.

-- name: database
-- What a program that starts needs to know of the database and of its own role. No parameters.
select
    current_database() as name,
    current_user as role,
    pg_encoding_to_char(encoding) as encoding,
    pg_is_in_recovery() as standby,
    current_setting('transaction_read_only') = 'on' as read_only,
    current_schema() as schema,
    coalesce(has_schema_privilege(current_schema(), 'create'), false) as may_create
from pg_database
where datname = current_database();

-- name: rights_missing
-- Tables that the role may not use as the program does. $1 tables, $2 the privilege each needs, side by side.
select needed.relation, needed.privilege
from unnest($1::text[], $2::text[]) as needed (relation, privilege)
where to_regclass(needed.relation) is not null
  and not has_table_privilege(to_regclass(needed.relation), needed.privilege)
order by needed.relation, needed.privilege;
