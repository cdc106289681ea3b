//! The federation router: Hive Router, with a plugin that keeps to what a partner may learn and
//! may say (docs: `README.md` beside this crate). Its settings are in `router.yaml`.

mod config;
mod errors;
mod fault;
mod gate;
mod graph;
mod guard;
mod hosts;
mod http;
mod plans;
mod plugin;
mod statements;
mod types;

use std::process::ExitCode;

use hive_router::{
    PluginRegistry, RouterGlobalAllocator,
    config::load_config,
    configure_global_allocator, init_rustls_crypto_provider,
    ntex::rt::{DefaultRuntime, System},
    plugins::plugin_trait::RouterPlugin,
    router_entrypoint,
};

use crate::plugin::Camket;

configure_global_allocator!();

/// Where Hive Router looks for the name of its settings' file.
const SETTINGS: &str = "ROUTER_CONFIG_FILE_PATH";

/// How much stack a worker has. What comes over a WebSocket is read before any plugin sees it, by
/// code that calls itself for each bracket: some 500 bytes for each of the 65,536 that a frame may
/// hold.
const STACK: usize = 64 * 1024 * 1024;

fn main() -> ExitCode {
    let system = System::build().name("router").stack_size(STACK).build(DefaultRuntime);
    match system.block_on(run()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("camket-router: {why}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), String> {
    init_rustls_crypto_provider();
    check()?;
    let plugins = PluginRegistry::new().register::<Camket>();
    router_entrypoint(plugins).await.map_err(|why| why.to_string())
}

/// Without settings Hive Router takes its own, which are open to everybody, and without the plugin
/// it would ask partners itself.
fn check() -> Result<(), String> {
    let file =
        std::env::var(SETTINGS).map_err(|_| format!("{SETTINGS} has to name router.yaml"))?;
    let settings = load_config(Some(file.clone())).map_err(|why| format!("{file}: {why}"))?;
    match settings.plugins.get(Camket::plugin_name()) {
        Some(plugin) if plugin.enabled && !plugin.warn_on_error => Ok(()),
        _ => Err(format!("{file} has to enable the plugin {}", Camket::plugin_name())),
    }
}
