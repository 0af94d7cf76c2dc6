//! A generated world as text, by hand and not by the export's own writer.

use std::collections::BTreeSet;
use std::fmt::Write;

use proptest::sample::Index;

use super::worlds::{Membership, Role, Spec, Tenant, Token, User};

const BUILTIN: [&str; 4] = ["admin", "member", "developer", "guest"];
const HASHES: [&str; 2] = [
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy",
];

/// A TOML string; every character that could mean something is written by its number.
fn q(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => write!(out, "\\u{:04x}", u32::from(c)).unwrap(),
            c => out.push(c),
        }
    }
    out + "\""
}

fn list<S: AsRef<str>>(items: impl IntoIterator<Item = S>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| q(item.as_ref())).collect();
    format!("[{}]", items.join(","))
}

struct Text(String);

impl Text {
    fn row(&mut self, header: &str) {
        writeln!(self.0, "[[{header}]]").unwrap();
    }

    fn put(&mut self, key: &str, value: impl std::fmt::Display) {
        writeln!(self.0, "{key} = {value}").unwrap();
    }

    fn opt<T: std::fmt::Display>(&mut self, key: &str, value: Option<T>) {
        if let Some(value) = value {
            self.put(key, value);
        }
    }
}

impl Spec {
    fn tenant(&self, at: Index) -> usize {
        at.index(self.tenants.len())
    }

    /// A role that members of the tenant may have; `None`: one of the whole installation.
    fn role(&self, tenant: Option<usize>, at: Index) -> String {
        let here = |role: &Role| self.place(role).is_none_or(|of| Some(of) == tenant);
        let own = (0..self.roles.len()).filter(|n| here(&self.roles[*n])).map(|n| self.role_key(n));
        let all: Vec<String> = BUILTIN.iter().map(ToString::to_string).chain(own).collect();
        all[at.index(all.len())].clone()
    }

    /// Once in a tenant, and never of the whole installation: `twin`.
    fn role_key(&self, n: usize) -> String {
        let place = self.place(&self.roles[n]);
        let before = self.roles[..n].iter().any(|role| role.twin && self.place(role) == place);
        if self.roles[n].twin && place.is_some() && !before { "twin".to_owned() } else { format!("r{n}") }
    }

    /// Of several alphabets, in the local part and the domain.
    fn email(&self, n: usize) -> String {
        let shapes =
            [("u", "x.example"), ("ü", "x.example"), ("u", "bücher.example"), ("用户", "例子.example")];
        let (local, domain) = shapes[self.users[n].alphabet];
        format!("{local}{n}@{domain}")
    }

    fn sites(&self, tenant: usize, at: &[Index]) -> BTreeSet<String> {
        let count = self.tenants[tenant].sites.len();
        at.iter().filter(|_| count > 0).map(|at| format!("s{}", at.index(count))).collect()
    }

    fn place(&self, role: &Role) -> Option<usize> {
        role.tenant.map(|at| self.tenant(at))
    }

    /// User and tenant of every membership.
    fn members(&self) -> Vec<(usize, usize)> {
        let of = |(n, user): (usize, &User)| {
            let tenants = user.memberships.iter().enumerate().take(self.tenants.len());
            tenants.filter(|(_, membership)| membership.is_some()).map(|(t, _)| (n, t)).collect::<Vec<_>>()
        };
        self.users.iter().enumerate().flat_map(of).collect()
    }

    pub(super) fn text(&self) -> String {
        let mut out = Text(String::new());
        for (n, description) in self.permissions.iter().enumerate() {
            out.row("permission");
            out.put("key", q(&format!("p{n}:read")));
            out.opt("description", description.as_ref().map(|text| q(text)));
        }
        for (n, role) in self.roles.iter().enumerate() {
            self.write_role(&mut out, n, role);
        }
        for (n, tenant) in self.tenants.iter().enumerate() {
            write_tenant(&mut out, n, tenant);
        }
        for (n, user) in self.users.iter().enumerate() {
            self.write_user(&mut out, n, user);
        }
        self.write_clients(&mut out);
        for (n, token) in self.tokens.iter().enumerate() {
            self.write_token(&mut out, n, token);
        }
        self.write_traffic(&mut out);
        out.0
    }

