-- What differs between the last release (views old_<table>, old_inputs) and the staged tables (new_<table>,
-- new_inputs): temporary tables changed, units_lost and flipped. The variable last_as_of is the last release's day.

-- New since, withdrawn or erased since, corrected since, or replaced by what is new of the same form.
create temp table touched as
select submission_id from new_inputs anti join old_inputs using (submission_id)
union
select new_inputs.submission_id
from new_inputs
inner join old_inputs using (submission_id)
where new_inputs.status is distinct from old_inputs.status
union
select corrected_submission_id
from (select * from new_corrected_cells where is_applied except select * from old_corrected_cells)
union
select old_submissions.submission_id
from old_submissions
inner join new_submissions using (submission_id)
where new_submissions.rows_loaded < old_submissions.rows_loaded
    and old_submissions.form in (
        select form from new_submissions anti join old_submissions using (submission_id)
    );

-- Of the form that changed most, the share of rows in force that were replaced or withdrawn.
create temp table replaced as
with of_forms as (
    select
        old_submissions.form,
        sum(greatest(old_submissions.rows_loaded - coalesce(new_submissions.rows_loaded, 0), 0))
            filter (where old_submissions.submission_id in (from touched)) as rows_replaced,
        sum(old_submissions.rows_loaded) as rows_loaded
    from old_submissions
    left join new_submissions using (submission_id)
    group by old_submissions.form
)
select coalesce(max(rows_replaced / rows_loaded) filter (where rows_loaded > 0), 0.0) as share from of_forms;

create temp table parts as
select distinct 'old' as side, province_code, org_code, indicator_code, form, period, period_end, submission_id
from old_indicator_parts
union all
select distinct 'new' as side, province_code, org_code, indicator_code, form, period, period_end, submission_id
from new_indicator_parts;

-- The parts of touched submissions, each told of its unit and of its province, whose own figure may give way.
create temp table told as
with touched_parts as (
    select * from parts semi join touched using (submission_id)
)
select org_code, indicator_code, form, period, period_end, submission_id from touched_parts
union
select province_code, indicator_code, form, period, period_end, submission_id from touched_parts;

-- From which period on a submission explains figures of a place or of its province: sums through the year take
-- up earlier periods, and the populations of coverage weigh the figures of other indicators too.
create temp table reached as
select
    org_code,
    if(form = 'coverage', '*', indicator_code) as indicator_code,
    min(period_end) as period_end,
    max(submission_id) as submission_id
from told
group by all;

-- Indicators and definitions that the registry now has otherwise.
create temp table redefined as
with indicators as (
    (from old_dim_indicator except from new_dim_indicator)
    union all
    (from new_dim_indicator except from old_dim_indicator)
), measures as (
    (from old_indicator_measures except from new_indicator_measures)
    union all
    (from new_indicator_measures except from old_indicator_measures)
)
select indicator_code, null as variant from indicators
union
select indicator_code, variant from measures;

create temp table changed as
with old_values as (
    select * from old_indicator_series where boundaries = 'as_was' and actual is not null
), new_values as (
    select * from new_indicator_series where boundaries = 'as_was'
), places as (
    select distinct org_code, valid_from from new_dim_org_unit
)
select
    old_values.org_code,
    old_values.org_name_vi,
    old_values.indicator_code,
    named.indicator_name_vi,
    named.indicator_name_en,
    old_values.variant,
    old_values.period,
    old_values.unit,
    old_values.actual as old_value,
    new_values.actual as new_value,
    coalesce(own.submission_id, general.submission_id, new_values.submission_id) as submission_id,
    own.submission_id is not null
    or general.submission_id is not null
    or places.org_code is null
    or exists (
        select 1 from redefined
        where redefined.indicator_code = old_values.indicator_code
            and (redefined.variant is null or redefined.variant = old_values.variant)
    ) as is_explained
from old_values
left join new_values
    on old_values.org_code = new_values.org_code
    and old_values.org_valid_from = new_values.org_valid_from
    and old_values.indicator_code = new_values.indicator_code
    and old_values.variant is not distinct from new_values.variant
    and old_values.period = new_values.period
    and old_values.basis is not distinct from new_values.basis
left join old_dim_indicator as named on named.indicator_code = old_values.indicator_code
left join reached as own
    on own.org_code = old_values.org_code
    and own.indicator_code = old_values.indicator_code
    and own.period_end <= old_values.period_end
left join reached as general
    on general.org_code = old_values.org_code
    and general.indicator_code = '*'
    and general.period_end <= old_values.period_end
left join places on places.org_code = old_values.org_code and places.valid_from = old_values.org_valid_from
where new_values.actual is null
    or abs(new_values.actual - old_values.actual) > 1e-9 * greatest(1, abs(old_values.actual));

create temp table units_lost as
with passed as (
    select distinct side, form, period, org_code from parts
    where period_end <= cast(getvariable('last_as_of') as date)
), old_units as (
    from passed where side = 'old'
), lost as (
    from old_units anti join (from passed where side = 'new') using (form, period, org_code)
), explained as (
    select distinct form, period, org_code from told
)
select
    form,
    period,
    count(*) as units,
    count(lost.org_code) as lost,
    count(lost.org_code) filter (where explained.org_code is null) as unexplained,
    (list(lost.org_code order by lost.org_code) filter (where lost.org_code is not null))[:5] as first_lost
from old_units
left join lost using (form, period, org_code)
left join explained using (form, period, org_code)
group by form, period
having count(lost.org_code) > 0;

-- Verdicts that differ though nothing that decides them does.
create temp table flipped as
select
    old_rows.org_code,
    old_rows.org_name_vi,
    old_rows.indicator_code,
    old_rows.indicator_name_vi,
    old_rows.indicator_name_en,
    old_rows.period,
    old_rows.period_end,
    old_labels.label_vi as old_vi,
    old_labels.label_en as old_en,
    new_labels.label_vi as new_vi,
    new_labels.label_en as new_en
from old_indicator_progress as old_rows
inner join new_indicator_progress as new_rows
    on old_rows.org_code = new_rows.org_code
    and old_rows.org_valid_from = new_rows.org_valid_from
    and old_rows.indicator_code = new_rows.indicator_code
    and old_rows.variant is not distinct from new_rows.variant
    and old_rows.plan_id is not distinct from new_rows.plan_id
    and old_rows.row_ref is not distinct from new_rows.row_ref
    and old_rows.milestone_on is not distinct from new_rows.milestone_on
    and old_rows.period = new_rows.period
    and old_rows.basis is not distinct from new_rows.basis
left join new_dim_status as old_labels on old_rows.status = old_labels.status
left join new_dim_status as new_labels on new_rows.status = new_labels.status
where old_rows.status <> new_rows.status
    and old_rows.judged_on = new_rows.judged_on
    and old_rows.actual is not distinct from new_rows.actual
    and old_rows.coverage_share is not distinct from new_rows.coverage_share
    and old_rows.is_verified is not distinct from new_rows.is_verified
    and old_rows.maturity is not distinct from new_rows.maturity
    and old_rows.pace is not distinct from new_rows.pace
    and old_rows.comparator is not distinct from new_rows.comparator
    and old_rows.target is not distinct from new_rows.target
    and old_rows.target_low is not distinct from new_rows.target_low
    and old_rows.target_high is not distinct from new_rows.target_high;
