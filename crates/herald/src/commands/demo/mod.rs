//! `herald demo`: a server with the built-in demo world, whose secrets are published.

mod folder;
mod guide;

use app::world::{self, DEMO, PasswordLimits, World};
use tracing::{info, warn};

use super::serve::Server;
use crate::failed::Failed;
use crate::serve::Stop;
use crate::settings::Settings;
use crate::{say, wait};
pub use folder::is_marked;

/// Where the demo's store lies unless something else is said.
pub const FOLDER: &str = "./herald-demo";

/// What the demo world is called in messages.
const NAME: &str = "the demo world";

/// Serves the demo world until a signal; `fresh` throws the former store away first.
pub fn run(settings: Settings, fresh: bool) -> Result<(), Failed> {
    if settings.database_url.is_some() {
        return Err(Failed::because(
            "the demo makes an SQLite store of its own, since its secrets are published; take `database_url` away",
        ));
    }
    wait::on_all_cores(async {
        let mut stop = Stop::on_signals()?;
        match stop.unless(start(settings, fresh)).await? {
            Some(server) => server.run(stop).await,
            None => Ok(()),
        }
    })
}

/// All that comes before the ready line.
async fn start(settings: Settings, fresh: bool) -> Result<Server, Failed> {
    let held = folder::hold(&settings.data)?;
    let (data, listen) = (settings.data.clone(), settings.listen);
    let shown = data.display().to_string();
    let prepare = || if fresh { folder::empty(&data) } else { Ok(()) };
    let server = Server::open(settings, Some(held), prepare).await?;
    if !listen.ip().is_loopback() {
        warn!(%listen, "others can reach this server, and the demo's passwords are published");
    }
    let plan = server.apply(NAME, DEMO).await?;
    info!(rows = plan.lines.len(), unchanged = plan.unchanged, "the demo world is there");
    for line in guide::lines(&world()?, &shown, &server.url()) {
        say::line(&line)?;
    }
    Ok(server)
}

/// The demo world as its text says it; what the settings ask of passwords is judged where it is applied.
pub(super) fn world() -> Result<World, Failed> {
    let any = PasswordLimits { min_length: 1, max_bytes: usize::MAX };
    world::read(DEMO, &any, &())
        .map_err(|faults| Failed::World(faults.iter().map(|fault| format!("{NAME}: {fault}")).collect()))
}
