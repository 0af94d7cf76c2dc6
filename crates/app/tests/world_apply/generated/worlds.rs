//! Worlds as values: references are indices, which the text turns into names of rows that are there.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::{Index, subsequence};

/// A whole world; every reference is some number that the text takes modulo what there is.
#[derive(Clone, Debug)]
pub(super) struct Spec {
    pub(super) permissions: Vec<Option<String>>,
    pub(super) roles: Vec<Role>,
    pub(super) tenants: Vec<Tenant>,
    pub(super) users: Vec<User>,
    pub(super) clients: Vec<Client>,
    pub(super) tokens: Vec<Token>,
    pub(super) webhooks: Vec<(Index, Index, String)>,
    pub(super) endpoints: Vec<(Index, i64, usize, String, Vec<&'static str>)>,
    pub(super) activities: Vec<Activity>,
}

#[derive(Clone, Debug)]
pub(super) struct Role {
    pub(super) tenant: Option<Index>,
    /// Whether its key is one that roles of other tenants have too.
    pub(super) twin: bool,
    /// Another role that its holder may give.
    pub(super) gives: Option<Index>,
    pub(super) texts: (Option<String>, Option<String>),
    pub(super) base: Option<usize>,
    pub(super) permissions: Vec<&'static str>,
    /// Custom ones by index.
    pub(super) own: Vec<Index>,
    pub(super) assigns: Option<(Vec<&'static str>, bool)>,
    pub(super) level: Option<i64>,
    pub(super) flags: [bool; 3],
    pub(super) collections: Vec<i64>,
    pub(super) features: Vec<String>,
}

#[derive(Clone, Debug)]
pub(super) struct Tenant {
    pub(super) name: String,
    pub(super) numbered: bool,
    pub(super) features: Vec<String>,
    pub(super) quotas: BTreeMap<String, i64>,
    pub(super) metadata: Option<String>,
    pub(super) billing: bool,
    pub(super) mfa: Option<(usize, Option<bool>, Option<i64>)>,
    pub(super) lockout: Option<i64>,
    /// Name, and whether it has an id.
    pub(super) sites: Vec<(String, bool)>,
    pub(super) network: Option<[Option<Vec<&'static str>>; 2]>,
}

#[derive(Clone, Debug)]
pub(super) struct User {
    /// Which alphabet the address is of.
    pub(super) alphabet: usize,
    /// Whether it has a number, and an id.
    pub(super) named: (bool, bool),
    pub(super) provider: Option<String>,
    pub(super) texts: Vec<Option<String>>,
    pub(super) secrets: (Option<usize>, bool),
    pub(super) flags: Vec<Option<bool>>,
    pub(super) home: Option<(Index, Option<Index>)>,
    pub(super) objects: (Option<String>, Option<String>),
    pub(super) managed_by: Option<usize>,
    pub(super) memberships: Vec<Option<Membership>>,
}

#[derive(Clone, Debug)]
pub(super) struct Membership {
    pub(super) roles: Vec<Index>,
    pub(super) sites: Option<Vec<Index>>,
    pub(super) active: Option<bool>,
    pub(super) expires_at: Option<&'static str>,
}

#[derive(Clone, Debug)]
pub(super) struct Client {
    pub(super) secret: usize,
    pub(super) name: Option<String>,
    pub(super) grants: Vec<&'static str>,
    pub(super) scopes: Vec<&'static str>,
    pub(super) redirect: bool,
    pub(super) environment: Option<bool>,
}

#[derive(Clone, Debug)]
pub(super) struct Token {
    /// Of a member; else a tenant's own.
    pub(super) owner: Option<Index>,
    pub(super) tenant: Index,
    /// Whether it has a number, an id, a name.
    pub(super) named: (bool, bool, bool),
    pub(super) utility: Option<usize>,
    pub(super) role: Option<Index>,
    pub(super) roles: Vec<Index>,
    pub(super) scopes: Option<Vec<&'static str>>,
    pub(super) clear: bool,
    pub(super) revealable: Option<bool>,
    pub(super) moments: (Option<&'static str>, Option<&'static str>),
}

#[derive(Clone, Debug)]
pub(super) struct Activity {
    pub(super) tenant: Index,
    pub(super) agent: String,
    pub(super) texts: [Option<String>; 4],
    pub(super) counts: (Option<i64>, Option<i64>),
    pub(super) at: Option<&'static str>,
}

/// Text of every script, with quotes, backslashes and what looks like TOML, but for control characters.
fn text() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![
        "Zoë",
        "王小明",
        "\"",
        "\\",
        "a\\u0041",
        "''' # x",
        "\u{202e}abc",
        "🦀",
        "a = [1]",
    ]);
    prop_oneof![3 => "\\PC{1,12}".prop_map(|text| format!("x{text}")), 1 => odd.prop_map(str::to_owned)]
}

fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<u64>().prop_map(Into::into),
        (-1e9..1e9).prop_map(|float: f64| serde_json::json!(float)),
        text().prop_map(Into::into),
    ];
    let value = leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Into::into),
            vec((text(), inner), 0..3)
                .prop_map(|pairs| serde_json::Value::Object(pairs.into_iter().collect())),
        ]
    });
    vec((text(), value), 0..3)
        .prop_map(|pairs| serde_json::Value::Object(pairs.into_iter().collect()).to_string())
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    prop::collection::btree_set(text(), 0..3).prop_map(|set| set.into_iter().collect())
}

