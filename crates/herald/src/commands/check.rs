//! `herald check`: what is wrong with settings, folder, store, keys and clock. It writes nothing.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use app::check::{self, Finding, Tools};
use app::passwords::Hasher;
use app::seal::{MasterKey, MasterKeyError, Sealer};
use secrecy::ExposeSecret;
use store::Store;

use super::demo;
use crate::cli::Common;
use crate::failed::Failed;
use crate::installation::{self, Place};
use crate::settings::Settings;
use crate::{say, wait};

/// What one step of the conversation with the mail server may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Prints a line for each finding; fails when one is wrong.
pub fn run(common: Common) -> Result<(), Failed> {
    let findings = match common.settings(None, None) {
        Ok(settings) => wait::here(all(&settings))?,
        Err(Failed::Settings(faults)) if !faults.only_flags() => {
            faults.0.iter().map(|fault| Finding::wrong(format!("{}: {}", fault.place, fault.text))).collect()
        }
        Err(failed) => return Err(failed),
    };
    for finding in &findings {
        let kind = if finding.wrong { "wrong" } else { "note" };
        say::line(&format!("{kind}: {}", finding.text))?;
    }
    if findings.is_empty() {
        say::progress("nothing is wrong");
    }
    match findings.iter().filter(|finding| finding.wrong).count() {
        0 => Ok(()),
        1 => Err(Failed::because("one thing is wrong; mend it and check again")),
        count => Err(Failed::because(format!("{count} things are wrong; mend them and check again"))),
    }
}

async fn all(settings: &Settings) -> Result<Vec<Finding>, Failed> {
    let mut findings = modes(settings);
    findings.extend(weak_settings(settings));
    findings.extend(mail_server(settings).await);
    let place = Place::of(settings);
    if let Err(absent) = place.must_be_there() {
        findings.push(Finding::note(without_name(&absent)));
        return Ok(findings);
    }
    match of_store(settings, &place, &mut findings).await {
        Ok(()) => {}
        Err(error) => findings.push(Finding::wrong(without_name(&place.failed(&error)))),
    }
    Ok(findings)
}

fn without_name(failed: &Failed) -> String {
    failed.to_string().trim_start_matches("herald: ").to_owned()
}

/// Files that more people can read than should.
fn modes(settings: &Settings) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(file) = installation::master_key_file(settings).filter(|file| open_to_others(file)) {
        let file = file.display();
        findings.push(Finding::wrong(format!("others can use the master key {file}; chmod 600 {file}")));
    }
    if let Some(key) = settings.tls_key.as_deref().filter(|key| open_to_others(key)) {
        let key = key.display();
        findings.push(Finding::wrong(format!("others can use the private key {key}; chmod 600 {key}")));
    }
    if settings.database_url.is_none() && open_to_others(&settings.data) {
        let data = settings.data.display();
        let text = format!("others can look into the data folder {data}; chmod 700 {data}");
        // A file of the store that they can read holds password hashes and personal data.
        let read = Place::of(settings).file().is_some_and(open_to_others);
        findings.push(if read { Finding::wrong(text) } else { Finding::note(text) });
    }
    findings
}

/// Whether anybody but the owner has a right to it; not where it is not there.
fn open_to_others(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o077 != 0)
}

fn weak_settings(settings: &Settings) -> Option<Finding> {
    let secret = settings.dialects_akto_stigg_signing_secret.as_ref()?;
    let weak = secret.expose_secret().len() < 16;
    weak.then(|| {
        Finding::wrong("`dialects.akto.stigg_signing_secret` has less than 128 bits; make a longer one")
    })
}

/// A mail server that does not take what is set: a note, since it may be away for a moment only.
async fn mail_server(settings: &Settings) -> Option<Finding> {
    let mut config = installation::mail_config(settings)?;
    config.patience = PATIENCE;
    let why = config.greet().await.err()?;
    Some(Finding::note(format!(
        "the mail server of `smtp.url` cannot be used now: {why}; nobody gets mail until it can"
    )))
}

async fn of_store(
    settings: &Settings,
    place: &Place,
    findings: &mut Vec<Finding>,
) -> Result<(), store::StoreError> {
    let store = Store::open(&place.options(settings)).await?;
    let damage = check::damage(&store).await?;
    if !damage.is_empty() {
        findings.extend(damage);
        return Ok(());
    }
    let schema = store.schema().await?;
    if schema.found > schema.known {
        findings.push(Finding::wrong(without_name(&place.newer(schema))));
        return Ok(());
    }
    if schema.found < schema.known {
        let (found, known) = (schema.found, schema.known);
        findings.push(Finding::wrong(format!(
            "a migration is pending: {place} has schema {found}, this version {known}; start `herald serve` to run it"
        )));
        // Today's statements may not fit yesterday's tables.
        return Ok(());
    }
    let sealer = sealer(settings, place, &store).await?;
    findings.extend(match &sealer {
        Ok(Some(sealer)) => check::seals(&store, sealer).await?,
        Ok(None) => Vec::new(),
        Err(why) => vec![Finding::wrong(why)],
    });
    let ambient = installation::ambient();
    findings.extend(check::clock(&store, &*ambient.clock).await?);
    let sealer = sealer.ok().flatten();
    findings.extend(secrets(settings, &store, sealer.as_ref(), &*ambient.clock).await?);
    Ok(())
}

/// What opens the store's sealed values: nothing, where there is no key and nothing sealed; else what is wrong.
async fn sealer(
    settings: &Settings,
    place: &Place,
    store: &Store,
) -> Result<Result<Option<Sealer>, String>, store::StoreError> {
    let key: Result<MasterKey, MasterKeyError> = installation::load_master_key(settings);
    Ok(match key {
        Ok(key) => {
            Sealer::new(&key).map(Some).map_err(|error| format!("the master key cannot be used: {error}"))
        }
        Err(MasterKeyError::Missing { .. }) if !check::needs_key(store).await? => Ok(None),
        Err(error) => Err(format!("{error}; without it nothing that is sealed in {place} can be opened")),
    })
}

async fn secrets(
    settings: &Settings,
    store: &Store,
    sealer: Option<&Sealer>,
    clock: &dyn domain::Clock,
) -> Result<Vec<Finding>, store::StoreError> {
    let mut findings = match (demo::world(), Hasher::start(installation::hasher_config(settings))) {
        (Ok(world), Ok(hasher)) => {
            check::published(store, Tools { hasher: &hasher, sealer }, clock, &world).await?
        }
        (Err(failed), _) => vec![Finding::wrong(without_name(&failed))],
        (_, Err(error)) => vec![Finding::wrong(format!("{error}; change the settings `passwords.*`"))],
    };
    findings.extend(check::weak(store).await?);
    findings.extend(check::old(store, clock).await?);
    Ok(findings)
}
