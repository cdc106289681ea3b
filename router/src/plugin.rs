//! The plugin: serves each request the graph that is kept and says which one it was, tells `api`
//! whose request it passes on, and shows none of Hive Router's pages.

use std::{error::Error, io, sync::Arc, thread};

use hive_router::{
    GraphQLError, async_trait,
    config::{headers::RequestHeaderRule, supergraph::SupergraphSource},
    http::{HeaderName, HeaderValue, StatusCode},
    ntex::{
        http::Response,
        web::{DefaultError, WebRequest},
    },
    plugins::{
        hooks::{
            on_execute::{OnExecuteStartHookPayload, OnExecuteStartHookResult},
            on_graphql_params::{
                OnGraphQLParamsEndHookPayload, OnGraphQLParamsEndHookResult,
                OnGraphQLParamsStartHookPayload, OnGraphQLParamsStartHookResult,
            },
            on_graphql_validation::{
                OnGraphQLValidationStartHookPayload, OnGraphQLValidationStartHookResult,
            },
            on_http_request::{OnHttpRequestHookFuture, OnHttpRequestHookPayload},
            on_plugin_init::{OnPluginInitPayload, OnPluginInitResult},
            on_query_plan::{OnQueryPlanStartHookPayload, OnQueryPlanStartHookResult},
            on_supergraph_load::SupergraphOptions,
        },
        plugin_trait::{EndHookPayload, RouterPlugin, StartHookPayload},
    },
    tracing::error,
};

use crate::{
    config::{Config, Written},
    errors,
    gate::{Gate, secret},
    graph::{self, API, Keeper, NUMBER_HEADER, Served, Workshop},
    guard, plans,
    statements::KEY_HEADER,
};

/// The header that says for whom a proxy asks.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// What is asked for about the router itself.
const PROBES: [&str; 2] = ["/health", "/readiness"];

/// The plugin.
pub struct Camket {
    served: Arc<Served>,
    /// The path of GraphQL.
    path: String,
    /// Under what name the client's address goes from here to the rule that sends it to `api`. A
    /// client cannot guess it; over a WebSocket it may otherwise call its headers what it likes.
    forwarded_for: HeaderName,
}

#[async_trait]
impl RouterPlugin for Camket {
    type Config = Written;

    fn plugin_name() -> &'static str {
        "camket"
    }

    fn on_plugin_init(payload: OnPluginInitPayload<'_, Self>) -> OnPluginInitResult<Self> {
        let router = payload.router_config();
        if !matches!(router.supergraph, SupergraphSource::Plugin) {
            return Err("supergraph.source has to be `plugin`".into());
        }
        let config = Config::try_from(payload.config()?)?;
        let forwarded_for: HeaderName = format!("camket-{}", secret()?).parse()?;
        let served = graph::nothing();
        let (gate, listener, door) = Gate::new(&config, Arc::clone(&served))?;
        let mut options = SupergraphOptions::try_from(router)?;
        speak_to_api(&mut options, &config, &forwarded_for)?;
        let workshop = Workshop { options, api: config.api.clone(), door };
        let keeper = Keeper::new(&config, workshop, Arc::clone(&served))?;
        begin(keeper, async move { gate.serve(listener).await })?;
        Ok(Some(Self { served, path: router.graphql_path().to_owned(), forwarded_for }))
    }

    fn on_http_request<'req>(
        &'req self,
        mut payload: OnHttpRequestHookPayload<'req>,
    ) -> OnHttpRequestHookFuture<'req> {
        Box::pin(async move {
            let path = payload.router_http_request.path();
            let (is_probe, is_graphql) = (PROBES.contains(&path), path == self.path);
            if !is_probe && !is_graphql {
                return payload.end_with_response(Response::new(StatusCode::NOT_FOUND));
            }
            self.note_client(&mut payload.router_http_request);
            let served = self.served.load_full();
            match served.as_ref() {
                Ok(graph) => {
                    payload.set_supergraph(Arc::clone(&graph.supergraph));
                    let number = graph.number.clone();
                    payload.on_end(move |end| {
                        end.map_response(|mut response| {
                            response.headers_mut().insert(NUMBER_HEADER, number.into());
                            response
                        })
                        .proceed()
                    })
                }
                // Why, the log says; it is nothing that a client can mend.
                Err(_) if is_graphql => {
                    let message = "the router has no graph to serve yet";
                    let error = GraphQLError::from_message_and_code(message, "UNAVAILABLE");
                    payload.end_with_graphql_error(error, StatusCode::SERVICE_UNAVAILABLE)
                }
                Err(_) => payload.proceed(),
            }
        })
    }

    async fn on_graphql_params<'exec>(
        &'exec self,
        payload: OnGraphQLParamsStartHookPayload<'exec>,
    ) -> OnGraphQLParamsStartHookResult<'exec> {
        match inspect_request(&payload) {
            Ok(()) => payload.on_end(inspect_operation),
            Err(wrong) => payload.end_with_graphql_error(over_limit(wrong), StatusCode::OK),
        }
    }

    async fn on_graphql_validation<'exec>(
        &'exec self,
        mut payload: OnGraphQLValidationStartHookPayload<'exec>,
    ) -> OnGraphQLValidationStartHookResult<'exec> {
        if let Some(wrong) = guard::document(&payload.document) {
            payload.errors = Some(Arc::new(vec![wrong]));
        }
        payload.proceed()
    }

    async fn on_query_plan<'exec>(
        &'exec self,
        payload: OnQueryPlanStartHookPayload<'exec>,
    ) -> OnQueryPlanStartHookResult<'exec> {
        match self.can_be_planned(&payload).await {
            true => payload.proceed(),
            false => payload.end_with_graphql_error(plans::refusal(), StatusCode::OK),
        }
    }

    async fn on_execute<'exec>(
        &'exec self,
        payload: OnExecuteStartHookPayload<'exec>,
    ) -> OnExecuteStartHookResult<'exec> {
        payload.on_end(|mut end| {
            errors::plain(&mut end.errors);
            end.proceed()
        })
    }
}

