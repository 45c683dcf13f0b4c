-- Every promise is counted: also what was replaced, taken back, or ended with its case. What a reopening disputes is not kept.

-- migrate:up

create or replace view promises as
select escalation,
       count(*) filter (where kind = 'promised') as made,
       count(*) filter (where kind = 'promise_kept')
           - count(*) filter (where kind = 'reopened' and data ->> 'disputed' <> '') as kept,
       count(*) filter (where kind = 'promise_lapsed') as broken,
       count(*) filter (where kind = 'promise_replaced') as replaced,
       count(*) filter (where kind = 'withdrawn' and data ->> 'what' = 'promise') as withdrawn,
       count(*) filter (where kind = 'promise_dropped') as dropped,
       count(*) filter (where kind = 'reopened' and data ->> 'disputed' <> '') as disputed
from timeline
where kind in (
    'promised', 'promise_kept', 'promise_lapsed', 'promise_replaced', 'withdrawn', 'promise_dropped', 'reopened'
)
group by escalation;

-- migrate:down

drop view promises;
create view promises as
select escalation,
       count(*) filter (where kind = 'promised') as made,
       count(*) filter (where kind = 'promise_kept') as kept,
       count(*) filter (where kind = 'promise_lapsed') as broken
from timeline
where kind in ('promised', 'promise_kept', 'promise_lapsed')
group by escalation;
