//! What the code words in a refusal's parameters are called, for an officer to read.

use super::Language;

const WORDS: &[(&str, &str, &str)] = &[
    ("PROVINCIAL_AUTHORITY", "Ủy ban nhân dân cấp tỉnh", "a provincial authority"),
    ("DEPARTMENT", "sở, ban, ngành", "a department"),
    ("DISTRICT_AUTHORITY", "Ủy ban nhân dân cấp huyện", "a district authority"),
    ("COMMUNE_AUTHORITY", "Ủy ban nhân dân cấp xã", "a commune authority"),
    ("MASS_ORGANIZATION", "Mặt trận Tổ quốc hoặc đoàn thể", "a mass organisation"),
    ("TELECOM_COMPANY", "doanh nghiệp bưu chính, viễn thông, CNTT", "a telecom company"),
    ("BANK", "ngân hàng thương mại", "a bank"),
    ("STATE_BODY", "cơ quan nhà nước", "a state body"),
    ("PROVINCE", "đơn vị cấp tỉnh", "a province"),
    ("DISTRICT", "đơn vị cấp huyện", "a district"),
    ("COMMUNE", "đơn vị cấp xã", "a commune"),
    ("DIRECTIVE", "văn bản chỉ đạo", "a directive"),
    ("HEAD_OFFICE", "đơn vị không phải là chi nhánh của chính nó", "not a branch of its own"),
    ("OTHER_PARTY", "một bên khác", "another party"),
    (
        "PARTY_CODE",
        "2–32 chữ hoa không dấu, chữ số hoặc gạch nối, chữ đứng đầu",
        "2 to 32 of A–Z, 0–9 and hyphen, a letter first",
    ),
    ("PARTY_WITH_PREFIX", "bên đã được cấp tiền tố", "a party that was given a prefix"),
    (
        "GRANTABLE_FIELD",
        "trường công khai được phép cấp, như Commune.code",
        "a public field that may be granted, such as Commune.code",
    ),
    ("AWAITING_APPROVAL", "chờ phê duyệt", "waiting for approval"),
    ("LIVE", "đang phục vụ", "live"),
    ("REPLACED", "đã được thay thế", "replaced"),
    ("RETIRED", "đã ngừng", "retired"),
    (
        "PREFIX",
        "3–16 chữ thường không dấu hoặc chữ số, chữ đứng đầu",
        "3 to 16 of a–z and 0–9, a letter first",
    ),
    (
        "FREE_PREFIX",
        "tiền tố mà không tên nào của đồ thị này hay từ nào của GraphQL bắt đầu bằng nó",
        "a prefix that no name of this graph and no word of GraphQL begins with",
    ),
    (
        "ACTIVITY_CODE",
        "2–64 chữ thường không dấu, chữ số hoặc gạch dưới, chữ đứng đầu",
        "2 to 64 of a–z, 0–9 and underscore, a letter first",
    ),
    (
        "OPERATION_NAME",
        "1–64 chữ không dấu, chữ số, gạch dưới hoặc gạch nối, chữ đứng đầu",
        "1 to 64 of A–Z, a–z, 0–9, underscore and hyphen, a letter first",
    ),
    (
        "CALLABLE_OPERATION",
        "truy vấn, hoặc thay đổi chỉ có một trường gốc và lấy userErrors { code message path }",
        "a query, or a mutation of one root field that selects userErrors { code message path }",
    ),
    ("JSON_OBJECT", "đối tượng JSON của các biến", "a JSON object of the variables"),
    ("OPEN_PROMISE", "cam kết mở (không nêu số lượng)", "an open promise"),
    ("PARTIES_ONLY", "hoạt động chỉ dành cho các bên", "an activity for the parties only"),
    (
        "RISING_SCHEDULE",
        "các mốc tăng dần theo ngày và số lượng, mốc cuối bằng tổng số",
        "dates and quantities that rise to the whole quantity",
    ),
    ("PROMISER", "bên được phép cam kết hoạt động này", "a party that may promise this activity"),
    (
        "DECLINED_PROPOSAL",
        "đề xuất của chính mình đã bị từ chối",
        "a declined proposal of one's own",
    ),
    (
        "NEED_OF_PLACE",
        "nhu cầu còn mở, cùng hoạt động, trong địa bàn",
        "an open need for this activity in this place",
    ),
    ("ASSIGNED_TASK", "nhiệm vụ được giao", "a task that was assigned"),
    ("STOCK", "số liệu lũy kế (tồn)", "a stock"),
    ("INCREMENT", "lượt tăng thêm", "an entry that adds something"),
    ("HANDED_OVER", "lượt trao lại", "a hand-over"),
    ("TO_CARRIER", "lượt gửi bên trung chuyển", "an entry into a carrier's hands"),
    ("SHA256", "mã SHA-256 gồm 64 chữ số thập lục phân", "64 hexadecimal digits of a SHA-256"),
    ("HTTPS", "địa chỉ https://", "an https:// address"),
    ("CARRIER", "cam kết có bên trung chuyển", "a commitment with a carrier"),
    ("OTHER_PARTICIPANT", "một bên khác trong cùng cam kết", "another participant"),
    ("PROPOSED", "đề xuất", "proposed"),
    ("ACTIVE", "đang có hiệu lực", "active"),
    ("CLOSED", "đã kết thúc", "closed"),
    ("DECLINED", "đã bị từ chối", "declined"),
    ("REPORTED", "chờ xác nhận", "reported"),
    ("CONFIRMED", "đã xác nhận", "confirmed"),
    ("DISPUTED", "đang đối soát", "disputed"),
    ("SETTLED", "đã thống nhất số liệu", "settled"),
    ("REVERSED", "đã đảo", "reversed"),
    ("REVERSAL_REQUESTED", "đang đề nghị đảo", "with a reversal asked for"),
    ("PENDING", "chờ chấp thuận", "pending"),
    ("IN_FORCE", "có hiệu lực", "in force"),
    ("SUPERSEDED", "đã được thay", "superseded"),
    (
        "EXTERNAL_REFERENCE",
        "tối đa 64 chữ không dấu, chữ số hoặc . _ / -, chữ đứng đầu",
        "at most 64 of A–Z, a–z, 0–9 and . _ / -, a letter first",
    ),
    ("NOTE_WITH_DUE_DATE", "ghi chú có thời hạn", "a note with a due date"),
    ("OPEN", "đang mở", "open"),
    ("DONE", "đã xong", "done"),
    ("WITHDRAWN", "đã rút", "withdrawn"),
    ("WHOLE_NUMBER", "số nguyên", "a whole number"),
    (
        "FEWER_DIGITS",
        "số có không quá số chữ số thập phân của hoạt động",
        "no more digits after the point than the activity has",
    ),
    ("REFERENCE", "số và ký hiệu như 1431/QĐ-UBND", "number and symbol such as 1431/QĐ-UBND"),
    (
        "PLAIN_TEXT",
        "văn bản thường, không có ký tự ẩn hay điều khiển",
        "plain text without hidden or control characters",
    ),
];

/// The word in a language; none for values that are not code words.
pub fn of(value: &str, language: Language) -> Option<&'static str> {
    let (_, vi, en) = WORDS.iter().find(|(code, _, _)| *code == value)?;
    Some(if language == Language::Vi { vi } else { en })
}
