-- Both engines run this text. Times are microseconds since 1970 UTC; lists and objects are JSON text;
-- `origin` is 'world' for rows that an apply made, else ''.

CREATE TABLE feed_head (id BIGINT PRIMARY KEY, n BIGINT NOT NULL);
INSERT INTO feed_head (id, n) VALUES (1, 0);
CREATE TABLE feed (n BIGINT NOT NULL, subject UUID NOT NULL, PRIMARY KEY (n, subject));

-- Who sweeps what is over, and until when nobody else may.
CREATE TABLE sweeps (id BIGINT PRIMARY KEY, holder UUID, until BIGINT NOT NULL);
INSERT INTO sweeps (id, until) VALUES (1, 0);

-- The next number of each kind: handed out in blocks, never reused.
CREATE TABLE counters (kind TEXT COLLATE "binary" PRIMARY KEY, next BIGINT NOT NULL);
INSERT INTO counters (kind, next) VALUES ('tenant', 1), ('user', 1), ('session', 1), ('token', 1), ('webhook', 1);

-- What the installation was given once: the vendor id, when it was made.
CREATE TABLE installation (key TEXT COLLATE "binary" PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE permissions (
    id UUID PRIMARY KEY,
    key TEXT COLLATE "binary" NOT NULL UNIQUE,
    description TEXT NOT NULL,
    origin TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE tenants (
    id UUID PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE,
    key TEXT COLLATE "binary" NOT NULL UNIQUE,
    name TEXT COLLATE "binary" NOT NULL,
    features TEXT NOT NULL,
    quotas TEXT NOT NULL,
    metadata TEXT NOT NULL,
    billing_id UUID,
    mfa_enforce TEXT,
    mfa_remember_device BOOLEAN NOT NULL,
    mfa_device_ttl BIGINT NOT NULL,
    lockout_attempts BIGINT,
    -- Moved first by every write that judges something tenant-wide.
    revision BIGINT NOT NULL,
    origin TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    -- Deleted, and not yet swept: nothing of it counts, and key and number are not its own any more.
    ended_at BIGINT
);
CREATE INDEX tenants_ended ON tenants (ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE sites (
    id UUID PRIMARY KEY,
    tenant_id UUID NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    key TEXT COLLATE "binary" NOT NULL,
    name TEXT COLLATE "binary" NOT NULL,
    origin TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (tenant_id, key)
);

CREATE TABLE roles (
    id UUID PRIMARY KEY,
    tenant_id UUID REFERENCES tenants (id) ON DELETE CASCADE,
    key TEXT COLLATE "binary" NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    -- Key of the built-in role that this one is or is based on.
    base TEXT,
    builtin BOOLEAN NOT NULL,
    level BIGINT,
    patterns TEXT NOT NULL,
    assigns TEXT,
    is_default BOOLEAN NOT NULL,
    first_user BOOLEAN NOT NULL,
    default_invite BOOLEAN NOT NULL,
    collections TEXT NOT NULL,
    features TEXT NOT NULL,
    origin TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX roles_common_key ON roles (key) WHERE tenant_id IS NULL;
-- Of all rows: so PostgreSQL takes it for a key, whose change waits for those who have just referred to the row.
CREATE UNIQUE INDEX roles_tenant_key ON roles (tenant_id, key);

CREATE TABLE users (
    id UUID PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE,
    email TEXT COLLATE "binary" NOT NULL UNIQUE,
    name TEXT,
    first_name TEXT,
    middle_name TEXT,
    last_name TEXT,
    phone TEXT,
    picture TEXT,
    kind TEXT NOT NULL,
    user_group TEXT,
    verified BOOLEAN NOT NULL,
    active BOOLEAN NOT NULL,
    locked BOOLEAN NOT NULL,
    is_operator BOOLEAN NOT NULL,
    super_user BOOLEAN NOT NULL,
    invisible BOOLEAN NOT NULL,
    mfa_bypass BOOLEAN NOT NULL,
    default_tenant_id UUID REFERENCES tenants (id) ON DELETE SET NULL,
    default_site_id UUID REFERENCES sites (id) ON DELETE SET NULL,
    metadata TEXT NOT NULL,
    vendor_metadata TEXT NOT NULL,
    managed_by TEXT,
    created_by TEXT,
    updated_by TEXT,
    provider TEXT NOT NULL,
    -- PHC string; NULL: no password sign-in.
    password_hash TEXT,
    -- TOTP: sealed seed, id of the device, last step used.
    totp_sealed BYTEA,
    totp_device_id UUID,
    totp_step BIGINT,
    last_login_at BIGINT,
    origin TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    -- For the copy of the address in memberships.
    UNIQUE (id, email)
);
-- Deleting a tenant, a site, a role or a client looks for what hangs on it.
CREATE INDEX users_default_tenant ON users (default_tenant_id) WHERE default_tenant_id IS NOT NULL;
CREATE INDEX users_default_site ON users (default_site_id) WHERE default_site_id IS NOT NULL;
CREATE INDEX users_operators ON users (id) WHERE is_operator;

CREATE TABLE memberships (
    user_id UUID NOT NULL,
    tenant_id UUID NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    -- The user's address, which the database keeps right: members are listed and searched by it.
    email TEXT COLLATE "binary" NOT NULL,
    active BOOLEAN NOT NULL,
    expires_at BIGINT,
    origin TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, tenant_id),
    FOREIGN KEY (user_id, email) REFERENCES users (id, email) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE INDEX memberships_tenant ON memberships (tenant_id, email, user_id);
-- Counted for the quota, and which of them ends next.
CREATE INDEX memberships_ends ON memberships (tenant_id, expires_at);

CREATE TABLE membership_roles (
    user_id UUID NOT NULL,
    tenant_id UUID NOT NULL,
    role_id UUID NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    PRIMARY KEY (user_id, tenant_id, role_id),
    FOREIGN KEY (user_id, tenant_id) REFERENCES memberships (user_id, tenant_id) ON DELETE CASCADE
);
CREATE INDEX membership_roles_role ON membership_roles (role_id);
CREATE INDEX membership_roles_tenant ON membership_roles (tenant_id, role_id);

CREATE TABLE membership_sites (
    user_id UUID NOT NULL,
    tenant_id UUID NOT NULL,
    site_id UUID NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
    PRIMARY KEY (user_id, tenant_id, site_id),
    FOREIGN KEY (user_id, tenant_id) REFERENCES memberships (user_id, tenant_id) ON DELETE CASCADE
);
CREATE INDEX membership_sites_site ON membership_sites (site_id);

CREATE TABLE clients (
    id UUID PRIMARY KEY,
    client_id TEXT COLLATE "binary" NOT NULL UNIQUE,
    secret_digest BYTEA,
    -- Bytes of the secret when it was set in clear; NULL: unknown.
    secret_bytes BIGINT,
    name TEXT,
    grants TEXT NOT NULL,
    scopes TEXT NOT NULL,
    redirect_uris TEXT NOT NULL,
    environment BOOLEAN NOT NULL,
    origin TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    -- As of a tenant.
    ended_at BIGINT
);
CREATE INDEX clients_ended ON clients (ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE sessions (
    id UUID PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE,
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    tenant_id UUID REFERENCES tenants (id) ON DELETE CASCADE,
    client_id UUID REFERENCES clients (id) ON DELETE CASCADE,
    opening TEXT NOT NULL,
    -- SHA-256 of the session token; NULL where a refresh family stands for it.
    digest BYTEA UNIQUE,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    idle BIGINT,
    expires_at BIGINT NOT NULL,
    -- What the session may never outlive, whatever is refreshed.
    absolute_until BIGINT NOT NULL,
    ended_at BIGINT,
    user_agent TEXT NOT NULL,
    ip TEXT NOT NULL,
    place TEXT NOT NULL,
    mfa BOOLEAN NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id, created_at);
CREATE INDEX sessions_tenant ON sessions (tenant_id) WHERE tenant_id IS NOT NULL;
CREATE INDEX sessions_client ON sessions (client_id) WHERE client_id IS NOT NULL;
CREATE INDEX sessions_expiry ON sessions (expires_at);
CREATE INDEX sessions_ended ON sessions (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX sessions_idle ON sessions ((last_used_at + idle)) WHERE idle IS NOT NULL;

CREATE TABLE families (
    id UUID PRIMARY KEY,
    session_id UUID NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    client_id UUID REFERENCES clients (id) ON DELETE CASCADE,
    opening TEXT NOT NULL,
    scope TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX families_session ON families (session_id);
CREATE INDEX families_client ON families (client_id) WHERE client_id IS NOT NULL;

CREATE TABLE refresh_tokens (
    digest BYTEA PRIMARY KEY,
    family_id UUID NOT NULL REFERENCES families (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    rotated_at BIGINT
);
CREATE INDEX refresh_tokens_family ON refresh_tokens (family_id);
CREATE INDEX refresh_tokens_expiry ON refresh_tokens (expires_at);

-- Known `jti`s of OAuth and Frontegg access tokens.
CREATE TABLE access_tokens (
    id UUID PRIMARY KEY,
    kind TEXT NOT NULL,
    family_id UUID REFERENCES families (id) ON DELETE CASCADE,
    session_id UUID REFERENCES sessions (id) ON DELETE CASCADE,
    client_id UUID REFERENCES clients (id) ON DELETE CASCADE,
    user_id UUID REFERENCES users (id) ON DELETE CASCADE,
    tenant_id UUID REFERENCES tenants (id) ON DELETE CASCADE,
    scope TEXT NOT NULL,
    -- Of a client's own: the digest of the secret that proved it. Another secret, and the token is dead.
    proof BYTEA,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX access_tokens_family ON access_tokens (family_id);
CREATE INDEX access_tokens_session ON access_tokens (session_id);
CREATE INDEX access_tokens_user ON access_tokens (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX access_tokens_tenant ON access_tokens (tenant_id) WHERE tenant_id IS NOT NULL;
CREATE INDEX access_tokens_client ON access_tokens (client_id) WHERE client_id IS NOT NULL;
CREATE INDEX access_tokens_expiry ON access_tokens (expires_at);

CREATE TABLE tokens (
    id UUID PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE,
    tenant_id UUID NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    owner_id UUID REFERENCES users (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    utility TEXT,
    cap_id UUID REFERENCES roles (id) ON DELETE CASCADE,
    -- The OAuth scopes of what made it, blanks between; NULL: bound by none.
    scopes TEXT,
    -- SHA-256 of the key; NULL for signed tokens, whose `jti` is the id.
    digest BYTEA UNIQUE,
    -- A copy under the master key, where the key may be shown again.
    sealed BYTEA,
    provider TEXT NOT NULL,
    created_by UUID,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT,
    last_used_at BIGINT,
    origin TEXT NOT NULL
);
CREATE INDEX tokens_tenant ON tokens (tenant_id, created_at, id);
CREATE INDEX tokens_owner ON tokens (owner_id, tenant_id, created_at, id);
CREATE INDEX tokens_ends ON tokens (tenant_id, expires_at) WHERE revoked_at IS NULL;
CREATE INDEX tokens_cap ON tokens (cap_id) WHERE cap_id IS NOT NULL;
CREATE INDEX tokens_expiry ON tokens (expires_at) WHERE expires_at IS NOT NULL AND origin = '';
CREATE INDEX tokens_revoked ON tokens (revoked_at) WHERE revoked_at IS NOT NULL AND origin = '';

-- Roles of a tenant's own token.
CREATE TABLE token_roles (
    token_id UUID NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
    role_id UUID NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    PRIMARY KEY (token_id, role_id)
);
CREATE INDEX token_roles_role ON token_roles (role_id);

CREATE TABLE mfa_tokens (
    digest BYTEA PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    tenant_id UUID REFERENCES tenants (id) ON DELETE CASCADE,
    purpose TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX mfa_tokens_user ON mfa_tokens (user_id);
CREATE INDEX mfa_tokens_tenant ON mfa_tokens (tenant_id) WHERE tenant_id IS NOT NULL;
CREATE INDEX mfa_tokens_expiry ON mfa_tokens (expires_at);

-- Links that people are sent: single use, bound to an address and a tenant (invitation) or to a user (reset).
CREATE TABLE links (
    id UUID PRIMARY KEY,
    -- SHA-256 of the token.
    digest BYTEA NOT NULL UNIQUE,
    purpose TEXT NOT NULL,
    tenant_id UUID REFERENCES tenants (id) ON DELETE CASCADE,
    email TEXT COLLATE "binary",
    user_id UUID REFERENCES users (id) ON DELETE CASCADE,
    -- What the invited person will be: name, ids of roles and sites, end of the membership.
    name TEXT,
    roles TEXT,
    sites TEXT,
    member_until BIGINT,
    -- Whether it went out by mail alone.
    mailed BOOLEAN NOT NULL,
    -- A link dies with who made it.
    created_by UUID REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    -- Or withdrawn, or ended by something else: then that is its end, too.
    used_at BIGINT
);
CREATE UNIQUE INDEX links_invitation ON links (tenant_id, email) WHERE tenant_id IS NOT NULL AND used_at IS NULL;
CREATE UNIQUE INDEX links_reset ON links (user_id) WHERE user_id IS NOT NULL AND used_at IS NULL;
CREATE INDEX links_tenant ON links (tenant_id, created_at, id);
CREATE INDEX links_user ON links (user_id);
CREATE INDEX links_email ON links (tenant_id, email, created_at);
CREATE INDEX links_maker ON links (created_by);
CREATE INDEX links_expiry ON links (expires_at);

-- Failed sign-ins per e-mail, known or not: the key is the digest of the address.
CREATE TABLE lockouts (
    digest BYTEA PRIMARY KEY,
    failures BIGINT NOT NULL,
    window_from BIGINT NOT NULL,
    locked_until BIGINT,
    lockouts BIGINT NOT NULL
);
-- By the last moment that means something: the end of the lock, or the failure that opened the window.
CREATE INDEX lockouts_last ON lockouts
    ((CASE WHEN locked_until > window_from THEN locked_until ELSE window_from END));

CREATE TABLE signing_keys (
    id UUID PRIMARY KEY,
    purpose TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    retired_at BIGINT
);

CREATE TABLE webhooks (
    id UUID PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE,
    owner_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    tenant_id UUID NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    name TEXT COLLATE "binary" NOT NULL,
    url TEXT NOT NULL,
    kind TEXT NOT NULL,
    origin TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (owner_id, tenant_id, name)
);
CREATE INDEX webhooks_tenant ON webhooks (tenant_id, created_at, id);

CREATE TABLE networks (
    tenant_id UUID PRIMARY KEY REFERENCES tenants (id) ON DELETE CASCADE,
    private TEXT NOT NULL,
    partner TEXT NOT NULL,
    origin TEXT NOT NULL
);

CREATE TABLE endpoints (
    id UUID PRIMARY KEY,
    tenant_id UUID NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    url TEXT COLLATE "binary" NOT NULL,
    collection BIGINT NOT NULL,
    method TEXT COLLATE "binary" NOT NULL,
    -- Which access types were seen: the sum of 1 PUBLIC, 2 PARTNER, 4 THIRD_PARTY and 8 PRIVATE.
    access BIGINT NOT NULL,
    origin TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (tenant_id, url, collection, method)
);
CREATE INDEX endpoints_collection ON endpoints (tenant_id, collection, url, method);

CREATE TABLE activities (
    id UUID PRIMARY KEY,
    tenant_id UUID NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    agent TEXT COLLATE "binary" NOT NULL,
    device TEXT COLLATE "binary" NOT NULL,
    user_name TEXT NOT NULL,
    domain TEXT,
    topic TEXT,
    input_tokens BIGINT,
    output_tokens BIGINT,
    harmful TEXT,
    reason TEXT,
    at BIGINT NOT NULL,
    -- SHA-256 over the whole row, by which an apply recognises it.
    digest BYTEA NOT NULL,
    origin TEXT NOT NULL,
    -- Orders those of one moment: the greater was received later.
    received BIGINT NOT NULL
);
CREATE INDEX activities_device ON activities (tenant_id, agent, device, at);
-- Of a world file: these are added up when they are asked for.
CREATE INDEX activities_world ON activities (tenant_id, agent, device) WHERE origin <> '';
CREATE INDEX activities_digest ON activities (tenant_id, digest);

-- What the reported activities of an agent on a device add up to, kept as they come.
CREATE TABLE agent_devices (
    id UUID PRIMARY KEY,
    tenant_id UUID NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    agent TEXT COLLATE "binary" NOT NULL,
    device TEXT COLLATE "binary" NOT NULL,
    -- Of the newest.
    user_name TEXT NOT NULL,
    newest_at BIGINT NOT NULL,
    newest_received BIGINT NOT NULL,
    input_tokens BIGINT NOT NULL,
    output_tokens BIGINT NOT NULL,
    -- Topics and categories of harm that count as "other", since there were too many to tell apart.
    as_other BIGINT NOT NULL DEFAULT 0,
    UNIQUE (tenant_id, agent, device)
);
CREATE TABLE agent_topics (
    device_id UUID NOT NULL REFERENCES agent_devices (id) ON DELETE CASCADE,
    domain TEXT COLLATE "binary" NOT NULL,
    topic TEXT COLLATE "binary" NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (device_id, domain, topic)
);
CREATE TABLE agent_harms (
    device_id UUID NOT NULL REFERENCES agent_devices (id) ON DELETE CASCADE,
    category TEXT COLLATE "binary" NOT NULL,
    count BIGINT NOT NULL,
    newest_at BIGINT NOT NULL,
    newest_received BIGINT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (device_id, category)
);

CREATE TABLE audit (
    id UUID PRIMARY KEY,
    at BIGINT NOT NULL,
    tenant_id UUID,
    actor_kind TEXT NOT NULL,
    actor_id UUID,
    -- Addresses as they were: people leave, change theirs, are deleted.
    actor_email TEXT,
    credential_kind TEXT,
    credential_id UUID,
    action TEXT COLLATE "binary" NOT NULL,
    target_kind TEXT,
    target_id UUID,
    target_email TEXT,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    ip TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    request_id TEXT NOT NULL
);
CREATE INDEX audit_tenant ON audit (tenant_id, at, id);
CREATE INDEX audit_at ON audit (at, id);
-- What an auditor asks for in one tenant, newest first.
CREATE INDEX audit_actor ON audit (tenant_id, actor_id, at, id) WHERE actor_id IS NOT NULL;
CREATE INDEX audit_credential ON audit (tenant_id, credential_id, at, id) WHERE credential_id IS NOT NULL;
CREATE INDEX audit_target ON audit (tenant_id, target_id, at, id) WHERE target_id IS NOT NULL;
CREATE INDEX audit_action ON audit (tenant_id, action, at, id);
CREATE INDEX audit_refused ON audit (tenant_id, at, id) WHERE outcome = 'refused';

-- What has not ended with its tenant or its client: a deleted one may wait long for the sweep, and until then whoever
-- reads by anything but the id of a tenant that is known to be there reads here.
CREATE VIEW live_tenants AS SELECT * FROM tenants WHERE ended_at IS NULL;
CREATE VIEW live_clients AS SELECT * FROM clients WHERE ended_at IS NULL;
CREATE VIEW live_sites AS SELECT * FROM sites
    WHERE (SELECT t.ended_at FROM tenants t WHERE t.id = sites.tenant_id) IS NULL;
CREATE VIEW live_roles AS SELECT * FROM roles
    WHERE (SELECT t.ended_at FROM tenants t WHERE t.id = roles.tenant_id) IS NULL;
CREATE VIEW live_memberships AS SELECT * FROM memberships
    WHERE (SELECT t.ended_at FROM tenants t WHERE t.id = memberships.tenant_id) IS NULL;
CREATE VIEW live_tokens AS SELECT * FROM tokens
    WHERE (SELECT t.ended_at FROM tenants t WHERE t.id = tokens.tenant_id) IS NULL;
CREATE VIEW live_links AS SELECT * FROM links
    WHERE (SELECT t.ended_at FROM tenants t WHERE t.id = links.tenant_id) IS NULL;
CREATE VIEW live_webhooks AS SELECT * FROM webhooks
    WHERE (SELECT t.ended_at FROM tenants t WHERE t.id = webhooks.tenant_id) IS NULL;
CREATE VIEW live_networks AS SELECT * FROM networks
    WHERE (SELECT t.ended_at FROM tenants t WHERE t.id = networks.tenant_id) IS NULL;
CREATE VIEW live_endpoints AS SELECT * FROM endpoints
    WHERE (SELECT t.ended_at FROM tenants t WHERE t.id = endpoints.tenant_id) IS NULL;
CREATE VIEW live_activities AS SELECT * FROM activities
    WHERE (SELECT t.ended_at FROM tenants t WHERE t.id = activities.tenant_id) IS NULL;
CREATE VIEW live_sessions AS SELECT * FROM sessions
    WHERE (SELECT t.ended_at FROM tenants t WHERE t.id = sessions.tenant_id) IS NULL
    AND (SELECT c.ended_at FROM clients c WHERE c.id = sessions.client_id) IS NULL;
CREATE VIEW live_access_tokens AS SELECT * FROM access_tokens
    WHERE (SELECT t.ended_at FROM tenants t WHERE t.id = access_tokens.tenant_id) IS NULL
    AND (SELECT c.ended_at FROM clients c WHERE c.id = access_tokens.client_id) IS NULL;
CREATE VIEW live_families AS SELECT * FROM families
    WHERE (SELECT c.ended_at FROM clients c WHERE c.id = families.client_id) IS NULL;
