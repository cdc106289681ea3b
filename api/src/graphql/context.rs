//! What every resolver has at hand: the application, the viewer and the reader of this request.

use std::{collections::HashMap, hash::Hash, sync::Arc};

use async_graphql::{Context, Value, dataloader::DataLoader};

use super::batch::{NoDelay, Queue};
use crate::{
    app::App,
    authz::Viewer,
    domain::event::subscription::Turn,
    error::{Error, Result},
    refusal::Language,
    tx::{Key, sha256},
};

/// Loads rows for one viewer, in batches, without a cache: it can neither show one viewer's rows
/// to another nor rows from before a write. Each noun implements `Loader` for its keys.
pub struct Reader {
    pub app: Arc<App>,
    pub viewer: Arc<Viewer>,
}

/// What one request carries to its resolvers.
pub struct Parts {
    app: Arc<App>,
    viewer: Arc<Viewer>,
    reader: DataLoader<Reader>,
    language: Language,
    through_router: bool,
    queue: Queue,
}

impl Parts {
    pub fn new(app: Arc<App>, viewer: Viewer, language: Language) -> Self {
        let queue = Queue::default();
        let viewer = Arc::new(viewer);
        let reader = Reader { app: app.clone(), viewer: viewer.clone() };
        let reader = DataLoader::new(reader, queue.clone(), NoDelay);
        Self { app, viewer, reader, language, through_router: false, queue }
    }

    /// Notes whether a router of ours sends the request for whoever asks.
    #[must_use]
    pub fn through_router(mut self, through_router: bool) -> Self {
        self.through_router = through_router;
        self
    }

    /// Whether the schema describes itself to whoever asks, and says how a router composes it: to
    /// those who act for a party, and to everybody in `dev`. A provider may know many more people
    /// than our members.
    pub fn is_open(&self) -> bool {
        self.viewer.acting.is_some() || !self.app.sign_in.personas.is_empty()
    }

    /// Whether what a router asks for is answered: to a router, whoever it asks for, and to those
    /// to whom the schema describes itself.
    pub fn serves_routers(&self) -> bool {
        self.through_router || self.is_open()
    }

    pub fn queue(&self) -> Queue {
        self.queue.clone()
    }
}

pub trait ContextExt {
    fn parts(&self) -> &Parts;

    fn app(&self) -> &Arc<App> {
        &self.parts().app
    }

    fn viewer(&self) -> &Viewer {
        &self.parts().viewer
    }

    fn reader(&self) -> &DataLoader<Reader> {
        &self.parts().reader
    }

    fn language(&self) -> Language {
        self.parts().language
    }

    /// How far the subscription that is being resolved has come.
    fn turn(&self) -> Result<&Turn>;
}

impl ContextExt for Context<'_> {
    #[expect(clippy::expect_used, reason = "`execute` is the only way in and always sets it")]
    fn parts(&self) -> &Parts {
        self.data_opt::<Parts>().expect("a request carries its parts")
    }

    fn turn(&self) -> Result<&Turn> {
        let turn = self.data_opt::<Arc<Turn>>();
        turn.map(|turn| &**turn).ok_or_else(|| Error::internal("a subscription without a turn"))
    }
}

/// The idempotency key of the mutation field that is being resolved, with the hash of its input
/// as sent, the order of fields and the key itself aside.
pub fn key(ctx: &Context<'_>, key: uuid::Uuid) -> Key {
    let input_hash = sha256(arguments(ctx));
    Key { mutation: ctx.field().name().to_owned(), key, input_hash }
}

/// The arguments of the field that is being resolved as sent, the order of fields and an
/// idempotency key aside.
pub fn arguments(ctx: &Context<'_>) -> String {
    let mut canonical = String::new();
    // The arguments were read once already, into the typed input.
    for (name, value) in ctx.field().arguments().unwrap_or_default() {
        canonical.push_str(&name);
        write_canonical(&value, &mut canonical);
    }
    canonical
}