    fn write_role(&self, out: &mut Text, n: usize, role: &Role) {
        out.row("role");
        out.put("key", q(&self.role_key(n)));
        out.opt("tenant", self.place(role).map(|t| q(&format!("t{t}"))));
        out.opt("name", role.texts.0.as_ref().map(|text| q(text)));
        out.opt("description", role.texts.1.as_ref().map(|text| q(text)));
        let bases =
            ["admin", "threat_engineer", "threat_viewer", "member", "developer", "guest", "no_access"];
        out.opt("base", role.base.map(|at| q(bases[at])));
        let own = role.own.iter().filter(|_| !self.permissions.is_empty());
        let own = own.map(|at| format!("p{}:read", at.index(self.permissions.len())));
        let all: BTreeSet<String> = role.permissions.iter().map(ToString::to_string).chain(own).collect();
        out.put("permissions", list(all));
        if let Some((keys, itself)) = &role.assigns {
            let own = itself.then(|| self.role_key(n));
            let other = role.gives.map(|at| self.role(self.place(role), at));
            let all: BTreeSet<String> =
                keys.iter().map(ToString::to_string).chain(own).chain(other).collect();
            out.put("assigns", list(all));
        }
        out.opt("level", role.level);
        for (key, flag) in ["default", "first_user", "default_invite"].into_iter().zip(role.flags) {
            out.put(key, flag);
        }
        out.put("collections", format!("{:?}", role.collections));
        out.put("features", list(&role.features));
    }

    fn write_user(&self, out: &mut Text, n: usize, user: &User) {
        out.row("user");
        out.put("email", q(&self.email(n)));
        if user.named.0 {
            out.put("number", 600 + n);
        }
        if user.named.1 {
            out.put("id", q(&format!("5d1f0a37-88aa-4c0e-8f3b-{n:012x}")));
        }
        match user.secrets.0 {
            Some(2) => out.put("password", q("a first password, long enough")),
            hash => out.opt("password_hash", hash.map(|at| q(HASHES[at]))),
        }
        if user.secrets.1 {
            out.put("totp_secret", "'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'");
        }
        let keys = [
            "name",
            "first_name",
            "middle_name",
            "last_name",
            "phone",
            "picture",
            "group",
            "created_by",
            "type",
        ];
        for (key, text) in keys.into_iter().zip(&user.texts) {
            let shown = if key == "name" { "display " } else { "" };
            out.opt(key, text.as_ref().map(|text| q(&format!("{shown}{text}"))));
        }
        let keys = ["verified", "active", "locked", "operator", "super_user", "invisible", "mfa_bypass"];
        for (key, flag) in keys.into_iter().zip(&user.flags) {
            out.opt(key, *flag);
        }
        if let Some((at, site)) = &user.home {
            let tenant = self.tenant(*at);
            out.put("default_tenant", q(&format!("t{tenant}")));
            let site = site.and_then(|at| self.sites(tenant, &[at]).pop_first());
            out.opt("default_site", site.map(|key| q(&key)));
        }
        out.opt("metadata", user.objects.0.as_ref().map(|json| q(json)));
        out.opt("vendor_metadata", user.objects.1.as_ref().map(|json| q(json)));
        out.opt("managed_by", user.managed_by.map(|at| q(["frontegg", "scim2", "external"][at])));
        out.opt("provider", user.provider.as_ref().map(|text| q(text)));
        for (tenant, membership) in user.memberships.iter().enumerate().take(self.tenants.len()) {
            if let Some(membership) = membership {
                self.write_membership(out, tenant, membership);
            }
        }
    }

    fn write_membership(&self, out: &mut Text, tenant: usize, membership: &Membership) {
        out.row("user.membership");
        out.put("tenant", q(&format!("t{tenant}")));
        out.put("roles", list(membership.roles.iter().map(|at| self.role(Some(tenant), *at))));
        out.opt("sites", membership.sites.as_ref().map(|at| list(self.sites(tenant, at))));
        out.opt("active", membership.active);
        out.opt("expires_at", membership.expires_at);
    }

    fn write_clients(&self, out: &mut Text) {
        for (n, client) in self.clients.iter().enumerate() {
            out.row("client");
            out.put("id", q(&format!("client {n}")));
            match client.secret {
                1 => out.put("secret", q(&format!("secret {n}"))),
                2 => out.put("secret_digest", q(&format!("{n:064x}"))),
                _ => {}
            }
            out.opt("name", client.name.as_ref().map(|text| q(text)));
            out.put("grants", list(&client.grants));
            out.put("scopes", list(&client.scopes));
            if client.redirect {
                out.put("redirect_uris", "['https://app.example/back?a=b', 'com.app:/x']");
            }
            out.opt("environment", client.environment);
        }
    }

