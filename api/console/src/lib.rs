//! The pages of the console, as files in memory. They are built by the build script from `web` and
//! embedded whole: serving them needs no folder beside the program and no other host. Who may have
//! them, and with which headers, is decided where they are served.

/// A file of the console.
#[derive(Debug)]
pub struct Asset {
    /// Its media type, for `Content-Type`.
    pub content_type: &'static str,
    /// The file as it is.
    pub identity: &'static [u8],
    /// The same packed for `Content-Encoding: br`, where that is smaller.
    pub brotli: Option<&'static [u8]>,
    /// The same packed for `Content-Encoding: gzip`, where that is smaller.
    pub gzip: Option<&'static [u8]>,
    /// Whether its name holds a hash of it, so that a browser may keep it for ever.
    pub immutable: bool,
}

/// Sorted by path.
static FILES: &[(&str, Asset)] = include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// The file with this path under `/console/`, such as `assets/index-1a2b3c4d.js`; `index.html` is the one
/// page of all addresses.
#[must_use]
pub fn asset(path: &str) -> Option<&'static Asset> {
    let at = FILES.binary_search_by(|(name, _)| (*name).cmp(path)).ok()?;
    FILES.get(at).map(|(_, asset)| asset)
}

#[cfg(test)]
mod tests {
    use super::{FILES, asset};

    #[test]
    fn the_page_and_every_file_it_names_are_there() {
        let page = asset("index.html").unwrap();

        let text = str::from_utf8(page.identity).unwrap();
        let named: Vec<&str> =
            text.split('"').filter_map(|part| part.strip_prefix("/console/")).collect();

        assert!(!page.immutable && page.content_type.starts_with("text/html"));
        assert!(named.len() >= 2, "the page names its script and its style: {named:?}");
        for name in named {
            assert!(asset(name).is_some_and(|file| file.immutable), "{name} is not embedded");
        }
    }

    #[test]
    fn what_is_packed_is_smaller() {
        for (name, file) in FILES {
            for packed in [file.brotli, file.gzip].into_iter().flatten() {
                assert!(packed.len() < file.identity.len(), "{name}");
            }
        }
    }

    #[test]
    fn nothing_else_is_found() {
        for path in ["", "/", "../Cargo.toml", "assets", "assets/", "INDEX.HTML", "index.html/"] {
            assert!(asset(path).is_none(), "{path}");
        }
    }
}
