-- Mails: written in the transaction that makes them necessary, sent by a job each, kept to be looked at.
CREATE TABLE mails (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    company_id TEXT COLLATE "C" NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    -- The Message-ID header without its brackets: the same however often the mail is handed over.
    message_id TEXT COLLATE "C" NOT NULL,
    receiver TEXT COLLATE "C" NOT NULL,
    language TEXT COLLATE "C" NOT NULL CHECK (language IN ('en', 'ru')),
    template TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    body_text TEXT COLLATE "C" NOT NULL,
    body_html TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'failed')),
    attempts INTEGER NOT NULL,
    error_code TEXT COLLATE "C",
    error_message TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    sent_at BIGINT,
    CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);
CREATE UNIQUE INDEX mails_message_id ON mails (message_id);
CREATE INDEX mails_company ON mails (company_id, id);
CREATE INDEX mails_unsent ON mails (id) WHERE state IN ('waiting', 'sending');
CREATE INDEX mails_sent ON mails (sent_at) WHERE state = 'sent';

-- How far each reader of the event log has come.
CREATE TABLE event_readers (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL
);
-- What happened before there were mails is not told by mail.
INSERT INTO event_readers (name, seq) SELECT 'mail', coalesce(max(seq), 0) FROM events;
