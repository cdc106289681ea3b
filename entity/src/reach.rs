//! Who reaches what, by whose right, from–to: the one table behind visibility. Derived from
//! places, parties, successions, marks, assignments and mandates; rebuilt with them, never typed.

use sea_orm::entity::prelude::*;

use crate::{
    id::{PartyId, PlaceId},
    mandate, text_enum,
};

text_enum!(
    #[doc = "By which right a party reaches a place, or (`Own`) another party's rows."]
    Role {
        /// The rows of `principal_id`: its own, a predecessor's, or by mandate another's.
        Own,
        /// `principal_id` is its head office, a branch, a predecessor, or one of theirs: what it
        /// reported is the party's own matter. Gives no right.
        Kin,
        /// Authority of the place or of a successor of it.
        Authority,
        /// District authority of a commune's district.
        District,
        /// Department assigned to the commune.
        Assigned,
        /// Authority of, or department assigned to, a commune in the place: sees what is promised
        /// to the whole of it.
        Inside,
        Leadership,
        Coordinator,
    }
);

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reach")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub party_id: PartyId,
    pub role: Role,
    /// Whose right it is: the party itself, a predecessor, or the principal of a mandate.
    pub principal_id: PartyId,
    /// Null only for `Own` rows that hold everywhere, and for `Kin`.
    pub place_id: Option<PlaceId>,
    /// Set on rows that come from a mandate: the one act they allow.
    pub act: Option<mandate::Act>,
    pub valid_from: Date,
    pub valid_to: Option<Date>,
}

impl ActiveModelBehavior for ActiveModel {}
