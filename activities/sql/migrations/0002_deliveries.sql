-- The delivery ledger: one row per message and channel. It holds no addresses and no texts.

-- migrate:up

create table deliveries (
    escalation        text not null,             -- no foreign key: a message may go out before its event is recorded
    key               text not null,
    channel           text not null,
    kind              text not null,
    recipient         text not null,             -- 'customer', or a person's id
    status            text not null check (status in ('claimed', 'sent', 'failed')),
    attempts          integer not null,
    claimed_until     timestamptz,               -- end of the lease while claimed
    possibly_repeated integer not null default 0, -- claims taken over from an attempt that never reported back
    gave_up           boolean not null default false, -- failed, and not to be tried again on this channel
    receipt           text not null default '',
    error             text not null default '',
    first_at          timestamptz not null,
    last_at           timestamptz not null,
    primary key (escalation, key, channel)
);

create index deliveries_unsettled on deliveries (last_at) where status <> 'sent';

-- migrate:down

drop table deliveries;
