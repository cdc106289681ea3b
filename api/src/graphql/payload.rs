//! What mutations answer: the object as the viewer sees it now, and the refusals as data.

use async_graphql::{Context, Description, Object, SimpleObject};
use entity::id::TypedId;
use uuid::Uuid;

use super::context::ContextExt;
use crate::{
    error::{Error, Result},
    refusal::{Refusal, UserErrorCode},
    tx::{Done, DoneBatch},
};

/// Why a mutation changed nothing (lý do từ chối), for a program and for an officer.
#[derive(Description)]
pub struct UserError(pub Refusal);

/// A parameter of a refusal (tham số).
#[derive(SimpleObject)]
pub struct UserErrorParam {
    /// Name of the parameter, as in the message's template (tên tham số).
    name: String,
    /// Value of the parameter as text (giá trị).
    value: String,
}

#[Object(use_type_description)]
impl UserError {
    /// Stable code to program against (mã lỗi).
    async fn code(&self) -> UserErrorCode {
        self.0.code
    }

    /// Sentence fit to show to an officer, in the language of the request (thông báo).
    async fn message(&self, ctx: &Context<'_>) -> String {
        self.0.message(ctx.language())
    }

    /// Where in the arguments the cause lies, from the argument's name on; empty for the whole
    /// request (đường dẫn).
    async fn path(&self) -> &[String] {
        &self.0.path
    }

    /// The values that the message is made with (tham số).
    async fn params(&self) -> Vec<UserErrorParam> {
        let params = self.0.params.iter();
        params
            .map(|(name, value)| UserErrorParam {
                name: name.clone().into_owned(),
                value: value.clone(),
            })
            .collect()
    }
}

/// What became of a mutation, before it is shown.
pub struct Outcome {
    pub object: Option<Uuid>,
    pub replayed: bool,
    pub secret: Option<String>,
    pub refusals: Vec<Refusal>,
}

impl Outcome {
    /// Turns refusals into data; faults stay errors.
    pub fn of<Id: TypedId>(result: Result<Done<Id>>) -> Result<Self> {
        match result {
            Ok(Done { id, replayed, secret }) => {
                Ok(Self { object: Some(id.into()), replayed, secret, refusals: Vec::new() })
            }
            Err(Error::Refused(refusal)) => Ok(Self {
                object: refusal.object,
                replayed: false,
                secret: None,
                refusals: vec![*refusal],
            }),
            Err(fault) => Err(fault),
        }
    }

    pub fn user_errors(&self) -> Vec<UserError> {
        self.refusals.iter().cloned().map(UserError).collect()
    }
}

/// What became of a batch, before it is shown.
pub struct BatchOutcome {
    /// For each row of the input the object to show, if there is one.
    pub objects: Vec<Option<Uuid>>,
    pub replayed: bool,
    pub refusals: Vec<Refusal>,
}

impl BatchOutcome {
    /// Turns refusals into data; faults stay errors.
    pub fn of(result: Result<DoneBatch>) -> Result<Self> {
        match result {
            Ok(DoneBatch { rows, replayed }) => Ok(Self {
                objects: rows.iter().map(shown).collect(),
                replayed,
                refusals: rows.into_iter().filter_map(std::result::Result::err).collect(),
            }),
            Err(Error::Refused(refusal)) => {
                Ok(Self { objects: Vec::new(), replayed: false, refusals: vec![*refusal] })
            }
            Err(fault) => Err(fault),
        }
    }

    pub fn user_errors(&self) -> Vec<UserError> {
        self.refusals.iter().cloned().map(UserError).collect()
    }
}

/// The object of a row: what was made or changed, or what stands in its way.
fn shown(row: &std::result::Result<Uuid, Refusal>) -> Option<Uuid> {
    match row {
        Ok(id) => Some(*id).filter(|id| !id.is_nil()),
        Err(refusal) => refusal.object,
    }
}

/// What to do with a batch of which some rows are refused (cách xử lý khi có dòng lỗi).
#[derive(async_graphql::Enum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ErrorPolicy {
    /// Nothing is done (từ chối cả lô).
    #[default]
    RejectAll,
    /// The other rows are done (chỉ từ chối dòng lỗi).
    RejectFailedRows,
}

