//! Precedence, faults and their places.

use std::path::Path;
use std::time::Duration;

use secrecy::ExposeSecret;
use tempfile::TempDir;

use super::*;

/// Sources with a settings file of this text, which lives as long as the folder.
fn file(text: &str) -> (TempDir, Sources) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("herald.toml");
    fs::write(&path, text).unwrap();
    (folder, Sources { config: Some(path), ..Sources::default() })
}

fn variables(pairs: &[(&str, &str)]) -> Sources {
    Sources { variables: pairs.iter().map(|(name, value)| (name.into(), value.into())).collect(), ..empty() }
}

/// Nothing but defaults: not even the `herald.toml` of the folder in which tests run.
fn empty() -> Sources {
    Sources { config: Some(PathBuf::from("/dev/null")), ..Sources::default() }
}

/// The faults, each without "herald: " and without the folder of the file.
fn faults(sources: Sources) -> Vec<String> {
    let folder = sources.config.as_deref().and_then(Path::parent).unwrap().display().to_string() + "/";
    let faults = load(sources).expect_err("something is wrong");
    faults.to_string().lines().map(|line| line.replacen("herald: ", "", 1).replace(&folder, "")).collect()
}

#[test]
fn every_default_is_right() {
    let settings = load(empty()).unwrap();
    assert_eq!(settings.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(settings.data, Path::new("./herald-data"));
    assert_eq!(settings.sessions_idle, Duration::from_hours(12));
    assert_eq!(settings.dialects_enabled.len(), 5);
    assert_eq!(settings.dialects_aegis_providers, ["local"]);
    assert!(settings.trusted_proxies.is_empty() && settings.public_url.is_none());
    assert!(matches!(settings.master_key, MasterKey::InData));
}

#[test]
fn flag_beats_environment_beats_file_beats_default() {
    let (_folder, mut sources) = file("data = 'a'\nlisten = '127.0.0.1:1'\n[log]\nlevel = 'warn'");
    sources.variables = variables(&[("HERALD_DATA", "b"), ("HERALD_LISTEN", "127.0.0.1:2")]).variables;
    sources.flags = vec![("listen", "--listen", "127.0.0.1:3".into())];
    sources.data = Some("./herald-demo");
    let settings = load(sources).unwrap();
    assert_eq!(settings.listen.port(), 3);
    assert_eq!(settings.data, Path::new("b"));
    assert_eq!(settings.log_level, LogLevel::Warn);
    assert_eq!(settings.log_format, None);
}

#[test]
fn a_command_has_its_own_default_folder() {
    let settings = load(Sources { data: Some("./herald-demo"), ..empty() }).unwrap();
    assert_eq!(settings.data, Path::new("./herald-demo"));
}

#[test]
fn unknown_keys_name_line_and_nearest() {
    let (_folder, sources) =
        file("listne = 'x'\n\n[sesions]\nidle = '1h'\n[password]\n[sessions]\npool = 3\n");
    assert_eq!(
        faults(sources),
        [
            "herald.toml:1: `listne` is not a setting; remove it, or use the nearest, `listen`",
            "herald.toml:4: `sesions.idle` is not a setting; remove it, or use the nearest, `sessions.idle`",
            "herald.toml:5: `password` is not a setting; remove it, or use the nearest, `passwords.memory_kib`",
            "herald.toml:7: `sessions.pool` is not a setting; remove it, or use the nearest, `database.pool`",
        ]
    );
}

#[test]
fn a_quoted_dot_is_not_a_table() {
    let (_folder, sources) = file("\"sessions.idle\" = '1h'");
    let near =
        "herald.toml:1: `\"sessions.idle\"` is not a setting; remove it, or use the nearest, `sessions.idle`";
    assert_eq!(faults(sources), [near]);
}

#[test]
fn unknown_variables_name_the_nearest() {
    let sources = variables(&[("HERALD_SESSIONS_IDLE", "1h"), ("HERALDRY", "x"), ("herald_listen", "x")]);
    assert_eq!(
        faults(sources),
        [
            "HERALD_SESSIONS_IDLE: this variable is not a setting; unset it, or use the nearest, HERALD_SESSIONS__IDLE"
        ]
    );
}

#[test]
fn wrong_values_say_what_would_be_right() {
    let (_folder, mut sources) = file(
        "listen = 8080\ntrusted_proxies = ['10.0.0.0/8', 'x']\n[sessions]\nidle = 12\n[log]\nlevel = { a = 1 }\n\
         [passwords]\nqueue = -1\nmin_length = \"12\"\n",
    );
    sources.variables = variables(&[("HERALD_LIMITS__BODY_BYTES", "1MiB")]).variables;
    sources.flags = vec![("listen", "--listen", "localhost".into())];
    let address = "it takes an IP address and a port, such as 127.0.0.1:8080 or [::1]:8080";
    let period = "it takes a duration such as \"15m\" (units ms, s, m, h, d), from 1s to 3650d";
    assert_eq!(
        faults(sources),
        [
            format!("--listen: `listen` cannot be \"localhost\"; {address}"),
            "HERALD_LIMITS__BODY_BYTES: `limits.body_bytes` cannot be \"1MiB\"; \
             it takes a whole number of bytes from 1024 to 1073741824"
                .into(),
            format!("herald.toml:1: `listen` cannot be 8080; {address}"),
            "herald.toml:2: `trusted_proxies` cannot be ['10.0.0.0/8', 'x']; \
             it takes a list, each item an IP address or network, such as 10.0.0.0/8"
                .into(),
            format!("herald.toml:4: `sessions.idle` cannot be 12; {period}"),
            "herald.toml:6: `log.level` cannot be a table; it takes `error`, `warn`, `info`, `debug` or `trace`".into(),
            "herald.toml:8: `passwords.queue` cannot be -1; it takes a whole number from 1 to 1000000".into(),
            "herald.toml:9: `passwords.min_length` cannot be \"12\"; it takes a whole number from 1 to 1024".into(),
        ]
    );
}

#[test]
fn only_a_wrong_flag_is_a_usage_error() {
    let flags = vec![("listen", "--listen", "x".to_owned())];
    assert!(load(Sources { flags: flags.clone(), ..empty() }).unwrap_err().only_flags());
    let both = Sources { flags, ..variables(&[("HERALD_X", "")]) };
    assert!(!load(both).unwrap_err().only_flags());
}

#[test]
fn broken_toml_names_its_lines_and_nothing_else() {
    let (_folder, sources) = file("data = 'a'\n[sessions\nidle = 1h\ndata = 'x'\n");
    let found = faults(sources);
    assert!(found[0].starts_with("herald.toml:2: this is not TOML: "), "{found:?}");
    assert!(found.iter().all(|fault| fault.contains("this is not TOML")), "{found:?}");
    let (_folder, sources) = file("data = 'a'\ndata = 'b'\n");
    assert!(faults(sources)[0].starts_with("herald.toml:2: this is not TOML: duplicate key"));
}

#[test]
fn a_file_must_be_there_readable_and_small() {
    let folder = tempfile::tempdir().unwrap();
    let named = |path: PathBuf| faults(Sources { config: Some(path), ..Sources::default() });
    let missing = named(folder.path().join("no.toml"));
    assert!(
        missing[0].starts_with("no.toml: this settings file cannot be read: No such file"),
        "{missing:?}"
    );
    let path = folder.path().join("latin1.toml");
    fs::write(&path, b"# a\ndata = '\xe9'\n").unwrap();
    assert_eq!(
        named(path)[0],
        "latin1.toml: this settings file cannot be read: line 2 is not UTF-8; save it as UTF-8"
    );
    let path = folder.path().join("long.toml");
    fs::write(&path, vec![b'#'; 1024 * 1024 + 1]).unwrap();
    assert!(named(path)[0].contains("it is longer than 1 MiB"));
}

#[test]
fn a_secret_can_stand_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("url");
    fs::write(&path, "postgres://herald:hidden@db.example/herald\n").unwrap();
    let path = path.to_str().unwrap();
    let settings = load(variables(&[("HERALD_DATABASE_URL_FILE", path)])).unwrap();
    let url = settings.database_url.as_ref().unwrap();
    assert_eq!(url.expose_secret(), "postgres://herald:hidden@db.example/herald");
    assert!(!format!("{settings:?}").contains("hidden"));
}

