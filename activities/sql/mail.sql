-- Queries about mail that comes in: which letter it answers, who sent it, and which addresses take no more mail.

-- name: letters
-- Letters by the marks of their Message-IDs, each with its customer. $1 marks.
select d.mark, e.ticket, d.key, d.recipient, e.view -> 'customer' as customer
from deliveries as d
join escalations as e on e.id = d.escalation
where d.mark = any ($1::text[]);

-- name: customer
-- The customer of a ticket's newest escalation. $1 ticket.
select view -> 'customer' as customer from escalations where ticket = $1 order by opened_at desc limit 1;

-- name: own_ticket
-- Of these tickets, one that a mail began. $1 tickets, the likeliest first.
select ticket from deliveries_in
where source = 'mail' and ticket = any ($1::text[])
order by array_position($1::text[], ticket)
limit 1;

-- name: number_from
-- How many mails of a sender came. $1 address in lower case, $2 since.
select count(*) from deliveries_in
where
    source = 'mail' and received_at >= $2 and event is not null
    and lower(event -> 'author' ->> 'address') = $1;

-- name: bounced
-- $1 hash of the address, $2 status, $3 instant.
insert into bounced_addresses as known (address, status, bounced_at) values ($1, $2, $3)
on conflict (address) do update set status = $2, bounced_at = greatest(known.bounced_at, $3);

-- name: is_bounced
-- $1 hash of the address, $2 since.
select exists (select from bounced_addresses where address = $1 and bounced_at >= $2);

-- name: alive
-- Mail came from this address, or a person says that it works. $1 hash of the address.
delete from bounced_addresses where address = $1 returning address;
