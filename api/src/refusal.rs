//! Refusals: the answers that say no to a request which was understood. They travel as data in a
//! payload (`userErrors`), with a code that is stable for ever and a sentence fit for an officer.

use std::{borrow::Cow, collections::BTreeMap};

use async_graphql::Enum;
use serde_json::{Value, json};
use uuid::Uuid;

mod words;

/// The language of labels and messages.
#[derive(Enum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// Vietnamese (tiếng Việt), the default.
    #[default]
    Vi,
    /// English (tiếng Anh).
    En,
}

/// Why a mutation changed nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub code: UserErrorCode,
    /// Where in the input, from the argument's name on; empty for the whole of it.
    pub path: Vec<String>,
    pub params: BTreeMap<Cow<'static, str>, String>,
    /// A further sentence in Vietnamese and English, where the code alone would not help.
    pub because: Option<[&'static str; 2]>,
    /// The object that stands in the way or has changed; the payload shows it as it is now.
    pub object: Option<Uuid>,
}

impl Refusal {
    /// Points at a field of the input, such as `validTo`.
    #[must_use]
    pub fn at(mut self, field: &str) -> Self {
        self.path = vec!["input".to_owned(), field.to_owned()];
        self
    }

    /// Points at a field of a row of a batch: `["input", "deliveries", "17", "quantity"]`.
    #[must_use]
    pub fn in_row(mut self, list: &str, row: usize) -> Self {
        let field = self.path.into_iter().skip(1);
        let row = ["input".to_owned(), list.to_owned(), row.to_string()];
        self.path = row.into_iter().chain(field).collect();
        self
    }

    /// The same where the row is the whole input: `["input", "quantity"]`.
    #[must_use]
    pub fn out_of_row(mut self) -> Self {
        if self.path.len() > 3 {
            self.path.drain(1..3);
        } else {
            self.path.clear();
        }
        self
    }

    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.params.insert(name.into(), value.to_string());
        self
    }

    #[must_use]
    pub fn object(mut self, id: impl Into<Uuid>) -> Self {
        self.object = Some(id.into());
        self
    }

    #[must_use]
    pub const fn because(mut self, sentences: [&'static str; 2]) -> Self {
        self.because = Some(sentences);
        self
    }

    /// What an idempotency record keeps of it.
    pub fn to_json(&self) -> Value {
        json!({ "code": self.code.name(), "path": self.path, "params": self.params,
            "object": self.object.map(|id| id.to_string()) })
    }

    pub fn from_json(json: &Value) -> Option<Self> {
        let code = json["code"].as_str()?;
        let code = UserErrorCode::ALL.iter().find(|known| known.name() == code)?;
        let text = |value: &Value| Some(value.as_str()?.to_owned());
        let params = json["params"].as_object()?.iter();
        Some(Self {
            path: json["path"].as_array()?.iter().map(text).collect::<Option<_>>()?,
            params: params
                .map(|(name, value)| Some((name.clone().into(), text(value)?)))
                .collect::<Option<_>>()?,
            object: json["object"].as_str().and_then(|id| id.parse().ok()),
            ..code.refuse()
        })
    }

    pub fn message(&self, language: Language) -> String {
        let mut text = self.code.template(language).to_owned();
        for (name, value) in &self.params {
            let value = words::of(value, language).unwrap_or(value);
            text = text.replace(&format!("{{{name}}}"), value);
        }
        if let Some([vi, en]) = self.because {
            text.push(' ');
            text.push_str(if language == Language::Vi { vi } else { en });
        }
        text
    }
}

macro_rules! codes {
    ($($(#[$meta:meta])+ $variant:ident $vi:literal $en:literal;)+) => {
        /// Why a mutation was refused (mã lỗi nghiệp vụ). The list grows; treat an unknown code
        /// as a refusal and show its message.
        #[derive(Enum, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum UserErrorCode { $($(#[$meta])+ $variant),+ }

        impl UserErrorCode {
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => stringify!($variant)),+ }
            }

            /// The sentence an officer reads; `{name}` stands for a parameter.
            pub const fn template(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$variant, Language::Vi) => $vi,
                      (Self::$variant, Language::En) => $en,)+
                }
            }
        }
    };
}

