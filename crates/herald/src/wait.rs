//! From the command line into async code, and back.

use std::future::Future;

use tokio::runtime::Builder;

use crate::failed::Failed;

/// Runs what a command does, on this thread.
pub fn here<T>(work: impl Future<Output = Result<T, Failed>>) -> Result<T, Failed> {
    run(Builder::new_current_thread(), work)
}

/// Runs a server, on a thread for each core.
pub fn on_all_cores<T>(work: impl Future<Output = Result<T, Failed>>) -> Result<T, Failed> {
    run(Builder::new_multi_thread(), work)
}

fn run<T>(mut builder: Builder, work: impl Future<Output = Result<T, Failed>>) -> Result<T, Failed> {
    let runtime = builder.enable_all().build().map_err(|error| {
        Failed::because(format!("no thread could be started: {error}; raise the limits of this user"))
    })?;
    runtime.block_on(work)
}
