//! What the demo prints before it is ready: who is there, what they show, and lines to try.

use app::world::World;
use app::world::file::{Client, Secret, Token, User};
use secrecy::ExposeSecret;

/// All lines, for a world reached at `url`.
pub fn lines(world: &World, folder: &str, url: &str) -> Vec<String> {
    let mut lines = vec![
        format!("The demo world, kept in {folder}. All of it is published: it must never guard anything."),
        String::new(),
        "People (e-mail, password as first made, roles):".to_owned(),
    ];
    lines.extend(world.users.iter().map(person));
    lines.extend([String::new(), "API keys (owner, tenant, key):".to_owned()]);
    lines.extend(world.tokens.iter().filter_map(key));
    lines.extend([String::new(), "OAuth clients (id, secret, grants):".to_owned()]);
    lines.extend(world.clients.iter().map(client));
    let tries = tries(world, url);
    if !tries.is_empty() {
        lines.extend([String::new(), "Try:".to_owned()]);
        lines.extend(tries);
    }
    lines.push(String::new());
    lines
}

fn person(user: &User) -> String {
    let password = user.password.as_ref().map_or("-", |password| password.expose_secret());
    let mut roles: Vec<String> =
        user.memberships.iter().map(|m| format!("{} in {}", m.roles.join(" and "), m.tenant)).collect();
    if user.operator == Some(true) {
        roles.push("operator".to_owned());
    }
    if let Some(seed) = &user.totp_secret {
        roles.push(format!("asks for a code of the authenticator secret {}", base32(seed.expose_secret())));
    }
    format!("  {:<30}  {password:<30}  {}", user.email.as_str(), roles.join(", "))
}

fn key(token: &Token) -> Option<String> {
    let owner = token.owner.as_ref().map_or("(the tenant)", |owner| owner.as_str());
    Some(format!("  {owner:<30}  {:<10}  {}", token.tenant, text(token.secret.as_ref())?))
}

fn client(client: &Client) -> String {
    let secret = text(client.secret.as_ref()).unwrap_or("-");
    format!("  {:<36}  {secret:<36}  {}", client.id, client.grants.join(", "))
}

fn text(secret: Option<&Secret>) -> Option<&str> {
    match secret {
        Some(Secret::Text(text)) => Some(text.expose_secret()),
        Some(Secret::Digest(_)) | None => None,
    }
}

/// A sign-in and who that is; an Akto call with a key; a token from the OAuth endpoint.
fn tries(world: &World, url: &str) -> Vec<String> {
    let curl = if url.starts_with("https:") { "curl -sSk" } else { "curl -sS" };
    let person = world
        .users
        .iter()
        .filter(|user| user.totp_secret.is_none() && !user.memberships.is_empty())
        .find_map(|user| Some((user, user.password.as_ref()?.expose_secret())));
    let Some((user, password)) = person else { return Vec::new() };
    let email = user.email.as_str();
    let body = quoted(&serde_json::json!({ "email": email, "password": password }).to_string());
    let sign_in = format!("{curl} {url}/v1/sign-in -H 'Content-Type: application/json' -d {body}");
    let taken = r#"sed 's/.*"access_token":"\([^"]*\)".*/\1/'"#;
    let mut lines = vec![format!("{curl} {url}/v1/me -H \"Authorization: Bearer $({sign_in} | {taken})\"")];
    let mut own = world.tokens.iter().filter(|token| token.owner.as_ref() == Some(&user.email));
    if let Some(key) = own.find_map(|token| text(token.secret.as_ref())) {
        lines.push(format!("{curl} -X POST {url}/api/me -H {}", quoted(&format!("X-API-KEY: {key}"))));
    }
    let mut by_password = world.clients.iter().filter(|client| client.grants.iter().any(|g| g == "password"));
    if let Some((id, secret)) = by_password.find_map(|c| Some((&c.id, text(c.secret.as_ref())?))) {
        let form = [format!("username={email}"), format!("password={password}")];
        let form: Vec<String> =
            form.iter().map(|field| format!("--data-urlencode {}", quoted(field))).collect();
        lines.push(format!(
            "{curl} {url}/oauth/token -u {} -d grant_type=password {}",
            quoted(&format!("{id}:{secret}")),
            form.join(" ")
        ));
    }
    lines
}

/// A word for the shell, whatever is in it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// RFC 4648 §6, without padding: how people type a seed into an authenticator.
fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut text = String::new();
    let (mut held, mut bits) = (0_u32, 0);
    let mut push = |five: u32| text.extend(LETTERS.get(five as usize & 31).map(|letter| char::from(*letter)));
    for byte in bytes {
        held = (held << 8 | u32::from(*byte)) & 0xFFFF;
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            push(held >> bits);
        }
    }
    if bits > 0 {
        push(held << (5 - bits));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base32_is_that_of_the_rfc() {
        // RFC 4648 §10.
        for (bytes, text) in
            [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foob", "MZXW6YQ"), ("foobar", "MZXW6YTBOI")]
        {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn a_quote_does_not_end_the_word() {
        assert_eq!(quoted("o'clock $HOME"), r"'o'\''clock $HOME'");
    }
}
