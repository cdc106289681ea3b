//! Mutations of deliveries: inputs, payloads and fields.

use async_graphql::{Context, ID, InputObject, Object};
use uuid::Uuid;

use super::{Delivery, DeliveryStage};
use crate::{
    domain::{batch::How, delivery::write},
    error::Result,
    graphql::{
        context::{ContextExt, key},
        payload::{ErrorPolicy, batch_payload, payload},
        scalar::{Date, Decimal},
    },
};

/// Where a figure can be checked (minh chứng): references, never a file.
#[derive(InputObject, Clone, Debug, Default)]
pub struct EvidenceInput {
    /// Number of a document (số văn bản, biên bản), at most 60 characters.
    pub number: Option<String>,
    /// SHA-256 of a paper or file in hexadecimal (mã băm).
    pub hash: Option<String>,
    /// An https address (liên kết), at most 500 characters.
    pub url: Option<String>,
}

/// One entry of a batch (kết quả thực hiện).
#[derive(InputObject, Clone, Debug)]
pub struct RecordDeliveryInput {
    /// The commitment it is delivered on (cam kết). Without one, name `activityId`: the entry then
    /// belongs to the giver's open promise for that commune, activity and year.
    pub commitment_id: Option<ID>,
    /// Who gave it, without a commitment (bên trao): your own party if it is left out, or one that
    /// you record for.
    pub giver_id: Option<ID>,
    /// What was delivered without a commitment (loại hoạt động).
    pub activity_id: Option<ID>,
    /// Where (đơn vị cấp xã), valid on the day; none for goods that go to a carrier.
    pub commune_id: Option<ID>,
    /// How much (số lượng), in the activity's unit; less than nothing only for a removal from a
    /// stock, with a `reason`.
    pub quantity: Decimal,
    /// On which day (ngày thực hiện), not in the future.
    pub delivered_on: Date,
    /// Straight to the commune, into a carrier's hands, or out of them (giai đoạn); straight if it
    /// is left out.
    pub stage: Option<DeliveryStage>,
    /// For a hand-over: the entry into the carrier's hands that it is taken from (lượt gửi).
    pub drawn_from_id: Option<ID>,
    /// Why something was removed (lý do), at most 2,000 characters.
    pub reason: Option<String>,
    /// Where it can be checked (minh chứng).
    pub evidence: Option<EvidenceInput>,
    /// Your own reference (mã tham chiếu), unique for ever: `[A-Za-z][A-Za-z0-9._/-]{0,63}`.
    pub external_reference: Option<String>,
}

/// Several entries at once (nhập kết quả thực hiện).
#[derive(InputObject)]
pub struct RecordDeliveriesInput {
    /// The entries (các lượt), 1 to 500.
    pub deliveries: Vec<RecordDeliveryInput>,
    /// Judge only, write nothing (chạy thử).
    #[graphql(default)]
    pub dry_run: bool,
    /// What to do when rows are refused (khi có dòng lỗi).
    #[graphql(default)]
    pub error_policy: ErrorPolicy,
    /// Key of this request (khóa chống gửi trùng): the same key makes nothing twice.
    pub idempotency_key: Uuid,
}

/// What a commune received, written down by itself first (ghi nhận đã nhận).
#[derive(InputObject)]
pub struct RecordReceiptInput {
    /// The commitment it came on (cam kết). Without one, name `giverId` and `activityId`.
    pub commitment_id: Option<ID>,
    /// From whom, without a commitment (bên trao).
    pub giver_id: Option<ID>,
    /// What, without a commitment (loại hoạt động).
    pub activity_id: Option<ID>,
    /// Where (đơn vị cấp xã), valid on the day.
    pub commune_id: ID,
    /// How much (số lượng), in the activity's unit.
    pub quantity: Decimal,
    /// On which day (ngày nhận), not in the future.
    pub delivered_on: Date,
    /// Where it can be checked (minh chứng).
    pub evidence: Option<EvidenceInput>,
    /// Your own reference (mã tham chiếu), unique for ever: `[A-Za-z][A-Za-z0-9._/-]{0,63}`.
    pub external_reference: Option<String>,
    /// Key of this request (khóa chống gửi trùng): the same key makes nothing twice.
    pub idempotency_key: Uuid,
}

/// An entry as it was read (lượt và phiên bản).
#[derive(InputObject, Clone, Debug)]
pub struct DeliveryVersionInput {
    /// The entry (lượt).
    pub id: ID,
    /// The version this is based on (phiên bản đã đọc).
    pub expected_version: i32,
}

