//! The use cases on a store of the test's own, and short words for what every test does with them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use app::principal::{self, Entry, Unproven};
use app::seal::MasterKey;
use app::sessions::sign_in::{self, Handed, SignedIn, Through};
use app::{Ambient, Caller, Ctx};
use domain::audit::{Actor, Origin};
use domain::client::{Client, Scopes};
use domain::decision::Door;
use domain::{EmailAddress, TenantId, Timestamp, UserId};
use secrecy::{ExposeSecret, SecretString};
use store::{Options, Store, StoreError};

use crate::engine::Engine;
use crate::place::{Place, RawRow};
use crate::setup::{Setup, World};
use crate::{FakeClock, SeededRng, demo, template};

/// The master key of every test.
const MASTER: [u8; 32] = *b"a master key that guards nothing";

/// Herald without HTTP. Cheap to make: keys and demo are copied from a template.
pub struct Installation {
    pub ctx: Arc<Ctx>,
    pub clock: Arc<FakeClock>,
    setup: Setup,
    place: Arc<Place>,
    /// Of the next node's chance.
    seeds: Arc<AtomicU64>,
}

/// A session opened by a use case.
pub struct Signed {
    /// What the caller presents: `hs_…`, or a signed access token.
    pub token: String,
    /// Of a refresh family.
    pub refresh: Option<String>,
    pub opened: SignedIn,
}

impl Installation {
    /// The demo world on SQLite.
    pub async fn start() -> Self {
        Self::on(Engine::Sqlite).await
    }

    /// The demo world.
    pub async fn on(engine: Engine) -> Self {
        Self::with(Setup::on(engine)).await
    }

    pub async fn with(setup: Setup) -> Self {
        let place = Arc::new(template::copy(setup.engine, setup.world.clone()).await);
        let (clock, seeds) = (Arc::new(FakeClock::new()), Arc::new(AtomicU64::new(1)));
        let text = if let World::Text(text) = &setup.world { Some(text.clone()) } else { None };
        let made = Self::open(setup, place, (clock, seeds)).await;
        if let Some(text) = text {
            made.apply(&text).await;
        }
        made
    }

    /// Applies a world file; one with a fault fails the test.
    pub async fn apply(&self, text: &str) {
        apply(&self.ctx, text).await;
    }

    /// Another node, or this one after a restart: the same rows and clock, nothing remembered.
    pub async fn another(&self) -> Self {
        self.another_with(|_| ()).await
    }

    /// The same with other settings.
    pub async fn another_with(&self, change: impl FnOnce(&mut app::Config)) -> Self {
        let setup = self.setup.clone().config(change);
        Self::open(setup, Arc::clone(&self.place), (Arc::clone(&self.clock), Arc::clone(&self.seeds))).await
    }

    async fn open(setup: Setup, place: Arc<Place>, ambient: (Arc<FakeClock>, Arc<AtomicU64>)) -> Self {
        let (clock, seeds) = ambient;
        let seed = seeds.fetch_add(1, Ordering::SeqCst);
        let ctx = open(&setup, &place, (Arc::clone(&clock), seed)).await;
        Self { ctx, clock, setup, place, seeds }
    }

    /// On an empty place: what the templates are copied from.
    pub(crate) async fn first(setup: &Setup, place: &Place, seed: u64) {
        let ctx = open(setup, place, (Arc::new(FakeClock::new()), seed)).await;
        if setup.world == World::Demo {
            apply(&ctx, demo::TOML).await;
            // A test counts its own events.
            place.sql("DELETE FROM audit").await;
        }
    }

    pub fn engine(&self) -> Engine {
        self.place.engine()
    }

    pub fn place(&self) -> &Place {
        &self.place
    }

    pub fn now(&self) -> Timestamp {
        self.ctx.now()
    }

    pub fn advance(&self, span: Duration) {
        self.clock.advance(span);
    }

    /// What the binary does every moment: hears the feed, writes last uses.
    pub async fn tick(&self) {
        self.hear().await;
        principal::flush(&self.ctx).await.expect("last uses are written");
    }

    /// Hears the feed alone: from now on the read model may answer, for as long as the revocation bound.
    pub async fn hear(&self) {
        let polled_at = domain::Clock::monotonic(&*self.clock);
        self.ctx.store.poll_feed(polled_at).await.expect("the feed is heard");
    }

    /// Signs in as `/v1/sign-in` does.
    ///
    /// # Errors
    /// As the use case.
    pub async fn try_sign_in(&self, email: &str, password: &str) -> Result<Signed, sign_in::Error> {
        self.try_command(command(email, password, Through::Native)).await
    }

    /// # Errors
    /// As the use case.
    pub async fn try_command(&self, command: sign_in::Command) -> Result<Signed, sign_in::Error> {
        let opened = sign_in::run(&self.ctx, command).await?;
        let (token, refresh) = match &opened.handed {
            Handed::SessionToken(token) => (token.expose_secret().to_owned(), None),
            Handed::Grant(grant) => {
                let access = grant.sign_oauth(&self.ctx).expect("the access token is signed");
                (access, Some(grant.refresh_token.expose_secret().to_owned()))
            }
        };
        Ok(Signed { token, refresh, opened })
    }

