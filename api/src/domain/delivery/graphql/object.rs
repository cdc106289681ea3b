//! A delivery as clients see it.

use async_graphql::{Context, Description, ID, Object, SimpleObject};
use entity::{
    delivery::{self, Stage, State},
    id::DeliveryId,
};

use super::{DeliverySide, DeliveryStage, DeliveryState, Verification};
use crate::{
    domain::{
        commitment::{graphql::Commitment, read::IsShared},
        delivery::{
            read::{DeliveryById, ReversalOf, verifications::VerificationsOfDelivery},
            rules,
        },
        event::graphql::Event,
        note::{graphql::Note, read::NotesOfDelivery},
        party::graphql::Party,
        place::graphql::Commune,
        queue::graphql::DeliveryCan,
    },
    error::Result,
    graphql::{
        context::ContextExt,
        scalar::{Date, DateTime, Decimal},
    },
};

/// An entry in the ledger of a commitment (kết quả thực hiện). What was entered never changes.
#[derive(Description)]
pub struct Delivery(pub delivery::Model);

impl Delivery {
    /// Batched lookup shared by query fields, payloads and other nouns.
    pub async fn find(ctx: &Context<'_>, id: DeliveryId) -> Option<Result<Self>> {
        let row = ctx.reader().load_one(DeliveryById(id)).await.transpose()?;
        Some(row.map(Self))
    }

    fn quantity_of(&self, raw: i64) -> Decimal {
        Decimal::of(raw, self.0.precision)
    }
}

#[Object(use_type_description)]
impl Delivery {
    /// Opaque stable id (mã đối tượng).
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The commitment in whose ledger it stands (cam kết).
    async fn commitment(&self, ctx: &Context<'_>) -> Option<Result<Commitment>> {
        Commitment::find(ctx, self.0.commitment_id).await
    }

    /// To whom it is credited (bên được ghi nhận kết quả): the commitment's lead giver.
    async fn giver(&self, ctx: &Context<'_>) -> Option<Result<Party>> {
        Party::find(ctx, self.0.giver_id).await
    }

    /// Which side wrote it down first (bên ghi nhận).
    async fn side(&self) -> DeliverySide {
        self.0.side.into()
    }

    /// Which way the goods went (chặng giao).
    async fn stage(&self) -> DeliveryStage {
        self.0.stage.into()
    }

    /// Where it arrived (xã, phường, thị trấn); null for what went into a carrier's hands.
    async fn commune(&self, ctx: &Context<'_>) -> Option<Result<Commune>> {
        Commune::find(ctx, self.0.commune_id?).await
    }

    /// How much, as reported (số lượng), in the activity's unit; negative for a removal from a
    /// stock and for an entry that takes another one back.
    async fn quantity(&self) -> Decimal {
        self.quantity_of(self.0.quantity)
    }

    /// On which day (ngày thực hiện).
    async fn delivered_on(&self) -> Date {
        Date(self.0.delivered_on)
    }

    /// Through whose hands it passed (qua bên trung chuyển); null for what went directly.
    async fn via(&self, ctx: &Context<'_>) -> Option<Result<Party>> {
        Party::find(ctx, self.0.via_id?).await
    }

    /// The entry into the carrier's hands that it is taken from (lấy từ lần giao); null unless it
    /// was handed over by a carrier.
    async fn drawn_from(&self, ctx: &Context<'_>) -> Option<Result<Delivery>> {
        Self::find(ctx, self.0.drawn_from_id?).await
    }

    /// How much of it the carrier handed over so far (đã trao lại); null unless it went into a
    /// carrier's hands.
    async fn drawn(&self) -> Option<Decimal> {
        (self.0.stage == Stage::ToCarrier).then(|| self.quantity_of(self.0.drawn))
    }

    /// How much of it the carrier can still hand over (còn lại để trao): what is confirmed or
    /// agreed less what was handed over, and nothing while somebody asks to take it back; null unless
    /// it went into a carrier's hands.
    async fn remaining(&self) -> Option<Decimal> {
        let remaining = || self.quantity_of(rules::available(&self.0));
        (self.0.stage == Stage::ToCarrier).then(remaining)
    }

    /// The entry that it takes back (đính chính cho); null where it takes back none.
    async fn reverses(&self, ctx: &Context<'_>) -> Option<Result<Delivery>> {
        Self::find(ctx, self.0.reverses_id?).await
    }

    /// The entry that takes it back (được đính chính bởi); null while it stands.
    async fn reversed_by(&self, ctx: &Context<'_>) -> Option<Result<Delivery>> {
        if self.0.state != State::Reversed || self.0.reverses_id.is_some() {
            return None;
        }
        let row = ctx.reader().load_one(ReversalOf(self.0.id)).await.transpose()?;
        Some(row.map(Self))
    }

