//! Rows of Cam Kết: one file per table, ids in [`id`]. This crate knows nothing about GraphQL,
//! permission or time; invariants live in the migrations, decisions in `api`.

#![expect(
    clippy::disallowed_methods,
    reason = "the nested saves that `model` derives begin transactions; nobody calls them"
)]

pub mod activity_kind;
pub mod amendment;
pub mod api_token;
pub mod assignment;
pub mod board_cell;
pub mod commitment;
pub mod commitment_document;
pub mod delivery;
pub mod document;
pub mod document_party;
pub mod enrolment;
pub mod event;
pub mod event_audience;
pub mod event_head;
pub mod favourite;
pub mod field_grant;
pub mod funding_source;
pub mod id;
pub mod idempotency;
pub mod installation;
pub mod invitation;
pub mod mandate;
pub mod member;
pub mod need;
pub mod note;
pub mod operation;
pub mod operation_use;
pub mod participant_set;
pub mod participant_set_member;
pub mod party;
pub mod party_mark;
pub mod party_succession;
pub mod place;
pub mod place_alias;
pub mod place_succession;
pub mod reach;
pub mod router_key;
pub mod saved_operation;
pub mod scope;
pub mod session;
pub mod statement_key;
pub mod subgraph;
pub mod subgraph_approval;
pub mod subgraph_read;
pub mod subgraph_version;
pub mod supergraph;
pub mod supergraph_head;
pub mod supergraph_part;
pub mod task;
pub mod task_answer;
pub mod verification;

/// A text column that holds one of a closed set of words, checked by the database too.
macro_rules! text_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord,
            sea_orm::EnumIter, sea_orm::DeriveActiveEnum, serde::Serialize, serde::Deserialize,
        )]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        #[sea_orm(
            rs_type = "String",
            db_type = "String(StringLen::None)",
            rename_all = "SCREAMING_SNAKE_CASE"
        )]
        pub enum $name { $($(#[$vmeta])* $variant),+ }
    };
}
pub(crate) use text_enum;

/// A small set of words in one JSON column, kept sorted and without repetition.
macro_rules! json_set {
    ($(#[$meta:meta])* $name:ident of $item:ty) => {
        $(#[$meta])*
        #[derive(
            Clone, Debug, Default, PartialEq, Eq,
            serde::Serialize, serde::Deserialize, sea_orm::FromJsonQueryResult,
        )]
        pub struct $name(Vec<$item>);

        impl FromIterator<$item> for $name {
            fn from_iter<I: IntoIterator<Item = $item>>(items: I) -> Self {
                let mut items: Vec<$item> = items.into_iter().collect();
                items.sort_unstable();
                items.dedup();
                Self(items)
            }
        }

        impl $name {
            pub fn contains(&self, item: $item) -> bool {
                self.0.contains(&item)
            }

            pub fn iter(&self) -> impl Iterator<Item = $item> + '_ {
                self.0.iter().copied()
            }

            pub fn is_empty(&self) -> bool {
                self.0.is_empty()
            }

            /// Whether every item of `self` is in `other`.
            pub fn is_subset_of(&self, other: &Self) -> bool {
                self.iter().all(|item| other.contains(item))
            }
        }
    };
}
pub(crate) use json_set;
