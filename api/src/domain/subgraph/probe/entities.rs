//! Questions for entities, as a router asks them: keys that nobody has and, of our types, keys of
//! real rows among them. Each key of a type is a question of its own. Pure.

use composer::{Definition, Field};
use serde_json::{Map, Value};

use super::{
    Asked,
    field_set::FieldSet,
    known::Rows,
    made_up::{Types, Unknown, begins_with},
};
use crate::{
    clock::Clock,
    domain::subgraph::problem::{Code, Problem},
};

/// How many keys that nobody has stand in a question.
const UNKNOWN: usize = 3;

/// A list of representations of one type, and what may be answered.
#[derive(Debug)]
pub struct Question<'a> {
    type_name: &'a str,
    key: FieldSet,
    /// The partner's field on a type of ours, as it is selected.
    extension: Option<String>,
    /// Its name; it answers nothing of what nobody has.
    prefix: &'a str,
    sent: Vec<Sent>,
}

#[derive(Debug)]
struct Sent {
    representation: Value,
    is_known: bool,
}

/// One question for each key by which a router may ask.
pub fn questions<'a>(asked: &Asked<'a>, known: &Rows, clock: &dyn Clock) -> Vec<Question<'a>> {
    let types = Types::of(asked.document);
    let unknown = Unknown { types: &types, prefix: asked.prefix, clock };
    let mut questions = Vec::new();
    for (type_name, parts) in &types.objects {
        let rows = known.get(*type_name).map(Vec::as_slice).unwrap_or_default();
        let keys = parts.iter().flat_map(|part| keys(part));
        questions.extend(keys.map(|key| question(&unknown, type_name, key, rows)));
    }
    questions
}

/// Real rows stand among the made-up ones, so that whoever changes the order is seen.
fn question<'a>(
    unknown: &Unknown<'_, 'a>,
    type_name: &'a str,
    key: FieldSet,
    rows: &[Value],
) -> Question<'a> {
    let Unknown { types, prefix, .. } = unknown;
    let is_ours = !begins_with(type_name, prefix);
    let extension = types.field(type_name, prefix).filter(|_| is_ours);
    let needed = extension.and_then(required).unwrap_or_default();
    let real = |row: &Value| Some(key.of(row)?.into_iter().chain(needed.of(row)?).collect());
    let mut real = rows.iter().filter(|_| is_ours).map_while(real);
    let mut sent = Vec::new();
    for _ in 0..UNKNOWN {
        let mut made_up = unknown.key(type_name, &key);
        made_up.extend(unknown.needed(type_name, &needed));
        sent.push(Sent::of(type_name, made_up, false));
        sent.extend(real.next().map(|row| Sent::of(type_name, row, true)));
    }
    let extension = extension.and_then(|field| types.selected(field));
    Question { type_name, key, extension, prefix, sent }
}

impl Sent {
    fn of(type_name: &str, mut fields: Map<String, Value>, is_known: bool) -> Self {
        fields.insert("__typename".to_owned(), type_name.into());
        Self { representation: Value::Object(fields), is_known }
    }
}

