//! `herald user …`: for an operator on the machine who is locked out of everything else.

use app::failure::Kind;
use app::users::{self, lock::Done};
use app::{Ctx, Failure};
use clap::{Args, Subcommand};
use domain::EmailAddress;
use domain::user::User;

use super::{PAGE, address, nobody, or_dash};
use crate::failed::Failed;
use crate::installation::{self, Installation, Missing, Place, refused};
use crate::settings::Settings;
use crate::{password, say, wait};

/// What to do with users.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Makes a user; asks for the password
    Add(Add),
    /// Sets a password and ends every session of the user
    Password {
        /// The user's e-mail address
        email: String,
        /// Where the password comes from.
        #[command(flatten)]
        source: PasswordSource,
    },
    /// Ends the user's sessions and suspends the tokens, until unlocked
    Lock {
        /// The user's e-mail address
        email: String,
    },
    /// Lets a locked user in again
    Unlock {
        /// The user's e-mail address
        email: String,
    },
    /// Lists users by e-mail address: address, name, state
    List {
        /// The members of this tenant only
        #[arg(long, value_name = "KEY")]
        tenant: Option<String>,
    },
}

/// The arguments of `user add`.
#[derive(Debug, Args)]
pub struct Add {
    /// The user's e-mail address
    email: String,
    /// The name to show
    #[arg(long)]
    name: Option<String>,
    /// The key of a tenant that the user shall be a member of
    #[arg(long, value_name = "KEY", requires = "role")]
    tenant: Option<String>,
    /// The key of the user's role there
    #[arg(long, value_name = "KEY", requires = "tenant")]
    role: Option<String>,
    /// The user runs the installation
    #[arg(long)]
    operator: bool,
    /// Where the password comes from.
    #[command(flatten)]
    source: PasswordSource,
}

/// Where a password comes from.
#[derive(Debug, Args)]
pub struct PasswordSource {
    /// Reads the password from stdin instead of a terminal
    #[arg(long)]
    password_stdin: bool,
}

impl UserCommand {
    /// Does it.
    pub fn run(self, settings: &Settings) -> Result<(), Failed> {
        match self {
            Self::Add(add) => add.run(settings),
            Self::Password { email, source } => set_password(settings, &email, &source),
            Self::Lock { email } => lock(settings, &email, true),
            Self::Unlock { email } => lock(settings, &email, false),
            Self::List { tenant } => list(settings, tenant.as_deref()),
        }
    }
}

impl Add {
    fn run(self, settings: &Settings) -> Result<(), Failed> {
        let email = address(&self.email)?;
        // A store that is made for the first operator has no tenant yet.
        let missing = if self.tenant.is_some() { Missing::Refuse } else { Missing::Make };
        if self.tenant.is_some() {
            Place::of(settings).must_be_there()?;
        }
        let password = password::ask(self.source.password_stdin)?;
        let command = users::create::CommandLine {
            email: email.clone(),
            name: self.name,
            membership: self.tenant.zip(self.role),
            operator: self.operator,
            password,
        };
        wait::here(async {
            let Installation { ctx, .. } = installation::open(settings, missing).await?;
            match users::create::from_command_line(&ctx, command).await {
                Ok(_) => say::line(&format!("made {}", email.as_str())),
                Err(failure) if failure.kind == Kind::Conflict => Err(Failed::because(format!(
                    "there is somebody with the address {} already; `herald user password` sets another password",
                    email.as_str()
                ))),
                Err(failure) => Err(refused(&failure)),
            }
        })
    }
}

fn set_password(settings: &Settings, email: &str, source: &PasswordSource) -> Result<(), Failed> {
    let email = address(email)?;
    wait::here(async {
        let Installation { ctx, .. } = installation::open(settings, Missing::Refuse).await?;
        // Nobody should type a password for somebody who is not there.
        let (wanted, found) = (email.clone(), &ctx.store);
        let found: Result<Option<User>, store::StoreError> = found
            .read(move |tx| {
                let wanted = wanted.clone();
                Box::pin(async move { store::users::by_email(tx, &wanted).await })
            })
            .await;
        if found.map_err(|error| refused(&error.into()))?.is_none() {
            return Err(nobody(&email));
        }
        let new = password::ask(source.password_stdin)?;
        let done = users::set_password::run(&ctx, email.clone(), &new).await;
        done.map_err(|failure| missing_or(&failure, &email))?;
        say::line(&format!("set the password of {} and ended every session", email.as_str()))
    })
}

fn lock(settings: &Settings, email: &str, locked: bool) -> Result<(), Failed> {
    let email = address(email)?;
    wait::here(async {
        let Installation { ctx, .. } = installation::open(settings, Missing::Refuse).await?;
        let done = users::lock::run(&ctx, email.clone(), locked).await;
        let (done, email) = (done.map_err(|failure| missing_or(&failure, &email))?, email.as_str());
        let word = if locked { "locked" } else { "unlocked" };
        say::line(&match done {
            Done::Changed => format!("{word} {email}"),
            Done::Unchanged if locked => format!("{email} is locked already"),
            Done::Unchanged => format!("{email} is not locked"),
        })
    })
}

fn missing_or(failure: &Failure, email: &EmailAddress) -> Failed {
    if failure.kind == Kind::NotFound { nobody(email) } else { refused(failure) }
}

fn list(settings: &Settings, tenant: Option<&str>) -> Result<(), Failed> {
    wait::here(async {
        let Installation { ctx, .. } = installation::open(settings, Missing::Refuse).await?;
        let mut after = String::new();
        loop {
            let page = page(&ctx, tenant, &after).await?;
            for user in &page {
                if !say::heard(&shown(user))? {
                    return Ok(());
                }
            }
            match page.last() {
                Some(last) => last.email.as_str().clone_into(&mut after),
                None => return Ok(()),
            }
        }
    })
}

async fn page(ctx: &Ctx, tenant: Option<&str>, after: &str) -> Result<Vec<User>, Failed> {
    let page = users::list::page(ctx, tenant, after, PAGE).await;
    page.map_err(|failure| match tenant {
        Some(key) if failure.kind == Kind::NotFound => {
            Failed::because(format!("there is no tenant {key}; name it by its key"))
        }
        _ => refused(&failure),
    })
}

/// Address, name and state, tabs between them.
fn shown(user: &User) -> String {
    let state = [
        (user.operator, "operator"),
        (user.locked, "locked"),
        (!user.active, "inactive"),
        (user.mfa_enrolled, "mfa"),
    ];
    let state: Vec<&str> = state.into_iter().filter_map(|(is, word)| is.then_some(word)).collect();
    let name = user.name.as_deref().unwrap_or_default();
    format!("{}\t{}\t{}", user.email.as_str(), or_dash(name), or_dash(&state.join(",")))
}
