//! What the keys of our types are, and how objects are found by them.

use std::borrow::Cow;

use async_graphql::{
    Context, ContextSelectionSet, ID, OutputType, Positioned, ServerResult, UnionType, Value,
    parser::types::Field,
    registry::{MetaType, MetaTypeId, Registry},
    resolver_utils::{ContainerType, Fields, resolve_container},
};

use super::representation::{Representation, bad};
use crate::{
    domain::{
        activity_kind::{graphql::ActivityKind, read::ActivityKindByCode},
        document::{graphql::Document, read::DocumentByHead},
        party::{graphql::Party, read::PartyByCode},
        place::{graphql::Place, read::PlaceByCodeFrom},
    },
    error::Result,
    graphql::{context::ContextExt, node::Node, scalar::civil},
};

/// What names one object beside its id, for a type or for all of an interface.
const OTHER_KEYS: [(&str, &str); 4] = [
    ("ActivityKind", "code"),
    ("Commune", "code validFrom"),
    ("Document", "issuerCode number symbol issuedOn"),
    ("Party", "code"),
];

/// The keys of a type, as sets of fields; none if nobody can refer to it.
pub fn keys(types: &Registry, type_name: &str) -> Vec<&'static str> {
    if !is_entity(types, type_name) {
        return Vec::new();
    }
    let others = OTHER_KEYS.iter().filter(|(of, _)| is_a(types, type_name, of));
    ["id"].into_iter().chain(others.map(|(_, fields)| *fields)).collect()
}

fn is_entity(types: &Registry, type_name: &str) -> bool {
    let entity = types.types.get(&*Entity::type_name());
    entity.is_some_and(|entity| entity.is_possible_type(type_name))
}

fn is_a(types: &Registry, type_name: &str, of: &str) -> bool {
    let implements = types.implements.get(type_name);
    type_name == of || implements.is_some_and(|interfaces| interfaces.contains(of))
}

/// A node under the name that routers know it by. A union by hand: the library makes one of
/// objects, or of other unions, and this one is of all that implement an interface.
pub struct Entity(Node);

impl Entity {
    /// What a representation stands for; none if there is no such thing for whoever asks.
    pub async fn find(ctx: &Context<'_>, sent: Representation) -> Option<Result<Self>> {
        let key = match Key::read(ctx.app().guard.types(), &sent) {
            Ok(key) => key,
            Err(error) => return Some(Err(error)),
        };
        Some(key.find(ctx).await?.and_then(|node| {
            // All parties share one kind of id and of code, and all places do.
            if node.introspection_type_name() != sent.type_name() {
                return Err(bad("a key that names something of another type"));
            }
            Ok(Self(node))
        }))
    }
}

/// One way to name an object.
enum Key {
    Id(ID),
    ActivityKind(ActivityKindByCode),
    Commune(PlaceByCodeFrom),
    Document(DocumentByHead),
    Party(PartyByCode),
}

impl Key {
    /// The first key of its type that a representation has complete.
    fn read(types: &Registry, sent: &Representation) -> Result<Self> {
        let type_name = sent.type_name();
        if !is_entity(types, type_name) {
            return Err(bad("a __typename that is no type with keys"));
        }
        if let Some([id]) = sent.key(["id"]) {
            return match Node::type_of(&id) {
                Some(of) if is_a(types, type_name, &of) => Ok(Self::Id(id.into())),
                _ => Err(bad("an id that is none of its type")),
            };
        }
        let date = |text: &str| civil(text).ok_or_else(|| bad("a key with a date that is none"));
        let incomplete = || bad("no key of its type is there, each field a text");
        if is_a(types, type_name, "Party") {
            let [code] = sent.key(["code"]).ok_or_else(incomplete)?;
            return Ok(Self::Party(PartyByCode(code)));
        }
        match type_name {
            "ActivityKind" => {
                let [code] = sent.key(["code"]).ok_or_else(incomplete)?;
                Ok(Self::ActivityKind(ActivityKindByCode(code)))
            }
            "Commune" => {
                let [code, from] = sent.key(["code", "validFrom"]).ok_or_else(incomplete)?;
                Ok(Self::Commune(PlaceByCodeFrom(code, date(&from)?)))
            }
            "Document" => {
                let head = sent.key(["issuerCode", "number", "symbol", "issuedOn"]);
                let [issuer_code, number, symbol, issued_on] = head.ok_or_else(incomplete)?;
                let issued_on = date(&issued_on)?;
                Ok(Self::Document(DocumentByHead { issuer_code, number, symbol, issued_on }))
            }
            _ => Err(incomplete()),
        }
    }

    async fn find(self, ctx: &Context<'_>) -> Option<Result<Node>> {
        let reader = ctx.reader();
        match self {
            Self::Id(id) => Node::find(ctx, &id).await,
            Self::ActivityKind(key) => {
                let row = reader.load_one(key).await.transpose()?;
                Some(row.map(|row| ActivityKind(row).into()))
            }
            Self::Commune(key) => {
                let row = reader.load_one(key).await.transpose()?;
                Some(row.map(|row| Place::from(row).into()))
            }
            Self::Document(key) => {
                let row = reader.load_one(key).await.transpose()?;
                Some(row.map(|row| Document(row).into()))
            }
            Self::Party(key) => {
                let row = reader.load_one(key).await.transpose()?;
                Some(row.map(|row| Party::from(row).into()))
            }
        }
    }
}

impl ContainerType for Entity {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        self.0.resolve_field(ctx).await
    }

    fn collect_all_fields<'a>(
        &'a self,
        ctx: &ContextSelectionSet<'a>,
        fields: &mut Fields<'a>,
    ) -> ServerResult<()> {
        self.0.collect_all_fields(ctx, fields)
    }
}

impl OutputType for Entity {
    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed("_Entity")
    }

    fn introspection_type_name(&self) -> Cow<'static, str> {
        self.0.introspection_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        registry.create_output_type::<Self, _>(MetaTypeId::Union, |registry| {
            let nodes = registry.create_fake_output_type::<Node>();
            MetaType::Union {
                name: Self::type_name().into_owned(),
                description: Some("Any object that has a key.".to_owned()),
                possible_types: nodes.possible_types().cloned().unwrap_or_default(),
                visible: None,
                inaccessible: false,
                tags: Vec::new(),
                rust_typename: Some(std::any::type_name::<Self>()),
                directive_invocations: Vec::new(),
            }
        })
    }

    async fn resolve(
        &self,
        ctx: &ContextSelectionSet<'_>,
        _: &Positioned<Field>,
    ) -> ServerResult<Value> {
        resolve_container(ctx, self).await
    }
}

impl UnionType for Entity {}