impl Question<'_> {
    pub fn type_name(&self) -> &str {
        self.type_name
    }

    pub fn document(&self) -> String {
        let Self { type_name, key, extension, .. } = self;
        let extension = extension.as_deref().unwrap_or_default();
        format!(
            "query ($representations: [_Any!]!) {{ _entities(representations: $representations) \
             {{ __typename ... on {type_name} {{ {} {extension} }} }} }}",
            key.text()
        )
    }

    pub fn representations(&self) -> Vec<&Value> {
        self.sent.iter().map(|sent| &sent.representation).collect()
    }

    /// What is wrong with an answer: as many entities as were asked for, each in its place, and
    /// nothing of what nobody has.
    pub fn wrong(&self, answer: &Value) -> Option<Problem> {
        let entities = answer["data"]["_entities"].as_array().map_or(&[][..], Vec::as_slice);
        let code = if entities.len() != self.sent.len() {
            Code::ProbeEntitiesCount
        } else {
            let pairs = || self.sent.iter().zip(entities).filter(|(_, entity)| !entity.is_null());
            if pairs().any(|(sent, entity)| !self.is_it(sent, entity)) {
                Code::ProbeEntitiesOrder
            } else if pairs().any(|(sent, entity)| !sent.is_known && self.tells(entity)) {
                Code::ProbeEntitiesUnknown
            } else {
                return None;
            }
        };
        let (expected, found) = (self.sent.len(), entities.len());
        Some(code.here().about(self.type_name).with("expected", expected).with("found", found))
    }

    /// Whether an entity is the one that was asked for in its place.
    fn is_it(&self, sent: &Sent, entity: &Value) -> bool {
        let key = |object: &Value| self.key.of(object).map(Value::Object);
        let same = match (key(&sent.representation), key(entity)) {
            (Some(sent), Some(told)) => is_same(&sent, &told),
            _ => false,
        };
        same && entity["__typename"] == self.type_name
    }

    /// Whether something is said of an entity beside its key.
    fn tells(&self, entity: &Value) -> bool {
        match (&self.extension, begins_with(self.type_name, self.prefix)) {
            (_, true) => true,
            (Some(_), false) => !entity[self.prefix].is_null(),
            (None, false) => false,
        }
    }
}

/// An id may come back as a number of the same digits.
fn is_same(sent: &Value, told: &Value) -> bool {
    match (sent, told) {
        (Value::Object(sent), Value::Object(told)) => {
            sent.len() == told.len()
                && sent
                    .iter()
                    .all(|(name, value)| told.get(name).is_some_and(|it| is_same(value, it)))
        }
        (Value::String(text), Value::Number(number)) => *text == number.to_string(),
        _ => sent == told,
    }
}

/// The resolvable keys that a definition declares.
fn keys(definition: &Definition) -> impl Iterator<Item = FieldSet> {
    let keys = definition.directives.iter().filter(|it| is(&it.name, "key"));
    keys.filter_map(|key| {
        let argument = |wanted: &str| {
            let found = key.arguments.iter().find(|(name, _)| name == wanted);
            found.map(|(_, value)| value)
        };
        let is_resolvable = argument("resolvable").is_none_or(|it| *it != Value::Bool(false));
        FieldSet::read(argument("fields")?.as_str()?).filter(|_| is_resolvable)
    })
}

/// Whether a directive of Federation has this name, imported or not.
fn is(directive: &str, name: &str) -> bool {
    directive.strip_prefix("federation__").unwrap_or(directive) == name
}