codes! {
    /// No such object, or not one that you may see.
    NotFound "Không tìm thấy." "Not found.";
    /// You see it, but this act is not yours.
    Forbidden
        "Tài khoản của bạn không được thực hiện việc này."
        "Your account may not do this.";
    /// You see what another party sees, and do nothing in its name.
    ViewingAs
        "Bạn đang xem với tư cách đơn vị khác: chỉ được đọc. Hãy kết thúc việc xem rồi thực hiện."
        "You see what another party sees and can only read. End that, then do this.";
    /// The object has changed since you read it; the payload shows it as it is now.
    StaleVersion
        "Dữ liệu đã thay đổi sau khi bạn đọc (phiên bản hiện tại {current}). Hãy xem lại rồi gửi lại."
        "It has changed since you read it (current version {current}). Look again and resend.";
    /// The same key was used before with another input.
    IdempotencyMismatch
        "Khóa chống gửi trùng này đã dùng cho một nội dung khác. Hãy dùng khóa mới."
        "This idempotency key was used for another input. Use a new key.";
    /// The first request with this key is still running.
    IdempotencyInProgress
        "Yêu cầu trước với cùng khóa vẫn đang xử lý. Hãy thử lại sau ít giây."
        "The first request with this key is still running. Try again in a few seconds.";
    /// Something with this key, code or period exists already.
    AlreadyRecorded
        "Đã có bản ghi này: {what}."
        "This is recorded already: {what}.";
    /// A text is empty.
    Blank "Không được để trống." "It must not be blank.";
    /// A text is longer than allowed.
    TooLong "Dài quá {max} ký tự." "Longer than {max} characters.";
    /// A list has more or fewer items than allowed.
    WrongCount "Số phần tử phải từ {min} đến {max}." "The number of items must be {min} to {max}.";
    /// A text has a form that is not allowed here.
    InvalidFormat "Không đúng định dạng: {expected}." "Not the right form: {expected}.";
    /// A number is outside its bounds.
    OutOfRange "Giá trị phải từ {min} đến {max}." "The value must be {min} to {max}.";
    /// A text holds what looks like a phone number or an identity number.
    PersonalData
        "Không nhập số điện thoại hay số giấy tờ tùy thân: hệ thống không lưu dữ liệu cá nhân của người dân."
        "Enter no phone or identity number: no resident's data is kept here.";
    /// The dates do not fit each other.
    InvalidPeriod
        "Ngày kết thúc phải sau ngày bắt đầu."
        "The end must come after the beginning.";
    /// The period lies outside the time in which the object exists.
    OutsideValidity
        "Nằm ngoài thời gian tồn tại của {what} ({from} – {to})."
        "Outside the validity of {what} ({from} – {to}).";
    /// The object is of a kind that cannot stand here.
    WrongKind "Loại đối tượng không phù hợp: cần {expected}." "Of the wrong kind: {expected} is needed.";
    /// A field that this kind needs is missing.
    Required "Cần nhập mục này đối với {kind}." "This field is required for {kind}.";
    /// A field that this kind does not have is given.
    NotApplicable "Mục này không áp dụng cho {kind}." "This field does not apply to {kind}.";
    /// Two fields that exclude each other are given, or neither of them.
    ExactlyOne "Chọn đúng một trong: {fields}." "Give exactly one of: {fields}.";
    /// The object is in a state in which this is not possible.
    WrongState
        "Không thực hiện được khi đang ở trạng thái {state}."
        "Not possible in the state {state}.";
    /// It has ended already.
    AlreadyEnded "Đã kết thúc từ {on}." "It ended on {on}.";
    /// The succession would make a party its own successor.
    SuccessionCycle
        "Kế thừa tạo thành vòng lặp."
        "The succession would run in a circle.";
    /// This party was not asked to do the task.
    NotAsked
        "Nhiệm vụ này không giao cho bên đó."
        "That party was not asked to do this task.";
    /// The invitation is past its fourteen days, revoked, or used by somebody else.
    InvitationSpent
        "Lời mời đã hết hạn, bị thu hồi hoặc đã dùng."
        "The invitation has expired, was revoked, or is used.";
    /// A manager of the party has to approve the invitation first.
    InvitationAwaitsApproval
        "Lời mời đang chờ quản lý của đơn vị chấp thuận."
        "The invitation waits for a manager of the party.";
    /// A party keeps at least one manager.
    LastManager
        "Đơn vị phải còn ít nhất một quản lý."
        "A party keeps at least one manager.";
    /// Nobody confirms, disputes or decides what is their own matter.
    OwnMatter
        "Không ai tự xác nhận hay quyết định việc của chính mình (kể cả đơn vị tiền nhiệm, cấp trên, chi nhánh)."
        "Nobody confirms or decides their own matter, nor a predecessor's, head office's or branch's.";
    /// The commune does not lie in the place of the commitment, nor succeeds one that does.
    OutsidePlace
        "Đơn vị cấp xã này không thuộc địa bàn của cam kết."
        "That commune does not lie in the place of the commitment.";
    /// More would be handed over than the carrier has confirmed and still holds.
    ExceedsAvailable "Chỉ còn {available} để trao." "Only {available} is left to hand over.";
    /// Hand-overs were taken from this entry.
    DrawnUpon
        "Đã trao lại từ lượt này: hãy đảo các lượt trao trước."
        "Hand-overs were taken from this entry: reverse them first.";
    /// Less is confirmed than was promised.
    NotFulfilled
        "Chưa hoàn thành: đã xác nhận {confirmed} trên {promised}."
        "Not fulfilled: {confirmed} of {promised} is confirmed.";
    /// Entries, or an amendment, still wait for somebody.
    StillOpen
        "Còn {count} mục chưa được xác nhận hoặc thống nhất."
        "{count} items are not verified or agreed yet.";
    /// The party still exists.
    NotEnded "{what} vẫn đang hoạt động." "{what} still exists.";
    /// Nothing would change.
    NoChange "Không có gì thay đổi." "Nothing would change.";
    /// The figure is the other side's own: confirm, do not dispute.
    SameFigure
        "Con số này trùng với số đã báo cáo: hãy xác nhận."
        "This is the figure that was reported: confirm it.";
    /// The text is not one valid GraphQL operation.
    InvalidOperation
        "Văn bản không phải là một thao tác GraphQL hợp lệ: {what}."
        "The text is not one valid GraphQL operation: {what}.";
    /// A text holds what looks like a token, an invitation's code or a password's header.
    HoldsSecret
        "Không lưu mã truy cập hay mật khẩu ở đây: người khác sẽ đọc được."
        "Keep no token or password here: others would read it.";
    /// The checks of a subgraph found something; the payload's `check` says what.
    SubgraphRefused
        "Đồ thị con chưa đạt kiểm tra: {count} vấn đề."
        "The subgraph did not pass: {count} problems.";
    /// A live subgraph uses the field that was granted.
    GrantInUse
        "Đồ thị con {what} đang dùng trường này."
        "The subgraph {what} uses this field.";
    /// A token, or whoever issues it, cannot give more than it has.
    ExceedsIssuer
        "Không thể cấp quyền lớn hơn quyền của chính mình."
        "Nobody can give more than they have.";
}

impl UserErrorCode {
    /// Starts a refusal with this code.
    pub const fn refuse(self) -> Refusal {
        Refusal {
            code: self,
            path: Vec::new(),
            params: BTreeMap::new(),
            because: None,
            object: None,
        }
    }
}
