"""Words for what becomes of tasks, reports and agencies, Vietnamese and English."""

ALERTS = {
    "overdue": ("quá hạn mà chưa xong", "past its deadline and not done"),
    "behind": ("tỷ lệ hoàn thành thấp so với thời gian đã qua", "percent complete far below the time gone"),
    "evidence_insufficient": ("minh chứng không đạt khi thẩm định", "evidence insufficient after appraisal"),
}
REPORTED = {
    "not_started": ("chưa thực hiện", "not started"),
    "in_progress": ("đang thực hiện", "in progress"),
    "done": ("hoàn thành", "done"),
}
VERDICTS = {
    "valid": ("hợp lệ", "valid"),
    "invalid": ("không hợp lệ", "invalid"),
    "not_appraised": ("chưa thẩm định", "not appraised"),
}
LEVELS = {
    "commune": ("cấp xã", "commune level"),
    "province": ("cấp tỉnh", "province level"),
    "government": ("Chính phủ", "government"),
    "central": ("Trung ương", "central level"),
}
CLARITIES = {
    "person": ("rõ người", "who"),
    "work": ("rõ việc", "what"),
    "time": ("rõ thời gian", "when"),
    "responsibility": ("rõ trách nhiệm", "responsibility"),
    "product": ("rõ sản phẩm", "product"),
    "authority": ("rõ thẩm quyền", "authority"),
}
TRENDS = {
    "up": ("tăng", "up"),
    "down": ("giảm", "down"),
    "same": ("không đổi", "unchanged"),
    "new": ("mới", "new"),
}
# Within the band that counts as no change (`score_trend_band`).
NEARLY_THE_SAME = ("gần như không đổi", "little changed")
# What tells two reports of one plan to one receiver apart.
CADENCES = {
    "weekly": ("hằng tuần", "weekly"),
    "monthly": ("hằng tháng", "monthly"),
    "quarterly": ("hằng quý", "quarterly"),
    "first_half": ("6 tháng đầu năm", "first half-year"),
    "second_half": ("6 tháng cuối năm", "second half-year"),
    "yearly": ("hằng năm", "yearly"),
    "on_request": ("theo yêu cầu", "on request"),
}
REPORT_STATES = {
    "on_time": ("green", "đúng hạn", "on time"),
    "late": ("yellow", "muộn", "late"),
    "missing": ("red", "thiếu", "missing"),
    "not_yet_due": ("grey", "chưa đến hạn", "not due yet"),
    "no_obligation": ("grey", "không phải gửi", "nothing owed"),
}
NOT_SCORED = {
    "company": ("doanh nghiệp: hiển thị, không chấm điểm", "company: shown, not scored"),
    "group": ("nhóm đơn vị: từng thành viên được chấm", "group: its members are scored"),
    "nothing_sent": ("chưa gửi báo cáo hay tệp nào", "has sent no report or file"),
    "nothing_to_count": ("chưa có mục nào để tính", "nothing to count yet"),
    "too_few_items": ("quá ít mục để chấm", "too few items"),
}
