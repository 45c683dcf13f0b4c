-- What each message said, exactly as it went out: a template may be another one by the time it is asked for.

-- migrate:up

create table letters (
    escalation text not null,                    -- no foreign key: as in `deliveries`
    key        text not null,
    channel    text not null,
    subject    text not null,
    body       text not null,
    sent_at    timestamptz not null,
    primary key (escalation, key, channel)
);

create trigger letters_do_not_change
    before update on letters
    for each statement execute function refuse_change();

-- migrate:down

drop table letters;