/// Looks at the JSON of a request: its body, or the parts of its query that are not the operation.
fn inspect_request(sent: &OnGraphQLParamsStartHookPayload<'_>) -> Result<(), String> {
    guard::json(&sent.body)?;
    let parts = form_urlencoded::parse(sent.router_http_request.query_string.as_bytes());
    let mut values = parts.filter(|(name, _)| name != "query");
    values.try_for_each(|(_, value)| guard::json(value.as_bytes()))
}

/// Looks at the text of an operation.
fn inspect_operation(sent: OnGraphQLParamsEndHookPayload<'_>) -> OnGraphQLParamsEndHookResult<'_> {
    match guard::text(sent.graphql_params.query.as_deref().unwrap_or_default()) {
        Ok(()) => sent.proceed(),
        Err(wrong) => sent.end_with_graphql_error(over_limit(wrong), StatusCode::OK),
    }
}

fn over_limit(wrong: String) -> GraphQLError {
    GraphQLError::from_message_and_code(wrong, guard::CODE)
}

impl Camket {
    /// Notes the address of whoever asks behind those of whoever it asks for.
    fn note_client(&self, request: &mut WebRequest<DefaultError>) {
        let Some(peer) = request.peer_addr() else { return };
        let peer = peer.ip().to_canonical().to_string();
        let before = request.headers().get_all(FORWARDED_FOR).filter_map(|one| one.to_str().ok());
        let chain: Vec<_> = before.chain([peer.as_str()]).collect();
        if let Ok(chain) = chain.join(", ").parse::<HeaderValue>() {
            request.headers_mut().insert(self.forwarded_for.clone(), chain.into());
        }
    }

    /// Whether Hive Router may plan an operation. What is under way on a graph that is served no more
    /// is tried each time.
    async fn can_be_planned(&self, asked: &OnQueryPlanStartHookPayload<'_>) -> bool {
        let (planner, operation) = (asked.planner, asked.filtered_operation_for_plan);
        let served = self.served.load_full();
        let graph = served.as_ref().as_ref().ok();
        let tried = graph
            .filter(|graph| std::ptr::eq(&graph.supergraph.planner, planner))
            .map(|graph| (&graph.tried, operation.hash()));
        if let Some((tried, hash)) = &tried
            && let Some(ends) = tried.get(hash).await
        {
            return ends;
        }
        let Some(ends) = plans::ends(planner, operation, asked.cancellation_token) else {
            return true;
        };
        if !ends {
            error!("an operation cannot be planned: Hive Router panicked");
        }
        if let Some((tried, hash)) = tried {
            tried.insert(hash, ends).await;
        }
        ends
    }
}

/// Adds to the rules of the file what `api` is told by the router itself: its key, and for whom it
/// asks.
fn speak_to_api(
    options: &mut SupergraphOptions,
    config: &Config,
    forwarded_for: &HeaderName,
) -> Result<(), Box<dyn Error>> {
    let rules = serde_json::json!([
        { "insert": { "name": KEY_HEADER.as_str(), "value": config.key.to_str()? } },
        { "propagate": { "named": forwarded_for.as_str(), "rename": FORWARDED_FOR } },
    ]);
    let rules: Vec<RequestHeaderRule> = serde_json::from_value(rules)?;
    let subgraphs = options.headers.subgraphs.get_or_insert_default();
    let api = subgraphs.entry(API.to_owned()).or_default();
    api.request.get_or_insert_default().extend(rules);
    Ok(())
}

/// Runs the keeper and the gate beside Hive Router, on threads of their own, and comes back when
/// there is a graph or a reason why there is none.
fn begin(
    mut keeper: Keeper,
    gate: impl Future<Output = io::Result<()>> + Send + 'static,
) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("camket")
        .enable_all()
        .build()?;
    let (ready, begun) = std::sync::mpsc::sync_channel(1);
    thread::Builder::new().name("camket".to_owned()).spawn(move || {
        runtime.block_on(async move {
            let gate = tokio::spawn(gate);
            keeper.begin().await;
            let _ = ready.send(());
            let keeper = tokio::spawn(keeper.run());
            // Neither ends; without one of them the router would only seem to work.
            let end = tokio::select! {
                end = gate => format!("{end:?}"),
                end = keeper => format!("{end:?}"),
            };
            error!(end, "what stands beside Hive Router has ended, and so does the program");
        });
        std::process::exit(1);
    })?;
    begun.recv().map_err(|_| io::Error::other("what stands beside Hive Router has ended"))
}
