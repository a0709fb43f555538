-- Staff with roles, the managers of sites, and the accounts of both on alarm panels.

CREATE TABLE roles (
    id TEXT NOT NULL PRIMARY KEY,
    company_id TEXT NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
    name_lower TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (company_id, id)
) STRICT;
CREATE UNIQUE INDEX roles_name ON roles (company_id, name_lower);

CREATE TABLE role_rights (
    role_id TEXT NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    name TEXT NOT NULL CHECK (name IN ('manage_all_sites', 'manage_assigned_sites', 'add_site', 'manage_staff', 'manage_roles',
        'handover', 'view_exceptions', 'upgrade_firmware', 'remote_configuration')),
    PRIMARY KEY (role_id, name)
) STRICT, WITHOUT ROWID;

INSERT INTO roles (id, company_id, name, name_lower, created_at)
SELECT lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-a' || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))), id, 'Installer', 'installer', created_at FROM companies;
INSERT INTO roles (id, company_id, name, name_lower, created_at)
SELECT lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-a' || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))), id, 'Manager', 'manager', created_at FROM companies;
INSERT INTO role_rights (role_id, name)
SELECT id, 'manage_assigned_sites' FROM roles WHERE name_lower = 'installer' UNION ALL
SELECT id, 'manage_all_sites' FROM roles WHERE name_lower = 'manager' UNION ALL
SELECT id, 'manage_staff' FROM roles WHERE name_lower = 'manager';
INSERT INTO role_rights (role_id, name)
SELECT r.id, w.name FROM roles r CROSS JOIN (
    SELECT 'add_site' AS name UNION ALL SELECT 'handover' UNION ALL SELECT 'view_exceptions' UNION ALL
    SELECT 'upgrade_firmware' UNION ALL SELECT 'remote_configuration'
) w;

-- The Installer Admin has no role and every right; anybody else without a role has none.
ALTER TABLE staff ADD COLUMN role_id TEXT REFERENCES roles (id);
ALTER TABLE staff ADD COLUMN language TEXT NOT NULL DEFAULT 'en' CHECK (language IN ('en', 'ru'));
ALTER TABLE staff ADD COLUMN time_zone TEXT NOT NULL DEFAULT 'UTC';
-- Rises with every change of the password: what panels were given is compared with it.
ALTER TABLE staff ADD COLUMN password_version INTEGER NOT NULL DEFAULT 1;
-- The seed of the second factor; one that is not confirmed yet asks for nothing at sign-in.
ALTER TABLE staff ADD COLUMN sealed_totp TEXT;
ALTER TABLE staff ADD COLUMN totp_confirmed_at INTEGER;
-- The time step of the last code that was taken: a code is good once.
ALTER TABLE staff ADD COLUMN totp_last_step INTEGER;
-- Name and address in small letters: searched in, and the order of lists.
ALTER TABLE staff ADD COLUMN search TEXT NOT NULL DEFAULT '';
UPDATE staff SET search = lower(name || char(10) || email);
-- Sessions are forgotten soon after they end; this stays.
ALTER TABLE staff ADD COLUMN last_seen_at INTEGER;
CREATE INDEX staff_role ON staff (role_id) WHERE role_id IS NOT NULL;
CREATE INDEX staff_company ON staff (company_id, search, id);

ALTER TABLE companies ADD COLUMN two_factor_required INTEGER NOT NULL DEFAULT 0 CHECK (two_factor_required IN (0, 1));
ALTER TABLE sessions ADD COLUMN user_agent TEXT NOT NULL DEFAULT '';

CREATE TABLE recovery_codes (
    staff_id TEXT NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
    code_hash TEXT NOT NULL,
    used_at INTEGER,
    PRIMARY KEY (staff_id, code_hash)
) STRICT, WITHOUT ROWID;

