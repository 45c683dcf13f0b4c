-- Texts that are too long to travel: a case, its events and its letters carry the beginning and a reference.

-- migrate:up

-- Whole, and once for each escalation. Written before the event that refers to it, so there may be one that no event
-- refers to. Who deletes a life has to delete its texts first: they hold what the customer wrote.
create table long_texts (
    escalation text not null references lives (escalation),
    sha256     text not null,                    -- of the text in UTF-8, hex: the reference
    text       text not null,
    characters integer not null check (characters > 0),
    kept_at    timestamptz not null,             -- when the workflow handed it over
    primary key (escalation, sha256)
);

create trigger long_texts_do_not_change
    before update on long_texts
    for each statement execute function refuse_change();

-- migrate:down

drop table long_texts;
