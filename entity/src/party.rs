//! Whoever can owe something. Seven kinds in one table; the code is unique for ever.

use sea_orm::entity::prelude::*;

use crate::{
    id::{PartyId, PlaceId},
    json_set, text_enum,
};

text_enum!(Kind {
    ProvincialAuthority,
    Department,
    DistrictAuthority,
    CommuneAuthority,
    MassOrganization,
    TelecomCompany,
    Bank,
});

text_enum!(
    /// What a company of the telecom kind does: bưu chính, viễn thông, công nghệ thông tin.
    Sector { Post, Telecom, It }
);

json_set!(
    /// Kinds of party, for instance those who may promise an activity.
    Kinds of Kind
);

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "party")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PartyId,
    pub kind: Kind,
    pub code: String,
    pub name: String,
    pub name_en: Option<String>,
    /// Folded code and names, each word after a space, for word-start search.
    pub search_key: String,
    /// An authority's own place; the province of a department; the place a mass organisation is
    /// organised for. Null for companies and banks.
    pub place_id: Option<PlaceId>,
    /// Head office of a branch; only companies, banks and mass organisations have one.
    pub parent_id: Option<PartyId>,
    pub sector: Option<Sector>,
    pub is_front: bool,
    /// What every name begins with that it adds to the federated graph; once set, it never changes.
    pub prefix: Option<String>,
    pub valid_from: Date,
    pub valid_from_is_floor: bool,
    pub valid_to: Option<Date>,
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