-- Whoever accepts one becomes staff. Only a hash of the token in the mail is kept.
CREATE TABLE staff_invitations (
    id TEXT NOT NULL PRIMARY KEY,
    company_id TEXT NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    email TEXT NOT NULL,
    email_lower TEXT NOT NULL,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 128),
    role_id TEXT NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    language TEXT NOT NULL CHECK (language IN ('en', 'ru')),
    token_hash TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'accepted', 'cancelled', 'expired')),
    invited_by TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at INTEGER,
    staff_id TEXT,
    CHECK ((state = 'pending') = (ended_at IS NULL))
) STRICT;
CREATE UNIQUE INDEX staff_invitations_token ON staff_invitations (token_hash);
CREATE UNIQUE INDEX staff_invitations_pending ON staff_invitations (company_id, email_lower) WHERE state = 'pending';
CREATE INDEX staff_invitations_company ON staff_invitations (company_id, id);
CREATE INDEX staff_invitations_role ON staff_invitations (role_id);

CREATE TABLE password_resets (
    token_hash TEXT NOT NULL PRIMARY KEY,
    staff_id TEXT NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX password_resets_staff ON password_resets (staff_id);

-- The token of a link in a mail, on its way: bodies have a gap where it goes. Erased when the mail is sent.
ALTER TABLE mails ADD COLUMN sealed_token TEXT;

-- Mails that people cause at will are paced: when each was, for whom (a hash) and for what.
CREATE TABLE mail_paces (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    purpose TEXT NOT NULL,
    subject TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX mail_paces_subject ON mail_paces (purpose, subject, at);
CREATE INDEX mail_paces_at ON mail_paces (at);

-- Who manages which site, until when (R-S4): whether it still holds is asked whenever it is used.
CREATE TABLE site_managers (
    company_id TEXT NOT NULL,
    site_id TEXT NOT NULL,
    staff_id TEXT NOT NULL,
    expires_at INTEGER,
    assigned_by TEXT,
    assigned_at INTEGER NOT NULL,
    PRIMARY KEY (site_id, staff_id),
    FOREIGN KEY (company_id, site_id) REFERENCES sites (company_id, id) ON DELETE CASCADE,
    FOREIGN KEY (company_id, staff_id) REFERENCES staff (company_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX site_managers_staff ON site_managers (company_id, staff_id, site_id);

-- Alarm panels whose accounts are kept as they should be (R-A4). A panel that was deleted stays here, with what reaches it,
-- until the staff's accounts are off it; the password is sealed for the place that it had in "devices".
CREATE TABLE panels (
    device_id TEXT NOT NULL PRIMARY KEY,
    company_id TEXT NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    leaving_since INTEGER,
    -- Given up by itself then: somebody else holds the panel now.
    give_up_at INTEGER,
    exit_id TEXT,
    name TEXT NOT NULL,
    site_name TEXT NOT NULL,
    model TEXT NOT NULL,
    serial TEXT,
    scheme TEXT,
    host TEXT,
    port INTEGER,
    user_name TEXT,
    sealed_password TEXT,
    pin TEXT,
    link_id TEXT,
    due_at INTEGER NOT NULL,
    locked_by TEXT,
    locked_until INTEGER,
    -- Rises whenever something it depends on changes, so that a change in the middle of a comparison is not lost.
    wanted_version INTEGER NOT NULL DEFAULT 1,
    checked_at INTEGER,
    failures INTEGER NOT NULL DEFAULT 0,
    reason_code TEXT,
    method TEXT CHECK (method IN ('cloud_user_manage', 'configuration_users')),
    CHECK ((leaving_since IS NULL) = (exit_id IS NULL)),
    CHECK (leaving_since IS NULL OR sealed_password IS NOT NULL)
) STRICT;
CREATE INDEX panels_due ON panels (due_at);
CREATE INDEX panels_company ON panels (company_id, device_id);

-- Accounts on panels as the platform knows them: wanted ones, and those that nobody should have.
CREATE TABLE panel_accounts (
    id TEXT NOT NULL PRIMARY KEY,
    company_id TEXT NOT NULL,
    device_id TEXT NOT NULL REFERENCES panels (device_id) ON DELETE CASCADE,
    -- Whose it is; none for an account that nobody should have. No foreign key: it outlives the person.
    person_kind TEXT CHECK (person_kind IN ('staff', 'end_user')),
    person_id TEXT,
    person_name TEXT NOT NULL,
    user_name TEXT NOT NULL,
    role TEXT NOT NULL,
    because TEXT,
    state TEXT NOT NULL CHECK (state IN ('adding', 'waiting_for_sign_in', 'there', 'refused', 'removing', 'unexpected')),
    reason_code TEXT,
    account_index TEXT,
    -- Which of the person's passwords it has; none while it has one made at random.
    password_version INTEGER,
    -- Which of them the panel refused: it is not given again.
    refused_version INTEGER,
    since INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CHECK ((person_kind IS NULL) = (person_id IS NULL)),
    CHECK (state <> 'unexpected' OR person_kind IS NULL)
) STRICT;
CREATE UNIQUE INDEX panel_accounts_name ON panel_accounts (device_id, user_name);
CREATE INDEX panel_accounts_person ON panel_accounts (person_id, device_id) WHERE person_id IS NOT NULL;
CREATE INDEX panel_accounts_company ON panel_accounts (company_id, device_id);

-- Login passwords on their way to panels, the newest of each person, sealed; erased when every panel has it.
CREATE TABLE panel_passwords (
    staff_id TEXT NOT NULL PRIMARY KEY REFERENCES staff (id) ON DELETE CASCADE,
    company_id TEXT NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    sealed TEXT NOT NULL,
    held_since INTEGER NOT NULL
) STRICT;

-- Accounts that were taken off panels, as read back from the panel: what proves an exit. Outlives panels and people.
CREATE TABLE panel_removals (
    id TEXT NOT NULL PRIMARY KEY,
    company_id TEXT NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    device_id TEXT NOT NULL,
    exit_id TEXT,
    device_name TEXT NOT NULL,
    serial TEXT,
    site_name TEXT NOT NULL,
    person_kind TEXT,
    person_id TEXT,
    person_name TEXT NOT NULL,
    user_name TEXT NOT NULL,
    role TEXT NOT NULL,
    removed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX panel_removals_company ON panel_removals (company_id, id);
CREATE INDEX panel_removals_person ON panel_removals (company_id, person_id, id) WHERE person_id IS NOT NULL;
CREATE INDEX panel_removals_exit ON panel_removals (exit_id) WHERE exit_id IS NOT NULL;

-- A panel's leaving of the platform, from its deletion to the proof that no account of ours is on it.
CREATE TABLE panel_exits (
    id TEXT NOT NULL PRIMARY KEY,
    company_id TEXT NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    device_id TEXT NOT NULL,
    device_name TEXT NOT NULL,
    model TEXT NOT NULL,
    serial TEXT,
    site_name TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('running', 'clean', 'given_up', 'superseded')),
    begun_at INTEGER NOT NULL,
    ended_at INTEGER,
    ended_by TEXT,
    reason_code TEXT,
    -- Accounts that were read on the panel at the end, as a JSON list.
    remaining TEXT,
    CHECK ((state = 'running') = (ended_at IS NULL))
) STRICT;
CREATE INDEX panel_exits_company ON panel_exits (company_id, id);

ALTER TABLE measured ADD COLUMN panel INTEGER;

-- A deleted site whose links still reach alarm panels that lose their accounts: hidden since then.
ALTER TABLE sites ADD COLUMN closing_at INTEGER;

-- Panels that were there before.
INSERT INTO panels (device_id, company_id, name, site_name, model, serial, due_at)
SELECT d.id, d.company_id, d.name, s.name, d.model, d.serial, 0 FROM devices d JOIN sites s ON s.id = d.site_id
WHERE d.kind = 'alarm_panel';

-- Those who have many of the sites, and not all, count what runs where from this index alone as well.
DROP INDEX devices_firmware;
CREATE INDEX devices_firmware ON devices (company_id, kind, model, firmware, name_lower, id, site_id);
