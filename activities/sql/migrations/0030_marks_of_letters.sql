-- The mark of a letter is known before it is sent: a relay may return a letter, or its reader answer it, before the
-- attempt that sent it could say so.

-- migrate:up

alter table deliveries add column mark text;         -- what is before the @ of its Message-ID; letters by mail alone
update deliveries as d set mark = l.mark
from letters as l
where l.mark is not null and (l.escalation, l.key, l.channel) = (d.escalation, d.key, d.channel);
create index deliveries_by_mark on deliveries (mark) where mark is not null;
drop index letters_by_mark;
alter table letters drop column mark;

-- migrate:down

alter table letters add column mark text;
alter table letters disable trigger user;            -- it is append-only
update letters as l set mark = d.mark
from deliveries as d
where d.mark is not null and (l.escalation, l.key, l.channel) = (d.escalation, d.key, d.channel);
alter table letters enable trigger user;
create index letters_by_mark on letters (mark) where mark is not null;
drop index deliveries_by_mark;
alter table deliveries drop column mark;
