-- What a team's lead looks at: the next broken promise first.

-- migrate:up

alter table escalations
    add column next_breach timestamptz generated always as (instant_in(view ->> 'next_breach')) stored,
    add column next_breach_clock text generated always as (view ->> 'next_breach_clock') stored;

create index escalations_open_by_next_breach on escalations (next_breach, id) where stage not in ('closed', 'cancelled');

-- The cases with a severity, category, tier, person (who has it or is asked) and kind of customer; null where it does not matter.
create function chosen_cases(of_severity text, of_category text, of_tier integer, of_person text, of_customers text)
returns setof escalations language sql stable as $$
    select *
    from escalations
    where (of_severity is null or severity = of_severity)
      and (of_category is null or category = of_category)
      and (of_tier is null or tier = of_tier)
      and (of_person is null or of_person in (owner, offered_to))
      and (of_customers is null or customer_tier = of_customers)
$$;

-- migrate:down

drop function chosen_cases(text, text, integer, text, text);
alter table escalations drop column next_breach, drop column next_breach_clock;