/// Confirming several entries at once (xác nhận số liệu).
#[derive(InputObject)]
pub struct ConfirmDeliveriesInput {
    /// The entries (các lượt), 1 to 500.
    pub deliveries: Vec<DeliveryVersionInput>,
    /// Judge only, write nothing (chạy thử).
    #[graphql(default)]
    pub dry_run: bool,
    /// What to do when rows are refused (khi có dòng lỗi).
    #[graphql(default)]
    pub error_policy: ErrorPolicy,
    /// Key of this request (khóa chống gửi trùng): the same key does nothing twice.
    pub idempotency_key: Uuid,
}

/// One's own figure against a reported one (đề nghị đối soát).
#[derive(InputObject)]
pub struct DisputeDeliveryInput {
    /// The entry (lượt).
    pub id: ID,
    /// The version this is based on (phiên bản đã đọc).
    pub expected_version: i32,
    /// What you counted (số liệu của mình), in the activity's unit.
    pub figure: Decimal,
    /// Why (lý do), at most 2,000 characters.
    pub reason: String,
    /// Key of this request (khóa chống gửi trùng): the same key does nothing twice.
    pub idempotency_key: Uuid,
}

/// Taking the other side's figure (đồng ý với số liệu của bên kia).
#[derive(InputObject)]
pub struct AgreeDeliveryInput {
    /// The entry (lượt).
    pub id: ID,
    /// The version this is based on (phiên bản đã đọc).
    pub expected_version: i32,
    /// Key of this request (khóa chống gửi trùng): the same key does nothing twice.
    pub idempotency_key: Uuid,
}

/// Deciding a dispute from above (quyết định số liệu).
#[derive(InputObject)]
pub struct SettleDeliveryInput {
    /// The entry (lượt).
    pub id: ID,
    /// The version this is based on (phiên bản đã đọc).
    pub expected_version: i32,
    /// What both sides are held to (số liệu thống nhất), in the activity's unit.
    pub figure: Decimal,
    /// Why (lý do), at most 2,000 characters.
    pub reason: String,
    /// Key of this request (khóa chống gửi trùng): the same key does nothing twice.
    pub idempotency_key: Uuid,
}

/// Taking entries back (đính chính, đảo số liệu).
#[derive(InputObject)]
pub struct ReverseDeliveriesInput {
    /// The entries (các lượt), 1 to 500, all of your own reporting.
    pub deliveries: Vec<DeliveryVersionInput>,
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

/// Letting entries be taken back (chấp thuận đảo số liệu).
#[derive(InputObject)]
pub struct ConsentToReversalsInput {
    /// The entries (các lượt), 1 to 500.
    pub deliveries: Vec<DeliveryVersionInput>,
    /// Judge only, write nothing (chạy thử).
    #[graphql(default)]
    pub dry_run: bool,
    /// What to do when rows are refused (khi có dòng lỗi).
    #[graphql(default)]
    pub error_policy: ErrorPolicy,
    /// Key of this request (khóa chống gửi trùng): the same key does nothing twice.
    pub idempotency_key: Uuid,
}

/// Keeping entries as they are (không chấp thuận đảo số liệu).
#[derive(InputObject)]
pub struct RefuseReversalsInput {
    /// The entries (các lượt), 1 to 500.
    pub deliveries: Vec<DeliveryVersionInput>,
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

batch_payload! {
    /// What `recordDeliveries` answers.
    RecordDeliveriesPayload { deliveries: Delivery by DeliveryId }
}

payload! {
    /// What `recordReceipt` answers.
    RecordReceiptPayload { delivery: Delivery } made
}

batch_payload! {
    /// What `confirmDeliveries` answers.
    ConfirmDeliveriesPayload { deliveries: Delivery by DeliveryId }
}

payload! {
    /// What `disputeDelivery` answers.
    DisputeDeliveryPayload { delivery: Delivery } made
}

payload! {
    /// What `agreeDelivery` answers.
    AgreeDeliveryPayload { delivery: Delivery } made
}

payload! {
    /// What `settleDelivery` answers.
    SettleDeliveryPayload { delivery: Delivery } made
}

batch_payload! {
    /// What `reverseDeliveries` answers.
    ReverseDeliveriesPayload { deliveries: Delivery by DeliveryId }
}

batch_payload! {
    /// What `consentToReversals` answers.
    ConsentToReversalsPayload { deliveries: Delivery by DeliveryId }
}

batch_payload! {
    /// What `refuseReversals` answers.
    RefuseReversalsPayload { deliveries: Delivery by DeliveryId }
}

#[derive(Default)]
pub struct DeliveryMutation;

#[Object]
impl DeliveryMutation {
    /// Writes down what was delivered (nhập kết quả thực hiện), up to 500 entries at once. For
    /// reporters of the giver, a joint giver or the carrier, and for agents who record for them.
    async fn record_deliveries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The entries (nội dung).")] input: RecordDeliveriesInput,
    ) -> Option<Result<RecordDeliveriesPayload>> {
        let key = key(ctx, input.idempotency_key);
        let how = How { list: "deliveries", dry_run: input.dry_run, policy: input.error_policy };
        let rows = input.deliveries;
        let done = write::record_deliveries(ctx.app(), ctx.viewer(), rows, how, key).await;
        RecordDeliveriesPayload::of(done)
    }

