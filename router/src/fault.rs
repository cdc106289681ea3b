//! What goes wrong with a partner, as the errors of its fields say it to the client.

use serde::{Serialize, Serializer, ser::SerializeMap};

/// An error without its path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What people read. Where it is ours, it names the partner and never its address.
    pub message: String,
    /// What programs read.
    pub code: Option<String>,
    /// Under which whoever found it logged it.
    pub trace_id: Option<String>,
}

impl Fault {
    /// Nothing of the partner's can be had now.
    pub fn unavailable(message: String) -> Self {
        Self { message, code: Some("UNAVAILABLE".to_owned()), trace_id: None }
    }

    /// The partner took too long.
    pub fn late(message: String) -> Self {
        Self { message, code: Some("TIMEOUT".to_owned()), trace_id: None }
    }

    /// Its extensions in a GraphQL error.
    pub fn extensions(&self) -> impl Serialize + '_ {
        Extensions(self)
    }
}

struct Extensions<'a>(&'a Fault);

impl Serialize for Extensions<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, value) in [("code", &self.0.code), ("traceId", &self.0.trace_id)] {
            if let Some(value) = value {
                map.serialize_entry(name, value)?;
            }
        }
        map.end()
    }
}
