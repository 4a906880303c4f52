"""What the program says about cells and rows: what was read, what is expected, how to repair it.

Every sentence of a code stands here once, so that a code always says the same thing.
"""

# Column type -> what its cells may hold, in Vietnamese and English.
EXPECTED = {
    "integer": ("một số nguyên, ví dụ 1139 hoặc 1.139", "a whole number such as 1139 or 1.139"),
    "decimal": ("một số, ví dụ 98,7 hoặc 1.234,5", "a number such as 98.7 or 1,234.5"),
    "org_code": (
        "mã tỉnh 2 chữ số hoặc mã xã 5 chữ số đang hiệu lực",
        "a 2-digit province or 5-digit commune code in force",
    ),
    "organisation": ("mã đơn vị hành chính hoặc mã cơ quan", "the code of a unit or an agency"),
    "indicator_code": ("mã trong danh mục chỉ tiêu", "a code of the indicator registry"),
    "plan_id": ("mã kế hoạch trong sổ kế hoạch", "the code of a plan in the registry"),
    "row_ref": ("mã dòng có trong kế hoạch", "a row reference of the plan"),
    "sha256": ("64 ký tự gồm 0-9 và a-f", "64 characters of 0-9 and a-f"),
    "boolean": ("Có hoặc Không (hoặc x, 1, 0)", "Có or Không (or x, 1, 0)"),
    "date": ("một ngày có thật, dạng 31/12/2025", "a real date such as 31/12/2025"),
    "deadline": (
        "thời hạn là một ngày, tháng, quý hoặc năm có thật, như 30/09/2026 hoặc Quý III/2026",
        "a deadline that is a real day, month, quarter or year, such as 30/09/2026 or Quý III/2026",
    ),
    "rhythm": (
        "Thường xuyên, Hằng tháng, Hằng quý, Hằng năm hoặc Không",
        "Thường xuyên, Hằng tháng, Hằng quý, Hằng năm or Không",
    ),
    "timestamp": (
        "ngày giờ có thật, dạng 05/03/2026 08:15",
        "a real date and time such as 05/03/2026 08:15",
    ),
    "period": (
        "một kỳ như 03/2026, Quý I/2026, 6 tháng đầu năm 2026 hoặc Năm 2026",
        "a period such as 03/2026, Quý I/2026, 6 tháng đầu năm 2026 or Năm 2026",
    ),
}