    /// Writes down what was received before the giver reports it (ghi nhận đã nhận). For reporters
    /// of the commune's authority and its agents; the giver confirms or disputes it.
    async fn record_receipt(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The receipt (nội dung).")] input: RecordReceiptInput,
    ) -> Option<Result<RecordReceiptPayload>> {
        let key = key(ctx, input.idempotency_key);
        RecordReceiptPayload::of(write::record_receipt(ctx.app(), ctx.viewer(), input, key).await)
    }

    /// Says that reported figures are right (xác nhận số liệu), up to 500 at once. For reporters of
    /// the other side: the authority of the commune, the carrier for what came into its hands, the
    /// giver for receipts; or of the next in line.
    async fn confirm_deliveries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The entries (các lượt).")] input: ConfirmDeliveriesInput,
    ) -> Option<Result<ConfirmDeliveriesPayload>> {
        let key = key(ctx, input.idempotency_key);
        let how = How { list: "deliveries", dry_run: input.dry_run, policy: input.error_policy };
        let rows = input.deliveries;
        let done = write::confirm_deliveries(ctx.app(), ctx.viewer(), rows, how, key).await;
        ConfirmDeliveriesPayload::of(done)
    }

    /// Sets one's own figure beside a reported one (đề nghị đối soát); both stay. For those who may
    /// confirm it.
    async fn dispute_delivery(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The figure (nội dung).")] input: DisputeDeliveryInput,
    ) -> Option<Result<DisputeDeliveryPayload>> {
        let key = key(ctx, input.idempotency_key);
        let done = write::dispute_delivery(ctx.app(), ctx.viewer(), input, key).await;
        DisputeDeliveryPayload::of(done)
    }

    /// Takes the other side's figure in a dispute (đồng ý với số liệu của bên kia). For managers of
    /// either side.
    async fn agree_delivery(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The entry (lượt).")] input: AgreeDeliveryInput,
    ) -> Option<Result<AgreeDeliveryPayload>> {
        let key = key(ctx, input.idempotency_key);
        AgreeDeliveryPayload::of(write::agree_delivery(ctx.app(), ctx.viewer(), input, key).await)
    }

    /// Decides a dispute (quyết định số liệu). For managers of the coordinator, and of the
    /// leadership in the coordinator's own matters; all figures stay.
    async fn settle_delivery(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The figure (nội dung).")] input: SettleDeliveryInput,
    ) -> Option<Result<SettleDeliveryPayload>> {
        let key = key(ctx, input.idempotency_key);
        let done = write::settle_delivery(ctx.app(), ctx.viewer(), input, key).await;
        SettleDeliveryPayload::of(done)
    }

    /// Takes back entries of one's own reporting (đính chính), up to 500 at once. What is confirmed
    /// or settled is only asked for: no sum changes until the other side consents.
    async fn reverse_deliveries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The entries (các lượt).")] input: ReverseDeliveriesInput,
    ) -> Option<Result<ReverseDeliveriesPayload>> {
        let key = key(ctx, input.idempotency_key);
        let done = write::reverse_deliveries(ctx.app(), ctx.viewer(), input, key).await;
        ReverseDeliveriesPayload::of(done)
    }

    /// Lets entries be taken back (chấp thuận đảo số liệu), up to 500 at once. For reporters of the
    /// other side, and of the coordinator.
    async fn consent_to_reversals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The entries (các lượt).")] input: ConsentToReversalsInput,
    ) -> Option<Result<ConsentToReversalsPayload>> {
        let key = key(ctx, input.idempotency_key);
        let how = How { list: "deliveries", dry_run: input.dry_run, policy: input.error_policy };
        let rows = input.deliveries;
        let done = write::consent_to_reversals(ctx.app(), ctx.viewer(), rows, how, key).await;
        ConsentToReversalsPayload::of(done)
    }

    /// Keeps entries as they are (không chấp thuận đảo số liệu), up to 500 at once, with a reason.
    /// For those who may consent.
    async fn refuse_reversals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The entries (các lượt).")] input: RefuseReversalsInput,
    ) -> Option<Result<RefuseReversalsPayload>> {
        let key = key(ctx, input.idempotency_key);
        let done = write::refuse_reversals(ctx.app(), ctx.viewer(), input, key).await;
        RefuseReversalsPayload::of(done)
    }
}
