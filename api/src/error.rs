//! Every failure. Refusals are data in a payload; all other variants are faults and become
//! GraphQL errors with a code (`docs/errors.md`). Nothing internal reaches a client: the texts
//! here are written for one, and causes are logged at the edge.

use std::{borrow::Cow, fmt, sync::Arc, time::Duration};

use sea_orm::{DbErr, RuntimeErr, SqlErr, sqlx};

use crate::{hub::budget::Balance, refusal::Refusal};

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Clone, Debug)]
pub enum Error {
    /// Understood and refused; a mutation answers it as `userErrors`.
    Refused(Box<Refusal>),
    /// Nobody is signed in, or with something that is no longer good.
    Unauthenticated(&'static str),
    /// The request makes no sense as sent.
    BadInput(String),
    /// Too many tokens that are not good; waiting helps.
    RateLimited { retry_after: Duration },
    /// An operation may cost more than its caller has left; waiting helps.
    OutOfPoints { requested: u64, balance: Balance, retry_after: Duration },
    /// Too many streams of one caller.
    TooManyStreams,
    /// The document is not GraphQL.
    NotGraphql(String),
    /// The document does not fit the schema, or a variable its type.
    InvalidDocument(String),
    /// No persisted operation that the caller may run is meant.
    NotRegistered(&'static str),
    /// More was asked for at once than is given.
    OverLimit { limit: &'static str, maximum: u64, figure: u64 },
    /// It took too long, and was given up.
    TimedOut(&'static str),
    /// A part of the system is away; trying again may help.
    Unavailable(&'static str),
    /// A fault of the database or of ours.
    Internal(Arc<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// The `extensions.code` of a fault.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Refused(_) | Self::Internal(_) => "INTERNAL_SERVER_ERROR",
            Self::Unauthenticated(_) => "UNAUTHENTICATED",
            Self::BadInput(_) => "BAD_USER_INPUT",
            Self::RateLimited { .. } | Self::OutOfPoints { .. } | Self::TooManyStreams => {
                "RATE_LIMITED"
            }
            Self::NotGraphql(_) => "GRAPHQL_PARSE_FAILED",
            Self::InvalidDocument(_) => "GRAPHQL_VALIDATION_FAILED",
            Self::NotRegistered(_) => "OPERATION_NOT_REGISTERED",
            Self::OverLimit { .. } => "COST_LIMIT",
            Self::TimedOut(_) => "TIMEOUT",
            Self::Unavailable(_) => "UNAVAILABLE",
        }
    }

    /// All codes of faults; the documentation is held against this list.
    pub const CODES: &[&str] = &[
        "BAD_USER_INPUT",
        "COST_LIMIT",
        "GRAPHQL_PARSE_FAILED",
        "GRAPHQL_VALIDATION_FAILED",
        "INTERNAL_SERVER_ERROR",
        "OPERATION_NOT_REGISTERED",
        "RATE_LIMITED",
        "TIMEOUT",
        "UNAUTHENTICATED",
        "UNAVAILABLE",
    ];

    /// Whether somebody else took a unique key between the look and the write. It is committed by
    /// now, so a second look finds it.
    pub fn is_duplicate(&self) -> bool {
        let Self::Internal(cause) = self else { return false };
        let cause = cause.downcast_ref::<DbErr>().and_then(DbErr::sql_err);
        matches!(cause, Some(SqlErr::UniqueConstraintViolation(_)))
    }

    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(Arc::from(cause.into()))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => write!(f, "refused: {:?}", refusal.code),
            Self::Unauthenticated(why) | Self::NotRegistered(why) => f.write_str(why),
            Self::BadInput(what) | Self::NotGraphql(what) | Self::InvalidDocument(what) => {
                f.write_str(what)
            }
            Self::RateLimited { retry_after } => {
                write!(f, "too many tokens that are not good: wait {} s", retry_after.as_secs())
            }
            Self::OutOfPoints { requested, balance, retry_after } => {
                let (left, wait) = (balance.available, retry_after.as_secs());
                write!(f, "it may cost {requested} points, {left} are left: wait {wait} s")
            }
            Self::TooManyStreams => f.write_str("too many streams are open: end one"),
            Self::OverLimit { limit, maximum, figure } => {
                write!(f, "{limit} is {figure}, at most {maximum} is given")
            }
            Self::TimedOut(what) => write!(f, "{what} took too long"),
            Self::Unavailable(what) => write!(f, "{what} is not available, try again"),
            Self::Internal(_) => f.write_str("internal error"),
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl From<DbErr> for Error {
    fn from(cause: DbErr) -> Self {
        let is_away = matches!(cause, DbErr::ConnectionAcquire(_) | DbErr::Conn(_));
        match cause {
            cause if is_away || went_away(&cause) => {
                tracing::error!(%cause, "no connection to the database");
                Self::Unavailable("the database")
            }
            cause if gave_way(&cause) => Self::Unavailable("what somebody else is changing"),
            cause => Self::internal(cause),
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(cause: serde_json::Error) -> Self {
        Self::internal(cause)
    }
}

/// Whether a statement gave way to others: it waited too long for a lock (PostgreSQL 55P03), was
/// chosen to end a deadlock (40P01), or could not be put in order with them (40001).
pub fn gave_way(cause: &DbErr) -> bool {
    sql_state(cause).is_some_and(|code| matches!(code.as_str(), "55P03" | "40P01" | "40001"))
}

/// Whether the database went away under a statement: its connection broke, or it was told to stop
/// (PostgreSQL's classes 08 and 57P).
fn went_away(cause: &DbErr) -> bool {
    let broke = matches!(sqlx_error(cause), Some(sqlx::Error::Io(_) | sqlx::Error::PoolClosed));
    broke || sql_state(cause).is_some_and(|code| code.starts_with("08") || code.starts_with("57P"))
}

fn sql_state(cause: &DbErr) -> Option<String> {
    sqlx_error(cause)?.as_database_error()?.code().map(Cow::into_owned)
}

fn sqlx_error(cause: &DbErr) -> Option<&sqlx::Error> {
    match cause {
        DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => {
            Some(cause)
        }
        _ => None,
    }
}
