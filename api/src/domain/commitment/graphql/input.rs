//! Arguments of queries about commitments.

use async_graphql::{Enum, ID, InputObject, OneofObject};
use chrono::NaiveDate;
use entity::id::{CommitmentId, FundingSourceId, NeedId, PartyId, PlaceId};
use entity::{
    commitment::{self, Column},
    need, participant_set_member as member,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait};

use super::{CommitmentHealth, CommitmentStatusFilter, DisclosureFilter};
use crate::{
    authz::Viewer,
    domain::{
        activity_kind::{graphql::ActivityKindFilter, read as activities},
        commitment::health,
        need::read as needs,
        party::{graphql::PartyFilter, read as parties},
        place::lineage,
    },
    graphql::{
        filter::{DateFilter, Filter, IdFilter, StringFilter, ids, nothing},
        paging::{By, Order},
    },
};

/// How to name one commitment (cách chỉ một cam kết): exactly one of these.
#[derive(OneofObject)]
pub enum CommitmentBy {
    /// By its id (mã đối tượng).
    Id(ID),
    /// By the giver's own reference (mã tham chiếu của bên cam kết), for those whom the commitment
    /// concerns.
    ExternalReference(CommitmentByReference),
}

/// A giver's own reference (mã tham chiếu của bên cam kết).
#[derive(InputObject)]
pub struct CommitmentByReference {
    /// Code of the lead giver (mã bên cam kết chính).
    pub giver_code: String,
    /// The reference as it was given (mã tham chiếu).
    pub reference: String,
}

/// Filters by how commitments stand today. All given conditions must hold.
#[derive(InputObject, Clone, Debug, Default)]
pub struct CommitmentHealthFilter {
    /// Exactly this.
    pub eq: Option<CommitmentHealth>,
    /// One of these.
    pub r#in: Option<Vec<CommitmentHealth>>,
    /// Any but this one, also none.
    pub not: Option<CommitmentHealth>,
}

impl CommitmentHealthFilter {
    fn condition(&self, today: NaiveDate) -> Condition {
        let mut all = Condition::all();
        if let Some(one) = self.eq {
            all = all.add(health::is(one.into(), today));
        }
        if let Some(several) = &self.r#in {
            let any = several.iter().map(|one| health::is((*one).into(), today));
            all = all.add(any.fold(nothing_or(), Condition::add));
        }
        if let Some(one) = self.not {
            all = all.add(health::is_not(one.into(), today));
        }
        all
    }
}

/// What holds when any of what is added to it does; nothing while that is empty.
fn nothing_or() -> Condition {
    Condition::any().add(nothing())
}

/// Which commitments (điều kiện lọc). All given conditions must hold.
#[derive(InputObject, Clone, Debug, Default)]
pub struct CommitmentFilter {
    /// Id (mã đối tượng).
    pub id: Option<IdFilter>,
    /// The lead giver (bên cam kết chính).
    pub giver: Option<PartyFilter>,
    /// A party that is lead giver, joint giver or carrier (bên tham gia cam kết); exactly this
    /// one, without its predecessors.
    pub participant: Option<ID>,
    /// Exactly the place it is promised to (địa bàn thụ hưởng).
    pub place: Option<IdFilter>,
    /// A place (địa bàn): what is promised to it, to anything that lies in it, and to what any of
    /// these succeeded.
    pub in_place: Option<ID>,
    /// What is promised (loại hoạt động).
    pub activity: Option<ActivityKindFilter>,
    /// State (trạng thái).
    pub status: Option<CommitmentStatusFilter>,
    /// Who may see it (phạm vi công khai).
    pub disclosure: Option<DisclosureFilter>,
    /// How it stands today (tình trạng tiến độ).
    pub health: Option<CommitmentHealthFilter>,
    /// The giver's own name of an agreement (gói thoả thuận).
    pub bundle: Option<StringFilter>,
    /// The need it answers (nhu cầu); only a need that you may see counts.
    pub need: Option<ID>,
    /// Where its means come from (nguồn kinh phí).
    pub funding_source: Option<IdFilter>,
    /// The last due date (hạn cuối).
    pub last_due_on: Option<DateFilter>,
    /// The first due date that is not met by what is reported (mốc chưa đạt).
    pub unmet_on: Option<DateFilter>,
    /// Since when the receiver has something to accept (chờ chấp thuận từ ngày).
    pub waiting_since: Option<DateFilter>,
    /// Whether it names no quantity (cam kết mở).
    pub is_open: Option<bool>,
}

