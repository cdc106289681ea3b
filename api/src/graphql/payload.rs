//! What mutations answer: the object as the viewer sees it now, and the refusals as data.

use async_graphql::{Context, Description, Object, SimpleObject};
use entity::id::TypedId;
use uuid::Uuid;

use super::context::ContextExt;
use crate::{
    error::{Error, Result},
    refusal::{Refusal, UserErrorCode},
    tx::Done,
};

/// Why a mutation changed nothing (lý do từ chối), for a program and for an officer.
#[derive(Description)]
pub struct UserError(pub Refusal);

/// A parameter of a refusal (tham số).
#[derive(SimpleObject)]
pub struct UserErrorParam {
    /// Name of the parameter, as in the message's template.
    name: String,
    /// Value of the parameter as text.
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
