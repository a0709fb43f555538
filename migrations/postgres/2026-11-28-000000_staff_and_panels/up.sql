-- Staff with roles, the managers of sites, and the accounts of both on alarm panels.

CREATE TABLE roles (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    company_id TEXT COLLATE "C" NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    name TEXT COLLATE "C" NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
    name_lower TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (company_id, id)
);
CREATE UNIQUE INDEX roles_name ON roles (company_id, name_lower);

CREATE TABLE role_rights (
    role_id TEXT COLLATE "C" NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    name TEXT COLLATE "C" NOT NULL CHECK (name IN ('manage_all_sites', 'manage_assigned_sites', 'add_site', 'manage_staff', 'manage_roles',
        'handover', 'view_exceptions', 'upgrade_firmware', 'remote_configuration')),
    PRIMARY KEY (role_id, name)
);

INSERT INTO roles (id, company_id, name, name_lower, created_at)
SELECT gen_random_uuid()::text, id, 'Installer', 'installer', created_at FROM companies;
INSERT INTO roles (id, company_id, name, name_lower, created_at)
SELECT gen_random_uuid()::text, id, 'Manager', 'manager', created_at FROM companies;
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
ALTER TABLE staff ADD COLUMN role_id TEXT COLLATE "C" REFERENCES roles (id);
ALTER TABLE staff ADD COLUMN language TEXT COLLATE "C" NOT NULL DEFAULT 'en' CHECK (language IN ('en', 'ru'));
ALTER TABLE staff ADD COLUMN time_zone TEXT COLLATE "C" NOT NULL DEFAULT 'UTC';
-- Rises with every change of the password: what panels were given is compared with it.
ALTER TABLE staff ADD COLUMN password_version INTEGER NOT NULL DEFAULT 1;
-- The seed of the second factor; one that is not confirmed yet asks for nothing at sign-in.
ALTER TABLE staff ADD COLUMN sealed_totp TEXT COLLATE "C";
ALTER TABLE staff ADD COLUMN totp_confirmed_at BIGINT;
-- The time step of the last code that was taken: a code is good once.
ALTER TABLE staff ADD COLUMN totp_last_step BIGINT;
-- Name and address in small letters: searched in, and the order of lists.
ALTER TABLE staff ADD COLUMN search TEXT COLLATE "C" NOT NULL DEFAULT '';
UPDATE staff SET search = lower((name || chr(10) || email) COLLATE "default");
-- Sessions are forgotten soon after they end; this stays.
ALTER TABLE staff ADD COLUMN last_seen_at BIGINT;
CREATE INDEX staff_role ON staff (role_id) WHERE role_id IS NOT NULL;
CREATE INDEX staff_company ON staff (company_id, search, id);

ALTER TABLE companies ADD COLUMN two_factor_required BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE sessions ADD COLUMN user_agent TEXT COLLATE "C" NOT NULL DEFAULT '';

CREATE TABLE recovery_codes (
    staff_id TEXT COLLATE "C" NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
    code_hash TEXT COLLATE "C" NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (staff_id, code_hash)
);

-- Whoever accepts one becomes staff. Only a hash of the token in the mail is kept.
CREATE TABLE staff_invitations (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    company_id TEXT COLLATE "C" NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    email TEXT COLLATE "C" NOT NULL,
    email_lower TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL CHECK (length(name) BETWEEN 1 AND 128),
    role_id TEXT COLLATE "C" NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    language TEXT COLLATE "C" NOT NULL CHECK (language IN ('en', 'ru')),
    token_hash TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('pending', 'accepted', 'cancelled', 'expired')),
    invited_by TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    staff_id TEXT COLLATE "C",
    CHECK ((state = 'pending') = (ended_at IS NULL))
);
CREATE UNIQUE INDEX staff_invitations_token ON staff_invitations (token_hash);
CREATE UNIQUE INDEX staff_invitations_pending ON staff_invitations (company_id, email_lower) WHERE state = 'pending';
CREATE INDEX staff_invitations_company ON staff_invitations (company_id, id);
CREATE INDEX staff_invitations_role ON staff_invitations (role_id);