fn moment() -> impl Strategy<Value = Option<&'static str>> {
    let all = [
        "1999-12-31T23:59:59Z",
        "2020-02-29T00:00:00.000001Z",
        "2031-01-01T00:00:00+05:30",
        "9999-12-31T23:59:59Z",
    ];
    of(prop::sample::select(all.to_vec()))
}

const BUILTIN: [&str; 7] =
    ["admin", "threat_engineer", "threat_viewer", "member", "developer", "guest", "no_access"];

fn role() -> impl Strategy<Value = Role> {
    let rights = vec!["users:read", "tokens:*", "audit:read", "nothing:yet*", "*"];
    let says = (subsequence(rights, 0..3), vec(any::<Index>(), 0..2));
    let level = of(0..9_i64);
    let lists = (vec(-5..5_i64, 0..3), texts());
    let given = of((subsequence(BUILTIN.to_vec(), 0..3), any::<bool>()));
    (
        (of(any::<Index>()), any::<bool>(), of(any::<Index>())),
        (of(text()), of(text())),
        of(0..7_usize),
        says,
        (given, level),
        (any::<[bool; 3]>(), lists),
    )
        .prop_map(|(place, texts, base, (permissions, own), (assigns, level), (flags, lists))| Role {
            tenant: place.0,
            twin: place.1,
            gives: place.2,
            texts,
            base,
            permissions,
            own,
            assigns,
            level,
            flags,
            collections: {
                let mut all = lists.0;
                all.sort_unstable();
                all.dedup();
                all
            },
            features: lists.1,
        })
}

fn tenant() -> impl Strategy<Value = Tenant> {
    let nets = || subsequence(vec!["10.0.0.0/8", "192.0.2.0/24", "2001:db8::/32"], 0..3);
    let rules = (of((0..3_usize, of(any::<bool>()), of(1..9_999_999_i64))), of(1..99_i64));
    (
        (text(), any::<bool>(), texts(), btree_map(text(), 0..1_000_000_i64, 0..3), of(json())),
        (any::<bool>(), rules, vec((text(), any::<bool>()), 0..3), of([of(nets()), of(nets())])),
    )
        .prop_map(
            |((name, numbered, features, quotas, metadata), (billing, (mfa, lockout), sites, network))| {
                Tenant { name, numbered, features, quotas, metadata, billing, mfa, lockout, sites, network }
            },
        )
}

