-- Queries of the delivery ledger: `deliveries`.

-- name: claim
-- Claim a message: a new one, one that failed before, or one with an expired claim. No row if it was sent already or
-- another attempt holds the claim.
-- $1 escalation, $2 key, $3 channel, $4 kind, $5 recipient, $6 instant, $7 end of the lease, $8 mark of its Message-ID.
insert into deliveries as known (
    escalation, key, channel, kind, recipient, status, attempts, claimed_until, first_at, last_at, mark
)
values ($1, $2, $3, $4, $5, 'claimed', 1, $7, $6, $6, $8)
on conflict (escalation, key, channel) do update set
    status = 'claimed',
    attempts = known.attempts + 1,
    possibly_repeated = known.possibly_repeated + case when known.status = 'claimed' then 1 else 0 end,
    claimed_until = excluded.claimed_until,
    gave_up = false,
    last_at = excluded.last_at,
    mark = excluded.mark
where known.status = 'failed' or (known.status = 'claimed' and known.claimed_until <= excluded.last_at)
returning possibly_repeated;

-- name: first
-- The message that began the conversation with a recipient on a channel, other than this one: the first that was sent, else
-- the first of those that are being sent and were claimed before this one. $1 escalation, $2 key, $3 channel, $4 instant.
select other.key, other.receipt, coalesce(letters.subject, '') as subject
from deliveries as this
join deliveries as other using (escalation, channel, recipient)
left join letters on (letters.escalation, letters.key, letters.channel) = (other.escalation, other.key, other.channel)
where
    this.escalation = $1 and this.key = $2 and this.channel = $3 and other.key <> this.key
    and (
        other.status = 'sent'
        or (
            other.status = 'claimed' and other.claimed_until > $4
            and (other.first_at, other.key) < (this.first_at, this.key)
        )
    )
order by other.status = 'sent' desc, case when other.status = 'sent' then other.last_at else other.first_at end, other.key
limit 1;

-- name: standing
-- The status of a message that could not be claimed. $1 escalation, $2 key, $3 channel.
select status, claimed_until from deliveries where escalation = $1 and key = $2 and channel = $3;

-- name: sent
-- The message was sent. The first receipt and the first text stay.
-- $1 escalation, $2 key, $3 channel, $4 receipt, $5 instant, $6 subject, $7 body.
with said as (
    insert into letters (escalation, key, channel, subject, body, sent_at)
    values ($1, $2, $3, $6, $7, $5)
    on conflict do nothing
)
update deliveries
set status = 'sent', claimed_until = null, gave_up = false, receipt = $4, error = '', last_at = $5
where escalation = $1 and key = $2 and channel = $3 and status <> 'sent';

-- name: failed
-- An attempt failed; the claim is released. A sent message stays sent.
-- $1 escalation, $2 key, $3 channel, $4 error, $5 final, $6 instant.
update deliveries
set status = 'failed', claimed_until = null, gave_up = $5, error = $4, last_at = $6
where escalation = $1 and key = $2 and channel = $3 and status <> 'sent';

-- name: is_behind
-- Whether a message to the same recipient on the same channel was claimed before this one and may still be sent.
-- $1 escalation, $2 key, $3 channel, $4 the instant before which a message is no longer tried.
select exists (
    select from deliveries as this
    join deliveries as other using (escalation, channel, recipient)
    where this.escalation = $1 and this.key = $2 and this.channel = $3
      and other.status <> 'sent' and not other.gave_up and other.first_at > $4
      and (other.first_at, other.key) < (this.first_at, this.key)
);

-- name: sent_on
-- Messages to colleagues that were sent. $1 escalation, $2 channels.
select d.key, d.recipient as "to", d.channel, d.receipt, d.settled as shown,
       coalesce(l.subject, '') as subject, coalesce(l.body, '') as body
from deliveries as d
left join letters as l using (escalation, key, channel)
where d.escalation = $1 and d.channel = any ($2::text[]) and d.status = 'sent' and d.recipient <> 'customer'
order by d.last_at, d.key;

-- name: showed
-- The recipient was shown another fate. Where another attempt showed one meanwhile, which of them came last is not known.
-- $1 escalation, $2 key, $3 channel, $4 the fate before, $5 the fate.
update deliveries
set settled = case when settled in ($4, $5) then $5 else 'unknown' end
where escalation = $1 and key = $2 and channel = $3
returning settled = $5;