impl CommitmentFilter {
    /// The condition on commitments, with the visibility of other nouns inside.
    pub fn condition(&self, viewer: &Viewer) -> Condition {
        Condition::all()
            .add(ids::<CommitmentId>(&self.id, Column::Id))
            .add(self.of_parties(viewer))
            .add(self.of_places(viewer))
            .add(self.of_activities(viewer))
            .add(self.status.on(Column::Status))
            .add(self.disclosure.on(Column::Disclosure))
            .add_option(self.health.as_ref().map(|health| health.condition(viewer.today)))
            .add(self.bundle.on(Column::Bundle))
            .add(self.of_need(viewer))
            .add(ids::<FundingSourceId>(&self.funding_source, Column::FundingSourceId))
            .add(self.last_due_on.on(Column::LastDueOn))
            .add(self.unmet_on.on(Column::UnmetOn))
            .add(self.waiting_since.on(Column::WaitingSince))
            .add_option(self.is_open.map(|is_open| match is_open {
                true => Column::Quantity.is_null(),
                false => Column::Quantity.is_not_null(),
            }))
    }

    fn of_parties(&self, viewer: &Viewer) -> Condition {
        let mut all = Condition::all();
        if let Some(giver) = &self.giver {
            let givers = parties::visible_to(viewer)
                .filter(giver.condition())
                .select_only()
                .column(entity::party::Column::Id);
            all = all.add(Column::GiverId.in_subquery(givers.into_query()));
        }
        let Some(participant) = &self.participant else { return all };
        let Ok(participant) = participant.parse::<PartyId>() else { return nothing() };
        let sets = member::Entity::find()
            .filter(member::Column::PartyId.eq(participant))
            .select_only()
            .column(member::Column::SetId);
        all.add(Column::ParticipantsId.in_subquery(sets.into_query()))
    }

    fn of_places(&self, viewer: &Viewer) -> Condition {
        let all = Condition::all().add(ids::<PlaceId>(&self.place, Column::PlaceId));
        let Some(place) = &self.in_place else { return all };
        match place.parse::<PlaceId>() {
            Ok(place) => {
                let inside = lineage::ids_inside(viewer, place.into());
                all.add(Column::PlaceId.in_subquery(inside))
            }
            Err(_) => nothing(),
        }
    }

    fn of_activities(&self, viewer: &Viewer) -> Condition {
        let Some(activity) = &self.activity else { return Condition::all() };
        let activities = activities::visible_to(viewer)
            .filter(activity.condition())
            .select_only()
            .column(entity::activity_kind::Column::Id);
        Condition::all().add(Column::ActivityId.in_subquery(activities.into_query()))
    }

    fn of_need(&self, viewer: &Viewer) -> Condition {
        let Some(need) = &self.need else { return Condition::all() };
        let Ok(need) = need.parse::<NeedId>() else { return nothing() };
        let needs = needs::visible_to(viewer)
            .filter(need::Column::Id.eq(need))
            .select_only()
            .column(need::Column::Id);
        Condition::all().add(Column::NeedId.in_subquery(needs.into_query()))
    }
}

/// In which order commitments come (thứ tự).
#[derive(Enum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CommitmentOrder {
    /// The latest proposed first (mới đề xuất trước).
    #[default]
    Newest,
    /// The earliest proposed first (đề xuất sớm trước).
    Oldest,
    /// By the last due date (theo hạn cuối), open promises last.
    LastDueOn,
    /// By the first due date that is not met (theo mốc chưa đạt), what meets all of its dates last:
    /// the most late first.
    UnmetOn,
}

impl From<CommitmentOrder> for Order<commitment::Entity> {
    fn from(order: CommitmentOrder) -> Self {
        let (column, by, descending): (_, By<commitment::Model>, _) = match order {
            CommitmentOrder::Newest => (Column::Id, By::Id, true),
            CommitmentOrder::Oldest => (Column::Id, By::Id, false),
            CommitmentOrder::LastDueOn => {
                (Column::LastDueOn, By::SomeDate(|row| row.last_due_on), false)
            }
            CommitmentOrder::UnmetOn => (Column::UnmetOn, By::SomeDate(|row| row.unmet_on), false),
        };
        Self { column, by, descending }
    }
}
