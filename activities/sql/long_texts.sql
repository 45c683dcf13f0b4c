-- Queries of the texts that are too long to travel: `long_texts`.

-- name: keep
-- $1 escalation, $2 SHA-256 of the text, $3 the text, $4 its characters, $5 instant.
insert into long_texts (escalation, sha256, text, characters, kept_at)
values ($1, $2, $3, $4, $5)
on conflict (escalation, sha256) do nothing;

-- name: whole
-- $1 escalation, $2 SHA-256 of the text.
select text from long_texts where escalation = $1 and sha256 = $2;

-- name: of_ticket
-- Texts of a ticket's escalations, by how their references begin; the same text of two escalations is one.
-- $1 ticket, $2 number of one of them, 0 for all, $3 the first characters of the reference.
select min(kept.text) as text
from long_texts kept
join lives l on l.escalation = kept.escalation
where l.ticket = $1 and $2::integer in (0, l.number) and starts_with(kept.sha256, $3)
group by kept.sha256
order by kept.sha256
limit 2;