#[test]
fn a_stronger_layer_takes_either_form_of_a_secret() {
    let (_folder, mut sources) = file("database_url_file = '/nowhere'");
    sources.variables = variables(&[("HERALD_DATABASE_URL", "postgres://db.example/a")]).variables;
    assert_eq!(load(sources).unwrap().database_url.unwrap().expose_secret(), "postgres://db.example/a");
    let (folder, mut sources) = file("database_url = 'postgres://db.example/a'");
    let path = folder.path().join("url");
    fs::write(&path, "postgres://db.example/b").unwrap();
    sources.variables = variables(&[("HERALD_DATABASE_URL_FILE", path.to_str().unwrap())]).variables;
    assert_eq!(load(sources).unwrap().database_url.unwrap().expose_secret(), "postgres://db.example/b");
}

#[test]
fn faults_of_secrets_do_not_show_them() {
    let (_folder, sources) =
        file("master_key = 'hidden'\nmaster_key_file = 'x'\n[smtp]\nurl = 'hidden://x'\n");
    let found = faults(sources);
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found[0].starts_with("herald.toml:1: `master_key` cannot be what was given; it takes 32 bytes"));
    assert_eq!(
        found[1],
        "herald.toml:2: `master_key_file` is given beside `master_key`; take one of them away"
    );
    assert!(found[2].starts_with("herald.toml:4: `smtp.url` cannot be what was given; it takes a URL"));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("url");
    fs::write(&path, "hidden").unwrap();
    let found = faults(variables(&[("HERALD_SMTP__URL_FILE", path.to_str().unwrap())]));
    assert!(found[0].starts_with("HERALD_SMTP__URL_FILE: `smtp.url` in "), "{found:?}");
    assert!(!found[0].contains("hidden"));
}

