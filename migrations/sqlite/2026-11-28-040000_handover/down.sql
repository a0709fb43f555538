DROP TABLE mail_attachments;
CREATE TABLE old_mails (
    id TEXT NOT NULL PRIMARY KEY,
    company_id TEXT NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    message_id TEXT NOT NULL,
    receiver TEXT NOT NULL,
    language TEXT NOT NULL CHECK (language IN ('en', 'ru')),
    template TEXT NOT NULL,
    subject TEXT NOT NULL,
    body_text TEXT NOT NULL,
    body_html TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'failed')),
    attempts INTEGER NOT NULL,
    error_code TEXT,
    error_message TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    sent_at INTEGER,
    sealed_token TEXT,
    CHECK ((state = 'sent') = (sent_at IS NOT NULL))
) STRICT;
INSERT INTO old_mails SELECT id, company_id, message_id, receiver, language, template, subject, body_text, body_html, state, attempts,
    error_code, error_message, created_at, updated_at, sent_at, sealed_token FROM mails WHERE company_id IS NOT NULL;
DROP TABLE mails;
ALTER TABLE old_mails RENAME TO mails;
CREATE UNIQUE INDEX mails_message_id ON mails (message_id);
CREATE INDEX mails_company ON mails (company_id, id);
CREATE INDEX mails_unsent ON mails (id) WHERE state IN ('waiting', 'sending');
CREATE INDEX mails_sent ON mails (sent_at) WHERE state = 'sent';
DROP TABLE access_log;
DROP TABLE share_channels;
DROP TABLE shares;
DROP TABLE company_invitations;
DROP TABLE grant_requests;
DROP TABLE grants;
DROP TABLE handovers;
DROP INDEX sites_owner;
UPDATE sites SET status = 'not_invited', owner_id = NULL WHERE status <> 'not_invited';
ALTER TABLE sites DROP COLUMN suspended_at;
ALTER TABLE sites DROP COLUMN rental;
ALTER TABLE sites DROP COLUMN unserved_since;
ALTER TABLE sites DROP COLUMN installed_by;
ALTER TABLE sites DROP COLUMN owned_since;
ALTER TABLE sites DROP COLUMN owner_id;
DROP TABLE end_user_operations;
DROP TABLE end_user_password_resets;
DROP TABLE end_user_recovery_codes;
DROP TABLE end_user_sessions;
DROP TABLE end_user_registrations;
DROP TABLE end_users;
