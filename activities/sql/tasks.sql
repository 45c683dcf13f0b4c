-- Queries of people at their desk: what is theirs to do, and what went out.

-- name: letters
-- The messages of a ticket as they went out, in order. $1 ticket, $2 number of one escalation, 0 for all.
select letters.escalation, letters.key, deliveries.kind, deliveries.recipient as "to", letters.subject, letters.body, letters.sent_at,
    exists (
        select from timeline
        where timeline.escalation = letters.escalation and timeline.kind = 'delivery_failed'
            and timeline.data ->> 'key' = letters.key
    ) as is_lost
from letters
join deliveries using (escalation, key, channel)
join escalations on escalations.id = letters.escalation
where escalations.ticket = $1 and $2::integer in (0, escalations.life)
order by letters.sent_at, letters.key;

-- name: held
-- The views of a ticket's escalations in which messages wait. $1 ticket, $2 number of one escalation, 0 for all.
select view
from escalations
where ticket = $1 and $2::integer in (0, life) and jsonb_array_length(coalesce(view -> 'held', '[]')) > 0
order by life;

-- name: concerning
-- The cases in which something is for a person to do: offered to them, theirs, asked of them, an action of theirs, or a
-- review that is not written; what is due first comes first. $1 person, $2 how many, null for all.
select id, view, review_due
from escalations
cross join lateral (
    select stage = 'closed' and owner = $1 and (
        select kind = 'closed' and (data ->> 'review_due')::boolean
        from timeline
        where timeline.escalation = escalations.id and kind in ('closed', 'reviewed', 'review_skipped')
        order by seq desc
        limit 1
    ) as review_due
) as learning
where stage <> 'cancelled' and (
    (stage = 'offered' and offered_to = $1)
    or (owner = $1 and stage <> 'closed')
    or review_due
    or view #>> '{consult,to}' = $1
    or view #>> '{approval,approver}' = $1
    or exists (
        select from jsonb_array_elements(coalesce(view -> 'actions', '[]')) as action
        where action ->> 'owner' = $1 and action ->> 'done_at' is null
    )
)
order by coalesce(next_breach, instant_in(view ->> 'next_due')) nulls last, id
limit $2::bigint;
