-- Queries of the compiled policies: `policies`.

-- name: load
-- One version, or with 0 the newest. $1 name, $2 version.
select name, version, checksum, compiled
from policies
where name = $1 and ($2::integer = 0 or version = $2)
order by stored_at desc, version desc
limit 1;

-- name: one_at_a_time
-- Two that store at once get two versions, one after the other; readers are not held up.
lock table policies in share row exclusive mode;

-- name: latest
-- What is in force. $1 name.
select version, checksum, stored_at from policies where name = $1 order by stored_at desc, version desc limit 1;

-- name: store
-- Keep it, as the next version unless the same was stored before; it is the newest from now on.
-- $1 name, $2 checksum, $3 compiled as JSON, $4 instant.
insert into policies as known (name, version, checksum, compiled, stored_at)
select $1::text, coalesce(max(version), 0) + 1, $2::text, $3::text::jsonb,
       greatest($4::timestamptz, max(stored_at) + interval '1 microsecond')
from policies
where name = $1
on conflict (name, checksum) do update set stored_at = excluded.stored_at
returning version;

-- name: review_by
-- The date by which a version should be looked through again; the files may name another one at any time.
-- $1 name, $2 version, $3 date or null.
update policies set review_by = $3 where name = $1 and version = $2 and review_by is distinct from $3;
