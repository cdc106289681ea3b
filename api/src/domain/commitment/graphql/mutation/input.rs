//! Inputs of mutations of commitments.

use async_graphql::{ID, InputObject};
use uuid::Uuid;

use super::super::Disclosure;
use crate::graphql::{
    payload::ErrorPolicy,
    scalar::{Date, Decimal},
};

/// How much is promised by a day (mốc thời hạn).
#[derive(InputObject, Clone, Debug)]
pub struct DueInput {
    /// The day (thời hạn).
    pub due_on: Date,
    /// How much by then, everything before it included (số lượng lũy kế), in the activity's unit.
    pub quantity: Decimal,
}

/// One promise of a batch (cam kết).
#[derive(InputObject, Clone, Debug)]
pub struct ProposeCommitmentInput {
    /// Who promises (bên cam kết chính); the party you act for if it is left out.
    pub giver_id: Option<ID>,
    /// To which commune, or wider (địa bàn).
    pub place_id: ID,
    /// What (loại hoạt động).
    pub activity_id: ID,
    /// How much (số lượng), in the activity's unit; left out for an open promise, which is counted
    /// and never fulfilled.
    pub quantity: Option<Decimal>,
    /// By when (lộ trình): 1 to 60 due dates that rise to `quantity`; none for an open promise.
    #[graphql(default)]
    pub schedule: Vec<DueInput>,
    /// Who promises with you (các bên cùng cam kết), at most 10.
    #[graphql(default)]
    pub joint_giver_ids: Vec<ID>,
    /// Through whose hands the goods pass (bên trung chuyển).
    pub carrier_id: Option<ID>,
    /// Where the means come from (nguồn kinh phí).
    pub funding_source_id: Option<ID>,
    /// What it rests on (văn bản căn cứ), at most 20 documents that you may see.
    #[graphql(default)]
    pub document_ids: Vec<ID>,
    /// The task that was assigned to a state body (nhiệm vụ được giao): the commitment then holds
    /// without acceptance.
    pub task_id: Option<ID>,
    /// The need it answers (nhu cầu): open, of the same activity, in the place.
    pub need_id: Option<ID>,
    /// The declined proposal that it comes after (đề xuất trước đó).
    pub replaces_id: Option<ID>,
    /// Your own name of the agreement that several rows belong to (mã thỏa thuận):
    /// `[A-Za-z][A-Za-z0-9._/-]{0,63}`.
    pub bundle: Option<String>,
    /// In your own words (nội dung), at most 2,000 characters.
    #[graphql(default)]
    pub text: String,
    /// Who may see it (phạm vi công khai); as the kind of the giver has it if it is left out.
    pub disclosure: Option<Disclosure>,
    /// Your own reference (mã tham chiếu), unique for ever: `[A-Za-z][A-Za-z0-9._/-]{0,63}`.
    pub external_reference: Option<String>,
}

/// Several promises at once (đề xuất cam kết).
#[derive(InputObject)]
pub struct ProposeCommitmentsInput {
    /// The promises (các cam kết), 1 to 500.
    pub commitments: Vec<ProposeCommitmentInput>,
    /// Judge only, write nothing (chạy thử).
    #[graphql(default)]
    pub dry_run: bool,
    /// What to do when rows are refused (khi có dòng lỗi).
    #[graphql(default)]
    pub error_policy: ErrorPolicy,
    /// Key of this request (khóa chống gửi trùng): the same key makes nothing twice.
    pub idempotency_key: Uuid,
}

/// Accepting a proposal (chấp thuận cam kết).
#[derive(InputObject)]
pub struct AcceptCommitmentInput {
    /// The commitment (cam kết).
    pub id: ID,
    /// The version this is based on (phiên bản đã đọc).
    pub expected_version: i32,
}

/// Declining a proposal (từ chối cam kết).
#[derive(InputObject)]
pub struct DeclineCommitmentInput {
    /// The commitment (cam kết).
    pub id: ID,
    /// The version this is based on (phiên bản đã đọc).
    pub expected_version: i32,
    /// Why (lý do), at most 2,000 characters.
    pub reason: String,
}

