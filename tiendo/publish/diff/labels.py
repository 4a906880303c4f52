"""What the kinds of change, the parts a submission can have in one and the other reasons are called."""

KINDS = {
    "revised": ("Sửa số", "Revised"),
    "added": ("Số mới", "Added"),
    "removed": ("Mất số", "Removed"),
    "retargeted": ("Đổi mục tiêu, hạn", "New target or deadline"),
    "reflagged": ("Đổi đánh giá", "Re-flagged"),
    "opened": ("Thêm dòng mục tiêu", "Target row added"),
    "closed": ("Bỏ dòng mục tiêu", "Target row removed"),
    "derived": ("Chỉ đổi diễn giải", "Explanations only"),
}
MEANINGS = {
    "revised": ("số đã công bố nay là số khác", "a published number is another one now"),
    "added": ("trước chưa có số", "there was no number before"),
    "removed": ("trước có số, nay không còn", "there was a number and is none now"),
    "retargeted": ("số giữ nguyên, mục tiêu hoặc hạn thay đổi", "same number, another target or deadline"),
    "reflagged": (
        "số giữ nguyên, trạng thái, màu, tính chất hoặc xác minh thay đổi",
        "same number, another status, colour, maturity or verification",
    ),
    "opened": (
        "số giữ nguyên hoặc chưa có, thêm dòng mục tiêu",
        "same number or none yet, a target row more",
    ),
    "closed": ("số giữ nguyên hoặc chưa có, bớt dòng mục tiêu", "same number or none yet, a target row less"),
    "derived": (
        "số và đánh giá giữ nguyên; dự báo, mức báo cáo hoặc lời giải thích thay đổi",
        "same number and verdict; forecast, share reported or explanation changed",
    ),
}
ROLES = {
    "sent": ("lần nộp", "submission"),
    "correction": ("đính chính", "correction"),
    "withdrawal": ("văn bản rút", "withdrawal"),
    "withdrawal_likely": ("có thể do văn bản rút", "perhaps the withdrawal"),
    "withdrawn": ("đã rút", "withdrawn:"),
    "reinstated": ("lần nộp cũ có hiệu lực lại", "earlier submission counts again"),
    "departed": ("bản sau chưa biết lần nộp", "not known to the later release:"),
    "adjustment": ("có thể do điều chỉnh kế hoạch", "perhaps the adjusted plan"),
    "catalogue": ("có thể do danh mục thủ tục", "perhaps the catalogue of procedures"),
    "population": ("có thể do dân số trong biểu phủ sóng", "perhaps the population in the coverage form"),
    "other_period": ("có thể do số kỳ khác của chỉ tiêu này", "perhaps another period of the indicator"),
    "source": ("lấy từ", "taken from"),
}
FATES = {
    "arrived": ("mới nhận", "arrived"),
    "withdrawn": ("đã rút", "withdrawn"),
    "departed": ("bản sau chưa biết", "not known to the later"),
    "restated": ("đổi tình trạng", "standing changed"),
}
BECAUSE = {
    "new_period": (
        "kỳ này kết thúc sau {before}: có số vì thời gian trôi qua",
        "the period ended after {before}: new by the passage of time",
    ),
    "later_period": (
        "kỳ này kết thúc sau {after}, ngày bản sau nói đến",
        "the period ends after {after}, the day the later release speaks of",
    ),
    "as_of": ("ngày chốt số khác: {before} → {after}", "another day: {before} → {after}"),
    "code": ("chương trình thay đổi", "the program changed"),
    "versions": ("phần mềm nền thay đổi ({names})", "other packages ({names})"),
    "seeds": ("bảng quy tắc thay đổi ({names})", "rule tables changed ({names})"),
    "plans": ("sổ kế hoạch thay đổi ({names})", "plan registry changed ({names})"),
    "undeclared": (
        "bản kê đời cũ không ghi chương trình và quy tắc, nên không loại trừ được hai lý do này",
        "an older manifest does not state program and rules, so these cannot be ruled out",
    ),
    "submissions": (
        "không lần nộp nào được nêu đích danh; có thể do các lần nộp khác nhau giữa hai bản",
        "no submission is named; those that differ between the releases may be behind it",
    ),
    "unexplained": (
        "hai bản có cùng đầu vào nên không rõ vì sao: báo người bảo trì",
        "the inputs are the same, so the reason is not known: tell the maintainers",
    ),
}
REPORTED = {
    "not_started": ("chưa thực hiện", "not started"),
    "in_progress": ("đang thực hiện", "in progress"),
    "done": ("hoàn thành", "done"),
}
TASK_COLUMNS = {
    "state": ("trạng thái", "state"), "reported_state": ("báo cáo", "reported"),
    "percent_complete": ("hoàn thành (%)", "complete (%)"), "completed_on": ("xong ngày", "completed on"),
    "assignees_done": ("số đơn vị xong", "assignees done"), "assignees_total": ("số đơn vị", "assignees"),
    "evidence_count": ("số minh chứng", "documents"), "evidence_verdict": ("thẩm định", "verdict"),
    "due_on": ("hạn", "due on"), "alert": ("cảnh báo", "alert"), "adjusted_by": ("quyết định", "decision"),
}  # fmt: skip