fn write_canonical(value: &Value, out: &mut String) {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by(|a, b| a.0.cmp(b.0));
            out.push('{');
            for (name, value) in fields.into_iter().filter(|(name, _)| *name != "idempotencyKey") {
                out.push_str(&format!("{:?}:", name.as_str()));
                write_canonical(value, out);
                out.push(',');
            }
            out.push('}');
        }
        Value::List(items) => {
            out.push('[');
            for item in items {
                write_canonical(item, out);
                out.push(',');
            }
            out.push(']');
        }
        // An enum's value written in the document and the same one in a variable are one input.
        Value::Enum(name) => out.push_str(&format!("{:?}", name.as_str())),
        other => out.push_str(&other.to_string()),
    }
}

/// Declares a key of the [`Reader`] over the `visible_to` in scope: `loader!(PartyById(PartyId):
/// party by id)` for at most one row per key, `loader!(BranchesOfParty(PartyId): each party by
/// parent_id in code)` for all rows of a key in an order. Rows whose column is null are left out.
macro_rules! loader {
    ($(#[$meta:meta])* $key:ident($of:ty): $noun:ident by $field:ident) => {
        $crate::graphql::context::loader!(@key $(#[$meta])* $key($of));

        impl async_graphql::dataloader::Loader<$key> for $crate::graphql::context::Reader {
            type Value = entity::$noun::Model;
            type Error = $crate::error::Error;

            async fn load(
                &self,
                keys: &[$key],
            ) -> $crate::error::Result<std::collections::HashMap<$key, entity::$noun::Model>> {
                let rows = $crate::graphql::context::loader!(@rows self keys $noun $field)
                    .all(self.app.db.reader())
                    .await?;
                let keyed = rows.into_iter();
                Ok(keyed
                    .filter_map(|row| Some(($key(Option::<$of>::from(row.$field.clone())?), row)))
                    .collect())
            }
        }
    };
    ($(#[$meta:meta])* $key:ident($of:ty): each $noun:ident by $field:ident in $order:ident) => {
        $crate::graphql::context::loader!(@key $(#[$meta])* $key($of));

        impl async_graphql::dataloader::Loader<$key> for $crate::graphql::context::Reader {
            type Value = Vec<entity::$noun::Model>;
            type Error = $crate::error::Error;

            async fn load(
                &self,
                keys: &[$key],
            ) -> $crate::error::Result<std::collections::HashMap<$key, Vec<entity::$noun::Model>>>
            {
                use sea_orm::QueryOrder;
                let rows = $crate::graphql::context::loader!(@rows self keys $noun $field)
                    .order_by_asc(entity::$noun::COLUMN.$order)
                    .order_by_asc(entity::$noun::COLUMN.id)
                    .all(self.app.db.reader())
                    .await?;
                let mut groups = std::collections::HashMap::<$key, Vec<_>>::new();
                for row in rows {
                    if let Some(of) = Option::<$of>::from(row.$field.clone()) {
                        groups.entry($key(of)).or_default().push(row);
                    }
                }
                Ok(groups)
            }
        }
    };
    (@key $(#[$meta:meta])* $key:ident($of:ty)) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub struct $key(pub $of);
    };
    (@rows $self:ident $keys:ident $noun:ident $field:ident) => {{
        use sea_orm::{IntoSimpleExpr, QueryFilter, sea_query::ExprTrait};
        let column = entity::$noun::COLUMN.$field.into_simple_expr();
        visible_to(&$self.viewer).filter(column.is_in($keys.iter().map(|key| key.0.clone())))
    }};
}
pub(crate) use loader;

/// Rows grouped by the key that several of them share, in their order.
pub fn many<K: Eq + Hash, R>(rows: Vec<R>, key: impl Fn(&R) -> K) -> HashMap<K, Vec<R>> {
    let mut groups: HashMap<K, Vec<R>> = HashMap::new();
    for row in rows {
        groups.entry(key(&row)).or_default().push(row);
    }
    groups
}