    fn write_token(&self, out: &mut Text, n: usize, token: &Token) {
        let members = self.members();
        let owner =
            token.owner.as_ref().filter(|_| !members.is_empty()).map(|at| members[at.index(members.len())]);
        let tenant = owner.map_or_else(|| self.tenant(token.tenant), |(_, tenant)| tenant);
        out.row("token");
        out.opt("owner", owner.map(|(user, _)| q(&self.email(user))));
        out.put("tenant", q(&format!("t{tenant}")));
        if token.named.0 {
            out.put("number", 900 + n);
        }
        if token.named.1 {
            out.put("id", q(&format!("0c7e54a2-2b0f-4a37-9a51-{n:012x}")));
        }
        // One without a name is enough: a second one of the same owner would be the same row.
        if n > 0 || token.named.2 {
            out.put("name", q(&format!("token {n}")));
        }
        out.opt("utility", token.utility.map(|at| q(["EXTERNAL_API", "CICD", "BURP"][at])));
        out.opt("role", token.role.map(|at| q(&self.role(Some(tenant), at))));
        if owner.is_none() {
            out.put("roles", list(token.roles.iter().map(|at| self.role(Some(tenant), *at))));
        }
        out.opt("scopes", token.scopes.as_ref().map(list));
        if token.clear {
            out.put("secret", q(&format!("the-secret-of-token-{n}")));
            out.opt("revealable", token.revealable);
        } else {
            out.put("secret_digest", q(&format!("{:064x}", n + 77)));
        }
        out.opt("created_at", token.moments.0);
        out.opt("expires_at", token.moments.1.filter(|_| token.moments.0.is_some()));
    }

    fn write_traffic(&self, out: &mut Text) {
        for (n, (owner, tenant, name)) in self.webhooks.iter().enumerate() {
            out.row("webhook");
            out.put("owner", q(&self.email(owner.index(self.users.len()))));
            out.put("tenant", q(&format!("t{}", self.tenant(*tenant))));
            out.put("name", q(&format!("{n}{name}")));
            out.put("url", q(&format!("https://hooks.example/{n}?key=%20")));
            out.put("kind", "'SLACK'");
        }
        for (n, tenant) in self.tenants.iter().enumerate() {
            if let Some(lists) = &tenant.network {
                out.row("network");
                out.put("tenant", q(&format!("t{n}")));
                for (key, nets) in ["private", "partner"].into_iter().zip(lists) {
                    out.opt(key, nets.as_ref().map(list));
                }
            }
        }
        for (n, (tenant, collection, method, url, access)) in self.endpoints.iter().enumerate() {
            out.row("endpoint");
            out.put("tenant", q(&format!("t{}", self.tenant(*tenant))));
            out.put("collection", collection);
            out.put("method", q(["GET", "POST", "TRACE"][*method]));
            out.put("url", q(&format!("/{n}/{url}")));
            out.put("access", list(access));
        }
        for (n, activity) in self.activities.iter().enumerate() {
            out.row("activity");
            out.put("tenant", q(&format!("t{}", self.tenant(activity.tenant))));
            out.put("agent", q(&activity.agent));
            out.put("device", q(&format!("d{}", n % 2)));
            out.put("user", q(&format!("user {n}")));
            for (key, text) in ["domain", "topic", "harmful", "reason"].into_iter().zip(&activity.texts) {
                out.opt(key, text.as_ref().map(|text| q(text)));
            }
            out.opt("input_tokens", activity.counts.0);
            out.opt("output_tokens", activity.counts.1);
            out.opt("at", activity.at);
        }
    }
}

fn write_tenant(out: &mut Text, n: usize, tenant: &Tenant) {
    out.row("tenant");
    out.put("key", q(&format!("t{n}")));
    out.put("name", q(&format!("display {}", tenant.name)));
    if tenant.numbered {
        out.put("number", 70 + n);
        out.put("id", q(&format!("3b0d2a51-7c1e-4b9a-9d57-{n:012x}")));
    }
    out.put("features", list(&tenant.features));
    let quotas: Vec<String> =
        tenant.quotas.iter().map(|(name, limit)| format!("{} = {limit}", q(name))).collect();
    out.put("quotas", format!("{{ {} }}", quotas.join(", ")));
    out.opt("metadata", tenant.metadata.as_ref().map(|json| q(json)));
    if tenant.billing {
        out.put("billing_id", "'550e8400-e29b-41d4-a716-446655440000'");
    }
    if let Some((enforce, remember, ttl)) = &tenant.mfa {
        let enforce = ["DontForce", "Force", "ForceExceptSAML"][*enforce];
        let remember = remember.map_or_else(String::new, |flag| format!(", remember_device = {flag}"));
        let ttl = ttl.map_or_else(String::new, |ttl| format!(", device_ttl = {ttl}"));
        out.put("mfa", format!("{{ enforce = '{enforce}'{remember}{ttl} }}"));
    }
    out.opt("lockout", tenant.lockout.map(|attempts| format!("{{ attempts = {attempts} }}")));
    for (at, (name, with_id)) in tenant.sites.iter().enumerate() {
        out.row("tenant.site");
        out.put("key", q(&format!("s{at}")));
        if *with_id {
            out.put("id", q(&format!("9b3c1f60-0d2e-4f7a-a1c5-{:012x}", 100 * n + at)));
        }
        out.put("name", q(name));
    }
}
