-- Nothing is lost: every row read of a submission has exactly one disposition.
select *
from {{ ref('submissions') }}
where rows_read <> rows_loaded + rows_unchanged + rows_superseded + rows_quarantined
