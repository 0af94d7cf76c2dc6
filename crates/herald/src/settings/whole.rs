//! What settings must fulfil together.

use app::mail::{Fault, MailConfig};

use super::Settings;
use super::fault;
use super::given::Given;

/// Finds settings that are right alone and wrong together.
pub fn check(settings: &Settings, given: &mut Given) {
    pair(given, "tls.cert", "tls.key");
    pair(given, "tls.key", "tls.cert");
    if settings.smtp_url.is_some() && settings.smtp_from.is_none() {
        let key = if given.entry("smtp.url").is_some() { "smtp.url" } else { "smtp.url_file" };
        fault(given, &[key], "`smtp.url` is set without `smtp.from`; set the sender too");
    }
    if let (Some(url), Some(from)) = (&settings.smtp_url, &settings.smtp_from)
        && let Err(why) = MailConfig::parse(url, from)
    {
        let keys: &[&str] = if why == Fault::From { &["smtp.from"] } else { &["smtp.url", "smtp.url_file"] };
        fault(given, keys, &why.to_string());
    }
    if settings.passwords_max_bytes < settings.passwords_min_length {
        let keys = ["passwords.max_bytes", "passwords.min_length"];
        fault(given, &keys, "`passwords.max_bytes` is below `passwords.min_length`; no password would fit");
    }
    if settings.passwords_memory_kib < 8 * settings.passwords_parallelism {
        let keys = ["passwords.memory_kib", "passwords.parallelism"];
        let text = "`passwords.memory_kib` is below 8 for each lane of `passwords.parallelism`; raise it";
        fault(given, &keys, text);
    }
}

/// A fault when `key` is given and `other` is not.
fn pair(given: &mut Given, key: &str, other: &str) {
    if given.entry(other).is_none() {
        fault(given, &[key], &format!("`{key}` is set without `{other}`; set both or neither"));
    }
}

/// Adds a fault at the first of `keys` that somebody gave; none when all are defaults.
fn fault(given: &mut Given, keys: &[&str], text: &str) {
    if let Some(entry) = keys.iter().find_map(|key| given.entry(key)) {
        let place = entry.place.clone();
        given.faults.push(fault::Fault { place, text: text.to_owned() });
    }
}