# Code -> Vietnamese and English sentence. {value}, {expected} and further names are filled in.
SENTENCES = {
    "TD-201": (
        "Ô bắt buộc '{label_vi}' đang để trống. Cần {expected_vi}. Hãy điền rồi nộp lại.",
        "The required cell '{label_en}' is empty. Expected {expected_en}. Fill it in and submit again.",
    ),
    "TD-202": (
        "Đọc được '{value}', không phải là số. Cần {expected_vi}. Hãy chỉ ghi số, bỏ chữ và ký hiệu khác.",
        (
            "Read '{value}', which is not a number. Expected {expected_en}. Write the number only, without "
            "words or other signs."
        ),
    ),
    "TD-203": (
        (
            "Đọc được '{value}', không phải số nguyên. Cần {expected_vi}. Hãy ghi số đếm đầy đủ, không có "
            "phần lẻ."
        ),
        "Read '{value}', which is not a whole number. Expected {expected_en}. Write the full count.",
    ),
    "TD-204": (
        "Đọc được '{value}', không phải ngày có thật. Cần {expected_vi}. Hãy xem lại ngày, tháng và năm.",
        "Read '{value}', which is not a real date. Expected {expected_en}. Check day, month and year.",
    ),
    "TD-205": (
        (
            "Đọc được '{value}', không phải kỳ báo cáo. Cần {expected_vi}. Hãy ghi lại kỳ theo một trong "
            "các dạng đó."
        ),
        "Read '{value}', which is not a period. Expected {expected_en}. Write it in one of these ways.",
    ),
    "TD-206": (
        "Đọc được '{value}', không có trong danh sách. Cần một trong: {expected_vi}. Hãy chọn lại.",
        "Read '{value}', which is not in the list. Expected one of: {expected_en}. Choose again.",
    ),
    "TD-207": (
        "Đọc được '{value}', không rõ là có hay không. Cần {expected_vi}. Hãy ghi lại.",
        "Read '{value}', which says neither yes nor no. Expected {expected_en}. Write it again.",
    ),
    "TD-208": (
        (
            "Đọc được mã đơn vị '{value}', không có trong danh mục{detail_vi}. Cần mã tỉnh 2 chữ số hoặc "
            "mã xã 5 chữ số đang hiệu lực. Hãy tra lại mã."
        ),
        (
            "Read the unit code '{value}', which is not in the list of units{detail_en}. Expected a "
            "2-digit province or 5-digit commune code in force. Look the code up again."
        ),
    ),
    "TD-209": (
        (
            "Đọc được mã chỉ tiêu '{value}', không có trong danh mục chỉ tiêu. Hãy lấy mã từ danh mục rồi "
            "ghi lại."
        ),
        "Read the indicator code '{value}', which is not in the registry. Take the code from the registry.",
    ),
    "TD-210": (
        (
            "Dòng này trùng khóa với dòng {other}{detail_vi}. Mỗi khóa chỉ được một dòng: hãy giữ dòng "
            "đúng, xóa dòng kia."
        ),
        (
            "This row has the same key as row {other}{detail_en}. One row per key: keep the right one, "
            "delete the other."
        ),
    ),
    "TD-211": (
        "Đọc được '{value}', ngoài giới hạn cho phép ({limits_vi}). Hãy xem lại số và đơn vị tính.",
        "Read '{value}', outside the limits ({limits_en}). Check the number and its unit.",
    ),
    "TD-212": (
        (
            "Chỉ tiêu '{value}' cộng dồn trong năm nhưng ô 'Cách tính' để trống. Cần Trong kỳ, Lũy kế từ "
            "đầu năm hoặc Ước cả năm. Hãy điền rồi nộp lại."
        ),
        (
            "Indicator '{value}' adds up over the year but 'Basis' is empty. Expected Trong kỳ, Lũy kế từ "
            "đầu năm or Ước cả năm. Fill it in and submit again."
        ),
    ),
    "TD-213": (
        (
            "'{part_vi}' là {value}, lớn hơn '{whole_vi}' là {whole}. Phần không thể lớn hơn tổng: hãy xem "
            "lại hai ô."
        ),
        (
            "'{part_en}' is {value}, more than '{whole_en}', {whole}. A part cannot exceed its whole: "
            "check both."
        ),
    ),
    "TD-214": (
        (
            "Dòng không có 'Giá trị', cũng không có đủ 'Tử số' và 'Mẫu số'. Hãy điền giá trị hoặc cả tử số "
            "và mẫu số."
        ),
        "The row has no value and not both numerator and denominator. Fill in the value or both parts.",
    ),
    "TD-215": (
        (
            "Đọc được '{value}', không thuộc bản trích xuất của đơn vị {org}, tháng tiếp nhận {period}. "
            "Hãy nộp dòng này trong bản trích xuất của đơn vị và tháng của nó."
        ),
        (
            "Read '{value}', which is not part of the extract of unit {org}, month of receipt {period}. "
            "Submit this row with the extract of its own unit and month."
        ),
    ),
    "TD-216": (
        "Ngày kết thúc {value} trước ngày tiếp nhận {other}. Hãy xem lại hai ngày.",
        "The completion on {value} is before the receipt on {other}. Check both dates.",
    ),
    "TD-217": (
        "Ngày hết hiệu lực {value} trước ngày hiệu lực {other}. Hãy xem lại hai ngày.",
        "The end of validity on {value} is before its start on {other}. Check both dates.",
    ),
    "TD-218": (
        (
            "Đọc được '{value}', hiểu được hai cách: {thousands} hoặc {fraction}. Hãy ghi rõ: {thousands} "
            "(không có dấu) hoặc {fraction}0 (thêm số 0 ở cuối)."
        ),
        (
            "Read '{value}', which can mean {thousands} or {fraction}. Write {thousands} (no separator) or "
            "{fraction}0 (a zero at the end)."
        ),
    ),
    "TD-219": (
        (
            "Đọc được đơn vị tính '{value}', trái với đơn vị tính của chỉ tiêu {indicator}: {unit_vi}. Hãy "
            "xem lại số và đơn vị tính, hoặc để trống ô đơn vị tính."
        ),
        (
            "Read the unit '{value}', which contradicts that of indicator {indicator}: {unit_en}. Check the "
            "number and its unit, or leave the unit empty."
        ),
    ),
    "TD-220": (
        (
            "'{label_vi}' là {value}, ngoài kỳ báo cáo {period} (từ {start} đến {end}). Hãy xem lại ngày đó "
            "và kỳ báo cáo."
        ),
        "'{label_en}' is {value}, outside the period {period} ({start} to {end}). Check both.",
    ),
    "TD-221": (
        (
            "Đọc được '{value}', là lỗi của một công thức. Cần {expected_vi}. Hãy sửa công thức hoặc gõ "
            "lại giá trị."
        ),
        (
            "Read '{value}', the error of a formula. Expected {expected_en}. Repair the formula or type the "
            "value."
        ),
    ),
    "TD-222": (
        "Đọc được '{value}', không có trong {where_vi}. Hãy chép đúng mã từ sổ kế hoạch{known_vi}.",
        "Read '{value}', which is not in {where_en}. Copy the code from the plan registry{known_en}.",
    ),
    "TD-223": (
        (
            "Đọc được '{value}': {reason_vi}. Đính chính phải khớp với tệp đã nộp: hãy xem lại mã lần nộp, "
            "trang tính, ô và giá trị cũ."
        ),
        (
            "Read '{value}': {reason_en}. A correction has to fit the submitted file: check the submission, "
            "sheet, cell and old value."
        ),
    ),
    "TD-226": (
        (
            "Dòng '{value}' đứng hai lần trong bảng (xem dòng {other}), không rõ lấy dòng nào. Mỗi mục chỉ "
            "được một dòng: hãy giữ dòng đúng."
        ),
        "The line '{value}' stands twice in the table (see row {other}); keep the right one.",
    ),
    "TD-227": (
        (
            "Đọc được giá trị cũ '{value}', nhưng {reason_vi}. Giá trị cũ phải đúng như trong kế hoạch đã "
            "ban hành: hãy xem lại mã dòng, nội dung điều chỉnh và giá trị cũ."
        ),
        (
            "Read the old value '{value}', but {reason_en}. It has to be the one of the plan as issued: "
            "check the row, the field and the old value."
        ),
    ),
    "TD-228": (
        (
            "Đọc được '{value}', không phải mã băm SHA-256. Cần đúng 64 ký tự gồm 0-9 và a-f. Hãy chép lại "
            "mã băm, hoặc để trống."
        ),
        (
            "Read '{value}', which is no SHA-256 hash. Expected 64 characters of 0-9 and a-f. Copy the hash "
            "again, or leave the cell empty."
        ),
    ),
    "TD-230": (
        "Đọc được kỳ '{value}', biểu này báo cáo theo {kinds_vi}. Hãy ghi lại kỳ.",
        "Read the period '{value}'; this form is for a {kinds_en}. Give the period again.",
    ),
    "TD-229": (
        (
            "Kết quả thẩm định là '{value}' nhưng ô '{label_vi}' để trống. Hãy ghi cấp thẩm định và ngày "
            "thẩm định."
        ),
        "The verdict is '{value}' but '{label_en}' is empty. Give the level and the day of the verdict.",
    ),
}