/// Changing a promise (điều chỉnh cam kết). What is left out stays.
#[derive(InputObject)]
pub struct AmendCommitmentInput {
    /// The commitment (cam kết).
    pub id: ID,
    /// The version this is based on (phiên bản đã đọc).
    pub expected_version: i32,
    /// The document that says so (văn bản căn cứ).
    pub document_id: ID,
    /// Why (lý do), at most 2,000 characters.
    pub reason: String,
    /// How much from now on (số lượng mới), in the activity's unit; needs a `schedule` with it.
    pub quantity: Option<Decimal>,
    /// By when from now on (lộ trình mới): 1 to 60 due dates that rise to the quantity.
    pub schedule: Option<Vec<DueInput>>,
    /// To which place from now on (địa bàn mới).
    pub place_id: Option<ID>,
    /// Key of this request (khóa chống gửi trùng): the same key makes nothing twice.
    pub idempotency_key: Uuid,
}

/// Accepting an amendment (chấp thuận điều chỉnh).
#[derive(InputObject)]
pub struct AcceptAmendmentInput {
    /// The amendment (điều chỉnh).
    pub id: ID,
    /// The version of the commitment this is based on (phiên bản đã đọc).
    pub expected_version: i32,
}

/// Declining an amendment (không chấp thuận điều chỉnh).
#[derive(InputObject)]
pub struct DeclineAmendmentInput {
    /// The amendment (điều chỉnh).
    pub id: ID,
    /// The version of the commitment this is based on (phiên bản đã đọc).
    pub expected_version: i32,
    /// Why (lý do), at most 2,000 characters.
    pub reason: String,
}

/// Taking a promise back (rút cam kết).
#[derive(InputObject)]
pub struct WithdrawCommitmentInput {
    /// The commitment (cam kết).
    pub id: ID,
    /// The version this is based on (phiên bản đã đọc).
    pub expected_version: i32,
    /// Why (lý do), at most 2,000 characters.
    pub reason: String,
}

/// Ending a commitment (kết thúc cam kết).
#[derive(InputObject)]
pub struct CloseCommitmentInput {
    /// The commitment (cam kết).
    pub id: ID,
    /// The version this is based on (phiên bản đã đọc).
    pub expected_version: i32,
    /// Why (lý do), at most 2,000 characters: required of the coordinator, unless it is fulfilled.
    #[graphql(default)]
    pub reason: String,
}

/// Opening a closed commitment again (mở lại cam kết).
#[derive(InputObject)]
pub struct ReopenCommitmentInput {
    /// The commitment (cam kết).
    pub id: ID,
    /// The version this is based on (phiên bản đã đọc).
    pub expected_version: i32,
    /// Why (lý do), at most 2,000 characters.
    pub reason: String,
}

/// A commitment as it was read (cam kết và phiên bản).
#[derive(InputObject, Clone, Debug)]
pub struct CommitmentVersionInput {
    /// The commitment (cam kết).
    pub id: ID,
    /// The version this is based on (phiên bản đã đọc).
    pub expected_version: i32,
}

/// Handing on what a party owed that has ended (chuyển giao cam kết).
#[derive(InputObject)]
pub struct TransferCommitmentsInput {
    /// The commitments (các cam kết), 1 to 500; the giver of each has ended.
    pub commitments: Vec<CommitmentVersionInput>,
    /// Who owes them from now on (bên nhận chuyển giao).
    pub to_party_id: ID,
    /// Why (lý do), at most 2,000 characters.
    pub reason: String,
    /// Judge only, write nothing (chạy thử).
    #[graphql(default)]
    pub dry_run: bool,
    /// What to do when rows are refused (khi có dòng lỗi).
    #[graphql(default)]
    pub error_policy: ErrorPolicy,
    /// Key of this request (khóa chống gửi trùng): the same key does nothing twice.
    pub idempotency_key: Uuid,
}
