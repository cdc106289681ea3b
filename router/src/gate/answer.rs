//! A partner's answer, held against what it was asked. Hive Router merges whatever stands in an
//! answer into the client's, so that a partner could write over the fields of others. What comes
//! out of here has no key that was not asked for, is about the very objects that were asked about,
//! and has an error nowhere else.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::asked::Field;
use crate::{fault::Fault, guard::is_shallow, types::Shape};

/// How deep an answer may nest: deeper, it could exhaust the stack of whoever reads it.
const DEPTH: usize = 100;

/// The most errors that are passed on.
const ERRORS: usize = 1000;

/// The most characters of an error's message.
const MESSAGE: usize = 1000;

/// The most characters of its code and of its trace.
const WORD: usize = 64;

/// As a partner sends it.
#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    #[serde(borrow)]
    errors: Option<Vec<&'a RawValue>>,
}

/// One of its errors.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Said {
    message: Option<String>,
    path: Option<Vec<serde_json::Value>>,
    extensions: Option<HashMap<String, serde_json::Value>>,
}

/// A step of an error's path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
enum Step<'q> {
    Key(&'q str),
    Index(usize),
}

/// The answer that says of each field that it cannot be had.
pub fn without(asked: &[Field], fault: &Fault) -> Vec<u8> {
    let mut answer = Answer::new(fault);
    answer.nothing(asked);
    answer.fail_at(asked, fault, ERRORS);
    answer.whole()
}

/// What of an answer was asked for, or nothing where it is no answer at all.
pub fn pruned(partner: &str, asked: &[Field], body: &[u8]) -> Option<Vec<u8>> {
    if !is_shallow(body, DEPTH) {
        return None;
    }
    let body: Body = serde_json::from_slice(body).ok()?;
    let data = body.data.filter(|data| data.get() != "null");
    let errors = body.errors.unwrap_or_default();
    if data.is_none() && errors.is_empty() {
        return None;
    }
    let unasked = Fault::unavailable(format!("{partner} answered what it was not asked"));
    let mut answer = Answer::new(&unasked);
    // Without data an error is one of everything.
    let most = match data {
        Some(data) if data.get().starts_with('{') => {
            answer.object(data, asked, None);
            1
        }
        Some(_) => return None,
        None => {
            answer.nothing(asked);
            ERRORS
        }
    };
    for error in errors.iter().take(ERRORS) {
        answer.repeat(asked, serde_json::from_str(error.get()).unwrap_or_default(), most);
    }
    Some(answer.whole())
}

/// An answer in the making.
struct Answer<'q> {
    data: Vec<u8>,
    errors: Vec<serde_json::Value>,
    /// Where in it something is being written.
    path: Vec<Step<'q>>,
    unasked: &'q Fault,
}

impl<'q> Answer<'q> {
    fn new(unasked: &'q Fault) -> Self {
        Self { data: Vec::new(), errors: Vec::new(), path: Vec::new(), unasked }
    }

    fn whole(self) -> Vec<u8> {
        let mut whole = b"{\"data\":".to_vec();
        whole.extend(self.data);
        if !self.errors.is_empty() {
            whole.extend(b",\"errors\":");
            whole.extend(serde_json::Value::Array(self.errors).to_string().bytes());
        }
        whole.push(b'}');
        whole
    }

    /// Writes null for each field, and for each object that was asked about.
    fn nothing(&mut self, asked: &[Field]) {
        self.data.push(b'{');
        for (at, field) in asked.iter().enumerate() {
            self.key(at, field);
            match &field.entities {
                None => self.data.extend(b"null"),
                Some(entities) => self.nulls(entities.len()),
            }
        }
        self.data.push(b'}');
    }

    fn nulls(&mut self, count: usize) {
        self.data.push(b'[');
        self.data.extend(vec!["null"; count].join(",").bytes());
        self.data.push(b']');
    }

    fn key(&mut self, at: usize, field: &Field) {
        if at > 0 {
            self.data.push(b',');
        }
        self.data.extend(serde_json::Value::from(field.key.as_str()).to_string().bytes());
        self.data.push(b':');
    }

    /// Writes what of an object was asked for. What is known of it before – the values by which it
    /// was asked about – stays as it is known.
    fn object(&mut self, given: &RawValue, fields: &'q [Field], known: Option<&RawValue>) {
        let given = object(given);
        let known = known.map(object).unwrap_or_default();
        self.data.push(b'{');
        let mut written = 0;
        for field in fields {
            let (given, known) = (given.get(&*field.key), known.get(&*field.key));
            if given.is_none() && known.is_none() {
                continue;
            }
            self.key(written, field);
            written += 1;
            self.path.push(Step::Key(&field.key));
            match (given.copied(), known.copied()) {
                (_, Some(known)) if field.fields.is_empty() => self.raw(known),
                (given, Some(known)) => {
                    self.object(given.unwrap_or(known), &field.fields, Some(known));
                }
                (Some(given), None) => self.value(given, field, field.shape.as_ref()),
                (None, None) => {}
            }
            self.path.pop();
        }
        self.data.push(b'}');
    }

