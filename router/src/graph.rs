//! The graph that is served: asked for at the registry, made ready, exchanged at once, and kept in
//! a file for a start without the registry. What cannot be made ready never takes the place of
//! what is served.

mod kept;
mod registry;

use std::{path::PathBuf, sync::Arc, time::Duration};

use hive_router::{
    ArcSwap,
    graphql_tools::parser::schema::{Definition, Document, TypeDefinition, Value},
    http::HeaderValue,
    pipeline::authorization::metadata::AuthorizationMetadata,
    plugins::hooks::on_supergraph_load::{Supergraph, SupergraphOptions},
    query_planner::utils::parsing::safe_parse_schema,
    tracing::{error, info, warn},
};

pub use self::registry::NUMBER_HEADER;
use self::registry::{Registry, Told};
use crate::{
    config::Config,
    gate::Door,
    plans::{self, Tried},
    types::Types,
};

/// Our own subgraph's name in every graph.
pub const API: &str = "api";

/// What is served now, or why nothing is.
pub type Served = ArcSwap<Result<Graph, String>>;

/// A graph that is ready.
#[derive(Clone)]
pub struct Graph {
    /// Its number in the registry, as a header says it.
    pub number: HeaderValue,
    /// What Hive Router made of it.
    pub supergraph: Arc<Supergraph>,
    /// Its types.
    pub types: Arc<Types>,
    /// Which operations can be planned on it.
    pub tried: Tried,
}

/// What is served before any graph was asked for.
pub fn nothing() -> Arc<Served> {
    Arc::new(ArcSwap::from_pointee(Err("no graph was asked for yet".to_owned())))
}

/// A graph as the registry gave it.
#[derive(Clone, Debug)]
struct Composed {
    number: String,
    etag: Option<String>,
    text: String,
}

/// What a graph is made ready with.
#[derive(Clone)]
pub struct Workshop {
    /// Hive Router's settings.
    pub options: SupergraphOptions,
    /// Where `api` answers.
    pub api: String,
    /// The way to partners.
    pub door: Door,
}

/// Keeps what is served up to date.
pub struct Keeper {
    served: Arc<Served>,
    workshop: Workshop,
    registry: Registry,
    cache: PathBuf,
    poll: Duration,
    /// The last graph that was seen, and whether it could be served.
    seen: Option<Composed>,
    verdict: Result<(), String>,
}

impl Keeper {
    /// A keeper of what is served.
    pub fn new(config: &Config, workshop: Workshop, served: Arc<Served>) -> std::io::Result<Self> {
        Ok(Self {
            served,
            workshop,
            registry: Registry::new(config)?,
            cache: config.cache.clone(),
            poll: config.poll,
            seen: None,
            verdict: Ok(()),
        })
    }

    /// Serves the registry's graph or, where it gives none that can be served, the one that was
    /// kept.
    pub async fn begin(&mut self) {
        let Err(why) = self.update().await else { return };
        let file = self.cache.display().to_string();
        match self.restore().await {
            Ok(number) => warn!(why, number, file, "serving the graph that was kept"),
            Err(cause) => {
                error!(why, cause, file, "there is no graph to serve, and none was kept");
                self.served.store(Arc::new(Err(why)));
            }
        }
    }

    /// Asks the registry again and again, and says once what is wrong.
    pub async fn run(mut self) -> ! {
        let mut said = None;
        loop {
            tokio::time::sleep(self.poll).await;
            let why = self.update().await.err();
            match &why {
                Some(why) if said.as_ref() != Some(why) => warn!(why, "what was served stays"),
                None if said.is_some() => info!("the registry's graph is served again"),
                _ => {}
            }
            said = why;
        }
    }

    async fn update(&mut self) -> Result<(), String> {
        let etag = self.seen.as_ref().and_then(|seen| seen.etag.as_deref());
        let (number, text) = match self.registry.ask(etag).await? {
            Told::New(composed) => (composed.number.clone(), Some(composed)),
            Told::Seen(number) => (number, None),
        };
        let seen = self.seen.as_ref().map(|seen| &seen.text);
        let Some(composed) = text.filter(|composed| Some(&composed.text) != seen) else {
            self.verdict.clone()?;
            self.renumber(&number);
            return Ok(());
        };
        self.take(&composed)
            .await
            .map_err(|why| format!("graph {number} cannot be served: {why}"))?;
        info!(number, "a new graph is served");
        if let Err(why) = kept::write(&self.cache, &self.registry.address, &composed).await {
            warn!(%why, file = %self.cache.display(), "the graph cannot be kept");
        }
        Ok(())
    }

