-- Queries of links to the customer's page: `customer_links`.

-- name: keep
-- $1 hash, $2 escalation, $3 key of the message, $4 hash of the address, $5 now.
insert into customer_links (token_hash, escalation, message_key, address_hash, minted_at)
values ($1, $2, $3, $4, $5);

-- name: find
-- The link, and the newest escalation of its ticket that is the same customer's. $1 hash.
select l.*, newest.id as leads_to
from customer_links l
join escalations written on written.id = l.escalation
join lateral (
    select id
    from escalations
    where ticket = written.ticket and customer_id = written.customer_id
    order by life desc
    limit 1
) as newest on true
where l.token_hash = $1;

-- name: speak
-- $1 hash, $2 language.
update customer_links set language = $2 where token_hash = $1;

-- name: live
-- $1 ticket, empty for all, $2 instant: links that lead to a case that ended before it open nothing.
select l.*, newest.id as leads_to
from customer_links l
join escalations written on written.id = l.escalation
join lateral (
    select id, closed_at
    from escalations
    where ticket = written.ticket and customer_id = written.customer_id
    order by life desc
    limit 1
) as newest on true
where l.revoked_at is null
  and (newest.closed_at is null or newest.closed_at > $2)
  and ($1 = '' or written.ticket = $1)
order by l.minted_at, l.token_hash;

-- name: revoke
-- $1 ticket, $2 first letters of the hash, both empty for all links, $3 now.
update customer_links
set revoked_at = $3
where revoked_at is null
  and ($1 = '' or escalation = 'escalation-' || $1 or starts_with(escalation, 'escalation-' || $1 || '~'))
  and ($2 = '' or starts_with(encode(token_hash, 'hex'), $2))
returning 1;

-- name: purge
-- $1 instant: links of a ticket and customer whose cases all ended before it.
delete from customer_links l
using escalations written
where written.id = l.escalation
  and not exists (
      select
      from escalations
      where ticket = written.ticket and customer_id = written.customer_id and (closed_at is null or closed_at >= $1)
  );
