select
    indicators.indicator_code,
    indicators.name_vi as indicator_name_vi,
    indicators.name_en as indicator_name_en,
    indicators.theme,
    themes.label_vi as theme_vi,
    themes.label_en as theme_en,
    indicators.unit,
    indicators.direction,
    indicators.kind,
    indicators.numerator_vi,
    indicators.denominator_vi,
    indicators.over_places,
    indicators.over_time,
    indicators.frequency,
    indicators.source_system_vi,
    indicators.derivable as is_derivable,
    indicators.applies_to_level,
    indicators.evidence_required as is_evidence_required,
    indicators.publisher_vi,
    indicators.primary_source,
    indicators.note
from {{ ref('stg_indicators') }} as indicators
left join {{ ref('themes') }} as themes on indicators.theme = themes.theme