    /// Gives what is served the number that the registry knows the same text by.
    fn renumber(&self, number: &str) {
        if let (Ok(graph), Ok(number)) = (self.served.load().as_ref(), number.parse())
            && graph.number != number
        {
            self.served.store(Arc::new(Ok(Graph { number, ..graph.clone() })));
        }
    }

    async fn restore(&mut self) -> Result<String, String> {
        let composed = kept::read(&self.cache, &self.registry.address).await?;
        self.take(&composed).await?;
        Ok(composed.number)
    }

    /// Makes a graph ready and serves it. That takes a while, and a graph that Hive Router did not
    /// foresee may end in a panic: so on a thread of its own.
    async fn take(&mut self, composed: &Composed) -> Result<(), String> {
        let (workshop, composed) = (self.workshop.clone(), composed.clone());
        self.seen = Some(composed.clone());
        let made = tokio::task::spawn_blocking(move || workshop.make(&composed)).await;
        let made = made.unwrap_or_else(|why| Err(why.to_string()));
        self.verdict = made.map(|graph| self.served.store(Arc::new(Ok(graph))));
        self.verdict.clone()
    }
}

impl Workshop {
    fn make(self, composed: &Composed) -> Result<Graph, String> {
        let number = composed.number.parse().map_err(|_| "its number is no header")?;
        let mut document = safe_parse_schema(&composed.text).map_err(|why| why.to_string())?;
        self.redirect(&mut document);
        let supergraph =
            Supergraph::from_document(composed.number.as_str(), document, self.options.clone())
                .map_err(|why| why.to_string())?;
        self.inspect(&supergraph)?;
        let types = Arc::new(Types::of(&supergraph.public_schema.document));
        Ok(Graph { number, supergraph: Arc::new(supergraph), types, tried: plans::untried() })
    }

    /// Leads Hive Router to `api` where the settings say that it is, and to everybody else through
    /// the gate.
    fn redirect(&self, document: &mut Document<'static, String>) {
        let graphs = document.definitions.iter_mut().filter_map(|definition| match definition {
            Definition::TypeDefinition(TypeDefinition::Enum(graphs))
                if graphs.name == "join__Graph" =>
            {
                Some(graphs)
            }
            _ => None,
        });
        let directives = graphs.flat_map(|graphs| &mut graphs.values);
        for directive in directives.flat_map(|graph| &mut graph.directives) {
            let text = |wanted: &str| {
                directive.arguments.iter().find_map(|(name, value)| match value {
                    Value::String(text) if name == wanted => Some(text.clone()),
                    _ => None,
                })
            };
            let (Some(name), Some(url)) = (text("name"), text("url")) else { continue };
            let url = if name == API { self.api.clone() } else { self.door.to(&name, &url) };
            for (name, value) in &mut directive.arguments {
                if name == "url" {
                    *value = Value::String(url.clone());
                }
            }
        }
    }

    /// Looks at what was made: that it leads to nobody past the gate, and that what Hive Router makes
    /// for the first request can be made.
    fn inspect(&self, supergraph: &Supergraph) -> Result<(), String> {
        let state = &supergraph.planner.supergraph;
        for (name, url) in &state.subgraph_endpoint_map {
            let known = if name == API { *url == self.api } else { self.door.leads(url) };
            if !known || url.parse::<hive_router::http::Uri>().is_err() {
                return Err(format!("there is no way to its subgraph {name}"));
            }
        }
        if !state.subgraph_endpoint_map.contains_key(API) {
            return Err(format!("it has no subgraph {API}"));
        }
        AuthorizationMetadata::build(state, &supergraph.metadata)
            .map(drop)
            .map_err(|why| why.to_string())
    }
}