/// What a field requires; none if it requires nothing.
fn required(field: &Field) -> Option<FieldSet> {
    let requires = field.directives.iter().find(|it| is(&it.name, "requires"))?;
    let fields = requires.arguments.iter().find(|(name, _)| name == "fields")?;
    FieldSet::read(fields.1.as_str()?)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use composer::{Directive, Document, Kind, Position};
    use entity::id::PlaceId;
    use serde_json::json;

    use super::*;
    use crate::clock::SystemClock;

    fn field(name: &str, of: &str, directives: Vec<Directive>) -> Field {
        let at = Position::default();
        let (name, of) = (name.to_owned(), of.to_owned());
        Field { name, at, of, arguments: Vec::new(), directives, default: None }
    }

    fn directive(name: &str, fields: &str) -> Directive {
        let arguments = vec![("fields".to_owned(), json!(fields))];
        Directive { name: name.to_owned(), at: Position::default(), arguments }
    }

    fn object(name: &str, key: &str, fields: Vec<Field>) -> Definition {
        Definition {
            kind: Kind::Object,
            name: name.to_owned(),
            extends: false,
            at: Position::default(),
            interfaces: Vec::new(),
            directives: vec![directive("key", key)],
            fields,
            values: Vec::new(),
            members: Vec::new(),
            operations: Vec::new(),
            arguments: Vec::new(),
            locations: Vec::new(),
            repeatable: false,
        }
    }

    fn document() -> Document {
        let code = field("code", "String!", vec![]);
        let end = field("validTo", "Date", vec![]);
        let own = field("vidutel", "VidutelCommune", vec![directive("requires", "code validTo")]);
        let id = || field("id", "ID!", vec![]);
        let mut plain = object("VidutelCommune", "id", vec![]);
        plain.directives.clear();
        Document {
            definitions: vec![
                object("Commune", "id", vec![id(), code, end, own]),
                object("VidutelMast", "id", vec![id()]),
                plain,
            ],
        }
    }

    fn asked(document: &Document) -> Asked<'_> {
        Asked { url: "http://127.0.0.1/", sdl: "", document, prefix: "vidutel" }
    }

    fn rows() -> Rows {
        let row = |number: u8| json!({ "id": format!("place_{number}"), "code": "02014", "validTo": null });
        HashMap::from([("Commune".to_owned(), vec![row(1), row(2)])])
    }

    #[test]
    fn known_rows_stand_among_keys_that_nobody_has() {
        let document = document();
        let questions = questions(&asked(&document), &rows(), &SystemClock);

        let [commune, mast] = &questions[..] else { panic!("{questions:?}") };
        let known: Vec<bool> = commune.sent.iter().map(|sent| sent.is_known).collect();
        assert_eq!(known, [false, true, false, true, false]);
        let real = &commune.sent[1].representation;
        let same =
            json!({ "__typename": "Commune", "id": "place_1", "code": "02014", "validTo": null });
        assert_eq!(*real, same);
        let made = &commune.sent[0].representation;
        assert!(made["id"].as_str().unwrap().parse::<PlaceId>().is_ok(), "{made}");
        assert!(made["code"].is_string() && made["validTo"].is_null(), "{made}");
        assert!(commune.document().contains("... on Commune { id vidutel { __typename } }"));
        assert_eq!(mast.sent.len(), UNKNOWN);
        assert!(mast.document().contains("... on VidutelMast { id  }"));
    }

    #[test]
    fn an_answer_keeps_count_and_order_and_makes_nothing_up() {
        let document = document();
        let questions = questions(&asked(&document), &rows(), &SystemClock);
        let (commune, mast) = (&questions[0], &questions[1]);
        let told = |question: &Question<'_>, change: &dyn Fn(&mut Vec<Value>)| {
            let mut entities: Vec<Value> = question
                .sent
                .iter()
                .map(|sent| {
                    let mut entity = sent.representation.clone();
                    let own =
                        if sent.is_known { json!({ "__typename": "V" }) } else { Value::Null };
                    entity["vidutel"] = own;
                    entity
                })
                .collect();
            change(&mut entities);
            question.wrong(&json!({ "data": { "_entities": entities } })).map(|it| it.code)
        };

        assert_eq!(told(commune, &|_| {}), None);
        assert_eq!(told(commune, &|it| it[0] = Value::Null), None);
        assert_eq!(told(commune, &|it| it[1] = Value::Null), None, "it need not know of it");
        assert_eq!(told(commune, &|it| _ = it.pop()), Some(Code::ProbeEntitiesCount));
        assert_eq!(told(commune, &|it| it.push(Value::Null)), Some(Code::ProbeEntitiesCount));
        assert_eq!(told(commune, &|it| it.swap(0, 1)), Some(Code::ProbeEntitiesOrder));
        assert_eq!(told(commune, &|it| it[0]["id"] = 7.into()), Some(Code::ProbeEntitiesOrder));
        let renamed = |it: &mut Vec<Value>| it[0]["__typename"] = "Bank".into();
        assert_eq!(told(commune, &renamed), Some(Code::ProbeEntitiesOrder));
        let made_up = |it: &mut Vec<Value>| it[2]["vidutel"] = json!({ "__typename": "V" });
        assert_eq!(told(commune, &made_up), Some(Code::ProbeEntitiesUnknown));
        assert_eq!(told(mast, &|_| {}), Some(Code::ProbeEntitiesUnknown));
        assert_eq!(told(mast, &|it| it.iter_mut().for_each(|it| *it = Value::Null)), None);
        let nulled = json!({ "data": null, "errors": [{}] });
        assert_eq!(mast.wrong(&nulled).map(|it| it.code), Some(Code::ProbeEntitiesCount));
    }
}
