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
    current_setting('search_path') as search_path,
    array(
        select nspname
        from unnest(string_to_array(replace(replace(current_setting('search_path'), '"', ''), ' ', ''), ',')) as named
        join pg_namespace on nspname in (named, case when named = '$user' then current_user end)
    )::text[] as schemas_there,
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

-- name: functions_refused
-- Functions that the role may not call; a trigger's needs no such right. $1 functions.
select distinct proname::text as name
from pg_proc
where proname = any ($1::text[])
  and pronamespace = (select oid from pg_namespace where nspname = current_schema())
  and prorettype <> 'trigger'::regtype
  and not has_function_privilege(oid, 'execute')
order by name;
