-- Rows for the planners, on either engine. ROWS of each; `ID:n` is the i-th id of the n-th kind, nine tenths are of one
-- TENANT.
INSERT INTO tenants (id, number, key, name, features, quotas, metadata, mfa_remember_device, mfa_device_ttl, revision,
    origin, created_at, updated_at)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2)
SELECT ID:2, i, 'tenant-' || CAST(i AS TEXT), '', '[]', '{}', '{}', FALSE, 0, 0, '', 0, 0 FROM n;

INSERT INTO users (id, number, email, kind, verified, active, locked, is_operator, super_user, invisible, mfa_bypass,
    metadata, vendor_metadata, provider, origin, created_at, updated_at)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ROWS)
SELECT ID:1, i, EMAIL, 'USER', TRUE, TRUE, FALSE, i < 3, FALSE, FALSE, FALSE, '{}', '{}', 'local', '', i, i FROM n;

INSERT INTO memberships (user_id, tenant_id, email, active, origin, created_at)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ROWS)
SELECT ID:1, TENANT, EMAIL, TRUE, '', i FROM n;

INSERT INTO membership_roles (user_id, tenant_id, role_id)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ROWS)
SELECT ID:1, TENANT, (SELECT r.id FROM roles r WHERE r.key = CASE WHEN i % 1000 = 0 THEN 'admin'
    WHEN i % 2 = 0 THEN 'developer' ELSE 'guest' END) FROM n;

INSERT INTO sessions (id, number, user_id, tenant_id, opening, digest, created_at, last_used_at, idle, expires_at,
    absolute_until, ended_at, user_agent, ip, place, mfa)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ROWS)
SELECT ID:3, i, ID:1, TENANT, 'native', DIGEST, i, i, 3600, i + 9000, i + 9000, CASE WHEN i % 3 = 0 THEN i END,
    '', '', '', FALSE FROM n;

INSERT INTO families (id, session_id, opening, scope, created_at)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ROWS)
SELECT ID:4, ID:3, 'oauth', '', i FROM n;

INSERT INTO access_tokens (id, kind, family_id, session_id, user_id, tenant_id, scope, created_at, expires_at)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ROWS)
SELECT ID:5, 'oauth', ID:4, ID:3, ID:1, TENANT, '', i, i + 900 FROM n;

INSERT INTO tokens (id, number, tenant_id, owner_id, kind, name, digest, provider, created_by, created_at, expires_at,
    revoked_at, origin)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ROWS)
SELECT ID:6, i, TENANT, ID:1, 'api_key', 'k', DIGEST, 'local', ID:1, i, CASE WHEN i % 2 = 0 THEN i + 9000 END,
    CASE WHEN i % 3 = 0 THEN i END, '' FROM n;

INSERT INTO endpoints (id, tenant_id, url, collection, method, access, origin, created_at)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ROWS)
SELECT ID:7, TENANT, '/things/' || CAST(i AS TEXT), i % 7, 'GET', 1, '', i FROM n;

INSERT INTO activities (id, tenant_id, agent, device, user_name, at, digest, origin, received)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ROWS)
SELECT ID:8, TENANT, 'agent-' || CAST(i % 9 AS TEXT), 'device', 'x', i, DIGEST, '', i FROM n;

INSERT INTO audit (id, at, tenant_id, actor_kind, actor_id, credential_kind, credential_id, action, target_kind,
    target_id, outcome, reason, ip, user_agent, request_id)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ROWS)
SELECT ID:9, i, TENANT, 'user', ID:1, 'session', ID:3, CASE WHEN i % 2 = 0 THEN 'user.signed_in'
    ELSE 'token.minted' END, 'user', ID:1, CASE WHEN i % 50 = 0 THEN 'refused' ELSE 'done' END, '', '', '', '' FROM n;
