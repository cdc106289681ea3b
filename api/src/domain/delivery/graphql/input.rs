//! Arguments of queries about deliveries.

use async_graphql::{Enum, ID, InputObject, OneofObject};
use entity::{
    commitment,
    delivery::{self, Column},
    id::{DeliveryId, PartyId, PlaceId},
};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QuerySelect, QueryTrait};

use super::{DeliverySideFilter, DeliveryStageFilter, DeliveryStateFilter};
use crate::{
    authz::Viewer,
    domain::{
        commitment::{graphql::CommitmentFilter, read as commitments},
        place::lineage,
    },
    graphql::{
        filter::{DateFilter, Filter, IdFilter, ids, nothing},
        paging::{By, Order},
    },
};

/// How to name one delivery (cách chỉ một kết quả thực hiện): exactly one of these.
#[derive(OneofObject)]
pub enum DeliveryBy {
    /// By its id (mã đối tượng).
    Id(ID),
    /// By the reference of who reported it (mã tham chiếu của bên báo cáo), for those whom the
    /// commitment concerns.
    ExternalReference(DeliveryByReference),
}

/// A reference of who reported a delivery (mã tham chiếu của bên báo cáo).
#[derive(InputObject)]
pub struct DeliveryByReference {
    /// Code of the party that reported it (mã bên báo cáo).
    pub reported_by_code: String,
    /// The reference as it was given (mã tham chiếu).
    pub reference: String,
}

/// Which deliveries (điều kiện lọc). All given conditions must hold.
#[derive(InputObject, Clone, Debug, Default)]
pub struct DeliveryFilter {
    /// Id (mã đối tượng).
    pub id: Option<IdFilter>,
    /// The commitment in whose ledger it stands (cam kết); only commitments that you may see
    /// count.
    pub commitment: Option<CommitmentFilter>,
    /// To whom it is credited (bên được ghi nhận kết quả).
    pub giver: Option<IdFilter>,
    /// Exactly the commune it arrived in (xã, phường, thị trấn).
    pub commune: Option<IdFilter>,
    /// A place (địa bàn): what arrived in it, in anything that lies in it, and in what any of
    /// these succeeded.
    pub in_place: Option<ID>,
    /// Which side wrote it down first (bên ghi nhận).
    pub side: Option<DeliverySideFilter>,
    /// Which way the goods went (chặng giao).
    pub stage: Option<DeliveryStageFilter>,
    /// State (trạng thái).
    pub state: Option<DeliveryStateFilter>,
    /// On which day (ngày thực hiện).
    pub delivered_on: Option<DateFilter>,
    /// Whose figure it is (bên báo cáo).
    pub reported_by: Option<IdFilter>,
    /// Through whose hands it passed (qua bên trung chuyển).
    pub via: Option<IdFilter>,
    /// The entry into the carrier's hands that it is taken from (lấy từ lần giao).
    pub drawn_from: Option<IdFilter>,
    /// Since when somebody is to act on it (chờ xử lý từ ngày).
    pub waiting_since: Option<DateFilter>,
}

impl DeliveryFilter {
    /// The condition on deliveries, with the visibility of commitments inside.
    pub fn condition(&self, viewer: &Viewer) -> Condition {
        Condition::all()
            .add(ids::<DeliveryId>(&self.id, Column::Id))
            .add(self.of_commitments(viewer))
            .add(ids::<PartyId>(&self.giver, Column::GiverId))
            .add(ids::<PlaceId>(&self.commune, Column::CommuneId))
            .add(self.inside(viewer))
            .add(self.side.on(Column::Side))
            .add(self.stage.on(Column::Stage))
            .add(self.state.on(Column::State))
            .add(self.delivered_on.on(Column::DeliveredOn))
            .add(ids::<PartyId>(&self.reported_by, Column::ReportedById))
            .add(ids::<PartyId>(&self.via, Column::ViaId))
            .add(ids::<DeliveryId>(&self.drawn_from, Column::DrawnFromId))
            .add(self.waiting_since.on(Column::WaitingSince))
    }

    fn of_commitments(&self, viewer: &Viewer) -> Condition {
        let Some(commitment) = &self.commitment else { return Condition::all() };
        let commitments = commitments::visible_to(viewer)
            .filter(commitment.condition(viewer))
            .select_only()
            .column(commitment::Column::Id);
        Condition::all().add(Column::CommitmentId.in_subquery(commitments.into_query()))
    }

    fn inside(&self, viewer: &Viewer) -> Condition {
        let Some(place) = &self.in_place else { return Condition::all() };
        match place.parse::<PlaceId>() {
            Ok(place) => {
                let inside = lineage::ids_inside(viewer, place.into());
                Condition::all().add(Column::CommuneId.in_subquery(inside))
            }
            Err(_) => nothing(),
        }
    }
}

/// In which order deliveries come (thứ tự).
#[derive(Enum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DeliveryOrder {
    /// The latest delivered first (ngày thực hiện mới trước).
    #[default]
    Newest,
    /// The earliest delivered first (ngày thực hiện cũ trước).
    Oldest,
    /// As they were entered (theo thứ tự nhập).
    Entered,
    /// What waits longest first (chờ xử lý lâu nhất trước), what waits for nobody last.
    Waiting,
}

impl From<DeliveryOrder> for Order<delivery::Entity> {
    fn from(order: DeliveryOrder) -> Self {
        let (column, by, descending): (_, By<delivery::Model>, _) = match order {
            DeliveryOrder::Newest => (Column::DeliveredOn, By::Date(|row| row.delivered_on), true),
            DeliveryOrder::Oldest => (Column::DeliveredOn, By::Date(|row| row.delivered_on), false),
            DeliveryOrder::Entered => (Column::Id, By::Id, false),
            DeliveryOrder::Waiting => {
                (Column::WaitingSince, By::SomeDate(|row| row.waiting_since), false)
            }
        };
        Self { column, by, descending }
    }
}
