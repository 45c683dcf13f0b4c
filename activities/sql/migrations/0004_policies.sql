-- Compiled policies, every version that was ever in force.

-- migrate:up

create table policies (
    name      text not null,
    version   integer not null check (version > 0),
    checksum  text not null,
    compiled  jsonb not null,
    stored_at timestamptz not null,              -- when it was stored last; the latest of a name is its newest
    primary key (name, version),
    unique (name, checksum)
);

-- migrate:down

drop table policies;
