//! `herald serve`, and what `demo` shares with it.

use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use app::users::create;
use app::world::Plan;
use app::{Ctx, Failure, Kind};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::EmailAddress;
use secrecy::{ExposeSecret, SecretString};
use store::StoreError;
use tokio::sync::oneshot;
use tracing::{info, warn};
use web::WebConfig;

use super::{apply, demo};
use crate::data::{Folder, Held};
use crate::failed::Failed;
use crate::installation::{self, Installation, Place, refused, web_config};
use crate::serve::{Bound, Stop, Tls};
use crate::settings::Settings;
use crate::{jobs, say, telemetry, wait};

/// The operator of an installation that begins without a world.
const FIRST_OPERATOR: &str = "admin@localhost";

/// Serves until a signal.
pub fn run(settings: Settings, world: Option<PathBuf>) -> Result<(), Failed> {
    wait::on_all_cores(async {
        let mut stop = Stop::on_signals()?;
        match stop.unless(Box::pin(start(settings, world))).await? {
            Some(server) => server.run(stop).await,
            None => Ok(()),
        }
    })
}

/// All that comes before the ready line.
async fn start(settings: Settings, world: Option<PathBuf>) -> Result<Server, Failed> {
    let world = match world {
        None => None,
        Some(file) => Some((file.display().to_string(), read_aside(file).await?)),
    };
    if let Some((name, text)) = &world {
        apply::judge(&settings, name, text)?;
    }
    let held = hold(&settings)?;
    let server = Server::open(settings, held, || Ok(())).await?;
    if demo::is_marked(&server.settings.data) {
        warn!("this data folder holds the demo world, whose passwords are published");
    }
    match world {
        Some((name, text)) => log(&server.apply(&name, &text).await?),
        None => first_operator(&server.ctx).await?,
    }
    Ok(server)
}

/// Reads a world file on a thread of its own, which nobody waits for at the end: a pipe may stay silent for ever.
async fn read_aside(file: PathBuf) -> Result<String, Failed> {
    let (sender, text) = oneshot::channel();
    thread::spawn(move || sender.send(apply::read(&file)));
    text.await.map_err(|_| Failed::because("the world file could not be read; start it again"))?
}

/// Holds the data folder, where an SQLite store lies in it. Many nodes may serve one database.
fn hold(settings: &Settings) -> Result<Option<Held>, Failed> {
    if !installation::uses_folder(settings) {
        return Ok(None);
    }
    let folder = Folder::open(&settings.data)?;
    if settings.database_url.is_some() { Ok(None) } else { folder.hold().map(Some) }
}

/// A server that clients can already reach; they wait until [`Server::run`].
pub struct Server {
    settings: Settings,
    bound: Bound,
    /// The use cases' hand luggage.
    ctx: Arc<Ctx>,
    place: Place,
    web: WebConfig,
    #[expect(dead_code, reason = "what counts is that the folder stays held")]
    held: Option<Held>,
}

impl Server {
    /// Listens, then prepares, then opens the installation: a port in use leaves the store as it was, and so does a
    /// country file that is none.
    pub async fn open(
        settings: Settings,
        held: Option<Held>,
        prepare: impl FnOnce() -> Result<(), Failed>,
    ) -> Result<Self, Failed> {
        telemetry::start(settings.log_level, settings.log_format);
        let tls = match (&settings.tls_cert, &settings.tls_key) {
            (Some(cert), Some(key)) => Some(Tls::read(cert, key).await?),
            (Some(_) | None, _) => None,
        };
        let bound = Bound::bind(settings.listen, tls).await?;
        let public_url = settings.public_url.clone().unwrap_or_else(|| bound.url());
        let web = web_config(&settings, &public_url)?;
        prepare()?;
        let Installation { ctx, place } = installation::open_at(&settings, &public_url).await?;
        if matches!(place, Place::Database) {
            warn!("on PostgreSQL every look-up reads the database: correct, and slower than on SQLite");
        }
        info!(version = env!("CARGO_PKG_VERSION"), %place, public_url, "open");
        Ok(Self { settings, bound, ctx, place, web, held })
    }

    /// The URL of the bound address.
    pub fn url(&self) -> String {
        self.bound.url()
    }

    /// Applies a world file that is called `name`.
    pub async fn apply(&self, name: &str, text: &str) -> Result<Plan, Failed> {
        apply::apply(&self.ctx, &self.place, name, text).await
    }

    /// Says that it is ready, and serves until `stop`.
    pub async fn run(self, stop: Stop) -> Result<(), Failed> {
        let router = web::router(Arc::clone(&self.ctx), self.web);
        let jobs = jobs::start(&self.ctx);
        let outcome = self.bound.run(router, stop).await;
        jobs.end().await;
        info!("stopped");
        outcome
    }
}

/// Under `serve` a plan goes to the log.
fn log(plan: &Plan) {
    for line in &plan.lines {
        info!("world: {line}");
    }
    info!("world: = {} unchanged", plan.unchanged);
}

/// Makes somebody who can sign in, where nobody is.
async fn first_operator(ctx: &Ctx) -> Result<(), Failed> {
    let anyone: Result<bool, StoreError> = ctx.store.read(|tx| Box::pin(store::users::anyone(tx))).await;
    if anyone.map_err(|error| refused(&Failure::from(error)))? {
        return Ok(());
    }
    let email = EmailAddress::parse(FIRST_OPERATOR)
        .map_err(|why| Failed::because(format!("{FIRST_OPERATOR} is no e-mail address: {why}")))?;
    let password = random_password(ctx);
    let command = create::CommandLine {
        email,
        name: None,
        membership: None,
        operator: true,
        password: password.clone(),
    };
    match create::from_command_line(ctx, command).await {
        Ok(_) => say::line(&format!(
            "herald: made the operator {FIRST_OPERATOR}, whose password is shown this once: {}",
            password.expose_secret()
        )),
        // Another node on the same database was faster, and said the password.
        Err(failure) if failure.kind == Kind::Conflict => Ok(()),
        Err(failure) => Err(refused(&failure)),
    }
}

/// 24 letters of six random bits each, or as many as the settings allow.
fn random_password(ctx: &Ctx) -> SecretString {
    let limits = ctx.config.passwords;
    let letters = 24.max(limits.min_length).min(limits.max_bytes);
    let mut bytes = zeroize::Zeroizing::new(vec![0; letters]);
    ctx.rng.fill(&mut bytes);
    let mut text = URL_SAFE_NO_PAD.encode(bytes.as_slice());
    text.truncate(letters);
    SecretString::from(text)
}