fn membership() -> impl Strategy<Value = Membership> {
    (vec(any::<Index>(), 0..3), of(vec(any::<Index>(), 0..3)), of(any::<bool>()), moment())
        .prop_map(|(roles, sites, active, expires_at)| Membership { roles, sites, active, expires_at })
}

fn user() -> impl Strategy<Value = User> {
    (
        (vec(of(text()), 9), (of(0..3_usize), any::<bool>()), vec(of(any::<bool>()), 7)),
        (0..4_usize, any::<(bool, bool)>(), of(text())),
        (
            of((any::<Index>(), of(any::<Index>()))),
            (of(json()), of(json())),
            of(0..3_usize),
            vec(of(membership()), 3),
        ),
    )
        .prop_map(|((texts, secrets, flags), identity, (home, objects, managed_by, memberships))| User {
            alphabet: identity.0,
            named: identity.1,
            provider: identity.2,
            texts,
            secrets,
            flags,
            home,
            objects,
            managed_by,
            memberships,
        })
}

fn client() -> impl Strategy<Value = Client> {
    let grants =
        subsequence(vec!["password", "refresh_token", "client_credentials", "authorization_code"], 1..4);
    let scopes = subsequence(vec!["read", "write", "users:read"], 0..3);
    (0..3_usize, of(text()), grants, scopes, any::<bool>(), of(any::<bool>())).prop_map(
        |(secret, name, grants, scopes, redirect, environment)| Client {
            secret,
            name,
            grants,
            scopes,
            redirect,
            environment,
        },
    )
}

fn token() -> impl Strategy<Value = Token> {
    let moments = of(prop::sample::select(vec!["2020-01-01T00:00:00Z", "2026-01-01T00:00:00.123456Z"]));
    let ends = of(prop::sample::select(vec!["2026-02-01T00:00:00Z", "2040-01-01T00:00:00Z"]));
    let scopes = of(subsequence(vec!["write", "read"], 1..3));
    (
        (of(any::<Index>()), any::<Index>(), any::<(bool, bool, bool)>(), of(0..3_usize), scopes),
        (of(any::<Index>()), vec(any::<Index>(), 0..3), any::<bool>(), of(any::<bool>()), (moments, ends)),
    )
        .prop_map(
            |((owner, tenant, named, utility, scopes), (role, roles, clear, revealable, moments))| Token {
                owner,
                tenant,
                named,
                utility,
                role,
                roles,
                scopes,
                clear,
                revealable,
                moments,
            },
        )
}

fn activity() -> impl Strategy<Value = Activity> {
    let texts = [of(text()).boxed(), of(text()).boxed(), of(text()).boxed(), of(text()).boxed()];
    (any::<Index>(), text(), texts, (of(0..99_i64), of(0..99_i64)), moment())
        .prop_map(|(tenant, agent, texts, counts, at)| Activity { tenant, agent, texts, counts, at })
}

pub(super) fn spec() -> impl Strategy<Value = Spec> {
    let access = subsequence(vec!["PARTNER", "PRIVATE", "PUBLIC", "THIRD_PARTY"], 0..4);
    let endpoint = (any::<Index>(), -9..9_i64, 0..3_usize, text(), access);
    (
        (vec(of(text()), 0..4), vec(role(), 0..4), vec(tenant(), 2..4), vec(user(), 1..5)),
        (vec(client(), 0..3), vec(token(), 0..5), vec((any::<Index>(), any::<Index>(), text()), 0..3)),
        (vec(endpoint, 0..4), vec(activity(), 0..4)),
    )
        .prop_map(
            |((permissions, roles, tenants, users), (clients, tokens, webhooks), (endpoints, activities))| {
                Spec { permissions, roles, tenants, users, clients, tokens, webhooks, endpoints, activities }
            },
        )
}