CREATE TABLE password_resets (
    token_hash TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    staff_id TEXT COLLATE "C" NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX password_resets_staff ON password_resets (staff_id);

-- The token of a link in a mail, on its way: bodies have a gap where it goes. Erased when the mail is sent.
ALTER TABLE mails ADD COLUMN sealed_token TEXT COLLATE "C";

-- Mails that people cause at will are paced: when each was, for whom (a hash) and for what.
CREATE TABLE mail_paces (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    purpose TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX mail_paces_subject ON mail_paces (purpose, subject, at);
CREATE INDEX mail_paces_at ON mail_paces (at);

-- Who manages which site, until when (R-S4): whether it still holds is asked whenever it is used.
CREATE TABLE site_managers (
    company_id TEXT COLLATE "C" NOT NULL,
    site_id TEXT COLLATE "C" NOT NULL,
    staff_id TEXT COLLATE "C" NOT NULL,
    expires_at BIGINT,
    assigned_by TEXT COLLATE "C",
    assigned_at BIGINT NOT NULL,
    PRIMARY KEY (site_id, staff_id),
    FOREIGN KEY (company_id, site_id) REFERENCES sites (company_id, id) ON DELETE CASCADE,
    FOREIGN KEY (company_id, staff_id) REFERENCES staff (company_id, id) ON DELETE CASCADE
);
CREATE INDEX site_managers_staff ON site_managers (company_id, staff_id, site_id);

-- Alarm panels whose accounts are kept as they should be (R-A4). A panel that was deleted stays here, with what reaches it,
-- until the staff's accounts are off it; the password is sealed for the place that it had in "devices".
CREATE TABLE panels (
    device_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    company_id TEXT COLLATE "C" NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    leaving_since BIGINT,
    -- Given up by itself then: somebody else holds the panel now.
    give_up_at BIGINT,
    exit_id TEXT COLLATE "C",
    name TEXT COLLATE "C" NOT NULL,
    site_name TEXT COLLATE "C" NOT NULL,
    model TEXT COLLATE "C" NOT NULL,
    serial TEXT COLLATE "C",
    scheme TEXT COLLATE "C",
    host TEXT COLLATE "C",
    port INTEGER,
    user_name TEXT COLLATE "C",
    sealed_password TEXT COLLATE "C",
    pin TEXT COLLATE "C",
    link_id TEXT COLLATE "C",
    due_at BIGINT NOT NULL,
    locked_by TEXT COLLATE "C",
    locked_until BIGINT,
    -- Rises whenever something it depends on changes, so that a change in the middle of a comparison is not lost.
    wanted_version INTEGER NOT NULL DEFAULT 1,
    checked_at BIGINT,
    failures INTEGER NOT NULL DEFAULT 0,
    reason_code TEXT COLLATE "C",
    method TEXT COLLATE "C" CHECK (method IN ('cloud_user_manage', 'configuration_users')),
    CHECK ((leaving_since IS NULL) = (exit_id IS NULL)),
    CHECK (leaving_since IS NULL OR sealed_password IS NOT NULL)
);
CREATE INDEX panels_due ON panels (due_at);
CREATE INDEX panels_company ON panels (company_id, device_id);

-- Accounts on panels as the platform knows them: wanted ones, and those that nobody should have.
CREATE TABLE panel_accounts (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    company_id TEXT COLLATE "C" NOT NULL,
    device_id TEXT COLLATE "C" NOT NULL REFERENCES panels (device_id) ON DELETE CASCADE,
    -- Whose it is; none for an account that nobody should have. No foreign key: it outlives the person.
    person_kind TEXT COLLATE "C" CHECK (person_kind IN ('staff', 'end_user')),
    person_id TEXT COLLATE "C",
    person_name TEXT COLLATE "C" NOT NULL,
    user_name TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    because TEXT COLLATE "C",
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('adding', 'waiting_for_sign_in', 'there', 'refused', 'removing', 'unexpected')),
    reason_code TEXT COLLATE "C",
    account_index TEXT COLLATE "C",
    -- Which of the person's passwords it has; none while it has one made at random.
    password_version INTEGER,
    -- Which of them the panel refused: it is not given again.
    refused_version INTEGER,
    since BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK ((person_kind IS NULL) = (person_id IS NULL)),
    CHECK (state <> 'unexpected' OR person_kind IS NULL)
);
CREATE UNIQUE INDEX panel_accounts_name ON panel_accounts (device_id, user_name);
CREATE INDEX panel_accounts_person ON panel_accounts (person_id, device_id) WHERE person_id IS NOT NULL;
CREATE INDEX panel_accounts_company ON panel_accounts (company_id, device_id);

-- Login passwords on their way to panels, the newest of each person, sealed; erased when every panel has it.
CREATE TABLE panel_passwords (
    staff_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES staff (id) ON DELETE CASCADE,
    company_id TEXT COLLATE "C" NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    sealed TEXT COLLATE "C" NOT NULL,
    held_since BIGINT NOT NULL
);

-- Accounts that were taken off panels, as read back from the panel: what proves an exit. Outlives panels and people.
CREATE TABLE panel_removals (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    company_id TEXT COLLATE "C" NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    device_id TEXT COLLATE "C" NOT NULL,
    exit_id TEXT COLLATE "C",
    device_name TEXT COLLATE "C" NOT NULL,
    serial TEXT COLLATE "C",
    site_name TEXT COLLATE "C" NOT NULL,
    person_kind TEXT COLLATE "C",
    person_id TEXT COLLATE "C",
    person_name TEXT COLLATE "C" NOT NULL,
    user_name TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    removed_at BIGINT NOT NULL
);
CREATE INDEX panel_removals_company ON panel_removals (company_id, id);
CREATE INDEX panel_removals_person ON panel_removals (company_id, person_id, id) WHERE person_id IS NOT NULL;
CREATE INDEX panel_removals_exit ON panel_removals (exit_id) WHERE exit_id IS NOT NULL;

-- A panel's leaving of the platform, from its deletion to the proof that no account of ours is on it.
CREATE TABLE panel_exits (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    company_id TEXT COLLATE "C" NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    device_id TEXT COLLATE "C" NOT NULL,
    device_name TEXT COLLATE "C" NOT NULL,
    model TEXT COLLATE "C" NOT NULL,
    serial TEXT COLLATE "C",
    site_name TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('running', 'clean', 'given_up', 'superseded')),
    begun_at BIGINT NOT NULL,
    ended_at BIGINT,
    ended_by TEXT COLLATE "C",
    reason_code TEXT COLLATE "C",
    -- Accounts that were read on the panel at the end, as a JSON list.
    remaining TEXT COLLATE "C",
    CHECK ((state = 'running') = (ended_at IS NULL))
);
CREATE INDEX panel_exits_company ON panel_exits (company_id, id);

ALTER TABLE measured ADD COLUMN panel BIGINT;

-- A deleted site whose links still reach alarm panels that lose their accounts: hidden since then.
ALTER TABLE sites ADD COLUMN closing_at BIGINT;

-- Panels that were there before.
INSERT INTO panels (device_id, company_id, name, site_name, model, serial, due_at)
SELECT d.id, d.company_id, d.name, s.name, d.model, d.serial, 0 FROM devices d JOIN sites s ON s.id = d.site_id
WHERE d.kind = 'alarm_panel';

-- Those who have many of the sites, and not all, count what runs where from this index alone as well.
DROP INDEX devices_firmware;
CREATE INDEX devices_firmware ON devices (company_id, kind, model, firmware, name_lower, id, site_id);
