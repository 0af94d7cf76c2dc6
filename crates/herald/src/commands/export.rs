//! `herald export`: the store as a world file.

use std::io::{self, ErrorKind, Write};
use std::sync::Arc;

use app::world::{self, ExportError, Exported, Secrets, Sink};
use clap::{Args, ValueEnum};

use crate::failed::Failed;
use crate::installation::{self, Installation, Missing};
use crate::settings::Settings;
use crate::{say, wait};

/// The arguments of `export`.
#[derive(Debug, Args)]
pub struct Export {
    /// What becomes of secrets
    #[arg(long, value_enum, value_name = "HOW", default_value_t = How::Sealed)]
    secrets: How,
}

/// What becomes of secrets.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum How {
    /// Hashes and digests as they are; what can be shown again sealed under the master key
    Sealed,
    /// None, and no token or client that has one
    None,
}

impl Export {
    /// Writes it.
    pub fn run(self, settings: &Settings) -> Result<(), Failed> {
        let secrets = match self.secrets {
            How::Sealed => Secrets::Sealed,
            How::None => Secrets::None,
        };
        wait::here(async {
            let Installation { ctx, place } = installation::open(settings, Missing::Refuse).await?;
            match world::export(&ctx, secrets, stdout()).await {
                Ok(exported) => tell(exported),
                Err(ExportError::Store(error)) => return Err(place.failed(&error)),
                // As with every other command: whoever has read enough is no failure.
                Err(ExportError::Sink(error)) if error.kind() == ErrorKind::BrokenPipe => {}
                Err(ExportError::Sink(error)) => {
                    return Err(Failed::because(format!(
                        "cannot write to standard output: {error}; send it somewhere else"
                    )));
                }
            }
            Ok(())
        })
    }
}

fn stdout() -> Sink {
    Arc::new(|text| {
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes())?;
        out.flush()
    })
}

fn tell(Exported { rows, tokens_left_out, clients_left_out, webhooks_left_out }: Exported) {
    let left = match (tokens_left_out, clients_left_out, webhooks_left_out) {
        (0, 0, 0) => String::new(),
        (tokens, clients, webhooks) => {
            format!(
                "; left out for want of their secrets: {tokens} tokens, {clients} clients, {webhooks} webhooks"
            )
        }
    };
    say::progress(&format!("wrote {rows} rows{left}"));
}
