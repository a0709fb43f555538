-- Mails: written in the transaction that makes them necessary, sent by a job each, kept to be looked at.
CREATE TABLE mails (
    id TEXT NOT NULL PRIMARY KEY,
    company_id TEXT NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    -- The Message-ID header without its brackets: the same however often the mail is handed over.
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
    CHECK ((state = 'sent') = (sent_at IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX mails_message_id ON mails (message_id);
CREATE INDEX mails_company ON mails (company_id, id);
CREATE INDEX mails_unsent ON mails (id) WHERE state IN ('waiting', 'sending');
CREATE INDEX mails_sent ON mails (sent_at) WHERE state = 'sent';

-- How far each reader of the event log has come.
CREATE TABLE event_readers (
    name TEXT NOT NULL PRIMARY KEY,
    seq INTEGER NOT NULL
) STRICT;
-- What happened before there were mails is not told by mail.
INSERT INTO event_readers (name, seq) SELECT 'mail', coalesce(max(seq), 0) FROM events;
