-- Queries on who may act from outside: `api_keys`, `http_answers`.

-- name: put_key
-- $1 id, $2 hash of the secret, $3 name, $4 role, $5 person, $6 names actors, $7 sources, $8 tickets, $9 now,
-- $10 expiry, $11 id of the key that it replaces.
insert into api_keys (
    id, secret_hash, name, role, person, names_actors, sources, tickets, created_at, expires_at, replaces
)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: key
-- A key of a person who has left opens nothing. $1 id.
select *
from api_keys
where id = $1
  and (person = '' or exists (select from people where people.id = api_keys.person and people.active));

-- name: keys
select * from api_keys order by created_at, id;

-- name: any_live_key
-- $1 now, $2 a name that does not count.
select exists (
    select from api_keys where revoked_at is null and (expires_at is null or expires_at > $1) and name <> $2
);

-- name: key_used
-- Once an hour at most, so that a busy key writes nothing. $1 id, $2 now.
update api_keys
set used_at = date_trunc('hour', $2::timestamptz)
where id = $1 and (used_at is null or used_at < date_trunc('hour', $2::timestamptz));

-- name: let_key_expire
-- $1 id, $2 the latest instant at which it works.
update api_keys set expires_at = least(coalesce(expires_at, $2), $2) where id = $1 and revoked_at is null;

-- name: revoke_key
-- $1 id, $2 now. The first revocation stays.
update api_keys set revoked_at = coalesce(revoked_at, $2) where id = $1 returning id;

-- name: claim_answer
-- The request with this key, new or known. $1 actor, $2 key, $3 hash of the request, $4 now, $5 instant before which an
-- earlier one no longer counts.
insert into http_answers as known (actor, key, request_hash, first_at)
values ($1, $2, $3, $4)
on conflict (actor, key) do update set
    request_hash = case when known.first_at < $5 then excluded.request_hash else known.request_hash end,
    status = case when known.first_at < $5 then null else known.status end,
    body = case when known.first_at < $5 then null else known.body end,
    first_at = case when known.first_at < $5 then excluded.first_at else known.first_at end
returning request_hash, status, body, xmax = 0 or first_at = $4 as is_first;

-- name: keep_answer
-- The first answer stays. $1 actor, $2 key, $3 status, $4 body, $5 now.
update http_answers
set status = coalesce(status, $3), body = coalesce(body, $4), answered_at = coalesce(answered_at, $5)
where actor = $1 and key = $2
returning status, body;

-- name: answer
-- $1 actor, $2 key.
select request_hash, status, body from http_answers where actor = $1 and key = $2;

-- name: release_answer
-- The request was refused and has changed nothing, so its key is free. $1 actor, $2 key.
delete from http_answers where actor = $1 and key = $2 and status is null;

-- name: purge_answers
-- $1 instant before which an answer is forgotten.
delete from http_answers where first_at < $1;
