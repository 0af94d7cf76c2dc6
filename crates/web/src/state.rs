//! What every handler can reach: `axum::extract::State<web::State>`.

use std::net::IpAddr;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use app::Ctx;
use bytes::Bytes;

use crate::config::WebConfig;
use crate::frame::Limits;
use crate::metrics::Metrics;
use crate::refusal::Refusal;

/// Cheap to clone.
#[derive(Clone)]
pub struct State(Arc<Inner>);

pub struct Inner {
    pub ctx: Arc<Ctx>,
    pub config: WebConfig,
    pub(crate) limits: Limits,
    pub(crate) metrics: Metrics,
    pub(crate) openapi: OnceLock<Bytes>,
}

impl State {
    pub(crate) fn new(ctx: Arc<Ctx>, config: WebConfig) -> Self {
        let limits = Limits::new(&config, &ctx.clock);
        Self(Arc::new(Inner { ctx, config, limits, metrics: Metrics::new(), openapi: OnceLock::new() }))
    }

    /// The country of an address (`"PT"`), `""` where unknown or private. Never asks anybody outside.
    pub fn place(&self, ip: IpAddr) -> String {
        self.config.geo.place(ip)
    }

    /// Counts a sign-in of an address. For routes whose contract asks it late (`/oauth/token`, line 13); the others
    /// say `.sign_in()` in their table.
    ///
    /// # Errors
    /// `TooMany` when the minute's share is used up.
    pub fn admit_sign_in(&self, ip: IpAddr) -> Result<(), Refusal> {
        self.limits.sign_in(ip).map_err(|retry_after| Refusal::TooMany { retry_after })
    }

    /// For a client that did not prove itself: as many a minute as there are sign-ins.
    ///
    /// # Errors
    /// `TooMany` past that.
    pub fn admit_client(&self, ip: IpAddr) -> Result<(), Refusal> {
        self.limits.client(ip).map_err(|retry_after| Refusal::TooMany { retry_after })
    }
}

impl Deref for State {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}
