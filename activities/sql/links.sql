-- Queries of links in messages to colleagues: `action_links`.

-- name: keep
-- $1 hash, $2 escalation, $3 key of the message, $4 person, $5 subject, $6 number, $7 acts, $8 confirms, $9 now, $10 expiry.
insert into action_links (
    token_hash, escalation, message_key, person, subject, number, acts, confirms, minted_at, expires_at
)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: find
-- $1 hash.
select * from action_links where token_hash = $1;

-- name: use
-- $1 escalation, $2 key of the message, $3 person, $4 act, $5 now.
update action_links
set used_at = $5, used_for = $4
where escalation = $1 and message_key = $2 and person = $3 and used_at is null;

-- name: live
-- $1 ticket, $2 person, both empty for all, $3 now.
select *
from action_links
where revoked_at is null and used_at is null and expires_at > $3
  and ($1 = '' or escalation = 'escalation-' || $1 or starts_with(escalation, 'escalation-' || $1 || '~'))
  and ($2 = '' or person = $2)
order by minted_at, token_hash;

-- name: revoke
-- $1 ticket, $2 person, $3 first letters of the hash, all empty for all links, $4 now.
update action_links
set revoked_at = $4
where revoked_at is null and expires_at > $4
  and ($1 = '' or escalation = 'escalation-' || $1 or starts_with(escalation, 'escalation-' || $1 || '~'))
  and ($2 = '' or person = $2)
  and ($3 = '' or starts_with(encode(token_hash, 'hex'), $3))
returning 1;

-- name: purge
-- $1 instant.
delete from action_links where expires_at < $1;