    /// A session of a person of the demo, with the code where one is wanted.
    pub async fn sign_in(&self, email: &str) -> Signed {
        let mut command = command(email, demo::password(email), Through::Native);
        if email == demo::TOVA {
            command.code = Some(demo::code(email, self.now()));
        }
        self.try_command(command).await.unwrap_or_else(|error| panic!("{email}: {error:?}"))
    }

    /// Access and refresh token of a person of the demo, by the OAuth password grant with all of the client's scopes.
    pub async fn grant(&self, email: &str) -> Signed {
        let client = self.client(demo::CLIENT).await;
        let scope = Scopes::of(&client.scopes);
        let command = command(email, demo::password(email), Through::Oauth { client, scope });
        self.try_command(command).await.unwrap_or_else(|error| panic!("{email}: {error:?}"))
    }

    pub async fn client(&self, id: &str) -> Client {
        let wanted = id.to_owned();
        let found: Result<_, StoreError> = self
            .ctx
            .store
            .read(move |tx| {
                let id = wanted.clone();
                Box::pin(async move { store::clients::by_client_id(tx, &id).await })
            })
            .await;
        found.expect("the store answers").unwrap_or_else(|| panic!("no client {id}"))
    }

    /// # Errors
    /// As the look-up.
    pub async fn prove(&self, presented: &str) -> Result<Arc<Entry>, Unproven> {
        self.ctx.prove(presented).await
    }

    /// The holder of a live credential at Herald's own door, from 192.0.2.7 with a browser of his own.
    pub async fn caller(&self, presented: &str) -> Caller {
        let entry = self.prove(presented).await;
        let entry = entry.unwrap_or_else(|why| panic!("the credential is dead: {why:?}"));
        Caller::new(entry, Door::Own, origin())
    }

    /// Runs raw SQL behind Herald's back; the rows of the last statement.
    pub async fn sql(&self, sql: &str) -> Vec<RawRow> {
        self.place.sql(sql).await
    }

    /// Runs raw SQL and then tells the feed that a user changed, as the use case that comes later would.
    pub async fn change_user(&self, email: &str, sql: &str) {
        self.sql(sql).await;
        let id = self.user_id(email).await.uuid();
        let told: Result<(), StoreError> = self
            .ctx
            .store
            .write(move |tx| {
                Box::pin(async move {
                    tx.changed(id);
                    Ok(())
                })
            })
            .await;
        told.expect("the feed is told");
    }

    pub async fn user_id(&self, email: &str) -> UserId {
        let address = EmailAddress::parse(email).expect("an address");
        let found: Result<_, StoreError> = self
            .ctx
            .store
            .read(move |tx| {
                let address = address.clone();
                Box::pin(async move { store::users::by_email(tx, &address).await })
            })
            .await;
        found.expect("the store answers").unwrap_or_else(|| panic!("no user {email}")).id
    }

    pub async fn tenant_id(&self, key: &str) -> TenantId {
        let wanted = key.to_owned();
        let found: Result<_, StoreError> = self
            .ctx
            .store
            .read(move |tx| {
                let key = wanted.clone();
                Box::pin(async move { store::tenants::by_key(tx, &key).await })
            })
            .await;
        found.expect("the store answers").unwrap_or_else(|| panic!("no tenant {key}")).id
    }
}

/// A sign-in that names no tenant and gives no code.
pub fn command(email: &str, password: &str, through: Through) -> sign_in::Command {
    sign_in::Command {
        email: email.to_owned(),
        password: SecretString::from(password),
        tenant: None,
        code: None,
        through,
        origin: origin(),
        place: String::new(),
    }
}

/// From where tests call.
pub fn origin() -> Origin {
    Origin {
        ip: "192.0.2.7".to_owned(),
        user_agent: "testkit/1".to_owned(),
        request_id: "a-request".to_owned(),
        ..Origin::default()
    }
}

async fn apply(ctx: &Ctx, text: &str) {
    let applied = app::world::apply(ctx, text, &Actor::COMMAND_LINE, &Origin::default()).await;
    drop(applied.unwrap_or_else(|why| panic!("the world is applied: {why:?}")));
}

async fn open(setup: &Setup, place: &Place, (clock, seed): (Arc<FakeClock>, u64)) -> Arc<Ctx> {
    let mut options = place.options();
    if let (Some(room), Options::Sqlite(sqlite)) = (setup.room, &mut options) {
        let counted = place.sql("PRAGMA page_count").await.concat().into_iter().flatten().next();
        let pages: u32 = counted.and_then(|count| count.parse().ok()).expect("a count");
        sqlite.max_pages = Some(pages + room);
    }
    let store = Store::open(&options).await.expect("the store opens");
    let ambient = Ambient { clock, rng: Arc::new(SeededRng::new(seed)) };
    let master = MasterKey::from_bytes(MASTER);
    Ctx::open(store, ambient, &master, setup.config.clone()).await.expect("the installation opens")
}