/// Declares the payload of a batch: one object for each row of the input.
macro_rules! batch_payload {
    ($(#[$meta:meta])+ $name:ident { $objects:ident: $ty:ident by $id:ident }) => {
        $(#[$meta])+
        pub struct $name($crate::graphql::payload::BatchOutcome);

        $(#[$meta])+
        #[async_graphql::Object]
        impl $name {
            /// One object for each row of the input, in its order, as you may see it now; with
            /// `STALE_VERSION` or `ALREADY_RECORDED` the one that stands there. Null where nothing
            /// was done, and for every row of a dry run (kết quả từng dòng).
            async fn $objects(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> $crate::error::Result<Vec<Option<$crate::error::Result<$ty>>>> {
                let find = |id: Option<uuid::Uuid>| async move {
                    $ty::find(ctx, entity::id::$id::from(id?)).await
                };
                let found = self.0.objects.iter().map(|id| find(*id));
                Ok(futures_util::future::join_all(found).await)
            }

            /// Why rows were refused, each with the row in its path (lỗi nghiệp vụ); empty on
            /// success.
            async fn user_errors(&self) -> Vec<$crate::graphql::payload::UserError> {
                self.0.user_errors()
            }

            /// Whether an earlier request with the same key did it (gửi lặp).
            async fn replayed(&self) -> bool {
                self.0.replayed
            }
        }

        impl $name {
            /// What a write answered, ready to be shown.
            pub fn of(
                result: $crate::error::Result<$crate::tx::DoneBatch>,
            ) -> Option<$crate::error::Result<Self>> {
                Some($crate::graphql::payload::BatchOutcome::of(result).map(Self))
            }
        }
    };
}
pub(crate) use batch_payload;

/// Declares the payload of a mutation: the object's field and type, then `changed` for a mutation
/// of something that exists, `made` for one with an idempotency key, or `secret` and a field name
/// for one that shows a secret once. The object is read after the commit, with today's rights.
macro_rules! payload {
    ($(#[$meta:meta])+ $name:ident { $object:ident: $ty:ident } changed) => {
        $crate::graphql::payload::payload!(@object $(#[$meta])+ $name { $object: $ty } {});
    };
    ($(#[$meta:meta])+ $name:ident { $object:ident: $ty:ident } made) => {
        $crate::graphql::payload::payload!(@object $(#[$meta])+ $name { $object: $ty } {
            /// Whether an earlier request with the same key did it (gửi lặp).
            async fn replayed(&self) -> bool {
                self.0.replayed
            }
        });
    };
    ($(#[$meta:meta])+ $name:ident { $object:ident: $ty:ident } secret $(#[$smeta:meta])+ $secret:ident) => {
        $crate::graphql::payload::payload!(@object $(#[$meta])+ $name { $object: $ty } {
            /// Whether an earlier request with the same key did it (gửi lặp).
            async fn replayed(&self) -> bool {
                self.0.replayed
            }

            $(#[$smeta])+
            async fn $secret(&self) -> Option<&str> {
                self.0.secret.as_deref()
            }
        });
    };
    (@object $(#[$meta:meta])+ $name:ident { $object:ident: $ty:ident } { $($more:tt)* }) => {
        $(#[$meta])+
        pub struct $name($crate::graphql::payload::Outcome);

        $(#[$meta])+
        #[async_graphql::Object]
        impl $name {
            /// The object as you may see it now; with `STALE_VERSION` or `ALREADY_RECORDED` the
            /// one that stands there. Null when refused otherwise, or no longer yours to see.
            async fn $object(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> Option<$crate::error::Result<$ty>> {
                $ty::find(ctx, self.0.object?.into()).await
            }

            /// Why nothing was changed; empty on success (lỗi nghiệp vụ).
            async fn user_errors(&self) -> Vec<$crate::graphql::payload::UserError> {
                self.0.user_errors()
            }

            $($more)*
        }

        impl $name {
            /// What a write answered, ready to be shown.
            pub fn of<Id: entity::id::TypedId>(
                result: $crate::error::Result<$crate::tx::Done<Id>>,
            ) -> Option<$crate::error::Result<Self>> {
                Some($crate::graphql::payload::Outcome::of(result).map(Self))
            }
        }
    };
}
pub(crate) use payload;
