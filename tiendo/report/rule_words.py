"""Words for the rules behind a figure, Vietnamese and English: units, paces of targets, thresholds."""

# Suffixes of values, as the seed `unit_factors` has them.
SUFFIXES = {
    "percent": ("%", "%"),
    "percent_grdp": ("% GRDP", "% of GRDP"),
    "percent_budget": ("% chi ngân sách", "% of budget spending"),
    "per_10k_people": (" người/1 vạn dân", " per 10000 people"),
    "project": (" dự án", " projects"),
    "index_0_1": (" điểm", " points"),
    "score": (" điểm", " points"),
    "hour": (" giờ", " hours"),
}
PACES = {
    "level": ("theo lộ trình thẳng đến mốc", "straight path to the milestone"),
    "cumulative": ("cộng dồn trong năm", "counts up in the year"),
    "flow": ("tỷ lệ từ đầu năm", "ratio since 1 January"),
    "by_date": ("xong trước mốc", "done by the milestone"),
    "none": ("không chấm điểm", "not scored"),
}
THRESHOLDS = {
    "flow_off_track": ("dưới {} mục tiêu là chậm tiến độ", "below {} of the target is off track"),
    "flow_at_risk": ("dưới {} mục tiêu là có nguy cơ chậm", "below {} of the target is at risk"),
    "off_track": ("dưới {} tiến độ là chậm tiến độ", "below {} of schedule is off track"),
    "at_risk": ("dưới {} tiến độ là có nguy cơ chậm", "below {} of schedule is at risk"),
    "materiality_points": ("chênh dưới {} điểm phần trăm không xếp chậm", "a gap below {} points never is"),
    "materiality_share": ("chênh dưới {} mục tiêu không xếp chậm", "a gap below {} of the target never is"),
    "early_days": ("chưa đánh giá trong {} ngày đầu", "no verdict in the first {} days"),
    "early_share": ("chưa đánh giá trong {} đầu của lộ trình", "no verdict in the first {} of the path"),
    "coverage_share": ("cần {} đơn vị báo cáo mới kết luận", "a verdict needs reports from {} of the units"),
    "due_soon_days": ("còn {} ngày trở xuống là sắp đến hạn", "{} days or less ahead is due soon"),
    "behind_share": ("dưới {} phần thời gian đã qua là quá chậm", "below {} of the time gone is far behind"),
    "behind_after_days": ("không cảnh báo trong {} ngày đầu", "no alert in the first {} days"),
    "behind_after_share": (
        "không cảnh báo khi chưa qua {} thời gian",
        "no alert before {} of the time is gone",
    ),
    "out_of_reach": ("phần còn lại phải vượt {}% là không thể", "a rest above {}% is out of reach"),
}
