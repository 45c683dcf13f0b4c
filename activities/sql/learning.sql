-- What can be learned from the record: lessons of single cases, and trends over all of them. They only read.

-- name: lessons
-- The latest reviews, newest first. $1 category, empty for all, $2 how many.
select e.id as escalation, e.category, e.severity, e.outcome, review.at as reviewed_at, review.data as review, e.view,
       first.data as first_response, promises.ended as promises
from timeline review
join escalations e on e.id = review.escalation
left join lateral (
    select data from timeline
    where escalation = e.id and kind = 'clock_stopped' and data ->> 'clock' = 'first_response'
    order by seq limit 1
) as first on true
left join lateral (
    select array_agg(data order by seq) as ended
    from timeline
    where escalation = e.id
      and (kind in ('promise_kept', 'promise_lapsed', 'promise_replaced', 'promise_dropped')
           or kind = 'withdrawn' and data ->> 'what' = 'promise'
           or kind = 'reopened' and data ->> 'disputed' <> '')
) as promises on true
where review.kind = 'reviewed' and $1::text in ('', e.category)
order by review.at desc, e.id
limit $2;

-- name: by_month
-- Newest first, twelve at most; in UTC.
select to_char(opened_at at time zone 'UTC', 'YYYY-MM') as name, count(*) as number,
       count(*) filter (where breaches <> '{}') as breached, count(*) filter (where cycle > 1) as reopened
from escalations group by 1 order by 1 desc limit 12;

-- name: by_category
select category as name, count(*) as number, count(*) filter (where breaches <> '{}') as breached,
       count(*) filter (where cycle > 1) as reopened
from escalations group by 1 order by 2 desc, 1;

-- name: by_reason
-- An escalation with two reasons counts under both.
select reason as name, count(*) as number, count(*) filter (where breaches <> '{}') as breached,
       count(*) filter (where cycle > 1) as reopened
from escalations cross join unnest(reasons) as reason group by 1 order by 2 desc, 1;

-- name: by_customer
-- Customers whose tickets escalated more than once, ten at most; names are not read.
select customer_id as name, count(*) as number, count(*) filter (where breaches <> '{}') as breached,
       count(*) filter (where cycle > 1) as reopened
from escalations group by 1 having count(*) > 1 order by 2 desc, 1 limit 10;

-- name: by_rule
-- The triage rules that led to escalations, and how many of those were called off or had no fault.
select finding ->> 'rule' as name, count(*) as number,
       count(*) filter (where e.stage = 'cancelled' or e.outcome = 'no_fault_found') as needless
from timeline t
join escalations e on e.id = t.escalation
cross join jsonb_array_elements(t.data #> '{verdict,findings}') as finding
where t.kind = 'triaged'
group by 1 order by 2 desc, 1 limit 20;