#[test]
fn a_missing_secret_file_is_named() {
    let found = faults(variables(&[("HERALD_DIALECTS__AKTO__STIGG_SIGNING_SECRET_FILE", "/nowhere/at/all")]));
    assert_eq!(
        found,
        ["HERALD_DIALECTS__AKTO__STIGG_SIGNING_SECRET_FILE: `dialects.akto.stigg_signing_secret` \
          cannot be read from /nowhere/at/all: No such file or directory (os error 2)"]
    );
}

#[test]
fn the_file_of_the_master_key_need_not_be_there_yet() {
    let settings = load(variables(&[("HERALD_MASTER_KEY_FILE", "/nowhere/master.key")])).unwrap();
    assert!(matches!(settings.master_key, MasterKey::File(path) if path == Path::new("/nowhere/master.key")));
}

#[test]
fn some_settings_need_each_other() {
    let (_folder, sources) = file(
        "[tls]\ncert = 'c.pem'\n[smtp]\nurl = 'smtp://mail.example'\n\
         [passwords]\nparallelism = 4\nmemory_kib = 31\nmin_length = 200\nmax_bytes = 100\n",
    );
    let found = faults(sources);
    assert_eq!(found[0], "herald.toml:2: `tls.cert` is set without `tls.key`; set both or neither");
    assert_eq!(found[1], "herald.toml:4: `smtp.url` is set without `smtp.from`; set the sender too");
    assert!(
        found[2].starts_with("herald.toml:7: `passwords.memory_kib` is below 8 for each lane"),
        "{found:?}"
    );
    assert!(found[3].starts_with("herald.toml:9: `passwords.max_bytes` is below"), "{found:?}");
}

#[test]
fn lists_can_be_emptied() {
    let settings = load(variables(&[("HERALD_DIALECTS__ENABLED", "")])).unwrap();
    assert!(settings.dialects_enabled.is_empty());
    let settings = load(variables(&[("HERALD_DIALECTS__ENABLED", "akto, aegis")])).unwrap();
    assert_eq!(settings.dialects_enabled, [Dialect::Akto, Dialect::Aegis]);
}

#[test]
fn a_variable_that_is_not_utf_8_is_named() {
    use std::os::unix::ffi::OsStringExt;
    let bytes = OsString::from_vec(vec![b'/', 0xff]);
    let found = faults(Sources { variables: vec![("HERALD_DATA".into(), bytes)], ..empty() });
    assert_eq!(found, ["HERALD_DATA: `data` is not UTF-8; write it anew"]);
}

#[test]
fn help_and_reference_name_every_setting() {
    let (help, reference) = (help(), markdown());
    for key in keys() {
        assert!(help.contains(&key), "{key} in help");
        assert!(reference.contains(&format!("`{key}`")), "{key} in the reference");
        assert!(reference.contains(&format!("`{}`", environment::variable(&key))), "{key}'s variable");
    }
}
