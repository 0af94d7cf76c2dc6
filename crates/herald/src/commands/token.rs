//! `herald token …`: API keys, for an operator on the machine.

use std::time::Duration;

use app::failure::{Failure, Kind};
use app::tokens::list::After;
use app::tokens::survey::Surveyed;
use app::tokens::{issue, survey, withdraw};
use clap::{Args, Subcommand};
use domain::{Timestamp, TokenId};
use secrecy::ExposeSecret;
use uuid::Uuid;

use super::{PAGE, address, or_dash};
use crate::failed::Failed;
use crate::installation::{self, Installation, Missing, refused};
use crate::settings::{self, Settings};
use crate::{say, wait};

/// What to do with API keys.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Mints an API key and prints it, this once
    Mint(Mint),
    /// Lists live keys, oldest first: id, tenant, owner, name, roles, made, expires, scopes
    List {
        /// Those of this tenant only
        #[arg(long, value_name = "KEY")]
        tenant: Option<String>,
    },
    /// Revokes a key
    Revoke {
        /// The id, as `token list` shows it
        id: Uuid,
    },
}

/// The arguments of `token mint`.
#[derive(Debug, Args)]
pub struct Mint {
    /// The key of the tenant in which it counts
    #[arg(long, value_name = "KEY")]
    tenant: String,
    /// The member whose key it is; without one it is the tenant's own
    #[arg(long, value_name = "EMAIL")]
    owner: Option<String>,
    /// What it is called
    #[arg(long, default_value = "command line")]
    name: String,
    /// The key of a role: all that an owner's key may do, or what the tenant's own holds [default: no limit, or the
    /// default role]
    #[arg(long, value_name = "KEY")]
    role: Option<String>,
    /// How long it lives, such as 30d [default: as long as keys may live]
    #[arg(long, value_name = "DURATION", value_parser = period)]
    expires: Option<Duration>,
}

fn period(text: &str) -> Result<Duration, String> {
    settings::parse_period(text).ok_or_else(|| "write it as 90s, 15m, 12h or 30d".to_owned())
}

impl TokenCommand {
    /// Does it.
    pub fn run(self, settings: &Settings) -> Result<(), Failed> {
        match self {
            Self::Mint(mint) => mint.run(settings),
            Self::List { tenant } => list(settings, tenant.as_deref()),
            Self::Revoke { id } => revoke(settings, id),
        }
    }
}

impl Mint {
    fn run(self, settings: &Settings) -> Result<(), Failed> {
        let owner = self.owner.as_deref().map(address).transpose()?;
        let command = issue::Command {
            tenant: self.tenant,
            owner,
            name: self.name,
            role: self.role,
            lives: self.expires,
        };
        wait::here(async {
            let Installation { ctx, .. } = installation::open(settings, Missing::Refuse).await?;
            let issued = issue::run(&ctx, command).await;
            let issued = issued.map_err(|failure| not_issued(&failure, settings.tokens_max_ttl))?;
            say::line(issued.key.expose_secret())
        })
    }
}

/// The use case calls the length of a key's life as the wire does.
fn not_issued(failure: &Failure, longest: Duration) -> Failed {
    if failure.fields.iter().any(|field| field.field == "expires_in") {
        let longest = settings::show_period(longest);
        return Failed::because(format!(
            "`--expires` must be more than zero and at most {longest}; `tokens.max_ttl` allows no more"
        ));
    }
    refused(failure)
}

fn list(settings: &Settings, tenant: Option<&str>) -> Result<(), Failed> {
    wait::here(async {
        let Installation { ctx, .. } = installation::open(settings, Missing::Refuse).await?;
        let mut after = After::START;
        loop {
            let page = survey::page(&ctx, tenant, after, PAGE).await.map_err(|failure| refused(&failure))?;
            for token in &page {
                if !say::heard(&shown(token))? {
                    return Ok(());
                }
            }
            match page.last() {
                Some(last) => after = After(last.token.created_at, last.token.id),
                None => return Ok(()),
            }
        }
    })
}

fn revoke(settings: &Settings, id: Uuid) -> Result<(), Failed> {
    wait::here(async {
        let Installation { ctx, .. } = installation::open(settings, Missing::Refuse).await?;
        withdraw::run(&ctx, TokenId::from_uuid(id)).await.map_err(|failure| match failure.kind {
            Kind::NotFound => {
                Failed::because(format!("there is no live token {id}; `herald token list` shows all"))
            }
            _ => refused(&failure),
        })?;
        say::line(&format!("revoked {id}"))
    })
}

/// What is known of a token, tabs between.
fn shown(Surveyed { token, tenant, owner, roles }: &Surveyed) -> String {
    let expires = token.expires_at.map_or("never".to_owned(), Timestamp::rfc3339_secs);
    let scopes = token.scopes.as_ref().map(ToString::to_string).unwrap_or_default();
    let owner = owner.as_deref().unwrap_or("(the tenant)");
    let columns = [
        token.id.uuid().to_string(),
        tenant.clone(),
        owner.to_owned(),
        or_dash(&token.name).to_owned(),
        or_dash(&roles.join(",")).to_owned(),
        token.created_at.rfc3339_secs(),
        expires,
        or_dash(&scopes).to_owned(),
    ];
    columns.join("\t")
}
