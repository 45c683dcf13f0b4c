-- People have addresses on several channels, and what was sent on one can change later.

-- migrate:up

alter table people
    add column addresses text[] not null default '{}',          -- in the order in which they are tried, `slack:U123`
    add column urgent    text[] not null default '{}';          -- the order for urgent messages

-- What the recipient was shown last of how an offer ended; empty while it is as it was sent.
alter table deliveries add column settled text not null default '';

-- migrate:down

alter table deliveries drop column settled;
alter table people drop column addresses, drop column urgent;