    /// Why something was taken back or removed (lý do); null otherwise.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// What proves it (minh chứng); null where nothing was given.
    async fn evidence(&self) -> Option<Evidence> {
        Evidence::of(&self.0)
    }

    /// Whose figure it is (bên báo cáo).
    async fn reported_by(&self, ctx: &Context<'_>) -> Option<Result<Party>> {
        Party::find(ctx, self.0.reported_by_id).await
    }

    /// Who entered it (bên nhập liệu): the one who reports, or its agent.
    async fn entered_by(&self, ctx: &Context<'_>) -> Option<Result<Party>> {
        Party::find(ctx, self.0.entered_by_id).await
    }

    /// The reference of who reports it (mã tham chiếu của bên báo cáo); null where it gave none,
    /// and for everybody whom the commitment does not concern.
    async fn external_reference(&self, ctx: &Context<'_>) -> Option<Result<&str>> {
        let reference = self.0.external_reference.as_deref()?;
        match ctx.reader().load_one(IsShared(self.0.commitment_id)).await.transpose()? {
            Ok(()) => Some(Ok(reference)),
            Err(fault) => Some(Err(fault)),
        }
    }

    /// When it was entered (thời điểm nhập).
    async fn recorded_at(&self) -> DateTime {
        DateTime(self.0.recorded_at)
    }

    /// State (trạng thái).
    async fn state(&self) -> DeliveryState {
        self.0.state.into()
    }

    /// The other side's own figure (số liệu của bên kia), in the activity's unit; null unless it
    /// disputed.
    async fn received(&self) -> Option<Decimal> {
        self.0.received.map(|figure| self.quantity_of(figure))
    }

    /// The figure that both sides are held to (số liệu thống nhất), in the activity's unit; null
    /// unless a dispute was settled.
    async fn agreed(&self) -> Option<Decimal> {
        self.0.agreed.map(|figure| self.quantity_of(figure))
    }

    /// Who asks to take back what is confirmed or settled (bên đề nghị đính chính); null when
    /// nobody does.
    async fn reversal_requested_by(&self, ctx: &Context<'_>) -> Option<Result<Party>> {
        Party::find(ctx, self.0.reversal_requested_by_id?).await
    }

    /// Since when somebody is to act on it (chờ xử lý từ ngày); null when nobody is.
    async fn waiting_since(&self) -> Option<Date> {
        self.0.waiting_since.map(Date)
    }

    /// What was said about it, the earliest first (các lần xác nhận, đối soát).
    async fn verifications(&self, ctx: &Context<'_>) -> Result<Vec<Verification>> {
        let rows = ctx.reader().load_one(VerificationsOfDelivery(self.0.id)).await?;
        Ok(rows.unwrap_or_default().into_iter().map(Verification).collect())
    }

    /// Notes on it that you may see, oldest first (ghi chú).
    async fn notes(&self, ctx: &Context<'_>) -> Result<Vec<Note>> {
        let rows = ctx.reader().load_one(NotesOfDelivery(self.0.id)).await?;
        Ok(rows.unwrap_or_default().into_iter().map(Note).collect())
    }

    /// What happened to it, the earliest first (lịch sử).
    async fn history(&self, ctx: &Context<'_>) -> Result<Vec<Event>> {
        Event::history(ctx, self.0.id).await
    }

    /// What you may do with it now (quyền thao tác).
    async fn viewer_can(&self, ctx: &Context<'_>) -> Result<DeliveryCan> {
        DeliveryCan::on(ctx, &self.0).await
    }

    /// Counts the changes of its state (phiên bản).
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// What proves a delivery (minh chứng): a reference, never a file. At least one field is set.
#[derive(SimpleObject)]
pub struct Evidence {
    /// Number of a paper, such as minutes of a handover (số biên bản, chứng từ).
    pub number: Option<String>,
    /// SHA-256 of the paper or file, 64 hexadecimal digits in small letters (mã băm).
    pub hash: Option<String>,
    /// Link to where it is kept (đường dẫn).
    pub url: Option<String>,
}

impl Evidence {
    fn of(row: &delivery::Model) -> Option<Self> {
        let (number, hash, url) = (&row.evidence_number, &row.evidence_hash, &row.evidence_url);
        let given = number.is_some() || hash.is_some() || url.is_some();
        given.then(|| Self { number: number.clone(), hash: hash.clone(), url: url.clone() })
    }
}