    /// Writes a value, or null where it has not the shape of its field.
    fn value(&mut self, given: &RawValue, field: &'q Field, shape: Option<&Shape>) {
        if let Some(entities) = &field.entities {
            return self.entities(given, field, entities);
        }
        let is_leaf = field.fields.is_empty();
        match (given.get().as_bytes().first(), shape) {
            (Some(b'n'), _) => self.data.extend(b"null"),
            (Some(b'['), Some(Shape::List(of))) => self.items(given, field, Some(of)),
            (Some(b'['), None) if !is_leaf => self.items(given, field, None),
            (Some(b'{'), Some(Shape::Object(_)) | None) if !is_leaf => {
                self.object(given, &field.fields, None);
            }
            (_, None) if is_leaf => self.raw(given),
            (_, Some(shape)) if is_leaf && shape.fits(given.get()) => self.raw(given),
            _ => self.unasked(),
        }
    }

    fn items(&mut self, given: &RawValue, field: &'q Field, shape: Option<&Shape>) {
        self.data.push(b'[');
        for (at, item) in list(given).into_iter().enumerate() {
            if at > 0 {
                self.data.push(b',');
            }
            self.path.push(Step::Index(at));
            self.value(item, field, shape);
            self.path.pop();
        }
        self.data.push(b']');
    }

    /// Writes the objects that were asked about, each at its place.
    fn entities(&mut self, given: &RawValue, field: &'q Field, asked: &[&RawValue]) {
        let given = list(given);
        if given.len() != asked.len() {
            self.nulls(asked.len());
            let unasked = self.unasked;
            return self.fail_at(std::slice::from_ref(field), unasked, ERRORS);
        }
        self.data.push(b'[');
        for (at, (given, asked)) in given.into_iter().zip(asked).enumerate() {
            if at > 0 {
                self.data.push(b',');
            }
            self.path.push(Step::Index(at));
            match given.get().as_bytes().first() {
                Some(b'n') => self.data.extend(b"null"),
                Some(b'{') => self.object(given, &field.fields, Some(asked)),
                _ => self.unasked(),
            }
            self.path.pop();
        }
        self.data.push(b']');
    }

    fn raw(&mut self, given: &RawValue) {
        self.data.extend(given.get().bytes());
    }

    /// Writes null in place of what cannot stand here, and says so.
    fn unasked(&mut self) {
        self.data.extend(b"null");
        let (path, fault) = (self.path.clone(), self.unasked);
        self.fail(&path, fault);
    }

    fn fail(&mut self, path: &[Step], fault: &Fault) {
        if self.errors.len() < ERRORS {
            self.errors.push(serde_json::json!({
                "message": fault.message, "path": path, "extensions": fault.extensions(),
            }));
        }
    }

    /// An error at each field, of each object that was asked about, or at the first of them.
    fn fail_at(&mut self, asked: &'q [Field], fault: &Fault, most: usize) {
        let places = asked.iter().flat_map(|field| {
            let root = Step::Key(&field.key);
            let entities = field.entities.iter().flatten().enumerate();
            let of_entities = entities.flat_map(move |(at, entity)| {
                let known = object(entity);
                let unknown = move |field: &&Field| !known.contains_key(&*field.key);
                let fields = field.fields.iter().filter(unknown);
                fields.map(move |field| vec![root, Step::Index(at), Step::Key(&field.key)])
            });
            let of_itself = field.entities.is_none().then(|| vec![root]);
            of_itself.into_iter().chain(of_entities)
        });
        for place in places.take(most) {
            self.fail(&place, fault);
        }
    }

    /// Passes an error on, at its place where it has one among what was asked for, or else at so
    /// much of it.
    fn repeat(&mut self, asked: &'q [Field], said: Said, most: usize) {
        let extensions = said.extensions.unwrap_or_default();
        let word = |name: &str| {
            extensions.get(name)?.as_str().map(|word| word.chars().take(WORD).collect())
        };
        let message = said.message.unwrap_or_default();
        let plain = |character: char| if character.is_control() { ' ' } else { character };
        let fault = Fault {
            message: message.chars().take(MESSAGE).map(plain).collect(),
            code: word("code"),
            trace_id: word("traceId"),
        };
        match place(asked, &said.path.unwrap_or_default()) {
            Some(path) => self.fail(&path, &fault),
            None => self.fail_at(asked, &fault, most),
        }
    }
}

/// How far a path leads through what was asked for; nothing where it does not begin there.
fn place<'q>(asked: &'q [Field], path: &[serde_json::Value]) -> Option<Vec<Step<'q>>> {
    let (mut fields, mut steps) = (asked, Vec::new());
    for step in path.iter().take(DEPTH) {
        if let Some(key) = step.as_str() {
            let Some(field) = fields.iter().find(|field| field.key == key) else { break };
            steps.push(Step::Key(&field.key));
            fields = &field.fields;
        } else {
            let Some(index) = step.as_u64().and_then(|index| usize::try_from(index).ok()) else {
                break;
            };
            steps.push(Step::Index(index));
        }
    }
    let root = asked.iter().find(|field| steps.first() == Some(&Step::Key(&field.key)))?;
    match (&root.entities, steps.get(1)) {
        (None, _) => Some(steps),
        (Some(entities), Some(Step::Index(at))) if *at < entities.len() => Some(steps),
        (Some(_), _) => None,
    }
}

/// The members of an object; none of anything else.
fn object(raw: &RawValue) -> HashMap<String, &RawValue> {
    serde_json::from_str(raw.get()).unwrap_or_default()
}

/// The items of a list; none of anything else.
fn list(raw: &RawValue) -> Vec<&RawValue> {
    serde_json::from_str(raw.get()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
