-- Queries on who is logged in to the pages: `sessions`, `login_links`.

-- name: begin
-- $1 hash, $2 person, $3 role, $4 id of the key or null, $5 now, $6 expiry.
insert into sessions (token_hash, person, role, key, begun_at, expires_at) values ($1, $2, $3, $4, $5, $6);

-- name: find
-- A session as it is now; none once it ended, its key did, or its person left. Only a viewer whom the identity provider
-- vouches for need not be in the roster. $1 hash, $2 now.
select sessions.token_hash, sessions.person, coalesce(api_keys.role, sessions.role) as role,
    coalesce(api_keys.tickets, '{}') as tickets
from sessions
left join api_keys on api_keys.id = sessions.key
left join people on people.id = sessions.person
where sessions.token_hash = $1
  and sessions.ended_at is null
  and sessions.expires_at > $2
  and (api_keys.id is null or (api_keys.revoked_at is null and coalesce(api_keys.expires_at > $2, true)))
  and coalesce(people.active, sessions.role = 'viewer' and sessions.key is null);

-- name: end
-- $1 hash, $2 now.
update sessions set ended_at = $2 where token_hash = $1 and ended_at is null;

-- name: end_all
-- Every session and unused login link of a person. $1 person, $2 now.
with links as (
    update login_links set used_at = $2 where person = $1 and used_at is null
)
update sessions set ended_at = $2 where person = $1 and ended_at is null and expires_at > $2 returning 1;

-- name: keep_link
-- $1 hash, $2 person, $3 role, $4 now, $5 expiry.
insert into login_links (token_hash, person, role, minted_at, expires_at) values ($1, $2, $3, $4, $5);

-- name: find_link
-- $1 hash, $2 now.
select person, role from login_links where token_hash = $1 and used_at is null and expires_at > $2;

-- name: use_link
-- $1 hash, $2 now.
update login_links set used_at = $2
where token_hash = $1 and used_at is null and expires_at > $2
returning person, role;

-- name: purge
-- $1 instant.
with links as (
    delete from login_links where expires_at < $1
)
delete from sessions where expires_at < $1;
