-- Mail that comes in: which letter it answers, and which addresses take no more mail.

-- migrate:up

alter table letters add column mark text;            -- what is before the @ of its Message-ID; letters by mail alone
create index letters_by_mark on letters (mark) where mark is not null;

create table bounced_addresses (
    address    text primary key,                     -- SHA-256, hex: as in `deliveries`, no address is kept
    status     text not null,                        -- as the report says, such as 5.1.1
    bounced_at timestamptz not null
);

-- migrate:down

drop table bounced_addresses;
drop index letters_by_mark;
alter table letters drop column mark;
