//! The file that keeps the last graph: the graph itself, below comments that say whose it is. It
//! is written beside its place and moved there, so that a crash leaves the old one or the new.

use std::path::Path;

use tokio::{fs, io::AsyncWriteExt};

use super::Composed;

/// Reads what was kept of a registry.
pub async fn read(file: &Path, registry: &str) -> Result<Composed, String> {
    let text = fs::read_to_string(file).await.map_err(|why| why.to_string())?;
    let line = |name: &str| {
        let prefix = format!("# {name}: ");
        let head = text.lines().take_while(|line| line.starts_with('#'));
        head.filter_map(|line| line.strip_prefix(&*prefix)).next().map(ToOwned::to_owned)
    };
    if line("registry").as_deref() != Some(registry) {
        return Err(format!("it keeps no graph of {registry}"));
    }
    let number = line("number").ok_or("it does not say which graph it keeps")?;
    Ok(Composed { number, etag: line("etag"), text })
}

/// Keeps a graph of a registry.
pub async fn write(file: &Path, registry: &str, composed: &Composed) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).await?;
    }
    let mut text = format!("# registry: {registry}\n# number: {}\n", composed.number);
    if let Some(etag) = &composed.etag {
        text.push_str(&format!("# etag: {etag}\n"));
    }
    text.push_str(&composed.text);
    let beside = file.with_added_extension(format!("{}.new", std::process::id()));
    let mut new = fs::File::create(&beside).await?;
    new.write_all(text.as_bytes()).await?;
    new.sync_all().await?;
    fs::rename(&beside, file).await
}

#[cfg(test)]
mod tests {
    use super::*;

    const REGISTRY: &str = "http://127.0.0.1:4000/registry";

    fn composed(etag: Option<&str>) -> Composed {
        let text = "# a comment of its own\ntype Query { a: Int }\n".to_owned();
        Composed { number: "7".to_owned(), etag: etag.map(ToOwned::to_owned), text }
    }

    #[tokio::test]
    async fn what_was_kept_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("below").join("graph");
        for etag in [None, Some("\"x: y\"")] {
            write(&file, REGISTRY, &composed(etag)).await.unwrap();

            let read = read(&file, REGISTRY).await.unwrap();

            assert_eq!((read.number.as_str(), read.etag.as_deref()), ("7", etag));
            assert!(read.text.ends_with("# a comment of its own\ntype Query { a: Int }\n"));
        }
        assert_eq!(std::fs::read_dir(file.parent().unwrap()).unwrap().count(), 1);
    }

    #[tokio::test]
    async fn a_graph_of_another_registry_and_none_at_all_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("graph");
        assert!(read(&file, REGISTRY).await.is_err());
        write(&file, "http://elsewhere/registry", &composed(None)).await.unwrap();

        let why = read(&file, REGISTRY).await.unwrap_err();

        assert!(why.contains(REGISTRY), "{why}");
        std::fs::write(&file, format!("# registry: {REGISTRY}\ntype Query {{ a: Int }}")).unwrap();
        assert!(read(&file, REGISTRY).await.unwrap_err().contains("which graph"));
    }
}
